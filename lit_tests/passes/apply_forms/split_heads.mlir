// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// EXPLAIN-DAG:  fired    SplitHeads at
// EXPLAIN-DAG:  refused  SplitHeads: transformer.attention at {{.*}}: only groups with projections of their own are summed
// EXPLAIN-DAG:  refused  SplitHeads: transformer.attention at {{.*}}: it is one group of heads
// EXPLAIN-DAG:  refused  SplitHeads: transformer.attention at {{.*}}: 4 query heads on 2 key heads cannot be in 3 groups of as many
// EXPLAIN-DAG:  refused  SplitHeads: transformer.attention at {{.*}}: each head has a mask of its own
// EXPLAIN-DAG:  refused  SplitHeads: transformer.attention at {{.*}}: queries: the heads are not those of a linear layer
// EXPLAIN-DAG:  refused  SplitHeads: transformer.attention at {{.*}}: the heads are not brought behind tokens at once
// EXPLAIN-DAG:  refused  SplitHeads: transformer.attention at {{.*}}: the layer that reads the heads has an activation

// Each group has its own layers; the results lie side by side.
// CHECK-LABEL: func.func @groups(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %0 = aten.slice.Tensor %wq {start = 0, end = 4} :
// CHECK-NEXT:    %1 = transformer.linear %x, %0 :
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %3 = aten.permute %2 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %4 = aten.slice.Tensor %wq {start = 4, end = 8} :
// CHECK-NEXT:    %5 = transformer.linear %x, %4 :
// CHECK-NEXT:    %6 = aten.reshape %5 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %7 = aten.permute %6 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %8 = aten.slice.Tensor %wk {start = 0, end = 2} :
// CHECK-NEXT:    %9 = transformer.linear %x, %8 :
// CHECK-NEXT:    %10 = aten.reshape %9 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %11 = aten.permute %10 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %12 = aten.slice.Tensor %wk {start = 2, end = 4} :
// CHECK-NEXT:    %13 = transformer.linear %x, %12 :
// CHECK-NEXT:    %14 = aten.reshape %13 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %15 = aten.permute %14 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %16 = aten.slice.Tensor %wv {start = 0, end = 2} :
// CHECK-NEXT:    %17 = transformer.linear %x, %16 :
// CHECK-NEXT:    %18 = aten.reshape %17 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %19 = aten.permute %18 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %20 = aten.slice.Tensor %wv {start = 2, end = 4} :
// CHECK-NEXT:    %21 = transformer.linear %x, %20 :
// CHECK-NEXT:    %22 = aten.reshape %21 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %23 = aten.permute %22 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %24 = transformer.attention %3, %11, %19 {causal = true} :
// CHECK-NEXT:    %25 = transformer.attention %7, %15, %23 {causal = true} :
// CHECK-NEXT:    %26 = aten.permute %24 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %27 = aten.reshape %26 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %28 = aten.permute %25 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %29 = aten.reshape %28 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %ar = aten.cat [%27, %29] {dim = 2} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo, residual = %x :
// CHECK-NEXT:    func.return %y
func.func @groups(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
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
  %a = transformer.attention %q, %k, %v {causal = true, form = {projections = "per_group", head_groups = 2}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo, residual = %x : (tensor<1x3x8xf32>, tensor<8x8xf32>, tensor<1x3x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// Each group has its own output layer, too. Bias and residual count once.
// CHECK-LABEL: func.func @summed(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %ob = forge.weight "ob" : tensor<8xf32>
// CHECK-NEXT:    %0 = aten.slice.Tensor %wq {start = 0, end = 4} :
// CHECK-NEXT:    %1 = transformer.linear %x, %0 :
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %3 = aten.permute %2 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %4 = aten.slice.Tensor %wq {start = 4, end = 8} :
// CHECK-NEXT:    %5 = transformer.linear %x, %4 :
// CHECK-NEXT:    %6 = aten.reshape %5 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %7 = aten.permute %6 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %8 = aten.slice.Tensor %wk {start = 0, end = 2} :
// CHECK-NEXT:    %9 = transformer.linear %x, %8 :
// CHECK-NEXT:    %10 = aten.reshape %9 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %11 = aten.permute %10 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %12 = aten.slice.Tensor %wk {start = 2, end = 4} :
// CHECK-NEXT:    %13 = transformer.linear %x, %12 :
// CHECK-NEXT:    %14 = aten.reshape %13 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %15 = aten.permute %14 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %16 = aten.slice.Tensor %wv {start = 0, end = 2} :
// CHECK-NEXT:    %17 = transformer.linear %x, %16 :
// CHECK-NEXT:    %18 = aten.reshape %17 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %19 = aten.permute %18 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %20 = aten.slice.Tensor %wv {start = 2, end = 4} :
// CHECK-NEXT:    %21 = transformer.linear %x, %20 :
// CHECK-NEXT:    %22 = aten.reshape %21 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %23 = aten.permute %22 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %24 = transformer.attention %3, %11, %19 :
// CHECK-NEXT:    %25 = transformer.attention %7, %15, %23 :
// CHECK-NEXT:    %26 = aten.permute %24 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %27 = aten.reshape %26 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %28 = aten.slice.Tensor %wo {dim = 1, start = 0, end = 4} :
// CHECK-NEXT:    %29 = transformer.linear %27, %28, bias = %ob :
// CHECK-NEXT:    %30 = aten.permute %25 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %31 = aten.reshape %30 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %32 = aten.slice.Tensor %wo {dim = 1, start = 4, end = 8} :
// CHECK-NEXT:    %33 = transformer.linear %31, %32 :
// CHECK-NEXT:    %34 = aten.add.Tensor %29, %33 :
// CHECK-NEXT:    %y = aten.add.Tensor %x, %34 :
// CHECK-NEXT:    func.return %y
func.func @summed(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ob = forge.weight "ob" : tensor<8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<4x8xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 2, output = "summed"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo, bias = %ob, residual = %x : (tensor<1x3x8xf32>, tensor<8x8xf32>, tensor<8xf32>, tensor<1x3x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// As many groups as heads of keys.
// CHECK-LABEL: func.func @heads_of_keys(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %qb = forge.weight "qb" : tensor<8xf32>
// CHECK-NEXT:    %kb = forge.weight "kb" : tensor<4xf32>
// CHECK-NEXT:    %vb = forge.weight "vb" : tensor<4xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %0 = aten.slice.Tensor %wq {start = 0, end = 4} :
// CHECK-NEXT:    %1 = aten.slice.Tensor %qb {start = 0, end = 4} :
// CHECK-NEXT:    %2 = transformer.linear %x, %0, bias = %1 :
// CHECK-NEXT:    %3 = aten.reshape %2 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %4 = aten.permute %3 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %5 = aten.slice.Tensor %wq {start = 4, end = 8} :
// CHECK-NEXT:    %6 = aten.slice.Tensor %qb {start = 4, end = 8} :
// CHECK-NEXT:    %7 = transformer.linear %x, %5, bias = %6 :
// CHECK-NEXT:    %8 = aten.reshape %7 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %9 = aten.permute %8 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %10 = aten.slice.Tensor %wk {start = 0, end = 2} :
// CHECK-NEXT:    %11 = aten.slice.Tensor %kb {start = 0, end = 2} :
// CHECK-NEXT:    %12 = transformer.linear %x, %10, bias = %11 :
// CHECK-NEXT:    %13 = aten.reshape %12 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %14 = aten.permute %13 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %15 = aten.slice.Tensor %wk {start = 2, end = 4} :
// CHECK-NEXT:    %16 = aten.slice.Tensor %kb {start = 2, end = 4} :
// CHECK-NEXT:    %17 = transformer.linear %x, %15, bias = %16 :
// CHECK-NEXT:    %18 = aten.reshape %17 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %19 = aten.permute %18 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %20 = aten.slice.Tensor %wv {start = 0, end = 2} :
// CHECK-NEXT:    %21 = aten.slice.Tensor %vb {start = 0, end = 2} :
// CHECK-NEXT:    %22 = transformer.linear %x, %20, bias = %21 :
// CHECK-NEXT:    %23 = aten.reshape %22 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %24 = aten.permute %23 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %25 = aten.slice.Tensor %wv {start = 2, end = 4} :
// CHECK-NEXT:    %26 = aten.slice.Tensor %vb {start = 2, end = 4} :
// CHECK-NEXT:    %27 = transformer.linear %x, %25, bias = %26 :
// CHECK-NEXT:    %28 = aten.reshape %27 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %29 = aten.permute %28 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %30 = transformer.attention %4, %14, %24 :
// CHECK-NEXT:    %31 = transformer.attention %9, %19, %29 :
// CHECK-NEXT:    %32 = aten.permute %30 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %33 = aten.reshape %32 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %34 = aten.permute %31 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %35 = aten.reshape %34 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %ar = aten.cat [%33, %35] {dim = 2} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @heads_of_keys(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<4x8xf32>
  %wv = forge.weight "v" : tensor<4x8xf32>
  %qb = forge.weight "qb" : tensor<8xf32>
  %kb = forge.weight "kb" : tensor<4xf32>
  %vb = forge.weight "vb" : tensor<4xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq, bias = %qb : (tensor<1x3x8xf32>, tensor<8x8xf32>, tensor<8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk, bias = %kb : (tensor<1x3x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %vl = transformer.linear %x, %wv, bias = %vb : (tensor<1x3x8xf32>, tensor<4x8xf32>, tensor<4xf32>) -> tensor<1x3x4xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 2, 2]} : (tensor<1x3x4xf32>) -> tensor<1x3x2x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x2x2xf32>) -> tensor<1x2x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {projections = "per_group", kv = "separate"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// Groups that read the same keys share their layer.
// CHECK-LABEL: func.func @shared_keys(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<2x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<2x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %0 = aten.slice.Tensor %wq {start = 0, end = 4} :
// CHECK-NEXT:    %1 = transformer.linear %x, %0 :
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %3 = aten.permute %2 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %4 = aten.slice.Tensor %wq {start = 4, end = 8} :
// CHECK-NEXT:    %5 = transformer.linear %x, %4 :
// CHECK-NEXT:    %6 = aten.reshape %5 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %7 = aten.permute %6 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %8 = transformer.linear %x, %wk :
// CHECK-NEXT:    %9 = aten.reshape %8 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %10 = aten.permute %9 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %11 = transformer.linear %x, %wv :
// CHECK-NEXT:    %12 = aten.reshape %11 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %13 = aten.permute %12 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %14 = transformer.attention %3, %10, %13 :
// CHECK-NEXT:    %15 = transformer.attention %7, %10, %13 :
// CHECK-NEXT:    %16 = aten.permute %14 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %17 = aten.reshape %16 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %18 = aten.permute %15 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %19 = aten.reshape %18 {shape = [1, 3, 4]} :
// CHECK-NEXT:    %ar = aten.cat [%17, %19] {dim = 2} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @shared_keys(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %wk = forge.weight "k" : tensor<2x8xf32>
  %wv = forge.weight "v" : tensor<2x8xf32>
  %wo = forge.weight "o" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %kl = transformer.linear %x, %wk : (tensor<1x3x8xf32>, tensor<2x8xf32>) -> tensor<1x3x2xf32>
  %kr = aten.reshape %kl {shape = [1, 3, 1, 2]} : (tensor<1x3x2xf32>) -> tensor<1x3x1x2xf32>
  %k = aten.permute %kr {dims = [0, 2, 1, 3]} : (tensor<1x3x1x2xf32>) -> tensor<1x1x3x2xf32>
  %vl = transformer.linear %x, %wv : (tensor<1x3x8xf32>, tensor<2x8xf32>) -> tensor<1x3x2xf32>
  %vr = aten.reshape %vl {shape = [1, 3, 1, 2]} : (tensor<1x3x2xf32>) -> tensor<1x3x1x2xf32>
  %v = aten.permute %vr {dims = [0, 2, 1, 3]} : (tensor<1x3x1x2xf32>) -> tensor<1x1x3x2xf32>
  %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 2}} : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// One attention reads what several layers made, which is rotated at once.
// CHECK-LABEL: func.func @stacked(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %wk = forge.weight "k" : tensor<4x8xf32>
// CHECK-NEXT:    %wv = forge.weight "v" : tensor<4x8xf32>
// CHECK-NEXT:    %wo = forge.weight "o" : tensor<8x8xf32>
// CHECK-NEXT:    %0 = aten.slice.Tensor %wq {start = 0, end = 4} :
// CHECK-NEXT:    %1 = aten.slice.Tensor %wq {start = 4, end = 8} :
// CHECK-NEXT:    %2 = transformer.linear %x, %0 :
// CHECK-NEXT:    %3 = aten.reshape %2 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %4 = aten.permute %3 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %5 = transformer.linear %x, %1 :
// CHECK-NEXT:    %6 = aten.reshape %5 {shape = [1, 3, 2, 2]} :
// CHECK-NEXT:    %7 = aten.permute %6 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %8 = aten.cat [%4, %7] {dim = 1} :
// CHECK-NEXT:    %9 = transformer.rotary_embedding %8, %cos, %sin :
// CHECK-NEXT:    %10 = aten.slice.Tensor %wk {start = 0, end = 2} :
// CHECK-NEXT:    %11 = aten.slice.Tensor %wk {start = 2, end = 4} :
// CHECK-NEXT:    %12 = transformer.linear %x, %10 :
// CHECK-NEXT:    %13 = aten.reshape %12 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %14 = aten.permute %13 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %15 = transformer.linear %x, %11 :
// CHECK-NEXT:    %16 = aten.reshape %15 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %17 = aten.permute %16 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %18 = aten.cat [%14, %17] {dim = 1} :
// CHECK-NEXT:    %19 = aten.slice.Tensor %wv {start = 0, end = 2} :
// CHECK-NEXT:    %20 = aten.slice.Tensor %wv {start = 2, end = 4} :
// CHECK-NEXT:    %21 = transformer.linear %x, %19 :
// CHECK-NEXT:    %22 = aten.reshape %21 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %23 = aten.permute %22 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %24 = transformer.linear %x, %20 :
// CHECK-NEXT:    %25 = aten.reshape %24 {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %26 = aten.permute %25 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %27 = aten.cat [%23, %26] {dim = 1} :
// CHECK-NEXT:    %a = transformer.attention %9, %18, %27 :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @stacked(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>) -> tensor<1x3x8xf32> {
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
  %a = transformer.attention %t, %k, %v {form = {projections = "stacked", head_groups = 2}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @not_apart(
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {head_groups = 2, output = "summed"}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @not_apart(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
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
  %a = transformer.attention %q, %k, %v {form = {head_groups = 2, output = "summed"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @one_group(
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {projections = "per_group"}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @one_group(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
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
  %a = transformer.attention %q, %k, %v {form = {projections = "per_group"}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @uneven(
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 3}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @uneven(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
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
  %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 3}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v, mask = %m {form = {projections = "per_group", head_groups = 2}} :
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
  %a = transformer.attention %q, %k, %v, mask = %m {form = {projections = "per_group", head_groups = 2}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x4x3x3xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @own_rotations(
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
// CHECK-NEXT:    %t = transformer.rotary_embedding %q, %cos, %sin :
// CHECK-NEXT:    %a = transformer.attention %t, %k, %v {form = {projections = "per_group", head_groups = 2}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo :
// CHECK-NEXT:    func.return %y
func.func @own_rotations(%x: tensor<1x3x8xf32>, %cos: tensor<1x4x3x2xf32>, %sin: tensor<1x4x3x2xf32>) -> tensor<1x3x8xf32> {
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
  %t = transformer.rotary_embedding %q, %cos, %sin : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  %a = transformer.attention %t, %k, %v {form = {projections = "per_group", head_groups = 2}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}

// CHECK-LABEL: func.func @not_read_by_a_layer(
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 2}} :
// CHECK-NEXT:    func.return %a
func.func @not_read_by_a_layer(%x: tensor<1x3x8xf32>) -> tensor<1x4x3x2xf32> {
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
  %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 2}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %a : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @activation(
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
// CHECK-NEXT:    %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 2}} :
// CHECK-NEXT:    %ap = aten.permute %a {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %ar = aten.reshape %ap {shape = [1, 3, 8]} :
// CHECK-NEXT:    %y = transformer.linear %ar, %wo {activation = relu} :
// CHECK-NEXT:    func.return %y
func.func @activation(%x: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
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
  %a = transformer.attention %q, %k, %v {form = {projections = "per_group", head_groups = 2}} : (tensor<1x4x3x2xf32>, tensor<1x2x3x2xf32>, tensor<1x2x3x2xf32>) -> tensor<1x4x3x2xf32>
  %ap = aten.permute %a {dims = [0, 2, 1, 3]} : (tensor<1x4x3x2xf32>) -> tensor<1x3x4x2xf32>
  %ar = aten.reshape %ap {shape = [1, 3, 8]} : (tensor<1x3x4x2xf32>) -> tensor<1x3x8xf32>
  %y = transformer.linear %ar, %wo {activation = relu} : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  func.return %y : tensor<1x3x8xf32>
}
