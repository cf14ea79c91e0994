// RUN: forge-opt %s -p eliminate-dead-code | filecheck %s

// A whole chain that ends in nothing goes, with its weight.
// CHECK-LABEL: func.func @chain
// CHECK-NEXT:    %0 = aten.abs %x
// CHECK-NEXT:    func.return %0
func.func @chain(%x: tensor<4xf32>) -> tensor<4xf32> {
  %w = forge.weight "unused" : tensor<4xf32>
  %0 = aten.mul.Tensor %x, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.relu %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.abs %x : (tensor<4xf32>) -> tensor<4xf32>
  func.return %2 : tensor<4xf32>
}

// One used result keeps an operation with several.
// CHECK-LABEL: func.func @one_of_two
// CHECK-NEXT:    %0, %1 = aten.split.Tensor %x {split_size = 2}
// CHECK-NEXT:    func.return %1
func.func @one_of_two(%x: tensor<4xf32>) -> tensor<2xf32> {
  %0, %1 = aten.split.Tensor %x {split_size = 2} : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  func.return %1 : tensor<2xf32>
}

// An operation that is not known to be pure stays.
// CHECK-LABEL: func.func @effect
// CHECK-NEXT:    func.call @chain(%x)
func.func @effect(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = func.call @chain(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %x : tensor<4xf32>
}
