// RUN: forge-opt %s -p allocate-buffers --split-input-file --verify-diagnostics

func.func @no_instruction(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @below {{aten.relu: is not an instruction}}
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

// -----

// expected-error @below {{its caller says where !reg.reg<2xf32, cpu, offset = 64> is, and not the function}}
func.func @returned(%x: !reg.reg<2xf32, cpu>) -> !reg.reg<2xf32, cpu, offset = 64> {
  %0 = reg.Relu %x : (!reg.reg<2xf32, cpu>) -> !reg.reg<2xf32, cpu, offset = 64>
  func.return %0 : !reg.reg<2xf32, cpu, offset = 64>
}
