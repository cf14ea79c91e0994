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

// Gate and hidden layer are two sections of one layer, and it does not matter how it was split, nor
// which of the two is the gate: the weight is cut into rows, or into columns if it is kept so.
// CHECK-LABEL: func.func @gate_and_up_of_one_layer
// CHECK-NEXT:    %0 = aten.slice.Tensor %w {start = 0, end = 6} : (tensor<12x4xf32>) -> tensor<6x4xf32>
// CHECK-NEXT:    %1 = aten.slice.Tensor %b {start = 0, end = 6} : (tensor<12xf32>) -> tensor<6xf32>
// CHECK-NEXT:    %2 = aten.slice.Tensor %w {start = 6, end = 12} : (tensor<12x4xf32>) -> tensor<6x4xf32>
// CHECK-NEXT:    %3 = aten.slice.Tensor %b {start = 6, end = 12} : (tensor<12xf32>) -> tensor<6xf32>
// CHECK-NEXT:    %4 = transformer.gated_mlp %x, %0, %2, %down, gate_bias = %1, up_bias = %3 :
// CHECK-NEXT:    %5 = aten.slice.Tensor %v {dim = 1, start = 6, end = 12} : (tensor<4x12xf32>) -> tensor<4x6xf32>
// CHECK-NEXT:    %6 = aten.slice.Tensor %v {dim = 1, start = 0, end = 6} : (tensor<4x12xf32>) -> tensor<4x6xf32>
// CHECK-NEXT:    %7 = transformer.gated_mlp %x, %5, %6, %back {activation = gelu_tanh, transpose_weight = false} :
// CHECK-NEXT:    %8 = aten.slice.Tensor %w {start = 6, end = 12}
// CHECK-NEXT:    %9 = aten.slice.Tensor %w {start = 0, end = 6}
// CHECK-NEXT:    %10 = transformer.gated_mlp %x, %8, %9, %down {activation = sigmoid} :
// CHECK-NEXT:    func.return %4, %7, %10
func.func @gate_and_up_of_one_layer(%x: tensor<8x4xf32>, %w: tensor<12x4xf32>, %b: tensor<12xf32>, %down: tensor<4x6xf32>, %v: tensor<4x12xf32>, %back: tensor<6x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w, bias = %b : (tensor<8x4xf32>, tensor<12x4xf32>, tensor<12xf32>) -> tensor<8x12xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<8x12xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>)
  %3 = aten.silu %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = aten.mul.Tensor %2, %3 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %5 = transformer.linear %4, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  %6 = transformer.linear %x, %v {transpose_weight = false} : (tensor<8x4xf32>, tensor<4x12xf32>) -> tensor<8x12xf32>
  %7, %8 = aten.split.Tensor %6 {split_size = 6, dim = 1} : (tensor<8x12xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>)
  %9 = aten.gelu %8 {approximate = "tanh"} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %10 = aten.mul.Tensor %9, %7 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %11 = transformer.linear %10, %back {transpose_weight = false} : (tensor<8x6xf32>, tensor<6x4xf32>) -> tensor<8x4xf32>
  %12 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<12x4xf32>) -> tensor<8x12xf32>
  %13 = aten.slice.Tensor %12 {dim = -1, start = -6} : (tensor<8x12xf32>) -> tensor<8x6xf32>
  %14 = aten.slice.Tensor %12 {dim = -1, end = 6} : (tensor<8x12xf32>) -> tensor<8x6xf32>
  %15 = aten.sigmoid %13 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %16 = aten.mul.Tensor %15, %14 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %17 = transformer.linear %16, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return %5, %11, %17 : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>
}

// The leading dimensions may be arranged otherwise on the way.
// CHECK-LABEL: func.func @flattened
// CHECK-NEXT:    %0 = aten.reshape %x {shape = [8, 4]} : (tensor<2x4x4xf32>) -> tensor<8x4xf32>
// CHECK-NEXT:    %1 = transformer.mlp %0, %up, %down {activation = relu} :
// CHECK-NEXT:    %2 = aten.slice.Tensor %up {start = 0, end = 3}
// CHECK-NEXT:    %3 = aten.slice.Tensor %up {start = 3, end = 6}
// CHECK-NEXT:    %4 = transformer.gated_mlp %x, %2, %3, %w :
// CHECK-NEXT:    func.return %1, %4
func.func @flattened(%x: tensor<2x4x4xf32>, %up: tensor<6x4xf32>, %down: tensor<4x6xf32>, %w: tensor<4x3xf32>) -> (tensor<8x4xf32>, tensor<2x4x4xf32>) {
  %0 = transformer.linear %x, %up {activation = relu} : (tensor<2x4x4xf32>, tensor<6x4xf32>) -> tensor<2x4x6xf32>
  %1 = aten.reshape %0 {shape = [8, 6]} : (tensor<2x4x6xf32>) -> tensor<8x6xf32>
  %2 = transformer.linear %1, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  %3 = transformer.linear %x, %up : (tensor<2x4x4xf32>, tensor<6x4xf32>) -> tensor<2x4x6xf32>
  %4 = aten.reshape %3 {shape = [8, 6]} : (tensor<2x4x6xf32>) -> tensor<8x6xf32>
  %5, %6 = aten.split_with_sizes %4 {split_sizes = [3, 3], dim = 1} : (tensor<8x6xf32>) -> (tensor<8x3xf32>, tensor<8x3xf32>)
  %7 = aten.silu %5 : (tensor<8x3xf32>) -> tensor<8x3xf32>
  %8 = aten.mul.Tensor %7, %6 : (tensor<8x3xf32>, tensor<8x3xf32>) -> tensor<8x3xf32>
  %9 = aten.reshape %8 {shape = [2, 4, 3]} : (tensor<8x3xf32>) -> tensor<2x4x3xf32>
  %10 = transformer.linear %9, %w : (tensor<2x4x3xf32>, tensor<4x3xf32>) -> tensor<2x4x4xf32>
  func.return %2, %10 : tensor<8x4xf32>, tensor<2x4x4xf32>
}

// But a reshape that cuts the hidden layer into other rows is something else.
// CHECK-LABEL: func.func @other_rows
// CHECK-NOT:     mlp
func.func @other_rows(%x: tensor<8x4xf32>, %up: tensor<6x4xf32>, %down: tensor<4x3xf32>) -> tensor<16x4xf32> {
  %0 = transformer.linear %x, %up {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.reshape %0 {shape = [16, 3]} : (tensor<8x6xf32>) -> tensor<16x3xf32>
  %2 = transformer.linear %1, %down : (tensor<16x3xf32>, tensor<4x3xf32>) -> tensor<16x4xf32>
  func.return %2 : tensor<16x4xf32>
}

// The layer is split along another dimension than its last.
// CHECK-LABEL: func.func @split_elsewhere
// CHECK-NOT:     gated_mlp
func.func @split_elsewhere(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %down: tensor<4x6xf32>) -> tensor<4x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = 0} : (tensor<8x6xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>)
  %3 = aten.silu %1 : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %4 = aten.mul.Tensor %3, %2 : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x6xf32>
  %5 = transformer.linear %4, %down : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x4xf32>
  func.return %5 : tensor<4x4xf32>
}

// Every second element is no section.
// CHECK-LABEL: func.func @every_second
// CHECK-NOT:     gated_mlp
func.func @every_second(%x: tensor<8x4xf32>, %w: tensor<12x4xf32>, %down: tensor<4x6xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<12x4xf32>) -> tensor<8x12xf32>
  %1 = aten.slice.Tensor %0 {dim = 1, start = 0, step = 2} : (tensor<8x12xf32>) -> tensor<8x6xf32>
  %2 = aten.slice.Tensor %0 {dim = 1, start = 1, step = 2} : (tensor<8x12xf32>) -> tensor<8x6xf32>
  %3 = aten.silu %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = aten.mul.Tensor %3, %2 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %5 = transformer.linear %4, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return %5 : tensor<8x4xf32>
}

// The layer that is split, or one of its parts, has a second user; or a third part has one.
// CHECK-LABEL: func.func @part_used_twice
// CHECK-NOT:     gated_mlp
func.func @part_used_twice(%x: tensor<8x4xf32>, %w: tensor<12x4xf32>, %down: tensor<4x6xf32>) -> (tensor<8x4xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<12x4xf32>) -> tensor<8x12xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<8x12xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>)
  %3 = aten.silu %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = aten.mul.Tensor %3, %2 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %5 = transformer.linear %4, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return %5, %2 : tensor<8x4xf32>, tensor<8x6xf32>
}

// CHECK-LABEL: func.func @third_part
// CHECK-NOT:     gated_mlp
func.func @third_part(%x: tensor<8x4xf32>, %w: tensor<18x4xf32>, %down: tensor<4x6xf32>) -> (tensor<8x4xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<18x4xf32>) -> tensor<8x18xf32>
  %1, %2, %3 = aten.chunk %0 {chunks = 3, dim = -1} : (tensor<8x18xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>)
  %4 = aten.silu %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %5 = aten.mul.Tensor %4, %2 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %6 = transformer.linear %5, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return %6, %3 : tensor<8x4xf32>, tensor<8x6xf32>
}

// The layer is activated before it is split.
// CHECK-LABEL: func.func @activated_whole
// CHECK-NOT:     gated_mlp
func.func @activated_whole(%x: tensor<8x4xf32>, %w: tensor<12x4xf32>, %down: tensor<4x6xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<12x4xf32>) -> tensor<8x12xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<8x12xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>)
  %3 = aten.silu %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = aten.mul.Tensor %3, %2 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %5 = transformer.linear %4, %down : (tensor<8x6xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return %5 : tensor<8x4xf32>
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
