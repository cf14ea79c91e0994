// RUN: forge-opt %s -p fuse-activation | filecheck %s

// As GPT-2 writes it.
// CHECK-LABEL: func.func @gelu_tanh
// CHECK-NEXT:    %0 = aten.gelu %x {approximate = "tanh"}
// CHECK-NEXT:    func.return %0
func.func @gelu_tanh(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.mul.Scalar %x {other = 0.5} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.pow.Tensor_Scalar %x {exponent = 3.0} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.mul.Scalar %1 {other = 0.044715} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.add.Tensor %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.mul.Scalar %3 {other = 0.7978845608028654} : (tensor<4xf32>) -> tensor<4xf32>
  %5 = aten.tanh %4 : (tensor<4xf32>) -> tensor<4xf32>
  %6 = aten.add.Scalar %5 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %7 = aten.mul.Tensor %0, %6 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %7 : tensor<4xf32>
}

// With products, constants as tensors, and the half last.
// CHECK-LABEL: func.func @gelu_tanh_of_products
// CHECK-NEXT:    %0 = aten.gelu %x {approximate = "tanh"}
// CHECK-NEXT:    func.return %0
func.func @gelu_tanh_of_products(%x: tensor<4xf32>) -> tensor<4xf32> {
  %half = forge.constant dense<0.5> : tensor<f32>
  %c = forge.constant dense<0.044715> : tensor<f32>
  %0 = aten.mul.Tensor %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.mul.Tensor %c, %0 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.add.Scalar %1 {other = 1} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.mul.Scalar %x {other = 0.79788456} : (tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.mul.Tensor %3, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = aten.tanh %4 : (tensor<4xf32>) -> tensor<4xf32>
  %6 = aten.add.Scalar %5 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %7 = aten.mul.Tensor %x, %6 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %8 = aten.mul.Tensor %7, %half : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  func.return %8 : tensor<4xf32>
}

// CHECK-LABEL: func.func @gelu_erf
// CHECK-NEXT:    %0 = aten.gelu %x :
// CHECK-NEXT:    func.return %0
func.func @gelu_erf(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.div.Scalar %x {other = 1.4142135623730951} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.erf %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.add.Scalar %1 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.mul.Tensor %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.mul.Scalar %3 {other = 0.5} : (tensor<4xf32>) -> tensor<4xf32>
  func.return %4 : tensor<4xf32>
}

// CHECK-LABEL: func.func @silu
// CHECK-NEXT:    %0 = aten.silu %x
// CHECK-NEXT:    func.return %0
func.func @silu(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.sigmoid %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.mul.Tensor %0, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %1 : tensor<4xf32>
}

// Another coefficient of x³.
// CHECK-LABEL: func.func @wrong_coefficient
// CHECK:         aten.tanh
func.func @wrong_coefficient(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.mul.Scalar %x {other = 0.5} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.pow.Tensor_Scalar %x {exponent = 3.0} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.mul.Scalar %1 {other = 0.0447} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.add.Tensor %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.mul.Scalar %3 {other = 0.7978845608028654} : (tensor<4xf32>) -> tensor<4xf32>
  %5 = aten.tanh %4 : (tensor<4xf32>) -> tensor<4xf32>
  %6 = aten.add.Scalar %5 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %7 = aten.mul.Tensor %0, %6 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %7 : tensor<4xf32>
}

// The argument of erf is not scaled.
// CHECK-LABEL: func.func @unscaled
// CHECK:         aten.erf
func.func @unscaled(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.erf %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.add.Scalar %0 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.mul.Tensor %x, %1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.mul.Scalar %2 {other = 0.5} : (tensor<4xf32>) -> tensor<4xf32>
  func.return %3 : tensor<4xf32>
}

// The factor is another tensor than the argument.
// CHECK-LABEL: func.func @other_factor
// CHECK:         aten.erf
// CHECK:         aten.sigmoid
func.func @other_factor(%x: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = aten.div.Scalar %x {other = 1.4142135623730951} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.erf %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.add.Scalar %1 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.mul.Tensor %z, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.mul.Scalar %3 {other = 0.5} : (tensor<4xf32>) -> tensor<4xf32>
  %5 = aten.sigmoid %x : (tensor<4xf32>) -> tensor<4xf32>
  %6 = aten.mul.Tensor %5, %z : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %4, %6 : tensor<4xf32>, tensor<4xf32>
}

// No half.
// CHECK-LABEL: func.func @whole
// CHECK:         aten.erf
func.func @whole(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.div.Scalar %x {other = 1.4142135623730951} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.erf %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.add.Scalar %1 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.mul.Tensor %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %3 : tensor<4xf32>
}

// Something in between is used elsewhere.
// CHECK-LABEL: func.func @second_user
// CHECK:         aten.erf
// CHECK:         aten.sigmoid
func.func @second_user(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %0 = aten.div.Scalar %x {other = 1.4142135623730951} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.erf %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.add.Scalar %1 {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.mul.Tensor %x, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = aten.mul.Scalar %3 {other = 0.5} : (tensor<4xf32>) -> tensor<4xf32>
  %5 = aten.sigmoid %x : (tensor<4xf32>) -> tensor<4xf32>
  %6 = aten.mul.Tensor %5, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %4, %6, %2, %5 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// x is broadcast, so the result is larger than what is activated.
// CHECK-LABEL: func.func @broadcast
// CHECK:         aten.sigmoid
func.func @broadcast(%x: tensor<1xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.sigmoid %x : (tensor<1xf32>) -> tensor<1xf32>
  %1 = aten.mul.Tensor %0, %z : (tensor<1xf32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %1 : tensor<4xf32>
}

// Quick GELU is no SiLU, and no near miss of one: fuse-linear-activation recognises it.
// CHECK-LABEL: func.func @quick_gelu
// CHECK-NOT:     aten.silu
func.func @quick_gelu(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Scalar %x {other = 1.702} : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.sigmoid %0 : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = aten.mul.Tensor %x, %1 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %2 : tensor<8x4xf32>
}
