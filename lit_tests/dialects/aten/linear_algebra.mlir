// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Linear algebra and attention: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @linear_algebra
func.func @linear_algebra(
    %bf16_4x6x1x2: tensor<4x6x1x2xbf16>,
    %f32_1: tensor<1xf32>,
    %f32_1x2: tensor<1x2xf32>,
    %f32_1x2x2: tensor<1x2x2xf32>,
    %f32_1x2x6: tensor<1x2x6xf32>,
    %f32_1x2x8x16: tensor<1x2x8x16xf32>,
    %f32_1x3x4: tensor<1x3x4xf32>,
    %f32_1x4x8x16: tensor<1x4x8x16xf32>,
    %f32_1x6x3: tensor<1x6x3xf32>,
    %f32_2: tensor<2xf32>,
    %f32_2x1x8x16: tensor<2x1x8x16xf32>,
    %f32_2x2: tensor<2x2xf32>,
    %f32_2x3: tensor<2x3xf32>,
    %f32_2x4: tensor<2x4xf32>,
    %f32_2x6: tensor<2x6xf32>,
    %f32_2x8x16: tensor<2x8x16xf32>,
    %f32_32: tensor<32xf32>,
    %f32_32x16: tensor<32x16xf32>,
    %f32_3x2x1: tensor<3x2x1xf32>,
    %f32_3x4: tensor<3x4xf32>,
    %f32_3x6: tensor<3x6xf32>,
    %f32_4: tensor<4xf32>,
    %f32_4x16x3: tensor<4x16x3xf32>,
    %f32_4x3x1: tensor<4x3x1xf32>,
    %f32_4x4: tensor<4x4xf32>,
    %f32_6: tensor<6xf32>,
    %f32_6x1: tensor<6x1xf32>,
    %f32_6x2x4: tensor<6x2x4xf32>,
    %f32_6x4: tensor<6x4xf32>,
    %f32_6x4x4: tensor<6x4x4xf32>,
    %f32_6x6x4: tensor<6x6x4xf32>,
    %f32_8x8: tensor<8x8xf32>,
    %i1_8x8: tensor<8x8xi1>,
    %i32_2x3x3: tensor<2x3x3xi32>,
    %i32_2x3x6: tensor<2x3x6xi32>,
    %i32_6: tensor<6xi32>,
    %i64_2x3x3: tensor<2x3x3xi64>,
    %i64_2x6x3: tensor<2x6x3xi64>) {
  // CHECK-NEXT: %{{.*}} = aten._cdist_forward %{{.*}}, %{{.*}} {p = 0.0, compute_mode = 1} : (tensor<6x6x4xf32>, tensor<6x2x4xf32>) -> tensor<6x6x2xf32>
  %0 = aten._cdist_forward %f32_6x6x4, %f32_6x2x4 {p = 0.0, compute_mode = 1} : (tensor<6x6x4xf32>, tensor<6x2x4xf32>) -> tensor<6x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten._pdist_forward %{{.*}} {p = 1.0} : (tensor<2x6xf32>) -> tensor<1xf32>
  %1 = aten._pdist_forward %f32_2x6 {p = 1.0} : (tensor<2x6xf32>) -> tensor<1xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten._scaled_dot_product_flash_attention_for_cpu %{{.*}}, %{{.*}}, %{{.*}}, attn_mask = %{{.*}} {scale = 0.25} : (tensor<1x4x8x16xf32>, tensor<1x4x8x16xf32>, tensor<1x4x8x16xf32>, tensor<8x8xf32>) -> (tensor<1x4x8x16xf32>, tensor<1x4x8xf32>)
  %2, %3 = aten._scaled_dot_product_flash_attention_for_cpu %f32_1x4x8x16, %f32_1x4x8x16, %f32_1x4x8x16, attn_mask = %f32_8x8 {scale = 0.25} : (tensor<1x4x8x16xf32>, tensor<1x4x8x16xf32>, tensor<1x4x8x16xf32>, tensor<8x8xf32>) -> (tensor<1x4x8x16xf32>, tensor<1x4x8xf32>)
  // CHECK-NEXT: %{{.*}} = aten.addbmm %{{.*}}, %{{.*}}, %{{.*}} {beta = 0.5, alpha = 2} : (tensor<6xi32>, tensor<2x3x3xi32>, tensor<2x3x6xi32>) -> tensor<3x6xi32>
  %4 = aten.addbmm %i32_6, %i32_2x3x3, %i32_2x3x6 {beta = 0.5, alpha = 2} : (tensor<6xi32>, tensor<2x3x3xi32>, tensor<2x3x6xi32>) -> tensor<3x6xi32>
  // CHECK-NEXT: %{{.*}} = aten.addmm %{{.*}}, %{{.*}}, %{{.*}} {beta = 2, alpha = 2} : (tensor<2x4xf32>, tensor<2x2xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %5 = aten.addmm %f32_2x4, %f32_2x2, %f32_2x4 {beta = 2, alpha = 2} : (tensor<2x4xf32>, tensor<2x2xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.addmv %{{.*}}, %{{.*}}, %{{.*}} {beta = 0.5} : (tensor<2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %6 = aten.addmv %f32_2, %f32_2x2, %f32_2 {beta = 0.5} : (tensor<2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // CHECK-NEXT: %{{.*}} = aten.addr %{{.*}}, %{{.*}}, %{{.*}} : (tensor<6x1xf32>, tensor<6xf32>, tensor<2xf32>) -> tensor<6x2xf32>
  %7 = aten.addr %f32_6x1, %f32_6, %f32_2 : (tensor<6x1xf32>, tensor<6xf32>, tensor<2xf32>) -> tensor<6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.baddbmm %{{.*}}, %{{.*}}, %{{.*}} {alpha = 2} : (tensor<2x6x3xi64>, tensor<2x6x3xi64>, tensor<2x3x3xi64>) -> tensor<2x6x3xi64>
  %8 = aten.baddbmm %i64_2x6x3, %i64_2x6x3, %i64_2x3x3 {alpha = 2} : (tensor<2x6x3xi64>, tensor<2x6x3xi64>, tensor<2x3x3xi64>) -> tensor<2x6x3xi64>
  // CHECK-NEXT: %{{.*}} = aten.bilinear %{{.*}}, %{{.*}}, %{{.*}}, bias = %{{.*}} : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<6x4x4xf32>, tensor<6xf32>) -> tensor<4x6xf32>
  %9 = aten.bilinear %f32_4x4, %f32_4x4, %f32_6x4x4, bias = %f32_6 : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<6x4x4xf32>, tensor<6xf32>) -> tensor<4x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.bmm %{{.*}}, %{{.*}} : (tensor<1x2x2xf32>, tensor<1x2x6xf32>) -> tensor<1x2x6xf32>
  %10 = aten.bmm %f32_1x2x2, %f32_1x2x6 : (tensor<1x2x2xf32>, tensor<1x2x6xf32>) -> tensor<1x2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.cdist %{{.*}}, %{{.*}} {compute_mode = 1} : (tensor<4x6x1x2xbf16>, tensor<4x6x1x2xbf16>) -> tensor<4x6x1x1xbf16>
  %11 = aten.cdist %bf16_4x6x1x2, %bf16_4x6x1x2 {compute_mode = 1} : (tensor<4x6x1x2xbf16>, tensor<4x6x1x2xbf16>) -> tensor<4x6x1x1xbf16>
  // CHECK-NEXT: %{{.*}} = aten.cross %{{.*}}, %{{.*}} : (tensor<4x3x1xf32>, tensor<1x3x4xf32>) -> tensor<4x3x4xf32>
  %12 = aten.cross %f32_4x3x1, %f32_1x3x4 : (tensor<4x3x1xf32>, tensor<1x3x4xf32>) -> tensor<4x3x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.dot %{{.*}}, %{{.*}} : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  %13 = aten.dot %f32_2, %f32_2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.einsum [%{{.*}}, %{{.*}}, %{{.*}}] {equation = "ij,jk,kl->il"} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %14 = aten.einsum [%f32_1x2, %f32_2x2, %f32_2x2] {equation = "ij,jk,kl->il"} : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.inner %{{.*}}, %{{.*}} : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x2xf32>
  %15 = aten.inner %f32_2x6, %f32_2x6 : (tensor<2x6xf32>, tensor<2x6xf32>) -> tensor<2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.linalg_cross %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %16 = aten.linalg_cross %f32_2x3, %f32_2x3 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.linear %{{.*}}, %{{.*}}, bias = %{{.*}} : (tensor<2x8x16xf32>, tensor<32x16xf32>, tensor<32xf32>) -> tensor<2x8x32xf32>
  %17 = aten.linear %f32_2x8x16, %f32_32x16, bias = %f32_32 : (tensor<2x8x16xf32>, tensor<32x16xf32>, tensor<32xf32>) -> tensor<2x8x32xf32>
  // CHECK-NEXT: %{{.*}} = aten.matmul %{{.*}}, %{{.*}} : (tensor<2x1x8x16xf32>, tensor<4x16x3xf32>) -> tensor<2x4x8x3xf32>
  %18 = aten.matmul %f32_2x1x8x16, %f32_4x16x3 : (tensor<2x1x8x16xf32>, tensor<4x16x3xf32>) -> tensor<2x4x8x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.mm %{{.*}}, %{{.*}} : (tensor<3x6xf32>, tensor<6x4xf32>) -> tensor<3x4xf32>
  %19 = aten.mm %f32_3x6, %f32_6x4 : (tensor<3x6xf32>, tensor<6x4xf32>) -> tensor<3x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.mv %{{.*}}, %{{.*}} : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3xf32>
  %20 = aten.mv %f32_3x4, %f32_4 : (tensor<3x4xf32>, tensor<4xf32>) -> tensor<3xf32>
  // CHECK-NEXT: %{{.*}} = aten.outer %{{.*}}, %{{.*}} : (tensor<2xf32>, tensor<1xf32>) -> tensor<2x1xf32>
  %21 = aten.outer %f32_2, %f32_1 : (tensor<2xf32>, tensor<1xf32>) -> tensor<2x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.scaled_dot_product_attention %{{.*}}, %{{.*}}, %{{.*}}, attn_mask = %{{.*}} {scale = 0.25, enable_gqa = true} : (tensor<1x4x8x16xf32>, tensor<1x2x8x16xf32>, tensor<1x2x8x16xf32>, tensor<8x8xi1>) -> tensor<1x4x8x16xf32>
  %22 = aten.scaled_dot_product_attention %f32_1x4x8x16, %f32_1x2x8x16, %f32_1x2x8x16, attn_mask = %i1_8x8 {scale = 0.25, enable_gqa = true} : (tensor<1x4x8x16xf32>, tensor<1x2x8x16xf32>, tensor<1x2x8x16xf32>, tensor<8x8xi1>) -> tensor<1x4x8x16xf32>
  // CHECK-NEXT: %{{.*}} = aten.tensordot %{{.*}}, %{{.*}} {dims_self = [2], dims_other = [0]} : (tensor<1x6x3xf32>, tensor<3x2x1xf32>) -> tensor<1x6x2x1xf32>
  %23 = aten.tensordot %f32_1x6x3, %f32_3x2x1 {dims_self = [2], dims_other = [0]} : (tensor<1x6x3xf32>, tensor<3x2x1xf32>) -> tensor<1x6x2x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.vdot %{{.*}}, %{{.*}} : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  %24 = aten.vdot %f32_2, %f32_2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  // CHECK-NEXT: func.return
  func.return
}
