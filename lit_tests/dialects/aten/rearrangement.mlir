// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Copies, conversions and rearrangements: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @rearrangement
func.func @rearrangement(
    %bf16_1x6: tensor<1x6xbf16>,
    %bf16_4x6: tensor<4x6xbf16>,
    %f32_1x1: tensor<1x1xf32>,
    %f32_1x4x6x6: tensor<1x4x6x6xf32>,
    %f32_1x6: tensor<1x6xf32>,
    %f32_2: tensor<2xf32>,
    %f32_2x1: tensor<2x1xf32>,
    %f32_2x2: tensor<2x2xf32>,
    %f32_2x3: tensor<2x3xf32>,
    %f32_2x3x2x2: tensor<2x3x2x2xf32>,
    %f32_3x1: tensor<3x1xf32>,
    %f32_3x2x4x6: tensor<3x2x4x6xf32>,
    %f32_3x3x6x6: tensor<3x3x6x6xf32>,
    %f32_4: tensor<4xf32>,
    %f32_4x1x2: tensor<4x1x2xf32>,
    %f32_4x2: tensor<4x2xf32>,
    %f32_4x2x2: tensor<4x2x2xf32>,
    %f32_4x2x6x2: tensor<4x2x6x2xf32>,
    %f32_6: tensor<6xf32>,
    %f32_6x2x3: tensor<6x2x3xf32>,
    %f32_8x2x4: tensor<8x2x4xf32>,
    %i1_1: tensor<1xi1>,
    %i1_2x2: tensor<2x2xi1>,
    %i1_3x6x1: tensor<3x6x1xi1>,
    %i1_6x6: tensor<6x6xi1>,
    %i1_6x6x4x3: tensor<6x6x4x3xi1>,
    %i32_1x1x2x4: tensor<1x1x2x4xi32>,
    %i32_1x6x2x4: tensor<1x6x2x4xi32>,
    %i32_2x2x1: tensor<2x2x1xi32>,
    %i64_1x3x6x2: tensor<1x3x6x2xi64>,
    %i64_2x1x5x7: tensor<2x1x5x7xi64>,
    %i64_6x2x1: tensor<6x2x1xi64>,
    %i64_6x6: tensor<6x6xi64>) {
  // CHECK-NEXT: %{{.*}} = aten._to_copy %{{.*}} {dtype = f32, memory_format = "preserve_format"} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %0 = aten._to_copy %f32_2x2 {dtype = f32, memory_format = "preserve_format"} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.cat [%{{.*}}, %{{.*}}] : (tensor<4x2x2xf32>, tensor<4x2x2xf32>) -> tensor<8x2x2xf32>
  %1 = aten.cat [%f32_4x2x2, %f32_4x2x2] : (tensor<4x2x2xf32>, tensor<4x2x2xf32>) -> tensor<8x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.channel_shuffle %{{.*}} {groups = 1} : (tensor<6x6x4x3xi1>) -> tensor<6x6x4x3xi1>
  %2 = aten.channel_shuffle %i1_6x6x4x3 {groups = 1} : (tensor<6x6x4x3xi1>) -> tensor<6x6x4x3xi1>
  // CHECK-NEXT: %{{.*}} = aten.clone %{{.*}} : (tensor<1x6xf32>) -> tensor<1x6xf32>
  %3 = aten.clone %f32_1x6 : (tensor<1x6xf32>) -> tensor<1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.column_stack [%{{.*}}, %{{.*}}, %{{.*}}] : (tensor<4x6xbf16>, tensor<4x6xbf16>, tensor<4x6xbf16>) -> tensor<4x18xbf16>
  %4 = aten.column_stack [%bf16_4x6, %bf16_4x6, %bf16_4x6] : (tensor<4x6xbf16>, tensor<4x6xbf16>, tensor<4x6xbf16>) -> tensor<4x18xbf16>
  // CHECK-NEXT: %{{.*}} = aten.concat [%{{.*}}, %{{.*}}] : (tensor<4x2x2xf32>, tensor<4x2x2xf32>) -> tensor<8x2x2xf32>
  %5 = aten.concat [%f32_4x2x2, %f32_4x2x2] : (tensor<4x2x2xf32>, tensor<4x2x2xf32>) -> tensor<8x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.constant_pad_nd %{{.*}} {pad = [-1, 2], value = 1} : (tensor<6x6xi64>) -> tensor<6x7xi64>
  %6 = aten.constant_pad_nd %i64_6x6 {pad = [-1, 2], value = 1} : (tensor<6x6xi64>) -> tensor<6x7xi64>
  // CHECK-NEXT: %{{.*}} = aten.copy %{{.*}}, %{{.*}} : (tensor<2x2xf32>, tensor<2x2xi1>) -> tensor<2x2xf32>
  %7 = aten.copy %f32_2x2, %i1_2x2 : (tensor<2x2xf32>, tensor<2x2xi1>) -> tensor<2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.diag %{{.*}} {diagonal = -2} : (tensor<2xf32>) -> tensor<4x4xf32>
  %8 = aten.diag %f32_2 {diagonal = -2} : (tensor<2xf32>) -> tensor<4x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.diag_embed %{{.*}} {dim1 = 0} : (tensor<1xi1>) -> tensor<1x1xi1>
  %9 = aten.diag_embed %i1_1 {dim1 = 0} : (tensor<1xi1>) -> tensor<1x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.flip %{{.*}} {dims = [0, 2, -3]} : (tensor<2x3x2x2xf32>) -> tensor<2x3x2x2xf32>
  %10 = aten.flip %f32_2x3x2x2 {dims = [0, 2, -3]} : (tensor<2x3x2x2xf32>) -> tensor<2x3x2x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.hstack [%{{.*}}, %{{.*}}, %{{.*}}] : (tensor<4x6xbf16>, tensor<4x6xbf16>, tensor<4x6xbf16>) -> tensor<4x18xbf16>
  %11 = aten.hstack [%bf16_4x6, %bf16_4x6, %bf16_4x6] : (tensor<4x6xbf16>, tensor<4x6xbf16>, tensor<4x6xbf16>) -> tensor<4x18xbf16>
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten.meshgrid [%{{.*}}, %{{.*}}, %{{.*}}] : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<2x2x2xf32>, tensor<2x2x2xf32>, tensor<2x2x2xf32>)
  %12, %13, %14 = aten.meshgrid [%f32_2, %f32_2, %f32_2] : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<2x2x2xf32>, tensor<2x2x2xf32>, tensor<2x2x2xf32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.meshgrid.indexing [%{{.*}}, %{{.*}}] {indexing = "xy"} : (tensor<6xf32>, tensor<4xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>)
  %15, %16 = aten.meshgrid.indexing [%f32_6, %f32_4] {indexing = "xy"} : (tensor<6xf32>, tensor<4xf32>) -> (tensor<4x6xf32>, tensor<4x6xf32>)
  // CHECK-NEXT: %{{.*}} = aten.pad %{{.*}} {pad = [-1, 3, 3, 0], mode = "circular"} : (tensor<1x4x6x6xf32>) -> tensor<1x4x9x8xf32>
  %17 = aten.pad %f32_1x4x6x6 {pad = [-1, 3, 3, 0], mode = "circular"} : (tensor<1x4x6x6xf32>) -> tensor<1x4x9x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.pixel_shuffle %{{.*}} {upscale_factor = 2} : (tensor<8x2x4xf32>) -> tensor<2x4x8xf32>
  %18 = aten.pixel_shuffle %f32_8x2x4 {upscale_factor = 2} : (tensor<8x2x4xf32>) -> tensor<2x4x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.pixel_unshuffle %{{.*}} {downscale_factor = 2} : (tensor<3x3x6x6xf32>) -> tensor<3x12x3x3xf32>
  %19 = aten.pixel_unshuffle %f32_3x3x6x6 {downscale_factor = 2} : (tensor<3x3x6x6xf32>) -> tensor<3x12x3x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.reflection_pad1d %{{.*}} {padding = [1, 3]} : (tensor<1x6xf32>) -> tensor<1x10xf32>
  %20 = aten.reflection_pad1d %f32_1x6 {padding = [1, 3]} : (tensor<1x6xf32>) -> tensor<1x10xf32>
  // CHECK-NEXT: %{{.*}} = aten.reflection_pad2d %{{.*}} {padding = [3, 3, 0, 0]} : (tensor<3x2x4x6xf32>) -> tensor<3x2x4x12xf32>
  %21 = aten.reflection_pad2d %f32_3x2x4x6 {padding = [3, 3, 0, 0]} : (tensor<3x2x4x6xf32>) -> tensor<3x2x4x12xf32>
  // CHECK-NEXT: %{{.*}} = aten.reflection_pad3d %{{.*}} {padding = [3, 2, 2, -1, 0, 0]} : (tensor<2x1x5x7xi64>) -> tensor<2x1x6x12xi64>
  %22 = aten.reflection_pad3d %i64_2x1x5x7 {padding = [3, 2, 2, -1, 0, 0]} : (tensor<2x1x5x7xi64>) -> tensor<2x1x6x12xi64>
  // CHECK-NEXT: %{{.*}} = aten.repeat %{{.*}} {repeats = [3, 1, 2, 2]} : (tensor<3x6x1xi1>) -> tensor<3x3x12x2xi1>
  %23 = aten.repeat %i1_3x6x1 {repeats = [3, 1, 2, 2]} : (tensor<3x6x1xi1>) -> tensor<3x3x12x2xi1>
  // CHECK-NEXT: %{{.*}} = aten.repeat_interleave.self_int %{{.*}} {repeats = 5, dim = 1} : (tensor<4x2xf32>) -> tensor<4x10xf32>
  %24 = aten.repeat_interleave.self_int %f32_4x2 {repeats = 5, dim = 1} : (tensor<4x2xf32>) -> tensor<4x10xf32>
  // CHECK-NEXT: %{{.*}} = aten.replication_pad1d %{{.*}} {padding = [2, -1]} : (tensor<3x1xf32>) -> tensor<3x2xf32>
  %25 = aten.replication_pad1d %f32_3x1 {padding = [2, -1]} : (tensor<3x1xf32>) -> tensor<3x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.replication_pad2d %{{.*}} {padding = [3, 3, 0, 0]} : (tensor<3x2x4x6xf32>) -> tensor<3x2x4x12xf32>
  %26 = aten.replication_pad2d %f32_3x2x4x6 {padding = [3, 3, 0, 0]} : (tensor<3x2x4x6xf32>) -> tensor<3x2x4x12xf32>
  // CHECK-NEXT: %{{.*}} = aten.replication_pad3d %{{.*}} {padding = [2, 0, 3, 1, 2, 2]} : (tensor<1x3x6x2xi64>) -> tensor<1x7x10x4xi64>
  %27 = aten.replication_pad3d %i64_1x3x6x2 {padding = [2, 0, 3, 1, 2, 2]} : (tensor<1x3x6x2xi64>) -> tensor<1x7x10x4xi64>
  // CHECK-NEXT: %{{.*}} = aten.roll %{{.*}} {shifts = [0]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %28 = aten.roll %f32_2x3 {shifts = [0]} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.rot90 %{{.*}} : (tensor<6x2x3xf32>) -> tensor<2x6x3xf32>
  %29 = aten.rot90 %f32_6x2x3 : (tensor<6x2x3xf32>) -> tensor<2x6x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.stack [%{{.*}}, %{{.*}}, %{{.*}}] {dim = -1} : (tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>) -> tensor<6x6x3xi1>
  %30 = aten.stack [%i1_6x6, %i1_6x6, %i1_6x6] {dim = -1} : (tensor<6x6xi1>, tensor<6x6xi1>, tensor<6x6xi1>) -> tensor<6x6x3xi1>
  // CHECK-NEXT: %{{.*}} = aten.tile %{{.*}} {dims = [3, 2]} : (tensor<4x1x2xf32>) -> tensor<4x3x4xf32>
  %31 = aten.tile %f32_4x1x2 {dims = [3, 2]} : (tensor<4x1x2xf32>) -> tensor<4x3x4xf32>
  // CHECK-NEXT: %{{.*}} = aten.to.device %{{.*}} {dtype = i1} : (tensor<2x1xf32>) -> tensor<2x1xi1>
  %32 = aten.to.device %f32_2x1 {dtype = i1} : (tensor<2x1xf32>) -> tensor<2x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.to.dtype %{{.*}} {dtype = i1} : (tensor<2x1xf32>) -> tensor<2x1xi1>
  %33 = aten.to.dtype %f32_2x1 {dtype = i1} : (tensor<2x1xf32>) -> tensor<2x1xi1>
  // CHECK-NEXT: %{{.*}} = aten.to.dtype_layout %{{.*}} {dtype = f32, memory_format = "preserve_format"} : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %34 = aten.to.dtype_layout %f32_1x1 {dtype = f32, memory_format = "preserve_format"} : (tensor<1x1xf32>) -> tensor<1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.to.other %{{.*}}, %{{.*}} {non_blocking = true, copy = true, memory_format = "preserve_format"} : (tensor<6x2x1xi64>, tensor<2x2x1xi32>) -> tensor<6x2x1xi32>
  %35 = aten.to.other %i64_6x2x1, %i32_2x2x1 {non_blocking = true, copy = true, memory_format = "preserve_format"} : (tensor<6x2x1xi64>, tensor<2x2x1xi32>) -> tensor<6x2x1xi32>
  // CHECK-NEXT: %{{.*}} = aten.tril %{{.*}} {diagonal = -5} : (tensor<4x2x6x2xf32>) -> tensor<4x2x6x2xf32>
  %36 = aten.tril %f32_4x2x6x2 {diagonal = -5} : (tensor<4x2x6x2xf32>) -> tensor<4x2x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.triu %{{.*}} {diagonal = -5} : (tensor<4x2x6x2xf32>) -> tensor<4x2x6x2xf32>
  %37 = aten.triu %f32_4x2x6x2 {diagonal = -5} : (tensor<4x2x6x2xf32>) -> tensor<4x2x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.type_as %{{.*}}, %{{.*}} : (tensor<1x6x2x4xi32>, tensor<1x1x2x4xi32>) -> tensor<1x6x2x4xi32>
  %38 = aten.type_as %i32_1x6x2x4, %i32_1x1x2x4 : (tensor<1x6x2x4xi32>, tensor<1x1x2x4xi32>) -> tensor<1x6x2x4xi32>
  // CHECK-NEXT: %{{.*}} = aten.vstack [%{{.*}}, %{{.*}}, %{{.*}}] : (tensor<4x6xbf16>, tensor<1x6xbf16>, tensor<4x6xbf16>) -> tensor<9x6xbf16>
  %39 = aten.vstack [%bf16_4x6, %bf16_1x6, %bf16_4x6] : (tensor<4x6xbf16>, tensor<1x6xbf16>, tensor<4x6xbf16>) -> tensor<9x6xbf16>
  // CHECK-NEXT: func.return
  func.return
}
