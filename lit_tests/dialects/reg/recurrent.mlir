// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Recurrent layers: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @recurrent
func.func @recurrent(
    %f32_2x3: !reg.reg<2x3xf32, cpu>,
    %f32_2x4: !reg.reg<2x4xf32, cpu>,
    %f32_12x3: !reg.reg<12x3xf32, cpu>,
    %f32_12x4: !reg.reg<12x4xf32, cpu>,
    %f32: !reg.reg<12xf32, cpu>,
    %f32_2x5x3: !reg.reg<2x5x3xf32, cpu>,
    %f32_2x1x4: !reg.reg<2x1x4xf32, cpu>,
    %i64: !reg.reg<2xi64, cpu>,
    %f32_1x12x3: !reg.reg<1x12x3xf32, cpu>,
    %f32_1x12x4: !reg.reg<1x12x4xf32, cpu>,
    %f32_1x12: !reg.reg<1x12xf32, cpu>,
    %f32_16x3: !reg.reg<16x3xf32, cpu>,
    %f32_16x4: !reg.reg<16x4xf32, cpu>,
    %f32_1: !reg.reg<16xf32, cpu>,
    %f32_1x16x3: !reg.reg<1x16x3xf32, cpu>,
    %f32_1x16x4: !reg.reg<1x16x4xf32, cpu>,
    %f32_1x16: !reg.reg<1x16xf32, cpu>,
    %f32_4x3: !reg.reg<4x3xf32, cpu>,
    %f32_4x4: !reg.reg<4x4xf32, cpu>,
    %f32_2: !reg.reg<4xf32, cpu>,
    %f32_1x4x3: !reg.reg<1x4x3xf32, cpu>,
    %f32_1x4x4: !reg.reg<1x4x4xf32, cpu>,
    %f32_1x4: !reg.reg<1x4xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.GRUCell %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {hidden_size = 4} : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<12x3xf32, cpu>, !reg.reg<12x4xf32, cpu>, !reg.reg<12xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  %0 = reg.GRUCell %f32_2x3, %f32_2x4, %f32_12x3, %f32_12x4, %f32 {hidden_size = 4} : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<12x3xf32, cpu>, !reg.reg<12x4xf32, cpu>, !reg.reg<12xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.GRUSequence %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {hidden_size = 4} : (!reg.reg<2x5x3xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<1x12x3xf32, cpu>, !reg.reg<1x12x4xf32, cpu>, !reg.reg<1x12xf32, cpu>) -> (!reg.reg<2x1x5x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>)
  %1, %2 = reg.GRUSequence %f32_2x5x3, %f32_2x1x4, %i64, %f32_1x12x3, %f32_1x12x4, %f32_1x12 {hidden_size = 4} : (!reg.reg<2x5x3xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<1x12x3xf32, cpu>, !reg.reg<1x12x4xf32, cpu>, !reg.reg<1x12xf32, cpu>) -> (!reg.reg<2x1x5x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.LSTMCell %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {hidden_size = 4} : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<16x3xf32, cpu>, !reg.reg<16x4xf32, cpu>, !reg.reg<16xf32, cpu>) -> (!reg.reg<2x4xf32, cpu>, !reg.reg<2x4xf32, cpu>)
  %3, %4 = reg.LSTMCell %f32_2x3, %f32_2x4, %f32_2x4, %f32_16x3, %f32_16x4, %f32_1 {hidden_size = 4} : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<16x3xf32, cpu>, !reg.reg<16x4xf32, cpu>, !reg.reg<16xf32, cpu>) -> (!reg.reg<2x4xf32, cpu>, !reg.reg<2x4xf32, cpu>)
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = reg.LSTMSequence %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {hidden_size = 4} : (!reg.reg<2x5x3xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<1x16x3xf32, cpu>, !reg.reg<1x16x4xf32, cpu>, !reg.reg<1x16xf32, cpu>) -> (!reg.reg<2x1x5x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>)
  %5, %6, %7 = reg.LSTMSequence %f32_2x5x3, %f32_2x1x4, %f32_2x1x4, %i64, %f32_1x16x3, %f32_1x16x4, %f32_1x16 {hidden_size = 4} : (!reg.reg<2x5x3xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<1x16x3xf32, cpu>, !reg.reg<1x16x4xf32, cpu>, !reg.reg<1x16xf32, cpu>) -> (!reg.reg<2x1x5x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>)
  // CHECK-NEXT: %{{.*}} = reg.RNNCell %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {hidden_size = 4} : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<4x3xf32, cpu>, !reg.reg<4x4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  %8 = reg.RNNCell %f32_2x3, %f32_2x4, %f32_4x3, %f32_4x4, %f32_2 {hidden_size = 4} : (!reg.reg<2x3xf32, cpu>, !reg.reg<2x4xf32, cpu>, !reg.reg<4x3xf32, cpu>, !reg.reg<4x4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.RNNSequence %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} {hidden_size = 4} : (!reg.reg<2x5x3xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<1x4x3xf32, cpu>, !reg.reg<1x4x4xf32, cpu>, !reg.reg<1x4xf32, cpu>) -> (!reg.reg<2x1x5x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>)
  %9, %10 = reg.RNNSequence %f32_2x5x3, %f32_2x1x4, %i64, %f32_1x4x3, %f32_1x4x4, %f32_1x4 {hidden_size = 4} : (!reg.reg<2x5x3xf32, cpu>, !reg.reg<2x1x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<1x4x3xf32, cpu>, !reg.reg<1x4x4xf32, cpu>, !reg.reg<1x4xf32, cpu>) -> (!reg.reg<2x1x5x4xf32, cpu>, !reg.reg<2x1x4xf32, cpu>)
  func.return
}
