// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Softmax, normalization and dropout: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @normalization
func.func @normalization(
    %bf16_2x8: tensor<2x8xbf16>,
    %bf16_6x4: tensor<6x4xbf16>,
    %f32_16: tensor<16xf32>,
    %f32_1x1x1x6: tensor<1x1x1x6xf32>,
    %f32_1x2: tensor<1x2xf32>,
    %f32_1x3x2x3: tensor<1x3x2x3xf32>,
    %f32_1x6: tensor<1x6xf32>,
    %f32_1x6x6x2: tensor<1x6x6x2xf32>,
    %f32_2: tensor<2xf32>,
    %f32_2x2: tensor<2x2xf32>,
    %f32_2x8: tensor<2x8xf32>,
    %f32_2x8x16: tensor<2x8x16xf32>,
    %f32_3: tensor<3xf32>,
    %f32_3x2x6x4: tensor<3x2x6x4xf32>,
    %f32_4: tensor<4xf32>,
    %f32_4x2: tensor<4x2xf32>,
    %f32_4x4x2x6: tensor<4x4x2x6xf32>) {
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten._fused_rms_norm %{{.*}}, weight = %{{.*}} {normalized_shape = [1, 6], eps = 1.0e-05} : (tensor<1x1x1x6xf32>, tensor<1x6xf32>) -> (tensor<1x1x1x6xf32>, tensor<1x1x1x1xf32>)
  %0, %1 = aten._fused_rms_norm %f32_1x1x1x6, weight = %f32_1x6 {normalized_shape = [1, 6], eps = 1.0e-05} : (tensor<1x1x1x6xf32>, tensor<1x6xf32>) -> (tensor<1x1x1x6xf32>, tensor<1x1x1x1xf32>)
  // CHECK-NEXT: %{{.*}} = aten._log_softmax %{{.*}} {dim = 3, half_to_float = false} : (tensor<4x4x2x6xf32>) -> tensor<4x4x2x6xf32>
  %2 = aten._log_softmax %f32_4x4x2x6 {dim = 3, half_to_float = false} : (tensor<4x4x2x6xf32>) -> tensor<4x4x2x6xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten._native_batch_norm_legit.no_stats %{{.*}}, weight = %{{.*}}, bias = %{{.*}} {training = true, momentum = 0.1, eps = 1.0e-05} : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>)
  %3, %4, %5 = aten._native_batch_norm_legit.no_stats %f32_4x2, weight = %f32_2, bias = %f32_2 {training = true, momentum = 0.1, eps = 1.0e-05} : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten._native_batch_norm_legit_no_training %{{.*}}, weight = %{{.*}}, bias = %{{.*}}, running_mean = %{{.*}}, running_var = %{{.*}} {momentum = 0.1, eps = 1.0e-05} : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, tensor<0xf32>, tensor<0xf32>)
  %6, %7, %8 = aten._native_batch_norm_legit_no_training %f32_4x2, weight = %f32_2, bias = %f32_2, running_mean = %f32_2, running_var = %f32_2 {momentum = 0.1, eps = 1.0e-05} : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<4x2xf32>, tensor<0xf32>, tensor<0xf32>)
  // CHECK-NEXT: %{{.*}} = aten._safe_softmax %{{.*}} {dim = -4, dtype = f64} : (tensor<1x6x6x2xf32>) -> tensor<1x6x6x2xf64>
  %9 = aten._safe_softmax %f32_1x6x6x2 {dim = -4, dtype = f64} : (tensor<1x6x6x2xf32>) -> tensor<1x6x6x2xf64>
  // CHECK-NEXT: %{{.*}} = aten._softmax %{{.*}} {dim = 3, half_to_float = false} : (tensor<4x4x2x6xf32>) -> tensor<4x4x2x6xf32>
  %10 = aten._softmax %f32_4x4x2x6 {dim = 3, half_to_float = false} : (tensor<4x4x2x6xf32>) -> tensor<4x4x2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.batch_norm %{{.*}}, weight = %{{.*}}, bias = %{{.*}}, running_mean = %{{.*}}, running_var = %{{.*}} {training = false, momentum = 0.1, eps = 1.0e-05, cudnn_enabled = false} : (tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %11 = aten.batch_norm %f32_1x2, weight = %f32_2, bias = %f32_2, running_mean = %f32_2, running_var = %f32_2 {training = false, momentum = 0.1, eps = 1.0e-05, cudnn_enabled = false} : (tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.dropout %{{.*}} {p = 0.1, train = false} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %12 = aten.dropout %f32_2x8 {p = 0.1, train = false} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.group_norm %{{.*}}, weight = %{{.*}}, bias = %{{.*}} {num_groups = 2} : (tensor<6x4xbf16>, tensor<4xf32>, tensor<4xf32>) -> tensor<6x4xbf16>
  %13 = aten.group_norm %bf16_6x4, weight = %f32_4, bias = %f32_4 {num_groups = 2} : (tensor<6x4xbf16>, tensor<4xf32>, tensor<4xf32>) -> tensor<6x4xbf16>
  // CHECK-NEXT: %{{.*}} = aten.instance_norm %{{.*}}, weight = %{{.*}}, bias = %{{.*}}, running_mean = %{{.*}}, running_var = %{{.*}} {use_input_stats = false, momentum = 0.1, eps = 1.0e-05, cudnn_enabled = false} : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  %14 = aten.instance_norm %f32_4x2, weight = %f32_2, bias = %f32_2, running_mean = %f32_2, running_var = %f32_2 {use_input_stats = false, momentum = 0.1, eps = 1.0e-05, cudnn_enabled = false} : (tensor<4x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.layer_norm %{{.*}}, weight = %{{.*}}, bias = %{{.*}} {normalized_shape = [16], eps = 1.0e-06} : (tensor<2x8x16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<2x8x16xf32>
  %15 = aten.layer_norm %f32_2x8x16, weight = %f32_16, bias = %f32_16 {normalized_shape = [16], eps = 1.0e-06} : (tensor<2x8x16xf32>, tensor<16xf32>, tensor<16xf32>) -> tensor<2x8x16xf32>
  // CHECK-NEXT: %{{.*}} = aten.log_softmax.int %{{.*}} {dim = -1} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %16 = aten.log_softmax.int %f32_2x8 {dim = -1} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.native_dropout %{{.*}} {p = 0.0, train = true} : (tensor<3x2x6x4xf32>) -> (tensor<3x2x6x4xf32>, tensor<3x2x6x4xi1>)
  %17, %18 = aten.native_dropout %f32_3x2x6x4 {p = 0.0, train = true} : (tensor<3x2x6x4xf32>) -> (tensor<3x2x6x4xf32>, tensor<3x2x6x4xi1>)
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten.native_group_norm %{{.*}}, weight = %{{.*}} {N = 1, C = 3, HxW = 6, group = 3, eps = 1.0e-05} : (tensor<1x3x2x3xf32>, tensor<3xf32>) -> (tensor<1x3x2x3xf32>, tensor<1x3xf32>, tensor<1x3xf32>)
  %19, %20, %21 = aten.native_group_norm %f32_1x3x2x3, weight = %f32_3 {N = 1, C = 3, HxW = 6, group = 3, eps = 1.0e-05} : (tensor<1x3x2x3xf32>, tensor<3xf32>) -> (tensor<1x3x2x3xf32>, tensor<1x3xf32>, tensor<1x3xf32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten.native_layer_norm %{{.*}}, weight = %{{.*}}, bias = %{{.*}} {normalized_shape = [2, 2], eps = 1.0e-05} : (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<1x1xf32>, tensor<1x1xf32>)
  %22, %23, %24 = aten.native_layer_norm %f32_2x2, weight = %f32_2x2, bias = %f32_2x2 {normalized_shape = [2, 2], eps = 1.0e-05} : (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<1x1xf32>, tensor<1x1xf32>)
  // CHECK-NEXT: %{{.*}} = aten.rms_norm %{{.*}}, weight = %{{.*}} {normalized_shape = [16], eps = 1.0e-06} : (tensor<2x8x16xf32>, tensor<16xf32>) -> tensor<2x8x16xf32>
  %25 = aten.rms_norm %f32_2x8x16, weight = %f32_16 {normalized_shape = [16], eps = 1.0e-06} : (tensor<2x8x16xf32>, tensor<16xf32>) -> tensor<2x8x16xf32>
  // CHECK-NEXT: %{{.*}} = aten.softmax.int %{{.*}} {dim = -1, dtype = f32} : (tensor<2x8xbf16>) -> tensor<2x8xf32>
  %26 = aten.softmax.int %bf16_2x8 {dim = -1, dtype = f32} : (tensor<2x8xbf16>) -> tensor<2x8xf32>
  // CHECK-NEXT: func.return
  func.return
}
