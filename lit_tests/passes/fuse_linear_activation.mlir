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
// CHECK-NEXT:    func.return
func.func @others(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.gelu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %3 = aten.relu %2 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %4 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %5 = aten.silu %4 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1, %3, %5 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x6xf32>
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
