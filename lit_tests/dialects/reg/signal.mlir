// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Fourier transforms: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @signal
func.func @signal(
    %f32_4x6x2: !reg.reg<4x6x2xf32, cpu>,
    %f32_9x9x2: !reg.reg<9x9x2xf32, cpu>,
    %f32: !reg.reg<16xf32, cpu>,
    %f32_4x6: !reg.reg<4x6xf32, cpu>,
    %f32_1x48: !reg.reg<1x48xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %0 = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[-1, 8]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %1 = reg.Constant {value = dense<[-1, 8]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.DFT %{{.*}}, %{{.*}}, signal_size = %{{.*}} : (!reg.reg<4x6x2xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x8x2xf32, cpu>
  %2 = reg.DFT %f32_4x6x2, %0, signal_size = %1 : (!reg.reg<4x6x2xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x8x2xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %3 = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.IDFT %{{.*}}, %{{.*}} : (!reg.reg<4x6x2xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x6x2xf32, cpu>
  %4 = reg.IDFT %f32_4x6x2, %3 : (!reg.reg<4x6x2xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x6x2xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %5 = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.IRDFT %{{.*}}, %{{.*}} : (!reg.reg<4x6x2xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x10xf32, cpu>
  %6 = reg.IRDFT %f32_4x6x2, %5 : (!reg.reg<4x6x2xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x10xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<16> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %7 = reg.Constant {value = dense<16> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %8 = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<40> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %9 = reg.Constant {value = dense<40> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ISTFT %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, signal_length = %{{.*}} {center = false, normalized = false} : (!reg.reg<9x9x2xf32, cpu>, !reg.reg<16xf32, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<40xf32, cpu>
  %10 = reg.ISTFT %f32_9x9x2, %f32, %7, %8, signal_length = %9 {center = false, normalized = false} : (!reg.reg<9x9x2xf32, cpu>, !reg.reg<16xf32, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<40xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %11 = reg.Constant {value = dense<[0, 1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.RDFT %{{.*}}, %{{.*}} : (!reg.reg<4x6xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x4x2xf32, cpu>
  %12 = reg.RDFT %f32_4x6, %11 : (!reg.reg<4x6xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<4x4x2xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<16> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %13 = reg.Constant {value = dense<16> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %14 = reg.Constant {value = dense<4> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.STFT %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {transpose_frames = false} : (!reg.reg<1x48xf32, cpu>, !reg.reg<16xf32, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<1x9x9x2xf32, cpu>
  %15 = reg.STFT %f32_1x48, %f32, %13, %14 {transpose_frames = false} : (!reg.reg<1x48xf32, cpu>, !reg.reg<16xf32, cpu>, !reg.reg<i64, cpu>, !reg.reg<i64, cpu>) -> !reg.reg<1x9x9x2xf32, cpu>
  func.return
}
