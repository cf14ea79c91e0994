// RUN: forge-opt %s -p fuse-linear-activation | filecheck %s
// RUN: forge-opt %s -p fuse-linear-activation --print-debuginfo | filecheck %s --check-prefix=LOC

// The activation is folded in, with bias and layout.
// CHECK-LABEL: func.func @gelu_tanh
// CHECK-NEXT:    %0 = transformer.linear %x, %w, bias = %b {activation = gelu_tanh, transpose_weight = false}
// CHECK-NEXT:    func.return %0
func.func @gelu_tanh(%x: tensor<8x4xf32>, %w: tensor<4x6xf32>, %b: tensor<6xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w, bias = %b {transpose_weight = false} : (tensor<8x4xf32>, tensor<4x6xf32>, tensor<6xf32>) -> tensor<8x6xf32>
  %1 = aten.gelu %0 {approximate = "tanh"} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1 : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @others
// CHECK-NEXT:    transformer.linear %x, %w {activation = gelu_erf}
// CHECK-NEXT:    transformer.linear %x, %w {activation = relu}
// CHECK-NEXT:    transformer.linear %x, %w {activation = silu}
// CHECK-NEXT:    transformer.linear %x, %w {activation = tanh}
// CHECK-NEXT:    transformer.linear %x, %w {activation = sigmoid}
// CHECK-NEXT:    func.return
func.func @others(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.gelu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %3 = aten.relu %2 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %5 = aten.silu %4 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %6 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %7 = aten.tanh %6 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %8 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %9 = aten.sigmoid %8 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1, %3, %5, %7, %9 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>
}

// Written out, with the factors in any order.
// CHECK-LABEL: func.func @quick_gelu
// CHECK-NEXT:    %0 = transformer.linear %x, %w {activation = quick_gelu}
// CHECK-NEXT:    %1 = transformer.linear %x, %w {activation = quick_gelu}
// CHECK-NEXT:    func.return %0, %1
func.func @quick_gelu(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.mul.Scalar %0 {other = 1.702} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = aten.sigmoid %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %3 = aten.mul.Tensor %0, %2 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %c = forge.constant dense<1.702> : tensor<f32>
  %5 = aten.mul.Tensor %c, %4 : (tensor<f32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %6 = aten.sigmoid %5 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %7 = aten.mul.Tensor %6, %4 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %3, %7 : tensor<8x6xf32>, tensor<8x6xf32>
}

// CHECK-LABEL: func.func @relu_squared
// CHECK-NEXT:    transformer.linear %x, %w {activation = relu_squared}
// CHECK-NEXT:    transformer.linear %x, %w {activation = relu_squared}
// CHECK-NEXT:    transformer.linear %x, %w {activation = relu_squared}
// CHECK-NEXT:    func.return
func.func @relu_squared(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = aten.square %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %3 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %4 = aten.relu %3 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %5 = aten.pow.Tensor_Scalar %4 {exponent = 2} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %6 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %7 = aten.mul.Tensor %6, %6 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %2, %5, %7 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>
}

// A reshape between the two goes behind them.
// CHECK-LABEL: func.func @reshaped
// CHECK-NEXT:    %0 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
// CHECK-NEXT:    %1 = aten.reshape %0 {shape = [2, 4, 6]}
// CHECK-NEXT:    func.return %1
func.func @reshaped(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> tensor<2x4x6xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.reshape %0 {shape = [2, 4, 6]} : (tensor<8x6xf32>) -> tensor<2x4x6xf32>
  %2 = aten.relu %1 : (tensor<2x4x6xf32>) -> tensor<2x4x6xf32>
  func.return %2 : tensor<2x4x6xf32>
}

// Another scale than 1.702; another factor; a cube; a square that is not of the ReLU.
// CHECK-LABEL: func.func @other_scale
// CHECK-NOT:     quick_gelu
func.func @other_scale(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.mul.Scalar %0 {other = 1.7} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = aten.sigmoid %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %3 = aten.mul.Tensor %0, %2 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %3 : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @other_factor
// CHECK-NOT:     quick_gelu
func.func @other_factor(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %2 = aten.mul.Scalar %0 {other = 1.702} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %3 = aten.sigmoid %2 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = aten.mul.Tensor %1, %3 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %4 : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @no_square
// CHECK-NOT:     relu_squared
func.func @no_square(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.pow.Tensor_Scalar %0 {exponent = 3} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = transformer.linear %x, %w {activation = tanh} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %3 = aten.square %2 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1, %3 : tensor<8x6xf32>, tensor<8x6xf32>
}

// The layer, its scaled result or the ReLU has another user.
// CHECK-LABEL: func.func @written_out_second_user
// CHECK-NOT:     activation = {{quick_gelu|relu_squared}}
func.func @written_out_second_user(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.mul.Scalar %0 {other = 1.702} : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = aten.sigmoid %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %3 = aten.mul.Tensor %0, %2 : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = transformer.linear %x, %w {activation = relu} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %5 = aten.square %4 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %0, %1, %3, %4, %5 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>
}

// The locations of both survive.
// LOC-LABEL:   func.func @located
// LOC-NEXT:      transformer.linear {{.*}} loc(fused["linear", "relu"])
func.func @located(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32> loc("linear")
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32> loc("relu")
  func.return %1 : tensor<8x6xf32>
}

// The layer has a second user.
// CHECK-LABEL: func.func @second_user
// CHECK-NEXT:    transformer.linear %x, %w :
// CHECK-NEXT:    aten.relu
func.func @second_user(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %0, %1 : tensor<8x6xf32>, tensor<8x6xf32>
}

// The layer has an activation already.
// CHECK-LABEL: func.func @twice
// CHECK-NEXT:    transformer.linear %x, %w {activation = silu}
// CHECK-NEXT:    aten.relu
func.func @twice(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w {activation = silu} : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1 : tensor<8x6xf32>
}

// A residual is added before the activation, and not behind it.
// CHECK-LABEL: func.func @residual
// CHECK-NEXT:    transformer.linear %x, %w, residual = %r :
// CHECK-NEXT:    aten.relu
func.func @residual(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %r: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w, residual = %r : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1 : tensor<8x6xf32>
}

// What is activated is not a layer's result.
// CHECK-LABEL: func.func @no_layer
// CHECK-NEXT:    aten.relu
func.func @no_layer(%x: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.relu %x : (tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %0 : tensor<8x4xf32>
}
