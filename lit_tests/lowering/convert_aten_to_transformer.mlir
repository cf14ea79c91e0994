// RUN: forge-opt %s -p convert-aten-to-transformer | filecheck %s

// CHECK-LABEL: func.func @linear
// CHECK-NEXT:    %0 = transformer.linear %x, %w, bias = %b : (tensor<1x8x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<1x8x6xf32>
// CHECK-NEXT:    func.return %0
func.func @linear(%x: tensor<1x8x4xf32>, %w: tensor<6x4xf32>, %b: tensor<6xf32>) -> tensor<1x8x6xf32> {
  %0 = aten.linear %x, %w, bias = %b : (tensor<1x8x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<1x8x6xf32>
  func.return %0 : tensor<1x8x6xf32>
}

// GPT-2's Conv1D flattens the rows of its input; the layer gets them as they were.
// CHECK-LABEL: func.func @conv1d
// CHECK-NEXT:    %0 = transformer.linear %x, %w, bias = %b {transpose_weight = false} : (tensor<1x8x4xf32>, tensor<4x6xf32>, tensor<6xf32>) -> tensor<1x8x6xf32>
// CHECK-NEXT:    %1 = aten.reshape %0 {shape = [8, 6]}
// CHECK-NEXT:    %2 = aten.view %1 {size = [1, 8, 6]}
// CHECK-NEXT:    func.return %2
func.func @conv1d(%x: tensor<1x8x4xf32>, %w: tensor<4x6xf32>, %b: tensor<6xf32>) -> tensor<1x8x6xf32> {
  %0 = aten.view %x {size = [-1, 4]} : (tensor<1x8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.addmm %b, %0, %w : (tensor<6xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %2 = aten.view %1 {size = [1, 8, 6]} : (tensor<8x6xf32>) -> tensor<1x8x6xf32>
  func.return %2 : tensor<1x8x6xf32>
}

// A reshape that changes the last dimension stays in front.
// CHECK-LABEL: func.func @other_rows
// CHECK-NEXT:    %0 = aten.view %x {size = [8, 4]}
// CHECK-NEXT:    %1 = transformer.linear %0, %w, bias = %b {transpose_weight = false}
// CHECK-NEXT:    func.return %1
func.func @other_rows(%x: tensor<4x8xf32>, %w: tensor<4x6xf32>, %b: tensor<6xf32>) -> tensor<8x6xf32> {
  %0 = aten.view %x {size = [8, 4]} : (tensor<4x8xf32>) -> tensor<8x4xf32>
  %1 = aten.addmm %b, %0, %w : (tensor<6xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  func.return %1 : tensor<8x6xf32>
}

// A decomposed linear layer transposes its weight first.
// CHECK-LABEL: func.func @transposed
// CHECK-NEXT:    %w = forge.weight "w"
// CHECK-NEXT:    %0 = transformer.linear %x, %w, bias = %b :
// CHECK-NEXT:    %1 = transformer.linear %x, %w :
// CHECK-NEXT:    %2 = transformer.linear %x, %w :
// CHECK-NEXT:    %3 = transformer.linear %x, %w :
// CHECK-NEXT:    %4 = transformer.linear %x, %w :
// CHECK-NEXT:    func.return %0, %1, %2, %3, %4
func.func @transposed(%x: tensor<8x4xf32>, %b: tensor<6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>) {
  %w = forge.weight "w" : tensor<6x4xf32>
  %0 = aten.t %w : (tensor<6x4xf32>) -> tensor<4x6xf32>
  %1 = aten.addmm %b, %x, %0 : (tensor<6xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %2 = aten.transpose.int %w {dim0 = -1, dim1 = 0} : (tensor<6x4xf32>) -> tensor<4x6xf32>
  %3 = aten.mm %x, %2 : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %4 = aten.permute %w {dims = [1, 0]} : (tensor<6x4xf32>) -> tensor<4x6xf32>
  %5 = aten.matmul %x, %4 : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %6 = aten.numpy_T %w : (tensor<6x4xf32>) -> tensor<4x6xf32>
  %7 = aten.matmul %x, %6 : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %8 = aten.mT %w : (tensor<6x4xf32>) -> tensor<4x6xf32>
  %9 = aten.matmul %x, %8 : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  func.return %1, %3, %5, %7, %9 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>
}

// A scaled product, a bias that is broadcast or a matrix.
// CHECK-LABEL: func.func @other_addmm
// CHECK-NOT:     transformer
func.func @other_addmm(%x: tensor<8x4xf32>, %w: tensor<4x6xf32>, %b: tensor<6xf32>, %c: tensor<1xf32>, %m: tensor<8x6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = aten.addmm %b, %x, %w {alpha = 2} : (tensor<6xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %1 = aten.addmm %b, %x, %w {beta = 0.5} : (tensor<6xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %2 = aten.addmm %c, %x, %w : (tensor<1xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %3 = aten.addmm %m, %x, %w : (tensor<8x6xf32>, tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  func.return %0, %1, %2, %3 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>
}

// A product of two activations is no linear layer.
// CHECK-LABEL: func.func @no_weight
// CHECK-NOT:     transformer
func.func @no_weight(%x: tensor<8x4xf32>, %z: tensor<4x6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = aten.mm %x, %z : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %1 = aten.matmul %x, %z : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  func.return %0, %1 : tensor<8x6xf32>, tensor<8x6xf32>
}

// A weight that is no matrix.
// CHECK-LABEL: func.func @batched_weight
// CHECK-NOT:     transformer
func.func @batched_weight(%x: tensor<2x8x4xf32>) -> tensor<2x8x6xf32> {
  %w = forge.weight "batched" : tensor<2x4x6xf32>
  %0 = aten.matmul %x, %w : (tensor<2x8x4xf32>, tensor<2x4x6xf32>) -> tensor<2x8x6xf32>
  func.return %0 : tensor<2x8x6xf32>
}

// CHECK-LABEL: func.func @norms
// CHECK-NEXT:    %0 = transformer.layer_norm %x, weight = %w, bias = %b {normalized_shape = [4], eps = 1.0e-12}
// CHECK-NEXT:    %1 = transformer.layer_norm %x {normalized_shape = [4], eps = 1.0e-05}
// CHECK-NEXT:    %2 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06}
// The default is the machine epsilon.
// CHECK-NEXT:    %3 = transformer.rms_norm %x {normalized_shape = [4], eps = 1.1920928955078125e-07}
// CHECK-NEXT:    func.return %0, %1, %2, %3
func.func @norms(%x: tensor<8x4xf32>, %w: tensor<4xf32>, %b: tensor<4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.layer_norm %x, weight = %w, bias = %b {normalized_shape = [4], eps = 1.0e-12, cudnn_enable = false} : (tensor<8x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = aten.layer_norm %x {normalized_shape = [4]} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = aten.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %3 = aten.rms_norm %x {normalized_shape = [4]} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %0, %1, %2, %3 : tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>
}

// CHECK-LABEL: func.func @embedding
// CHECK-NEXT:    %0 = transformer.embedding %w, %ids :
// CHECK-NEXT:    func.return %0
func.func @embedding(%w: tensor<9x4xf32>, %ids: tensor<1x8xi64>) -> tensor<1x8x4xf32> {
  %0 = aten.embedding %w, %ids {padding_idx = 0} : (tensor<9x4xf32>, tensor<1x8xi64>) -> tensor<1x8x4xf32>
  func.return %0 : tensor<1x8x4xf32>
}

// Rows of integers are looked up by aten.
// CHECK-LABEL: func.func @integer_table
// CHECK-NEXT:    aten.embedding
func.func @integer_table(%w: tensor<9x4xi64>, %ids: tensor<1x8xi64>) -> tensor<1x8x4xi64> {
  %0 = aten.embedding %w, %ids : (tensor<9x4xi64>, tensor<1x8xi64>) -> tensor<1x8x4xi64>
  func.return %0 : tensor<1x8x4xi64>
}

// CHECK-LABEL: func.func @attention
// CHECK-NEXT:    %0 = transformer.attention %q, %k, %k, mask = %m {scale = 0.125} :
// CHECK-NEXT:    %1 = transformer.attention %q, %k, %k {causal = true} :
// CHECK-NEXT:    func.return %0, %1
func.func @attention(%q: tensor<1x2x8x4xf32>, %k: tensor<1x2x8x4xf32>, %m: tensor<8x8xi1>) -> (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) {
  %0 = aten.scaled_dot_product_attention %q, %k, %k, attn_mask = %m {scale = 0.125} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<8x8xi1>) -> tensor<1x2x8x4xf32>
  %1 = aten.scaled_dot_product_attention %q, %k, %k {is_causal = true} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  func.return %0, %1 : tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>
}

// Groups of query heads.
// CHECK-LABEL: func.func @grouped
// CHECK-NEXT:    %0 = transformer.attention %q, %k, %k : (tensor<1x4x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x4x8x4xf32>
// CHECK-NEXT:    func.return %0
func.func @grouped(%q: tensor<1x4x8x4xf32>, %k: tensor<1x2x8x4xf32>) -> tensor<1x4x8x4xf32> {
  %0 = aten.scaled_dot_product_attention %q, %k, %k {enable_gqa = true} : (tensor<1x4x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x4x8x4xf32>
  func.return %0 : tensor<1x4x8x4xf32>
}

// No heads, and batches or query heads that are broadcast.
// CHECK-LABEL: func.func @other_attention
// CHECK-NOT:     transformer
func.func @other_attention(%a: tensor<8x4xf32>, %b: tensor<2x2x8x4xf32>, %c: tensor<1x2x8x4xf32>, %d: tensor<2x1x8x4xf32>) -> (tensor<8x4xf32>, tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>) {
  %0 = aten.scaled_dot_product_attention %a, %a, %a : (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.scaled_dot_product_attention %b, %c, %c : (tensor<2x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<2x2x8x4xf32>
  %2 = aten.scaled_dot_product_attention %d, %b, %b : (tensor<2x1x8x4xf32>, tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>) -> tensor<2x2x8x4xf32>
  func.return %0, %1, %2 : tensor<8x4xf32>, tensor<2x2x8x4xf32>, tensor<2x2x8x4xf32>
}

// Dropout that is on.
// CHECK-LABEL: func.func @dropout
// CHECK-NEXT:    aten.scaled_dot_product_attention
func.func @dropout(%q: tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32> {
  %0 = aten.scaled_dot_product_attention %q, %q, %q {dropout_p = 0.1} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  func.return %0 : tensor<1x2x8x4xf32>
}

// What PyTorch's own decomposition makes of the composites.
// CHECK-LABEL: func.func @native
// CHECK-NEXT:    transformer.layer_norm %x, weight = %w, bias = %w {normalized_shape = [4], eps = 1.0e-05}
// CHECK-NEXT:    transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06}
// CHECK-NEXT:    transformer.attention %q, %q, %q {causal = true}
// CHECK-NEXT:    func.return
func.func @native(%x: tensor<8x4xf32>, %w: tensor<4xf32>, %q: tensor<1x2x8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>, tensor<1x2x8x4xf32>) {
  %0, %1, %2 = aten.native_layer_norm %x, weight = %w, bias = %w {normalized_shape = [4], eps = 1.0e-05} : (tensor<8x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<8x4xf32>, tensor<8x1xf32>, tensor<8x1xf32>)
  %3, %4 = aten._fused_rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06} : (tensor<8x4xf32>, tensor<4xf32>) -> (tensor<8x4xf32>, tensor<8x1xf32>)
  %5, %6 = aten._scaled_dot_product_flash_attention_for_cpu %q, %q, %q {is_causal = true} : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> (tensor<1x2x8x4xf32>, tensor<1x2x8xf32>)
  func.return %0, %3, %5 : tensor<8x4xf32>, tensor<8x4xf32>, tensor<1x2x8x4xf32>
}

// The mean, too, is used.
// CHECK-LABEL: func.func @mean_used
// CHECK-NEXT:    aten.native_layer_norm
func.func @mean_used(%x: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x1xf32>) {
  %0, %1, %2 = aten.native_layer_norm %x {normalized_shape = [4], eps = 1.0e-05} : (tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x1xf32>, tensor<8x1xf32>)
  func.return %0, %1 : tensor<8x4xf32>, tensor<8x1xf32>
}
