// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --print-debuginfo | filecheck %s --check-prefix=LOC
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN:      fired    FoldNormScale at
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: the norm has no weight
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.layer_norm at {{.*}}: the norm is over more than the last dimension
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: weights of bf16 would be rounded once more
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: the weight of the norm is computed at run time
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: the weight of a layer that reads the norm is computed at run time
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: the weight of a layer that reads the norm is tied, and would be held twice
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: aten.exp reads the norm, too, and has no weight to fold into
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: func.return reads the norm, too, and has no weight to fold into
// EXPLAIN-DAG:  refused  FoldNormScale: transformer.rms_norm at {{.*}}: transformer.linear reads the norm, too, and has no weight to fold into

// All that read the norm apply its weight and its bias. Their own forms and residuals stay, and so
// do the locations of each.
// CHECK-LABEL: func.func @layer_norm
// CHECK:         %[[N:.*]] = transformer.layer_norm %x {normalized_shape = [4], eps = 1.0e-05} :
// CHECK-DAG:     %[[QB:.*]] = transformer.linear %b, %q, bias = %c :
// CHECK-DAG:     %[[QW:.*]] = aten.mul.Tensor %q, %w
// CHECK:         transformer.linear %[[N]], %[[QW]], bias = %[[QB]], residual = %r {activation = relu, form = {orientation = "columns"}} :
// CHECK-DAG:     %[[UB:.*]] = transformer.linear %b, %u {transpose_weight = false} :
// CHECK-DAG:     %[[C:.*]] = aten.unsqueeze %w {dim = 1}
// CHECK-DAG:     %[[UW:.*]] = aten.mul.Tensor %u, %[[C]]
// CHECK:         transformer.mlp %[[N]], %[[UW]], %d, up_bias = %[[UB]] {activation = gelu_erf, transpose_weight = false} :
// CHECK-NEXT:    func.return
// LOC-LABEL:   func.func @layer_norm
// LOC:           transformer.linear {{.*}}residual = {{.*}} loc("projection")
func.func @layer_norm(%x: tensor<8x4xf32>, %r: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %w = forge.weight "w" : tensor<4xf32>
  %b = forge.weight "b" : tensor<4xf32>
  %c = forge.weight "c" : tensor<4xf32>
  %q = forge.weight "q" : tensor<4x4xf32>
  %u = forge.weight "u" : tensor<4x4xf32>
  %d = forge.weight "d" : tensor<4x4xf32>
  %0 = transformer.layer_norm %x, weight = %w, bias = %b {normalized_shape = [4], eps = 1.0e-05, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q, bias = %c, residual = %r {activation = relu, form = {orientation = "columns"}} : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32> loc("projection")
  %2 = transformer.mlp %0, %u, %d {activation = gelu_erf, transpose_weight = false} : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1, %2 : tensor<8x4xf32>, tensor<8x4xf32>
}

// Gate and hidden layer; the weight has an offset, and a reshape stands between.
// CHECK-LABEL: func.func @rms_norm
// CHECK:         %[[W:.*]] = aten.add.Scalar %w {other = 1.0}
// CHECK:         %[[N:.*]] = transformer.rms_norm %x {normalized_shape = [4], eps = 1.0e-06} :
// CHECK-NEXT:    %[[R:.*]] = aten.view %[[N]]
// CHECK-DAG:     %[[G:.*]] = aten.mul.Tensor %g, %[[W]]
// CHECK-DAG:     %[[U:.*]] = aten.mul.Tensor %u, %[[W]]
// CHECK:         transformer.gated_mlp %[[R]], %[[G]], %[[U]], %d :
// CHECK-NEXT:    func.return
func.func @rms_norm(%x: tensor<2x8x4xf32>) -> tensor<16x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %g = forge.weight "g" : tensor<4x4xf32>
  %u = forge.weight "u" : tensor<4x4xf32>
  %d = forge.weight "d" : tensor<4x4xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, weight_offset = 1.0, form = {scale = "folded"}} : (tensor<2x8x4xf32>, tensor<4xf32>) -> tensor<2x8x4xf32>
  %1 = aten.view %0 {size = [16, 4]} : (tensor<2x8x4xf32>) -> tensor<16x4xf32>
  %2 = transformer.gated_mlp %1, %g, %u, %d : (tensor<16x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<16x4xf32>
  func.return %2 : tensor<16x4xf32>
}

// The form does not ask for it.
// CHECK-LABEL: func.func @own
// CHECK:         transformer.rms_norm %x, weight = %w {
func.func @own(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %q = forge.weight "q" : tensor<4x4xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @no_weight
// CHECK:         form = {scale = "folded"}
func.func @no_weight(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %q = forge.weight "q" : tensor<4x4xf32>
  %0 = transformer.rms_norm %x {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @two_dimensions
// CHECK:         form = {scale = "folded"}
func.func @two_dimensions(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %w = forge.weight "w" : tensor<8x4xf32>
  %q = forge.weight "q" : tensor<4x4xf32>
  %0 = transformer.layer_norm %x, weight = %w {normalized_shape = [8, 4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @sixteen_bits
// CHECK:         form = {scale = "folded"}
func.func @sixteen_bits(%x: tensor<8x4xbf16>) -> tensor<8x4xbf16> {
  %w = forge.weight "w" : tensor<4xbf16>
  %q = forge.weight "q" : tensor<4x4xbf16>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xbf16>, tensor<4xbf16>) -> tensor<8x4xbf16>
  %1 = transformer.linear %0, %q : (tensor<8x4xbf16>, tensor<4x4xbf16>) -> tensor<8x4xbf16>
  func.return %1 : tensor<8x4xbf16>
}

// CHECK-LABEL: func.func @weight_of_the_norm_is_given
// CHECK:         form = {scale = "folded"}
func.func @weight_of_the_norm_is_given(%x: tensor<8x4xf32>, %w: tensor<4xf32>) -> tensor<8x4xf32> {
  %q = forge.weight "q" : tensor<4x4xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @weight_of_a_layer_is_given
// CHECK:         form = {scale = "folded"}
func.func @weight_of_a_layer_is_given(%x: tensor<8x4xf32>, %q: tensor<4x4xf32>) -> tensor<8x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @another_reader
// CHECK:         form = {scale = "folded"}
func.func @another_reader(%x: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %w = forge.weight "w" : tensor<4xf32>
  %q = forge.weight "q" : tensor<4x4xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  %2 = aten.exp %0 : (tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %1, %2 : tensor<8x4xf32>, tensor<8x4xf32>
}

// CHECK-LABEL: func.func @returned
// CHECK:         form = {scale = "folded"}
func.func @returned(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  func.return %0 : tensor<8x4xf32>
}

// It is the residual, too.
// CHECK-LABEL: func.func @residual
// CHECK:         form = {scale = "folded"}
func.func @residual(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %q = forge.weight "q" : tensor<4x4xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %1 = transformer.linear %0, %q, residual = %0 : (tensor<8x4xf32>, tensor<4x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %1 : tensor<8x4xf32>
}

// The last layer has the weight of the embedding.
// CHECK-LABEL: func.func @tied
// CHECK:         form = {scale = "folded"}
func.func @tied(%i: tensor<8xi64>) -> tensor<8x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %q = forge.weight "q" : tensor<4x4xf32>
  %0 = transformer.embedding %q, %i : (tensor<4x4xf32>, tensor<8xi64>) -> tensor<8x4xf32>
  %1 = transformer.rms_norm %0, weight = %w {normalized_shape = [4], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  %2 = transformer.linear %1, %q : (tensor<8x4xf32>, tensor<4x4xf32>) -> tensor<8x4xf32>
  func.return %2 : tensor<8x4xf32>
}
