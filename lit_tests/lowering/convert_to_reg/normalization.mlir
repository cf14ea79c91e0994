// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// CHECK-LABEL: func.func @softmax(
// CHECK-NEXT:    %0 = reg.Convert %x {destination_type = f32}
// CHECK-NEXT:    %1 = reg.Softmax %0 :
// CHECK-NEXT:    %2 = reg.LogSoftmax %x {axis = 0}
// CHECK-NEXT:    func.return %1, %2
func.func @softmax(%x: tensor<2x3xbf16>) -> (tensor<2x3xf32>, tensor<2x3xbf16>) {
  %0 = aten.softmax.int %x {dim = -1, dtype = f32} : (tensor<2x3xbf16>) -> tensor<2x3xf32>
  %1 = aten.log_softmax.int %x {dim = 0} : (tensor<2x3xbf16>) -> tensor<2x3xbf16>
  func.return %0, %1 : tensor<2x3xf32>, tensor<2x3xbf16>
}

// CHECK-LABEL: func.func @layer_norm(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.MVN %x, %0 {normalize_variance = true, eps = 1.0e-06, eps_mode = "INSIDE_SQRT"}
// CHECK-NEXT:    %2 = reg.Multiply %1, %w :
// CHECK-NEXT:    %3 = reg.Add %2, %b :
// CHECK-NEXT:    func.return %3
func.func @layer_norm(%x: tensor<2x3xf32>, %w: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = aten.layer_norm %x, weight = %w, bias = %b {normalized_shape = [3], eps = 1.0e-06} : (tensor<2x3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @rms_norm(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %1 = reg.Power %x, %0 :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %3 = reg.ReduceMean %1, %2 {keep_dims = true}
// CHECK-NEXT:    %4 = reg.Constant {value = dense<1.000000e-06> : tensor<f32>}
// CHECK-NEXT:    %5 = reg.Add %3, %4 :
// CHECK-NEXT:    %6 = reg.Sqrt %5 :
// CHECK-NEXT:    %7 = reg.Constant {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %8 = reg.Divide %7, %6 :
// CHECK-NEXT:    %9 = reg.Multiply %x, %8 :
// CHECK-NEXT:    %10 = reg.Multiply %9, %w :
// CHECK-NEXT:    func.return %10
func.func @rms_norm(%x: tensor<2x3xf32>, %w: tensor<3xf32>) -> tensor<2x3xf32> {
  %0 = aten.rms_norm %x, weight = %w {normalized_shape = [3], eps = 1.0e-06} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// Numbers of 16 bits are squared and summed in f32.
// CHECK-LABEL: func.func @rms_norm_bf16(
// CHECK-NEXT:    %0 = reg.Convert %x {destination_type = f32}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<2.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %2 = reg.Power %0, %1 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %4 = reg.ReduceMean %2, %3 {keep_dims = true}
// CHECK-NEXT:    %5 = reg.Constant {value = dense<1.000000e-06> : tensor<f32>}
// CHECK-NEXT:    %6 = reg.Add %4, %5 :
// CHECK-NEXT:    %7 = reg.Sqrt %6 :
// CHECK-NEXT:    %8 = reg.Constant {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %9 = reg.Divide %8, %7 :
// CHECK-NEXT:    %10 = reg.Multiply %0, %9 :
// CHECK-NEXT:    %11 = reg.Convert %10 {destination_type = bf16}
// CHECK-NEXT:    func.return %11
func.func @rms_norm_bf16(%x: tensor<2x3xbf16>) -> tensor<2x3xbf16> {
  %0 = aten.rms_norm %x {normalized_shape = [3], eps = 1.0e-06} : (tensor<2x3xbf16>) -> tensor<2x3xbf16>
  func.return %0 : tensor<2x3xbf16>
}

// CHECK-LABEL: func.func @batch_norm(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<3> : tensor<1xi64>}
// CHECK-NEXT:    %2 = reg.Broadcast %0, %1 :
// CHECK-NEXT:    %3 = reg.BatchNormInference %x, %w, %2, %m, %v {epsilon = 1.0e-05}
// CHECK-NEXT:    func.return %3
func.func @batch_norm(%x: tensor<2x3x4xf32>, %w: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> tensor<2x3x4xf32> {
  %0 = aten.batch_norm %x, weight = %w, running_mean = %m, running_var = %v {training = false, momentum = 0.1, eps = 1.0e-05, cudnn_enabled = false} : (tensor<2x3x4xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @dropout(
// CHECK-NEXT:    func.return %x
func.func @dropout(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = aten.dropout %x {p = 0.1, train = false} : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
