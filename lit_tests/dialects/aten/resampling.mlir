// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Resampling and transforms: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @resampling
func.func @resampling(
    %bf16_4x1x2x3x3: tensor<4x1x2x3x3xbf16>,
    %bf16_4x2x2x2x1: tensor<4x2x2x2x1xbf16>,
    %c64_1x2: tensor<1x2xcomplex<f32>>,
    %c64_1x3x2: tensor<1x3x2xcomplex<f32>>,
    %f32_1x1x5x5: tensor<1x1x5x5xf32>,
    %f32_1x4x6: tensor<1x4x6xf32>,
    %f32_2x1x5: tensor<2x1x5xf32>,
    %f32_2x1x6x1x4: tensor<2x1x6x1x4xf32>,
    %f32_2x3x1x3: tensor<2x3x1x3xf32>,
    %f32_2x3x1x6: tensor<2x3x1x6xf32>,
    %f32_2x4x1x3x4: tensor<2x4x1x3x4xf32>,
    %f32_2x4x6: tensor<2x4x6xf32>,
    %f32_3x2x3: tensor<3x2x3xf32>,
    %f32_4x1x5x5: tensor<4x1x5x5xf32>,
    %f32_4x1x6x5x3: tensor<4x1x6x5x3xf32>,
    %f32_4x3x1x1: tensor<4x3x1x1xf32>,
    %f32_4x3x5: tensor<4x3x5xf32>,
    %f32_4x4x1x1: tensor<4x4x1x1xf32>,
    %f32_4x4x5x6x7: tensor<4x4x5x6x7xf32>,
    %f32_4x6x6x2: tensor<4x6x6x2xf32>,
    %f32_4x8: tensor<4x8xf32>,
    %f32_8x10: tensor<8x10xf32>) {
  // CHECK-NEXT: %{{.*}} = aten._fft_c2c %{{.*}} {dim = [2, -2, 0], normalization = 1, forward = true} : (tensor<1x3x2xcomplex<f32>>) -> tensor<1x3x2xcomplex<f32>>
  %0 = aten._fft_c2c %c64_1x3x2 {dim = [2, -2, 0], normalization = 1, forward = true} : (tensor<1x3x2xcomplex<f32>>) -> tensor<1x3x2xcomplex<f32>>
  // CHECK-NEXT: %{{.*}} = aten._fft_c2r %{{.*}} {dim = [1], normalization = 1, last_dim_size = 6} : (tensor<1x2xcomplex<f32>>) -> tensor<1x6xf32>
  %1 = aten._fft_c2r %c64_1x2 {dim = [1], normalization = 1, last_dim_size = 6} : (tensor<1x2xcomplex<f32>>) -> tensor<1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten._fft_r2c %{{.*}} {dim = [0, 1], normalization = 0, onesided = true} : (tensor<4x8xf32>) -> tensor<4x5xcomplex<f32>>
  %2 = aten._fft_r2c %f32_4x8 {dim = [0, 1], normalization = 0, onesided = true} : (tensor<4x8xf32>) -> tensor<4x5xcomplex<f32>>
  // CHECK-NEXT: %{{.*}} = aten._upsample_bicubic2d_aa.vec %{{.*}} {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  %3 = aten._upsample_bicubic2d_aa.vec %f32_4x3x1x1 {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten._upsample_bilinear2d_aa.vec %{{.*}} {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  %4 = aten._upsample_bilinear2d_aa.vec %f32_4x3x1x1 {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.affine_grid_generator %{{.*}} {size = [3, 3, 4, 5], align_corners = false} : (tensor<3x2x3xf32>) -> tensor<3x4x5x2xf32>
  %5 = aten.affine_grid_generator %f32_3x2x3 {size = [3, 3, 4, 5], align_corners = false} : (tensor<3x2x3xf32>) -> tensor<3x4x5x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.col2im %{{.*}} {output_size = [6, 1], kernel_size = [2, 2], dilation = [1, 1], padding = [0, 1], stride = [1, 1]} : (tensor<8x10xf32>) -> tensor<2x6x1xf32>
  %6 = aten.col2im %f32_8x10 {output_size = [6, 1], kernel_size = [2, 2], dilation = [1, 1], padding = [0, 1], stride = [1, 1]} : (tensor<8x10xf32>) -> tensor<2x6x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.grid_sampler %{{.*}}, %{{.*}} {interpolation_mode = 1, padding_mode = 2, align_corners = true} : (tensor<4x4x1x1xf32>, tensor<4x6x6x2xf32>) -> tensor<4x4x6x6xf32>
  %7 = aten.grid_sampler %f32_4x4x1x1, %f32_4x6x6x2 {interpolation_mode = 1, padding_mode = 2, align_corners = true} : (tensor<4x4x1x1xf32>, tensor<4x6x6x2xf32>) -> tensor<4x4x6x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.grid_sampler_2d %{{.*}}, %{{.*}} {interpolation_mode = 1, padding_mode = 2, align_corners = true} : (tensor<4x4x1x1xf32>, tensor<4x6x6x2xf32>) -> tensor<4x4x6x6xf32>
  %8 = aten.grid_sampler_2d %f32_4x4x1x1, %f32_4x6x6x2 {interpolation_mode = 1, padding_mode = 2, align_corners = true} : (tensor<4x4x1x1xf32>, tensor<4x6x6x2xf32>) -> tensor<4x4x6x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.grid_sampler_3d %{{.*}}, %{{.*}} {interpolation_mode = 0, padding_mode = 2, align_corners = false} : (tensor<4x2x2x2x1xbf16>, tensor<4x1x2x3x3xbf16>) -> tensor<4x2x1x2x3xbf16>
  %9 = aten.grid_sampler_3d %bf16_4x2x2x2x1, %bf16_4x1x2x3x3 {interpolation_mode = 0, padding_mode = 2, align_corners = false} : (tensor<4x2x2x2x1xbf16>, tensor<4x1x2x3x3xbf16>) -> tensor<4x2x1x2x3xbf16>
  // CHECK-NEXT: %{{.*}} = aten.im2col %{{.*}} {kernel_size = [1, 4], dilation = [1, 1], padding = [1, 0], stride = [1, 2]} : (tensor<1x1x5x5xf32>) -> tensor<1x4x7xf32>
  %10 = aten.im2col %f32_1x1x5x5 {kernel_size = [1, 4], dilation = [1, 1], padding = [1, 0], stride = [1, 2]} : (tensor<1x1x5x5xf32>) -> tensor<1x4x7xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_bicubic2d %{{.*}} {output_size = [1, 1], align_corners = false} : (tensor<4x1x5x5xf32>) -> tensor<4x1x1x1xf32>
  %11 = aten.upsample_bicubic2d %f32_4x1x5x5 {output_size = [1, 1], align_corners = false} : (tensor<4x1x5x5xf32>) -> tensor<4x1x1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_bicubic2d.vec %{{.*}} {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  %12 = aten.upsample_bicubic2d.vec %f32_4x3x1x1 {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_bilinear2d %{{.*}} {output_size = [1, 1], align_corners = false} : (tensor<4x1x5x5xf32>) -> tensor<4x1x1x1xf32>
  %13 = aten.upsample_bilinear2d %f32_4x1x5x5 {output_size = [1, 1], align_corners = false} : (tensor<4x1x5x5xf32>) -> tensor<4x1x1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_bilinear2d.vec %{{.*}} {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  %14 = aten.upsample_bilinear2d.vec %f32_4x3x1x1 {align_corners = false, scale_factors = [1.5, 2.0]} : (tensor<4x3x1x1xf32>) -> tensor<4x3x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_linear1d %{{.*}} {output_size = [3], align_corners = true} : (tensor<1x4x6xf32>) -> tensor<1x4x3xf32>
  %15 = aten.upsample_linear1d %f32_1x4x6 {output_size = [3], align_corners = true} : (tensor<1x4x6xf32>) -> tensor<1x4x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_linear1d.vec %{{.*}} {align_corners = true, scale_factors = [1.5]} : (tensor<2x4x6xf32>) -> tensor<2x4x9xf32>
  %16 = aten.upsample_linear1d.vec %f32_2x4x6 {align_corners = true, scale_factors = [1.5]} : (tensor<2x4x6xf32>) -> tensor<2x4x9xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_nearest1d %{{.*}} {output_size = [1]} : (tensor<2x1x5xf32>) -> tensor<2x1x1xf32>
  %17 = aten.upsample_nearest1d %f32_2x1x5 {output_size = [1]} : (tensor<2x1x5xf32>) -> tensor<2x1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_nearest1d.vec %{{.*}} {scale_factors = [2.0]} : (tensor<4x3x5xf32>) -> tensor<4x3x10xf32>
  %18 = aten.upsample_nearest1d.vec %f32_4x3x5 {scale_factors = [2.0]} : (tensor<4x3x5xf32>) -> tensor<4x3x10xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_nearest2d %{{.*}} {output_size = [6, 2]} : (tensor<2x3x1x3xf32>) -> tensor<2x3x6x2xf32>
  %19 = aten.upsample_nearest2d %f32_2x3x1x3 {output_size = [6, 2]} : (tensor<2x3x1x3xf32>) -> tensor<2x3x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_nearest2d.vec %{{.*}} {output_size = [4, 2]} : (tensor<2x3x1x6xf32>) -> tensor<2x3x4x2xf32>
  %20 = aten.upsample_nearest2d.vec %f32_2x3x1x6 {output_size = [4, 2]} : (tensor<2x3x1x6xf32>) -> tensor<2x3x4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_nearest3d %{{.*}} {output_size = [5, 3, 4]} : (tensor<2x4x1x3x4xf32>) -> tensor<2x4x5x3x4xf32>
  %21 = aten.upsample_nearest3d %f32_2x4x1x3x4 {output_size = [5, 3, 4]} : (tensor<2x4x1x3x4xf32>) -> tensor<2x4x5x3x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_nearest3d.vec %{{.*}} {scale_factors = [0.5, 1.5, 1.5]} : (tensor<4x4x5x6x7xf32>) -> tensor<4x4x2x9x10xf32>
  %22 = aten.upsample_nearest3d.vec %f32_4x4x5x6x7 {scale_factors = [0.5, 1.5, 1.5]} : (tensor<4x4x5x6x7xf32>) -> tensor<4x4x2x9x10xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_trilinear3d %{{.*}} {output_size = [3, 1, 4], align_corners = false} : (tensor<2x1x6x1x4xf32>) -> tensor<2x1x3x1x4xf32>
  %23 = aten.upsample_trilinear3d %f32_2x1x6x1x4 {output_size = [3, 1, 4], align_corners = false} : (tensor<2x1x6x1x4xf32>) -> tensor<2x1x3x1x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.upsample_trilinear3d.vec %{{.*}} {align_corners = true, scale_factors = [2.0, 1.0, 2.0]} : (tensor<4x1x6x5x3xf32>) -> tensor<4x1x12x5x6xf32>
  %24 = aten.upsample_trilinear3d.vec %f32_4x1x6x5x3 {align_corners = true, scale_factors = [2.0, 1.0, 2.0]} : (tensor<4x1x6x5x3xf32>) -> tensor<4x1x12x5x6xf32>
  // CHECK-NEXT: func.return
  func.return
}
