// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Bags of table rows: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @embedding
func.func @embedding(
    %f32_5x3: !reg.reg<5x3xf32, cpu>,
    %i64: !reg.reg<4xi64, cpu>,
    %i64_1: !reg.reg<2xi64, cpu>,
    %i64_2: !reg.reg<i64, cpu>,
    %f32: !reg.reg<4xf32, cpu>,
    %i64_2x2: !reg.reg<2x2xi64, cpu>,
    %f32_2x2: !reg.reg<2x2xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.EmbeddingBagOffsets %{{.*}}, %{{.*}}, %{{.*}}, default_index = %{{.*}}, per_sample_weights = %{{.*}} : (!reg.reg<5x3xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %0 = reg.EmbeddingBagOffsets %f32_5x3, %i64, %i64_1, default_index = %i64_2, per_sample_weights = %f32 : (!reg.reg<5x3xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.EmbeddingBagOffsetsSum %{{.*}}, %{{.*}}, %{{.*}}, default_index = %{{.*}}, per_sample_weights = %{{.*}} : (!reg.reg<5x3xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %1 = reg.EmbeddingBagOffsetsSum %f32_5x3, %i64, %i64_1, default_index = %i64_2, per_sample_weights = %f32 : (!reg.reg<5x3xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.EmbeddingBagPacked %{{.*}}, %{{.*}}, per_sample_weights = %{{.*}} : (!reg.reg<5x3xf32, cpu>, !reg.reg<2x2xi64, cpu>, !reg.reg<2x2xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %2 = reg.EmbeddingBagPacked %f32_5x3, %i64_2x2, per_sample_weights = %f32_2x2 : (!reg.reg<5x3xf32, cpu>, !reg.reg<2x2xi64, cpu>, !reg.reg<2x2xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.EmbeddingBagPackedSum %{{.*}}, %{{.*}}, per_sample_weights = %{{.*}} : (!reg.reg<5x3xf32, cpu>, !reg.reg<2x2xi64, cpu>, !reg.reg<2x2xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %3 = reg.EmbeddingBagPackedSum %f32_5x3, %i64_2x2, per_sample_weights = %f32_2x2 : (!reg.reg<5x3xf32, cpu>, !reg.reg<2x2xi64, cpu>, !reg.reg<2x2xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<3> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %4 = reg.Constant {value = dense<3> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.EmbeddingSegmentsSum %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, default_index = %{{.*}}, per_sample_weights = %{{.*}} : (!reg.reg<5x3xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<3x3xf32, cpu>
  %5 = reg.EmbeddingSegmentsSum %f32_5x3, %i64, %i64, %4, default_index = %i64_2, per_sample_weights = %f32 : (!reg.reg<5x3xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<3x3xf32, cpu>
  func.return
}
