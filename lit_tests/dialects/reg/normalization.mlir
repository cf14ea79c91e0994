// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Softmax and normalisations: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @normalization
func.func @normalization(
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %f32: !reg.reg<4xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.BatchNormInference %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {epsilon = 1.0e-05} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %0 = reg.BatchNormInference %f32_2x4x6x8, %f32, %f32, %f32, %f32 {epsilon = 1.0e-05} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GroupNormalization %{{.*}}, %{{.*}}, %{{.*}} {num_groups = 2, epsilon = 1.0e-05} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %1 = reg.GroupNormalization %f32_2x4x6x8, %f32, %f32 {num_groups = 2, epsilon = 1.0e-05} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %2 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.LRN %{{.*}}, %{{.*}} {alpha = 1.0, beta = 1.0, bias = 1.0, size = 3} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %3 = reg.LRN %f32_2x4x6x8, %2 {alpha = 1.0, beta = 1.0, bias = 1.0, size = 3} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.LogSoftmax %{{.*}} {axis = 1} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %4 = reg.LogSoftmax %f32_2x4x6x8 {axis = 1} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %5 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.MVN %{{.*}}, %{{.*}} {normalize_variance = true, eps = 1.0e-05, eps_mode = "INSIDE_SQRT"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %6 = reg.MVN %f32_2x4x6x8, %5 {normalize_variance = true, eps = 1.0e-05, eps_mode = "INSIDE_SQRT"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %7 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.NormalizeL2 %{{.*}}, %{{.*}} {eps = 1.0e-05, eps_mode = "add"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %8 = reg.NormalizeL2 %f32_2x4x6x8, %7 {eps = 1.0e-05, eps_mode = "add"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Softmax %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %9 = reg.Softmax %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  func.return
}
