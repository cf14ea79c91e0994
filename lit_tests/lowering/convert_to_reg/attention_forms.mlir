// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// Written out; what is causal becomes a mask.
// CHECK-LABEL: func.func @decomposed(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<{{\[\[}}0], [1], [2], [3], [4{{\]\]}}> : tensor<5x1xi64>} :
// CHECK-NEXT:    %1 = reg.Constant {value = dense<{{\[\[}}0, 1, 2, 3, 4, 5{{\]\]}}> : tensor<1x6xi64>} :
// CHECK-NEXT:    %2 = reg.LessEqual %1, %0 :
// CHECK-NEXT:    %3 = reg.MatMul %q, %k {transpose_b = true} :
// CHECK-NEXT:    %4 = reg.Constant {value = dense<5.000000e-01> : tensor<f32>} :
// CHECK-NEXT:    %5 = reg.Multiply %3, %4 :
// CHECK-NEXT:    %6 = reg.Constant {value = dense<0xff800000> : tensor<f32>} :
// CHECK-NEXT:    %7 = reg.Select %2, %5, %6 :
// CHECK-NEXT:    %8 = reg.Softmax %7 {axis = 3} :
// CHECK-NEXT:    %9 = reg.MatMul %8, %k :
// CHECK-NEXT:    func.return %9
func.func @decomposed(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {causal = true, form = {scores = "decomposed"}} : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}

// Queries are scaled, and finite numbers hide keys.
// CHECK-LABEL: func.func @numbers(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<{{\[\[}}0], [1], [2], [3], [4{{\]\]}}> : tensor<5x1xi64>} :
// CHECK-NEXT:    %1 = reg.Constant {value = dense<{{\[\[}}0, 1, 2, 3, 4, 5{{\]\]}}> : tensor<1x6xi64>} :
// CHECK-NEXT:    %2 = reg.LessEqual %1, %0 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>} :
// CHECK-NEXT:    %4 = reg.Constant {value = dense<-3.276800e+04> : tensor<f32>} :
// CHECK-NEXT:    %5 = reg.Select %2, %3, %4 :
// CHECK-NEXT:    %6 = reg.Constant {value = dense<5.000000e-01> : tensor<f32>} :
// CHECK-NEXT:    %7 = reg.Multiply %q, %6 :
// CHECK-NEXT:    %8 = reg.MatMul %7, %k {transpose_b = true} :
// CHECK-NEXT:    %9 = reg.Add %8, %5 :
// CHECK-NEXT:    %10 = reg.Softmax %9 {axis = 3} :
// CHECK-NEXT:    %11 = reg.MatMul %10, %k :
// CHECK-NEXT:    func.return %11
func.func @numbers(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {causal = true, form = {scores = "decomposed", mask = "numbers", scale = "query"}} : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}

// With a scale of 1 nothing is multiplied, and a product takes up the transposition of its operand.
// CHECK-LABEL: func.func @transposed_value(
// CHECK-NEXT:    %0 = reg.MatMul %q, %k {transpose_b = true} :
// CHECK-NEXT:    %1 = reg.Softmax %0 {axis = 3} :
// CHECK-NEXT:    %2 = reg.MatMul %1, %v {transpose_b = true} :
// CHECK-NEXT:    func.return %2
func.func @transposed_value(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x6x4xf32>, %v: tensor<1x2x4x6xf32>) -> tensor<1x2x5x4xf32> {
  %0 = aten.permute %v {dims = [0, 1, 3, 2]} : (tensor<1x2x4x6xf32>) -> tensor<1x2x6x4xf32>
  %1 = transformer.attention %q, %k, %0 {scale = 1.0, form = {scores = "decomposed"}} : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %1 : tensor<1x2x5x4xf32>
}

// CHECK-LABEL: func.func @broadcast(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[1, 2, 1, 6, 4]> : tensor<5xi64>} :
// CHECK-NEXT:    %1 = reg.Reshape %k, %0 {special_zero = false} :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<[1, 2, 2, 6, 4]> : tensor<5xi64>} :
// CHECK-NEXT:    %3 = reg.Broadcast %1, %2 :
// CHECK-NEXT:    %4 = reg.Constant {value = dense<[1, 4, 6, 4]> : tensor<4xi64>} :
// CHECK-NEXT:    %5 = reg.Reshape %3, %4 {special_zero = false} :
// CHECK-NEXT:    %6 = reg.Reshape %k, %0 {special_zero = false} :
// CHECK-NEXT:    %7 = reg.Broadcast %6, %2 :
// CHECK-NEXT:    %8 = reg.Reshape %7, %4 {special_zero = false} :
// CHECK-NEXT:    %9 = reg.ScaledDotProductAttention %q, %5, %8 :
// CHECK-NEXT:    func.return %9
func.func @broadcast(%q: tensor<1x4x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {form = {kv = "broadcast"}} : (tensor<1x4x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32>
  func.return %0 : tensor<1x4x5x4xf32>
}

// An attention for each head of keys.
// CHECK-LABEL: func.func @separate(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<1xi64>} :
// CHECK-NEXT:    %1 = reg.Constant {value = dense<2> : tensor<1xi64>} :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>} :
// CHECK-NEXT:    %3 = reg.Slice %q, %0, %1, %2, axes = %2 :
// CHECK-NEXT:    %4 = reg.Slice %k, %0, %2, %2, axes = %2 :
// CHECK-NEXT:    %5 = reg.Slice %k, %0, %2, %2, axes = %2 :
// CHECK-NEXT:    %6 = reg.Constant {value = dense<4> : tensor<1xi64>} :
// CHECK-NEXT:    %7 = reg.Slice %q, %1, %6, %2, axes = %2 :
// CHECK-NEXT:    %8 = reg.Slice %k, %2, %1, %2, axes = %2 :
// CHECK-NEXT:    %9 = reg.Slice %k, %2, %1, %2, axes = %2 :
// CHECK-NEXT:    %10 = reg.Constant {value = dense<[1, 2, 6, 4]> : tensor<4xi64>} :
// CHECK-NEXT:    %11 = reg.Broadcast %4, %10 :
// CHECK-NEXT:    %12 = reg.Broadcast %5, %10 :
// CHECK-NEXT:    %13 = reg.ScaledDotProductAttention %3, %11, %12 :
// CHECK-NEXT:    %14 = reg.Broadcast %8, %10 :
// CHECK-NEXT:    %15 = reg.Broadcast %9, %10 :
// CHECK-NEXT:    %16 = reg.ScaledDotProductAttention %7, %14, %15 :
// CHECK-NEXT:    %17 = reg.Concat [%13, %16] {axis = 1} :
// CHECK-NEXT:    func.return %17
func.func @separate(%q: tensor<1x4x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {form = {kv = "separate"}} : (tensor<1x4x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32>
  func.return %0 : tensor<1x4x5x4xf32>
}

// The queries of both heads are those of one, each with its row of the mask.
// CHECK-LABEL: func.func @rows(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0xff800000> : tensor<f32>} :
// CHECK-NEXT:    %1 = reg.Greater %m, %0 :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>} :
// CHECK-NEXT:    %3 = reg.ReduceLogicalOr %1, %2 {keep_dims = true} :
// CHECK-NEXT:    %4 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>} :
// CHECK-NEXT:    %5 = reg.Select %3, %m, %4 :
// CHECK-NEXT:    %6 = reg.Concat [%5, %5] {axis = 0} :
// CHECK-NEXT:    %7 = reg.Constant {value = dense<[1, 2, 10, 4]> : tensor<4xi64>} :
// CHECK-NEXT:    %8 = reg.Reshape %q, %7 {special_zero = false} :
// CHECK-NEXT:    %9 = reg.ScaledDotProductAttention %8, %k, %k, attn_mask = %6 :
// CHECK-NEXT:    %10 = reg.Constant {value = dense<[1, 4, 5, 4]> : tensor<4xi64>} :
// CHECK-NEXT:    %11 = reg.Reshape %9, %10 {special_zero = false} :
// CHECK-NEXT:    %12 = reg.Constant {value = dense<[5, 4]> : tensor<2xi64>} :
// CHECK-NEXT:    %13 = reg.Broadcast %3, %12 :
// CHECK-NEXT:    %14 = reg.Select %13, %11, %4 :
// CHECK-NEXT:    func.return %14
func.func @rows(%q: tensor<1x4x5x4xf32>, %k: tensor<1x2x6x4xf32>, %m: tensor<5x6xf32>) -> tensor<1x4x5x4xf32> {
  %0 = transformer.attention %q, %k, %k, mask = %m {form = {kv = "rows"}} : (tensor<1x4x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>, tensor<5x6xf32>) -> tensor<1x4x5x4xf32>
  func.return %0 : tensor<1x4x5x4xf32>
}

// CHECK-LABEL: func.func @grouped(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[1, 2, 2, 5, 4]> : tensor<5xi64>} :
// CHECK-NEXT:    %1 = reg.Reshape %q, %0 {special_zero = false} :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<[1, 2, 1, 6, 4]> : tensor<5xi64>} :
// CHECK-NEXT:    %3 = reg.Reshape %k, %2 {special_zero = false} :
// CHECK-NEXT:    %4 = reg.Reshape %k, %2 {special_zero = false} :
// CHECK-NEXT:    %5 = reg.MatMul %1, %3 {transpose_b = true} :
// CHECK-NEXT:    %6 = reg.Constant {value = dense<5.000000e-01> : tensor<f32>} :
// CHECK-NEXT:    %7 = reg.Multiply %5, %6 :
// CHECK-NEXT:    %8 = reg.Softmax %7 {axis = 4} :
// CHECK-NEXT:    %9 = reg.MatMul %8, %4 :
// CHECK-NEXT:    %10 = reg.Constant {value = dense<[1, 4, 5, 4]> : tensor<4xi64>} :
// CHECK-NEXT:    %11 = reg.Reshape %9, %10 {special_zero = false} :
// CHECK-NEXT:    func.return %11
func.func @grouped(%q: tensor<1x4x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {form = {kv = "grouped", scores = "decomposed"}} : (tensor<1x4x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32>
  func.return %0 : tensor<1x4x5x4xf32>
}

// The first queries are causal by themselves, and read the first keys only.
// CHECK-LABEL: func.func @chunks(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<1xi64>} :
// CHECK-NEXT:    %1 = reg.Constant {value = dense<3> : tensor<1xi64>} :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>} :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<2> : tensor<1xi64>} :
// CHECK-NEXT:    %4 = reg.Slice %q, %0, %1, %2, axes = %3 :
// CHECK-NEXT:    %5 = reg.Slice %k, %0, %1, %2, axes = %3 :
// CHECK-NEXT:    %6 = reg.Slice %k, %0, %1, %2, axes = %3 :
// CHECK-NEXT:    %7 = reg.Constant {value = dense<{{\[\[}}0], [1], [2{{\]\]}}> : tensor<3x1xi64>} :
// CHECK-NEXT:    %8 = reg.Constant {value = dense<{{\[\[}}-3, -2, -1, 0, 1, 2{{\]\]}}> : tensor<1x6xi64>} :
// CHECK-NEXT:    %9 = reg.LessEqual %8, %7 :
// CHECK-NEXT:    %10 = reg.Constant {value = dense<6> : tensor<1xi64>} :
// CHECK-NEXT:    %11 = reg.Slice %q, %1, %10, %2, axes = %3 :
// CHECK-NEXT:    %12 = reg.ScaledDotProductAttention %4, %5, %6 {causal = true} :
// CHECK-NEXT:    %13 = reg.ScaledDotProductAttention %11, %k, %k, attn_mask = %9 :
// CHECK-NEXT:    %14 = reg.Concat [%12, %13] {axis = 2} :
// CHECK-NEXT:    func.return %14
func.func @chunks(%q: tensor<1x2x6x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x2x6x4xf32> {
  %0 = transformer.attention %q, %k, %k {causal = true, form = {query_chunks = 2}} : (tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x2x6x4xf32>
  func.return %0 : tensor<1x2x6x4xf32>
}

// More groups of heads than heads of keys: two read the same one.
// CHECK-LABEL: func.func @head_groups(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0> : tensor<1xi64>} :
// CHECK-NEXT:    %1 = reg.Constant {value = dense<1> : tensor<1xi64>} :
// CHECK-NEXT:    %2 = reg.Slice %q, %0, %1, %1, axes = %1 :
// CHECK-NEXT:    %3 = reg.Slice %k, %0, %1, %1, axes = %1 :
// CHECK-NEXT:    %4 = reg.Slice %k, %0, %1, %1, axes = %1 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<2> : tensor<1xi64>} :
// CHECK-NEXT:    %6 = reg.Slice %q, %1, %5, %1, axes = %1 :
// CHECK-NEXT:    %7 = reg.Slice %k, %0, %1, %1, axes = %1 :
// CHECK-NEXT:    %8 = reg.Slice %k, %0, %1, %1, axes = %1 :
// CHECK-NEXT:    %9 = reg.Constant {value = dense<3> : tensor<1xi64>} :
// CHECK-NEXT:    %10 = reg.Slice %q, %5, %9, %1, axes = %1 :
// CHECK-NEXT:    %11 = reg.Slice %k, %1, %5, %1, axes = %1 :
// CHECK-NEXT:    %12 = reg.Slice %k, %1, %5, %1, axes = %1 :
// CHECK-NEXT:    %13 = reg.Constant {value = dense<4> : tensor<1xi64>} :
// CHECK-NEXT:    %14 = reg.Slice %q, %9, %13, %1, axes = %1 :
// CHECK-NEXT:    %15 = reg.Slice %k, %1, %5, %1, axes = %1 :
// CHECK-NEXT:    %16 = reg.Slice %k, %1, %5, %1, axes = %1 :
// CHECK-NEXT:    %17 = reg.ScaledDotProductAttention %2, %3, %4 :
// CHECK-NEXT:    %18 = reg.ScaledDotProductAttention %6, %7, %8 :
// CHECK-NEXT:    %19 = reg.ScaledDotProductAttention %10, %11, %12 :
// CHECK-NEXT:    %20 = reg.ScaledDotProductAttention %14, %15, %16 :
// CHECK-NEXT:    %21 = reg.Concat [%17, %18, %19, %20] {axis = 1} :
// CHECK-NEXT:    func.return %21
func.func @head_groups(%q: tensor<1x4x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {form = {head_groups = 4}} : (tensor<1x4x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32>
  func.return %0 : tensor<1x4x5x4xf32>
}
