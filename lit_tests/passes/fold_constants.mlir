// RUN: forge-opt %s -p fold-constants | filecheck %s
// RUN: forge-opt %s -p 'fold-constants{max_elements=2}' | filecheck %s --check-prefix=SMALL
// RUN: forge-opt %s -p fold-constants --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN:      fold-constants:
// EXPLAIN-NEXT:   fired    {{.*}} at {{.*}}fold_constants.mlir
// EXPLAIN:        refused  DropNeutralOperand: aten.add.Tensor at {{.*}}: the constant gives the result its shape or type
// EXPLAIN:        refused  ChooseKnownSide: aten.where.ScalarOther at {{.*}}: the side that is always chosen has another type
// EXPLAIN:        refused  DropNeutralOperand: aten.add.Tensor at {{.*}}: what is added to the constant is scaled
// EXPLAIN:        refused  DropNeutralOperand: aten.bitwise_and.Tensor at {{.*}}: true keeps booleans only, not the bits of integers

// A chain of integers becomes its last value; the location of that stays.
// CHECK-LABEL: func.func @chain
// CHECK-NEXT:    %0 = forge.constant dense<[1, 2, 3, 4]> : tensor<4xi64>
// CHECK-NEXT:    func.return %0
// SMALL-LABEL: func.func @chain
// SMALL-NEXT:    aten.arange
// SMALL-NEXT:    aten.add.Scalar
// SMALL-NEXT:    func.return
func.func @chain() -> tensor<4xi64> {
  %0 = aten.arange {end = 4} : () -> tensor<4xi64>
  %1 = aten.add.Scalar %0 {other = 1} : (tensor<4xi64>) -> tensor<4xi64>
  func.return %1 : tensor<4xi64>
}

// A value that other operations use, too, is a constant of its own.
// CHECK-LABEL: func.func @shared
// CHECK-NEXT:    %0 = forge.constant dense<[0, 1]> : tensor<2xi64>
// CHECK-NEXT:    %1 = forge.constant dense<[false, true]> : tensor<2xi1>
// CHECK-NEXT:    aten.add.Tensor %x, %0
// CHECK-NEXT:    func.return
func.func @shared(%x: tensor<2xi64>) -> (tensor<2xi64>, tensor<2xi1>) {
  %0 = aten.arange {end = 2} : () -> tensor<2xi64>
  %1 = aten.gt.Scalar %0 {other = 0} : (tensor<2xi64>) -> tensor<2xi1>
  %2 = aten.add.Tensor %x, %0 : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  func.return %2, %1 : tensor<2xi64>, tensor<2xi1>
}

// What depends on an input stays.
// CHECK-LABEL: func.func @input
// CHECK-NEXT:    aten.add.Scalar %x
// CHECK-NEXT:    func.return
func.func @input(%x: tensor<4xi64>) -> tensor<4xi64> {
  %0 = aten.add.Scalar %x {other = 1} : (tensor<4xi64>) -> tensor<4xi64>
  func.return %0 : tensor<4xi64>
}

// A single float is folded where its arithmetic has one rounding only.
// CHECK-LABEL: func.func @scalar
// CHECK-NEXT:    %0 = forge.constant dense<3.000000e-01> : tensor<f32>
// CHECK-NEXT:    func.return %0
func.func @scalar() -> tensor<f32> {
  %0 = forge.constant dense<0.1> : tensor<f32>
  %1 = aten.add.Scalar %0 {other = 0.2} : (tensor<f32>) -> tensor<f32>
  func.return %1 : tensor<f32>
}

// Positions that are counted in floats are integers again.
// CHECK-LABEL: func.func @counted
// CHECK-NEXT:    %0 = forge.constant dense<{{.*}}0, 1, 2{{.*}}> : tensor<1x3xi64>
// CHECK-NEXT:    func.return %0
func.func @counted() -> tensor<1x3xi64> {
  %0 = aten.ones {size = [1, 3]} : () -> tensor<1x3xf32>
  %1 = aten.cumsum %0 {dim = 1} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  %2 = aten.mul.Tensor %1, %0 : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  %3 = aten.sub.Scalar %2 {other = 1} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  %4 = aten.to.dtype %3 {dtype = i64} : (tensor<1x3xf32>) -> tensor<1x3xi64>
  func.return %4 : tensor<1x3xi64>
}

// A chain of casts ends in one value.
// CHECK-LABEL: func.func @casts
// CHECK-NEXT:    %0 = forge.constant dense<1.000980e-01> : tensor<bf16>
// CHECK-NEXT:    func.return %0
func.func @casts() -> tensor<bf16> {
  %0 = forge.constant dense<0.1> : tensor<f64>
  %1 = aten.to.dtype %0 {dtype = f32} : (tensor<f64>) -> tensor<f32>
  %2 = aten.to.dtype %1 {dtype = bf16} : (tensor<f32>) -> tensor<bf16>
  func.return %2 : tensor<bf16>
}

// A table of floats stays: it is computed when the program is loaded.
// CHECK-LABEL: func.func @table
// CHECK-NEXT:    forge.constant dense<[0, 1, 2, 3]> : tensor<4xi64>
// CHECK-NEXT:    aten.to.dtype
// CHECK-NEXT:    aten.mul.Scalar
// CHECK-NEXT:    func.return
func.func @table() -> tensor<4xf32> {
  %0 = aten.arange {end = 4} : () -> tensor<4xi64>
  %1 = aten.to.dtype %0 {dtype = f32} : (tensor<4xi64>) -> tensor<4xf32>
  %2 = aten.mul.Scalar %1 {other = 0.5} : (tensor<4xf32>) -> tensor<4xf32>
  func.return %2 : tensor<4xf32>
}

// Numbers whose last digit is the library's matter stay, too.
// CHECK-LABEL: func.func @cosine
// CHECK-NEXT:    forge.constant
// CHECK-NEXT:    aten.cos
// CHECK-NEXT:    func.return
func.func @cosine() -> tensor<f32> {
  %0 = forge.constant dense<0.1> : tensor<f32>
  %1 = aten.cos %0 : (tensor<f32>) -> tensor<f32>
  func.return %1 : tensor<f32>
}

// A product that is added may be rounded once or twice.
// CHECK-LABEL: func.func @fused
// CHECK-NEXT:    forge.constant
// CHECK-NEXT:    aten.add.Scalar
// CHECK-NEXT:    func.return
func.func @fused() -> tensor<f32> {
  %0 = forge.constant dense<0.1> : tensor<f32>
  %1 = aten.add.Scalar %0 {other = 0.3, alpha = 0.7} : (tensor<f32>) -> tensor<f32>
  func.return %1 : tensor<f32>
}

// A weight is not known while compiling.
// CHECK-LABEL: func.func @weight
// CHECK-NEXT:    forge.weight
// CHECK-NEXT:    aten.add.Scalar
// CHECK-NEXT:    func.return
func.func @weight() -> tensor<2xi64> {
  %0 = forge.weight "ids" : tensor<2xi64>
  %1 = aten.add.Scalar %0 {other = 1} : (tensor<2xi64>) -> tensor<2xi64>
  func.return %1 : tensor<2xi64>
}

// A mask that hides nothing is not added, and does not choose.
// CHECK-LABEL: func.func @neutral
// CHECK-NEXT:    func.return %x, %x, %x, %b, %x
func.func @neutral(%x: tensor<2x3xf32>, %b: tensor<3xi1>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi1>, tensor<2x3xf32>) {
  %0 = forge.constant dense<true> : tensor<1x3xi1>
  %1 = forge.constant dense<0.0> : tensor<f32>
  %2 = aten.where.ScalarOther %0, %1 {other = -3.4028234663852886e+38} : (tensor<1x3xi1>, tensor<f32>) -> tensor<1x3xf32>
  %3 = aten.add.Tensor %x, %2 : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %4 = aten.where.ScalarOther %0, %x {other = -3.4028234663852886e+38} : (tensor<1x3xi1>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = aten.where.self %0, %x, %3 : (tensor<1x3xi1>, tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = forge.constant dense<true> : tensor<i1>
  %7 = aten.__and__.Tensor %6, %b : (tensor<i1>, tensor<3xi1>) -> tensor<3xi1>
  %8 = aten.logical_not %0 : (tensor<1x3xi1>) -> tensor<1x3xi1>
  %9 = aten.masked_fill.Scalar %x, %8 {value = 1.0} : (tensor<2x3xf32>, tensor<1x3xi1>) -> tensor<2x3xf32>
  func.return %3, %4, %5, %7, %9 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xi1>, tensor<2x3xf32>
}

// It stays where it gives the result its shape or its type, ...
// CHECK-LABEL: func.func @gives_the_type
// CHECK:         aten.add.Tensor
// CHECK-NEXT:    aten.where.ScalarOther
// CHECK-NEXT:    func.return
func.func @gives_the_type(%x: tensor<3xf16>) -> (tensor<3xf32>, tensor<2x3xf16>) {
  %0 = forge.constant dense<0.0> : tensor<3xf32>
  %1 = forge.constant dense<true> : tensor<2x1xi1>
  %2 = aten.add.Tensor %x, %0 : (tensor<3xf16>, tensor<3xf32>) -> tensor<3xf32>
  %3 = aten.where.ScalarOther %1, %x {other = 0.0} : (tensor<2x1xi1>, tensor<3xf16>) -> tensor<2x3xf16>
  func.return %2, %3 : tensor<3xf32>, tensor<2x3xf16>
}

// ... where one element is not neutral, ...
// CHECK-LABEL: func.func @one_element
// CHECK:         aten.add.Tensor
// CHECK-NEXT:    aten.where.ScalarOther
// CHECK-NEXT:    func.return
func.func @one_element(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = forge.constant dense<[0.0, 1.0e-30]> : tensor<2xf32>
  %1 = forge.constant dense<[true, false]> : tensor<2xi1>
  %2 = aten.add.Tensor %x, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = aten.where.ScalarOther %1, %x {other = 0.0} : (tensor<2xi1>, tensor<2xf32>) -> tensor<2xf32>
  func.return %2, %3 : tensor<2xf32>, tensor<2xf32>
}

// ... where the other operand is scaled, and where bits are masked.
// CHECK-LABEL: func.func @scaled
// CHECK:         aten.add.Tensor
// CHECK-NEXT:    aten.bitwise_and.Tensor
// CHECK-NEXT:    func.return
func.func @scaled(%x: tensor<2xf32>, %i: tensor<2xi64>) -> (tensor<2xf32>, tensor<2xi64>) {
  %0 = forge.constant dense<0.0> : tensor<2xf32>
  %1 = forge.constant dense<1> : tensor<2xi64>
  %2 = aten.add.Tensor %0, %x {alpha = 2} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = aten.bitwise_and.Tensor %i, %1 : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  func.return %2, %3 : tensor<2xf32>, tensor<2xi64>
}
