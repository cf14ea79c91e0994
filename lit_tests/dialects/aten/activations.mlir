// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Activations: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @activations
func.func @activations(
    %f32_1: tensor<1xf32>,
    %f32_1x4x6: tensor<1x4x6xf32>,
    %f32_2x3x6: tensor<2x3x6xf32>,
    %f32_2x6: tensor<2x6xf32>,
    %f32_2x8: tensor<2x8xf32>,
    %f32_3x2: tensor<3x2xf32>,
    %f32_3x3: tensor<3x3xf32>,
    %f32_3x4x1: tensor<3x4x1xf32>,
    %f32_4x2: tensor<4x2xf32>,
    %f32_4x3x2: tensor<4x3x2xf32>,
    %f32_4x6: tensor<4x6xf32>,
    %f32_6x2x6: tensor<6x2x6xf32>) {
  // CHECK-NEXT: %{{.*}} = aten.celu %{{.*}} {alpha = 0.5} : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %0 = aten.celu %f32_4x6 {alpha = 0.5} : (tensor<4x6xf32>) -> tensor<4x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.elu %{{.*}} {alpha = 0.5, input_scale = 0} : (tensor<3x2xf32>) -> tensor<3x2xf32>
  %1 = aten.elu %f32_3x2 {alpha = 0.5, input_scale = 0} : (tensor<3x2xf32>) -> tensor<3x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.gelu %{{.*}} {approximate = "tanh"} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %2 = aten.gelu %f32_2x8 {approximate = "tanh"} : (tensor<2x8xf32>) -> tensor<2x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.glu %{{.*}} {dim = -3} : (tensor<6x2x6xf32>) -> tensor<3x2x6xf32>
  %3 = aten.glu %f32_6x2x6 {dim = -3} : (tensor<6x2x6xf32>) -> tensor<3x2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.hardshrink %{{.*}} {lambd = 1.0} : (tensor<4x2xf32>) -> tensor<4x2xf32>
  %4 = aten.hardshrink %f32_4x2 {lambd = 1.0} : (tensor<4x2xf32>) -> tensor<4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.hardsigmoid %{{.*}} : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  %5 = aten.hardsigmoid %f32_2x3x6 : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.hardswish %{{.*}} : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  %6 = aten.hardswish %f32_2x3x6 : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.hardtanh %{{.*}} {min_val = 0} : (tensor<3x3xf32>) -> tensor<3x3xf32>
  %7 = aten.hardtanh %f32_3x3 {min_val = 0} : (tensor<3x3xf32>) -> tensor<3x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.leaky_relu %{{.*}} {negative_slope = 0.5} : (tensor<4x6xf32>) -> tensor<4x6xf32>
  %8 = aten.leaky_relu %f32_4x6 {negative_slope = 0.5} : (tensor<4x6xf32>) -> tensor<4x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.log_sigmoid %{{.*}} : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  %9 = aten.log_sigmoid %f32_2x3x6 : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.mish %{{.*}} : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  %10 = aten.mish %f32_2x3x6 : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.prelu %{{.*}}, %{{.*}} : (tensor<1x4x6xf32>, tensor<1xf32>) -> tensor<1x4x6xf32>
  %11 = aten.prelu %f32_1x4x6, %f32_1 : (tensor<1x4x6xf32>, tensor<1xf32>) -> tensor<1x4x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.relu %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %12 = aten.relu %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.relu6 %{{.*}} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %13 = aten.relu6 %f32_2x6 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.selu %{{.*}} : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  %14 = aten.selu %f32_2x3x6 : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.silu %{{.*}} : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  %15 = aten.silu %f32_2x3x6 : (tensor<2x3x6xf32>) -> tensor<2x3x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.softplus %{{.*}} {threshold = 0} : (tensor<4x3x2xf32>) -> tensor<4x3x2xf32>
  %16 = aten.softplus %f32_4x3x2 {threshold = 0} : (tensor<4x3x2xf32>) -> tensor<4x3x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.softshrink %{{.*}} {lambd = 1.0} : (tensor<4x2xf32>) -> tensor<4x2xf32>
  %17 = aten.softshrink %f32_4x2 {lambd = 1.0} : (tensor<4x2xf32>) -> tensor<4x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.threshold %{{.*}} {threshold = 0, value = 0} : (tensor<3x4x1xf32>) -> tensor<3x4x1xf32>
  %18 = aten.threshold %f32_3x4x1 {threshold = 0, value = 0} : (tensor<3x4x1xf32>) -> tensor<3x4x1xf32>
  // CHECK-NEXT: func.return
  func.return
}
