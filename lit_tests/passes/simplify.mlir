// RUN: forge-opt %s -p simplify | filecheck %s

// What changes neither shape nor type is dropped.
// CHECK-LABEL: func.func @identities
// CHECK-NEXT:    func.return %x
func.func @identities(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = aten.alias %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %1 = aten.clone %0 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %2 = aten.contiguous %1 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %3 = aten.detach %2 : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %4 = aten.dropout %3 {p = 0.1, train = false} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %5 = aten.expand %4 {size = [1, -1]} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %6 = aten.slice.Tensor %5 {dim = 1, start = 0, end = 9223372036854775807} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %7 = aten.to.dtype %6 {dtype = f32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %8 = aten.to.dtype_layout %7 {dtype = f32} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %9 = aten.view %8 {size = [-1, 4]} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  func.return %9 : tensor<1x4xf32>
}

// What changes one of them stays.
// CHECK-LABEL: func.func @changes
// CHECK-NEXT:    aten.expand %x {size = [2, 4]}
// CHECK-NEXT:    aten.slice.Tensor %x {dim = 1, end = 2}
// CHECK-NEXT:    aten.to.dtype %x {dtype = f64}
// CHECK-NEXT:    aten.reshape %x {shape = [2, 2]}
// CHECK-NEXT:    func.return
func.func @changes(%x: tensor<1x4xf32>) {
  %0 = aten.expand %x {size = [2, 4]} : (tensor<1x4xf32>) -> tensor<2x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<1x4xf32>) -> tensor<1x2xf32>
  %2 = aten.to.dtype %x {dtype = f64} : (tensor<1x4xf32>) -> tensor<1x4xf64>
  %3 = aten.view %x {size = [2, 2]} : (tensor<1x4xf32>) -> tensor<2x2xf32>
  func.return
}

// A transposition of a square is no identity.
// CHECK-LABEL: func.func @square
// CHECK-NEXT:    aten.transpose.int %x
func.func @square(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = aten.transpose.int %x {dim0 = 0, dim1 = 1} : (tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %0 : tensor<4x4xf32>
}

// Adding zero to integers and multiplying by one do nothing.
// CHECK-LABEL: func.func @arithmetic
// CHECK-NEXT:    func.return %i, %x
func.func @arithmetic(%i: tensor<4xi64>, %x: tensor<4xf32>) -> (tensor<4xi64>, tensor<4xf32>) {
  %one = forge.constant dense<1.0> : tensor<f32>
  %0 = aten.add.Scalar %i {other = 0} : (tensor<4xi64>) -> tensor<4xi64>
  %1 = aten.mul.Scalar %x {other = 1.0} : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.mul.Tensor %one, %1 : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.div.Scalar %2 {other = 1} : (tensor<4xf32>) -> tensor<4xf32>
  func.return %0, %3 : tensor<4xi64>, tensor<4xf32>
}

// −0.0 + 0.0 is 0.0; the rest does something, too.
// CHECK-LABEL: func.func @arithmetic_that_counts
// CHECK-NEXT:    aten.add.Scalar %x {other = 0.0}
// CHECK-NEXT:    aten.add.Scalar %i {other = 1}
// CHECK-NEXT:    aten.mul.Scalar %x {other = 2.0}
// CHECK-NEXT:    aten.mul.Scalar %i {other = 1.0}
// CHECK-NEXT:    func.return
func.func @arithmetic_that_counts(%i: tensor<4xi64>, %x: tensor<4xf32>) {
  %0 = aten.add.Scalar %x {other = 0.0} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.add.Scalar %i {other = 1} : (tensor<4xi64>) -> tensor<4xi64>
  %2 = aten.mul.Scalar %x {other = 2.0} : (tensor<4xf32>) -> tensor<4xf32>
  %3 = aten.mul.Scalar %i {other = 1.0} : (tensor<4xi64>) -> tensor<4xf32>
  func.return
}

// A reshape of a reshape is one, and none at all if it leads back.
// CHECK-LABEL: func.func @reshapes
// CHECK-NEXT:    %0 = aten.reshape %x {shape = [4, 6]}
// CHECK-NEXT:    func.return %0, %x
func.func @reshapes(%x: tensor<2x3x4xf32>) -> (tensor<4x6xf32>, tensor<2x3x4xf32>) {
  %0 = aten.view %x {size = [6, 4]} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %1 = aten.reshape %0 {shape = [-1]} : (tensor<6x4xf32>) -> tensor<24xf32>
  %2 = aten.view %1 {size = [4, 6]} : (tensor<24xf32>) -> tensor<4x6xf32>
  %3 = aten.view %0 {size = [2, 3, 4]} : (tensor<6x4xf32>) -> tensor<2x3x4xf32>
  func.return %2, %3 : tensor<4x6xf32>, tensor<2x3x4xf32>
}

// A transposition between two reshapes keeps them apart.
// CHECK-LABEL: func.func @transposed
// CHECK-NEXT:    aten.reshape
// CHECK-NEXT:    aten.transpose.int
// CHECK-NEXT:    aten.reshape
func.func @transposed(%x: tensor<2x12xf32>) -> tensor<24xf32> {
  %0 = aten.view %x {size = [2, 3, 4]} : (tensor<2x12xf32>) -> tensor<2x3x4xf32>
  %1 = aten.transpose.int %0 {dim0 = 1, dim1 = 2} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %2 = aten.reshape %1 {shape = [24]} : (tensor<2x4x3xf32>) -> tensor<24xf32>
  func.return %2 : tensor<24xf32>
}

// Whatever lies in memory: a view of what was made contiguous is a reshape of what was not.
// CHECK-LABEL: func.func @contiguous
// CHECK-NEXT:    %0 = aten.transpose.int %x
// CHECK-NEXT:    %1 = aten.reshape %0 {shape = [24]}
// CHECK-NEXT:    func.return %1
func.func @contiguous(%x: tensor<4x6xf32>) -> tensor<24xf32> {
  %0 = aten.transpose.int %x {dim0 = 0, dim1 = 1} : (tensor<4x6xf32>) -> tensor<6x4xf32>
  %1 = aten.contiguous %0 : (tensor<6x4xf32>) -> tensor<6x4xf32>
  %2 = aten.view %1 {size = [-1]} : (tensor<6x4xf32>) -> tensor<24xf32>
  func.return %2 : tensor<24xf32>
}

// CHECK-LABEL: func.func @conversions
// CHECK-NEXT:    aten.to.dtype %x {dtype = f16}
// CHECK-NEXT:    aten.to.dtype %x {dtype = i1}
// CHECK-NEXT:    aten.to.dtype %x {dtype = i64}
// CHECK-NEXT:    aten.to.dtype %x {dtype = i64}
// CHECK-NEXT:    func.return
func.func @conversions(%x: tensor<4xf32>, %i: tensor<2xi64>) -> (tensor<4xf16>, tensor<4xi1>, tensor<4xi64>, tensor<4xi64>) {
  %0 = aten._to_copy %x {dtype = f16} : (tensor<4xf32>) -> tensor<4xf16>
  %1 = aten.to.device %x {dtype = i1} : (tensor<4xf32>) -> tensor<4xi1>
  %2 = aten.to.other %x, %i : (tensor<4xf32>, tensor<2xi64>) -> tensor<4xi64>
  %3 = aten.type_as %x, %i : (tensor<4xf32>, tensor<2xi64>) -> tensor<4xi64>
  func.return %0, %1, %2, %3 : tensor<4xf16>, tensor<4xi1>, tensor<4xi64>, tensor<4xi64>
}

// What has no elements adds nothing, even where it has no place.
// CHECK-LABEL: func.func @empty_parts
// CHECK-NEXT:    %0 = aten.cat [%x, %y] {dim = -1}
// CHECK-NEXT:    func.return %0, %x
func.func @empty_parts(%x: tensor<2x3xf32>, %y: tensor<2x1xf32>, %none: tensor<2x0xf32>, %nothing: tensor<0xf32>) -> (tensor<2x4xf32>, tensor<2x3xf32>) {
  %0 = aten.cat [%x, %none, %y, %nothing] {dim = -1} : (tensor<2x3xf32>, tensor<2x0xf32>, tensor<2x1xf32>, tensor<0xf32>) -> tensor<2x4xf32>
  %1 = aten.cat [%x, %none] {dim = -1} : (tensor<2x3xf32>, tensor<2x0xf32>) -> tensor<2x3xf32>
  func.return %0, %1 : tensor<2x4xf32>, tensor<2x3xf32>
}

// An empty part may decide the type of the rest; and where all are empty, they stay.
// CHECK-LABEL: func.func @empty_parts_that_stay
// CHECK-NEXT:    aten.cat [%x, %none] : (tensor<2xf16>, tensor<0xf32>) -> tensor<2xf32>
// CHECK-NEXT:    aten.cat [%none, %none]
func.func @empty_parts_that_stay(%x: tensor<2xf16>, %none: tensor<0xf32>) -> (tensor<2xf32>, tensor<0xf32>) {
  %0 = aten.cat [%x, %none] : (tensor<2xf16>, tensor<0xf32>) -> tensor<2xf32>
  %1 = aten.cat [%none, %none] : (tensor<0xf32>, tensor<0xf32>) -> tensor<0xf32>
  func.return %0, %1 : tensor<2xf32>, tensor<0xf32>
}
