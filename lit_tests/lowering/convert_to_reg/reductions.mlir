// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// CHECK-LABEL: func.func @sums(
// CHECK-NEXT:    %0 = reg.Convert %i {destination_type = i64}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %2 = reg.ReduceSum %0, %1 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>}
// CHECK-NEXT:    %4 = reg.ReduceMean %x, %3 :
// CHECK-NEXT:    func.return %2, %4
func.func @sums(%i: tensor<2x3xi1>, %x: tensor<2x3xf32>) -> (tensor<2xi64>, tensor<f32>) {
  %0 = aten.sum.dim_IntList %i {dim = [1]} : (tensor<2x3xi1>) -> tensor<2xi64>
  %1 = aten.mean %x : (tensor<2x3xf32>) -> tensor<f32>
  func.return %0, %1 : tensor<2xi64>, tensor<f32>
}

// Where nothing but the bound is, a device that starts from a finite number does not find it.
// CHECK-LABEL: func.func @largest(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.ReduceMax %x, %0 {keep_dims = true}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<0xff800000> : tensor<f32>}
// CHECK-NEXT:    %3 = reg.Equal %x, %2
// CHECK-NEXT:    %4 = reg.ReduceLogicalAnd %3, %0 {keep_dims = true}
// CHECK-NEXT:    %5 = reg.Select %4, %2, %1
// CHECK-NEXT:    %6 = reg.ReduceMax %i, %0 :
// CHECK-NEXT:    func.return %5, %6
func.func @largest(%x: tensor<2x3xf32>, %i: tensor<2x3xi64>) -> (tensor<2x1xf32>, tensor<2xi64>) {
  %0 = aten.amax %x {dim = [-1], keepdim = true} : (tensor<2x3xf32>) -> tensor<2x1xf32>
  %1 = aten.amax %i {dim = [-1]} : (tensor<2x3xi64>) -> tensor<2xi64>
  func.return %0, %1 : tensor<2x1xf32>, tensor<2xi64>
}

// Unlike the others, these reduce nothing if no dimension is listed.
// CHECK-LABEL: func.func @any(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %1 = reg.NotEqual %x, %0 :
// CHECK-NEXT:    %2 = reg.NotEqual %x, %0 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<0> : tensor<1xi64>}
// CHECK-NEXT:    %4 = reg.ReduceLogicalOr %2, %3 :
// CHECK-NEXT:    func.return %1, %4
func.func @any(%x: tensor<2x3xf32>) -> (tensor<2x3xi1>, tensor<3xi1>) {
  %0 = aten.any.dims %x {dim = []} : (tensor<2x3xf32>) -> tensor<2x3xi1>
  %1 = aten.any.dim %x {dim = 0} : (tensor<2x3xf32>) -> tensor<3xi1>
  func.return %0, %1 : tensor<2x3xi1>, tensor<3xi1>
}

// CHECK-LABEL: func.func @places(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<i64>}
// CHECK-NEXT:    %1, %2 = reg.TopK %x, %0 {axis = 1, mode = "max", sort = "value", index_element_type = i64, stable = true}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<2> : tensor<1xi64>}
// CHECK-NEXT:    %4 = reg.Reshape %2, %3 {special_zero = false}
// CHECK-NEXT:    %5 = reg.Constant {value = dense<6> : tensor<1xi64>}
// CHECK-NEXT:    %6 = reg.Reshape %x, %5 {special_zero = false}
// CHECK-NEXT:    %7, %8 = reg.TopK %6, %0 {axis = 0, mode = "min", sort = "value", index_element_type = i64, stable = true}
// CHECK-NEXT:    %9 = reg.Constant {value = dense<> : tensor<0xi64>}
// CHECK-NEXT:    %10 = reg.Reshape %8, %9 {special_zero = false}
// CHECK-NEXT:    func.return %4, %10
func.func @places(%x: tensor<2x3xf32>) -> (tensor<2xi64>, tensor<i64>) {
  %0 = aten.argmax %x {dim = 1} : (tensor<2x3xf32>) -> tensor<2xi64>
  %1 = aten.argmin %x : (tensor<2x3xf32>) -> tensor<i64>
  func.return %0, %1 : tensor<2xi64>, tensor<i64>
}

// CHECK-LABEL: func.func @variance(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.ReduceMean %x, %0 {keep_dims = true}
// CHECK-NEXT:    %2 = reg.Subtract %x, %1 :
// CHECK-NEXT:    %3 = reg.Multiply %2, %2 :
// CHECK-NEXT:    %4 = reg.ReduceMean %3, %0 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<1.33333337> : tensor<f32>}
// CHECK-NEXT:    %6 = reg.Multiply %4, %5 :
// CHECK-NEXT:    func.return %6
func.func @variance(%x: tensor<2x4xf32>) -> tensor<2xf32> {
  %0 = aten.var.correction %x {dim = [1], correction = 1} : (tensor<2x4xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

// CHECK-LABEL: func.func @norms(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.ReduceL2 %x, %0 {keep_dims = true}
// CHECK-NEXT:    %2 = reg.Abs %x :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<3.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Power %2, %3 :
// CHECK-NEXT:    %5 = reg.ReduceSum %4, %0 :
// CHECK-NEXT:    %6 = reg.Constant {value = dense<0.333333343> : tensor<f32>}
// CHECK-NEXT:    %7 = reg.Power %5, %6 :
// CHECK-NEXT:    func.return %1, %7
func.func @norms(%x: tensor<2x4xf32>) -> (tensor<2x1xf32>, tensor<2xf32>) {
  %0 = aten.linalg_vector_norm %x {dim = [1], keepdim = true} : (tensor<2x4xf32>) -> tensor<2x1xf32>
  %1 = aten.norm.ScalarOpt_dim %x {p = 3, dim = [1]} : (tensor<2x4xf32>) -> tensor<2xf32>
  func.return %0, %1 : tensor<2x1xf32>, tensor<2xf32>
}

// CHECK-LABEL: func.func @running(
// CHECK-NEXT:    %0 = reg.Convert %b {destination_type = i64}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %2 = reg.CumSum %0, %1 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %4 = reg.Constant {value = dense<4> : tensor<1xi64>}
// CHECK-NEXT:    %5 = reg.Constant {value = dense<0> : tensor<1xi64>}
// CHECK-NEXT:    %6 = reg.Slice %x, %3, %4, %3, axes = %5 :
// CHECK-NEXT:    %7 = reg.Constant {value = dense<3> : tensor<1xi64>}
// CHECK-NEXT:    %8 = reg.Slice %x, %5, %7, %3, axes = %5 :
// CHECK-NEXT:    %9 = reg.Subtract %6, %8 :
// CHECK-NEXT:    func.return %2, %9
func.func @running(%b: tensor<4xi1>, %x: tensor<4xi64>) -> (tensor<4xi64>, tensor<3xi64>) {
  %0 = aten.cumsum %b {dim = 0} : (tensor<4xi1>) -> tensor<4xi64>
  %1 = aten.diff %x : (tensor<4xi64>) -> tensor<3xi64>
  func.return %0, %1 : tensor<4xi64>, tensor<3xi64>
}

// CHECK-LABEL: func.func @sorting(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2> : tensor<i64>}
// CHECK-NEXT:    %1, %2 = reg.TopK %x, %0 {axis = 1, mode = "max", sort = "value", index_element_type = i64, stable = true}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<4> : tensor<i64>}
// CHECK-NEXT:    %4, %5 = reg.TopK %x, %3 {axis = 1, mode = "min", sort = "value", index_element_type = i64, stable = true}
// CHECK-NEXT:    func.return %1, %5
func.func @sorting(%x: tensor<2x4xf32>) -> (tensor<2x2xf32>, tensor<2x4xi64>) {
  %0, %1 = aten.topk %x {k = 2} : (tensor<2x4xf32>) -> (tensor<2x2xf32>, tensor<2x2xi64>)
  %2 = aten.argsort %x {dim = 1} : (tensor<2x4xf32>) -> tensor<2x4xi64>
  func.return %0, %2 : tensor<2x2xf32>, tensor<2x4xi64>
}
