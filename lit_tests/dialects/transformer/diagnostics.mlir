// RUN: forge-opt %s --split-input-file --verify-diagnostics

// What does not fit together is named, with the shapes that it has.
func.func @linear(%x: tensor<8x4xf32>, %w: tensor<6x5xf32>) {
  // expected-error @below {{transformer.linear: weight of shape [6, 5] ([out, in]) takes 5 inputs, but gets 4}}
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x5xf32>) -> tensor<8x6xf32>
  func.return
}

// -----
func.func @mlp(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %v: tensor<4x7xf32>) {
  // expected-error @below {{transformer.mlp: down_weight of shape [4, 7] ([out, in]) takes 7 inputs, but gets 6}}
  %0 = transformer.mlp %x, %w, %v {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<4x7xf32>) -> tensor<8x4xf32>
  func.return
}

// -----
func.func @gated_mlp(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %u: tensor<7x4xf32>, %v: tensor<4x6xf32>) {
  // expected-error @below {{transformer.gated_mlp: up_weight must have shape [6, 4], got [7, 4]}}
  %0 = transformer.gated_mlp %x, %w, %u, %v : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<7x4xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  func.return
}

// -----
func.func @attention(%q: tensor<1x3x8x16xf32>, %k: tensor<1x2x8x16xf32>) {
  // expected-error @below {{transformer.attention: 3 query heads cannot share 2 key/value heads evenly}}
  %0 = transformer.attention %q, %k, %k : (tensor<1x3x8x16xf32>, tensor<1x2x8x16xf32>, tensor<1x2x8x16xf32>) -> tensor<1x3x8x16xf32>
  func.return
}

// -----
func.func @rotary_embedding(%q: tensor<1x4x8x16xf32>, %t: tensor<7x16xf32>) {
  // expected-error @below {{transformer.rotary_embedding: cos of shape [7, 16] cannot be broadcast to what is rotated, [1, 4, 8, 16]}}
  %0 = transformer.rotary_embedding %q, %t, %t : (tensor<1x4x8x16xf32>, tensor<7x16xf32>, tensor<7x16xf32>) -> tensor<1x4x8x16xf32>
  func.return
}

// -----
func.func @layer_norm(%x: tensor<8x4xf32>) {
  // expected-error @below {{transformer.layer_norm: normalized_shape [5] must be the last dimensions of the input, tensor<8x4xf32>}}
  %0 = transformer.layer_norm %x {normalized_shape = [5], eps = 1.0e-05} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return
}

// -----
func.func @rms_norm(%x: tensor<8x4xf32>, %w: tensor<5xf32>) {
  // expected-error @below {{transformer.rms_norm: weight must have shape [4], got [5]}}
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-05} : (tensor<8x4xf32>, tensor<5xf32>) -> tensor<8x4xf32>
  func.return
}

// -----
func.func @embedding(%w: tensor<8x4xf32>, %ids: tensor<1x3xf32>) {
  // expected-error @below {{transformer.embedding: ids must be integers, got tensor<1x3xf32>}}
  %0 = transformer.embedding %w, %ids : (tensor<8x4xf32>, tensor<1x3xf32>) -> tensor<1x3x4xf32>
  func.return
}

// -----
func.func @gated_convolution(%x: tensor<1x8x12xf32>, %w: tensor<5x1x3xf32>) {
  // expected-error @below {{transformer.gated_convolution: weight must be [size, 1, kernel] with size 4, got tensor<5x1x3xf32>}}
  %0 = transformer.gated_convolution %x, %w : (tensor<1x8x12xf32>, tensor<5x1x3xf32>) -> tensor<1x8x4xf32>
  func.return
}
