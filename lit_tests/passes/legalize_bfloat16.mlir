// RUN: forge-opt %s -p legalize-bfloat16 | filecheck %s
// RUN: forge-opt %s -p legalize-bfloat16,legalize-bfloat16 | filecheck %s
// RUN: forge-opt %s -p legalize-bfloat16 --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %S/simplify.mlir -p legalize-bfloat16 2>&1 | filecheck %s --check-prefix=LEVEL

// EXPLAIN: instructions in f32 instead of bf16: 7
// LEVEL:   is not an instruction
// LEVEL:   hint: lower the program first: convert-to-reg

!x = !reg.reg<4x64xbf16, npu>
!f = !reg.reg<4x64xf32, npu>
!h = !reg.reg<4x64xbf16, host>

// Weights, inputs and outputs keep their types; conversions to f32 and back are none any more.
// CHECK-LABEL: func.func @main(%x: !reg.reg<4x64xbf16, npu>) -> !reg.reg<4x64xbf16, npu>
// CHECK-NEXT:    %[[X:.*]] = reg.Convert %x {destination_type = f32}
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<64x64xbf16, npu>
// CHECK-NEXT:    %[[W:.*]] = reg.Convert %w {destination_type = f32}
// CHECK-NEXT:    %[[TWO:.*]] = reg.Constant {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %[[Y:.*]] = reg.MatMul %[[X]], %[[W]] : {{.*}} -> !reg.reg<4x64xf32, npu>
// CHECK-NEXT:    %[[S:.*]] = reg.Sin %[[Y]]
// CHECK-NEXT:    %[[Z:.*]] = reg.Multiply %[[S]], %[[TWO]] : {{.*}} -> !reg.reg<4x64xf32, npu>
// CHECK-NEXT:    %[[R:.*]] = reg.Convert %[[Z]] {destination_type = bf16}
// CHECK-NEXT:    func.return %[[R]]
func.func @main(%x: !x) -> !x {
  %w = reg.weight "w" : !reg.reg<64x64xbf16, npu>
  %c = reg.Constant {value = dense<2.0> : tensor<bf16>} : () -> !reg.reg<bf16, npu>
  %y = reg.MatMul %x, %w : (!x, !reg.reg<64x64xbf16, npu>) -> !x
  %f = reg.Convert %y {destination_type = f32} : (!x) -> !f
  %s = reg.Sin %f : (!f) -> !f
  %g = reg.Convert %s {destination_type = bf16} : (!f) -> !x
  %z = reg.Multiply %g, %c : (!x, !reg.reg<bf16, npu>) -> !x
  func.return %z : !x
}

// Kernels on the host get and give what they did.
// CHECK-LABEL: func.func @on_the_host
// CHECK-NEXT:    %[[X:.*]] = reg.Convert %x {destination_type = f32}
// CHECK-NEXT:    %[[A:.*]] = reg.Abs %[[X]]
// CHECK-NEXT:    %[[N:.*]] = reg.Convert %[[A]] {destination_type = bf16}
// CHECK-NEXT:    %[[H:.*]] = reg.copy %[[N]] : (!reg.reg<4x64xbf16, npu>) -> !reg.reg<4x64xbf16, host>
// CHECK-NEXT:    %[[K:.*]] = reg.host "aten.erf"(input = %[[H]]) : (!reg.reg<4x64xbf16, host>) -> !reg.reg<4x64xbf16, host>
// CHECK-NEXT:    %[[B:.*]] = reg.copy %[[K]] : (!reg.reg<4x64xbf16, host>) -> !reg.reg<4x64xbf16, npu>
// CHECK-NEXT:    %[[F:.*]] = reg.Convert %[[B]] {destination_type = f32}
// CHECK-NEXT:    reg.Abs %[[F]]
func.func @on_the_host(%x: !x) -> !f {
  %0 = reg.Abs %x : (!x) -> !x
  %1 = reg.copy %0 : (!x) -> !h
  %2 = reg.host "aten.erf"(input = %1) : (!h) -> !h
  %3 = reg.copy %2 : (!h) -> !x
  %4 = reg.Abs %3 : (!x) -> !x
  %5 = reg.Convert %4 {destination_type = f32} : (!x) -> !f
  func.return %5 : !f
}

// f16 is the NPU's own.
// CHECK-LABEL: func.func @half
// CHECK-NEXT:    reg.Abs %x : (!reg.reg<4xf16, npu>) -> !reg.reg<4xf16, npu>
func.func @half(%x: !reg.reg<4xf16, npu>) -> !reg.reg<4xf16, npu> {
  %0 = reg.Abs %x : (!reg.reg<4xf16, npu>) -> !reg.reg<4xf16, npu>
  func.return %0 : !reg.reg<4xf16, npu>
}
