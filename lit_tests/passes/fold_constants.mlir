// RUN: forge-opt %s -p fold-constants | filecheck %s
// RUN: forge-opt %s -p 'fold-constants{max_elements=2}' | filecheck %s --check-prefix=SMALL

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

// Floating-point arithmetic stays, for its rounding is the program's.
// CHECK-LABEL: func.func @floats
// CHECK-NEXT:    forge.constant
// CHECK-NEXT:    aten.add.Scalar
// CHECK-NEXT:    func.return
func.func @floats() -> tensor<f32> {
  %0 = forge.constant dense<0.1> : tensor<f32>
  %1 = aten.add.Scalar %0 {other = 0.2} : (tensor<f32>) -> tensor<f32>
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
