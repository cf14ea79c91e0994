// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Pooling: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @pooling
func.func @pooling(
    %bf16_1x6x4x7: tensor<1x6x4x7xbf16>,
    %f16_3x4x6x6: tensor<3x4x6x6xf16>,
    %f16_3x5x5x5: tensor<3x5x5x5xf16>,
    %f32_1x1x2x4: tensor<1x1x2x4xf32>,
    %f32_1x2x4: tensor<1x2x4xf32>,
    %f32_1x2x5: tensor<1x2x5xf32>,
    %f32_1x4x7: tensor<1x4x7xf32>,
    %f32_2x5x5x3: tensor<2x5x5x3xf32>,
    %f64_1x5: tensor<1x5xf64>) {
  // CHECK-NEXT: %{{.*}} = aten._adaptive_avg_pool2d %{{.*}} {output_size = [2, 4]} : (tensor<1x4x7xf32>) -> tensor<1x2x4xf32>
  %0 = aten._adaptive_avg_pool2d %f32_1x4x7 {output_size = [2, 4]} : (tensor<1x4x7xf32>) -> tensor<1x2x4xf32>
  // CHECK-NEXT: %{{.*}} = aten._adaptive_avg_pool3d %{{.*}} {output_size = [1, 3, 2]} : (tensor<2x5x5x3xf32>) -> tensor<2x1x3x2xf32>
  %1 = aten._adaptive_avg_pool3d %f32_2x5x5x3 {output_size = [1, 3, 2]} : (tensor<2x5x5x3xf32>) -> tensor<2x1x3x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.adaptive_avg_pool1d %{{.*}} {output_size = [2]} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  %2 = aten.adaptive_avg_pool1d %f32_1x2x4 {output_size = [2]} : (tensor<1x2x4xf32>) -> tensor<1x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.adaptive_avg_pool2d %{{.*}} {output_size = [2, 4]} : (tensor<1x4x7xf32>) -> tensor<1x2x4xf32>
  %3 = aten.adaptive_avg_pool2d %f32_1x4x7 {output_size = [2, 4]} : (tensor<1x4x7xf32>) -> tensor<1x2x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.adaptive_avg_pool3d %{{.*}} {output_size = [1, 3, 2]} : (tensor<2x5x5x3xf32>) -> tensor<2x1x3x2xf32>
  %4 = aten.adaptive_avg_pool3d %f32_2x5x5x3 {output_size = [1, 3, 2]} : (tensor<2x5x5x3xf32>) -> tensor<2x1x3x2xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.adaptive_max_pool1d %{{.*}} {output_size = [2]} : (tensor<1x2x4xf32>) -> (tensor<1x2x2xf32>, tensor<1x2x2xi64>)
  %5, %6 = aten.adaptive_max_pool1d %f32_1x2x4 {output_size = [2]} : (tensor<1x2x4xf32>) -> (tensor<1x2x2xf32>, tensor<1x2x2xi64>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.adaptive_max_pool2d %{{.*}} {output_size = [2, 4]} : (tensor<1x4x7xf32>) -> (tensor<1x2x4xf32>, tensor<1x2x4xi64>)
  %7, %8 = aten.adaptive_max_pool2d %f32_1x4x7 {output_size = [2, 4]} : (tensor<1x4x7xf32>) -> (tensor<1x2x4xf32>, tensor<1x2x4xi64>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.adaptive_max_pool3d %{{.*}} {output_size = [1, 3, 2]} : (tensor<2x5x5x3xf32>) -> (tensor<2x1x3x2xf32>, tensor<2x1x3x2xi64>)
  %9, %10 = aten.adaptive_max_pool3d %f32_2x5x5x3 {output_size = [1, 3, 2]} : (tensor<2x5x5x3xf32>) -> (tensor<2x1x3x2xf32>, tensor<2x1x3x2xi64>)
  // CHECK-NEXT: %{{.*}} = aten.avg_pool1d %{{.*}} {kernel_size = [2], ceil_mode = true, count_include_pad = false} : (tensor<1x2x5xf32>) -> tensor<1x2x3xf32>
  %11 = aten.avg_pool1d %f32_1x2x5 {kernel_size = [2], ceil_mode = true, count_include_pad = false} : (tensor<1x2x5xf32>) -> tensor<1x2x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.avg_pool2d %{{.*}} {kernel_size = [1, 3], padding = [0], divisor_override = 1} : (tensor<1x1x2x4xf32>) -> tensor<1x1x2x1xf32>
  %12 = aten.avg_pool2d %f32_1x1x2x4 {kernel_size = [1, 3], padding = [0], divisor_override = 1} : (tensor<1x1x2x4xf32>) -> tensor<1x1x2x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.avg_pool3d %{{.*}} {kernel_size = [4], stride = [1, 1, 3], padding = [1], count_include_pad = false, divisor_override = 1} : (tensor<1x6x4x7xbf16>) -> tensor<1x5x3x2xbf16>
  %13 = aten.avg_pool3d %bf16_1x6x4x7 {kernel_size = [4], stride = [1, 1, 3], padding = [1], count_include_pad = false, divisor_override = 1} : (tensor<1x6x4x7xbf16>) -> tensor<1x5x3x2xbf16>
  // CHECK-NEXT: %{{.*}} = aten.max_pool1d %{{.*}} {kernel_size = [2], stride = [1], dilation = [2]} : (tensor<1x5xf64>) -> tensor<1x3xf64>
  %14 = aten.max_pool1d %f64_1x5 {kernel_size = [2], stride = [1], dilation = [2]} : (tensor<1x5xf64>) -> tensor<1x3xf64>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.max_pool1d_with_indices %{{.*}} {kernel_size = [2], stride = [1], dilation = [2]} : (tensor<1x5xf64>) -> (tensor<1x3xf64>, tensor<1x3xi64>)
  %15, %16 = aten.max_pool1d_with_indices %f64_1x5 {kernel_size = [2], stride = [1], dilation = [2]} : (tensor<1x5xf64>) -> (tensor<1x3xf64>, tensor<1x3xi64>)
  // CHECK-NEXT: %{{.*}} = aten.max_pool2d %{{.*}} {kernel_size = [2], stride = [1, 2], dilation = [1, 2], ceil_mode = true} : (tensor<3x4x6x6xf16>) -> tensor<3x4x5x3xf16>
  %17 = aten.max_pool2d %f16_3x4x6x6 {kernel_size = [2], stride = [1, 2], dilation = [1, 2], ceil_mode = true} : (tensor<3x4x6x6xf16>) -> tensor<3x4x5x3xf16>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.max_pool2d_with_indices %{{.*}} {kernel_size = [2], stride = [1, 2], dilation = [1, 2], ceil_mode = true} : (tensor<3x4x6x6xf16>) -> (tensor<3x4x5x3xf16>, tensor<3x4x5x3xi64>)
  %18, %19 = aten.max_pool2d_with_indices %f16_3x4x6x6 {kernel_size = [2], stride = [1, 2], dilation = [1, 2], ceil_mode = true} : (tensor<3x4x6x6xf16>) -> (tensor<3x4x5x3xf16>, tensor<3x4x5x3xi64>)
  // CHECK-NEXT: %{{.*}} = aten.max_pool3d %{{.*}} {kernel_size = [4], stride = [1], padding = [1, 0, 0], dilation = [1]} : (tensor<3x5x5x5xf16>) -> tensor<3x4x2x2xf16>
  %20 = aten.max_pool3d %f16_3x5x5x5 {kernel_size = [4], stride = [1], padding = [1, 0, 0], dilation = [1]} : (tensor<3x5x5x5xf16>) -> tensor<3x4x2x2xf16>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.max_pool3d_with_indices %{{.*}} {kernel_size = [4], stride = [1], padding = [1, 0, 0], dilation = [1]} : (tensor<3x5x5x5xf16>) -> (tensor<3x4x2x2xf16>, tensor<3x4x2x2xi64>)
  %21, %22 = aten.max_pool3d_with_indices %f16_3x5x5x5 {kernel_size = [4], stride = [1], padding = [1, 0, 0], dilation = [1]} : (tensor<3x5x5x5xf16>) -> (tensor<3x4x2x2xf16>, tensor<3x4x2x2xi64>)
  // CHECK-NEXT: func.return
  func.return
}
