// RUN: forge-opt %s -p eliminate-common-subexpressions | filecheck %s

// Equal operations become one, and then those that use them.
// CHECK-LABEL: func.func @chain
// CHECK-NEXT:    %0 = aten.unsqueeze %x {dim = 0}
// CHECK-NEXT:    %1 = aten.relu %0
// CHECK-NEXT:    %2 = aten.add.Tensor %1, %1
// CHECK-NEXT:    func.return %2
func.func @chain(%x: tensor<4xf32>) -> tensor<1x4xf32> {
  %0 = aten.unsqueeze %x {dim = 0} : (tensor<4xf32>) -> tensor<1x4xf32>
  %1 = aten.unsqueeze %x {dim = 0} : (tensor<4xf32>) -> tensor<1x4xf32>
  %2 = aten.relu %0 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %3 = aten.relu %1 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %4 = aten.add.Tensor %2, %3 : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  func.return %4 : tensor<1x4xf32>
}

// Weights and constants are merged by name and by value.
// CHECK-LABEL: func.func @constants
// CHECK-NEXT:    %0 = forge.weight "w"
// CHECK-NEXT:    %1 = forge.weight "v"
// CHECK-NEXT:    %2 = forge.constant dense<1.0
// CHECK-NEXT:    %3 = forge.constant dense<2.0
// CHECK-NEXT:    func.return %0, %0, %1, %2, %3, %2
func.func @constants() -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<f32>, tensor<f32>) {
  %0 = forge.weight "w" : tensor<4xf32>
  %1 = forge.weight "w" : tensor<4xf32>
  %2 = forge.weight "v" : tensor<4xf32>
  %3 = forge.constant dense<1.0> : tensor<f32>
  %4 = forge.constant dense<2.0> : tensor<f32>
  %5 = forge.constant dense<1.0> : tensor<f32>
  func.return %0, %1, %2, %3, %4, %5 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<f32>, tensor<f32>
}

// Other properties, other operands, another order of operands: not the same.
// CHECK-LABEL: func.func @different
// CHECK-NEXT:    aten.unsqueeze %x {dim = 0}
// CHECK-NEXT:    aten.unsqueeze %x {dim = 1}
// CHECK-NEXT:    aten.unsqueeze %z {dim = 0}
// CHECK-NEXT:    aten.sub.Tensor %x, %z
// CHECK-NEXT:    aten.sub.Tensor %z, %x
// CHECK-NEXT:    func.return
func.func @different(%x: tensor<4xf32>, %z: tensor<4xf32>) {
  %0 = aten.unsqueeze %x {dim = 0} : (tensor<4xf32>) -> tensor<1x4xf32>
  %1 = aten.unsqueeze %x {dim = 1} : (tensor<4xf32>) -> tensor<4x1xf32>
  %2 = aten.unsqueeze %z {dim = 0} : (tensor<4xf32>) -> tensor<1x4xf32>
  %3 = aten.sub.Tensor %x, %z : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.sub.Tensor %z, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// An absent and a present optional operand are told apart, though the operands are the same.
// CHECK-LABEL: func.func @optional
// CHECK-NEXT:    aten.layer_norm %x, weight = %z
// CHECK-NEXT:    aten.layer_norm %x, bias = %z
// CHECK-NEXT:    func.return
func.func @optional(%x: tensor<4xf32>, %z: tensor<4xf32>) {
  %0 = aten.layer_norm %x, weight = %z {normalized_shape = [4]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.layer_norm %x, bias = %z {normalized_shape = [4]} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return
}

// A call may do more than compute.
// CHECK-LABEL: func.func @effect
// CHECK-NEXT:    func.call
// CHECK-NEXT:    func.call
func.func @effect(%x: tensor<4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>) {
  %0 = func.call @chain(%x) : (tensor<4xf32>) -> tensor<1x4xf32>
  %1 = func.call @chain(%x) : (tensor<4xf32>) -> tensor<1x4xf32>
  func.return %0, %1 : tensor<1x4xf32>, tensor<1x4xf32>
}

// Two random tensors are not one.
// CHECK-LABEL: func.func @random
// CHECK-NEXT:    aten.operator "aten.rand.default"
// CHECK-NEXT:    aten.operator "aten.rand.default"
func.func @random() -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = aten.operator "aten.rand.default"() {size = [4]} : () -> tensor<4xf32>
  %1 = aten.operator "aten.rand.default"() {size = [4]} : () -> tensor<4xf32>
  func.return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
