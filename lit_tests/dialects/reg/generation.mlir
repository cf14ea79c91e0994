// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Tensors from numbers: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @generation
func.func @generation(
    %f32: !reg.reg<f32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<3> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %0 = reg.Constant {value = dense<3> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %1 = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %2 = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<2> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %3 = reg.Constant {value = dense<2> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Eye %{{.*}}, %{{.*}}, %{{.*}}, batch_shape = %{{.*}} {output_type = f32} : (!reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x3x4xf32, cpu>
  %4 = reg.Eye %0, %1, %2, batch_shape = %3 {output_type = f32} : (!reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x3x4xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[2, 3]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %5 = reg.Constant {value = dense<[2, 3]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.RandomUniform %{{.*}}, %{{.*}}, %{{.*}} {output_type = f32} : (!reg.reg<2xi64, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x3xf32, cpu>
  %6 = reg.RandomUniform %5, %f32, %f32 {output_type = f32} : (!reg.reg<2xi64, cpu>, !reg.reg<f32, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x3xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %7 = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %8 = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %9 = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Range %{{.*}}, %{{.*}}, %{{.*}} {output_type = i64} : (!reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<4xi64, cpu>
  %10 = reg.Range %7, %8, %9 {output_type = i64} : (!reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<4xi64, cpu>
  func.return
}
