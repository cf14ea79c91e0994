// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Convolution: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @convolution
func.func @convolution(
    %bf16_1x1x1x3x2: tensor<1x1x1x3x2xbf16>,
    %bf16_1x2x3x3x3: tensor<1x2x3x3x3xbf16>,
    %bf16_2: tensor<2xbf16>,
    %f32_1: tensor<1xf32>,
    %f32_1x1x3x1x1: tensor<1x1x3x1x1xf32>,
    %f32_1x2x1: tensor<1x2x1xf32>,
    %f32_1x2x1x3: tensor<1x2x1x3xf32>,
    %f32_1x2x2: tensor<1x2x2xf32>,
    %f32_1x2x2x1x2: tensor<1x2x2x1x2xf32>,
    %f32_1x6x8x8: tensor<1x6x8x8xf32>,
    %f32_2x1x1: tensor<2x1x1xf32>,
    %f32_2x1x3x2: tensor<2x1x3x2xf32>,
    %f32_2x2x7x4: tensor<2x2x7x4xf32>,
    %f32_2x4x5x3: tensor<2x4x5x3xf32>,
    %f32_2x7x7: tensor<2x7x7xf32>,
    %f32_3x2x7: tensor<3x2x7xf32>,
    %f32_4: tensor<4xf32>,
    %f32_4x1x5x6x5: tensor<4x1x5x6x5xf32>,
    %f32_4x2x4: tensor<4x2x4xf32>,
    %f32_4x3x3x3: tensor<4x3x3x3xf32>,
    %i64_1: tensor<1xi64>,
    %i64_1x2x3: tensor<1x2x3xi64>,
    %i64_2x6: tensor<2x6xi64>) {
  // CHECK-NEXT: %{{.*}} = aten.conv1d %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [3], padding = [2]} : (tensor<3x2x7xf32>, tensor<1x2x1xf32>, tensor<1xf32>) -> tensor<3x1x4xf32>
  %0 = aten.conv1d %f32_3x2x7, %f32_1x2x1, bias = %f32_1 {stride = [3], padding = [2]} : (tensor<3x2x7xf32>, tensor<1x2x1xf32>, tensor<1xf32>) -> tensor<3x1x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.conv1d.padding %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [2], dilation = [2]} : (tensor<2x6xi64>, tensor<1x2x3xi64>, tensor<1xi64>) -> tensor<1x1xi64>
  %1 = aten.conv1d.padding %i64_2x6, %i64_1x2x3, bias = %i64_1 {stride = [2], dilation = [2]} : (tensor<2x6xi64>, tensor<1x2x3xi64>, tensor<1xi64>) -> tensor<1x1xi64>
  // CHECK-NEXT: %{{.*}} = aten.conv2d %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [2, 2], padding = [1, 1], groups = 2} : (tensor<1x6x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf32>
  %2 = aten.conv2d %f32_1x6x8x8, %f32_4x3x3x3, bias = %f32_4 {stride = [2, 2], padding = [1, 1], groups = 2} : (tensor<1x6x8x8xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.conv2d.padding %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [3, 1]} : (tensor<2x7x7xf32>, tensor<1x2x1x3xf32>, tensor<1xf32>) -> tensor<1x3x5xf32>
  %3 = aten.conv2d.padding %f32_2x7x7, %f32_1x2x1x3, bias = %f32_1 {stride = [3, 1]} : (tensor<2x7x7xf32>, tensor<1x2x1x3xf32>, tensor<1xf32>) -> tensor<1x3x5xf32>
  // CHECK-NEXT: %{{.*}} = aten.conv3d %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [2, 2, 1]} : (tensor<4x1x5x6x5xf32>, tensor<1x1x3x1x1xf32>, tensor<1xf32>) -> tensor<4x1x2x3x5xf32>
  %4 = aten.conv3d %f32_4x1x5x6x5, %f32_1x1x3x1x1, bias = %f32_1 {stride = [2, 2, 1]} : (tensor<4x1x5x6x5xf32>, tensor<1x1x3x1x1xf32>, tensor<1xf32>) -> tensor<4x1x2x3x5xf32>
  // CHECK-NEXT: %{{.*}} = aten.conv3d.padding %{{.*}}, %{{.*}} {stride = [1], padding = "same", dilation = [1, 1, 2]} : (tensor<2x4x5x3xf32>, tensor<1x2x2x1x2xf32>) -> tensor<1x4x5x3xf32>
  %5 = aten.conv3d.padding %f32_2x4x5x3, %f32_1x2x2x1x2 {stride = [1], padding = "same", dilation = [1, 1, 2]} : (tensor<2x4x5x3xf32>, tensor<1x2x2x1x2xf32>) -> tensor<1x4x5x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.conv_transpose1d %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [3], padding = [2], output_padding = [1]} : (tensor<3x2x7xf32>, tensor<2x1x1xf32>, tensor<1xf32>) -> tensor<3x1x16xf32>
  %6 = aten.conv_transpose1d %f32_3x2x7, %f32_2x1x1, bias = %f32_1 {stride = [3], padding = [2], output_padding = [1]} : (tensor<3x2x7xf32>, tensor<2x1x1xf32>, tensor<1xf32>) -> tensor<3x1x16xf32>
  // CHECK-NEXT: %{{.*}} = aten.conv_transpose2d.input %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [2], padding = [2, 0], output_padding = [0]} : (tensor<2x2x7x4xf32>, tensor<2x1x3x2xf32>, tensor<1xf32>) -> tensor<2x1x11x8xf32>
  %7 = aten.conv_transpose2d.input %f32_2x2x7x4, %f32_2x1x3x2, bias = %f32_1 {stride = [2], padding = [2, 0], output_padding = [0]} : (tensor<2x2x7x4xf32>, tensor<2x1x3x2xf32>, tensor<1xf32>) -> tensor<2x1x11x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.conv_transpose3d.input %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [2], output_padding = [0, 0, 1], dilation = [2]} : (tensor<1x1x1x3x2xbf16>, tensor<1x2x3x3x3xbf16>, tensor<2xbf16>) -> tensor<1x2x5x9x8xbf16>
  %8 = aten.conv_transpose3d.input %bf16_1x1x1x3x2, %bf16_1x2x3x3x3, bias = %bf16_2 {stride = [2], output_padding = [0, 0, 1], dilation = [2]} : (tensor<1x1x1x3x2xbf16>, tensor<1x2x3x3x3xbf16>, tensor<2xbf16>) -> tensor<1x2x5x9x8xbf16>
  // CHECK-NEXT: %{{.*}} = aten.convolution %{{.*}}, %{{.*}}, bias = %{{.*}} {stride = [1], padding = [2], dilation = [1], transposed = false, output_padding = [0], groups = 1} : (tensor<4x2x4xf32>, tensor<1x2x2xf32>, tensor<1xf32>) -> tensor<4x1x7xf32>
  %9 = aten.convolution %f32_4x2x4, %f32_1x2x2, bias = %f32_1 {stride = [1], padding = [2], dilation = [1], transposed = false, output_padding = [0], groups = 1} : (tensor<4x2x4xf32>, tensor<1x2x2xf32>, tensor<1xf32>) -> tensor<4x1x7xf32>
  // CHECK-NEXT: func.return
  func.return
}
