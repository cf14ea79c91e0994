// RUN: forge-opt %s -p optimize-layout | filecheck %s
// RUN: forge-opt %s -p optimize-layout --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'optimize-layout{depth=2}' 2>&1 | filecheck %s --check-prefix=OPTION

// EXPLAIN:     optimize-layout: {{[0-9]+}} operations → {{[0-9]+}}
// EXPLAIN:     fired    ShortenChain at {{.*}}mlir
// EXPLAIN-DAG: refused  ShortenChain: aten.permute at {{.*}}: what lies between has other users
// EXPLAIN-DAG: fired    ReshapeIndexed at {{.*}}mlir
// EXPLAIN-DAG: refused  ReshapeIndexed: aten.index.Tensor at {{.*}}: an index is missing, or no constant
// EXPLAIN-DAG: refused  ReshapeIndexed: aten.index.Tensor at {{.*}}: the indices take the elements in another order
// EXPLAIN-DAG: refused  DropRoundTrip: aten.to.dtype at {{.*}}: bf16 does not hold every f32

// OPTION: optimize-layout
// OPTION: depth

// Every spelling of a permutation is one; two of them are one, or cancel.
// CHECK-LABEL: func.func @permutations
// CHECK-NEXT:    %0 = aten.permute %x {dims = [2, 0, 1]}
// CHECK-NEXT:    func.return %x, %x, %0
func.func @permutations(%x: tensor<2x3x4xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<4x2x3xf32>) {
  %0 = aten.transpose.int %x {dim0 = -1, dim1 = 1} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %1 = aten.mT %0 : (tensor<2x4x3xf32>) -> tensor<2x3x4xf32>
  %2 = aten.swapaxes %x {axis0 = 0, axis1 = -1} : (tensor<2x3x4xf32>) -> tensor<4x3x2xf32>
  %3 = aten.numpy_T %2 : (tensor<4x3x2xf32>) -> tensor<2x3x4xf32>
  %4 = aten.adjoint %2 : (tensor<4x3x2xf32>) -> tensor<4x2x3xf32>
  %5 = aten.permute %3 {dims = [0, 1, -1]} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %1, %5, %4 : tensor<2x3x4xf32>, tensor<2x3x4xf32>, tensor<4x2x3xf32>
}

// The adjoint of complex numbers is conjugated; and a matrix transposed once stays so.
// CHECK-LABEL: func.func @no_permutations
// CHECK-NEXT:    aten.adjoint
// CHECK-NEXT:    aten.permute %x {dims = [1, 0]}
// CHECK-NEXT:    func.return
func.func @no_permutations(%c: tensor<2x3xcomplex<f32>>, %x: tensor<3x3xf32>) -> (tensor<3x2xcomplex<f32>>, tensor<3x3xf32>) {
  %0 = aten.adjoint %c : (tensor<2x3xcomplex<f32>>) -> tensor<3x2xcomplex<f32>>
  %1 = aten.t %x : (tensor<3x3xf32>) -> tensor<3x3xf32>
  func.return %0, %1 : tensor<3x2xcomplex<f32>>, tensor<3x3xf32>
}

// What lies between has another user: nothing would be saved.
// CHECK-LABEL: func.func @permuted_twice_and_used
// CHECK-NEXT:    %0 = aten.permute %x {dims = [1, 0, 2]}
// CHECK-NEXT:    %1 = aten.permute %0 {dims = [0, 2, 1]}
// CHECK-NEXT:    func.return %0, %1
func.func @permuted_twice_and_used(%x: tensor<2x3x4xf32>) -> (tensor<3x2x4xf32>, tensor<3x4x2xf32>) {
  %0 = aten.transpose.int %x {dim0 = 0, dim1 = 1} : (tensor<2x3x4xf32>) -> tensor<3x2x4xf32>
  %1 = aten.transpose.int %0 {dim0 = 1, dim1 = 2} : (tensor<3x2x4xf32>) -> tensor<3x4x2xf32>
  func.return %0, %1 : tensor<3x2x4xf32>, tensor<3x4x2xf32>
}

// A chain of views is one reshape; one that only moves dimensions of one element is, too.
// CHECK-LABEL: func.func @reshapes
// CHECK-NEXT:    %0 = aten.reshape %x {shape = [1, 6, 1, 4]}
// CHECK-NEXT:    %1 = aten.reshape %y {shape = [4, 1, 8]}
// CHECK-NEXT:    func.return %0, %1, %x
func.func @reshapes(%x: tensor<2x3x4xf32>, %y: tensor<1x4x8xf32>) -> (tensor<1x6x1x4xf32>, tensor<4x1x8xf32>, tensor<2x3x4xf32>) {
  %0 = aten.view %x {size = [6, -1]} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %1 = aten.unsqueeze %0 {dim = -2} : (tensor<6x4xf32>) -> tensor<6x1x4xf32>
  %2 = aten.unsqueeze %1 {dim = 0} : (tensor<6x1x4xf32>) -> tensor<1x6x1x4xf32>
  %3 = aten.transpose.int %y {dim0 = 0, dim1 = 1} : (tensor<1x4x8xf32>) -> tensor<4x1x8xf32>
  %4 = aten.squeeze.dim %2 {dim = 2} : (tensor<1x6x1x4xf32>) -> tensor<1x6x4xf32>
  %5 = aten.reshape %4 {shape = [2, 3, 4]} : (tensor<1x6x4xf32>) -> tensor<2x3x4xf32>
  func.return %2, %3, %5 : tensor<1x6x1x4xf32>, tensor<4x1x8xf32>, tensor<2x3x4xf32>
}

// Reshapes around a permutation go where it moves whole dimensions without them.
// CHECK-LABEL: func.func @reshapes_around
// CHECK-NEXT:    %0 = aten.permute %x {dims = [0, 2, 1]}
// CHECK-NEXT:    %1 = aten.reshape %y {shape = [6, 4]}
// CHECK-NEXT:    %2 = aten.permute %1 {dims = [1, 0]}
// CHECK-NEXT:    func.return %0, %2
func.func @reshapes_around(%x: tensor<2x6x4xf32>, %y: tensor<2x3x4xf32>) -> (tensor<2x4x6xf32>, tensor<4x6xf32>) {
  %0 = aten.view %x {size = [2, 2, 3, 4]} : (tensor<2x6x4xf32>) -> tensor<2x2x3x4xf32>
  %1 = aten.permute %0 {dims = [0, 3, 1, 2]} : (tensor<2x2x3x4xf32>) -> tensor<2x4x2x3xf32>
  %2 = aten.reshape %1 {shape = [2, 4, 6]} : (tensor<2x4x2x3xf32>) -> tensor<2x4x6xf32>
  %3 = aten.unsqueeze %y {dim = 0} : (tensor<2x3x4xf32>) -> tensor<1x2x3x4xf32>
  %4 = aten.permute %3 {dims = [0, 3, 1, 2]} : (tensor<1x2x3x4xf32>) -> tensor<1x4x2x3xf32>
  %5 = aten.reshape %4 {shape = [4, 6]} : (tensor<1x4x2x3xf32>) -> tensor<4x6xf32>
  func.return %2, %5 : tensor<2x4x6xf32>, tensor<4x6xf32>
}

// Heads are split off and joined again: the two permutations move parts of dimensions.
// CHECK-LABEL: func.func @heads
// CHECK-NEXT:    aten.reshape %x {shape = [2, 5, 3, 4]}
// CHECK-NEXT:    aten.permute %0 {dims = [0, 2, 1, 3]}
// CHECK-NEXT:    aten.reshape %1 {shape = [2, 3, 20]}
// CHECK-NEXT:    func.return
func.func @heads(%x: tensor<2x5x12xf32>) -> tensor<2x3x20xf32> {
  %0 = aten.view %x {size = [2, 5, 3, 4]} : (tensor<2x5x12xf32>) -> tensor<2x5x3x4xf32>
  %1 = aten.transpose.int %0 {dim0 = 1, dim1 = 2} : (tensor<2x5x3x4xf32>) -> tensor<2x3x5x4xf32>
  %2 = aten.reshape %1 {shape = [2, 3, 20]} : (tensor<2x3x5x4xf32>) -> tensor<2x3x20xf32>
  func.return %2 : tensor<2x3x20xf32>
}

// Grouped in a way that cuts what was moved: no single permutation does this.
// CHECK-LABEL: func.func @cut
// CHECK-NEXT:    aten.permute
// CHECK-NEXT:    aten.reshape
// CHECK-NEXT:    aten.permute
// CHECK-NEXT:    func.return
func.func @cut(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = aten.t %x : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = aten.reshape %0 {shape = [2, 3]} : (tensor<3x2xf32>) -> tensor<2x3xf32>
  %2 = aten.t %1 : (tensor<2x3xf32>) -> tensor<3x2xf32>
  func.return %2 : tensor<3x2xf32>
}

// A tensor without elements is left alone.
// CHECK-LABEL: func.func @empty
// CHECK-NEXT:    aten.t
// CHECK-NEXT:    aten.reshape
// CHECK-NEXT:    func.return
func.func @empty(%x: tensor<0x3xf32>) -> tensor<0x7xf32> {
  %0 = aten.t %x : (tensor<0x3xf32>) -> tensor<3x0xf32>
  %1 = aten.reshape %0 {shape = [0, 7]} : (tensor<3x0xf32>) -> tensor<0x7xf32>
  func.return %1 : tensor<0x7xf32>
}

// Across element-wise operations two permutations cancel; a vector along a dimension that stays
// in its place, a number, and what is used twice inside are no hindrance.
// CHECK-LABEL: func.func @across
// CHECK-NEXT:    %0 = aten.sigmoid %x
// CHECK-NEXT:    %1 = aten.mul.Tensor %x, %0
// CHECK-NEXT:    %2 = aten.mul.Scalar %1 {other = 2.0}
// CHECK-NEXT:    %3 = aten.add.Tensor %2, %b
// CHECK-NEXT:    func.return %3
func.func @across(%x: tensor<2x3x4x5xf32>, %b: tensor<5xf32>) -> tensor<2x3x4x5xf32> {
  %0 = aten.transpose.int %x {dim0 = 1, dim1 = 2} : (tensor<2x3x4x5xf32>) -> tensor<2x4x3x5xf32>
  %1 = aten.sigmoid %0 : (tensor<2x4x3x5xf32>) -> tensor<2x4x3x5xf32>
  %2 = aten.mul.Tensor %0, %1 : (tensor<2x4x3x5xf32>, tensor<2x4x3x5xf32>) -> tensor<2x4x3x5xf32>
  %3 = aten.mul.Scalar %2 {other = 2.0} : (tensor<2x4x3x5xf32>) -> tensor<2x4x3x5xf32>
  %4 = aten.add.Tensor %3, %b : (tensor<2x4x3x5xf32>, tensor<5xf32>) -> tensor<2x4x3x5xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x3x5xf32>) -> tensor<2x3x4x5xf32>
  func.return %5 : tensor<2x3x4x5xf32>
}

// A vector along a dimension that moves is reshaped, which moves nothing.
// CHECK-LABEL: func.func @vector
// CHECK-NEXT:    %0 = aten.reshape %b {shape = [4, 1]}
// CHECK-NEXT:    %1 = aten.add.Tensor %x, %0
// CHECK-NEXT:    func.return %1
func.func @vector(%x: tensor<2x4x3xf32>, %b: tensor<4xf32>) -> tensor<2x4x3xf32> {
  %0 = aten.transpose.int %x {dim0 = 1, dim1 = 2} : (tensor<2x4x3xf32>) -> tensor<2x3x4xf32>
  %1 = aten.add.Tensor %0, %b : (tensor<2x3x4xf32>, tensor<4xf32>) -> tensor<2x3x4xf32>
  %2 = aten.transpose.int %1 {dim0 = 1, dim1 = 2} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  func.return %2 : tensor<2x4x3xf32>
}

// Two operands that are permuted alike are permuted once, and so it is with reshapes.
// CHECK-LABEL: func.func @both
// CHECK-NEXT:    %0 = aten.relu %x
// CHECK-NEXT:    %1 = aten.add.Tensor %0, %y
// CHECK-NEXT:    %2 = aten.permute %1 {dims = [1, 0]}
// CHECK-NEXT:    func.return %2
func.func @both(%x: tensor<3x4xf32>, %y: tensor<3x4xf32>) -> tensor<4x3xf32> {
  %0 = aten.t %x : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = aten.t %y : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %2 = aten.relu %0 : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %3 = aten.add.Tensor %2, %1 : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  func.return %3 : tensor<4x3xf32>
}

// CHECK-LABEL: func.func @reshaped_between
// CHECK-NEXT:    %0 = aten.gelu %x
// CHECK-NEXT:    func.return %0
func.func @reshaped_between(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = aten.view %x {size = [6, 4]} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %1 = aten.gelu %0 : (tensor<6x4xf32>) -> tensor<6x4xf32>
  %2 = aten.view %1 {size = [2, 3, 4]} : (tensor<6x4xf32>) -> tensor<2x3x4xf32>
  func.return %2 : tensor<2x3x4xf32>
}

// The other operand would have to be permuted instead.
// CHECK-LABEL: func.func @other_operand
// CHECK-NEXT:    aten.permute %x
// CHECK-NEXT:    aten.add.Tensor %0, %y
// CHECK-NEXT:    aten.permute %1 {dims = [1, 0, 2]}
// CHECK-NEXT:    func.return
func.func @other_operand(%x: tensor<2x3x4xf32>, %y: tensor<3x4x2xf32>) -> tensor<4x3x2xf32> {
  %0 = aten.permute %x {dims = [1, 2, 0]} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = aten.add.Tensor %0, %y : (tensor<3x4x2xf32>, tensor<3x4x2xf32>) -> tensor<3x4x2xf32>
  %2 = aten.transpose.int %1 {dim0 = 0, dim1 = 1} : (tensor<3x4x2xf32>) -> tensor<4x3x2xf32>
  func.return %2 : tensor<4x3x2xf32>
}

// The result is used in the other order, too.
// CHECK-LABEL: func.func @used_before
// CHECK-NEXT:    aten.permute
// CHECK-NEXT:    aten.relu
// CHECK-NEXT:    aten.permute
// CHECK-NEXT:    func.return
func.func @used_before(%x: tensor<3x4xf32>) -> (tensor<4x3xf32>, tensor<3x4xf32>) {
  %0 = aten.t %x : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %1 = aten.relu %0 : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %2 = aten.t %1 : (tensor<4x3xf32>) -> tensor<3x4xf32>
  func.return %1, %2 : tensor<4x3xf32>, tensor<3x4xf32>
}

// A reshape does not pass what is broadcast, nor softmax a permutation of what it sums over.
// CHECK-LABEL: func.func @not_across
// CHECK-NEXT:    aten.reshape %x {shape = [6, 4]}
// CHECK-NEXT:    aten.add.Tensor
// CHECK-NEXT:    aten.reshape %1 {shape = [2, 3, 4]}
// CHECK-NEXT:    aten.permute %x
// CHECK-NEXT:    aten.softmax.int
// CHECK-NEXT:    aten.permute
// CHECK-NEXT:    func.return
func.func @not_across(%x: tensor<2x3x4xf32>, %b: tensor<6x1xf32>) -> (tensor<2x3x4xf32>, tensor<2x3x4xf32>) {
  %0 = aten.view %x {size = [6, 4]} : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  %1 = aten.add.Tensor %0, %b : (tensor<6x4xf32>, tensor<6x1xf32>) -> tensor<6x4xf32>
  %2 = aten.view %1 {size = [2, 3, 4]} : (tensor<6x4xf32>) -> tensor<2x3x4xf32>
  %3 = aten.mT %x : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %4 = aten.softmax.int %3 {dim = -1} : (tensor<2x4x3xf32>) -> tensor<2x4x3xf32>
  %5 = aten.mT %4 : (tensor<2x4x3xf32>) -> tensor<2x3x4xf32>
  func.return %2, %5 : tensor<2x3x4xf32>, tensor<2x3x4xf32>
}

// A wider type and back changes nothing, also where elements are only moved in between.
// CHECK-LABEL: func.func @round_trips
// CHECK-NEXT:    %0 = aten.permute %h {dims = [1, 0]}
// CHECK-NEXT:    %1 = aten.to.dtype %h {dtype = f16}
// CHECK-NEXT:    func.return %x, %0, %1, %i
func.func @round_trips(%x: tensor<2x3xf32>, %h: tensor<2x3xbf16>, %i: tensor<2xi1>) -> (tensor<2x3xf32>, tensor<3x2xbf16>, tensor<2x3xf16>, tensor<2xi1>) {
  %0 = aten.to.dtype %x {dtype = f64} : (tensor<2x3xf32>) -> tensor<2x3xf64>
  %1 = aten.to.dtype %0 {dtype = f32} : (tensor<2x3xf64>) -> tensor<2x3xf32>
  %2 = aten.to.dtype %h {dtype = f32} : (tensor<2x3xbf16>) -> tensor<2x3xf32>
  %3 = aten.t %2 : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %4 = aten.to.dtype %3 {dtype = bf16} : (tensor<3x2xf32>) -> tensor<3x2xbf16>
  %5 = aten.to.dtype %h {dtype = f64} : (tensor<2x3xbf16>) -> tensor<2x3xf64>
  %6 = aten.to.dtype %5 {dtype = f16} : (tensor<2x3xf64>) -> tensor<2x3xf16>
  %7 = aten.to.dtype %i {dtype = f16} : (tensor<2xi1>) -> tensor<2xf16>
  %8 = aten.to.dtype %7 {dtype = i1} : (tensor<2xf16>) -> tensor<2xi1>
  func.return %1, %4, %6, %8 : tensor<2x3xf32>, tensor<3x2xbf16>, tensor<2x3xf16>, tensor<2xi1>
}

// A narrower type loses something; so does a type that has not all values, and what is computed.
// CHECK-LABEL: func.func @no_round_trips
// CHECK-COUNT-4: aten.to.dtype
// CHECK-NEXT:    aten.to.dtype %h {dtype = f64}
// CHECK-NEXT:    aten.exp
// CHECK-NEXT:    aten.to.dtype
// CHECK-NEXT:    func.return
func.func @no_round_trips(%x: tensor<4xf32>, %i: tensor<4xi32>, %h: tensor<4xbf16>) -> (tensor<4xf32>, tensor<4xi32>, tensor<4xbf16>) {
  %0 = aten.to.dtype %x {dtype = bf16} : (tensor<4xf32>) -> tensor<4xbf16>
  %1 = aten.to.dtype %0 {dtype = f32} : (tensor<4xbf16>) -> tensor<4xf32>
  %2 = aten.to.dtype %i {dtype = f32} : (tensor<4xi32>) -> tensor<4xf32>
  %3 = aten.to.dtype %2 {dtype = i32} : (tensor<4xf32>) -> tensor<4xi32>
  %4 = aten.to.dtype %h {dtype = f32} : (tensor<4xbf16>) -> tensor<4xf32>
  %5 = aten.to.dtype %4 {dtype = f64} : (tensor<4xf32>) -> tensor<4xf64>
  %6 = aten.exp %5 : (tensor<4xf64>) -> tensor<4xf64>
  %7 = aten.to.dtype %6 {dtype = bf16} : (tensor<4xf64>) -> tensor<4xbf16>
  func.return %1, %3, %7 : tensor<4xf32>, tensor<4xi32>, tensor<4xbf16>
}

// What is split and put together in the same order is whole, and the reverse.
// CHECK-LABEL: func.func @split_and_cat
// CHECK-NEXT:    func.return %x, %x, %y
func.func @split_and_cat(%x: tensor<2x6xf32>, %y: tensor<2x4xf32>) -> (tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x4xf32>) {
  %0, %1, %2 = aten.chunk %x {chunks = 3, dim = -1} : (tensor<2x6xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>)
  %3 = aten.cat [%0, %1, %2] {dim = 1} : (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x6xf32>
  %4 = aten.cat [%x, %y] {dim = 1} : (tensor<2x6xf32>, tensor<2x4xf32>) -> tensor<2x10xf32>
  %5, %6 = aten.split_with_sizes %4 {split_sizes = [6, 4], dim = 1} : (tensor<2x10xf32>) -> (tensor<2x6xf32>, tensor<2x4xf32>)
  func.return %3, %5, %6 : tensor<2x6xf32>, tensor<2x6xf32>, tensor<2x4xf32>
}

// In another order, along another dimension, without a part or in other parts: it is not.
// CHECK-LABEL: func.func @rearranged
// CHECK-NEXT:    aten.chunk
// CHECK-NEXT:    aten.cat [%1, %0]
// CHECK-NEXT:    aten.cat [%0, %1]
// CHECK-NEXT:    aten.chunk
// CHECK-NEXT:    aten.cat [%4, %5]
// CHECK-NEXT:    aten.chunk
// CHECK-NEXT:    aten.cat
// CHECK-NEXT:    aten.split_with_sizes
// CHECK-NEXT:    func.return
func.func @rearranged(%x: tensor<4x4xf32>, %y: tensor<2x3xf32>) -> (tensor<4x4xf32>, tensor<2x8xf32>, tensor<2x4xf32>, tensor<1x8xf32>, tensor<2x6xf32>, tensor<2x1xf32>) {
  %0, %1 = aten.chunk %x {chunks = 2} : (tensor<4x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>)
  %2 = aten.cat [%1, %0] : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  %3 = aten.cat [%0, %1] {dim = 1} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x8xf32>
  %4, %5, %6, %7 = aten.chunk %x {chunks = 4} : (tensor<4x4xf32>) -> (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>, tensor<1x4xf32>)
  %8 = aten.cat [%4, %5] : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<2x4xf32>
  %9, %10 = aten.chunk %3 {chunks = 2} : (tensor<2x8xf32>) -> (tensor<1x8xf32>, tensor<1x8xf32>)
  %11 = aten.cat [%y, %0] {dim = 1} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %12, %13 = aten.split_with_sizes %11 {split_sizes = [6, 1], dim = 1} : (tensor<2x7xf32>) -> (tensor<2x6xf32>, tensor<2x1xf32>)
  func.return %2, %3, %8, %10, %12, %13 : tensor<4x4xf32>, tensor<2x8xf32>, tensor<2x4xf32>, tensor<1x8xf32>, tensor<2x6xf32>, tensor<2x1xf32>
}

// Queries, keys and values that are split into heads alike are so before they are taken apart.
// CHECK-LABEL: func.func @fused_projection
// CHECK-NEXT:    %0 = aten.reshape %x {shape = [1, 5, 4, 2]}
// CHECK-NEXT:    %1 = aten.permute %0 {dims = [0, 2, 1, 3]}
// CHECK-NEXT:    %2, %3, %4 = aten.split_with_sizes %1 {split_sizes = [2, 1, 1], dim = 1}
// CHECK-NEXT:    func.return %2, %3, %4
func.func @fused_projection(%x: tensor<1x5x8xf32>) -> (tensor<1x2x5x2xf32>, tensor<1x1x5x2xf32>, tensor<1x1x5x2xf32>) {
  %0 = aten.slice.Tensor %x {dim = 2, start = 0, end = 4} : (tensor<1x5x8xf32>) -> tensor<1x5x4xf32>
  %1 = aten.slice.Tensor %x {dim = 2, start = 6} : (tensor<1x5x8xf32>) -> tensor<1x5x2xf32>
  %2 = aten.slice.Tensor %x {dim = -1, start = 4, end = -2} : (tensor<1x5x8xf32>) -> tensor<1x5x2xf32>
  %3 = aten.view %0 {size = [1, 5, 2, 2]} : (tensor<1x5x4xf32>) -> tensor<1x5x2x2xf32>
  %4 = aten.view %2 {size = [1, 5, 1, 2]} : (tensor<1x5x2xf32>) -> tensor<1x5x1x2xf32>
  %5 = aten.view %1 {size = [1, 5, 1, 2]} : (tensor<1x5x2xf32>) -> tensor<1x5x1x2xf32>
  %6 = aten.transpose.int %3 {dim0 = 1, dim1 = 2} : (tensor<1x5x2x2xf32>) -> tensor<1x2x5x2xf32>
  %7 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<1x5x1x2xf32>) -> tensor<1x1x5x2xf32>
  %8 = aten.transpose.int %5 {dim0 = 1, dim1 = 2} : (tensor<1x5x1x2xf32>) -> tensor<1x1x5x2xf32>
  func.return %6, %7, %8 : tensor<1x2x5x2xf32>, tensor<1x1x5x2xf32>, tensor<1x1x5x2xf32>
}

// Parts that are used otherwise, or rearranged otherwise, stay; so do slices with gaps.
// CHECK-LABEL: func.func @other_parts
// CHECK-NEXT:    %0, %1 = aten.chunk
// CHECK-NEXT:    aten.permute %0
// CHECK-NEXT:    aten.reshape %1
// CHECK-NEXT:    aten.slice.Tensor
// CHECK-NEXT:    aten.slice.Tensor
// CHECK-NEXT:    aten.slice.Tensor
// CHECK-NEXT:    aten.slice.Tensor
// CHECK-NEXT:    func.return
func.func @other_parts(%x: tensor<4x4xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>, tensor<2x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x1xf32>) {
  %0, %1 = aten.chunk %x {chunks = 2} : (tensor<4x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>)
  %2 = aten.t %0 : (tensor<2x4xf32>) -> tensor<4x2xf32>
  %3 = aten.view %1 {size = [4, 2]} : (tensor<2x4xf32>) -> tensor<4x2xf32>
  %4 = aten.slice.Tensor %x {end = 2} : (tensor<4x4xf32>) -> tensor<2x4xf32>
  %5 = aten.slice.Tensor %x {start = 3} : (tensor<4x4xf32>) -> tensor<1x4xf32>
  %6 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<4x4xf32>) -> tensor<4x2xf32>
  %7 = aten.slice.Tensor %x {dim = 1, start = 2, step = 2} : (tensor<4x4xf32>) -> tensor<4x1xf32>
  func.return %2, %3, %4, %5, %6, %7 : tensor<4x2xf32>, tensor<4x2xf32>, tensor<2x4xf32>, tensor<1x4xf32>, tensor<4x2xf32>, tensor<4x1xf32>
}

// Users broadcast by themselves, and so does attention with its mask.
// CHECK-LABEL: func.func @expansions
// CHECK-NEXT:    %0 = aten.add.Tensor %x, %y
// CHECK-NEXT:    %1 = transformer.attention %q, %q, %q, mask = %m
// CHECK-NEXT:    func.return %0, %1
func.func @expansions(%x: tensor<2x3xf32>, %y: tensor<1x3xf32>, %q: tensor<1x2x3x4xf32>, %m: tensor<1x1x1x3xi1>) -> (tensor<2x3xf32>, tensor<1x2x3x4xf32>) {
  %0 = aten.expand %y {size = [2, 3]} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = aten.add.Tensor %x, %0 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = aten.expand %m {size = [1, 1, 3, 3]} : (tensor<1x1x1x3xi1>) -> tensor<1x1x3x3xi1>
  %3 = transformer.attention %q, %q, %q, mask = %2 : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x1x3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %1, %3 : tensor<2x3xf32>, tensor<1x2x3x4xf32>
}

// The result would be smaller, a number would not decide on the type, another user does not
// broadcast, or the expansion is a result itself.
// CHECK-LABEL: func.func @needed_expansions
// CHECK-NEXT:    aten.expand
// CHECK-NEXT:    aten.relu
// CHECK-NEXT:    aten.expand
// CHECK-NEXT:    aten.le.Tensor
// CHECK-NEXT:    aten.expand
// CHECK-NEXT:    aten.cat
// CHECK-NEXT:    aten.expand
// CHECK-NEXT:    aten.add.Tensor
// CHECK-NEXT:    func.return
func.func @needed_expansions(%x: tensor<2x3xf32>, %y: tensor<1x3xf32>, %n: tensor<f64>) -> (tensor<2x3xf32>, tensor<2x3xi1>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = aten.expand %y {size = [2, 3]} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = aten.relu %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = aten.expand %n {size = [3]} : (tensor<f64>) -> tensor<3xf64>
  %3 = aten.le.Tensor %x, %2 : (tensor<2x3xf32>, tensor<3xf64>) -> tensor<2x3xi1>
  %4 = aten.expand %y {size = [2, -1]} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %5 = aten.cat [%x, %4] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<4x3xf32>
  %6 = aten.expand %y {size = [2, 3]} : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %7 = aten.add.Tensor %x, %6 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1, %3, %5, %6, %7 : tensor<2x3xf32>, tensor<2x3xi1>, tensor<4x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}

// Indices that count all elements only reshape; also counted from the end.
// CHECK-LABEL: func.func @indexed
// CHECK-NEXT:    %0 = aten.reshape %x {shape = [1, 1, 1, 3]}
// CHECK-NEXT:    func.return %0
func.func @indexed(%x: tensor<1x3xi1>) -> tensor<1x1x1x3xi1> {
  %0 = forge.constant dense<0> : tensor<1x1x1x1xi64>
  %1 = forge.constant dense<[[[[0, -2, 2]]]]> : tensor<1x1x1x3xi64>
  %2 = aten.index.Tensor %x, [%0, %1] : (tensor<1x3xi1>, tensor<1x1x1x1xi64>, tensor<1x1x1x3xi64>) -> tensor<1x1x1x3xi1>
  func.return %2 : tensor<1x1x1x3xi1>
}

// Another order, an index that is not known, and one that is missing.
// CHECK-LABEL: func.func @indexed_otherwise
// CHECK-COUNT-3: aten.index.Tensor
// CHECK-NEXT:    func.return
func.func @indexed_otherwise(%x: tensor<1x3xf32>, %i: tensor<3xi64>) -> (tensor<3xf32>, tensor<3xf32>, tensor<1x3xf32>) {
  %0 = forge.constant dense<0> : tensor<1xi64>
  %1 = forge.constant dense<[0, 2, 1]> : tensor<3xi64>
  %2 = forge.constant dense<[0, 1, 2]> : tensor<3xi64>
  %3 = aten.index.Tensor %x, [%0, %1] : (tensor<1x3xf32>, tensor<1xi64>, tensor<3xi64>) -> tensor<3xf32>
  %4 = aten.index.Tensor %x, [%0, %i] : (tensor<1x3xf32>, tensor<1xi64>, tensor<3xi64>) -> tensor<3xf32>
  %5 = aten.index.Tensor %x, [none, %2] : (tensor<1x3xf32>, tensor<3xi64>) -> tensor<1x3xf32>
  func.return %3, %4, %5 : tensor<3xf32>, tensor<3xf32>, tensor<1x3xf32>
}
