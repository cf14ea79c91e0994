// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// EXPLAIN-DAG:  fired    QueriesAsRows at
// EXPLAIN-DAG:  refused  QueriesAsRows: transformer.attention at {{.*}}: each query head has keys of its own
// EXPLAIN-DAG:  refused  QueriesAsRows: transformer.attention at {{.*}}: a window hides keys, too
// EXPLAIN-DAG:  refused  QueriesAsRows: transformer.attention at {{.*}}: both a mask and causality hide keys
// EXPLAIN-DAG:  refused  QueriesAsRows: transformer.attention at {{.*}}: each head has a mask of its own
// EXPLAIN-DAG:  refused  QueriesAsRows: transformer.attention at {{.*}}: queries: the heads were not brought before tokens
// EXPLAIN-DAG:  refused  QueriesAsRows: transformer.attention at {{.*}}: the heads are not brought behind tokens at once

// Two query heads, one row for each and token. The mask says what is causal.
// CHECK-LABEL: func.func @causal(
// CHECK-NEXT:    %0 = forge.constant dense<{{\[\[}}0], [0], [1], [1], [2], [2{{\]\]}}> : tensor<6x1xi64>
// CHECK-NEXT:    %1 = forge.constant dense<{{\[\[}}0, 1, 2{{\]\]}}> : tensor<1x3xi64>
// CHECK-NEXT:    %2 = forge.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT:    %3 = aten.le.Tensor %1, %0 :
// CHECK-NEXT:    %4 = aten.where.ScalarOther %3, %2 {other = -32768.0} :
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %5 = aten.reshape %qr {shape = [1, 3, 2, 4]} :
// CHECK-NEXT:    %6 = aten.permute %5 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %7 = aten.reshape %6 {shape = [1, 2, 6, 2]} :
// CHECK-NEXT:    %8 = transformer.attention %7, %k, %v, mask = %4 :
// CHECK-NEXT:    %9 = aten.reshape %8 {shape = [1, 2, 3, 4]} :
// CHECK-NEXT:    %10 = aten.permute %9 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ap = aten.reshape %10 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @causal(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {causal = true, form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// Each row of the tables twice.
// CHECK-LABEL: func.func @rotated(
// CHECK-NEXT:    %0 = aten.reshape %sin {shape = [1, 1, 3, 1, 2]} :
// CHECK-NEXT:    %1 = aten.expand %0 {size = [1, 1, 3, 2, 2]} :
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [1, 1, 6, 2]} :
// CHECK-NEXT:    %3 = aten.reshape %cos {shape = [1, 1, 3, 1, 2]} :
// CHECK-NEXT:    %4 = aten.expand %3 {size = [1, 1, 3, 2, 2]} :
// CHECK-NEXT:    %5 = aten.reshape %4 {shape = [1, 1, 6, 2]} :
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %6 = aten.reshape %qr {shape = [1, 3, 2, 4]} :
// CHECK-NEXT:    %7 = aten.permute %6 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %8 = aten.reshape %7 {shape = [1, 2, 6, 2]} :
// CHECK-NEXT:    %9 = transformer.rotary_embedding %8, %5, %2 :
// CHECK-NEXT:    %10 = transformer.attention %9, %k, %v :
// CHECK-NEXT:    %11 = aten.reshape %10 {shape = [1, 2, 3, 4]} :
// CHECK-NEXT:    %12 = aten.permute %11 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ap = aten.reshape %12 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @rotated(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
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
  %a = transformer.attention %t, %k, %v {form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// Each row of the mask twice.
// CHECK-LABEL: func.func @mask(
// CHECK-NEXT:    %0 = aten.reshape %m {shape = [3, 1, 3]} :
// CHECK-NEXT:    %1 = aten.expand %0 {size = [3, 2, 3]} :
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [6, 3]} :
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %3 = aten.reshape %qr {shape = [1, 3, 2, 4]} :
// CHECK-NEXT:    %4 = aten.permute %3 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %5 = aten.reshape %4 {shape = [1, 2, 6, 2]} :
// CHECK-NEXT:    %6 = transformer.attention %5, %k, %v, mask = %2 :
// CHECK-NEXT:    %7 = aten.reshape %6 {shape = [1, 2, 3, 4]} :
// CHECK-NEXT:    %8 = aten.permute %7 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ap = aten.reshape %8 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @mask(%x: tensor<1x3x8xf32>, %m: tensor<3x3xi1>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v, mask = %m {form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<3x3xi1>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// Each chunk reads the keys up to its last token.
// CHECK-LABEL: func.func @chunks(
// CHECK-NEXT:    %0 = forge.constant dense<{{\[\[}}0], [0], [1], [1], [2], [2{{\]\]}}> : tensor<6x1xi64>
// CHECK-NEXT:    %1 = forge.constant dense<{{\[\[}}0, 1, 2{{\]\]}}> : tensor<1x3xi64>
// CHECK-NEXT:    %2 = forge.constant dense<0.000000e+00> : tensor<f32>
// CHECK-NEXT:    %3 = aten.le.Tensor %1, %0 :
// CHECK-NEXT:    %4 = aten.where.ScalarOther %3, %2 {other = -32768.0} :
// CHECK-NEXT:    %5 = aten.slice.Tensor %4 {dim = -2, start = 4, end = 6} :
// CHECK-NEXT:    %6 = aten.slice.Tensor %4 {dim = -2, start = 2, end = 4} :
// CHECK-NEXT:    %7 = aten.slice.Tensor %6 {dim = -1, start = 0, end = 2} :
// CHECK-NEXT:    %8 = aten.slice.Tensor %4 {dim = -2, start = 0, end = 2} :
// CHECK-NEXT:    %9 = aten.slice.Tensor %8 {dim = -1, start = 0, end = 1} :
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %10 = aten.reshape %qr {shape = [1, 3, 2, 4]} :
// CHECK-NEXT:    %11 = aten.permute %10 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %12 = aten.reshape %11 {shape = [1, 2, 6, 2]} :
// CHECK-NEXT:    %13 = aten.slice.Tensor %12 {dim = -2, start = 0, end = 2} :
// CHECK-NEXT:    %14 = aten.slice.Tensor %k {dim = -2, start = 0, end = 1} :
// CHECK-NEXT:    %15 = aten.slice.Tensor %v {dim = -2, start = 0, end = 1} :
// CHECK-NEXT:    %16 = transformer.attention %13, %14, %15, mask = %9 :
// CHECK-NEXT:    %17 = aten.slice.Tensor %12 {dim = -2, start = 2, end = 4} :
// CHECK-NEXT:    %18 = aten.slice.Tensor %k {dim = -2, start = 0, end = 2} :
// CHECK-NEXT:    %19 = aten.slice.Tensor %v {dim = -2, start = 0, end = 2} :
// CHECK-NEXT:    %20 = transformer.attention %17, %18, %19, mask = %7 :
// CHECK-NEXT:    %21 = aten.slice.Tensor %12 {dim = -2, start = 4, end = 6} :
// CHECK-NEXT:    %22 = transformer.attention %21, %k, %v, mask = %5 :
// CHECK-NEXT:    %23 = aten.cat [%16, %20, %22] {dim = -2} :
// CHECK-NEXT:    %24 = aten.reshape %23 {shape = [1, 2, 3, 4]} :
// CHECK-NEXT:    %25 = aten.permute %24 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ap = aten.reshape %25 {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @chunks(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {causal = true, form = {kv = "token_rows", query_chunks = 3}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @not_shared(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<8x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<8x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {kv = "token_rows"}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @not_shared(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<8x8xf32>
  %wv = forge.weight "v" : tensor<8x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @window(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {causal = true, window = 2, form = {kv = "token_rows"}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @window(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {causal = true, window = 2, form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @both(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v, mask = %m {causal = true, form = {kv = "token_rows"}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @both(%x: tensor<1x3x8xf32>, %m: tensor<3x3xi1>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v, mask = %m {causal = true, form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<3x3xi1>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @masks(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %kl = transformer.linear %x, %wk :
// CHECK-NEXT:    %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %k = aten.permute %kr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %vl = transformer.linear %x, %wv :
// CHECK-NEXT:    %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %v = aten.permute %vr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v, mask = %m {form = {kv = "token_rows"}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @masks(%x: tensor<1x3x8xf32>, %m: tensor<1x4x3x3xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v, mask = %m {form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x4x3x3xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @no_permutation(
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
// CHECK-NEXT:    %a = transformer.attention %g, %k, %v {form = {kv = "token_rows"}} :
// CHECK-NEXT:    func.return %a
func.func @no_permutation(%x: tensor<1x3x8xf32>, %g: tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32> {
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
  %a = transformer.attention %g, %k, %v {form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @not_brought_behind(
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {kv = "token_rows"}} :
// CHECK-NEXT:    func.return %a
func.func @not_brought_behind(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
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
  %a = transformer.attention %q, %k, %v {form = {kv = "token_rows"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}
