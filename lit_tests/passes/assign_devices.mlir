// RUN: forge-opt %s -p 'assign-devices{target=forge-ugc}' | filecheck %s
// RUN: forge-opt %s -p 'assign-devices{target=forge-ugc}' -o %t.mlir
// RUN: forge-opt %t.mlir -p 'assign-devices{target=forge-ugc}' -o %t.again.mlir
// RUN: diff %t.mlir %t.again.mlir
// RUN: forge-opt %s -p 'assign-devices{target=forge-ugc}' --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p assign-devices 2>&1 | filecheck %s --check-prefix=MISSING
// RUN: not forge-opt %s -p 'assign-devices{target=npu3721}' 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not forge-opt %s -p 'assign-devices{target=accelerator}' 2>&1 | filecheck %s --check-prefix=NONE
// RUN: not forge-opt %s -p 'assign-devices{target="no/such.toml"}' 2>&1 | filecheck %s --check-prefix=FILE

// MISSING: pass 'assign-devices': assign-devices requires argument "target"
// UNKNOWN: Forge describes no target 'npu3721'
// UNKNOWN: hint: did you mean npu3720
// NONE:    Forge describes no target 'accelerator'
// NONE:    hint: it has cpu, forge-ugc, npu3720, npu4000, npu5010, npu5020; your own is a path to a .toml file
// FILE:    cannot read no/such.toml: No such file or directory

// EXPLAIN:       assign-devices{target="forge-ugc"}: {{[0-9]+}} operations → {{[0-9]+}}
// EXPLAIN-NEXT:    refused  forge-ugc: reg.Softmax at softmax in h.0.attn (gpt2.py:52): softmax runs on the CPU (the paper's device map, arXiv 2604.16498)
// EXPLAIN:         instructions on npu: 5
// EXPLAIN-NEXT:    instructions on cpu: 12
// EXPLAIN-NEXT:    instructions on host: 1
// EXPLAIN:         moved, softmax runs on the CPU (the paper's device map, arXiv 2604.16498): 5

// Softmax moves, with its reason and one copy each way; what stays reads the original.
// CHECK-LABEL: func.func @moves
// CHECK:         %0 = reg.MatMul %x, %x
// CHECK-NEXT:    %1 = reg.copy %0 : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %2 = reg.Softmax %1 attributes {forge.reason = "softmax runs on the CPU (the paper's device map, arXiv 2604.16498)"} : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %3 = reg.copy %2 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    %4 = reg.Add %3, %0 : {{.*}} -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    func.return %4
func.func @moves(%x: !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu> {
  %0 = reg.MatMul %x, %x : (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  %1 = reg.Softmax %0 {axis = 1} : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu> loc("softmax"("h.0.attn"("gpt2.py":52:0)))
  %2 = reg.Add %1, %0 : (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  func.return %2 : !reg.reg<4x4xf32, npu>
}

// Arguments and results keep their device: both are copied. Two readers share a copy.
// CHECK-LABEL: func.func @signature(%x: !reg.reg<4x4xf32, npu>) -> (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>)
// CHECK-NEXT:    %0 = reg.copy %x : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %1 = reg.Softmax %0
// CHECK-NEXT:    %2 = reg.copy %1 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    %3 = reg.LogSoftmax %0
// CHECK-NEXT:    %4 = reg.copy %3 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    func.return %2, %4
func.func @signature(%x: !reg.reg<4x4xf32, npu>) -> (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) {
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  %1 = reg.LogSoftmax %x {axis = 1} : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  func.return %0, %1 : !reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>
}

// What is known before the program runs is there on each device that reads it, and its own
// computation (of a transposed weight) is no work: it has no reason. Nothing of it is copied.
// CHECK-LABEL: func.func @known
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    %w_1 = reg.weight "w" : !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %p = reg.Constant {{.*}} -> !reg.reg<2xi64, npu>
// CHECK-NEXT:    %p_1 = reg.Constant {{.*}} -> !reg.reg<2xi64, cpu>
// CHECK-NEXT:    %t = reg.Transpose %w, %p : {{.*}} -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    %t_1 = reg.Transpose %w_1, %p_1 : {{.*}} -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %0 = reg.MatMul %x, %t
// CHECK-NEXT:    %1 = reg.copy %0
// CHECK-NEXT:    %2 = reg.Transpose %1, %p_1 attributes
// CHECK-NEXT:    %3 = reg.Concat [%2, %t_1] {axis = 0} attributes
// CHECK-NEXT:    %4 = reg.copy %3
// CHECK-NEXT:    func.return %4
func.func @known(%x: !reg.reg<4x4xf32, npu>) -> !reg.reg<8x4xf32, npu> {
  %w = reg.weight "w" : !reg.reg<4x4xf32, npu>
  %p = reg.Constant {value = dense<[1, 0]> : tensor<2xi64>} : () -> !reg.reg<2xi64, npu>
  %t = reg.Transpose %w, %p : (!reg.reg<4x4xf32, npu>, !reg.reg<2xi64, npu>) -> !reg.reg<4x4xf32, npu>
  %0 = reg.MatMul %x, %t : (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  %1 = reg.Transpose %0, %p : (!reg.reg<4x4xf32, npu>, !reg.reg<2xi64, npu>) -> !reg.reg<4x4xf32, npu>
  %2 = reg.Concat [%1, %t] {axis = 0} : (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) -> !reg.reg<8x4xf32, npu>
  func.return %2 : !reg.reg<8x4xf32, npu>
}

// What only the fallback reads is only there.
// CHECK-LABEL: func.func @only_there
// CHECK:         %w = reg.weight "w" : !reg.reg<4x4xf32, cpu>
func.func @only_there(%x: !reg.reg<4x4xf32, npu>) -> !reg.reg<8x4xf32, npu> {
  %w = reg.weight "w" : !reg.reg<4x4xf32, npu>
  %0 = reg.Concat [%x, %w] {axis = 0} : (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) -> !reg.reg<8x4xf32, npu>
  func.return %0 : !reg.reg<8x4xf32, npu>
}

// Kernels stay on the host. Their copies come from where a value is computed, and go where it is
// read: not by way of the accelerator.
// CHECK-LABEL: func.func @host
// CHECK-NEXT:    %0 = reg.copy %x : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %1 = reg.Softmax %0
// CHECK-NEXT:    %h = reg.copy %1 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, host>
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<4x4xf32, host>
// CHECK-NEXT:    %2 = reg.host "aten.mm"(input = %h, mat2 = %w)
// CHECK-NEXT:    %3 = reg.copy %2 : (!reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %4 = reg.Softmax %3
// CHECK-NEXT:    %5 = reg.copy %4 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    func.return %5
func.func @host(%x: !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu> {
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  %h = reg.copy %0 : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, host>
  %w = reg.weight "w" : !reg.reg<4x4xf32, npu>
  %v = reg.copy %w : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, host>
  %1 = reg.host "aten.mm"(input = %h, mat2 = %v) : (!reg.reg<4x4xf32, host>, !reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, host>
  %2 = reg.copy %1 : (!reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, npu>
  %3 = reg.Softmax %2 {axis = 1} : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  func.return %3 : !reg.reg<4x4xf32, npu>
}

// A norm moves with all that makes it one; the same instructions elsewhere stay.
// CHECK-LABEL: func.func @norm
// CHECK:         reg.ReduceMean {{.*}} -> !reg.reg<4x1xf32, cpu>
// CHECK-NEXT:    reg.Add {{.*}} -> !reg.reg<4x1xf32, cpu>
// CHECK-NEXT:    reg.Sqrt {{.*}} -> !reg.reg<4x1xf32, cpu>
// CHECK-NEXT:    [[D:%[0-9]+]] = reg.Divide {{.*}} -> !reg.reg<4x1xf32, cpu>
// CHECK-NEXT:    [[C:%[0-9]+]] = reg.copy [[D]]
// CHECK-NEXT:    reg.Multiply %x, [[C]] : {{.*}} -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    reg.Divide {{.*}} -> !reg.reg<4x4xf32, npu>
func.func @norm(%x: !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu> {
  %a = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, npu>
  %e = reg.Constant {value = dense<1.0> : tensor<f32>} : () -> !reg.reg<f32, npu>
  %1 = reg.ReduceMean %x, %a {keep_dims = true} : (!reg.reg<4x4xf32, npu>, !reg.reg<1xi64, npu>) -> !reg.reg<4x1xf32, npu>
  %2 = reg.Add %1, %e : (!reg.reg<4x1xf32, npu>, !reg.reg<f32, npu>) -> !reg.reg<4x1xf32, npu>
  %3 = reg.Sqrt %2 : (!reg.reg<4x1xf32, npu>) -> !reg.reg<4x1xf32, npu>
  %4 = reg.Divide %e, %3 : (!reg.reg<f32, npu>, !reg.reg<4x1xf32, npu>) -> !reg.reg<4x1xf32, npu>
  %5 = reg.Multiply %x, %4 : (!reg.reg<4x4xf32, npu>, !reg.reg<4x1xf32, npu>) -> !reg.reg<4x4xf32, npu>
  %6 = reg.Divide %5, %e : (!reg.reg<4x4xf32, npu>, !reg.reg<f32, npu>) -> !reg.reg<4x4xf32, npu>
  func.return %6 : !reg.reg<4x4xf32, npu>
}
