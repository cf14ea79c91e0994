// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Sorting and scans: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @sorting
func.func @sorting(
    %f32_2x2: tensor<2x2xf32>,
    %f32_6x2: tensor<6x2xf32>,
    %f32_6x3x1x1: tensor<6x3x1x1xf32>,
    %i1_3x4x6: tensor<3x4x6xi1>,
    %i1_6x4x6: tensor<6x4x6xi1>,
    %i32_2x3x2x3: tensor<2x3x2x3xi32>,
    %i32_2x4x4x2: tensor<2x4x4x2xi32>,
    %i64_2x1x3x4: tensor<2x1x3x4xi64>,
    %i8_4x1x2x2: tensor<4x1x2x2xi8>) {
  // CHECK-NEXT: %{{.*}} = aten.argsort %{{.*}} {dim = -3, descending = true} : (tensor<6x3x1x1xf32>) -> tensor<6x3x1x1xi64>
  %0 = aten.argsort %f32_6x3x1x1 {dim = -3, descending = true} : (tensor<6x3x1x1xf32>) -> tensor<6x3x1x1xi64>
  // CHECK-NEXT: %{{.*}} = aten.argsort.stable %{{.*}} {stable = true, dim = -4} : (tensor<4x1x2x2xi8>) -> tensor<4x1x2x2xi64>
  %1 = aten.argsort.stable %i8_4x1x2x2 {stable = true, dim = -4} : (tensor<4x1x2x2xi8>) -> tensor<4x1x2x2xi64>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.cummax %{{.*}} {dim = 2} : (tensor<2x1x3x4xi64>) -> (tensor<2x1x3x4xi64>, tensor<2x1x3x4xi64>)
  %2, %3 = aten.cummax %i64_2x1x3x4 {dim = 2} : (tensor<2x1x3x4xi64>) -> (tensor<2x1x3x4xi64>, tensor<2x1x3x4xi64>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.cummin %{{.*}} {dim = 2} : (tensor<2x1x3x4xi64>) -> (tensor<2x1x3x4xi64>, tensor<2x1x3x4xi64>)
  %4, %5 = aten.cummin %i64_2x1x3x4 {dim = 2} : (tensor<2x1x3x4xi64>) -> (tensor<2x1x3x4xi64>, tensor<2x1x3x4xi64>)
  // CHECK-NEXT: %{{.*}} = aten.cumprod %{{.*}} {dim = 0, dtype = f32} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %6 = aten.cumprod %f32_2x2 {dim = 0, dtype = f32} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.cumsum %{{.*}} {dim = 0, dtype = f32} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %7 = aten.cumsum %f32_2x2 {dim = 0, dtype = f32} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.diff %{{.*}}, append = %{{.*}} {n = 2, dim = -3} : (tensor<6x4x6xi1>, tensor<3x4x6xi1>) -> tensor<7x4x6xi1>
  %8 = aten.diff %i1_6x4x6, append = %i1_3x4x6 {n = 2, dim = -3} : (tensor<6x4x6xi1>, tensor<3x4x6xi1>) -> tensor<7x4x6xi1>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.kthvalue %{{.*}} {k = 1, dim = -2, keepdim = true} : (tensor<2x3x2x3xi32>) -> (tensor<2x3x1x3xi32>, tensor<2x3x1x3xi64>)
  %9, %10 = aten.kthvalue %i32_2x3x2x3 {k = 1, dim = -2, keepdim = true} : (tensor<2x3x2x3xi32>) -> (tensor<2x3x1x3xi32>, tensor<2x3x1x3xi64>)
  // CHECK-NEXT: %{{.*}} = aten.logcumsumexp %{{.*}} {dim = 0} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  %11 = aten.logcumsumexp %f32_6x2 {dim = 0} : (tensor<6x2xf32>) -> tensor<6x2xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.sort %{{.*}} {dim = -3, descending = true} : (tensor<6x3x1x1xf32>) -> (tensor<6x3x1x1xf32>, tensor<6x3x1x1xi64>)
  %12, %13 = aten.sort %f32_6x3x1x1 {dim = -3, descending = true} : (tensor<6x3x1x1xf32>) -> (tensor<6x3x1x1xf32>, tensor<6x3x1x1xi64>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.sort.stable %{{.*}} {stable = true, dim = -4} : (tensor<4x1x2x2xi8>) -> (tensor<4x1x2x2xi8>, tensor<4x1x2x2xi64>)
  %14, %15 = aten.sort.stable %i8_4x1x2x2 {stable = true, dim = -4} : (tensor<4x1x2x2xi8>) -> (tensor<4x1x2x2xi8>, tensor<4x1x2x2xi64>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.topk %{{.*}} {k = 2, dim = 2, largest = false} : (tensor<2x4x4x2xi32>) -> (tensor<2x4x2x2xi32>, tensor<2x4x2x2xi64>)
  %16, %17 = aten.topk %i32_2x4x4x2 {k = 2, dim = 2, largest = false} : (tensor<2x4x4x2xi32>) -> (tensor<2x4x2x2xi32>, tensor<2x4x2x2xi64>)
  // CHECK-NEXT: func.return
  func.return
}
