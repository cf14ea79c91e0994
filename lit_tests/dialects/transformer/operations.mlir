// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// CHECK-LABEL: func.func @linear
// CHECK-NEXT:    transformer.linear %x, %w :
// CHECK-NEXT:    transformer.linear %x, %w, bias = %b {activation = gelu_erf} :
// CHECK-NEXT:    transformer.linear %x, %v {transpose_weight = false} :
func.func @linear(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %v: tensor<4x6xf32>, %b: tensor<6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = transformer.linear %x, %w, bias = %b {activation = gelu_erf} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<8x6xf32>
  %2 = transformer.linear %x, %v {activation = none, transpose_weight = false} : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  func.return
}

// CHECK-LABEL: func.func @residuals
// CHECK-NEXT:    transformer.linear %x, %w, bias = %b, residual = %r {activation = relu} :
// CHECK-NEXT:    transformer.linear %x, %w, residual = %r :
// CHECK-NEXT:    transformer.mlp %x, %w, %v, residual = %x {activation = relu} :
// CHECK-NEXT:    transformer.gated_mlp %x, %w, %w, %v, up_bias = %b, residual = %x :
func.func @residuals(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %v: tensor<4x6xf32>, %b: tensor<6xf32>, %r: tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w, bias = %b, residual = %r {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %1 = transformer.linear %x, %w, residual = %r : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = transformer.mlp %x, %w, %v, residual = %x {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<4x6xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = transformer.gated_mlp %x, %w, %w, %v, up_bias = %b, residual = %x : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6x4xf32>, tensor<4x6xf32>, tensor<6xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return
}

// CHECK-LABEL: func.func @perceptrons
// CHECK-NEXT:    transformer.mlp %x, %w, %v, up_bias = %b, down_bias = %c {activation = gelu_tanh} :
// CHECK-NEXT:    transformer.gated_mlp %x, %w, %w, %v :
// CHECK-NEXT:    transformer.gated_mlp %x, %w, %w, %v, up_bias = %b {activation = relu} :
func.func @perceptrons(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %v: tensor<4x6xf32>, %b: tensor<6xf32>, %c: tensor<4xf32>) {
  %0 = transformer.mlp %x, %w, %v, up_bias = %b, down_bias = %c {activation = gelu_tanh} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<4x6xf32>, tensor<6xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = transformer.gated_mlp %x, %w, %w, %v : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6x4xf32>, tensor<4x6xf32>) -> tensor<8x4xf32>
  %2 = transformer.gated_mlp %x, %w, %w, %v, up_bias = %b {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6x4xf32>, tensor<4x6xf32>, tensor<6xf32>) -> tensor<8x4xf32>
  func.return
}

// CHECK-LABEL: func.func @attention
// CHECK-NEXT:    transformer.attention %q, %k, %k :
// CHECK-NEXT:    transformer.attention %q, %k, %k, mask = %m {scale = 0.125} :
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true} :
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true, softcap = 50.0, window = 4} :
// CHECK-NEXT:    transformer.rotary_embedding %q, %t, %t :
// CHECK-NEXT:    transformer.rotary_embedding %q, %s, %s {interleaved = true, rotary_dims = 8} :
func.func @attention(%q: tensor<1x4x8x16xf32>, %k: tensor<1x2x8x16xf32>, %m: tensor<8x8xi1>, %t: tensor<8x16xf32>, %s: tensor<8xf32>) {
  %0 = transformer.attention %q, %k, %k : (tensor<1x4x8x16xf32>, tensor<1x2x8x16xf32>, tensor<1x2x8x16xf32>) -> tensor<1x4x8x16xf32>
  %1 = transformer.attention %q, %k, %k, mask = %m {scale = 0.125} : (tensor<1x4x8x16xf32>, tensor<1x2x8x16xf32>, tensor<1x2x8x16xf32>, tensor<8x8xi1>) -> tensor<1x4x8x16xf32>
  %2 = transformer.attention %q, %k, %k {causal = true} : (tensor<1x4x8x16xf32>, tensor<1x2x8x16xf32>, tensor<1x2x8x16xf32>) -> tensor<1x4x8x16xf32>
  %6 = transformer.attention %q, %k, %k {causal = true, softcap = 50.0, window = 4} : (tensor<1x4x8x16xf32>, tensor<1x2x8x16xf32>, tensor<1x2x8x16xf32>) -> tensor<1x4x8x16xf32>
  %3 = transformer.rotary_embedding %q, %t, %t : (tensor<1x4x8x16xf32>, tensor<8x16xf32>, tensor<8x16xf32>) -> tensor<1x4x8x16xf32>
  %4 = transformer.rotary_embedding %q, %s, %s {interleaved = true, rotary_dims = 8} : (tensor<1x4x8x16xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<1x4x8x16xf32>
  func.return
}

// CHECK-LABEL: func.func @norms_and_embedding
// CHECK-NEXT:    transformer.layer_norm %x {normalized_shape = [4], eps = 1.0e-05} :
// CHECK-NEXT:    transformer.layer_norm %x, bias = %b {normalized_shape = [4], eps = 1.0e-12} :
// CHECK-NEXT:    transformer.rms_norm %x, weight = %b {normalized_shape = [4], eps = 1.0e-06, weight_offset = 1.0} :
// CHECK-NEXT:    transformer.embedding %x, %ids :
func.func @norms_and_embedding(%x: tensor<8x4xf32>, %b: tensor<4xf32>, %ids: tensor<1x3xi64>) {
  %0 = transformer.layer_norm %x {normalized_shape = [4], eps = 1.0e-05} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.layer_norm %x, bias = %b {normalized_shape = [4], eps = 1.0e-12} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %2 = transformer.rms_norm %x, weight = %b {normalized_shape = [4], eps = 1.0e-06, weight_offset = 1.0} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %3 = transformer.embedding %x, %ids : (tensor<8x4xf32>, tensor<1x3xi64>) -> tensor<1x3x4xf32>
  func.return
}

// CHECK-LABEL: func.func @convolution
// CHECK-NEXT:    transformer.gated_convolution %x, %w :
// CHECK-NEXT:    transformer.gated_convolution %x, %w, bias = %b :
func.func @convolution(%x: tensor<1x8x12xf32>, %w: tensor<4x1x3xf32>, %b: tensor<4xf32>) {
  %0 = transformer.gated_convolution %x, %w : (tensor<1x8x12xf32>, tensor<4x1x3xf32>) -> tensor<1x8x4xf32>
  %1 = transformer.gated_convolution %x, %w, bias = %b : (tensor<1x8x12xf32>, tensor<4x1x3xf32>, tensor<4xf32>) -> tensor<1x8x4xf32>
  func.return
}
