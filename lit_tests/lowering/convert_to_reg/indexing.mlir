// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// CHECK-LABEL: func.func @embedding(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %1 = reg.Gather %w, %i, %0 :
// CHECK-NEXT:    func.return %1
func.func @embedding(%w: tensor<9x4xf32>, %i: tensor<2x3xi64>) -> tensor<2x3x4xf32> {
  %0 = aten.embedding %w, %i : (tensor<9x4xf32>, tensor<2x3xi64>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}

// One index is a gather, and counts from the back, too.
// CHECK-LABEL: func.func @one(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<i64>}
// CHECK-NEXT:    %1 = reg.Gather %x, %i, %0 :
// CHECK-NEXT:    func.return %1
func.func @one(%x: tensor<4x5x6xf32>, %i: tensor<2xi64>) -> tensor<4x2x6xf32> {
  %0 = aten.index.Tensor %x, [none, %i] : (tensor<4x5x6xf32>, tensor<2xi64>) -> tensor<4x2x6xf32>
  func.return %0 : tensor<4x2x6xf32>
}

// Two become one over merged dimensions; known ones are worked out here.
// CHECK-LABEL: func.func @two(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<{{\[\[}}0, 4, 2{{\]\]}}> : tensor<1x3xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<[5, 6]> : tensor<2xi64>}
// CHECK-NEXT:    %2 = reg.Reshape %x, %1 {special_zero = false}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %4 = reg.Gather %2, %0, %3 :
// CHECK-NEXT:    func.return %4
func.func @two(%x: tensor<1x5x6xf32>) -> tensor<1x3x6xf32> {
  %b = forge.constant dense<0> : tensor<1x1xi64>
  %i = forge.constant dense<[[0, -1, 2]]> : tensor<1x3xi64>
  %0 = aten.index.Tensor %x, [%b, %i] : (tensor<1x5x6xf32>, tensor<1x1xi64>, tensor<1x3xi64>) -> tensor<1x3x6xf32>
  func.return %0 : tensor<1x3x6xf32>
}

// CHECK-LABEL: func.func @unknown(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %1 = reg.Less %i, %0 :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<4> : tensor<i64>}
// CHECK-NEXT:    %3 = reg.Add %i, %2 :
// CHECK-NEXT:    %4 = reg.Select %1, %3, %i :
// CHECK-NEXT:    %5 = reg.Less %j, %0 :
// CHECK-NEXT:    %6 = reg.Constant {value = dense<5> : tensor<i64>}
// CHECK-NEXT:    %7 = reg.Add %j, %6 :
// CHECK-NEXT:    %8 = reg.Select %5, %7, %j :
// CHECK-NEXT:    %9 = reg.Multiply %4, %6 :
// CHECK-NEXT:    %10 = reg.Add %9, %8 :
// CHECK-NEXT:    %11 = reg.Constant {value = dense<20> : tensor<1xi64>}
// CHECK-NEXT:    %12 = reg.Reshape %x, %11 {special_zero = false}
// CHECK-NEXT:    %13 = reg.Gather %12, %10, %0 :
// CHECK-NEXT:    func.return %13
func.func @unknown(%x: tensor<4x5xf32>, %i: tensor<2xi64>, %j: tensor<2xi64>) -> tensor<2xf32> {
  %0 = aten.index.Tensor %x, [%i, %j] : (tensor<4x5xf32>, tensor<2xi64>, tensor<2xi64>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @gather(
// CHECK-NEXT:    %0 = reg.GatherElements %x, %i {axis = 0}
// CHECK-NEXT:    func.return %0
func.func @gather(%x: tensor<4x5xf32>, %i: tensor<2x5xi64>) -> tensor<2x5xf32> {
  %0 = aten.gather %x, %i {dim = 0} : (tensor<4x5xf32>, tensor<2x5xi64>) -> tensor<2x5xf32>
  func.return %0 : tensor<2x5xf32>
}

// CHECK-LABEL: func.func @scatter(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<2> : tensor<1xi64>}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %3 = reg.Slice %s, %0, %1, %2, axes = %0 :
// CHECK-NEXT:    %4 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %5 = reg.ScatterElementsUpdate %x, %i, %3, %4 :
// CHECK-NEXT:    %6 = reg.Slice %s, %0, %1, %2, axes = %0 :
// CHECK-NEXT:    %7 = reg.ScatterElementsUpdate %x, %i, %6, %4 {reduction = "sum"}
// CHECK-NEXT:    func.return %5, %7
func.func @scatter(%x: tensor<4x5xf32>, %i: tensor<2x5xi64>, %s: tensor<3x5xf32>) -> (tensor<4x5xf32>, tensor<4x5xf32>) {
  %0 = aten.scatter.src %x, %i, %s {dim = 0} : (tensor<4x5xf32>, tensor<2x5xi64>, tensor<3x5xf32>) -> tensor<4x5xf32>
  %1 = aten.scatter_add %x, %i, %s {dim = 0} : (tensor<4x5xf32>, tensor<2x5xi64>, tensor<3x5xf32>) -> tensor<4x5xf32>
  func.return %0, %1 : tensor<4x5xf32>, tensor<4x5xf32>
}

// CHECK-LABEL: func.func @masked(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[4, 1]> : tensor<2xi64>}
// CHECK-NEXT:    %1 = reg.Reshape %m, %0 {special_zero = false}
// CHECK-NEXT:    %2 = reg.Select %1, %v, %x :
// CHECK-NEXT:    func.return %2
func.func @masked(%x: tensor<4x5xf32>, %m: tensor<4xi1>, %v: tensor<f32>) -> tensor<4x5xf32> {
  %0 = aten.index_put %x, [%m], %v : (tensor<4x5xf32>, tensor<4xi1>, tensor<f32>) -> tensor<4x5xf32>
  func.return %0 : tensor<4x5xf32>
}
