// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// The same elements elsewhere: every instruction, as it is printed and read back.

// CHECK-LABEL: func.func @layout
func.func @layout(
    %f32_4x3: !reg.reg<4x3xf32, cpu>,
    %f32: !reg.reg<4xf32, cpu>,
    %f32_2x4x6x8: !reg.reg<2x4x6x8xf32, cpu>,
    %f32_4x4: !reg.reg<4x4xf32, cpu>,
    %f32_1x2x1: !reg.reg<1x2x1xf32, cpu>) {
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %0 = reg.Constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %1 = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %2 = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.BatchToSpace %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<4x3xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x6xf32, cpu>
  %3 = reg.BatchToSpace %f32_4x3, %0, %1, %2 : (!reg.reg<4x3xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x6xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[3, 4]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %4 = reg.Constant {value = dense<[3, 4]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Broadcast %{{.*}}, %{{.*}} : (!reg.reg<4xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<3x4xf32, cpu>
  %5 = reg.Broadcast %f32, %4 : (!reg.reg<4xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<3x4xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Concat [%{{.*}}, %{{.*}}] {axis = 1} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x8x6x8xf32, cpu>
  %6 = reg.Concat [%f32_2x4x6x8, %f32_2x4x6x8] {axis = 1} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x8x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.DepthToSpace %{{.*}} {mode = "blocks_first", block_size = 2} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x1x12x16xf32, cpu>
  %7 = reg.DepthToSpace %f32_2x4x6x8 {mode = "blocks_first", block_size = 2} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x1x12x16xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[2, -1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %8 = reg.Constant {value = dense<[2, -1]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Reshape %{{.*}}, %{{.*}} {special_zero = false} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x192xf32, cpu>
  %9 = reg.Reshape %f32_2x4x6x8, %8 {special_zero = false} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<2x192xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ShapeOf %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<4xi64, cpu>
  %10 = reg.ShapeOf %f32_2x4x6x8 : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<4xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.ShuffleChannels %{{.*}} {group = 2} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  %11 = reg.ShuffleChannels %f32_2x4x6x8 {group = 2} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %12 = reg.Constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %13 = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %14 = reg.Constant {value = dense<0> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.SpaceToBatch %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<4x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<8x2xf32, cpu>
  %15 = reg.SpaceToBatch %f32_4x4, %12, %13, %14 : (!reg.reg<4x4xf32, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>, !reg.reg<2xi64, cpu>) -> !reg.reg<8x2xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.SpaceToDepth %{{.*}} {mode = "blocks_first", block_size = 2} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x16x3x4xf32, cpu>
  %16 = reg.SpaceToDepth %f32_2x4x6x8 {mode = "blocks_first", block_size = 2} : (!reg.reg<2x4x6x8xf32, cpu>) -> !reg.reg<2x16x3x4xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %17 = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.Split %{{.*}}, %{{.*}} {num_splits = 2} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> (!reg.reg<2x2x6x8xf32, cpu>, !reg.reg<2x2x6x8xf32, cpu>)
  %18, %19 = reg.Split %f32_2x4x6x8, %17 {num_splits = 2} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>) -> (!reg.reg<2x2x6x8xf32, cpu>, !reg.reg<2x2x6x8xf32, cpu>)
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %20 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Squeeze %{{.*}}, axes = %{{.*}} : (!reg.reg<1x2x1xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x1xf32, cpu>
  %21 = reg.Squeeze %f32_1x2x1, axes = %20 : (!reg.reg<1x2x1xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<2x1xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[2, 1, 1, 1]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  %22 = reg.Constant {value = dense<[2, 1, 1, 1]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Tile %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xi64, cpu>) -> !reg.reg<4x4x6x8xf32, cpu>
  %23 = reg.Tile %f32_2x4x6x8, %22 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xi64, cpu>) -> !reg.reg<4x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<[0, 1, 3, 2]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  %24 = reg.Constant {value = dense<[0, 1, 3, 2]> : tensor<4xi64>} : () -> !reg.reg<4xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Transpose %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xi64, cpu>) -> !reg.reg<2x4x8x6xf32, cpu>
  %25 = reg.Transpose %f32_2x4x6x8, %24 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<4xi64, cpu>) -> !reg.reg<2x4x8x6xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %26 = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Unsqueeze %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<1x2x4x6x8xf32, cpu>
  %27 = reg.Unsqueeze %f32_2x4x6x8, %26 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<1x2x4x6x8xf32, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  %28 = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  %29 = reg.Constant {value = dense<2> : tensor<2xi64>} : () -> !reg.reg<2xi64, cpu>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = reg.VariadicSplit %{{.*}}, %{{.*}}, %{{.*}} : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>, !reg.reg<2xi64, cpu>) -> (!reg.reg<2x2x6x8xf32, cpu>, !reg.reg<2x2x6x8xf32, cpu>)
  %30, %31 = reg.VariadicSplit %f32_2x4x6x8, %28, %29 : (!reg.reg<2x4x6x8xf32, cpu>, !reg.reg<i64, cpu>, !reg.reg<2xi64, cpu>) -> (!reg.reg<2x2x6x8xf32, cpu>, !reg.reg<2x2x6x8xf32, cpu>)
  func.return
}
