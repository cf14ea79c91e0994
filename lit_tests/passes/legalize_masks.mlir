// RUN: forge-opt %s -p legalize-masks | filecheck %s
// RUN: forge-opt %s -p legalize-masks,legalize-masks | filecheck %s
// RUN: forge-opt %s -p legalize-masks --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN: fired    AddMask at attention in layers.0 (qwen2.py:7)

!x = !reg.reg<1x14x8x4xf32, npu>
!m = !reg.reg<1x1x8x8xi1, npu>

// `FeasibleAllocation`: what Intel's compiler makes of a boolean mask does not fit, with 14 heads.
// Two layers share what is made of it here.
// CHECK-LABEL: func.func @boolean
// CHECK-NEXT:    %[[SEEN:.*]] = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %[[HIDDEN:.*]] = reg.Constant {value = dense<-3.276800e+04> : tensor<f32>}
// CHECK-NEXT:    %[[M:.*]] = reg.Select %m, %[[SEEN]], %[[HIDDEN]] : {{.*}} -> !reg.reg<1x1x8x8xf32, npu>
// CHECK-NEXT:    %[[Y:.*]] = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %[[M]] : {{.*}} -> !reg.reg<1x14x8x4xf32, npu>
// CHECK-NEXT:    reg.ScaledDotProductAttention %[[Y]], %x, %x, attn_mask = %[[M]] : {{.*}} -> !reg.reg<1x14x8x4xf32, npu>
func.func @boolean(%x: !x, %m: !m) -> !x {
  %0 = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %m : (!x, !x, !x, !m) -> !x loc("attention"("layers.0"("qwen2.py":7:0)))
  %1 = reg.ScaledDotProductAttention %0, %x, %x, attn_mask = %m : (!x, !x, !x, !m) -> !x
  func.return %1 : !x
}

// In the element type of the query.
// CHECK-LABEL: func.func @half
// CHECK:         reg.Select {{.*}} -> !reg.reg<1x1x8x8xf16, npu>
func.func @half(%x: !reg.reg<1x14x8x4xf16, npu>, %m: !m) -> !reg.reg<1x14x8x4xf16, npu> {
  %0 = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %m : (!reg.reg<1x14x8x4xf16, npu>, !reg.reg<1x14x8x4xf16, npu>, !reg.reg<1x14x8x4xf16, npu>, !m) -> !reg.reg<1x14x8x4xf16, npu>
  func.return %0 : !reg.reg<1x14x8x4xf16, npu>
}

// CHECK-LABEL: func.func @floats
// CHECK-NEXT:    reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %m
func.func @floats(%x: !x, %m: !reg.reg<1x1x8x8xf32, npu>) -> !x {
  %0 = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %m : (!x, !x, !x, !reg.reg<1x1x8x8xf32, npu>) -> !x
  func.return %0 : !x
}

// CHECK-LABEL: func.func @without_mask
// CHECK-NEXT:    reg.ScaledDotProductAttention %x, %x, %x {causal = true}
func.func @without_mask(%x: !x) -> !x {
  %0 = reg.ScaledDotProductAttention %x, %x, %x {causal = true} : (!x, !x, !x) -> !x
  func.return %0 : !x
}

// A row without a visible key was opened, and its answer is replaced: an added mask needs no opening.
// CHECK-LABEL: func.func @opened
// CHECK:         %[[ANY:.*]] = reg.ReduceLogicalOr %m
// CHECK:         %[[M:.*]] = reg.Select %m, %{{.*}}, %{{.*}} : {{.*}} -> !reg.reg<1x1x8x8xf32, npu>
// CHECK-NEXT:    %[[Y:.*]] = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %[[M]]
// CHECK-NEXT:    reg.Select %[[ANY]], %[[Y]], %zero
func.func @opened(%x: !x, %m: !m) -> !x {
  %axis = reg.Constant {value = dense<3> : tensor<1xi64>} : () -> !reg.reg<1xi64, npu>
  %zero = reg.Constant {value = dense<0.0> : tensor<f32>} : () -> !reg.reg<f32, npu>
  %any = reg.ReduceLogicalOr %m, %axis {keep_dims = true} : (!m, !reg.reg<1xi64, npu>) -> !reg.reg<1x1x8x1xi1, npu>
  %none = reg.LogicalNot %any : (!reg.reg<1x1x8x1xi1, npu>) -> !reg.reg<1x1x8x1xi1, npu>
  %open = reg.LogicalOr %m, %none : (!m, !reg.reg<1x1x8x1xi1, npu>) -> !m
  %0 = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %open : (!x, !x, !x, !m) -> !x
  %1 = reg.Select %any, %0, %zero : (!reg.reg<1x1x8x1xi1, npu>, !x, !reg.reg<f32, npu>) -> !x
  func.return %1 : !x
}

// Nothing replaces the answers here, so they stay what they are.
// CHECK-LABEL: func.func @opened_for_good
// CHECK:         %[[OPEN:.*]] = reg.LogicalOr %m
// CHECK:         reg.Select %[[OPEN]]
func.func @opened_for_good(%x: !x, %m: !m) -> !x {
  %axis = reg.Constant {value = dense<3> : tensor<1xi64>} : () -> !reg.reg<1xi64, npu>
  %any = reg.ReduceLogicalOr %m, %axis {keep_dims = true} : (!m, !reg.reg<1xi64, npu>) -> !reg.reg<1x1x8x1xi1, npu>
  %none = reg.LogicalNot %any : (!reg.reg<1x1x8x1xi1, npu>) -> !reg.reg<1x1x8x1xi1, npu>
  %open = reg.LogicalOr %m, %none : (!m, !reg.reg<1x1x8x1xi1, npu>) -> !m
  %0 = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %open : (!x, !x, !x, !m) -> !x
  func.return %0 : !x
}

// Another mask's rows.
// CHECK-LABEL: func.func @opened_by_another
// CHECK:         %[[OPEN:.*]] = reg.LogicalOr %m
// CHECK:         reg.Select %[[OPEN]]
func.func @opened_by_another(%x: !x, %m: !m, %n: !m) -> (!x, !reg.reg<1x1x8x1xi1, npu>) {
  %axis = reg.Constant {value = dense<3> : tensor<1xi64>} : () -> !reg.reg<1xi64, npu>
  %any = reg.ReduceLogicalOr %n, %axis {keep_dims = true} : (!m, !reg.reg<1xi64, npu>) -> !reg.reg<1x1x8x1xi1, npu>
  %none = reg.LogicalNot %any : (!reg.reg<1x1x8x1xi1, npu>) -> !reg.reg<1x1x8x1xi1, npu>
  %open = reg.LogicalOr %m, %none : (!m, !reg.reg<1x1x8x1xi1, npu>) -> !m
  %0 = reg.ScaledDotProductAttention %x, %x, %x, attn_mask = %open : (!x, !x, !x, !m) -> !x
  func.return %0, %any : !x, !reg.reg<1x1x8x1xi1, npu>
}
