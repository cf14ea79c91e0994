// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// CHECK-LABEL: func.func @linear(
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<3x4xf32, cpu>
// CHECK-NEXT:    %b = reg.weight "b" : !reg.reg<4xf32, cpu>
// CHECK-NEXT:    %0 = reg.MatMul %x, %w :
// CHECK-NEXT:    %1 = reg.Add %0, %b :
// CHECK-NEXT:    %2 = reg.Gelu %1 {approximation_mode = "TANH"}
// CHECK-NEXT:    func.return %2
func.func @linear(%x: tensor<5x3xf32>) -> tensor<5x4xf32> {
  %w = forge.weight "w" : tensor<3x4xf32>
  %b = forge.weight "b" : tensor<4xf32>
  %0 = transformer.linear %x, %w, bias = %b {activation = gelu_tanh, transpose_weight = false} : (tensor<5x3xf32>, tensor<3x4xf32>, tensor<4xf32>) -> tensor<5x4xf32>
  func.return %0 : tensor<5x4xf32>
}

// CHECK-LABEL: func.func @mlp(
// CHECK-NEXT:    %0 = reg.MatMul %x, %u {transpose_b = true}
// CHECK-NEXT:    %1 = reg.Relu %0 :
// CHECK-NEXT:    %2 = reg.MatMul %1, %d {transpose_b = true}
// CHECK-NEXT:    %3 = reg.Add %2, %b :
// CHECK-NEXT:    func.return %3
func.func @mlp(%x: tensor<5x3xf32>, %u: tensor<6x3xf32>, %d: tensor<3x6xf32>, %b: tensor<3xf32>) -> tensor<5x3xf32> {
  %0 = transformer.mlp %x, %u, %d, down_bias = %b {activation = relu} : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<3x6xf32>, tensor<3xf32>) -> tensor<5x3xf32>
  func.return %0 : tensor<5x3xf32>
}

// CHECK-LABEL: func.func @gated_mlp(
// CHECK-NEXT:    %0 = reg.MatMul %x, %g {transpose_b = true}
// CHECK-NEXT:    %1 = reg.Swish %0 :
// CHECK-NEXT:    %2 = reg.MatMul %x, %u {transpose_b = true}
// CHECK-NEXT:    %3 = reg.Multiply %1, %2 :
// CHECK-NEXT:    %4 = reg.MatMul %3, %d {transpose_b = true}
// CHECK-NEXT:    func.return %4
func.func @gated_mlp(%x: tensor<5x3xf32>, %g: tensor<6x3xf32>, %u: tensor<6x3xf32>, %d: tensor<3x6xf32>) -> tensor<5x3xf32> {
  %0 = transformer.gated_mlp %x, %g, %u, %d : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<6x3xf32>, tensor<3x6xf32>) -> tensor<5x3xf32>
  func.return %0 : tensor<5x3xf32>
}

// CHECK-LABEL: func.func @norms(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.MVN %x, %0 {normalize_variance = true, eps = 1.0e-05, eps_mode = "INSIDE_SQRT"}
// CHECK-NEXT:    %2 = reg.Multiply %1, %w :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Add %w, %3 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %6 = reg.Power %x, %5 :
// CHECK-NEXT:    %7 = reg.ReduceMean %6, %0 {keep_dims = true}
// CHECK-NEXT:    %8 = reg.Constant {value = dense<1.000000e-05> : tensor<f32>}
// CHECK-NEXT:    %9 = reg.Add %7, %8 :
// CHECK-NEXT:    %10 = reg.Sqrt %9 :
// CHECK-NEXT:    %11 = reg.Divide %3, %10 :
// CHECK-NEXT:    %12 = reg.Multiply %x, %11 :
// CHECK-NEXT:    %13 = reg.Multiply %12, %4 :
// CHECK-NEXT:    func.return %2, %13
func.func @norms(%x: tensor<5x3xf32>, %w: tensor<3xf32>) -> (tensor<5x3xf32>, tensor<5x3xf32>) {
  %0 = transformer.layer_norm %x, weight = %w {normalized_shape = [3], eps = 1.0e-05} : (tensor<5x3xf32>, tensor<3xf32>) -> tensor<5x3xf32>
  %1 = transformer.rms_norm %x, weight = %w {normalized_shape = [3], eps = 1.0e-05, weight_offset = 1.0} : (tensor<5x3xf32>, tensor<3xf32>) -> tensor<5x3xf32>
  func.return %0, %1 : tensor<5x3xf32>, tensor<5x3xf32>
}

// CHECK-LABEL: func.func @embedding(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %1 = reg.Gather %w, %i, %0 :
// CHECK-NEXT:    func.return %1
func.func @embedding(%w: tensor<9x4xf32>, %i: tensor<2xi64>) -> tensor<2x4xf32> {
  %0 = transformer.embedding %w, %i : (tensor<9x4xf32>, tensor<2xi64>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// In this form OpenVINO's CPU plugin makes one kernel of it.
// CHECK-LABEL: func.func @rotary_embedding(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<2> : tensor<1xi64>}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<3> : tensor<1xi64>}
// CHECK-NEXT:    %4 = reg.Slice %x, %0, %1, %2, axes = %3 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<4> : tensor<1xi64>}
// CHECK-NEXT:    %6 = reg.Slice %x, %1, %5, %2, axes = %3 :
// CHECK-NEXT:    %7 = reg.Negative %6 :
// CHECK-NEXT:    %8 = reg.Concat [%7, %4] {axis = -1}
// CHECK-NEXT:    %9 = reg.Multiply %x, %c :
// CHECK-NEXT:    %10 = reg.Multiply %8, %s :
// CHECK-NEXT:    %11 = reg.Add %9, %10 :
// CHECK-NEXT:    func.return %11
func.func @rotary_embedding(%x: tensor<1x2x5x4xf32>, %c: tensor<1x1x5x4xf32>, %s: tensor<1x1x5x4xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.rotary_embedding %x, %c, %s : (tensor<1x2x5x4xf32>, tensor<1x1x5x4xf32>, tensor<1x1x5x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}

// Neighbours are rotated, and two of six elements are not.
// CHECK-LABEL: func.func @interleaved(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<4> : tensor<1xi64>}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<3> : tensor<1xi64>}
// CHECK-NEXT:    %4 = reg.Slice %x, %0, %1, %2, axes = %3 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<[1, 2, 5, 2, 2]> : tensor<5xi64>}
// CHECK-NEXT:    %6 = reg.Reshape %4, %5 {special_zero = false}
// CHECK-NEXT:    %7 = reg.Constant {value = dense<4> : tensor<i64>}
// CHECK-NEXT:    %8, %9 = reg.Split %6, %7 {num_splits = 2}
// CHECK-NEXT:    %10 = reg.Negative %9 :
// CHECK-NEXT:    %11 = reg.Concat [%10, %8] {axis = 4}
// CHECK-NEXT:    %12 = reg.Multiply %4, %c :
// CHECK-NEXT:    %13 = reg.Constant {value = dense<[1, 2, 5, 4]> : tensor<4xi64>}
// CHECK-NEXT:    %14 = reg.Reshape %11, %13 {special_zero = false}
// CHECK-NEXT:    %15 = reg.Multiply %14, %s :
// CHECK-NEXT:    %16 = reg.Add %12, %15 :
// CHECK-NEXT:    %17 = reg.Constant {value = dense<6> : tensor<1xi64>}
// CHECK-NEXT:    %18 = reg.Slice %x, %1, %17, %2, axes = %3 :
// CHECK-NEXT:    %19 = reg.Concat [%16, %18] {axis = 3}
// CHECK-NEXT:    func.return %19
func.func @interleaved(%x: tensor<1x2x5x6xf32>, %c: tensor<1x1x5x4xf32>, %s: tensor<1x1x5x4xf32>) -> tensor<1x2x5x6xf32> {
  %0 = transformer.rotary_embedding %x, %c, %s {interleaved = true, rotary_dims = 4} : (tensor<1x2x5x6xf32>, tensor<1x1x5x4xf32>, tensor<1x1x5x4xf32>) -> tensor<1x2x5x6xf32>
  func.return %0 : tensor<1x2x5x6xf32>
}
