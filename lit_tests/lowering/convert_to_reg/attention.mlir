// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// 1/√E is what the instruction scales by.
// CHECK-LABEL: func.func @plain(
// CHECK-NEXT:    %0 = reg.ScaledDotProductAttention %q, %k, %k {causal = true}
// CHECK-NEXT:    func.return %0
func.func @plain(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {scale = 0.5, causal = true} : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}

// The scale stands behind the mask.
// CHECK-LABEL: func.func @scale(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2.500000e-01> : tensor<f32>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %2 = reg.ScaledDotProductAttention %q, %k, %k, attn_mask = %1, scale = %0 :
// CHECK-NEXT:    func.return %2
func.func @scale(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {scale = 0.25} : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}

// Two query heads read one key head.
// CHECK-LABEL: func.func @grouped(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[0, 0, 1, 1]> : tensor<4xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<1> : tensor<i64>}
// CHECK-NEXT:    %2 = reg.Gather %k, %0, %1 :
// CHECK-NEXT:    %3 = reg.Gather %k, %0, %1 :
// CHECK-NEXT:    %4 = reg.ScaledDotProductAttention %q, %2, %3 :
// CHECK-NEXT:    func.return %4
func.func @grouped(%q: tensor<1x4x5x4xf32>, %k: tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32> {
  %0 = transformer.attention %q, %k, %k : (tensor<1x4x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>) -> tensor<1x4x5x4xf32>
  func.return %0 : tensor<1x4x5x4xf32>
}

// Where a mask excludes every key, PyTorch gives zeros and OpenVINO NaN. Two layers share what guards against it.
// CHECK-LABEL: func.func @mask(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<3> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.ReduceLogicalOr %m, %0 {keep_dims = true}
// CHECK-NEXT:    %2 = reg.LogicalNot %1 :
// CHECK-NEXT:    %3 = reg.LogicalOr %m, %2 :
// CHECK-NEXT:    %4 = reg.ScaledDotProductAttention %q, %k, %k, attn_mask = %3 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<[1, 1, 5, 4]> : tensor<4xi64>}
// CHECK-NEXT:    %6 = reg.Broadcast %1, %5 :
// CHECK-NEXT:    %7 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %8 = reg.Select %6, %4, %7 :
// CHECK-NEXT:    %9 = reg.ScaledDotProductAttention %8, %k, %k, attn_mask = %3 :
// CHECK-NEXT:    %10 = reg.Select %6, %9, %7 :
// CHECK-NEXT:    func.return %10
func.func @mask(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x6x4xf32>, %m: tensor<1x1x5x6xi1>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>, tensor<1x1x5x6xi1>) -> tensor<1x2x5x4xf32>
  %1 = transformer.attention %0, %k, %k, mask = %m : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>, tensor<1x1x5x6xi1>) -> tensor<1x2x5x4xf32>
  func.return %1 : tensor<1x2x5x4xf32>
}

// A known mask that leaves each query a key needs no guard.
// CHECK-LABEL: func.func @known(
// CHECK-NEXT:    %c = reg.Constant {value = dense<{{\[\[}}true, false, false], [true, true, false{{\]\]}}> : tensor<2x3xi1>}
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[1, 1, 2, 3]> : tensor<4xi64>}
// CHECK-NEXT:    %m = reg.Broadcast %c, %0 :
// CHECK-NEXT:    %1 = reg.ScaledDotProductAttention %q, %k, %k, attn_mask = %m :
// CHECK-NEXT:    func.return %1
func.func @known(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x2x4xf32> {
  %c = forge.constant dense<[[true, false, false], [true, true, false]]> : tensor<2x3xi1>
  %m = aten.expand %c {size = [1, 1, 2, 3]} : (tensor<2x3xi1>) -> tensor<1x1x2x3xi1>
  %0 = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x2x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x1x2x3xi1>) -> tensor<1x2x2x4xf32>
  func.return %0 : tensor<1x2x2x4xf32>
}

// A mask that is causal, too.
// CHECK-LABEL: func.func @both(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<{{\[\[}}0], [1], [2], [3], [4{{\]\]}}> : tensor<5x1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<{{\[\[}}0, 1, 2, 3, 4, 5{{\]\]}}> : tensor<1x6xi64>}
// CHECK-NEXT:    %2 = reg.LessEqual %1, %0 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<0xff800000> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Select %2, %m, %3 :
// CHECK-NEXT:    %5 = reg.Greater %4, %3 :
// CHECK-NEXT:    %6 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %7 = reg.ReduceLogicalOr %5, %6 {keep_dims = true}
// CHECK-NEXT:    %8 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %9 = reg.Select %7, %4, %8 :
// CHECK-NEXT:    %10 = reg.ScaledDotProductAttention %q, %k, %k, attn_mask = %9 :
// CHECK-NEXT:    %11 = reg.Constant {value = dense<[5, 4]> : tensor<2xi64>}
// CHECK-NEXT:    %12 = reg.Broadcast %7, %11 :
// CHECK-NEXT:    %13 = reg.Select %12, %10, %8 :
// CHECK-NEXT:    func.return %13
func.func @both(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x6x4xf32>, %m: tensor<5x6xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %k, %k, mask = %m {causal = true} : (tensor<1x2x5x4xf32>, tensor<1x2x6x4xf32>, tensor<1x2x6x4xf32>, tensor<5x6xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}

// A window is a band of the scores, compared from two short lists.
// CHECK-LABEL: func.func @window(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<{{\[\[}}0], [1], [2], [3], [4{{\]\]}}> : tensor<5x1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<{{\[\[}}0, 1, 2, 3, 4{{\]\]}}> : tensor<1x5xi64>}
// CHECK-NEXT:    %2 = reg.LessEqual %1, %0 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<{{\[\[}}1, 2, 3, 4, 5{{\]\]}}> : tensor<1x5xi64>}
// CHECK-NEXT:    %4 = reg.GreaterEqual %3, %0 :
// CHECK-NEXT:    %5 = reg.LogicalAnd %2, %4 :
// CHECK-NEXT:    %6 = reg.ScaledDotProductAttention %q, %k, %k, attn_mask = %5 :
// CHECK-NEXT:    %7 = reg.ScaledDotProductAttention %6, %k, %k, attn_mask = %5 :
// CHECK-NEXT:    %8 = reg.ScaledDotProductAttention %7, %k, %k {causal = true}
// CHECK-NEXT:    func.return %8
func.func @window(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %k, %k {causal = true, window = 2} : (tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  %1 = transformer.attention %0, %k, %k {causal = true, window = 2} : (tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  %2 = transformer.attention %1, %k, %k {causal = true, window = 5} : (tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %2 : tensor<1x2x5x4xf32>
}

// The instruction knows no cap.
// CHECK-LABEL: func.func @capped(
// CHECK-NEXT:    %c = reg.Constant {value = dense<1.000000e+00> : tensor<5x5xf32>}
// CHECK-NEXT:    %0 = reg.MatMul %q, %k {transpose_b = true}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<1.000000e-02> : tensor<f32>}
// CHECK-NEXT:    %2 = reg.Multiply %0, %1 :
// CHECK-NEXT:    %3 = reg.Tanh %2 :
// CHECK-NEXT:    %4 = reg.Constant {value = dense<5.000000e+01> : tensor<f32>}
// CHECK-NEXT:    %5 = reg.Multiply %3, %4 :
// CHECK-NEXT:    %6 = reg.Add %5, %c :
// CHECK-NEXT:    %7 = reg.Softmax %6 {axis = 3}
// CHECK-NEXT:    %8 = reg.MatMul %7, %k :
// CHECK-NEXT:    func.return %8
func.func @capped(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32> {
  %c = forge.constant dense<1.0> : tensor<5x5xf32>
  %0 = transformer.attention %q, %k, %k, mask = %c {softcap = 50.0} : (tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<5x5xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}
