// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Pools: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @pooling
func.func @pooling(
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %f32_3x4: !reg.reg<3x4xf32, cpu>,
    %i64: !reg.reg<3xi64, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %0 = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.AdaptiveAvgPool %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x4x2x2xf32, cpu>
  %1 = reg.AdaptiveAvgPool %f32_2x4x6x8, %0 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x4x2x2xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %2 = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.AdaptiveMaxPool %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> (!reg.reg<2x4x2x2xf32, cpu>, !reg.reg<2x4x2x2xi64, cpu>)
  %3, %4 = reg.AdaptiveMaxPool %f32_2x4x6x8, %2 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> (!reg.reg<2x4x2x2xf32, cpu>, !reg.reg<2x4x2x2xi64, cpu>)
  // CHECK-NEXT: %{{.*}} = reg.AvgPool %{{.*}} {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], kernel = [2, 2], exclude_pad = true} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x5x7xf32, cpu>
  %5 = reg.AvgPool %f32_2x4x6x8 {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], kernel = [2, 2], exclude_pad = true} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x5x7xf32, cpu>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.MaxPool %{{.*}} {strides = [1, 1], dilations = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], kernel = [2, 2]} : (!reg.reg<2x4x6x8xf32, cpu>) -> (!reg.reg<2x4x5x7xf32, cpu>, !reg.reg<2x4x5x7xi64, cpu>)
  %6, %7 = reg.MaxPool %f32_2x4x6x8 {strides = [1, 1], dilations = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], kernel = [2, 2]} : (!reg.reg<2x4x6x8xf32, cpu>) -> (!reg.reg<2x4x5x7xf32, cpu>, !reg.reg<2x4x5x7xi64, cpu>)
  // CHECK-NEXT: %{{.*}} = reg.ROIAlign %{{.*}}, %{{.*}}, %{{.*}} {pooled_h = 2, pooled_w = 3, sampling_ratio = 2, spatial_scale = 1.0, mode = "avg"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3x4xf32, cpu>, !reg.reg<3xi64, cpu>) -> !reg.reg<3x4x2x3xf32, cpu>
  %8 = reg.ROIAlign %f32_2x4x6x8, %f32_3x4, %i64 {pooled_h = 2, pooled_w = 3, sampling_ratio = 2, spatial_scale = 1.0, mode = "avg"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3x4xf32, cpu>, !reg.reg<3xi64, cpu>) -> !reg.reg<3x4x2x3xf32, cpu>
  func.return
}
