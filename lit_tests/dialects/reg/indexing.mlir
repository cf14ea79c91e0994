// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Elements by index: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @indexing
func.func @indexing(
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %i64: !reg.reg<3xi64, cpu>,
    %i64_2x4x6x8: !reg.reg<2x4x6x8xi64, cpu>,
    %i64_5x2: !reg.reg<5x2xi64, cpu>,
    %i32_2x3x4: !reg.reg<2x3x4xi32, cpu>,
    %i32: !reg.reg<3xi32, cpu>,
    %i32_1: !reg.reg<i32, cpu>,
    %f32: !reg.reg<f32, cpu>,
    %i64_1x2x3x4: !reg.reg<1x2x3x4xi64, cpu>,
    %f32_1x2x3x4: !reg.reg<1x2x3x4xf32, cpu>,
    %f32_5x6x8: !reg.reg<5x6x8xf32, cpu>,
    %i64_1: !reg.reg<2xi64, cpu>,
    %f32_2x2x6x8: !reg.reg<2x2x6x8xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %0 = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Gather %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3xi64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<3x4x6x8xf32, cpu>
  %1 = reg.Gather %f32_2x4x6x8, %i64, %0 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<3xi64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<3x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GatherElements %{{.*}}, %{{.*}} {axis = 0} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %2 = reg.GatherElements %f32_2x4x6x8, %i64_2x4x6x8 {axis = 0} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GatherND %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<5x2xi64, cpu>) -> !reg.reg<5x6x8xf32, cpu>
  %3 = reg.GatherND %f32_2x4x6x8, %i64_5x2 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<5x2xi64, cpu>) -> !reg.reg<5x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.GatherTree %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x3x4xi32, cpu>, !reg.reg<2x3x4xi32, cpu>, !reg.reg<3xi32, cpu>, !reg.reg<i32, cpu>) -> !reg.reg<2x3x4xi32, cpu>
  %4 = reg.GatherTree %i32_2x3x4, %i32_2x3x4, %i32, %i32_1 : (!reg.reg<2x3x4xi32, cpu>, !reg.reg<2x3x4xi32, cpu>, !reg.reg<3xi32, cpu>, !reg.reg<i32, cpu>) -> !reg.reg<2x3x4xi32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %5 = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.OneHot %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {axis = -1} : (!reg.reg<3xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<3x4xf32, cpu>
  %6 = reg.OneHot %i64, %5, %f32, %f32 {axis = -1} : (!reg.reg<3xi64, cpu>, !reg.reg<i64, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<3x4xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %7 = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ScatterElementsUpdate %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1x2x3x4xi64, cpu>, !reg.reg<1x2x3x4xf32, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %8 = reg.ScatterElementsUpdate %f32_2x4x6x8, %i64_1x2x3x4, %f32_1x2x3x4, %7 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1x2x3x4xi64, cpu>, !reg.reg<1x2x3x4xf32, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ScatterNDUpdate %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<5x2xi64, cpu>, !reg.reg<5x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %9 = reg.ScatterNDUpdate %f32_2x4x6x8, %i64_5x2, %f32_5x6x8 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<5x2xi64, cpu>, !reg.reg<5x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %10 = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ScatterUpdate %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2x2x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %11 = reg.ScatterUpdate %f32_2x4x6x8, %i64_1, %f32_2x2x6x8, %10 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2x2x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  func.return
}
