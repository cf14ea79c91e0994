// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// A view is a reshape to the result's shape; of the same shape it is nothing.
// CHECK-LABEL: func.func @reshapes(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[3, 4]> : tensor<2xi64>}
// CHECK-NEXT:    %1 = reg.Reshape %x, %0 {special_zero = false}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<[1, 2, 6]> : tensor<3xi64>}
// CHECK-NEXT:    %3 = reg.Reshape %x, %2 {special_zero = false}
// CHECK-NEXT:    func.return %1, %3
func.func @reshapes(%x: tensor<2x6xf32>) -> (tensor<3x4xf32>, tensor<1x2x6xf32>) {
  %0 = aten.view %x {size = [-1, 4]} : (tensor<2x6xf32>) -> tensor<3x4xf32>
  %1 = aten.unsqueeze %x {dim = 0} : (tensor<2x6xf32>) -> tensor<1x2x6xf32>
  func.return %0, %1 : tensor<3x4xf32>, tensor<1x2x6xf32>
}

// CHECK-LABEL: func.func @idle(
// CHECK-NEXT:    func.return %x
func.func @idle(%x: tensor<2x6xf32>) -> tensor<2x6xf32> {
  %0 = aten.view %x {size = [2, -1]} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %1 = aten.expand %0 {size = [-1, 6]} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %2 = aten.slice.Tensor %1 {dim = 1, start = 0, end = 9223372036854775807} : (tensor<2x6xf32>) -> tensor<2x6xf32>
  %3 = aten.contiguous %2 : (tensor<2x6xf32>) -> tensor<2x6xf32>
  func.return %3 : tensor<2x6xf32>
}

// CHECK-LABEL: func.func @orders(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[0, 2, 1]> : tensor<3xi64>}
// CHECK-NEXT:    %1 = reg.Transpose %x, %0 :
// CHECK-NEXT:    %2 = reg.Constant {value = dense<[2, 0, 1]> : tensor<3xi64>}
// CHECK-NEXT:    %3 = reg.Transpose %x, %2 :
// CHECK-NEXT:    func.return %1, %3
func.func @orders(%x: tensor<2x3x4xf32>) -> (tensor<2x4x3xf32>, tensor<4x2x3xf32>) {
  %0 = aten.transpose.int %x {dim0 = -1, dim1 = 1} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %1 = aten.permute %x {dims = [2, 0, -2]} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  func.return %0, %1 : tensor<2x4x3xf32>, tensor<4x2x3xf32>
}

// CHECK-LABEL: func.func @parts(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<5> : tensor<1xi64>}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %3 = reg.Slice %x, %0, %1, %0, axes = %2 :
// CHECK-NEXT:    %4 = reg.Constant {value = dense<1> : tensor<i64>}
// CHECK-NEXT:    %5 = reg.Constant {value = dense<0> : tensor<i64>}
// CHECK-NEXT:    %6 = reg.Gather %x, %4, %5 :
// CHECK-NEXT:    %7, %8 = reg.Split %x, %4 {num_splits = 2}
// CHECK-NEXT:    func.return %3, %6, %7
func.func @parts(%x: tensor<2x6xf32>) -> (tensor<2x2xf32>, tensor<6xf32>, tensor<2x3xf32>) {
  %0 = aten.slice.Tensor %x {dim = 1, start = -4, end = -1, step = 2} : (tensor<2x6xf32>) -> tensor<2x2xf32>
  %1 = aten.select.int %x {dim = 0, index = -1} : (tensor<2x6xf32>) -> tensor<6xf32>
  %2, %3 = aten.chunk %x {chunks = 2, dim = 1} : (tensor<2x6xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>)
  func.return %0, %1, %2 : tensor<2x2xf32>, tensor<6xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @uneven(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<i64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<[3, 2]> : tensor<2xi64>}
// CHECK-NEXT:    %2, %3 = reg.VariadicSplit %x, %0, %1 :
// CHECK-NEXT:    func.return %2, %3
func.func @uneven(%x: tensor<2x5xf32>) -> (tensor<2x3xf32>, tensor<2x2xf32>) {
  %0, %1 = aten.split.Tensor %x {split_size = 3, dim = 1} : (tensor<2x5xf32>) -> (tensor<2x3xf32>, tensor<2x2xf32>)
  func.return %0, %1 : tensor<2x3xf32>, tensor<2x2xf32>
}

// The parts meet in their common type.
// CHECK-LABEL: func.func @cat(
// CHECK-NEXT:    %0 = reg.Convert %i {destination_type = f32}
// CHECK-NEXT:    %1 = reg.Concat [%x, %0] {axis = 1}
// CHECK-NEXT:    func.return %1
func.func @cat(%x: tensor<2x3xf32>, %i: tensor<2x1xi64>) -> tensor<2x4xf32> {
  %0 = aten.cat [%x, %i] {dim = -1} : (tensor<2x3xf32>, tensor<2x1xi64>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @pad(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<1> : tensor<1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<3> : tensor<1xi64>}
// CHECK-NEXT:    %2 = reg.Slice %x, %0, %1, %0, axes = %0 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<1.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Constant {value = dense<0> : tensor<2xi64>}
// CHECK-NEXT:    %5 = reg.Constant {value = dense<[0, 2]> : tensor<2xi64>}
// CHECK-NEXT:    %6 = reg.Pad %2, %4, %5, arg_pad_value = %3 {pad_mode = "constant"}
// CHECK-NEXT:    func.return %6
func.func @pad(%x: tensor<2x3xf32>) -> tensor<2x4xf32> {
  %0 = aten.constant_pad_nd %x {pad = [-1, 2], value = 1.0} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// A triangle compares two short constants, whatever its size.
// CHECK-LABEL: func.func @tril(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<{{\[\[}}0], [1], [2{{\]\]}}> : tensor<3x1xi64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<{{\[\[}}-1, 0, 1{{\]\]}}> : tensor<1x3xi64>}
// CHECK-NEXT:    %2 = reg.LessEqual %1, %0 :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<0.000000e+00> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Select %2, %x, %3 :
// CHECK-NEXT:    func.return %4
func.func @tril(%x: tensor<3x3xf32>) -> tensor<3x3xf32> {
  %0 = aten.tril %x {diagonal = 1} : (tensor<3x3xf32>) -> tensor<3x3xf32>
  func.return %0 : tensor<3x3xf32>
}

// CHECK-LABEL: func.func @creation(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<2> : tensor<i64>}
// CHECK-NEXT:    %1 = reg.Constant {value = dense<7> : tensor<i64>}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<1> : tensor<i64>}
// CHECK-NEXT:    %3 = reg.Range %0, %1, %2 {output_type = i64}
// CHECK-NEXT:    %4 = reg.Constant {value = dense<1.500000e+00> : tensor<f32>}
// CHECK-NEXT:    %5 = reg.Constant {value = dense<[2, 3]> : tensor<2xi64>}
// CHECK-NEXT:    %6 = reg.Broadcast %4, %5 :
// CHECK-NEXT:    %7 = reg.Constant {value = dense<[0.000000e+00, 1.000000e+00, 2.000000e+00]> : tensor<3xf32>}
// CHECK-NEXT:    func.return %3, %6, %7
func.func @creation() -> (tensor<5xi64>, tensor<2x3xf32>, tensor<3xf32>) {
  %0 = aten.arange.start {start = 2, end = 7} : () -> tensor<5xi64>
  %1 = aten.full {size = [2, 3], fill_value = 1.5} : () -> tensor<2x3xf32>
  %2 = aten.arange {end = 3, dtype = f32} : () -> tensor<3xf32>
  func.return %0, %1, %2 : tensor<5xi64>, tensor<2x3xf32>, tensor<3xf32>
}

// A slice without elements is nothing to compute; what it is a part of goes on without it.
// CHECK-LABEL: func.func @empty_slice(
// CHECK-NOT:     reg.Slice
// CHECK:         func.return %x
func.func @empty_slice(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = aten.slice.Tensor %x {dim = 1, start = 3} : (tensor<2x3xf32>) -> tensor<2x0xf32>
  %1 = aten.cat [%x, %0] {dim = 1} : (tensor<2x3xf32>, tensor<2x0xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}
