// RUN: forge-opt %s -p 'assign-devices{target=cpu}' --split-input-file --verify-diagnostics | filecheck %s
// RUN: not forge-opt %s -p 'assign-devices{target=cpu}' --split-input-file 2>&1 | filecheck %s --check-prefix=HINT

// The CPU plugin has no fallback: what it refuses is an error.
// CHECK:       func.func @taken
// CHECK:         reg.Softmax {{.*}} -> !reg.reg<4x4xf32, cpu>
// HINT:   error: reg.Abs: cpu does not take it
// HINT:     hint: cpu names no fallback device
// HINT: {{^}}error: the program has no registers on cpu
// HINT:     hint: convert-to-reg{device=cpu} puts them there
// HINT:   error: aten.relu: is not an instruction
// HINT:     hint: lower the program first: convert-to-reg
func.func @taken(%x: !reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu> {
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
  func.return %0 : !reg.reg<4x4xf32, cpu>
}

// -----

func.func @f64(%x: !reg.reg<4xf64, cpu>) -> !reg.reg<4xf64, cpu> {
  // expected-error @below {{reg.Abs: cpu does not take it: it would compute f64 in f32 (convert-to-reg, which leaves f64 to the host)}}
  %0 = reg.Abs %x : (!reg.reg<4xf64, cpu>) -> !reg.reg<4xf64, cpu>
  func.return %0 : !reg.reg<4xf64, cpu>
}

// -----

func.func @unsigned(%x: !reg.reg<4xui8, cpu>) -> !reg.reg<4xui8, cpu> {
  // expected-error @below {{reg.Negative: cpu does not take it: nothing unsigned is negative (OpenVINO's CPU plugin 2026.4.1)}}
  %0 = reg.Negative %x : (!reg.reg<4xui8, cpu>) -> !reg.reg<4xui8, cpu>
  func.return %0 : !reg.reg<4xui8, cpu>
}

// -----

func.func @empty(%x: !reg.reg<0xf32, cpu>) -> !reg.reg<0xf32, cpu> {
  // expected-error @below {{reg.Abs: cpu does not take it: it has no tensors without elements}}
  %0 = reg.Abs %x : (!reg.reg<0xf32, cpu>) -> !reg.reg<0xf32, cpu>
  func.return %0 : !reg.reg<0xf32, cpu>
}

// -----

// expected-error @unknown {{the program has no registers on cpu, the device of cpu}}
func.func @elsewhere(%x: !reg.reg<4xf32, npu>) -> !reg.reg<4xf32, npu> {
  func.return %x : !reg.reg<4xf32, npu>
}

// -----

func.func @not_lowered(%x: tensor<4xf32>, %y: !reg.reg<4xf32, cpu>) -> tensor<4xf32> {
  // expected-error @below {{aten.relu: is not an instruction}}
  %0 = aten.relu %x : (tensor<4xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
