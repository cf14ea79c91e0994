// RUN: forge-opt %s --split-input-file --verify-diagnostics

// What does not fit together is named, with the operation and its place.

// The result's element type.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.relu: result #0 has type tensor<2x3xf16>, expected tensor<2x3xf32>}}
  %0 = aten.relu %x : (tensor<2x3xf32>) -> tensor<2x3xf16>
  func.return
}

// -----
// The result's shape.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.transpose.int: result #0 has type tensor<2x3xf32>, expected tensor<3x2xf32>}}
  %0 = aten.transpose.int %x {dim0 = 0, dim1 = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// The number of results.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.unbind.int: expected 2 results, got 1}}
  %0 = aten.unbind.int %x : (tensor<2x3xf32>) -> tensor<3xf32>
  func.return
}

// -----
// A dimension.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.softmax.int: dimension 2 is out of range for rank 2: expected -2 to 1}}
  %0 = aten.softmax.int %x {dim = 2} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// Shapes that do not broadcast.
func.func @main(%x: tensor<2x3xf32>, %y: tensor<2xf32>) {
  // expected-error @below {{aten.add.Tensor: shapes [2, 3], [2] do not broadcast}}
  %0 = aten.add.Tensor %x, %y : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A size.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.view: 6 elements do not fit shape [-1, 4]}}
  %0 = aten.view %x {size = [-1, 4]} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  func.return
}

// -----
// A shape that depends on data.
func.func @main(%x: tensor<2x3xf32>, %m: tensor<2x3xi1>) {
  // expected-error @below {{aten.index.Tensor: with a mask as index the shape of the result depends on data}}
  %0 = aten.index.Tensor %x, [%m] : (tensor<2x3xf32>, tensor<2x3xi1>) -> tensor<4xf32>
  func.return
}

// -----
// An operand that is missing.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.add.Tensor expects an operand other}}
  %0 = aten.add.Tensor %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// An operand too many.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.relu has no such operand; it takes input}}
  %0 = aten.relu %x, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// An operand that is no tensor.
func.func @main(%x: i32) {
  // expected-error @below {{aten.relu: operand 'input' at position 0 does not verify}}
  %0 = aten.relu %x : (i32) -> tensor<f32>
  func.return
}

// -----
// A static argument that the operator lacks.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.relu: inplace is not a property; it has none}}
  %0 = aten.relu %x {inplace = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A static argument that is missing.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{property 'dim' expected in operation 'aten.softmax.int'}}
  %0 = aten.softmax.int %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A static argument of another type.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error-re @below {{aten.softmax.int: dim must be an integer (i64), got 1.0{{.*}} : f64}}
  %0 = aten.softmax.int %x {dim = 1.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// Training.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error-re @below {{aten.dropout: {{.*}}train}}
  %0 = aten.dropout %x {p = 0.1, train = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}

// -----
// A list that says something else than its mask.
func.func @main(%x: tensor<2x3xf32>, %i: tensor<2xi64>) {
  // expected-error @below {{aten.index.Tensor: indices_present says that 2 elements are present, but indices has 1}}
  %0 = "aten.index.Tensor"(%x, %i) <{indices_present = array<i1: true, true>}> : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  func.return
}

// -----
// An operator that the dialect has no class for.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{aten.frobnicate}}
  %0 = aten.frobnicate %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return
}
