// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// EXPLAIN-DAG:  fired    TransposedValues at
// EXPLAIN-DAG:  refused  TransposedValues: transformer.attention at {{.*}}: values: the heads have other users
// EXPLAIN-DAG:  refused  TransposedValues: transformer.attention at {{.*}}: values: more is done to them than a product
// EXPLAIN-DAG:  refused  TransposedValues: transformer.attention at {{.*}}: values: the heads are not those of a linear layer

// The weight comes first.
// CHECK-LABEL: func.func @columns(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %qb = forge.weight "qb" : tensor<8xf32>
// CHECK-NEXT:    %kb = forge.weight "kb" : tensor<4xf32>
// CHECK-NEXT:    %vb = forge.weight "vb" : tensor<4xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq, bias = %qb :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk, bias = %kb :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %0 = aten.permute %x {dims = [0, 2, 1]} :
// CHECK-NEXT:    %1 = aten.matmul %wv, %0 :
// CHECK-NEXT:    %2 = aten.unsqueeze %vb {dim = 1} :
// CHECK-NEXT:    %3 = aten.add.Tensor %1, %2 :
// CHECK-NEXT:    %4 = aten.reshape %3 {shape = [1, 2, 2, 3]} :
// CHECK-NEXT:    %v = aten.permute %4 {dims = [0, 1, 3, 2]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {scores = "decomposed"}} :
// CHECK-NEXT:    func.return %a
func.func @columns(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
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
  %a = transformer.attention %q, %k, %v {form = {value = "columns", scores = "decomposed"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @stored_transposed(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<8x4xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %0 = aten.permute %wv {dims = [1, 0]} :
// CHECK-NEXT:    %1 = aten.permute %x {dims = [0, 2, 1]} :
// CHECK-NEXT:    %2 = aten.matmul %0, %1 :
// CHECK-NEXT:    %3 = aten.reshape %2 {shape = [1, 2, 2, 3]} :
// CHECK-NEXT:    %v = aten.permute %3 {dims = [0, 1, 3, 2]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v :
// CHECK-NEXT:    func.return %a
func.func @stored_transposed(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<8x4xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv {transpose_weight = false} : (tensor<1x3x8xf32>, tensor<8x4xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {value = "columns"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {value = "columns"}} :
// CHECK-NEXT:    %z = aten.mean.dim %v {dim = [1], keepdim = true} :
// CHECK-NEXT:    %u = aten.add.Tensor %a, %z :
// CHECK-NEXT:    func.return %u
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
  %a = transformer.attention %q, %k, %v {form = {value = "columns"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %z = aten.mean.dim %v {dim = [1], keepdim = true} : (tensor<1x2x3x2xf32>) -> tensor<1x1x3x2xf32>
  %u = aten.add.Tensor %a, %z : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %u : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @rotated(
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
// CHECK-NEXT:    %t = transformer.rotary_embedding %v, %cos, %sin :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %t {form = {value = "columns"}} :
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
  %t = transformer.rotary_embedding %v, %cos, %sin : (tensor<1x2x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %t {form = {value = "columns"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %c {form = {value = "columns"}} :
// CHECK-NEXT:    func.return %a
func.func @no_layer(%x: tensor<1x3x8xf32>, %c: tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32> {
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
  %a = transformer.attention %q, %k, %c {form = {value = "columns"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}
