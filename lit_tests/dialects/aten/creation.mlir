// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Creation: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @creation
func.func @creation(
    %f32_2x2: tensor<2x2xf32>,
    %f32_2x3x3: tensor<2x3x3xf32>,
    %f32_3x6x6x2: tensor<3x6x6x2xf32>,
    %i64_4x4: tensor<4x4xi64>,
    %i64_6x4: tensor<6x4xi64>) {
  // CHECK-NEXT: %{{.*}} = aten.arange {end = 5, dtype = f32} : () -> tensor<5xf32>
  %0 = aten.arange {end = 5, dtype = f32} : () -> tensor<5xf32>
  // CHECK-NEXT: %{{.*}} = aten.arange.start {start = -7, end = 7.1, dtype = f32} : () -> tensor<15xf32>
  %1 = aten.arange.start {start = -7, end = 7.1, dtype = f32} : () -> tensor<15xf32>
  // CHECK-NEXT: %{{.*}} = aten.arange.start_step {start = -6, end = 5.1, step = 0.4, dtype = f32} : () -> tensor<28xf32>
  %2 = aten.arange.start_step {start = -6, end = 5.1, step = 0.4, dtype = f32} : () -> tensor<28xf32>
  // CHECK-NEXT: %{{.*}} = aten.empty.memory_format {size = [4, 1], dtype = f32} : () -> tensor<4x1xf32>
  %3 = aten.empty.memory_format {size = [4, 1], dtype = f32} : () -> tensor<4x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.empty_like %{{.*}} : (tensor<3x6x6x2xf32>) -> tensor<3x6x6x2xf32>
  %4 = aten.empty_like %f32_3x6x6x2 : (tensor<3x6x6x2xf32>) -> tensor<3x6x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.eye {n = 4, dtype = f32} : () -> tensor<4x4xf32>
  %5 = aten.eye {n = 4, dtype = f32} : () -> tensor<4x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.eye.m {n = 2, m = 2, dtype = f32} : () -> tensor<2x2xf32>
  %6 = aten.eye.m {n = 2, m = 2, dtype = f32} : () -> tensor<2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.full {size = [2, 4, 1, 2], fill_value = 0, dtype = f32} : () -> tensor<2x4x1x2xf32>
  %7 = aten.full {size = [2, 4, 1, 2], fill_value = 0, dtype = f32} : () -> tensor<2x4x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.full_like %{{.*}} {fill_value = -7, dtype = f32} : (tensor<4x4xi64>) -> tensor<4x4xf32>
  %8 = aten.full_like %i64_4x4 {fill_value = -7, dtype = f32} : (tensor<4x4xi64>) -> tensor<4x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.linspace {start = 0.0, end = -0.0, steps = 6, dtype = f32} : () -> tensor<6xf32>
  %9 = aten.linspace {start = 0.0, end = -0.0, steps = 6, dtype = f32} : () -> tensor<6xf32>
  // CHECK-NEXT: %{{.*}} = aten.new_empty %{{.*}} {size = [1, 3, 4, 3]} : (tensor<2x3x3xf32>) -> tensor<1x3x4x3xf32>
  %10 = aten.new_empty %f32_2x3x3 {size = [1, 3, 4, 3]} : (tensor<2x3x3xf32>) -> tensor<1x3x4x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.new_full %{{.*}} {size = [1, 1], fill_value = 1, dtype = f32} : (tensor<2x2xf32>) -> tensor<1x1xf32>
  %11 = aten.new_full %f32_2x2 {size = [1, 1], fill_value = 1, dtype = f32} : (tensor<2x2xf32>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.new_ones %{{.*}} {size = [1, 3, 4, 3]} : (tensor<2x3x3xf32>) -> tensor<1x3x4x3xf32>
  %12 = aten.new_ones %f32_2x3x3 {size = [1, 3, 4, 3]} : (tensor<2x3x3xf32>) -> tensor<1x3x4x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.new_zeros %{{.*}} {size = [1, 3, 4, 3]} : (tensor<2x3x3xf32>) -> tensor<1x3x4x3xf32>
  %13 = aten.new_zeros %f32_2x3x3 {size = [1, 3, 4, 3]} : (tensor<2x3x3xf32>) -> tensor<1x3x4x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.one_hot %{{.*}} {num_classes = 3} : (tensor<6x4xi64>) -> tensor<6x4x3xi64>
  %14 = aten.one_hot %i64_6x4 {num_classes = 3} : (tensor<6x4xi64>) -> tensor<6x4x3xi64>
  // CHECK-NEXT: %{{.*}} = aten.ones {size = [2], dtype = f32} : () -> tensor<2xf32>
  %15 = aten.ones {size = [2], dtype = f32} : () -> tensor<2xf32>
  // CHECK-NEXT: %{{.*}} = aten.ones_like %{{.*}} : (tensor<3x6x6x2xf32>) -> tensor<3x6x6x2xf32>
  %16 = aten.ones_like %f32_3x6x6x2 : (tensor<3x6x6x2xf32>) -> tensor<3x6x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.scalar_tensor {s = 0.0, dtype = f32} : () -> tensor<f32>
  %17 = aten.scalar_tensor {s = 0.0, dtype = f32} : () -> tensor<f32>
  // CHECK-NEXT: %{{.*}} = aten.tril_indices {row = 4, col = 3, offset = -3} : () -> tensor<2x1xi64>
  %18 = aten.tril_indices {row = 4, col = 3, offset = -3} : () -> tensor<2x1xi64>
  // CHECK-NEXT: %{{.*}} = aten.triu_indices {row = 4, col = 3, offset = -3} : () -> tensor<2x12xi64>
  %19 = aten.triu_indices {row = 4, col = 3, offset = -3} : () -> tensor<2x12xi64>
  // CHECK-NEXT: %{{.*}} = aten.zeros {size = [2], dtype = f32} : () -> tensor<2xf32>
  %20 = aten.zeros {size = [2], dtype = f32} : () -> tensor<2xf32>
  // CHECK-NEXT: %{{.*}} = aten.zeros_like %{{.*}} : (tensor<3x6x6x2xf32>) -> tensor<3x6x6x2xf32>
  %21 = aten.zeros_like %f32_3x6x6x2 : (tensor<3x6x6x2xf32>) -> tensor<3x6x6x2xf32>
  // CHECK-NEXT: func.return
  func.return
}
