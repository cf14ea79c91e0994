// RUN: forge-opt %s -p 'compress-weights{type=i8}' | filecheck %s
// RUN: forge-opt %s -p 'compress-weights{type=i8},compress-weights{type=i8}' | filecheck %s
// RUN: forge-opt %s -p 'compress-weights{type=i8 group_size=32}' | filecheck %s --check-prefix=GROUPS
// RUN: forge-opt %s -p 'compress-weights{type=i4 group_size=32}' | filecheck %s --check-prefix=FOUR
// RUN: forge-opt %s -p 'compress-weights{type=i4}' -o %t.mlir
// RUN: forge-opt %t.mlir | diff - %t.mlir

!x = !reg.reg<4x64xf32, npu>
!w = !reg.reg<64x64xf32, npu>

// A scale for each output channel, which is a row where the product transposes the weight. All but
// the last two instructions are computed when the program is loaded.
// CHECK-LABEL: func.func @rows
// CHECK:         %[[AXIS:.*]] = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %[[ABS:.*]] = reg.Abs %w
// CHECK-NEXT:    %[[MAX:.*]] = reg.ReduceMax %[[ABS]], %[[AXIS]] {keep_dims = true} : {{.*}} -> !reg.reg<64x1xf32, npu>
// CHECK-NEXT:    %[[LEVELS:.*]] = reg.Constant {value = dense<1.270000e+02> : tensor<f32>}
// CHECK-NEXT:    %[[LEAST:.*]] = reg.Constant
// CHECK-NEXT:    %[[STEP:.*]] = reg.Divide %[[MAX]], %[[LEVELS]]
// CHECK-NEXT:    %[[SCALE:.*]] = reg.Maximum %[[STEP]], %[[LEAST]]
// CHECK-NEXT:    %[[Q:.*]] = reg.Divide %w, %[[SCALE]]
// CHECK-NEXT:    %[[R:.*]] = reg.Round %[[Q]]
// CHECK-NEXT:    %[[C:.*]] = reg.Convert %[[R]] {destination_type = i8}
// CHECK-NEXT:    %[[F:.*]] = reg.Convert %[[C]] {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    %[[W:.*]] = reg.Multiply %[[F]], %[[SCALE]]
// CHECK-NEXT:    reg.MatMul %x, %[[W]] {transpose_b = true}
// Groups are an axis of their own until the weight is whole again.
// GROUPS-LABEL: func.func @rows
// GROUPS:         reg.Reshape %w, {{.*}} -> !reg.reg<64x2x32xf32, npu>
// GROUPS:         reg.ReduceMax {{.*}} -> !reg.reg<64x2x1xf32, npu>
// GROUPS:         %[[W:.*]] = reg.Multiply {{.*}} -> !reg.reg<64x2x32xf32, npu>
// GROUPS:         %[[R:.*]] = reg.Reshape %[[W]], {{.*}} -> !reg.reg<64x64xf32, npu>
// GROUPS-NEXT:    reg.MatMul %x, %[[R]] {transpose_b = true}
// FOUR-LABEL: func.func @rows
// FOUR:         reg.Constant {value = dense<7.000000e+00> : tensor<f32>}
// FOUR:         %[[C:.*]] = reg.Convert {{.*}} {destination_type = i4} : {{.*}} -> !reg.reg<64x2x32xi4, npu>
// FOUR-NEXT:    reg.Convert %[[C]] {destination_type = f32} attributes {forge.decompression}
func.func @rows(%x: !x) -> !x {
  %w = reg.weight "w" : !w
  %0 = reg.MatMul %x, %w {transpose_b = true} : (!x, !w) -> !x
  func.return %0 : !x
}

// It is a column where the product does not.
// CHECK-LABEL: func.func @columns
// CHECK:         reg.ReduceMax {{.*}} -> !reg.reg<1x64xf32, npu>
// GROUPS-LABEL: func.func @columns
// GROUPS:         reg.Reshape %w, {{.*}} -> !reg.reg<2x32x64xf32, npu>
// GROUPS:         reg.ReduceMax {{.*}} -> !reg.reg<2x1x64xf32, npu>
func.func @columns(%x: !x) -> !x {
  %w = reg.weight "w" : !w
  %0 = reg.MatMul %x, %w : (!x, !w) -> !x
  func.return %0 : !x
}

// Of an embedding the rows are widened that it takes; the last layer shares its codes and scales.
// CHECK-LABEL: func.func @tied
// CHECK:         %[[SCALE:.*]] = reg.Maximum {{.*}} -> !reg.reg<64x1xf32, npu>
// CHECK:         %[[C:.*]] = reg.Convert {{.*}} -> !reg.reg<64x64xi8, npu>
// CHECK-NEXT:    %[[ROWS:.*]] = reg.Gather %[[C]], %ids, %axis : {{.*}} -> !reg.reg<4x64xi8, npu>
// CHECK-NEXT:    %[[SCALES:.*]] = reg.Gather %[[SCALE]], %ids, %axis : {{.*}} -> !reg.reg<4x1xf32, npu>
// CHECK-NEXT:    %[[WIDE:.*]] = reg.Convert %[[ROWS]] {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    %[[E:.*]] = reg.Multiply %[[WIDE]], %[[SCALES]]
// CHECK-NEXT:    %[[F:.*]] = reg.Convert %[[C]] {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    %[[W:.*]] = reg.Multiply %[[F]], %[[SCALE]]
// CHECK-NEXT:    reg.MatMul %[[E]], %[[W]]
// GROUPS-LABEL: func.func @tied
// GROUPS:         reg.Gather {{.*}} -> !reg.reg<4x64xi8, npu>
// GROUPS-NOT:     64x2x32
// FOUR-LABEL: func.func @tied
// FOUR:         reg.Gather {{.*}} -> !reg.reg<4x64xi8, npu>
// FOUR-NOT:     i4
// FOUR:         return
func.func @tied(%ids: !reg.reg<4xi64, npu>) -> !x {
  %w = reg.weight "w" : !w
  %axis = reg.Constant {value = dense<0> : tensor<i64>} : () -> !reg.reg<i64, npu>
  %0 = reg.Gather %w, %ids, %axis : (!w, !reg.reg<4xi64, npu>, !reg.reg<i64, npu>) -> !x
  %1 = reg.MatMul %0, %w {transpose_b = true} : (!x, !w) -> !x
  func.return %1 : !x
}

// CHECK-LABEL: func.func @convolution
// CHECK:         reg.ReduceMax {{.*}} -> !reg.reg<64x1x1xf32, npu>
// CHECK:         %[[W:.*]] = reg.Multiply
// CHECK-NEXT:    reg.Convolution %x, %[[W]]
func.func @convolution(%x: !reg.reg<1x64x8xf32, npu>) -> !reg.reg<1x64x8xf32, npu> {
  %w = reg.weight "w" : !reg.reg<64x64x1xf32, npu>
  %0 = reg.Convolution %x, %w {strides = [1], pads_begin = [0], pads_end = [0], dilations = [1]} : (!reg.reg<1x64x8xf32, npu>, !reg.reg<64x64x1xf32, npu>) -> !reg.reg<1x64x8xf32, npu>
  func.return %0 : !reg.reg<1x64x8xf32, npu>
}

// -- in f16 instead --------------------------------------------------------------------------------

// Three elements would share a scale.
// CHECK-LABEL: func.func @depthwise
// CHECK:         %[[S:.*]] = reg.Convert %w {destination_type = f16}
// CHECK-NEXT:    %[[W:.*]] = reg.Convert %[[S]] {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    reg.GroupConvolution %x, %[[W]]
func.func @depthwise(%x: !reg.reg<1x512x8xf32, npu>) -> !reg.reg<1x512x6xf32, npu> {
  %w = reg.weight "w" : !reg.reg<512x1x1x3xf32, npu>
  %0 = reg.GroupConvolution %x, %w {strides = [1], pads_begin = [0], pads_end = [0], dilations = [1]} : (!reg.reg<1x512x8xf32, npu>, !reg.reg<512x1x1x3xf32, npu>) -> !reg.reg<1x512x6xf32, npu>
  func.return %0 : !reg.reg<1x512x6xf32, npu>
}

// A weight on the left would be widened before the program runs.
// CHECK-LABEL: func.func @left
// CHECK:         %[[S:.*]] = reg.Convert %w {destination_type = f16}
// CHECK-NEXT:    %[[W:.*]] = reg.Convert %[[S]] {destination_type = f32} attributes {forge.decompression}
// CHECK-NEXT:    reg.MatMul %[[W]], %x
func.func @left(%x: !reg.reg<64x4xf32, npu>) -> !reg.reg<64x4xf32, npu> {
  %w = reg.weight "w" : !w
  %0 = reg.MatMul %w, %x : (!w, !reg.reg<64x4xf32, npu>) -> !reg.reg<64x4xf32, npu>
  func.return %0 : !reg.reg<64x4xf32, npu>
}

// An embedding that takes columns.
// CHECK-LABEL: func.func @takes_columns
// CHECK:         reg.Convert %w {destination_type = f16}
// CHECK:         reg.Gather %{{.*}}, %ids, %axis : (!reg.reg<64x64xf32, npu>
func.func @takes_columns(%ids: !reg.reg<4xi64, npu>) -> !reg.reg<64x4xf32, npu> {
  %w = reg.weight "w" : !w
  %axis = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, npu>
  %0 = reg.Gather %w, %ids, %axis : (!w, !reg.reg<4xi64, npu>, !reg.reg<i64, npu>) -> !reg.reg<64x4xf32, npu>
  func.return %0 : !reg.reg<64x4xf32, npu>
}

// A sum of 48 elements has no groups of 32.
// GROUPS-LABEL: func.func @not_divisible
// GROUPS:         reg.ReduceMax {{.*}} -> !reg.reg<64x1xf32, npu>
func.func @not_divisible(%x: !reg.reg<4x48xf32, npu>) -> !x {
  %w = reg.weight "w" : !reg.reg<64x48xf32, npu>
  %0 = reg.MatMul %x, %w {transpose_b = true} : (!reg.reg<4x48xf32, npu>, !reg.reg<64x48xf32, npu>) -> !x
  func.return %0 : !x
}
