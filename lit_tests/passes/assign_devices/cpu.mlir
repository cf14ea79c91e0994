// RUN: forge-opt %s -p 'assign-devices{target=cpu}' --split-input-file --verify-diagnostics | filecheck %s

// The CPU plugin has no fallback: what it refuses is an error.
// CHECK:       func.func @taken
// CHECK:         reg.Softmax {{.*}} -> !reg.reg<4x4xf32, cpu>
func.func @taken(%x: !reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu> {
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
  func.return %0 : !reg.reg<4x4xf32, cpu>
}

// -----

// CHECK:       reg.Abs: cpu does not take it: it would compute f64 in f32 (convert-to-reg, which leaves f64 to the host)
// CHECK-NEXT:    at {{.*}}cpu.mlir:17:3
// CHECK-NEXT:    hint: cpu names no fallback device
func.func @f64(%x: !reg.reg<4xf64, cpu>) -> !reg.reg<4xf64, cpu> {
  %0 = reg.Abs %x : (!reg.reg<4xf64, cpu>) -> !reg.reg<4xf64, cpu>
  func.return %0 : !reg.reg<4xf64, cpu>
}

// -----

// CHECK:       reg.Negative: cpu does not take it: nothing unsigned is negative (OpenVINO's CPU plugin 2026.4.1)
func.func @unsigned(%x: !reg.reg<4xui8, cpu>) -> !reg.reg<4xui8, cpu> {
  %0 = reg.Negative %x : (!reg.reg<4xui8, cpu>) -> !reg.reg<4xui8, cpu>
  func.return %0 : !reg.reg<4xui8, cpu>
}

// -----

// CHECK:       reg.Abs: cpu does not take it: it has no tensors without elements
func.func @empty(%x: !reg.reg<0xf32, cpu>) -> !reg.reg<0xf32, cpu> {
  %0 = reg.Abs %x : (!reg.reg<0xf32, cpu>) -> !reg.reg<0xf32, cpu>
  func.return %0 : !reg.reg<0xf32, cpu>
}

// -----

// CHECK:       the program has no registers on cpu, the device of cpu
// CHECK-NEXT:    hint: convert-to-reg{device=cpu} puts them there
func.func @elsewhere(%x: !reg.reg<4xf32, npu>) -> !reg.reg<4xf32, npu> {
  func.return %x : !reg.reg<4xf32, npu>
}

// -----

// CHECK:       aten.relu: is not an instruction
// CHECK:         hint: lower the program first: convert-to-reg
func.func @not_lowered(%x: tensor<4xf32>, %y: !reg.reg<4xf32, cpu>) -> tensor<4xf32> {
  %0 = aten.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
