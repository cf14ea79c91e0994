// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Indexing: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @indexing
func.func @indexing(
    %bf16_1x1x3: tensor<1x1x3xbf16>,
    %bf16_3x3: tensor<3x3xbf16>,
    %c128: tensor<complex<f64>>,
    %c128_4x3: tensor<4x3xcomplex<f64>>,
    %c64_1x3x6: tensor<1x3x6xcomplex<f32>>,
    %f32: tensor<f32>,
    %f32_1x1: tensor<1x1xf32>,
    %f32_1x1x2: tensor<1x1x2xf32>,
    %f32_1x1x6: tensor<1x1x6xf32>,
    %f32_1x2: tensor<1x2xf32>,
    %f32_1x2x6: tensor<1x2x6xf32>,
    %f32_1x3x1: tensor<1x3x1xf32>,
    %f32_2: tensor<2xf32>,
    %f32_2x3x4x5: tensor<2x3x4x5xf32>,
    %f32_2x6: tensor<2x6xf32>,
    %f32_3x2: tensor<3x2xf32>,
    %f32_3x2x3: tensor<3x2x3xf32>,
    %f32_3x6: tensor<3x6xf32>,
    %f32_4x1x2: tensor<4x1x2xf32>,
    %f32_4x2x6: tensor<4x2x6xf32>,
    %f32_4x3: tensor<4x3xf32>,
    %f32_4x4: tensor<4x4xf32>,
    %f32_4x4x4: tensor<4x4x4xf32>,
    %f32_64x16: tensor<64x16xf32>,
    %f32_6x1: tensor<6x1xf32>,
    %f32_6x3: tensor<6x3xf32>,
    %f32_6x3x3: tensor<6x3x3xf32>,
    %f32_6x6x2: tensor<6x6x2xf32>,
    %i1_1x1x1: tensor<1x1x1xi1>,
    %i32_4x1: tensor<4x1xi32>,
    %i64_1: tensor<1xi64>,
    %i64_1x1x1: tensor<1x1x1xi64>,
    %i64_1x1x2: tensor<1x1x2xi64>,
    %i64_1x2: tensor<1x2xi64>,
    %i64_1x2x3: tensor<1x2x3xi64>,
    %i64_1x3x1: tensor<1x3x1xi64>,
    %i64_1x3x3: tensor<1x3x3xi64>,
    %i64_2: tensor<2xi64>,
    %i64_2x1: tensor<2x1xi64>,
    %i64_2x2x6: tensor<2x2x6xi64>,
    %i64_2x8: tensor<2x8xi64>,
    %i64_3x4: tensor<3x4xi64>,
    %i64_3x6: tensor<3x6xi64>,
    %i64_4x1: tensor<4x1xi64>,
    %i64_6: tensor<6xi64>,
    %i64_6x6x1: tensor<6x6x1xi64>,
    %i64_6x6x4: tensor<6x6x4xi64>) {
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} = aten._embedding_bag %{{.*}}, %{{.*}}, %{{.*}} {mode = 1, include_last_offset = true, padding_idx = 0} : (tensor<3x3xbf16>, tensor<2xi64>, tensor<6xi64>) -> (tensor<5x3xbf16>, tensor<2xi64>, tensor<5xi64>, tensor<5xi64>)
  %0, %1, %2, %3 = aten._embedding_bag %bf16_3x3, %i64_2, %i64_6 {mode = 1, include_last_offset = true, padding_idx = 0} : (tensor<3x3xbf16>, tensor<2xi64>, tensor<6xi64>) -> (tensor<5x3xbf16>, tensor<2xi64>, tensor<5xi64>, tensor<5xi64>)
  // CHECK-NEXT: %{{.*}} = aten._unsafe_index.Tensor %{{.*}}, [%{{.*}}] : (tensor<4x4x4xf32>, tensor<4x1xi64>) -> tensor<4x1x4x4xf32>
  %4 = aten._unsafe_index.Tensor %f32_4x4x4, [%i64_4x1] : (tensor<4x4x4xf32>, tensor<4x1xi64>) -> tensor<4x1x4x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.bucketize.Tensor %{{.*}}, %{{.*}} : (tensor<4x2x6xf32>, tensor<2xf32>) -> tensor<4x2x6xi64>
  %5 = aten.bucketize.Tensor %f32_4x2x6, %f32_2 : (tensor<4x2x6xf32>, tensor<2xf32>) -> tensor<4x2x6xi64>
  // CHECK-NEXT: %{{.*}} = aten.diagonal_scatter %{{.*}}, %{{.*}} {offset = 2, dim1 = 2, dim2 = -2} : (tensor<1x3x6xcomplex<f32>>, tensor<1x1xf32>) -> tensor<1x3x6xcomplex<f32>>
  %6 = aten.diagonal_scatter %c64_1x3x6, %f32_1x1 {offset = 2, dim1 = 2, dim2 = -2} : (tensor<1x3x6xcomplex<f32>>, tensor<1x1xf32>) -> tensor<1x3x6xcomplex<f32>>
  // CHECK-NEXT: %{{.*}} = aten.embedding %{{.*}}, %{{.*}} {padding_idx = 0} : (tensor<64x16xf32>, tensor<2x8xi64>) -> tensor<2x8x16xf32>
  %7 = aten.embedding %f32_64x16, %i64_2x8 {padding_idx = 0} : (tensor<64x16xf32>, tensor<2x8xi64>) -> tensor<2x8x16xf32>
  // CHECK-NEXT: %{{.*}} = aten.gather %{{.*}}, %{{.*}} {dim = -3} : (tensor<2x2x6xi64>, tensor<1x2x3xi64>) -> tensor<1x2x3xi64>
  %8 = aten.gather %i64_2x2x6, %i64_1x2x3 {dim = -3} : (tensor<2x2x6xi64>, tensor<1x2x3xi64>) -> tensor<1x2x3xi64>
  // CHECK-NEXT: %{{.*}} = aten.index.Tensor %{{.*}}, [none, %{{.*}}, %{{.*}}] : (tensor<2x3x4x5xf32>, tensor<6xi64>, tensor<2x1xi64>) -> tensor<2x2x6x5xf32>
  %9 = aten.index.Tensor %f32_2x3x4x5, [none, %i64_6, %i64_2x1] : (tensor<2x3x4x5xf32>, tensor<6xi64>, tensor<2x1xi64>) -> tensor<2x2x6x5xf32>
  // CHECK-NEXT: %{{.*}} = aten.index_add %{{.*}}, %{{.*}}, %{{.*}} {dim = 0} : (tensor<3x6xf32>, tensor<2xi64>, tensor<2x6xf32>) -> tensor<3x6xf32>
  %10 = aten.index_add %f32_3x6, %i64_2, %f32_2x6 {dim = 0} : (tensor<3x6xf32>, tensor<2xi64>, tensor<2x6xf32>) -> tensor<3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.index_copy %{{.*}}, %{{.*}}, %{{.*}} {dim = 0} : (tensor<3x6xf32>, tensor<2xi64>, tensor<2x6xf32>) -> tensor<3x6xf32>
  %11 = aten.index_copy %f32_3x6, %i64_2, %f32_2x6 {dim = 0} : (tensor<3x6xf32>, tensor<2xi64>, tensor<2x6xf32>) -> tensor<3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.index_fill.int_Scalar %{{.*}}, %{{.*}} {dim = 2, value = 1} : (tensor<1x2x6xf32>, tensor<1xi64>) -> tensor<1x2x6xf32>
  %12 = aten.index_fill.int_Scalar %f32_1x2x6, %i64_1 {dim = 2, value = 1} : (tensor<1x2x6xf32>, tensor<1xi64>) -> tensor<1x2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.index_fill.int_Tensor %{{.*}}, %{{.*}}, %{{.*}} {dim = -1} : (tensor<4x3xcomplex<f64>>, tensor<1xi64>, tensor<complex<f64>>) -> tensor<4x3xcomplex<f64>>
  %13 = aten.index_fill.int_Tensor %c128_4x3, %i64_1, %c128 {dim = -1} : (tensor<4x3xcomplex<f64>>, tensor<1xi64>, tensor<complex<f64>>) -> tensor<4x3xcomplex<f64>>
  // CHECK-NEXT: %{{.*}} = aten.index_put %{{.*}}, [none, %{{.*}}], %{{.*}} {accumulate = true} : (tensor<6x1xf32>, tensor<1xi64>, tensor<f32>) -> tensor<6x1xf32>
  %14 = aten.index_put %f32_6x1, [none, %i64_1], %f32 {accumulate = true} : (tensor<6x1xf32>, tensor<1xi64>, tensor<f32>) -> tensor<6x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.index_select %{{.*}}, %{{.*}} {dim = 2} : (tensor<1x2x6xf32>, tensor<1xi64>) -> tensor<1x2x1xf32>
  %15 = aten.index_select %f32_1x2x6, %i64_1 {dim = 2} : (tensor<1x2x6xf32>, tensor<1xi64>) -> tensor<1x2x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.isin.Tensor_Scalar %{{.*}} {test_element = 1} : (tensor<4x1x2xf32>) -> tensor<4x1x2xi1>
  %16 = aten.isin.Tensor_Scalar %f32_4x1x2 {test_element = 1} : (tensor<4x1x2xf32>) -> tensor<4x1x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.isin.Tensor_Tensor %{{.*}}, %{{.*}} : (tensor<6x6x4xi64>, tensor<4x1xi32>) -> tensor<6x6x4xi1>
  %17 = aten.isin.Tensor_Tensor %i64_6x6x4, %i32_4x1 : (tensor<6x6x4xi64>, tensor<4x1xi32>) -> tensor<6x6x4xi1>
  // CHECK-NEXT: %{{.*}} = aten.masked_scatter %{{.*}}, %{{.*}}, %{{.*}} : (tensor<1x1x6xf32>, tensor<1x1x1xi1>, tensor<1x1x6xf32>) -> tensor<1x1x6xf32>
  %18 = aten.masked_scatter %f32_1x1x6, %i1_1x1x1, %f32_1x1x6 : (tensor<1x1x6xf32>, tensor<1x1x1xi1>, tensor<1x1x6xf32>) -> tensor<1x1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.scatter.reduce %{{.*}}, %{{.*}}, %{{.*}} {dim = 0, reduce = "add"} : (tensor<3x2x3xf32>, tensor<1x1x2xi64>, tensor<1x1x2xf32>) -> tensor<3x2x3xf32>
  %19 = aten.scatter.reduce %f32_3x2x3, %i64_1x1x2, %f32_1x1x2 {dim = 0, reduce = "add"} : (tensor<3x2x3xf32>, tensor<1x1x2xi64>, tensor<1x1x2xf32>) -> tensor<3x2x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.scatter.src %{{.*}}, %{{.*}}, %{{.*}} {dim = 0} : (tensor<6x6x2xf32>, tensor<1x3x1xi64>, tensor<1x3x1xf32>) -> tensor<6x6x2xf32>
  %20 = aten.scatter.src %f32_6x6x2, %i64_1x3x1, %f32_1x3x1 {dim = 0} : (tensor<6x6x2xf32>, tensor<1x3x1xi64>, tensor<1x3x1xf32>) -> tensor<6x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.scatter.value %{{.*}}, %{{.*}} {dim = -3, value = 1} : (tensor<2x2x6xi64>, tensor<1x2x3xi64>) -> tensor<2x2x6xi64>
  %21 = aten.scatter.value %i64_2x2x6, %i64_1x2x3 {dim = -3, value = 1} : (tensor<2x2x6xi64>, tensor<1x2x3xi64>) -> tensor<2x2x6xi64>
  // CHECK-NEXT: %{{.*}} = aten.scatter.value_reduce %{{.*}}, %{{.*}} {dim = 1, value = 1, reduce = "multiply"} : (tensor<6x3xf32>, tensor<3x6xi64>) -> tensor<6x3xf32>
  %22 = aten.scatter.value_reduce %f32_6x3, %i64_3x6 {dim = 1, value = 1, reduce = "multiply"} : (tensor<6x3xf32>, tensor<3x6xi64>) -> tensor<6x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.scatter_add %{{.*}}, %{{.*}}, %{{.*}} {dim = 0} : (tensor<6x6x2xf32>, tensor<1x3x1xi64>, tensor<1x3x1xf32>) -> tensor<6x6x2xf32>
  %23 = aten.scatter_add %f32_6x6x2, %i64_1x3x1, %f32_1x3x1 {dim = 0} : (tensor<6x6x2xf32>, tensor<1x3x1xi64>, tensor<1x3x1xf32>) -> tensor<6x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.scatter_reduce.two %{{.*}}, %{{.*}}, %{{.*}} {dim = 0, reduce = "mean", include_self = false} : (tensor<4x3xf32>, tensor<1x2xi64>, tensor<1x2xf32>) -> tensor<4x3xf32>
  %24 = aten.scatter_reduce.two %f32_4x3, %i64_1x2, %f32_1x2 {dim = 0, reduce = "mean", include_self = false} : (tensor<4x3xf32>, tensor<1x2xi64>, tensor<1x2xf32>) -> tensor<4x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.searchsorted.Tensor %{{.*}}, %{{.*}} : (tensor<1x3x1xi64>, tensor<1x3x3xi64>) -> tensor<1x3x3xi64>
  %25 = aten.searchsorted.Tensor %i64_1x3x1, %i64_1x3x3 : (tensor<1x3x1xi64>, tensor<1x3x3xi64>) -> tensor<1x3x3xi64>
  // CHECK-NEXT: %{{.*}} = aten.select_scatter %{{.*}}, %{{.*}} {dim = -1, index = 0} : (tensor<4x4x4xf32>, tensor<4x4xf32>) -> tensor<4x4x4xf32>
  %26 = aten.select_scatter %f32_4x4x4, %f32_4x4 {dim = -1, index = 0} : (tensor<4x4x4xf32>, tensor<4x4xf32>) -> tensor<4x4x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.slice_scatter %{{.*}}, %{{.*}} {dim = 1, start = 0, end = -1, step = 2} : (tensor<3x4xi64>, tensor<3x2xf32>) -> tensor<3x4xi64>
  %27 = aten.slice_scatter %i64_3x4, %f32_3x2 {dim = 1, start = 0, end = -1, step = 2} : (tensor<3x4xi64>, tensor<3x2xf32>) -> tensor<3x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.take %{{.*}}, %{{.*}} : (tensor<1x1x3xbf16>, tensor<1x1x1xi64>) -> tensor<1x1x1xbf16>
  %28 = aten.take %bf16_1x1x3, %i64_1x1x1 : (tensor<1x1x3xbf16>, tensor<1x1x1xi64>) -> tensor<1x1x1xbf16>
  // CHECK-NEXT: %{{.*}} = aten.take_along_dim %{{.*}}, %{{.*}} {dim = -2} : (tensor<6x3x3xf32>, tensor<6x6x1xi64>) -> tensor<6x6x3xf32>
  %29 = aten.take_along_dim %f32_6x3x3, %i64_6x6x1 {dim = -2} : (tensor<6x3x3xf32>, tensor<6x6x1xi64>) -> tensor<6x6x3xf32>
  // CHECK-NEXT: func.return
  func.return
}
