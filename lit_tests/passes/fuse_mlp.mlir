// RUN: forge-opt %s -p fuse-mlp | filecheck %s
// RUN: forge-opt %s -p fuse-mlp --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'fuse-mlp{depth=2}' 2>&1 | filecheck %s --check-prefix=OPTION

// EXPLAIN:      fuse-mlp: {{[0-9]+}} operations → {{[0-9]+}}
// EXPLAIN-NEXT:   fired    FuseMlp at {{.*}}fuse_mlp.mlir:17:3; {{.*}}fuse_mlp.mlir:18:3
// EXPLAIN:        refused  FuseMlp: transformer.linear at {{.*}}: the hidden layer has other users
// EXPLAIN:        refused  FuseGatedMlp: transformer.linear at {{.*}}: the gate is broadcast

// OPTION:       pass 'fuse-mlp'
// OPTION-SAME:  depth

// CHECK-LABEL: func.func @mlp
// CHECK-NEXT:    %0 = transformer.mlp %x, %up, %down, up_bias = %b {activation = relu}
// CHECK-NEXT:    func.return %0
func.func @mlp(%x: tensor<8x4xf32>, %up: tensor<6x4xf32>, %b: tensor<6xf32>, %down: tensor<4x6xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %up, bias = %b {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<8x6xf32>
  %1 = transformer.linear %0, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @conv1d
// CHECK-NEXT:    %0 = transformer.mlp %x, %up, %down, up_bias = %b, down_bias = %c {activation = gelu_tanh, transpose_weight = false}
// CHECK-NEXT:    func.return %0
func.func @conv1d(%x: tensor<8x4xf32>, %up: tensor<4x6xf32>, %b: tensor<6xf32>, %down: tensor<6x4xf32>, %c: tensor<4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %up, bias = %b {activation = gelu_tanh, transpose_weight = false} : (tensor<8x4xf32>, tensor<4x6xf32>, tensor<6xf32>) -> tensor<8x6xf32>
  %1 = transformer.linear %0, %down, bias = %c {transpose_weight = false} : (tensor<8x6xf32>, tensor<6x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// The gate stands on either side of the product.
// CHECK-LABEL: func.func @gated
// CHECK-NEXT:    %0 = transformer.gated_mlp %x, %gate, %up, %down :
// CHECK-NEXT:    %1 = transformer.gated_mlp %x, %gate, %up, %down, gate_bias = %b {activation = gelu_tanh}
// CHECK-NEXT:    func.return %0, %1
func.func @gated(%x: tensor<8x4xf32>, %gate: tensor<6x4xf32>, %b: tensor<6xf32>, %up: tensor<6x4xf32>, %down: tensor<4x6xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %gate {activation = silu} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = transformer.linear %x, %up : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %2 = aten.mul.Tensor %0, %1 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %3 = transformer.linear %2, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  %4 = transformer.linear %x, %gate, bias = %b {activation = gelu_tanh} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<8x6xf32>
  %5 = transformer.linear %x, %up : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %6 = aten.mul.Tensor %5, %4 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %7 = transformer.linear %6, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return %3, %7 : tensor<8x4xf32>, tensor<8x4xf32>
}

// Two linear layers in a row are no perceptron.
// CHECK-LABEL: func.func @no_activation
// CHECK-NOT:     transformer.mlp
func.func @no_activation(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// The hidden layer has a second user.
// CHECK-LABEL: func.func @second_user
// CHECK-NOT:     mlp
func.func @second_user(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %0, %1 : tensor<8x4xf32>, tensor<8x4xf32>
}

// A residual of the last layer is one of the perceptron; one of a layer before is not.
// CHECK-LABEL: func.func @residual
// CHECK-NEXT:    %0 = transformer.mlp %x, %w, %w, residual = %x {activation = relu}
// CHECK-NEXT:    %1 = transformer.gated_mlp %x, %w, %w, %w, residual = %x :
// CHECK-NEXT:    func.return
func.func @residual(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %w, residual = %x : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %4 = aten.mul.Tensor %2, %3 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %5 = transformer.linear %4, %w, residual = %x : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %1, %5 : tensor<8x4xf32>, tensor<8x4xf32>
}

// CHECK-LABEL: func.func @hidden_residual
// CHECK-NOT:     mlp
func.func @hidden_residual(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w, residual = %x {activation = relu} : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %x, %w, residual = %x : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %4 = aten.mul.Tensor %2, %3 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %5 = transformer.linear %4, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1, %5 : tensor<8x4xf32>, tensor<8x4xf32>
}

// The second layer has an activation, too.
// CHECK-LABEL: func.func @two_activations
// CHECK-NOT:     mlp
func.func @two_activations(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %w {activation = relu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// The weights are kept in two layouts.
// CHECK-LABEL: func.func @two_layouts
// CHECK-NOT:     mlp
func.func @two_layouts(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %w {transpose_weight = false} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %x, %w {transpose_weight = false} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %4 = aten.mul.Tensor %2, %3 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %5 = transformer.linear %4, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1, %5 : tensor<8x4xf32>, tensor<8x4xf32>
}

// Gate and hidden layer read different inputs.
// CHECK-LABEL: func.func @two_inputs
// CHECK-NOT:     gated_mlp
func.func @two_inputs(%x: tensor<8x4xf32>, %z: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %z, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = aten.mul.Tensor %0, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %2, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %3 : tensor<8x4xf32>
}

// Both sides of the product have an activation, or none has.
// CHECK-LABEL: func.func @no_gate
// CHECK-NOT:     gated_mlp
func.func @no_gate(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = aten.mul.Tensor %0, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %2, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %4 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %5 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %6 = aten.mul.Tensor %4, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = transformer.linear %6, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %3, %7 : tensor<8x4xf32>, tensor<8x4xf32>
}

// A gate of one element is broadcast over the hidden layer.
// CHECK-LABEL: func.func @broadcast_gate
// CHECK-NOT:     gated_mlp
func.func @broadcast_gate(%x: tensor<8x4xf32>, %w: tensor<1x4xf32>, %v: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<1x4xf32>) -> tensor<8x1xf32>
  %1 = transformer.linear %x, %v : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = aten.mul.Tensor %0, %1 : (tensor<8x1xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %2, %v : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %3 : tensor<8x4xf32>
}

// The gate, the hidden layer or their product has a second user.
// CHECK-LABEL: func.func @gate_used_twice
// CHECK-NOT:     gated_mlp
func.func @gate_used_twice(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = aten.mul.Tensor %0, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %2, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %3, %0 : tensor<8x4xf32>, tensor<8x4xf32>
}
