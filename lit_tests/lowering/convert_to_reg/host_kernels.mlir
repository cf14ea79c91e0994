// RUN: forge-opt %s -p 'convert-to-reg{device=host}' | filecheck %s

// Every operation is one kernel, and nothing changes its device.
// CHECK-LABEL: func.func @layer(
// CHECK-SAME:    %x: !reg.reg<1x8x4xf32, host>
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<4x4xf32, host>
// CHECK-NEXT:    %b = reg.weight "b" : !reg.reg<4xf32, host>
// CHECK-NEXT:    %0 = reg.host "transformer.linear"(input = %x, weight = %w, bias = %b) {activation = "gelu_tanh", transpose_weight = false} :
// CHECK-NEXT:    %1 = reg.host "transformer.linear"(input = %0, weight = %w, residual = %x) {activation = "none", transpose_weight = true} :
// CHECK-NEXT:    %2 = reg.host "aten.view"(input = %1) {size = [8, 4]} :
// CHECK-NEXT:    func.return %2 : !reg.reg<8x4xf32, host>
func.func @layer(%x: tensor<1x8x4xf32>) -> tensor<8x4xf32> {
  %w = forge.weight "w" : tensor<4x4xf32>
  %b = forge.weight "b" : tensor<4xf32>
  %0 = transformer.linear %x, %w, bias = %b {activation = gelu_tanh, transpose_weight = false} : (tensor<1x8x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<1x8x4xf32>
  %1 = transformer.linear %0, %w, residual = %x : (tensor<1x8x4xf32>, tensor<4x4xf32>, tensor<1x8x4xf32>) -> tensor<1x8x4xf32>
  %2 = aten.view %1 {size = [8, 4]} : (tensor<1x8x4xf32>) -> tensor<8x4xf32>
  func.return %2 : tensor<8x4xf32>
}

// Results that nobody asked for leave nothing behind; equal constants are one.
// CHECK-LABEL: func.func @unused(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2.000000e+00> : tensor<f32>} : () -> !reg.reg<f32, host>
// CHECK-NEXT:    %1 = reg.host "aten.mul.Tensor"(input = %0, other = %0) :
// CHECK-NEXT:    %2, %3 = reg.host "aten.split.Tensor"(input = %x) {split_size = 1, dim = 0} :
// CHECK-NEXT:    func.return %1, %3
func.func @unused(%x: tensor<2x3xf32>) -> (tensor<f32>, tensor<1x3xf32>) {
  %0 = forge.constant dense<2.0> : tensor<f32>
  %1 = forge.constant dense<2.0> : tensor<f32>
  %2 = aten.mul.Tensor %0, %1 : (tensor<f32>, tensor<f32>) -> tensor<f32>
  %3, %4 = aten.split.Tensor %x {split_size = 1} : (tensor<2x3xf32>) -> (tensor<1x3xf32>, tensor<1x3xf32>)
  %5 = aten.exp %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %2, %4 : tensor<f32>, tensor<1x3xf32>
}

// Element types and operators that no device takes are the host's, for no other reason.
// CHECK-LABEL: func.func @anything(
// CHECK-NEXT:    %0 = reg.host "aten.exp"(input = %x) :
// CHECK-NEXT:    %1 = reg.host "my.kernel.default"(x = %0, indices = [none, %i]) {k = 3, mode = unit} :
// CHECK-NEXT:    func.return %1
func.func @anything(%x: tensor<2xcomplex<f32>>, %i: tensor<2xui64>) -> tensor<2xf64> {
  %0 = aten.exp %x : (tensor<2xcomplex<f32>>) -> tensor<2xcomplex<f32>>
  %1 = aten.operator "my.kernel.default"(x = %0, indices = [none, %i]) {k = 3, mode = unit} : (tensor<2xcomplex<f32>>, tensor<2xui64>) -> tensor<2xf64>
  func.return %1 : tensor<2xf64>
}
