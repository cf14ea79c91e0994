// RUN: forge-opt %s -p fuse-attention | filecheck %s
// RUN: forge-opt %s -p fuse-attention --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'fuse-attention{heads=2}' 2>&1 | filecheck %s --check-prefix=OPTION

// EXPLAIN:      fuse-attention: {{.*}} operations → {{.*}}
// EXPLAIN-NEXT:   fired    FuseAttention at {{.*}}fuse_attention.mlir:19:3; {{.*}}
// EXPLAIN:        fired    GroupHeads at {{.*}}
// EXPLAIN:        refused  FuseAttention: aten.softmax.int at {{.*}}: the softmax is not over the keys, the last dimension
// EXPLAIN:        refused  GroupHeads: transformer.attention at {{.*}}: the values are not repeated for groups of heads
// EXPLAIN:        refused  FuseSafeSoftmax: aten.where.self at {{.*}}: it is not zero where every score is −∞
// OPTION:       pass 'fuse-attention'
// OPTION-SAME:  heads

// What transformers writes: scaled scores, a mask that is added, dropout that is off.
// CHECK-LABEL: func.func @eager(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %mask {scale = 0.5}
// CHECK-NEXT:    func.return %y
func.func @eager(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %c = aten.mul.Scalar %s {other = 0.5} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %c, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %d = aten.dropout %p {p = 0.1, train = false} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %d, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// Without a scale, it is 1; a division scales, too.
// CHECK-LABEL: func.func @divided(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v {scale = 0.25}
// CHECK-NEXT:    %y1 = transformer.attention %q, %k, %v {scale = 1.0}
// CHECK-NEXT:    %z = aten.add.Tensor %y, %y1
// CHECK-NEXT:    func.return %z
func.func @divided(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.div.Scalar %s {other = 4.0} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = 3} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  %s1 = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %p1 = aten.softmax.int %s1 {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y1 = aten.matmul %p1, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  %z = aten.add.Tensor %y, %y1 : (tensor<1x2x3x6xf32>, tensor<1x2x3x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %z : tensor<1x2x3x6xf32>
}

// The scale is folded into queries and keys: before or behind the transposition.
// CHECK-LABEL: func.func @folded(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v {scale = 0.25}
// CHECK-NEXT:    func.return %y
func.func @folded(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %c = forge.constant dense<0.5> : tensor<f32>
  %qs = aten.mul.Tensor %c, %q : (tensor<f32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  %kp = aten.permute %k {dims = [0, 1, 3, 2]} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %ks = aten.mul.Scalar %kp {other = 0.5} : (tensor<1x2x4x5xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %qs, %ks : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// The scale is that of queries before they are split into heads.
// CHECK-LABEL: func.func @scaled_projection(
// CHECK-NEXT:    %h = aten.reshape %x {shape = [1, 3, 2, 4]}
// CHECK-NEXT:    %q = aten.transpose.int %h {dim0 = 1, dim1 = 2}
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v {scale = 0.5}
// CHECK-NEXT:    func.return %y
func.func @scaled_projection(%x: tensor<1x3x8xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %c = aten.mul.Scalar %x {other = 0.5} : (tensor<1x3x8xf32>) -> tensor<1x3x8xf32>
  %h = aten.reshape %c {shape = [1, 3, 2, 4]} : (tensor<1x3x8xf32>) -> tensor<1x3x2x4xf32>
  %q = aten.transpose.int %h {dim0 = 1, dim1 = 2} : (tensor<1x3x2x4xf32>) -> tensor<1x2x3x4xf32>
  %y = transformer.attention %q, %k, %v {scale = 1.0} : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// Gemma caps the scores before it masks them.
// CHECK-LABEL: func.func @capped(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %mask {scale = 0.5, softcap = 50.0}
// CHECK-NEXT:    func.return %y
func.func @capped(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %c = aten.mul.Scalar %s {other = 0.5} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %d = aten.div.Scalar %c {other = 50.0} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %t = aten.tanh %d : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %u = aten.mul.Scalar %t {other = 50.0} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %u, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// T5 adds a bias and a mask. Two layers share their sum; zeros are no mask.
// CHECK-LABEL: func.func @biases(
// CHECK-NEXT:    %0 = aten.add.Tensor %bias, %mask
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %0 {scale = 1.0}
// CHECK-NEXT:    %y1 = transformer.attention %q, %k, %v, mask = %0 {scale = 1.0}
// CHECK-NEXT:    %r = aten.sub.Tensor %y, %y1
// CHECK-NEXT:    func.return %r
func.func @biases(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %bias: tensor<1x2x3x5xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %a = aten.add.Tensor %s, %bias : (tensor<1x2x3x5xf32>, tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %z = forge.constant dense<0.0> : tensor<1x2x3x5xf32>
  %b = aten.add.Tensor %a, %z : (tensor<1x2x3x5xf32>, tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %mask, %b : (tensor<1x1x3x5xf32>, tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  %s1 = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %a1 = aten.add.Tensor %s1, %bias : (tensor<1x2x3x5xf32>, tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m1 = aten.add.Tensor %a1, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p1 = aten.softmax.int %m1 {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y1 = aten.matmul %p1, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  %r = aten.sub.Tensor %y, %y1 : (tensor<1x2x3x6xf32>, tensor<1x2x3x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %r : tensor<1x2x3x6xf32>
}

// Booleans in both senses. What is filled with −∞ is not attended to.
// CHECK-LABEL: func.func @booleans(
// CHECK-NEXT:    %low = forge.constant dense<{{\[\[}}true, false, false, false, false], [true, true, false, false, false], [true, true, true, false, false{{\]\]}}> : tensor<3x5xi1>
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %low {scale = 1.0}
// CHECK-NEXT:    %y1 = transformer.attention %q, %k, %v, mask = %low {scale = 1.0}
// CHECK-NEXT:    %r = aten.sub.Tensor %y, %y1
// CHECK-NEXT:    func.return %r
func.func @booleans(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %low = forge.constant dense<[[true, false, false, false, false], [true, true, false, false, false], [true, true, true, false, false]]> : tensor<3x5xi1>
  %high = aten.logical_not %low : (tensor<3x5xi1>) -> tensor<3x5xi1>
  %inf = forge.constant dense<0xFF800000> : tensor<f32>
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.masked_fill.Scalar %s, %high {value = 0xFFF0000000000000 : f64} : (tensor<1x2x3x5xf32>, tensor<3x5xi1>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  %s1 = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m1 = aten.where.self %low, %s1, %inf : (tensor<3x5xi1>, tensor<1x2x3x5xf32>, tensor<f32>) -> tensor<1x2x3x5xf32>
  %p1 = aten.softmax.int %m1 {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y1 = aten.matmul %p1, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  %r = aten.sub.Tensor %y, %y1 : (tensor<1x2x3x6xf32>, tensor<1x2x3x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %r : tensor<1x2x3x6xf32>
}

// A row of nothing but the smallest number is attended to evenly: that number is added.
// CHECK-LABEL: func.func @filled(
// CHECK-NEXT:    %0 = aten.logical_not %hidden
// CHECK-NEXT:    %1 = aten.where.ScalarOther %0, %bias {other = -3.4028234663852886e+38}
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %1 {scale = 1.0}
// CHECK-NEXT:    func.return %y
func.func @filled(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %hidden: tensor<1x1x3x5xi1>, %bias: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %a = aten.add.Tensor %s, %bias : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.masked_fill.Scalar %a, %hidden {value = -3.4028234663852886e+38} : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xi1>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// What _safe_softmax is decomposed into: zero where every score is −∞.
// CHECK-LABEL: func.func @safe(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %attend {scale = 1.0}
// CHECK-NEXT:    func.return %y
func.func @safe(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %attend: tensor<1x1x3x5xi1>) -> tensor<1x2x3x6xf32> {
  %zero = aten.scalar_tensor {s = 0.0, dtype = f32} : () -> tensor<f32>
  %inf = aten.scalar_tensor {s = 0xFFF0000000000000 : f64, dtype = f32} : () -> tensor<f32>
  %mask = aten.where.self %attend, %zero, %inf : (tensor<1x1x3x5xi1>, tensor<f32>, tensor<f32>) -> tensor<1x1x3x5xf32>
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %s, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten._softmax %m {dim = -1, half_to_float = false} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %e = aten.eq.Scalar %m {other = 0xFFF0000000000000 : f64} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xi1>
  %n = aten.logical_not %e : (tensor<1x2x3x5xi1>) -> tensor<1x2x3x5xi1>
  %any = aten.any.dim %n {dim = -1, keepdim = true} : (tensor<1x2x3x5xi1>) -> tensor<1x2x3x1xi1>
  %none = aten.logical_not %any : (tensor<1x2x3x1xi1>) -> tensor<1x2x3x1xi1>
  %full = aten.full_like %p {fill_value = 0} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %w = aten.where.self %none, %full, %p : (tensor<1x2x3x1xi1>, tensor<1x2x3x5xf32>, tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %w, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// Batch and heads are one dimension for the products, but not for the mask.
// CHECK-LABEL: func.func @batched(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %mask {scale = 0.5}
// CHECK-NEXT:    func.return %y
func.func @batched(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.permute %k {dims = [0, 1, 3, 2]} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %q3 = aten.view %q {size = [2, 3, 4]} : (tensor<1x2x3x4xf32>) -> tensor<2x3x4xf32>
  %k3 = aten.view %kt {size = [2, 4, 5]} : (tensor<1x2x4x5xf32>) -> tensor<2x4x5xf32>
  %s3 = aten.bmm %q3, %k3 : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  %s = aten.view %s3 {size = [1, 2, 3, 5]} : (tensor<2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %c = aten.mul.Scalar %s {other = 0.5} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %c, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten._softmax %m {dim = -1, half_to_float = false} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p3 = aten.view %p {size = [2, 3, 5]} : (tensor<1x2x3x5xf32>) -> tensor<2x3x5xf32>
  %v3 = aten.view %v {size = [2, 5, 6]} : (tensor<1x2x5x6xf32>) -> tensor<2x5x6xf32>
  %y3 = aten.bmm %p3, %v3 : (tensor<2x3x5xf32>, tensor<2x5x6xf32>) -> tensor<2x3x6xf32>
  %y = aten.view %y3 {size = [1, 2, 3, 6]} : (tensor<2x3x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// BLOOM adds its bias where it multiplies, and keeps keys transposed.
// CHECK-LABEL: func.func @baddbmm(
// CHECK-NEXT:    %0 = aten.reshape %alibi {shape = [1, 2, 1, 5]}
// CHECK-NEXT:    %1 = aten.add.Tensor %0, %mask
// CHECK-NEXT:    %2 = aten.reshape %q3 {shape = [1, 2, 3, 4]}
// CHECK-NEXT:    %3 = aten.permute %x {dims = [0, 2, 1, 3]}
// CHECK-NEXT:    %4 = aten.reshape %v3 {shape = [1, 2, 5, 6]}
// CHECK-NEXT:    %5 = transformer.attention %2, %3, %4, mask = %1 {scale = 0.5}
// CHECK-NEXT:    %y3 = aten.reshape %5 {shape = [2, 3, 6]}
// CHECK-NEXT:    func.return %y3
func.func @baddbmm(%q3: tensor<2x3x4xf32>, %x: tensor<1x5x2x4xf32>, %v3: tensor<2x5x6xf32>, %alibi: tensor<2x1x5xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<2x3x6xf32> {
  %kt = aten.permute %x {dims = [0, 2, 3, 1]} : (tensor<1x5x2x4xf32>) -> tensor<1x2x4x5xf32>
  %k3 = aten.reshape %kt {shape = [2, 4, 5]} : (tensor<1x2x4x5xf32>) -> tensor<2x4x5xf32>
  %s3 = aten.baddbmm %alibi, %q3, %k3 {beta = 1.0, alpha = 0.5} : (tensor<2x1x5xf32>, tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  %s = aten.view %s3 {size = [1, 2, 3, 5]} : (tensor<2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %s, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1, dtype = f32} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p3 = aten.view %p {size = [2, 3, 5]} : (tensor<1x2x3x5xf32>) -> tensor<2x3x5xf32>
  %y3 = aten.bmm %p3, %v3 : (tensor<2x3x5xf32>, tensor<2x5x6xf32>) -> tensor<2x3x6xf32>
  func.return %y3 : tensor<2x3x6xf32>
}

// Einstein's sums say which dimension is which.
// CHECK-LABEL: func.func @einsum(
// CHECK-NEXT:    %0 = aten.permute %q {dims = [0, 2, 1, 3]}
// CHECK-NEXT:    %1 = aten.permute %k {dims = [0, 2, 1, 3]}
// CHECK-NEXT:    %2 = aten.permute %v {dims = [0, 2, 1, 3]}
// CHECK-NEXT:    %3 = transformer.attention %0, %1, %2 {scale = 1.0}
// CHECK-NEXT:    %y = aten.permute %3 {dims = [0, 2, 1, 3]}
// CHECK-NEXT:    func.return %y
func.func @einsum(%q: tensor<1x3x2x4xf32>, %k: tensor<1x5x2x4xf32>, %v: tensor<1x5x2x6xf32>) -> tensor<1x3x2x6xf32> {
  %s = aten.einsum [%q, %k] {equation = "bqhd,bkhd->bhqk"} : (tensor<1x3x2x4xf32>, tensor<1x5x2x4xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.einsum [%p, %v] {equation = "bhqk,bkhd->bqhd"} : (tensor<1x2x3x5xf32>, tensor<1x5x2x6xf32>) -> tensor<1x3x2x6xf32>
  func.return %y : tensor<1x3x2x6xf32>
}

// Sixteen bits are widened for the softmax alone.
// CHECK-LABEL: func.func @sixteen_bits(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %mask {scale = 0.5}
// CHECK-NEXT:    func.return %y
func.func @sixteen_bits(%q: tensor<1x2x3x4xbf16>, %k: tensor<1x2x5x4xbf16>, %v: tensor<1x2x5x6xbf16>, %mask: tensor<1x1x3x5xbf16>) -> tensor<1x2x3x6xbf16> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xbf16>) -> tensor<1x2x4x5xbf16>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xbf16>, tensor<1x2x4x5xbf16>) -> tensor<1x2x3x5xbf16>
  %c = aten.mul.Scalar %s {other = 0.5} : (tensor<1x2x3x5xbf16>) -> tensor<1x2x3x5xbf16>
  %m = aten.add.Tensor %c, %mask : (tensor<1x2x3x5xbf16>, tensor<1x1x3x5xbf16>) -> tensor<1x2x3x5xbf16>
  %p = aten.softmax.int %m {dim = -1, dtype = f32} : (tensor<1x2x3x5xbf16>) -> tensor<1x2x3x5xf32>
  %n = aten.to.dtype %p {dtype = bf16} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xbf16>
  %y = aten.matmul %n, %v : (tensor<1x2x3x5xbf16>, tensor<1x2x5x6xbf16>) -> tensor<1x2x3x6xbf16>
  func.return %y : tensor<1x2x3x6xbf16>
}

// Queries and keys are widened, too; the mask is not.
// CHECK-LABEL: func.func @widened(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v, mask = %mask {scale = 0.5}
// CHECK-NEXT:    func.return %y
func.func @widened(%q: tensor<1x2x3x4xbf16>, %k: tensor<1x2x5x4xbf16>, %v: tensor<1x2x5x6xbf16>, %mask: tensor<1x1x3x5xbf16>) -> tensor<1x2x3x6xbf16> {
  %q32 = aten.to.dtype %q {dtype = f32} : (tensor<1x2x3x4xbf16>) -> tensor<1x2x3x4xf32>
  %k32 = aten.to.dtype %k {dtype = f32} : (tensor<1x2x5x4xbf16>) -> tensor<1x2x5x4xf32>
  %kt = aten.transpose.int %k32 {dim0 = -1, dim1 = -2} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q32, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %c = aten.div.Scalar %s {other = 2.0} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %c, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xbf16>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %n = aten.to.dtype %p {dtype = bf16} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xbf16>
  %y = aten.matmul %n, %v : (tensor<1x2x3x5xbf16>, tensor<1x2x5x6xbf16>) -> tensor<1x2x3x6xbf16>
  func.return %y : tensor<1x2x3x6xbf16>
}

// Matrices alone are one head.
// CHECK-LABEL: func.func @one_head(
// CHECK-NEXT:    %0 = aten.reshape %q {shape = [1, 3, 4]}
// CHECK-NEXT:    %1 = aten.reshape %k {shape = [1, 5, 4]}
// CHECK-NEXT:    %2 = aten.reshape %v {shape = [1, 5, 6]}
// CHECK-NEXT:    %3 = transformer.attention %0, %1, %2, mask = %mask {scale = 1.0}
// CHECK-NEXT:    %y = aten.reshape %3 {shape = [3, 6]}
// CHECK-NEXT:    func.return %y
func.func @one_head(%q: tensor<3x4xf32>, %k: tensor<5x4xf32>, %v: tensor<5x6xf32>, %mask: tensor<5xf32>) -> tensor<3x6xf32> {
  %kt = aten.t %k : (tensor<5x4xf32>) -> tensor<4x5xf32>
  %s = aten.mm %q, %kt : (tensor<3x4xf32>, tensor<4x5xf32>) -> tensor<3x5xf32>
  %m = aten.add.Tensor %s, %mask : (tensor<3x5xf32>, tensor<5xf32>) -> tensor<3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<3x5xf32>) -> tensor<3x5xf32>
  %y = aten.mm %p, %v : (tensor<3x5xf32>, tensor<5x6xf32>) -> tensor<3x6xf32>
  func.return %y : tensor<3x6xf32>
}

// Each key head is repeated in its place for a group of query heads.
// CHECK-LABEL: func.func @groups(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v {causal = true, softcap = 30.0, window = 2}
// CHECK-NEXT:    func.return %y
func.func @groups(%q: tensor<1x4x3x4xf32>, %k: tensor<1x2x3x4xf32>, %v: tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32> {
  %kru = aten.unsqueeze %k {dim = 2} : (tensor<1x2x3x4xf32>) -> tensor<1x2x1x3x4xf32>
  %kre = aten.expand %kru {size = [1, 2, 2, 3, 4]} : (tensor<1x2x1x3x4xf32>) -> tensor<1x2x2x3x4xf32>
  %kr = aten.reshape %kre {shape = [1, 4, 3, 4]} : (tensor<1x2x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %vru = aten.unsqueeze %v {dim = 2} : (tensor<1x2x3x4xf32>) -> tensor<1x2x1x3x4xf32>
  %vre = aten.expand %vru {size = [1, 2, 2, 3, 4]} : (tensor<1x2x1x3x4xf32>) -> tensor<1x2x2x3x4xf32>
  %vr = aten.reshape %vre {shape = [1, 4, 3, 4]} : (tensor<1x2x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %y = transformer.attention %q, %kr, %vr {causal = true, softcap = 30.0, window = 2} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// The same, written in one.
// CHECK-LABEL: func.func @interleaved(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v {causal = true, softcap = 30.0, window = 2}
// CHECK-NEXT:    func.return %y
func.func @interleaved(%q: tensor<1x4x3x4xf32>, %k: tensor<1x2x3x4xf32>, %v: tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32> {
  %kr = aten.repeat_interleave.self_int %k {repeats = 2, dim = 1} : (tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %vr = aten.repeat_interleave.self_int %v {repeats = 2, dim = -3} : (tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %y = transformer.attention %q, %kr, %vr {causal = true, softcap = 30.0, window = 2} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// All query heads share one.
// CHECK-LABEL: func.func @multi_query(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v {causal = true, softcap = 30.0, window = 2}
// CHECK-NEXT:    func.return %y
func.func @multi_query(%q: tensor<1x4x3x4xf32>, %k: tensor<1x1x3x4xf32>, %v: tensor<1x1x3x4xf32>) -> tensor<1x4x3x4xf32> {
  %kr = aten.expand %k {size = [1, 4, 3, 4]} : (tensor<1x1x3x4xf32>) -> tensor<1x4x3x4xf32>
  %vr = aten.repeat %v {repeats = [1, 4, 1, 1]} : (tensor<1x1x3x4xf32>) -> tensor<1x4x3x4xf32>
  %y = transformer.attention %q, %kr, %vr {causal = true, softcap = 30.0, window = 2} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// The product broadcasts the one head by itself.
// CHECK-LABEL: func.func @broadcast_head(
// CHECK-NEXT:    %y = transformer.attention %q, %k, %v {scale = 1.0}
// CHECK-NEXT:    func.return %y
func.func @broadcast_head(%q: tensor<1x4x3x4xf32>, %k: tensor<1x1x3x4xf32>, %v: tensor<1x1x3x4xf32>) -> tensor<1x4x3x4xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x1x3x4xf32>) -> tensor<1x1x4x3xf32>
  %s = aten.matmul %q, %kt : (tensor<1x4x3x4xf32>, tensor<1x1x4x3xf32>) -> tensor<1x4x3x3xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x4x3x3xf32>) -> tensor<1x4x3x3xf32>
  %y = aten.matmul %p, %v : (tensor<1x4x3x3xf32>, tensor<1x1x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// The softmax is over the queries.
// CHECK-LABEL: func.func @other_axis(
// CHECK-NOT:     transformer.attention
func.func @other_axis(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %s {dim = 2} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// Something else reads the scores.
// CHECK-LABEL: func.func @scores_used(
// CHECK-NOT:     transformer.attention
func.func @scores_used(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> (tensor<1x2x3x6xf32>, tensor<1x2x3x5xf32>) {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y, %s : tensor<1x2x3x6xf32>, tensor<1x2x3x5xf32>
}

// Something else reads the probabilities.
// CHECK-LABEL: func.func @probabilities_used(
// CHECK-NOT:     transformer.attention
func.func @probabilities_used(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> (tensor<1x2x3x6xf32>, tensor<1x2x3x5xf32>) {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y, %p : tensor<1x2x3x6xf32>, tensor<1x2x3x5xf32>
}

// A learned scale is no number.
// CHECK-LABEL: func.func @scaled_by_a_tensor(
// CHECK-NOT:     transformer.attention
func.func @scaled_by_a_tensor(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %w = forge.weight "temperature" : tensor<1xf32>
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.mul.Tensor %s, %w : (tensor<1x2x3x5xf32>, tensor<1xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// The mask is scaled with the scores.
// CHECK-LABEL: func.func @scaled_mask(
// CHECK-NOT:     transformer.attention
func.func @scaled_mask(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %a = aten.add.Tensor %s, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.mul.Scalar %a {other = 0.5} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// The mask is capped with the scores.
// CHECK-LABEL: func.func @capped_mask(
// CHECK-NOT:     transformer.attention
func.func @capped_mask(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %a = aten.add.Tensor %s, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.tanh %a : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// A cap turns the scores round.
// CHECK-LABEL: func.func @negative_cap(
// CHECK-NOT:     transformer.attention
func.func @negative_cap(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %t = aten.tanh %s : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.mul.Scalar %t {other = -2.0} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// There are two caps.
// CHECK-LABEL: func.func @two_caps(
// CHECK-NOT:     transformer.attention
func.func @two_caps(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %t = aten.tanh %s : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.tanh %t : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// The mask is of several batches, and the scores of one.
// CHECK-LABEL: func.func @wide_mask(
// CHECK-NOT:     transformer.attention
func.func @wide_mask(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %mask: tensor<2x1x3x5xf32>) -> tensor<2x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %s, %mask : (tensor<1x2x3x5xf32>, tensor<2x1x3x5xf32>) -> tensor<2x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<2x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<2x2x3x6xf32>
  func.return %y : tensor<2x2x3x6xf32>
}

// What is filled with a middling number is seen where all of a row is.
// CHECK-LABEL: func.func @middling_fill(
// CHECK-NOT:     transformer.attention
func.func @middling_fill(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %hidden: tensor<1x1x3x5xi1>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.masked_fill.Scalar %s, %hidden {value = -1.0e+09} : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xi1>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// Twice the mask is added.
// CHECK-LABEL: func.func @scaled_bias(
// CHECK-NOT:     transformer.attention
func.func @scaled_bias(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %s, %mask {alpha = 2} : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// The scores are no product.
// CHECK-LABEL: func.func @no_product(
// CHECK-NOT:     transformer.attention
func.func @no_product(%s: tensor<1x2x3x5xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// One batch of values serves several of queries.
// CHECK-LABEL: func.func @broadcast_batch(
// CHECK-NOT:     transformer.attention
func.func @broadcast_batch(%q: tensor<2x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<2x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<2x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<2x2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<2x2x3x5xf32>) -> tensor<2x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<2x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<2x2x3x6xf32>
  func.return %y : tensor<2x2x3x6xf32>
}

// One query serves several heads of keys.
// CHECK-LABEL: func.func @broadcast_queries(
// CHECK-NOT:     transformer.attention
func.func @broadcast_queries(%q: tensor<1x1x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x1x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// The scores are rounded to sixteen bits.
// CHECK-LABEL: func.func @rounded(
// CHECK-NOT:     transformer.attention
func.func @rounded(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %n = aten.to.dtype %s {dtype = bf16} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xbf16>
  %m = aten.to.dtype %n {dtype = f32} : (tensor<1x2x3x5xbf16>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %y = aten.matmul %p, %v : (tensor<1x2x3x5xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y : tensor<1x2x3x6xf32>
}

// The mask has more bits than the values.
// CHECK-LABEL: func.func @precise_mask(
// CHECK-NOT:     transformer.attention
func.func @precise_mask(%q: tensor<1x2x3x4xbf16>, %k: tensor<1x2x5x4xbf16>, %v: tensor<1x2x5x6xbf16>, %mask: tensor<1x1x3x5xf32>) -> tensor<1x2x3x6xbf16> {
  %kt = aten.transpose.int %k {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xbf16>) -> tensor<1x2x4x5xbf16>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xbf16>, tensor<1x2x4x5xbf16>) -> tensor<1x2x3x5xbf16>
  %w = aten.to.dtype %s {dtype = f32} : (tensor<1x2x3x5xbf16>) -> tensor<1x2x3x5xf32>
  %m = aten.add.Tensor %w, %mask : (tensor<1x2x3x5xf32>, tensor<1x1x3x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %m {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %n = aten.to.dtype %p {dtype = bf16} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xbf16>
  %y = aten.matmul %n, %v : (tensor<1x2x3x5xbf16>, tensor<1x2x5x6xbf16>) -> tensor<1x2x3x6xbf16>
  func.return %y : tensor<1x2x3x6xbf16>
}

// Queries have more bits than the values.
// CHECK-LABEL: func.func @precise_queries(
// CHECK-NOT:     transformer.attention
func.func @precise_queries(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xbf16>, %v: tensor<1x2x5x6xbf16>) -> tensor<1x2x3x6xbf16> {
  %w = aten.to.dtype %k {dtype = f32} : (tensor<1x2x5x4xbf16>) -> tensor<1x2x5x4xf32>
  %kt = aten.transpose.int %w {dim0 = 2, dim1 = 3} : (tensor<1x2x5x4xf32>) -> tensor<1x2x4x5xf32>
  %s = aten.matmul %q, %kt : (tensor<1x2x3x4xf32>, tensor<1x2x4x5xf32>) -> tensor<1x2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xf32>
  %n = aten.to.dtype %p {dtype = bf16} : (tensor<1x2x3x5xf32>) -> tensor<1x2x3x5xbf16>
  %y = aten.matmul %n, %v : (tensor<1x2x3x5xbf16>, tensor<1x2x5x6xbf16>) -> tensor<1x2x3x6xbf16>
  func.return %y : tensor<1x2x3x6xbf16>
}

// What baddbmm adds is scaled.
// CHECK-LABEL: func.func @scaled_baddbmm(
// CHECK-NOT:     transformer.attention
func.func @scaled_baddbmm(%q: tensor<2x3x4xf32>, %kt: tensor<2x4x5xf32>, %v: tensor<2x5x6xf32>, %b: tensor<2x3x5xf32>) -> tensor<2x3x6xf32> {
  %s = aten.baddbmm %b, %q, %kt {beta = 2.0} : (tensor<2x3x5xf32>, tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  %y = aten.bmm %p, %v : (tensor<2x3x5xf32>, tensor<2x5x6xf32>) -> tensor<2x3x6xf32>
  func.return %y : tensor<2x3x6xf32>
}

// Something is added to the weighted values.
// CHECK-LABEL: func.func @added_values(
// CHECK-NOT:     transformer.attention
func.func @added_values(%q: tensor<2x3x4xf32>, %kt: tensor<2x4x5xf32>, %v: tensor<2x5x6xf32>, %b: tensor<2x3x6xf32>) -> tensor<2x3x6xf32> {
  %s = aten.bmm %q, %kt : (tensor<2x3x4xf32>, tensor<2x4x5xf32>) -> tensor<2x3x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  %y = aten.baddbmm %b, %p, %v : (tensor<2x3x6xf32>, tensor<2x3x5xf32>, tensor<2x5x6xf32>) -> tensor<2x3x6xf32>
  func.return %y : tensor<2x3x6xf32>
}

// The keys are behind the queries in another order.
// CHECK-LABEL: func.func @permuted_scores(
// CHECK-NOT:     transformer.attention
func.func @permuted_scores(%q: tensor<1x3x2x4xf32>, %k: tensor<1x5x2x4xf32>, %v: tensor<1x5x2x6xf32>) -> tensor<1x3x2x6xf32> {
  %s = aten.einsum [%q, %k] {equation = "bqhd,bkhd->bqhk"} : (tensor<1x3x2x4xf32>, tensor<1x5x2x4xf32>) -> tensor<1x3x2x5xf32>
  %p = aten.softmax.int %s {dim = -1} : (tensor<1x3x2x5xf32>) -> tensor<1x3x2x5xf32>
  %y = aten.einsum [%p, %v] {equation = "bqhk,bkhd->bqhd"} : (tensor<1x3x2x5xf32>, tensor<1x5x2x6xf32>) -> tensor<1x3x2x6xf32>
  func.return %y : tensor<1x3x2x6xf32>
}

// The heads are repeated one after another.
// CHECK-LABEL: func.func @tiled(
// CHECK-NOT:     attention %q, %k, %v
func.func @tiled(%q: tensor<1x4x3x4xf32>, %k: tensor<1x2x3x4xf32>, %v: tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32> {
  %kr = aten.repeat %k {repeats = [1, 2, 1, 1]} : (tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %vr = aten.repeat %v {repeats = [1, 2, 1, 1]} : (tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %y = transformer.attention %q, %kr, %vr {causal = true, softcap = 30.0, window = 2} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// Only the keys are repeated.
// CHECK-LABEL: func.func @repeated_keys(
// CHECK-NOT:     attention %q, %k,
func.func @repeated_keys(%q: tensor<1x4x3x4xf32>, %k: tensor<1x2x3x4xf32>, %vr: tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32> {
  %kr = aten.repeat_interleave.self_int %k {repeats = 2, dim = 1} : (tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %y = transformer.attention %q, %kr, %vr {causal = true, softcap = 30.0, window = 2} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// Keys and values are repeated by different numbers.
// CHECK-LABEL: func.func @repeated_differently(
// CHECK-NOT:     attention %q, %k, %v
func.func @repeated_differently(%q: tensor<1x4x3x4xf32>, %k: tensor<1x2x3x4xf32>, %v: tensor<1x1x3x4xf32>) -> tensor<1x4x3x4xf32> {
  %kr = aten.repeat_interleave.self_int %k {repeats = 2, dim = 1} : (tensor<1x2x3x4xf32>) -> tensor<1x4x3x4xf32>
  %vr = aten.expand %v {size = [1, 4, 3, 4]} : (tensor<1x1x3x4xf32>) -> tensor<1x4x3x4xf32>
  %y = transformer.attention %q, %kr, %vr {causal = true, softcap = 30.0, window = 2} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// What is repeated are not heads.
// CHECK-LABEL: func.func @repeated_positions(
// CHECK-NOT:     attention %q, %k, %v
func.func @repeated_positions(%q: tensor<1x4x3x4xf32>, %k: tensor<1x4x3x2xf32>, %v: tensor<1x4x3x2xf32>) -> tensor<1x4x3x4xf32> {
  %kr = aten.repeat_interleave.self_int %k {repeats = 2, dim = 3} : (tensor<1x4x3x2xf32>) -> tensor<1x4x3x4xf32>
  %vr = aten.repeat_interleave.self_int %v {repeats = 2, dim = 3} : (tensor<1x4x3x2xf32>) -> tensor<1x4x3x4xf32>
  %y = transformer.attention %q, %kr, %vr {causal = true, softcap = 30.0, window = 2} : (tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>, tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  func.return %y : tensor<1x4x3x4xf32>
}

// It is not zero where every score is −∞, but where none is.
// CHECK-LABEL: func.func @not_safe(
// CHECK-NOT:     _safe_softmax
func.func @not_safe(%s: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %p = aten.softmax.int %s {dim = -1} : (tensor<3x5xf32>) -> tensor<3x5xf32>
  %e = aten.eq.Scalar %s {other = 0xFFF0000000000000 : f64} : (tensor<3x5xf32>) -> tensor<3x5xi1>
  %n = aten.any.dim %e {dim = -1, keepdim = true} : (tensor<3x5xi1>) -> tensor<3x1xi1>
  %z = aten.full_like %p {fill_value = 0} : (tensor<3x5xf32>) -> tensor<3x5xf32>
  %w = aten.where.self %n, %z, %p : (tensor<3x1xi1>, tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>
  func.return %w : tensor<3x5xf32>
}

// The scale has another reader, so that it must be computed anyway.
// CHECK-LABEL: func.func @scale_used(
// CHECK-NOT:     scale = 0.5
func.func @scale_used(%x: tensor<1x2x3x4xf32>, %k: tensor<1x2x5x4xf32>, %v: tensor<1x2x5x6xf32>) -> (tensor<1x2x3x6xf32>, tensor<1x2x3x4xf32>) {
  %q = aten.mul.Scalar %x {other = 0.5} : (tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  %y = transformer.attention %q, %k, %v {scale = 1.0} : (tensor<1x2x3x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x6xf32>) -> tensor<1x2x3x6xf32>
  func.return %y, %q : tensor<1x2x3x6xf32>, tensor<1x2x3x4xf32>
}

// A classifier's softmax is no attention.
// CHECK-LABEL: func.func @classifier(
// CHECK-NOT:     transformer.attention
func.func @classifier(%s: tensor<3x5xf32>) -> tensor<3x5xf32> {
  %p = aten.softmax.int %s {dim = -1} : (tensor<3x5xf32>) -> tensor<3x5xf32>
  func.return %p : tensor<3x5xf32>
}
