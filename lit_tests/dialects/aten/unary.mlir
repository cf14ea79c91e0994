// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Elementwise, one tensor: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @unary
func.func @unary(
    %c64_4x2x3x3: tensor<4x2x3x3xcomplex<f32>>,
    %f32: tensor<f32>,
    %f32_2x3x6: tensor<2x3x6xf32>,
    %f32_2x4x1: tensor<2x4x1xf32>,
    %f32_2x4x1x6: tensor<2x4x1x6xf32>,
    %f32_2x6: tensor<2x6xf32>,
    %f32_3x1: tensor<3x1xf32>,
    %i1_4x3x3x6: tensor<4x3x3x6xi1>,
    %i64_1x1x6x3: tensor<1x1x6x3xi64>,
    %i64_4x2x1x6: tensor<4x2x1x6xi64>) {
  // CHECK-NEXT: %{{.*}} = aten.abs %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %0 = aten.abs %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.acos %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %1 = aten.acos %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.acosh %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %2 = aten.acosh %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.angle %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %3 = aten.angle %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.asin %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %4 = aten.asin %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.asinh %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %5 = aten.asinh %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.atan %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %6 = aten.atan %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.atanh %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %7 = aten.atanh %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.bitwise_not %{{.*}} : (tensor<1x1x6x3xi64>) -> tensor<1x1x6x3xi64>
  %8 = aten.bitwise_not %i64_1x1x6x3 : (tensor<1x1x6x3xi64>) -> tensor<1x1x6x3xi64>
  // CHECK-NEXT: %{{.*}} = aten.ceil %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %9 = aten.ceil %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.conj_physical %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %10 = aten.conj_physical %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.cos %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %11 = aten.cos %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.cosh %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %12 = aten.cosh %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.deg2rad %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %13 = aten.deg2rad %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.erf %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %14 = aten.erf %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.erfc %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %15 = aten.erfc %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.erfinv %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %16 = aten.erfinv %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.exp %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %17 = aten.exp %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.exp2 %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %18 = aten.exp2 %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.expm1 %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %19 = aten.expm1 %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.fill.Scalar %{{.*}} {value = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  %20 = aten.fill.Scalar %f32_2x4x1 {value = 2} : (tensor<2x4x1xf32>) -> tensor<2x4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.fill.Tensor %{{.*}}, %{{.*}} : (tensor<4x3x3x6xi1>, tensor<f32>) -> tensor<4x3x3x6xi1>
  %21 = aten.fill.Tensor %i1_4x3x3x6, %f32 : (tensor<4x3x3x6xi1>, tensor<f32>) -> tensor<4x3x3x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.floor %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %22 = aten.floor %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.frac %{{.*}} : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  %23 = aten.frac %f32_2x3x6 : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.imag %{{.*}} : (tensor<4x2x3x3xcomplex<f32>>) -> tensor<4x2x3x3xf32>
  %24 = aten.imag %c64_4x2x3x3 : (tensor<4x2x3x3xcomplex<f32>>) -> tensor<4x2x3x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.isfinite %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xi1>
  %25 = aten.isfinite %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.isinf %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xi1>
  %26 = aten.isinf %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.isnan %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xi1>
  %27 = aten.isnan %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.isneginf %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xi1>
  %28 = aten.isneginf %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.isposinf %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xi1>
  %29 = aten.isposinf %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.lgamma %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %30 = aten.lgamma %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.log %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %31 = aten.log %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.log10 %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %32 = aten.log10 %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.log1p %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %33 = aten.log1p %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.log2 %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %34 = aten.log2 %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.logical_not %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xi1>
  %35 = aten.logical_not %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.logit %{{.*}} {eps = 1.0e-06} : (tensor<4x2x1x6xi64>) -> tensor<4x2x1x6xf32>
  %36 = aten.logit %i64_4x2x1x6 {eps = 1.0e-06} : (tensor<4x2x1x6xi64>) -> tensor<4x2x1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.nan_to_num %{{.*}} {nan = 0.5, posinf = 1.5} : (tensor<3x1xf32>) -> tensor<3x1xf32>
  %37 = aten.nan_to_num %f32_3x1 {nan = 0.5, posinf = 1.5} : (tensor<3x1xf32>) -> tensor<3x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.neg %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %38 = aten.neg %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.positive %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %39 = aten.positive %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.rad2deg %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %40 = aten.rad2deg %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.real %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %41 = aten.real %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.reciprocal %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %42 = aten.reciprocal %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.round %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %43 = aten.round %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.round.decimals %{{.*}} {decimals = 0} : (tensor<2x4x1x6xf32>) -> tensor<2x4x1x6xf32>
  %44 = aten.round.decimals %f32_2x4x1x6 {decimals = 0} : (tensor<2x4x1x6xf32>) -> tensor<2x4x1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.rsqrt %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %45 = aten.rsqrt %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.sigmoid %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %46 = aten.sigmoid %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.sign %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %47 = aten.sign %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.sgn %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %48 = aten.sgn %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.signbit %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xi1>
  %49 = aten.signbit %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xi1>
  // CHECK-NEXT: %{{.*}} = aten.sin %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %50 = aten.sin %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.sinc %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %51 = aten.sinc %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.sinh %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %52 = aten.sinh %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.sqrt %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %53 = aten.sqrt %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.square %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %54 = aten.square %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.tan %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %55 = aten.tan %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.tanh %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %56 = aten.tanh %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.trunc %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %57 = aten.trunc %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: func.return
  func.return
}
