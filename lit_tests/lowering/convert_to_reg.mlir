// RUN: forge-opt %s -p convert-to-reg | filecheck %s
// RUN: forge-opt %s -p 'convert-to-reg{device=npu}' | filecheck %s --check-prefix=NPU
// RUN: not forge-opt %s -p 'convert-to-reg{host=false}' 2>&1 | filecheck %s --check-prefix=ILLEGAL

// PyTorch's layout of a weight is MatMul's second operand, transposed: the weight is used as it is.
// CHECK-LABEL: func.func @linear(%x: !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<4x3xf32, cpu>
// CHECK-NEXT:    %b = reg.weight "b" : !reg.reg<4xf32, cpu>
// CHECK-NEXT:    %0 = reg.MatMul %x, %w {transpose_b = true}
// CHECK-NEXT:    %1 = reg.Add %0, %b
// CHECK-NEXT:    %2 = reg.Relu %1
// CHECK-NEXT:    func.return %2 : !reg.reg<2x4xf32, cpu>
// NPU-LABEL: func.func @linear(%x: !reg.reg<2x3xf32, npu>) -> !reg.reg<2x4xf32, npu>
func.func @linear(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %w = forge.weight "w" : tensor<4x3xf32>
  %b = forge.weight "b" : tensor<4xf32>
  %0 = transformer.linear %x, %w, bias = %b {activation = relu} : (tensor<2x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// So is GPT-2's, which is the other way round.
// CHECK-LABEL: func.func @conv1d
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<3x4xf32, cpu>
// CHECK-NEXT:    %0 = reg.MatMul %x, %w :
// CHECK-NEXT:    func.return %0
func.func @conv1d(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %w = forge.weight "w" : tensor<3x4xf32>
  %0 = transformer.linear %x, %w {transpose_weight = false} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// OpenVINO's inputs have no gaps: a scale needs a mask before it, here one that hides nothing.
// CHECK-LABEL: func.func @attention
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2.500000e-01> : tensor<f32>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %2 = reg.ScaledDotProductAttention %q, %q, %q, attn_mask = %1, scale = %0 {causal = true}
// CHECK-NEXT:    func.return %2
func.func @attention(%q: tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32> {
  %0 = transformer.attention %q, %q, %q {scale = 0.25, causal = true} : (tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>, tensor<1x2x5x4xf32>) -> tensor<1x2x5x4xf32>
  func.return %0 : tensor<1x2x5x4xf32>
}

// What does nothing is not emitted.
// CHECK-LABEL: func.func @idle
// CHECK-NEXT:    func.return %x
func.func @idle(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = aten.reshape %x {shape = [2, 3]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.to.dtype %0 {dtype = f32} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}

// PyTorch promotes element types, OpenVINO wants them equal.
// CHECK-LABEL: func.func @promotes
// CHECK-NEXT:    %0 = reg.Convert %x {destination_type = f32}
// CHECK-NEXT:    %1 = reg.Add %0, %y
// CHECK-NEXT:    func.return %1
func.func @promotes(%x: tensor<3xi64>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %0 = aten.add.Tensor %x, %y : (tensor<3xi64>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// One constant serves all that need its value.
// CHECK-LABEL: func.func @constants
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[3, 2]> : tensor<2xi64>}
// CHECK-NEXT:    reg.Reshape %x, %0
// CHECK-NEXT:    reg.Reshape %y, %0
// CHECK-NEXT:    func.return
func.func @constants(%x: tensor<2x3xf32>, %y: tensor<6xf32>) -> (tensor<3x2xf32>, tensor<3x2xf32>) {
  %0 = aten.reshape %x {shape = [3, 2]} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = aten.reshape %y {shape = [3, 2]} : (tensor<6xf32>) -> tensor<3x2xf32>
  func.return %0, %1 : tensor<3x2xf32>, tensor<3x2xf32>
}

// An operator that OpenVINO does not have runs on the host; two in a row need no copies in between.
// CHECK-LABEL: func.func @host
// CHECK-NEXT:    %0 = reg.Negative %x
// CHECK-NEXT:    %1 = reg.copy %0 : (!reg.reg<3xf32, cpu>) -> !reg.reg<3xf32, host>
// CHECK-NEXT:    %2 = reg.host "mine.double.default"(x = %1)
// CHECK-NEXT:    %3 = reg.host "mine.double.default"(x = %2)
// CHECK-NEXT:    %4 = reg.copy %3 : (!reg.reg<3xf32, host>) -> !reg.reg<3xf32, cpu>
// CHECK-NEXT:    %5 = reg.Negative %4
// CHECK-NEXT:    func.return %5
// Without a host, it is refused with its place.
// ILLEGAL:       convert_to_reg.mlir:{{[0-9]+}}:3: error: this op remains illegal: aten.operator
// ILLEGAL-NOT:   Traceback
func.func @host(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = aten.neg %x : (tensor<3xf32>) -> tensor<3xf32>
  %1 = aten.operator "mine.double.default"(x = %0) : (tensor<3xf32>) -> tensor<3xf32>
  %2 = aten.operator "mine.double.default"(x = %1) : (tensor<3xf32>) -> tensor<3xf32>
  %3 = aten.neg %2 : (tensor<3xf32>) -> tensor<3xf32>
  func.return %3 : tensor<3xf32>
}
