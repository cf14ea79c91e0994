// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Images at other points: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @resampling
func.func @resampling(
    %f32_1x12x225: !reg.reg<1x12x225xf32, cpu>,
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %f32_2x3x3x2: !reg.reg<2x3x3x2xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<16> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %0 = reg.Constant {value = dense<16> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %1 = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Col2Im %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<1x12x225xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<1x3x16x16xf32, cpu>
  %2 = reg.Col2Im %f32_1x12x225, %0, %1 : (!reg.reg<1x12x225xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<1x3x16x16xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ExtractImagePatches %{{.*}} {sizes = [2, 2], strides = [1, 1], rates = [1, 1], auto_pad = "valid"} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x16x5x7xf32, cpu>
  %3 = reg.ExtractImagePatches %f32_2x4x6x8 {sizes = [2, 2], strides = [1, 1], rates = [1, 1], auto_pad = "valid"} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x16x5x7xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GridSample %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x3x3x2xf32, cpu>) -> !reg.reg<2x4x3x3xf32, cpu>
  %4 = reg.GridSample %f32_2x4x6x8, %f32_2x3x3x2 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x3x3x2xf32, cpu>) -> !reg.reg<2x4x3x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<3> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %5 = reg.Constant {value = dense<3> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[2, 3]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %6 = reg.Constant {value = dense<[2, 3]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Interpolate %{{.*}}, %{{.*}}, axes = %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x4x3x3xf32, cpu>
  %7 = reg.Interpolate %f32_2x4x6x8, %5, axes = %6 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x4x3x3xf32, cpu>
  func.return
}
