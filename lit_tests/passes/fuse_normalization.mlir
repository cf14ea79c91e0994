// RUN: forge-opt %s -p fuse-normalization | filecheck %s
// RUN: forge-opt %s -p fuse-normalization --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'fuse-normalization{eps=0}' 2>&1 | filecheck %s --check-prefix=OPTION

// EXPLAIN:      fuse-normalization:
// EXPLAIN:        fired    FuseRmsNorm at {{.*}}fuse_normalization.mlir
// EXPLAIN:        refused  FuseRmsNorm: aten.rsqrt at {{.*}}: epsilon is added outside of the root

// OPTION:       pass 'fuse-normalization'
// OPTION-SAME:  eps

// As Llama and Qwen write it.
// CHECK-LABEL: func.func @llama
// CHECK-NEXT:    %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06}
// CHECK-NEXT:    func.return %0
func.func @llama(%x: tensor<2x4xf32>, %w: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %5 = aten.mul.Tensor %w, %4 : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %5 : tensor<2x4xf32>
}

// As Gemma writes it: the square is a product, and the weight is kept without its one.
// CHECK-LABEL: func.func @gemma
// CHECK-NEXT:    %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06, weight_offset = 1.0}
// CHECK-NEXT:    func.return %0
func.func @gemma(%x: tensor<2x4xf32>, %w: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = aten.mul.Tensor %x, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %3, %x : (tensor<2x1xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %5 = aten.add.Scalar %w {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %6 = aten.mul.Tensor %4, %5 : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %6 : tensor<2x4xf32>
}

// Of 16-bit elements it is computed in f32, and the weight multiplies what was converted back.
// CHECK-LABEL: func.func @converted
// CHECK-NEXT:    %0 = transformer.rms_norm %x, weight = %w {{.*}} : (tensor<2x4xbf16>, tensor<4xbf16>) -> tensor<2x4xbf16>
// CHECK-NEXT:    func.return %0
func.func @converted(%x: tensor<2x4xbf16>, %w: tensor<4xbf16>) -> tensor<2x4xbf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<2x4xbf16>) -> tensor<2x4xf32>
  %1 = aten.pow.Tensor_Scalar %0 {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.mean.dim %1 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.rsqrt %3 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.mul.Tensor %0, %4 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %6 = aten.to.dtype %5 {dtype = bf16} : (tensor<2x4xf32>) -> tensor<2x4xbf16>
  %7 = aten.mul.Tensor %w, %6 : (tensor<4xbf16>, tensor<2x4xbf16>) -> tensor<2x4xbf16>
  func.return %7 : tensor<2x4xbf16>
}

// Without a weight, and over two dimensions.
// CHECK-LABEL: func.func @two_dimensions
// CHECK-NEXT:    %0 = transformer.rms_norm %x {normalized_shape = [3, 4], eps = 1.0e-05}
// CHECK-NEXT:    func.return %0
func.func @two_dimensions(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1, -2], keepdim = true} : (tensor<2x3x4xf32>) -> tensor<2x1x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-05} : (tensor<2x1x1xf32>) -> tensor<2x1x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1x1xf32>) -> tensor<2x1x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x3x4xf32>, tensor<2x1x1xf32>) -> tensor<2x3x4xf32>
  func.return %4 : tensor<2x3x4xf32>
}

// Divided by the root, as a product with x on both sides of the weight, and with sums for means.
// CHECK-LABEL: func.func @spellings
// CHECK-NEXT:    %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-06}
// CHECK-NEXT:    %1 = transformer.rms_norm %0, weight = %w {normalized_shape = [4], eps = 1.0e-06}
// CHECK-NEXT:    %2 = transformer.rms_norm %1, weight = %w {normalized_shape = [4], eps = 1.0e-06}
// CHECK-NEXT:    %3 = transformer.rms_norm %2 {normalized_shape = [4], eps = 0.0}
// CHECK-NEXT:    func.return %3
func.func @spellings(%x: tensor<2x4xf32>, %w: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = aten.mul.Tensor %x, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.sum.dim_IntList %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.div.Scalar %1 {other = 4} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.sqrt %3 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.mul.Tensor %w, %x : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %6 = aten.div.Tensor %5, %4 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %7 = aten.pow.Tensor_Scalar %6 {exponent = 2.0} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %8 = aten.mean.dim %7 {dim = [1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %9 = aten.add.Scalar %8 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %10 = aten.pow.Tensor_Scalar %9 {exponent = -0.5} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %11 = aten.mul.Tensor %10, %w : (tensor<2x1xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %12 = aten.mul.Tensor %6, %11 : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %13 = aten.pow.Tensor_Scalar %12 {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %14 = aten.mean.dim %13 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %15 = aten.add.Scalar %14 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %16 = aten.sqrt %15 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %17 = aten.reciprocal %16 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %18 = aten.mul.Tensor %12, %17 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %19 = aten.mul.Tensor %18, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %20 = aten.pow.Tensor_Scalar %19 {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %21 = aten.mean.dim %20 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %22 = aten.pow.Tensor_Scalar %21 {exponent = 0.5} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %23 = aten.div.Tensor %19, %22 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %23 : tensor<2x4xf32>
}

// As T5 writes it: what is scaled is not converted first, but promoted by the root.
// CHECK-LABEL: func.func @promoted
// CHECK-NEXT:    %0 = transformer.rms_norm %x, weight = %w {{.*}} : (tensor<2x4xbf16>, tensor<4xbf16>) -> tensor<2x4xbf16>
// CHECK-NEXT:    func.return %0
func.func @promoted(%x: tensor<2x4xbf16>, %w: tensor<4xbf16>) -> tensor<2x4xbf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<2x4xbf16>) -> tensor<2x4xf32>
  %1 = aten.pow.Tensor_Scalar %0 {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.mean.dim %1 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.rsqrt %3 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.mul.Tensor %x, %4 : (tensor<2x4xbf16>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %6 = aten.to.dtype %5 {dtype = bf16} : (tensor<2x4xf32>) -> tensor<2x4xbf16>
  %7 = aten.mul.Tensor %w, %6 : (tensor<4xbf16>, tensor<2x4xbf16>) -> tensor<2x4xbf16>
  func.return %7 : tensor<2x4xbf16>
}

// As GPT-OSS writes it: its weight is promoted, and the product converted back.
// CHECK-LABEL: func.func @promoted_weight
// CHECK-NEXT:    %0 = transformer.rms_norm %x, weight = %w {{.*}} : (tensor<2x4xbf16>, tensor<4xbf16>) -> tensor<2x4xbf16>
// CHECK-NEXT:    func.return %0
func.func @promoted_weight(%x: tensor<2x4xbf16>, %w: tensor<4xbf16>) -> tensor<2x4xbf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<2x4xbf16>) -> tensor<2x4xf32>
  %1 = aten.pow.Tensor_Scalar %0 {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.mean.dim %1 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.rsqrt %3 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.mul.Tensor %0, %4 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %6 = aten.mul.Tensor %w, %5 : (tensor<4xbf16>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %7 = aten.to.dtype %6 {dtype = bf16} : (tensor<2x4xf32>) -> tensor<2x4xbf16>
  func.return %7 : tensor<2x4xbf16>
}

// The mean is subtracted first, as Cohere does; then it is a layer norm.
// CHECK-LABEL: func.func @layer_norm
// CHECK-NEXT:    %0 = transformer.layer_norm %x, weight = %w {normalized_shape = [4], eps = 1.0e-05}
// CHECK-NEXT:    func.return %0
func.func @layer_norm(%x: tensor<2x4xf32>, %w: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = aten.mean.dim %x {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %1 = aten.sub.Tensor %x, %0 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %2 = aten.pow.Tensor_Scalar %1 {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = aten.mean.dim %2 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %4 = aten.add.Scalar %3 {other = 1.0e-05} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.rsqrt %4 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %6 = aten.mul.Tensor %1, %5 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %7 = aten.mul.Tensor %w, %6 : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %7 : tensor<2x4xf32>
}

// From a variance and from a deviation, with the weight before the division, and a bias. What has
// the type of the result is taken for a residual.
// CHECK-LABEL: func.func @variances
// CHECK-NEXT:    %0 = transformer.layer_norm %x, weight = %w, bias = %b {normalized_shape = [4], eps = 1.0e-05}
// CHECK-NEXT:    %1 = transformer.layer_norm %0, weight = %w, bias = %b {normalized_shape = [4], eps = 1.0e-05}
// CHECK-NEXT:    %2 = transformer.layer_norm %1 {normalized_shape = [2, 4], eps = 0.0}
// CHECK-NEXT:    %3 = aten.add.Tensor %2, %c
// CHECK-NEXT:    func.return %3
func.func @variances(%x: tensor<2x4xf32>, %w: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = aten.mean.dim %x {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %1 = aten.var.dim %x {dim = [-1], unbiased = false, keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.sub.Tensor %x, %0 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %3 = aten.mul.Tensor %w, %2 : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = aten.add.Scalar %1 {other = 1.0e-05} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.sqrt %4 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %6 = aten.div.Tensor %3, %5 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %7 = aten.add.Tensor %6, %b : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %8, %9 = aten.var_mean.correction %7 {dim = [-1], correction = 0, keepdim = true} : (tensor<2x4xf32>) -> (tensor<2x1xf32>, tensor<2x1xf32>)
  %10 = aten.add.Scalar %8 {other = 1.0e-05} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %11 = aten.rsqrt %10 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %12 = aten.sub.Tensor %7, %9 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %13 = aten.mul.Tensor %12, %11 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %14 = aten.mul.Tensor %13, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %15 = aten.add.Tensor %b, %14 : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %16 = aten.mean.dim %15 {dim = [0, 1], keepdim = true} : (tensor<2x4xf32>) -> tensor<1x1xf32>
  %17 = aten.sub.Tensor %15, %16 : (tensor<2x4xf32>, tensor<1x1xf32>) -> tensor<2x4xf32>
  %18 = aten.std.correction %15 {correction = 0, keepdim = true} : (tensor<2x4xf32>) -> tensor<1x1xf32>
  %19 = aten.div.Tensor %17, %18 : (tensor<2x4xf32>, tensor<1x1xf32>) -> tensor<2x4xf32>
  %20 = aten.add.Tensor %19, %c : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %20 : tensor<2x4xf32>
}

// A layer norm of 16-bit elements that is computed in f32.
// CHECK-LABEL: func.func @converted_layer_norm
// CHECK-NEXT:    %0 = transformer.layer_norm %x, weight = %w, bias = %w {{.*}} : (tensor<2x4xbf16>, tensor<4xbf16>, tensor<4xbf16>) -> tensor<2x4xbf16>
// CHECK-NEXT:    func.return %0
func.func @converted_layer_norm(%x: tensor<2x4xbf16>, %w: tensor<4xbf16>) -> tensor<2x4xbf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<2x4xbf16>) -> tensor<2x4xf32>
  %1 = transformer.layer_norm %0 {normalized_shape = [4], eps = 1.0e-05} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.to.dtype %w {dtype = f32} : (tensor<4xbf16>) -> tensor<4xf32>
  %3 = aten.mul.Tensor %1, %2 : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %4 = aten.add.Tensor %3, %w : (tensor<2x4xf32>, tensor<4xbf16>) -> tensor<2x4xf32>
  %5 = aten.to.dtype %4 {dtype = bf16} : (tensor<2x4xf32>) -> tensor<2x4xbf16>
  func.return %5 : tensor<2x4xbf16>
}

// The factor behind the norm has another shape than what is normalised: it is no weight.
// CHECK-LABEL: func.func @other_factor
// CHECK-NEXT:    %0 = transformer.rms_norm %x {normalized_shape = [4], eps = 1.0e-06}
// CHECK-NEXT:    %1 = aten.mul.Tensor %w, %0
// CHECK-NEXT:    func.return %1
func.func @other_factor(%x: tensor<2x4xf32>, %w: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %5 = aten.mul.Tensor %w, %4 : (tensor<2x1xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %5 : tensor<2x4xf32>
}

// The mean is over the first dimension.
// CHECK-LABEL: func.func @first_dimension
// CHECK-NOT:     rms_norm
func.func @first_dimension(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = aten.mean.dim %0 {dim = [0], keepdim = true} : (tensor<4x4xf32>) -> tensor<1x4xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %3 = aten.rsqrt %2 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<4x4xf32>, tensor<1x4xf32>) -> tensor<4x4xf32>
  func.return %4 : tensor<4x4xf32>
}

// The mean drops its dimension, so that the root is broadcast over rows.
// CHECK-LABEL: func.func @dropped_dimension
// CHECK-NOT:     rms_norm
func.func @dropped_dimension(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1]} : (tensor<4x4xf32>) -> tensor<4xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.rsqrt %2 : (tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<4x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  func.return %4 : tensor<4x4xf32>
}

// Epsilon is outside of the root.
// CHECK-LABEL: func.func @epsilon_outside
// CHECK-NOT:     rms_norm
func.func @epsilon_outside(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.rsqrt %1 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4 : tensor<2x4xf32>
}

// It is a mean of cubes.
// CHECK-LABEL: func.func @cubes
// CHECK-NOT:     rms_norm
func.func @cubes(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 3} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4 : tensor<2x4xf32>
}

// The root scales another tensor.
// CHECK-LABEL: func.func @other_tensor
// CHECK-NOT:     rms_norm
func.func @other_tensor(%x: tensor<2x4xf32>, %z: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %z, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4 : tensor<2x4xf32>
}

// The mean of squares, or the root, is used elsewhere.
// CHECK-LABEL: func.func @second_user_of_mean
// CHECK-NOT:     rms_norm
func.func @second_user_of_mean(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x1xf32>) {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4, %1 : tensor<2x4xf32>, tensor<2x1xf32>
}

// CHECK-LABEL: func.func @second_user_of_root
// CHECK-NOT:     rms_norm
func.func @second_user_of_root(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x1xf32>) {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4, %3 : tensor<2x4xf32>, tensor<2x1xf32>
}

// What is normalised without its weight is used, too: the weight stays apart.
// CHECK-LABEL: func.func @second_user_of_norm
// CHECK-NEXT:    %0 = transformer.rms_norm %x {normalized_shape = [4], eps = 1.0e-06}
// CHECK-NEXT:    %1 = aten.mul.Tensor %w, %0
// CHECK-NEXT:    func.return %0, %1
func.func @second_user_of_norm(%x: tensor<2x4xf32>, %w: tensor<4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = transformer.rms_norm %x {normalized_shape = [4], eps = 1.0e-06} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mul.Tensor %w, %0 : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %0, %1 : tensor<2x4xf32>, tensor<2x4xf32>
}

// It is not converted back to the type that it came from.
// CHECK-LABEL: func.func @converted_to_another_type
// CHECK-NEXT:    %0 = aten.to.dtype %x {dtype = f32}
// CHECK-NEXT:    %1 = transformer.rms_norm %0
// CHECK-NEXT:    %2 = aten.to.dtype %1 {dtype = f16}
// CHECK-NEXT:    func.return %2
func.func @converted_to_another_type(%x: tensor<2x4xbf16>) -> tensor<2x4xf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<2x4xbf16>) -> tensor<2x4xf32>
  %1 = transformer.rms_norm %0 {normalized_shape = [4], eps = 1.0e-06} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.to.dtype %1 {dtype = f16} : (tensor<2x4xf32>) -> tensor<2x4xf16>
  func.return %2 : tensor<2x4xf16>
}

// Its weight is an f32 of its own, and would have to be rounded.
// CHECK-LABEL: func.func @wide_weight
// CHECK-NEXT:    aten.to.dtype
// CHECK-NEXT:    transformer.rms_norm
// CHECK-NEXT:    aten.to.dtype
func.func @wide_weight(%x: tensor<2x4xbf16>, %w: tensor<4xf32>) -> tensor<2x4xbf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<2x4xbf16>) -> tensor<2x4xf32>
  %1 = transformer.rms_norm %0, weight = %w {normalized_shape = [4], eps = 1.0e-06} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %2 = aten.to.dtype %1 {dtype = bf16} : (tensor<2x4xf32>) -> tensor<2x4xbf16>
  func.return %2 : tensor<2x4xbf16>
}

// The sum of squares is not divided by their number: this normalises the length, as F.normalize.
// CHECK-LABEL: func.func @length
// CHECK-NOT:     rms_norm
func.func @length(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = aten.mul.Tensor %x, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.sum.dim_IntList %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %5 = aten.linalg_vector_norm %x {ord = 2.0, dim = [1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %6 = aten.clamp_min %5 {min = 1.0e-12} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %7 = aten.div.Tensor %x, %6 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4, %7 : tensor<2x4xf32>, tensor<2x4xf32>
}

// Epsilon is negative, or added to the deviation.
// CHECK-LABEL: func.func @other_epsilon
// CHECK-NOT:     norm
func.func @other_epsilon(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = aten.mul.Tensor %x, %x : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = -1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %5 = aten.mean.dim %x {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %6 = aten.sub.Tensor %x, %5 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %7 = aten.std.dim %x {dim = [-1], unbiased = false, keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %8 = aten.add.Scalar %7 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %9 = aten.div.Tensor %6, %8 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4, %9 : tensor<2x4xf32>, tensor<2x4xf32>
}

// The variance is divided by n − 1, which is also the default.
// CHECK-LABEL: func.func @unbiased
// CHECK-NOT:     norm
func.func @unbiased(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = aten.mean.dim %x {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %1 = aten.sub.Tensor %x, %0 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %2 = aten.var.correction %x {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-05} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.rsqrt %3 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.mul.Tensor %1, %4 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %6 = aten.var.dim %x {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %7 = aten.add.Scalar %6 {other = 1.0e-05} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %8 = aten.rsqrt %7 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %9 = aten.mul.Tensor %1, %8 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %5, %9 : tensor<2x4xf32>, tensor<2x4xf32>
}

// Mean and variance are over different dimensions, or over others than the last ones.
// CHECK-LABEL: func.func @other_dimensions
// CHECK-NOT:     layer_norm
func.func @other_dimensions(%x: tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<4x4xf32>) {
  %0 = aten.mean.dim %x {dim = [0], keepdim = true} : (tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = aten.sub.Tensor %x, %0 : (tensor<4x4xf32>, tensor<1x4xf32>) -> tensor<4x4xf32>
  %2 = aten.var.dim %x {dim = [1], unbiased = false, keepdim = true} : (tensor<4x4xf32>) -> tensor<4x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-05} : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %4 = aten.rsqrt %3 : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %5 = aten.mul.Tensor %1, %4 : (tensor<4x4xf32>, tensor<4x1xf32>) -> tensor<4x4xf32>
  %6 = aten.var.dim %x {dim = [0], unbiased = false, keepdim = true} : (tensor<4x4xf32>) -> tensor<1x4xf32>
  %7 = aten.add.Scalar %6 {other = 1.0e-05} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %8 = aten.rsqrt %7 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %9 = aten.mul.Tensor %1, %8 : (tensor<4x4xf32>, tensor<1x4xf32>) -> tensor<4x4xf32>
  func.return %5, %9 : tensor<4x4xf32>, tensor<4x4xf32>
}

// x itself is divided by its deviation, or what is divided is used elsewhere.
// CHECK-LABEL: func.func @not_centered
// CHECK-NOT:     layer_norm
func.func @not_centered(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = aten.mean.dim %x {dim = [-1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %1 = aten.sub.Tensor %x, %0 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %2 = aten.var.dim %x {dim = [-1], unbiased = false, keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %3 = aten.add.Scalar %2 {other = 1.0e-05} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.rsqrt %3 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %5 = aten.mul.Tensor %x, %4 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %6 = aten.add.Scalar %2 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %7 = aten.rsqrt %6 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %8 = aten.mul.Tensor %1, %7 : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %5, %8, %1 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}

// The result is broadcast, or of another type: the mean was taken in f32.
// CHECK-LABEL: func.func @other_type
// CHECK-NOT:     norm
func.func @other_type(%x: tensor<2x4xbf16>) -> tensor<2x4xf32> {
  %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : (tensor<2x4xbf16>) -> tensor<2x4xbf16>
  %1 = aten.mean.dim %0 {dim = [-1], keepdim = true, dtype = f32} : (tensor<2x4xbf16>) -> tensor<2x1xf32>
  %2 = aten.add.Scalar %1 {other = 1.0e-06} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %3 = aten.rsqrt %2 : (tensor<2x1xf32>) -> tensor<2x1xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4xbf16>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %4 : tensor<2x4xf32>
}

// A bias before the weight, a multiple of a bias, and one of another shape.
// CHECK-LABEL: func.func @other_bias
// CHECK:         %1 = aten.mul.Tensor %0, %w
// CHECK:         %3 = aten.add.Tensor %2, %w {alpha = 2}
// CHECK:         %5 = aten.add.Tensor %4, %c
func.func @other_bias(%x: tensor<2x4xf32>, %w: tensor<4xf32>, %c: tensor<2x1xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = transformer.layer_norm %x, bias = %w {normalized_shape = [4], eps = 1.0e-05} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %1 = aten.mul.Tensor %0, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %2 = transformer.layer_norm %x {normalized_shape = [4], eps = 1.0e-05} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %3 = aten.add.Tensor %2, %w {alpha = 2} : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %4 = transformer.layer_norm %x {normalized_shape = [4], eps = 1.0e-05} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %5 = aten.add.Tensor %4, %c : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %1, %3, %5 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}
