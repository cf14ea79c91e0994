// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// Operands meet in the result's type; numbers become constants of it.
// CHECK-LABEL: func.func @promotion(
// CHECK-NEXT:    %0 = reg.Convert %i {destination_type = f32}
// CHECK-NEXT:    %1 = reg.Add %0, %x :
// CHECK-NEXT:    %2 = reg.Convert %i {destination_type = f32}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Multiply %2, %3 :
// CHECK-NEXT:    func.return %1, %4
func.func @promotion(%i: tensor<2x3xi64>, %x: tensor<3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = aten.add.Tensor %i, %x : (tensor<2x3xi64>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = aten.mul.Scalar %i {other = 0.5} : (tensor<2x3xi64>) -> tensor<2x3xf32>
  func.return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @alpha(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %1 = reg.Multiply %y, %0 :
// CHECK-NEXT:    %2 = reg.Subtract %x, %1 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Subtract %3, %x :
// CHECK-NEXT:    func.return %2, %4
func.func @alpha(%x: tensor<2xf32>, %y: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = aten.sub.Tensor %x, %y {alpha = 2} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = aten.rsub.Scalar %x {other = 1} : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// PyTorch divides integers as real numbers, or rounds down.
// CHECK-LABEL: func.func @division(
// CHECK-NEXT:    %0 = reg.Convert %i {destination_type = f32}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %2 = reg.Divide %0, %1 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<2> : tensor<i64>}
// CHECK-NEXT:    %4 = reg.FloorMod %i, %3 :
// CHECK-NEXT:    %5 = reg.Subtract %i, %4 :
// CHECK-NEXT:    %6 = reg.Divide %5, %3 :
// CHECK-NEXT:    %7 = reg.FloorMod %i, %3 :
// CHECK-NEXT:    func.return %2, %6, %7
func.func @division(%i: tensor<2xi64>) -> (tensor<2xf32>, tensor<2xi64>, tensor<2xi64>) {
  %0 = aten.div.Scalar %i {other = 2} : (tensor<2xi64>) -> tensor<2xf32>
  %1 = aten.floor_divide.Scalar %i {other = 2} : (tensor<2xi64>) -> tensor<2xi64>
  %2 = aten.remainder.Scalar %i {other = 2} : (tensor<2xi64>) -> tensor<2xi64>
  func.return %0, %1, %2 : tensor<2xf32>, tensor<2xi64>, tensor<2xi64>
}

// Sums and products of booleans are or and and; comparisons order numbers.
// CHECK-LABEL: func.func @booleans(
// CHECK-NEXT:    %0 = reg.LogicalOr %a, %b :
// CHECK-NEXT:    %1 = reg.LogicalAnd %a, %b :
// CHECK-NEXT:    %2 = reg.Convert %a {destination_type = i32}
// CHECK-NEXT:    %3 = reg.Convert %b {destination_type = i32}
// CHECK-NEXT:    %4 = reg.Less %2, %3 :
// CHECK-NEXT:    func.return %0, %1, %4
func.func @booleans(%a: tensor<2xi1>, %b: tensor<2xi1>) -> (tensor<2xi1>, tensor<2xi1>, tensor<2xi1>) {
  %0 = aten.add.Tensor %a, %b : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1>
  %1 = aten.mul.Tensor %a, %b : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1>
  %2 = aten.lt.Tensor %a, %b : (tensor<2xi1>, tensor<2xi1>) -> tensor<2xi1>
  func.return %0, %1, %2 : tensor<2xi1>, tensor<2xi1>, tensor<2xi1>
}

// A comparison with a number that is no integer is not one of integers.
// CHECK-LABEL: func.func @comparison(
// CHECK-NEXT:    %0 = reg.Convert %i {destination_type = f32}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT:    %2 = reg.Greater %0, %1 :
// CHECK-NEXT:    func.return %2
func.func @comparison(%i: tensor<2xi64>) -> tensor<2xi1> {
  %0 = aten.gt.Scalar %i {other = 0.5} : (tensor<2xi64>) -> tensor<2xi1>
  func.return %0 : tensor<2xi1>
}

// CHECK-LABEL: func.func @where(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<-1.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %1 = reg.Select %c, %x, %0 :
// CHECK-NEXT:    func.return %1
func.func @where(%c: tensor<2xi1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = aten.where.ScalarOther %c, %x {other = -1.0} : (tensor<2xi1>, tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @activations(
// CHECK-NEXT:    %0 = reg.Gelu %x {approximation_mode = "TANH"}
// CHECK-NEXT:    %1 = reg.Swish %0 :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<i64>}
// CHECK-NEXT:    %3, %4 = reg.Split %1, %2 {num_splits = 2}
// CHECK-NEXT:    %5 = reg.Sigmoid %4 :
// CHECK-NEXT:    %6 = reg.Multiply %3, %5 :
// CHECK-NEXT:    func.return %0, %1, %6
func.func @activations(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x2xf32>) {
  %0 = aten.gelu %x {approximate = "tanh"} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %1 = aten.silu %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.glu %1 : (tensor<2x4xf32>) -> tensor<2x2xf32>
  func.return %0, %1, %2 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x2xf32>
}

// CHECK-LABEL: func.func @clamp(
// CHECK-NEXT:    %0 = reg.Clamp %x {min = 0.0, max = 1.0}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %2 = reg.Maximum %i, %1 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<5> : tensor<i64>}
// CHECK-NEXT:    %4 = reg.Minimum %2, %3 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<1.000000e-09> : tensor<f32>}
// CHECK-NEXT:    %6 = reg.Maximum %x, %5 :
// CHECK-NEXT:    func.return %0, %4, %6
func.func @clamp(%x: tensor<2xf32>, %i: tensor<2xi64>) -> (tensor<2xf32>, tensor<2xi64>, tensor<2xf32>) {
  %0 = aten.clamp %x {min = 0.0, max = 1.0} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = aten.clamp %i {min = 0, max = 5} : (tensor<2xi64>) -> tensor<2xi64>
  %2 = aten.clamp_min %x {min = 1.0e-09} : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0, %1, %2 : tensor<2xf32>, tensor<2xi64>, tensor<2xf32>
}

// CHECK-LABEL: func.func @conversions(
// CHECK-NEXT:    %0 = reg.Convert %x {destination_type = bf16}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %2 = reg.NotEqual %x, %1 :
// CHECK-NEXT:    %3 = reg.Convert %x {destination_type = i64}
// CHECK-NEXT:    func.return %0, %2, %3
func.func @conversions(%x: tensor<2xf32>) -> (tensor<2xbf16>, tensor<2xi1>, tensor<2xi64>) {
  %0 = aten.to.dtype %x {dtype = bf16} : (tensor<2xf32>) -> tensor<2xbf16>
  %1 = aten.to.dtype %x {dtype = i1} : (tensor<2xf32>) -> tensor<2xi1>
  %2 = aten.to.dtype %x {dtype = i64} : (tensor<2xf32>) -> tensor<2xi64>
  func.return %0, %1, %2 : tensor<2xbf16>, tensor<2xi1>, tensor<2xi64>
}
