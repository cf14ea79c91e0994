// RUN: forge-opt %s --split-input-file --verify-diagnostics

// What does not fit together is named, with the instruction and its place.

// The result's element type.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  // expected-error @below {{reg.Relu: result #0 holds tensor<2x3xf16>, expected tensor<2x3xf32>}}
  %0 = reg.Relu %x : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf16, cpu>
  func.return
}

// -----
// Two devices.
func.func @main(%x: !reg.reg<2x3xf32, cpu>, %y: !reg.reg<2x3xf32, npu>) {
  // expected-error @below {{reg.Add: runs on cpu, but operand #1 is on npu; reg.copy moves it}}
  %0 = reg.Add %x, %y : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x3xf32, npu>) -> !reg.reg<2x3xf32, cpu>
  func.return
}

// -----
// A result on another device than the operands: only a copy moves.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  // expected-error @below {{reg.Relu: runs on npu, but operand #0 is on cpu; reg.copy moves it}}
  %0 = reg.Relu %x : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, npu>
  func.return
}

// -----
// A shape that only the run would know.
func.func @main(%x: !reg.reg<2x3xf32, cpu>, %shape: !reg.reg<1xi64, cpu>) {
  // expected-error @below {{reg.Reshape: shape_pattern must be a reg.Constant: the result's shape depends on it}}
  %0 = reg.Reshape %x, %shape {special_zero = false} : (!reg.reg<2x3xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<6xf32, cpu>
  func.return
}

// -----
// A constant pattern that does not fit.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  %shape = reg.Constant {value = dense<5> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // expected-error @below {{reg.Reshape: tensor<2x3xf32> has 6 elements, [5] has 5}}
  %0 = reg.Reshape %x, %shape {special_zero = false} : (!reg.reg<2x3xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<5xf32, cpu>
  func.return
}

// -----
// Matrices that do not meet.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  // expected-error @below {{reg.MatMul: tensor<2x3xf32> · tensor<2x3xf32>: 3 columns do not meet 2 rows}}
  %0 = reg.MatMul %x, %x : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x3xf32, cpu>) -> !reg.reg<2x2xf32, cpu>
  func.return
}

// -----
// A value that OpenVINO does not know.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  // expected-error @below {{reg.Gelu: approximation_mode is 'tanh'; it is one of ERF, TANH}}
  %0 = reg.Gelu %x {approximation_mode = "tanh"} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  func.return
}

// -----
// OpenVINO's inputs are a list without gaps.
func.func @main(%q: !reg.reg<1x2x4xf32, cpu>, %s: !reg.reg<f32, cpu>) {
  // expected-error @below {{scale is given, but attn_mask, which stands before it, is not}}
  %0 = reg.ScaledDotProductAttention %q, %q, %q, scale = %s : (!reg.reg<1x2x4xf32, cpu>, !reg.reg<1x2x4xf32, cpu>, !reg.reg<1x2x4xf32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<1x2x4xf32, cpu>
  func.return
}

// -----
// An attribute of another operation.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  // expected-error @below {{reg.Relu: axis is not a property; it has none}}
  %0 = reg.Relu %x {axis = 1} : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, cpu>
  func.return
}

// -----
// A tensor where a register belongs.
func.func @main(%x: tensor<2x3xf32>) {
  // expected-error @below {{reg.Relu: operand 'arg' at position 0 does not verify}}
  %0 = reg.Relu %x : (tensor<2x3xf32>) -> !reg.reg<2x3xf32, cpu>
  func.return
}

// -----
// A copy that changes the tensor.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  // expected-error @below {{reg.copy: copies a tensor<2x3xf32> into a tensor<3x2xf32>}}
  %0 = reg.copy %x : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<3x2xf32, npu>
  func.return
}

// -----
// A kernel away from the host.
func.func @main(%x: !reg.reg<2x3xf32, cpu>) {
  // expected-error @below {{reg.host: aten.relu runs on host, not on cpu; reg.copy moves a register}}
  %0 = reg.host "aten.relu"(input = %x) : (!reg.reg<2x3xf32, cpu>) -> !reg.reg<2x3xf32, host>
  func.return
}

// -----
// A kernel with a result that it does not have.
func.func @main(%x: !reg.reg<2x3xf32, host>) {
  // expected-error @below {{reg.host: result #0 holds tensor<3x2xf32>, expected tensor<2x3xf32>}}
  %0 = reg.host "aten.relu"(input = %x) : (!reg.reg<2x3xf32, host>) -> !reg.reg<3x2xf32, host>
  func.return
}

// -----
// A register's shape is known.
// expected-error @below {{a register has a static shape, got tensor<2x?xf32>}}
func.func @main(%x: !reg.reg<2x?xf32, cpu>) {
  func.return
}

// -----
// A device is written in lower case.
// expected-error @below {{a device's name is in lower case, got 'CPU'}}
func.func @main(%x: !reg.reg<2x3xf32, CPU>) {
  func.return
}
