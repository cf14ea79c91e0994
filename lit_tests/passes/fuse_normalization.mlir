// RUN: forge-opt %s -p fuse-normalization | filecheck %s

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
