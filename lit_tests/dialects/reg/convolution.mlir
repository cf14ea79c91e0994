// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Convolutions: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @convolution
func.func @convolution(
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %f32_3x4x1x1: !reg.reg<3x4x1x1xf32, cpu>,
    %f32_4x3x1x1: !reg.reg<4x3x1x1xf32, cpu>,
    %f32_2x2x6x8: !reg.reg<2x2x6x8xf32, cpu>,
    %f32_2x1x6x8: !reg.reg<2x1x6x8xf32, cpu>,
    %f32_2x3x2x1x1: !reg.reg<2x3x2x1x1xf32, cpu>,
    %f32_2x2x3x1x1: !reg.reg<2x2x3x1x1xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Convolution %{{.*}}, %{{.*}} {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3x4x1x1xf32, cpu>) -> !reg.reg<2x3x6x8xf32, cpu>
  %0 = reg.Convolution %f32_2x4x6x8, %f32_3x4x1x1 {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3x4x1x1xf32, cpu>) -> !reg.reg<2x3x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[6, 8]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %1 = reg.Constant {value = dense<[6, 8]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ConvolutionBackpropData %{{.*}}, %{{.*}}, output_shape = %{{.*}} {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4x3x1x1xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x3x6x8xf32, cpu>
  %2 = reg.ConvolutionBackpropData %f32_2x4x6x8, %f32_4x3x1x1, output_shape = %1 {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4x3x1x1xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x3x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.DeformableConvolution %{{.*}}, %{{.*}}, %{{.*}}, mask = %{{.*}} {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x2x6x8xf32, cpu>, !reg.reg<3x4x1x1xf32, cpu>, !reg.reg<2x1x6x8xf32, cpu>) -> !reg.reg<2x3x6x8xf32, cpu>
  %3 = reg.DeformableConvolution %f32_2x4x6x8, %f32_2x2x6x8, %f32_3x4x1x1, mask = %f32_2x1x6x8 {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x2x6x8xf32, cpu>, !reg.reg<3x4x1x1xf32, cpu>, !reg.reg<2x1x6x8xf32, cpu>) -> !reg.reg<2x3x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GroupConvolution %{{.*}}, %{{.*}} {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x3x2x1x1xf32, cpu>) -> !reg.reg<2x6x6x8xf32, cpu>
  %4 = reg.GroupConvolution %f32_2x4x6x8, %f32_2x3x2x1x1 {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x3x2x1x1xf32, cpu>) -> !reg.reg<2x6x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[6, 8]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %5 = reg.Constant {value = dense<[6, 8]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GroupConvolutionBackpropData %{{.*}}, %{{.*}}, output_shape = %{{.*}} {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x2x3x1x1xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x6x6x8xf32, cpu>
  %6 = reg.GroupConvolutionBackpropData %f32_2x4x6x8, %f32_2x2x3x1x1, output_shape = %5 {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], dilations = [1, 1]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x2x3x1x1xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x6x6x8xf32, cpu>
  func.return
}
