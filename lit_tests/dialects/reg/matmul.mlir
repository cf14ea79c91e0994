// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Contractions: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @matmul
func.func @matmul(
    %f32_2x3: !reg.reg<2x3xf32, cpu>,
    %f32_3x4: !reg.reg<3x4xf32, cpu>,
    %f32_6x4: !reg.reg<6x4xf32, cpu>,
    %f32_2x5x4: !reg.reg<2x5x4xf32, cpu>,
    %i64: !reg.reg<2xi64, cpu>,
    %f32_2x3x3: !reg.reg<2x3x3xf32, cpu>,
    %f32_2x3x4: !reg.reg<2x3x4xf32, cpu>,
    %f32_4x5: !reg.reg<4x5xf32, cpu>,
    %f32_2x4x8: !reg.reg<2x4x8xf32, cpu>,
    %f32_2x5x8: !reg.reg<2x5x8xf32, cpu>,
    %f32: !reg.reg<f32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Einsum [%{{.*}}, %{{.*}}] {equation = "ab,bc->ac"} : (!reg.reg<2x3xf32, cpu>, !reg.reg<3x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  %0 = reg.Einsum [%f32_2x3, %f32_3x4] {equation = "ab,bc->ac"} : (!reg.reg<2x3xf32, cpu>, !reg.reg<3x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GroupedMatMul %{{.*}}, %{{.*}}, offsets = %{{.*}} : (!reg.reg<6x4xf32, cpu>, !reg.reg<2x5x4xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<6x5xf32, cpu>
  %1 = reg.GroupedMatMul %f32_6x4, %f32_2x5x4, offsets = %i64 : (!reg.reg<6x4xf32, cpu>, !reg.reg<2x5x4xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<6x5xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Inverse %{{.*}} : (!reg.reg<2x3x3xf32, cpu>) -> !reg.reg<2x3x3xf32, cpu>
  %2 = reg.Inverse %f32_2x3x3 : (!reg.reg<2x3x3xf32, cpu>) -> !reg.reg<2x3x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.MatMul %{{.*}}, %{{.*}} : (!reg.reg<2x3x4xf32, cpu>, !reg.reg<4x5xf32, cpu>) -> !reg.reg<2x3x5xf32, cpu>
  %3 = reg.MatMul %f32_2x3x4, %f32_4x5 : (!reg.reg<2x3x4xf32, cpu>, !reg.reg<4x5xf32, cpu>) -> !reg.reg<2x3x5xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ScaledDotProductAttention %{{.*}}, %{{.*}}, %{{.*}}, attn_mask = %{{.*}}, scale = %{{.*}} : (!reg.reg<2x4x8xf32, cpu>, !reg.reg<2x5x8xf32, cpu>, !reg.reg<2x5x8xf32, cpu>, !reg.reg<4x5xf32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x8xf32, cpu>
  %4 = reg.ScaledDotProductAttention %f32_2x4x8, %f32_2x5x8, %f32_2x5x8, attn_mask = %f32_4x5, scale = %f32 : (!reg.reg<2x4x8xf32, cpu>, !reg.reg<2x5x8xf32, cpu>, !reg.reg<2x5x8xf32, cpu>, !reg.reg<4x5xf32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x8xf32, cpu>
  func.return
}
