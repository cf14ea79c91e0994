// RUN: forge-opt %s -p compress-weights | filecheck %s
// RUN: forge-opt %s -p compress-weights,compress-weights | filecheck %s
// RUN: forge-opt %s -p compress-weights --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'compress-weights{type=f4}' 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not forge-opt %s -p 'compress-weights{group_size=64}' 2>&1 | filecheck %s --check-prefix=GROUPS
// RUN: not forge-opt %S/simplify.mlir -p compress-weights 2>&1 | filecheck %s --check-prefix=LEVEL

// UNKNOWN: there is no compression of weights to 'f4'
// UNKNOWN: hint: f16, i8, i4
// GROUPS:  group_size is 64 for weights of f16
// LEVEL:   is not an instruction
// LEVEL:   hint: lower the program first: convert-to-reg

// EXPLAIN:      compress-weights:
// EXPLAIN:        fired    CompressWeights at matmul in h.0.mlp (gpt2.py:52)
// EXPLAIN:        refused  CompressWeights: reg.MatMul at small in h.0 (gpt2.py:1): its weight has 64 elements, less than 1024
// EXPLAIN:        refused  CompressWeights: reg.MatMul at vector in h.0 (gpt2.py:2): its weight has less than two dimensions
// EXPLAIN:        refused  CompressWeights: reg.MatMul at half in h.0 (gpt2.py:3): its weight is of f16, not of f32
// EXPLAIN:        weights compressed: 5
// EXPLAIN-NEXT:   bytes of weights before: 73,728
// EXPLAIN-NEXT:   bytes of weights after: 36,864

!x = !reg.reg<4x64xf32, npu>
!w = !reg.reg<64x64xf32, npu>

// What widens the weight is marked, so that nothing computes it beforehand.
// CHECK-LABEL: func.func @matmul
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<64x64xf32, npu>
// CHECK-NEXT:    %0 = reg.Convert %w {destination_type = f16} : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf16, npu>
// CHECK-NEXT:    %1 = reg.Convert %0 {destination_type = f32} attributes {forge.decompression} : (!reg.reg<64x64xf16, npu>) -> !reg.reg<64x64xf32, npu>
// CHECK-NEXT:    %2 = reg.MatMul %x, %1
// CHECK-NEXT:    func.return %2
func.func @matmul(%x: !x) -> !x {
  %w = reg.weight "w" : !w
  %0 = reg.MatMul %x, %w : (!x, !w) -> !x loc("matmul"("h.0.mlp"("gpt2.py":52:0)))
  func.return %0 : !x
}

// An embedding whose table is the last layer's weight, too: one short form, widened once.
// CHECK-LABEL: func.func @tied
// CHECK:         %[[S:.*]] = reg.Convert %w {destination_type = f16}
// CHECK-NEXT:    %[[W:.*]] = reg.Convert %[[S]] {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    %[[E:.*]] = reg.Gather %[[W]], %ids, %axis
// CHECK-NEXT:    reg.MatMul %[[E]], %[[W]]
func.func @tied(%ids: !reg.reg<4xi64, npu>) -> !x {
  %w = reg.weight "w" : !w
  %axis = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, npu>
  %0 = reg.Gather %w, %ids, %axis : (!w, !reg.reg<4xi64, npu>, !reg.reg<i64, npu>) -> !x
  %1 = reg.MatMul %0, %w {transpose_b = true} : (!x, !w) -> !x
  func.return %1 : !x
}

// What is computed of weights is compressed afterwards, in its own precision.
// CHECK-LABEL: func.func @computed
// CHECK:         %[[R:.*]] = reg.Multiply %w, %s
// CHECK-NEXT:    %[[S:.*]] = reg.Convert %[[R]] {destination_type = f16}
// CHECK-NEXT:    %[[W:.*]] = reg.Convert %[[S]] {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    reg.MatMul %[[W]], %x
func.func @computed(%x: !reg.reg<64x4xf32, npu>) -> !reg.reg<64x4xf32, npu> {
  %w = reg.weight "w" : !w
  %s = reg.weight "s" : !reg.reg<64xf32, npu>
  %0 = reg.Multiply %w, %s : (!w, !reg.reg<64xf32, npu>) -> !w
  %1 = reg.MatMul %0, %x : (!w, !reg.reg<64x4xf32, npu>) -> !reg.reg<64x4xf32, npu>
  func.return %1 : !reg.reg<64x4xf32, npu>
}

// CHECK-LABEL: func.func @convolution
// CHECK:         %[[W:.*]] = reg.Convert %{{.*}} {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    %[[Y:.*]] = reg.Convolution %x, %[[W]]
// CHECK:         %[[G:.*]] = reg.Convert %{{.*}} {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    reg.GroupConvolution %[[Y]], %[[G]]
func.func @convolution(%x: !reg.reg<1x64x8xf32, npu>) -> !reg.reg<1x64x8xf32, npu> {
  %w = reg.weight "w" : !reg.reg<64x64x1xf32, npu>
  %g = reg.weight "g" : !reg.reg<2x32x32x1xf32, npu>
  %0 = reg.Convolution %x, %w {strides = [1], pads_begin = [0], pads_end = [0], dilations = [1]} : (!reg.reg<1x64x8xf32, npu>, !reg.reg<64x64x1xf32, npu>) -> !reg.reg<1x64x8xf32, npu>
  %1 = reg.GroupConvolution %0, %g {strides = [1], pads_begin = [0], pads_end = [0], dilations = [1]} : (!reg.reg<1x64x8xf32, npu>, !reg.reg<2x32x32x1xf32, npu>) -> !reg.reg<1x64x8xf32, npu>
  func.return %1 : !reg.reg<1x64x8xf32, npu>
}

// -- not compressed --------------------------------------------------------------------------------

// CHECK-LABEL: func.func @small
// CHECK-NEXT:    %w = reg.weight
// CHECK-NEXT:    reg.MatMul %x, %w
func.func @small(%x: !reg.reg<4x8xf32, npu>) -> !reg.reg<4x8xf32, npu> {
  %w = reg.weight "w" : !reg.reg<8x8xf32, npu>
  %0 = reg.MatMul %x, %w : (!reg.reg<4x8xf32, npu>, !reg.reg<8x8xf32, npu>) -> !reg.reg<4x8xf32, npu> loc("small"("h.0"("gpt2.py":1:0)))
  func.return %0 : !reg.reg<4x8xf32, npu>
}

// CHECK-LABEL: func.func @vector
// CHECK-NEXT:    %w = reg.weight
// CHECK-NEXT:    reg.MatMul %x, %w
func.func @vector(%x: !reg.reg<4x2048xf32, npu>) -> !reg.reg<4xf32, npu> {
  %w = reg.weight "w" : !reg.reg<2048xf32, npu>
  %0 = reg.MatMul %x, %w : (!reg.reg<4x2048xf32, npu>, !reg.reg<2048xf32, npu>) -> !reg.reg<4xf32, npu> loc("vector"("h.0"("gpt2.py":2:0)))
  func.return %0 : !reg.reg<4xf32, npu>
}

// CHECK-LABEL: func.func @half
// CHECK-NEXT:    %w = reg.weight
// CHECK-NEXT:    reg.MatMul %x, %w
func.func @half(%x: !reg.reg<4x64xf16, npu>) -> !reg.reg<4x64xf16, npu> {
  %w = reg.weight "w" : !reg.reg<64x64xf16, npu>
  %0 = reg.MatMul %x, %w : (!reg.reg<4x64xf16, npu>, !reg.reg<64x64xf16, npu>) -> !reg.reg<4x64xf16, npu> loc("half"("h.0"("gpt2.py":3:0)))
  func.return %0 : !reg.reg<4x64xf16, npu>
}

// Other readers, such as a norm, and products of activations read no weights.
// CHECK-LABEL: func.func @others
// CHECK-NEXT:    %w = reg.weight
// CHECK-NEXT:    reg.Multiply %x, %w
// CHECK-NEXT:    reg.MatMul
// CHECK-NEXT:    func.return
func.func @others(%x: !w) -> !w {
  %w = reg.weight "w" : !w
  %0 = reg.Multiply %x, %w : (!w, !w) -> !w
  %1 = reg.MatMul %0, %x : (!w, !w) -> !w
  func.return %1 : !w
}
