// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Reductions: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @reductions
func.func @reductions(
    %bf16_3x4: tensor<3x4xbf16>,
    %bf16_4x6: tensor<4x6xbf16>,
    %bf16_4x6x1x2: tensor<4x6x1x2xbf16>,
    %f16_2x2x3x2: tensor<2x2x3x2xf16>,
    %f32_2x2: tensor<2x2xf32>,
    %f32_2x2x2: tensor<2x2x2xf32>,
    %f32_2x2x3x1: tensor<2x2x3x1xf32>,
    %f32_2x3x2: tensor<2x3x2xf32>,
    %f32_2x3x2x2: tensor<2x3x2x2xf32>,
    %f32_2x4x6: tensor<2x4x6xf32>,
    %f32_3x3x4x1: tensor<3x3x4x1xf32>,
    %f32_3x3x4x2: tensor<3x3x4x2xf32>,
    %f32_4x2x3x3: tensor<4x2x3x3xf32>,
    %f32_4x6: tensor<4x6xf32>,
    %f32_6x1: tensor<6x1xf32>,
    %f32_6x1x3: tensor<6x1x3xf32>,
    %f32_6x6: tensor<6x6xf32>,
    %i1_2x3x6x3: tensor<2x3x6x3xi1>,
    %i64_3x6x2x1: tensor<3x6x2x1xi64>,
    %i64_4x1: tensor<4x1xi64>,
    %i8_4x1x2x2: tensor<4x1x2x2xi8>,
    %ui8_3x1x2: tensor<3x1x2xui8>) {
  // CHECK-NEXT: %{{.*}} = aten.all %{{.*}} : (tensor<6x1x3xf32>) -> tensor<i1>
  %0 = aten.all %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<i1>
  // CHECK-NEXT: %{{.*}} = aten.all.dim %{{.*}} {dim = 3, keepdim = true} : (tensor<2x3x6x3xi1>) -> tensor<2x3x6x1xi1>
  %1 = aten.all.dim %i1_2x3x6x3 {dim = 3, keepdim = true} : (tensor<2x3x6x3xi1>) -> tensor<2x3x6x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.all.dims %{{.*}} {dim = [3]} : (tensor<2x2x3x2xf16>) -> tensor<2x2x3xi1>
  %2 = aten.all.dims %f16_2x2x3x2 {dim = [3]} : (tensor<2x2x3x2xf16>) -> tensor<2x2x3xi1>
  // CHECK-NEXT: %{{.*}} = aten.amax %{{.*}} {dim = [0, 2], keepdim = true} : (tensor<3x1x2xui8>) -> tensor<1x1x1xui8>
  %3 = aten.amax %ui8_3x1x2 {dim = [0, 2], keepdim = true} : (tensor<3x1x2xui8>) -> tensor<1x1x1xui8>
  // CHECK-NEXT: %{{.*}} = aten.amin %{{.*}} {dim = [0, 2], keepdim = true} : (tensor<3x1x2xui8>) -> tensor<1x1x1xui8>
  %4 = aten.amin %ui8_3x1x2 {dim = [0, 2], keepdim = true} : (tensor<3x1x2xui8>) -> tensor<1x1x1xui8>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.aminmax %{{.*}} {dim = 1} : (tensor<4x6x1x2xbf16>) -> (tensor<4x1x2xbf16>, tensor<4x1x2xbf16>)
  %5, %6 = aten.aminmax %bf16_4x6x1x2 {dim = 1} : (tensor<4x6x1x2xbf16>) -> (tensor<4x1x2xbf16>, tensor<4x1x2xbf16>)
  // CHECK-NEXT: %{{.*}} = aten.any %{{.*}} : (tensor<6x1x3xf32>) -> tensor<i1>
  %7 = aten.any %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<i1>
  // CHECK-NEXT: %{{.*}} = aten.any.dim %{{.*}} {dim = 3, keepdim = true} : (tensor<2x3x6x3xi1>) -> tensor<2x3x6x1xi1>
  %8 = aten.any.dim %i1_2x3x6x3 {dim = 3, keepdim = true} : (tensor<2x3x6x3xi1>) -> tensor<2x3x6x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.any.dims %{{.*}} {dim = [3]} : (tensor<2x2x3x2xf16>) -> tensor<2x2x3xi1>
  %9 = aten.any.dims %f16_2x2x3x2 {dim = [3]} : (tensor<2x2x3x2xf16>) -> tensor<2x2x3xi1>
  // CHECK-NEXT: %{{.*}} = aten.argmax %{{.*}} {dim = 1} : (tensor<4x6x1x2xbf16>) -> tensor<4x1x2xi64>
  %10 = aten.argmax %bf16_4x6x1x2 {dim = 1} : (tensor<4x6x1x2xbf16>) -> tensor<4x1x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.argmin %{{.*}} {dim = 1} : (tensor<4x6x1x2xbf16>) -> tensor<4x1x2xi64>
  %11 = aten.argmin %bf16_4x6x1x2 {dim = 1} : (tensor<4x6x1x2xbf16>) -> tensor<4x1x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.cosine_similarity %{{.*}}, %{{.*}} : (tensor<2x2x3x1xf32>, tensor<2x2x3x1xf32>) -> tensor<2x3x1xf32>
  %12 = aten.cosine_similarity %f32_2x2x3x1, %f32_2x2x3x1 : (tensor<2x2x3x1xf32>, tensor<2x2x3x1xf32>) -> tensor<2x3x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.count_nonzero.dim_IntList %{{.*}} {dim = [0, 2, -3]} : (tensor<2x3x2x2xf32>) -> tensor<2xi64>
  %13 = aten.count_nonzero.dim_IntList %f32_2x3x2x2 {dim = [0, 2, -3]} : (tensor<2x3x2x2xf32>) -> tensor<2xi64>
  // CHECK-NEXT: %{{.*}} = aten.linalg_vector_norm %{{.*}} {ord = -1, dim = [], keepdim = true, dtype = f64} : (tensor<4x6xbf16>) -> tensor<1x1xf64>
  %14 = aten.linalg_vector_norm %bf16_4x6 {ord = -1, dim = [], keepdim = true, dtype = f64} : (tensor<4x6xbf16>) -> tensor<1x1xf64>
  // CHECK-NEXT: %{{.*}} = aten.logsumexp %{{.*}} {dim = [0, -2, 3]} : (tensor<3x6x2x1xi64>) -> tensor<6xf32>
  %15 = aten.logsumexp %i64_3x6x2x1 {dim = [0, -2, 3]} : (tensor<3x6x2x1xi64>) -> tensor<6xf32>
  // CHECK-NEXT: %{{.*}} = aten.max %{{.*}} : (tensor<2x4x6xf32>) -> tensor<f32>
  %16 = aten.max %f32_2x4x6 : (tensor<2x4x6xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.max.dim %{{.*}} {dim = 0} : (tensor<3x3x4x2xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x2xi64>)
  %17, %18 = aten.max.dim %f32_3x3x4x2 {dim = 0} : (tensor<3x3x4x2xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x2xi64>)
  // CHECK-NEXT: %{{.*}} = aten.mean %{{.*}} {dtype = f32} : (tensor<4x1xi64>) -> tensor<f32>
  %19 = aten.mean %i64_4x1 {dtype = f32} : (tensor<4x1xi64>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.mean.dim %{{.*}} {dim = [], keepdim = true, dtype = f32} : (tensor<4x6xf32>) -> tensor<1x1xf32>
  %20 = aten.mean.dim %f32_4x6 {dim = [], keepdim = true, dtype = f32} : (tensor<4x6xf32>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.median %{{.*}} : (tensor<2x4x6xf32>) -> tensor<f32>
  %21 = aten.median %f32_2x4x6 : (tensor<2x4x6xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.median.dim %{{.*}} {dim = 0} : (tensor<3x3x4x2xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x2xi64>)
  %22, %23 = aten.median.dim %f32_3x3x4x2 {dim = 0} : (tensor<3x3x4x2xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x2xi64>)
  // CHECK-NEXT: %{{.*}} = aten.min %{{.*}} : (tensor<2x4x6xf32>) -> tensor<f32>
  %24 = aten.min %f32_2x4x6 : (tensor<2x4x6xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.min.dim %{{.*}} {dim = 0} : (tensor<3x3x4x2xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x2xi64>)
  %25, %26 = aten.min.dim %f32_3x3x4x2 {dim = 0} : (tensor<3x3x4x2xf32>) -> (tensor<3x4x2xf32>, tensor<3x4x2xi64>)
  // CHECK-NEXT: %{{.*}} = aten.nanmean %{{.*}} {dim = [0, -1], keepdim = true, dtype = f32} : (tensor<3x4xbf16>) -> tensor<1x1xf32>
  %27 = aten.nanmean %bf16_3x4 {dim = [0, -1], keepdim = true, dtype = f32} : (tensor<3x4xbf16>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.nansum %{{.*}} {dim = [0, -1], keepdim = true, dtype = f32} : (tensor<3x4xbf16>) -> tensor<1x1xf32>
  %28 = aten.nansum %bf16_3x4 {dim = [0, -1], keepdim = true, dtype = f32} : (tensor<3x4xbf16>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.norm.Scalar %{{.*}} {p = 0} : (tensor<4x2x3x3xf32>) -> tensor<f32>
  %29 = aten.norm.Scalar %f32_4x2x3x3 {p = 0} : (tensor<4x2x3x3xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.norm.ScalarOpt_dim %{{.*}} {p = 1.0, dim = [], keepdim = true} : (tensor<2x3x2xf32>) -> tensor<1x1x1xf32>
  %30 = aten.norm.ScalarOpt_dim %f32_2x3x2 {p = 1.0, dim = [], keepdim = true} : (tensor<2x3x2xf32>) -> tensor<1x1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.norm.ScalarOpt_dim_dtype %{{.*}} {p = 2, dim = [0, -2, 2], keepdim = true, dtype = f32} : (tensor<2x2x2xf32>) -> tensor<1x1x1xf32>
  %31 = aten.norm.ScalarOpt_dim_dtype %f32_2x2x2 {p = 2, dim = [0, -2, 2], keepdim = true, dtype = f32} : (tensor<2x2x2xf32>) -> tensor<1x1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.norm.ScalarOpt_dtype %{{.*}} {p = 2, dtype = f32} : (tensor<2x2xf32>) -> tensor<f32>
  %32 = aten.norm.ScalarOpt_dtype %f32_2x2 {p = 2, dtype = f32} : (tensor<2x2xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.prod %{{.*}} {dtype = f32} : (tensor<4x1xi64>) -> tensor<f32>
  %33 = aten.prod %i64_4x1 {dtype = f32} : (tensor<4x1xi64>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.prod.dim_int %{{.*}} {dim = 3, keepdim = true, dtype = i64} : (tensor<4x1x2x2xi8>) -> tensor<4x1x2x1xi64>
  %34 = aten.prod.dim_int %i8_4x1x2x2 {dim = 3, keepdim = true, dtype = i64} : (tensor<4x1x2x2xi8>) -> tensor<4x1x2x1xi64>
  // CHECK-NEXT: %{{.*}} = aten.std %{{.*}} : (tensor<3x3x4x1xf32>) -> tensor<f32>
  %35 = aten.std %f32_3x3x4x1 : (tensor<3x3x4x1xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.std.correction %{{.*}} {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> tensor<1x2xf32>
  %36 = aten.std.correction %f32_2x2 {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> tensor<1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.std.dim %{{.*}} {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> tensor<1x1xf32>
  %37 = aten.std.dim %f32_6x6 {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.std_mean.correction %{{.*}} {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>)
  %38, %39 = aten.std_mean.correction %f32_2x2 {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.std_mean.dim %{{.*}} {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>)
  %40, %41 = aten.std_mean.dim %f32_6x6 {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>)
  // CHECK-NEXT: %{{.*}} = aten.sum %{{.*}} {dtype = f32} : (tensor<4x1xi64>) -> tensor<f32>
  %42 = aten.sum %i64_4x1 {dtype = f32} : (tensor<4x1xi64>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.sum.dim_IntList %{{.*}} {dim = [], keepdim = true, dtype = f32} : (tensor<4x6xf32>) -> tensor<1x1xf32>
  %43 = aten.sum.dim_IntList %f32_4x6 {dim = [], keepdim = true, dtype = f32} : (tensor<4x6xf32>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.trace %{{.*}} : (tensor<6x1xf32>) -> tensor<f32>
  %44 = aten.trace %f32_6x1 : (tensor<6x1xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.var %{{.*}} : (tensor<3x3x4x1xf32>) -> tensor<f32>
  %45 = aten.var %f32_3x3x4x1 : (tensor<3x3x4x1xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.var.correction %{{.*}} {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> tensor<1x2xf32>
  %46 = aten.var.correction %f32_2x2 {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> tensor<1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.var.dim %{{.*}} {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> tensor<1x1xf32>
  %47 = aten.var.dim %f32_6x6 {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.var_mean.correction %{{.*}} {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>)
  %48, %49 = aten.var_mean.correction %f32_2x2 {dim = [0], correction = 1, keepdim = true} : (tensor<2x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.var_mean.dim %{{.*}} {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>)
  %50, %51 = aten.var_mean.dim %f32_6x6 {dim = [0, -1], keepdim = true} : (tensor<6x6xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>)
  // CHECK-NEXT: func.return
  func.return
}
