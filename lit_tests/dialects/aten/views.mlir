// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s

// Views: every operator, as it is printed and read back.

// CHECK-LABEL: func.func @views
func.func @views(
    %bf16_3x4x3: tensor<3x4x3xbf16>,
    %c64_3x1x6: tensor<3x1x6xcomplex<f32>>,
    %f32_1x6: tensor<1x6xf32>,
    %f32_1x6x1: tensor<1x6x1xf32>,
    %f32_1x6x6x1: tensor<1x6x6x1xf32>,
    %f32_1x8x1: tensor<1x8x1xf32>,
    %f32_2x1x4x4: tensor<2x1x4x4xf32>,
    %f32_2x6x2: tensor<2x6x2xf32>,
    %f32_3x3x1x6: tensor<3x3x1x6xf32>,
    %f32_4x2: tensor<4x2xf32>,
    %f32_4x2x1x1: tensor<4x2x1x1xf32>,
    %f32_4x2x2x6: tensor<4x2x2x6xf32>,
    %f32_4x4: tensor<4x4xf32>,
    %f32_6x1: tensor<6x1xf32>,
    %f32_6x1x2: tensor<6x1x2xf32>,
    %f32_6x1x3: tensor<6x1x3xf32>,
    %f32_6x2: tensor<6x2xf32>,
    %f32_6x3x1x1: tensor<6x3x1x1xf32>,
    %i16_4x3x6x3: tensor<4x3x6x3xi16>,
    %i1_2x1x1x6: tensor<2x1x1x6xi1>,
    %i1_4x4: tensor<4x4xi1>,
    %i32_3x2x3x2: tensor<3x2x3x2xi32>,
    %i32_3x3x2x3: tensor<3x3x2x3xi32>,
    %i32_6x1x9: tensor<6x1x9xi32>,
    %i32_6x4x4x1: tensor<6x4x4x1xi32>,
    %i64_1x2x2: tensor<1x2x2xi64>,
    %i64_1x4x6: tensor<1x4x6xi64>,
    %i64_3x1x1x3: tensor<3x1x1x3xi64>,
    %i64_3x3: tensor<3x3xi64>,
    %i64_3x3x3: tensor<3x3x3xi64>,
    %i64_3x4x3: tensor<3x4x3xi64>,
    %i64_4x4x2x6: tensor<4x4x2x6xi64>,
    %i64_6x4: tensor<6x4xi64>) {
  // CHECK-NEXT: %{{.*}} = aten._unsafe_view %{{.*}} {size = [2, 8]} : (tensor<4x4xf32>) -> tensor<2x8xf32>
  %0 = aten._unsafe_view %f32_4x4 {size = [2, 8]} : (tensor<4x4xf32>) -> tensor<2x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.adjoint %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x3x1xf32>
  %1 = aten.adjoint %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x3x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.alias %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  %2 = aten.alias %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten.broadcast_tensors [%{{.*}}, %{{.*}}, %{{.*}}] : (tensor<3x4x3xi64>, tensor<3x4x3xbf16>, tensor<3x4x3xi64>) -> (tensor<3x4x3xi64>, tensor<3x4x3xbf16>, tensor<3x4x3xi64>)
  %3, %4, %5 = aten.broadcast_tensors [%i64_3x4x3, %bf16_3x4x3, %i64_3x4x3] : (tensor<3x4x3xi64>, tensor<3x4x3xbf16>, tensor<3x4x3xi64>) -> (tensor<3x4x3xi64>, tensor<3x4x3xbf16>, tensor<3x4x3xi64>)
  // CHECK-NEXT: %{{.*}} = aten.broadcast_to %{{.*}} {size = [2, 4, 6]} : (tensor<1x4x6xi64>) -> tensor<2x4x6xi64>
  %6 = aten.broadcast_to %i64_1x4x6 {size = [2, 4, 6]} : (tensor<1x4x6xi64>) -> tensor<2x4x6xi64>
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} = aten.chunk %{{.*}} {chunks = 5} : (tensor<4x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>)
  %7, %8, %9, %10 = aten.chunk %f32_4x2 {chunks = 5} : (tensor<4x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xf32>)
  // CHECK-NEXT: %{{.*}} = aten.contiguous %{{.*}} : (tensor<1x6xf32>) -> tensor<1x6xf32>
  %11 = aten.contiguous %f32_1x6 : (tensor<1x6xf32>) -> tensor<1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.detach %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  %12 = aten.detach %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.diagonal %{{.*}} {offset = -1, dim2 = -1} : (tensor<3x3xi64>) -> tensor<2xi64>
  %13 = aten.diagonal %i64_3x3 {offset = -1, dim2 = -1} : (tensor<3x3xi64>) -> tensor<2xi64>
  // CHECK-NEXT: %{{.*}} = aten.expand %{{.*}} {size = [2, -1, 16]} : (tensor<1x8x1xf32>) -> tensor<2x8x16xf32>
  %14 = aten.expand %f32_1x8x1 {size = [2, -1, 16]} : (tensor<1x8x1xf32>) -> tensor<2x8x16xf32>
  // CHECK-NEXT: %{{.*}} = aten.expand_as %{{.*}}, %{{.*}} : (tensor<1x6x1xf32>, tensor<2x6x2xf32>) -> tensor<2x6x2xf32>
  %15 = aten.expand_as %f32_1x6x1, %f32_2x6x2 : (tensor<1x6x1xf32>, tensor<2x6x2xf32>) -> tensor<2x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.flatten.using_ints %{{.*}} {start_dim = -2} : (tensor<6x4x4x1xi32>) -> tensor<6x4x4xi32>
  %16 = aten.flatten.using_ints %i32_6x4x4x1 {start_dim = -2} : (tensor<6x4x4x1xi32>) -> tensor<6x4x4xi32>
  // CHECK-NEXT: %{{.*}} = aten.lift_fresh %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  %17 = aten.lift_fresh %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.lift_fresh_copy %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  %18 = aten.lift_fresh_copy %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.mT %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x3x1xf32>
  %19 = aten.mT %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x3x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.movedim.int %{{.*}} {source = -1, destination = -3} : (tensor<6x1x3xf32>) -> tensor<3x6x1xf32>
  %20 = aten.movedim.int %f32_6x1x3 {source = -1, destination = -3} : (tensor<6x1x3xf32>) -> tensor<3x6x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.movedim.intlist %{{.*}} {source = [2, 0, -2], destination = [0, 1, 2]} : (tensor<1x2x2xi64>) -> tensor<2x1x2xi64>
  %21 = aten.movedim.intlist %i64_1x2x2 {source = [2, 0, -2], destination = [0, 1, 2]} : (tensor<1x2x2xi64>) -> tensor<2x1x2xi64>
  // CHECK-NEXT: %{{.*}} = aten.narrow %{{.*}} {dim = 0, start = 0, length = 2} : (tensor<4x2x2x6xf32>) -> tensor<2x2x2x6xf32>
  %22 = aten.narrow %f32_4x2x2x6 {dim = 0, start = 0, length = 2} : (tensor<4x2x2x6xf32>) -> tensor<2x2x2x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.numpy_T %{{.*}} : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  %23 = aten.numpy_T %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.permute %{{.*}} {dims = [-1, 2, -3, 0]} : (tensor<2x1x4x4xf32>) -> tensor<4x4x1x2xf32>
  %24 = aten.permute %f32_2x1x4x4 {dims = [-1, 2, -3, 0]} : (tensor<2x1x4x4xf32>) -> tensor<4x4x1x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.ravel %{{.*}} : (tensor<6x1x3xf32>) -> tensor<18xf32>
  %25 = aten.ravel %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<18xf32>
  // CHECK-NEXT: %{{.*}} = aten.reshape %{{.*}} {shape = [2, 8]} : (tensor<4x4xf32>) -> tensor<2x8xf32>
  %26 = aten.reshape %f32_4x4 {shape = [2, 8]} : (tensor<4x4xf32>) -> tensor<2x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.resolve_conj %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  %27 = aten.resolve_conj %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.resolve_neg %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  %28 = aten.resolve_neg %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x1x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.select.int %{{.*}} {dim = 0, index = 1} : (tensor<6x3x1x1xf32>) -> tensor<3x1x1xf32>
  %29 = aten.select.int %f32_6x3x1x1 {dim = 0, index = 1} : (tensor<6x3x1x1xf32>) -> tensor<3x1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.slice.Tensor %{{.*}} {dim = -2, end = 1, step = 6} : (tensor<6x4xi64>) -> tensor<1x4xi64>
  %30 = aten.slice.Tensor %i64_6x4 {dim = -2, end = 1, step = 6} : (tensor<6x4xi64>) -> tensor<1x4xi64>
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten.split.Tensor %{{.*}} {split_size = 1} : (tensor<3x2x3x2xi32>) -> (tensor<1x2x3x2xi32>, tensor<1x2x3x2xi32>, tensor<1x2x3x2xi32>)
  %31, %32, %33 = aten.split.Tensor %i32_3x2x3x2 {split_size = 1} : (tensor<3x2x3x2xi32>) -> (tensor<1x2x3x2xi32>, tensor<1x2x3x2xi32>, tensor<1x2x3x2xi32>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.split.sizes %{{.*}} {split_size = [2, 2], dim = -1} : (tensor<4x4xi1>) -> (tensor<4x2xi1>, tensor<4x2xi1>)
  %34, %35 = aten.split.sizes %i1_4x4 {split_size = [2, 2], dim = -1} : (tensor<4x4xi1>) -> (tensor<4x2xi1>, tensor<4x2xi1>)
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.split_with_sizes %{{.*}} {split_sizes = [2, 2], dim = -1} : (tensor<4x4xi1>) -> (tensor<4x2xi1>, tensor<4x2xi1>)
  %36, %37 = aten.split_with_sizes %i1_4x4 {split_sizes = [2, 2], dim = -1} : (tensor<4x4xi1>) -> (tensor<4x2xi1>, tensor<4x2xi1>)
  // CHECK-NEXT: %{{.*}} = aten.squeeze %{{.*}} : (tensor<6x1x3xf32>) -> tensor<6x3xf32>
  %38 = aten.squeeze %f32_6x1x3 : (tensor<6x1x3xf32>) -> tensor<6x3xf32>
  // CHECK-NEXT: %{{.*}} = aten.squeeze.dim %{{.*}} {dim = 1} : (tensor<3x1x1x3xi64>) -> tensor<3x1x3xi64>
  %39 = aten.squeeze.dim %i64_3x1x1x3 {dim = 1} : (tensor<3x1x1x3xi64>) -> tensor<3x1x3xi64>
  // CHECK-NEXT: %{{.*}} = aten.squeeze.dims %{{.*}} {dim = [0, 2, -3, -1]} : (tensor<1x6x6x1xf32>) -> tensor<6x6xf32>
  %40 = aten.squeeze.dims %f32_1x6x6x1 {dim = [0, 2, -3, -1]} : (tensor<1x6x6x1xf32>) -> tensor<6x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.swapaxes %{{.*}} {axis0 = -1, axis1 = -3} : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  %41 = aten.swapaxes %f32_6x1x3 {axis0 = -1, axis1 = -3} : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.swapdims %{{.*}} {dim0 = -1, dim1 = -3} : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  %42 = aten.swapdims %f32_6x1x3 {dim0 = -1, dim1 = -3} : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  // CHECK-NEXT: %{{.*}} = aten.t %{{.*}} : (tensor<6x1xf32>) -> tensor<1x6xf32>
  %43 = aten.t %f32_6x1 : (tensor<6x1xf32>) -> tensor<1x6xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.tensor_split.indices %{{.*}} {indices = [3], dim = 3} : (tensor<2x1x1x6xi1>) -> (tensor<2x1x1x3xi1>, tensor<2x1x1x3xi1>)
  %44, %45 = aten.tensor_split.indices %i1_2x1x1x6 {indices = [3], dim = 3} : (tensor<2x1x1x6xi1>) -> (tensor<2x1x1x3xi1>, tensor<2x1x1x3xi1>)
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten.tensor_split.sections %{{.*}} {sections = 3, dim = 3} : (tensor<4x3x6x3xi16>) -> (tensor<4x3x6x1xi16>, tensor<4x3x6x1xi16>, tensor<4x3x6x1xi16>)
  %46, %47, %48 = aten.tensor_split.sections %i16_4x3x6x3 {sections = 3, dim = 3} : (tensor<4x3x6x3xi16>) -> (tensor<4x3x6x1xi16>, tensor<4x3x6x1xi16>, tensor<4x3x6x1xi16>)
  // CHECK-NEXT: %{{.*}} = aten.transpose.int %{{.*}} {dim0 = -1, dim1 = -3} : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  %49 = aten.transpose.int %f32_6x1x3 {dim0 = -1, dim1 = -3} : (tensor<6x1x3xf32>) -> tensor<3x1x6xf32>
  // CHECK-NEXT: %{{.*}}, %{{.*}}, %{{.*}} = aten.unbind.int %{{.*}} : (tensor<3x3x1x6xf32>) -> (tensor<3x1x6xf32>, tensor<3x1x6xf32>, tensor<3x1x6xf32>)
  %50, %51, %52 = aten.unbind.int %f32_3x3x1x6 : (tensor<3x3x1x6xf32>) -> (tensor<3x1x6xf32>, tensor<3x1x6xf32>, tensor<3x1x6xf32>)
  // CHECK-NEXT: %{{.*}} = aten.unflatten.int %{{.*}} {dim = 3, sizes = [1, 1]} : (tensor<4x2x1x1xf32>) -> tensor<4x2x1x1x1xf32>
  %53 = aten.unflatten.int %f32_4x2x1x1 {dim = 3, sizes = [1, 1]} : (tensor<4x2x1x1xf32>) -> tensor<4x2x1x1x1xf32>
  // CHECK-NEXT: %{{.*}} = aten.unfold %{{.*}} {dimension = 1, size = 1, step = 1} : (tensor<3x3x3xi64>) -> tensor<3x3x3x1xi64>
  %54 = aten.unfold %i64_3x3x3 {dimension = 1, size = 1, step = 1} : (tensor<3x3x3xi64>) -> tensor<3x3x3x1xi64>
  // CHECK-NEXT: %{{.*}} = aten.unsqueeze %{{.*}} {dim = 0} : (tensor<6x2xf32>) -> tensor<1x6x2xf32>
  %55 = aten.unsqueeze %f32_6x2 {dim = 0} : (tensor<6x2xf32>) -> tensor<1x6x2xf32>
  // CHECK-NEXT: %{{.*}} = aten.view %{{.*}} {size = [2, 8]} : (tensor<4x4xf32>) -> tensor<2x8xf32>
  %56 = aten.view %f32_4x4 {size = [2, 8]} : (tensor<4x4xf32>) -> tensor<2x8xf32>
  // CHECK-NEXT: %{{.*}} = aten.view.dtype %{{.*}} {dtype = f32} : (tensor<4x4x2x6xi64>) -> tensor<4x4x2x12xf32>
  %57 = aten.view.dtype %i64_4x4x2x6 {dtype = f32} : (tensor<4x4x2x6xi64>) -> tensor<4x4x2x12xf32>
  // CHECK-NEXT: %{{.*}} = aten.view_as %{{.*}}, %{{.*}} : (tensor<3x3x2x3xi32>, tensor<6x1x9xi32>) -> tensor<6x1x9xi32>
  %58 = aten.view_as %i32_3x3x2x3, %i32_6x1x9 : (tensor<3x3x2x3xi32>, tensor<6x1x9xi32>) -> tensor<6x1x9xi32>
  // CHECK-NEXT: %{{.*}} = aten.view_as_complex %{{.*}} : (tensor<6x1x2xf32>) -> tensor<6x1xcomplex<f32>>
  %59 = aten.view_as_complex %f32_6x1x2 : (tensor<6x1x2xf32>) -> tensor<6x1xcomplex<f32>>
  // CHECK-NEXT: %{{.*}} = aten.view_as_real %{{.*}} : (tensor<3x1x6xcomplex<f32>>) -> tensor<3x1x6x2xf32>
  %60 = aten.view_as_real %c64_3x1x6 : (tensor<3x1x6xcomplex<f32>>) -> tensor<3x1x6x2xf32>
  // CHECK-NEXT: func.return
  func.return
}
