// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// Neighbouring kernels share their values: one copy in, one out.
// CHECK-LABEL: func.func @chain(
// CHECK-NEXT:    %0 = reg.Exp %x :
// CHECK-NEXT:    %1 = reg.copy %0 :
// CHECK-NEXT:    %2 = reg.host "aten.cumprod"(input = %1) {dim = 1}
// CHECK-NEXT:    %3 = reg.host "aten.copysign.Tensor"(input = %2, other = %1) :
// CHECK-NEXT:    %4 = reg.copy %3 :
// CHECK-NEXT:    %5 = reg.Negative %4 :
// CHECK-NEXT:    func.return %5
func.func @chain(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = aten.exp %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.cumprod %0 {dim = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = aten.copysign.Tensor %1, %0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = aten.neg %2 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %3 : tensor<2x3xf32>
}

// An operator that the dialect lacks.
// CHECK-LABEL: func.func @operator(
// CHECK-NEXT:    %0 = reg.copy %x :
// CHECK-NEXT:    %1 = reg.copy %i :
// CHECK-NEXT:    %2 = reg.host "my.kernel.default"(x = %0, indices = [none, %1]) {k = 3, mode = unit}
// CHECK-NEXT:    %3 = reg.copy %2 :
// CHECK-NEXT:    func.return %3
func.func @operator(%x: tensor<2x3xf32>, %i: tensor<2xi64>) -> tensor<2x3xf32> {
  %0 = aten.operator "my.kernel.default"(x = %x, indices = [none, %i]) {k = 3, mode = unit} : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// A conversion may refuse its operator; the reason is kept.
// CHECK-LABEL: func.func @refused(
// CHECK-NEXT:    %0 = reg.copy %x :
// CHECK-NEXT:    %1 = reg.host "aten.exp"(input = %0) attributes {forge.reason = "OpenVINO's plugins compute f64 in f32"}
// CHECK-NEXT:    %2 = reg.copy %1 :
// CHECK-NEXT:    func.return %2
func.func @refused(%x: tensor<2xf64>) -> tensor<2xf64> {
  %0 = aten.exp %x : (tensor<2xf64>) -> tensor<2xf64>
  func.return %0 : tensor<2xf64>
}

// CHECK-LABEL: func.func @complex(
// CHECK-NEXT:    %0 = reg.copy %x :
// CHECK-NEXT:    %1 = reg.host "aten.abs"(input = %0) attributes {forge.reason = "OpenVINO has no complex element type"}
// CHECK-NEXT:    %2 = reg.copy %1 :
// CHECK-NEXT:    func.return %2
func.func @complex(%x: tensor<4xcomplex<f32>>) -> tensor<4xf32> {
  %0 = aten.abs %x : (tensor<4xcomplex<f32>>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
