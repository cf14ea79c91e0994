// RUN: forge-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// What does not fit together is named, with the operation and its place.

// The result's element type.
// CHECK: aten.relu: result #0 has type tensor<2x3xf16>, expected tensor<2x3xf32>
// CHECK-NEXT: at {{.*}}diagnostics.mlir:9:3
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.relu %x : (tensor<2x3xf32>) -> tensor<2x3xf16>
  func.return
}

// -----
// The result's shape.
// CHECK: aten.transpose.int: result #0 has type tensor<2x3xf32>, expected tensor<3x2xf32>
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.transpose.int %x {dim0 = 0, dim1 = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// The number of results.
// CHECK: aten.unbind.int: expected 2 results, got 1
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.unbind.int %x : (tensor<2x3xf32>) -> tensor<3xf32>
  func.return
}

// -----
// A dimension.
// CHECK: aten.softmax.int: dimension 2 is out of range for rank 2: expected -2 to 1
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.softmax.int %x {dim = 2} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// Shapes that do not broadcast.
// CHECK: aten.add.Tensor: shapes [2, 3], [2] do not broadcast
func.func @main(%x: tensor<2x3xf32>, %y: tensor<2xf32>) {
  %0 = aten.add.Tensor %x, %y : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A size.
// CHECK: aten.view: 6 elements do not fit shape [-1, 4]
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.view %x {size = [-1, 4]} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  func.return
}

// -----
// A shape that depends on data.
// CHECK: aten.index.Tensor: with a mask as index the shape of the result depends on data
func.func @main(%x: tensor<2x3xf32>, %m: tensor<2x3xi1>) {
  %0 = aten.index.Tensor %x, [%m] : (tensor<2x3xf32>, tensor<2x3xi1>) -> tensor<4xf32>
  func.return
}

// -----
// An operand that is missing.
// CHECK: aten.add.Tensor expects an operand other
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.add.Tensor %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// An operand too many.
// CHECK: aten.relu has no such operand; it takes input
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.relu %x, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// An operand that is no tensor.
// CHECK: aten.relu: operand 'input' at position 0 does not verify
func.func @main(%x: i32) {
  %0 = aten.relu %x : (i32) -> tensor<f32>
  func.return
}

// -----
// A static argument that the operator lacks.
// CHECK: aten.relu: inplace is not a property; it has none
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.relu %x {inplace = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A static argument that is missing.
// CHECK: property 'dim' expected in operation 'aten.softmax.int'
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.softmax.int %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A static argument of another type.
// CHECK: aten.softmax.int: dim must be an integer (i64), got 1.0{{.*}} : f64
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.softmax.int %x {dim = 1.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// Training.
// CHECK: aten.dropout: {{.*}}train
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.dropout %x {p = 0.1, train = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A list that says something else than its mask.
// CHECK: aten.index.Tensor: indices_present says that 2 elements are present, but indices has 1
func.func @main(%x: tensor<2x3xf32>, %i: tensor<2xi64>) {
  %0 = "aten.index.Tensor"(%x, %i) <{indices_present = array<i1: true, true>}> : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  func.return
}

// -----
// An operator that the dialect has no class for.
// CHECK: aten.frobnicate
func.func @main(%x: tensor<2x3xf32>) {
  %0 = aten.frobnicate %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}
