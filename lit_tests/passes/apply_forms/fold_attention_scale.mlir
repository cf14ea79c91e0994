// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// EXPLAIN-DAG:  fired    FoldAttentionScale at
// EXPLAIN-DAG:  refused  FoldAttentionScale: transformer.attention at {{.*}}: the norm of the queries has no weight
// EXPLAIN-DAG:  refused  FoldAttentionScale: transformer.attention at {{.*}}: an offset is added to the weight of the queries' norm
// EXPLAIN-DAG:  refused  FoldAttentionScale: transformer.attention at {{.*}}: queries: the heads have other users
// EXPLAIN-DAG:  refused  FoldAttentionScale: transformer.attention at {{.*}}: queries: the heads are not those of a linear layer
// EXPLAIN-DAG:  refused  FoldAttentionScale: transformer.attention at {{.*}}: queries: the layer of the heads does more than a product
// EXPLAIN-DAG:  refused  FoldAttentionScale: transformer.attention at {{.*}}: queries: the layer computes more than them
// EXPLAIN-DAG:  refused  FoldAttentionScale: transformer.attention at {{.*}}: scaled weights of f16 would be rounded once more

// Weight and bias are scaled; the rest of the form stays.
// CHECK-LABEL: func.func @scale(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %qb = forge.weight "qb" : tensor<8xf32>
// CHECK-NEXT:    %kb = forge.weight "kb" : tensor<4xf32>
// CHECK-NEXT:    %vb = forge.weight "vb" : tensor<4xf32>
// CHECK-NEXT:    %0 = aten.mul.Scalar %wq {other = 0.25} :
// CHECK-NEXT:    %1 = aten.mul.Scalar %qb {other = 0.25} :
// CHECK-NEXT:    %ql = transformer.linear %x, %0, bias = %1 :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk, bias = %kb :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv, bias = %vb :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {scale = 1.0, form = {scores = "decomposed"}} :
// CHECK-NEXT:    func.return %a
func.func @scale(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %qb = forge.weight "qb" : tensor<8xf32>
  %kb = forge.weight "kb" : tensor<4xf32>
  %vb = forge.weight "vb" : tensor<4xf32>
  %ql = transformer.linear %x, %wq, bias = %qb : (tensor<1x3x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk, bias = %kb : (tensor<1x3x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv, bias = %vb : (tensor<1x3x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {scale = 0.25, form = {scale = "projection", scores = "decomposed"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// A rotation commutes with the scale, which is 1/√E where none is given.
// CHECK-LABEL: func.func @rotated(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %0 = aten.mul.Scalar %wq {other = 0.7071067811865476} :
// CHECK-NEXT:    %ql = transformer.linear %x, %0 :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %t = transformer.rotary_embedding %q, %cos, %sin :
// CHECK-NEXT:    %a = transformer.attention %t, %k, %v {scale = 1.0} :
// CHECK-NEXT:    func.return %a
func.func @rotated(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %t = transformer.rotary_embedding %q, %cos, %sin : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  %a = transformer.attention %t, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// A norm of the queries takes it up.
// CHECK-LABEL: func.func @norm(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %nw = forge.weight "n" : tensor<2xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %0 = aten.mul.Scalar %nw {other = 0.7071067811865476} :
// CHECK-NEXT:    %n = transformer.rms_norm %q, weight = %0 {normalized_shape = [2], eps = 1.0e-06} :
// CHECK-NEXT:    %a = transformer.attention %n, %k, %v {scale = 1.0} :
// CHECK-NEXT:    func.return %a
func.func @norm(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %nw = forge.weight "n" : tensor<2xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %n = transformer.rms_norm %q, weight = %nw {normalized_shape = [2], eps = 1.0e-06} : (tensor<1x4x3x2xf32>, tensor<2xf32>) -> tensor<1x4x3x2xf32>
  %a = transformer.attention %n, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// Nothing to scale behind the norm.
// CHECK-LABEL: func.func @norm_without_weight(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %n = transformer.rms_norm %q {normalized_shape = [2], eps = 1.0e-06} :
// CHECK-NEXT:    %a = transformer.attention %n, %k, %v {form = {scale = "projection"}} :
// CHECK-NEXT:    func.return %a
func.func @norm_without_weight(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %n = transformer.rms_norm %q {normalized_shape = [2], eps = 1.0e-06} : (tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  %a = transformer.attention %n, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @offset(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %nw = forge.weight "n" : tensor<2xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %n = transformer.rms_norm %q, weight = %nw {normalized_shape = [2], eps = 1.0e-06, weight_offset = 1.0} :
// CHECK-NEXT:    %a = transformer.attention %n, %k, %v {form = {scale = "projection"}} :
// CHECK-NEXT:    func.return %a
func.func @offset(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %nw = forge.weight "n" : tensor<2xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %n = transformer.rms_norm %q, weight = %nw {normalized_shape = [2], eps = 1.0e-06, weight_offset = 1.0} : (tensor<1x4x3x2xf32>, tensor<2xf32>) -> tensor<1x4x3x2xf32>
  %a = transformer.attention %n, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @several_users(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {scale = "projection"}} :
// CHECK-NEXT:    %z = aten.add.Tensor %a, %q :
// CHECK-NEXT:    func.return %z
func.func @several_users(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %z = aten.add.Tensor %a, %q : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %z : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @no_layer(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %g, %k, %v {form = {scale = "projection"}} :
// CHECK-NEXT:    func.return %a
func.func @no_layer(%x: tensor<1x3x8xf32>, %g: tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %g, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @activation(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq {activation = relu} :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {scale = "projection"}} :
// CHECK-NEXT:    func.return %a
func.func @activation(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %ql = transformer.linear %x, %wq {activation = relu} : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// A layer that computes keys and values, too, is first to be split (`sections = "apart"`).
// CHECK-LABEL: func.func @fused(
// CHECK-NEXT:    %w = forge.weight "w" : tensor<24x8xf32>
// CHECK-NEXT:    %l = transformer.linear %x, %w :
// CHECK-NEXT:    %r = aten.reshape %l {shape = [1, 3, 12, 2]} :
// CHECK-NEXT:    %p = aten.permute %r {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %q, %k, %v = aten.split_with_sizes %p {split_sizes = [4, 4, 4], dim = 1} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {scale = "projection"}} :
// CHECK-NEXT:    func.return %a
func.func @fused(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %w = forge.weight "w" : tensor<24x8xf32>
  %l = transformer.linear %x, %w : (tensor<1x3x8xf32>, tensor<24x8xf32>) -> tensor<1x3x24xf32>
  %r = aten.reshape %l {shape = [1, 3, 12, 2]} : (tensor<1x3x24xf32>) -> tensor<1x3x12x2xf32>
  %p = aten.permute %r {dims = [0, 2, 1, 3]} : (tensor<1x3x12x2xf32>) -> tensor<1x12x3x2xf32>
  %q, %k, %v = aten.split_with_sizes %p {split_sizes = [4, 4, 4], dim = 1} : (tensor<1x12x3x2xf32>) -> (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>)
  %a = transformer.attention %q, %k, %v {form = {scale = "projection"}} : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// In 16 bits only powers of two scale exactly.
// CHECK-LABEL: func.func @short(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf16>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf16>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf16>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {scale = 0.3, form = {scale = "projection"}} :
// CHECK-NEXT:    func.return %a
func.func @short(%x: tensor<1x3x8xf16>) -> tensor<1x4x3x2xf16> {
  %wq = forge.weight "q" : tensor<8x8xf16>
  %wk = forge.weight "k" : tensor<4x8xf16>
  %wv = forge.weight "v" : tensor<4x8xf16>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf16>, tensor<8x8xf16>) -> tensor<1x3x8xf16>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf16>) -> tensor<1x3x4x2xf16>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf16>) -> tensor<1x4x3x2xf16>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf16>, tensor<4x8xf16>) -> tensor<1x3x4xf16>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf16>) -> tensor<1x3x2x2xf16>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf16>) -> tensor<1x2x3x2xf16>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf16>, tensor<4x8xf16>) -> tensor<1x3x4xf16>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf16>) -> tensor<1x3x2x2xf16>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf16>) -> tensor<1x2x3x2xf16>
  %a = transformer.attention %q, %k, %v {scale = 0.3, form = {scale = "projection"}} : (tensor<1x4x3x2xf16>, tensor<1x2x3x2xf16>, tensor<1x2x3x2xf16>) -> tensor<1x4x3x2xf16>
  func.return %a : tensor<1x4x3x2xf16>
}
