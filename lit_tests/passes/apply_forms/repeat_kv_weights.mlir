// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// EXPLAIN-DAG:  fired    RepeatKvWeights at
// EXPLAIN-DAG:  refused  RepeatKvWeights: transformer.attention at {{.*}}: each query head has keys of its own
// EXPLAIN-DAG:  refused  RepeatKvWeights: transformer.attention at {{.*}}: keys: the heads are not those of a linear layer

// The rows of the weights, and the elements of the biases, are repeated by heads; rotations stay behind them.
// CHECK-LABEL: func.func @heads(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %qb = forge.weight "qb" : tensor<8xf32>
// CHECK-NEXT:    %kb = forge.weight "kb" : tensor<4xf32>
// CHECK-NEXT:    %vb = forge.weight "vb" : tensor<4xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq, bias = %qb :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %0 = aten.reshape %wk {shape = [2, 1, 2, 8]} :
// CHECK-NEXT:    %1 = aten.expand %0 {size = [2, 2, 2, 8]} :
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [8, 8]} :
// CHECK-NEXT:    %3 = aten.reshape %kb {shape = [2, 1, 2]} :
// CHECK-NEXT:    %4 = aten.expand %3 {size = [2, 2, 2]} :
// CHECK-NEXT:    %5 = aten.reshape %4 {shape = [8]} :
// CHECK-NEXT:    %6 = transformer.linear %x, %2, bias = %5 :
// CHECK-NEXT:    %7 = aten.reshape %6 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %8 = aten.permute %7 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %9 = transformer.rotary_embedding %8, %cos, %sin :
// CHECK-NEXT:    %10 = aten.reshape %wv {shape = [2, 1, 2, 8]} :
// CHECK-NEXT:    %11 = aten.expand %10 {size = [2, 2, 2, 8]} :
// CHECK-NEXT:    %12 = aten.reshape %11 {shape = [8, 8]} :
// CHECK-NEXT:    %13 = aten.reshape %vb {shape = [2, 1, 2]} :
// CHECK-NEXT:    %14 = aten.expand %13 {size = [2, 2, 2]} :
// CHECK-NEXT:    %15 = aten.reshape %14 {shape = [8]} :
// CHECK-NEXT:    %16 = transformer.linear %x, %12, bias = %15 :
// CHECK-NEXT:    %17 = aten.reshape %16 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %18 = aten.permute %17 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %9, %18 {causal = true} :
// CHECK-NEXT:    func.return %a
func.func @heads(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32> {
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
  %t = transformer.rotary_embedding %k, %cos, %sin : (tensor<1x2x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %t, %v {causal = true, form = {kv = "weights"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @stored_transposed(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<8x4xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<8x4xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %0 = aten.reshape %wk {shape = [8, 2, 1, 2]} :
// CHECK-NEXT:    %1 = aten.expand %0 {size = [8, 2, 2, 2]} :
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [8, 8]} :
// CHECK-NEXT:    %3 = transformer.linear %x, %2 {transpose_weight = false} :
// CHECK-NEXT:    %4 = aten.reshape %3 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %5 = aten.permute %4 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %6 = aten.reshape %wv {shape = [8, 2, 1, 2]} :
// CHECK-NEXT:    %7 = aten.expand %6 {size = [8, 2, 2, 2]} :
// CHECK-NEXT:    %8 = aten.reshape %7 {shape = [8, 8]} :
// CHECK-NEXT:    %9 = transformer.linear %x, %8 {transpose_weight = false} :
// CHECK-NEXT:    %10 = aten.reshape %9 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %11 = aten.permute %10 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %5, %11 :
// CHECK-NEXT:    func.return %a
func.func @stored_transposed(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<8x4xf32>
  %wv = forge.weight "v" : tensor<8x4xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk {transpose_weight = false} : (tensor<1x3x8xf32>, tensor<8x4xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv {transpose_weight = false} : (tensor<1x3x8xf32>, tensor<8x4xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {kv = "weights"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// Nothing to repeat.
// CHECK-LABEL: func.func @not_shared(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<8x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {kv = "weights"}} :
// CHECK-NEXT:    func.return %a
func.func @not_shared(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<8x8xf32>
  %wv = forge.weight "v" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {kv = "weights"}} : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// Keys that no layer makes.
// CHECK-LABEL: func.func @cached(
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
// CHECK-NEXT:    %a = transformer.attention %q, %c, %v {form = {kv = "weights"}} :
// CHECK-NEXT:    func.return %a
func.func @cached(%x: tensor<1x3x8xf32>, %c: tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32> {
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
  %a = transformer.attention %q, %c, %v {form = {kv = "weights"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}
