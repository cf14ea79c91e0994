// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Ranges and borders: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @slicing
func.func @slicing(
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %f32: !reg.reg<f32, cpu>,
    %f32_1x4x6x8: !reg.reg<1x4x6x8xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[0, 0, 0, 1]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  %0 = reg.Constant {value = dense<[0, 0, 0, 1]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[0, 0, 0, 1]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  %1 = reg.Constant {value = dense<[0, 0, 0, 1]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Pad %{{.*}}, %{{.*}}, %{{.*}}, arg_pad_value = %{{.*}} {pad_mode = "constant"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x10xf32, cpu>
  %2 = reg.Pad %f32_2x4x6x8, %0, %1, arg_pad_value = %f32 {pad_mode = "constant"} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<4xi64, cpu>, !reg.reg<f32, cpu>) -> !reg.reg<2x4x6x10xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %3 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %4 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %5 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %6 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Slice %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, axes = %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<1x4x6x8xf32, cpu>
  %7 = reg.Slice %f32_2x4x6x8, %3, %4, %5, axes = %6 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<1x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %8 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %9 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %10 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %11 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.SliceScatter %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, axes = %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %12 = reg.SliceScatter %f32_2x4x6x8, %f32_1x4x6x8, %8, %9, %10, axes = %11 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %13 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %14 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %15 = reg.Constant {value = dense<1> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.StridedSlice %{{.*}}, %{{.*}}, %{{.*}}, strides = %{{.*}} {begin_mask = [0], end_mask = [0]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<1x4x6x8xf32, cpu>
  %16 = reg.StridedSlice %f32_2x4x6x8, %13, %14, strides = %15 {begin_mask = [0], end_mask = [0]} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<1x4x6x8xf32, cpu>
  func.return
}
