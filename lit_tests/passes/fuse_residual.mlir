// RUN: forge-opt %s -p fuse-residual | filecheck %s
// RUN: forge-opt %s -p fuse-residual --print-debuginfo | filecheck %s --check-prefix=LOC
// RUN: forge-opt %s -p fuse-residual --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN:        fired    FuseResidual at {{.*}}fuse_residual.mlir:{{[0-9]+}}:3; {{.*}}fuse_residual.mlir
// EXPLAIN:        refused  FuseResidual: aten.add.Tensor at {{.*}}: the layer's result is scaled before the sum

// The residual stands on either side of the sum.
// CHECK-LABEL: func.func @layers
// CHECK-NEXT:    %0 = transformer.linear %x, %w, bias = %b, residual = %x {activation = relu, transpose_weight = false} :
// CHECK-NEXT:    %1 = transformer.mlp %0, %w, %w, down_bias = %b, residual = %0 {activation = gelu_erf} :
// CHECK-NEXT:    %2 = transformer.gated_mlp %1, %w, %w, %w, gate_bias = %b, residual = %1 {activation = gelu_tanh} :
// CHECK-NEXT:    func.return %2
func.func @layers(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>, %b: tensor<4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w, bias = %b {activation = relu, transpose_weight = false} : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = aten.add.Tensor %0, %x : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = transformer.mlp %1, %w, %w, down_bias = %b {activation = gelu_erf} : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %3 = aten.add.Tensor %1, %2 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %4 = transformer.gated_mlp %3, %w, %w, %w, gate_bias = %b {activation = gelu_tanh} : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %5 = aten.add.Tensor %3, %4 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %5 : tensor<8x4xf32>
}

// The fused layer stands where the sum stood, since the residual is computed after the layer; and
// the locations of both survive.
// CHECK-LABEL: func.func @residual_computed_later
// CHECK-NEXT:    %0 = aten.exp %x
// CHECK-NEXT:    %1 = transformer.linear %x, %w, residual = %0 :
// CHECK-NEXT:    func.return %1
// LOC-LABEL:   func.func @residual_computed_later
// LOC:           transformer.linear {{.*}} loc(fused["linear", "add"])
func.func @residual_computed_later(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32> loc("linear")
  %1 = aten.exp %x : (tensor<8x4xf32>) -> tensor<8x4xf32> loc("exp")
  %2 = aten.add.Tensor %0, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32> loc("add")
  func.return %2 : tensor<8x4xf32>
}

// Attention and perceptron in parallel: one layer adds the other, and the sum with x remains, for
// the order of additions is kept.
// CHECK-LABEL: func.func @parallel
// CHECK-NEXT:    %0 = transformer.mlp %x, %w, %w {activation = relu} :
// CHECK-NEXT:    %1 = transformer.linear %x, %w, residual = %0 :
// CHECK-NEXT:    %2 = aten.add.Tensor %1, %x
// CHECK-NEXT:    func.return %2
func.func @parallel(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.mlp %x, %w, %w {activation = relu} : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = aten.add.Tensor %1, %0 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = aten.add.Tensor %2, %x : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %3 : tensor<8x4xf32>
}

// The layer has a second user; be it the same sum.
// CHECK-LABEL: func.func @second_user
// CHECK-NOT:     residual =
func.func @second_user(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = aten.add.Tensor %x, %0 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %3 = aten.add.Tensor %2, %2 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %0, %1, %3 : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>
}

// The residual, or the layer, is broadcast.
// CHECK-LABEL: func.func @broadcast_residual
// CHECK-NOT:     residual =
func.func @broadcast_residual(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>, %r: tensor<4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = aten.add.Tensor %r, %0 : (tensor<4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @broadcast_layer
// CHECK-NOT:     residual =
func.func @broadcast_layer(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>, %r: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = aten.add.Tensor %r, %0 : (tensor<8x4xf32>, tensor<1x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// The residual has more bits than the layer.
// CHECK-LABEL: func.func @other_type
// CHECK-NOT:     residual =
func.func @other_type(%x: tensor<8x4xbf16>, %w: tensor<4x4xbf16>, %r: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xbf16>, tensor<4x4xbf16>) -> tensor<8x4xbf16>
  %1 = aten.add.Tensor %r, %0 : (tensor<8x4xf32>, tensor<8x4xbf16>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// The sum scales one of the two, or the layer is scaled before.
// CHECK-LABEL: func.func @scaled_by_the_sum
// CHECK-NOT:     residual =
func.func @scaled_by_the_sum(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = aten.add.Tensor %x, %0 {alpha = 2} : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @scaled_before
// CHECK-NOT:     residual =
func.func @scaled_before(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = aten.mul.Scalar %0 {other = 0.263} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = aten.add.Tensor %x, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %2 : tensor<8x4xf32>
}

// The layer has a residual already.
// CHECK-LABEL: func.func @two_residuals
// CHECK-NEXT:    transformer.linear %x, %w, residual = %x :
// CHECK-NEXT:    aten.add.Tensor
func.func @two_residuals(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>, %r: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w, residual = %x : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.add.Tensor %0, %r : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// What is normalised behind the layer is no result of the layer.
// CHECK-LABEL: func.func @norm_between
// CHECK-NOT:     residual =
func.func @norm_between(%x: tensor<8x4xf32>, %w: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.rms_norm %0 {normalized_shape = [4], eps = 1.0e-06} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = aten.add.Tensor %x, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %2 : tensor<8x4xf32>
}
