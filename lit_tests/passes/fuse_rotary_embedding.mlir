// RUN: forge-opt %s -p fuse-rotary-embedding | filecheck %s

// CHECK-LABEL: func.func @llama
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin :
// CHECK-NEXT:    func.return %0
func.func @llama(%x: tensor<1x2x8x4xf32>, %cos: tensor<1x1x8x4xf32>, %sin: tensor<1x1x8x4xf32>) -> tensor<1x2x8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<1x2x8x4xf32>, tensor<1x1x8x4xf32>) -> tensor<1x2x8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 3, start = 0, end = 2} : (tensor<1x2x8x4xf32>) -> tensor<1x2x8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 3, start = 2, end = 9223372036854775807} : (tensor<1x2x8x4xf32>) -> tensor<1x2x8x2xf32>
  %3 = aten.neg %2 : (tensor<1x2x8x2xf32>) -> tensor<1x2x8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<1x2x8x2xf32>, tensor<1x2x8x2xf32>) -> tensor<1x2x8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<1x2x8x4xf32>, tensor<1x1x8x4xf32>) -> tensor<1x2x8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  func.return %6 : tensor<1x2x8x4xf32>
}

// Sum and products the other way round.
// CHECK-LABEL: func.func @commuted
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin :
// CHECK-NEXT:    func.return %0
func.func @commuted(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %cos, %x : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = -1, start = -2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %sin, %4 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %5, %0 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6 : tensor<8x4xf32>
}

// The lower half is negated.
// CHECK-LABEL: func.func @swapped_halves
// CHECK-NOT:     rotary_embedding
func.func @swapped_halves(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6 : tensor<8x4xf32>
}

// What is rotated are not halves, or they skip elements.
// CHECK-LABEL: func.func @quarters
// CHECK-NOT:     rotary_embedding
func.func @quarters(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 1} : (tensor<8x4xf32>) -> tensor<8x1xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 1} : (tensor<8x4xf32>) -> tensor<8x3xf32>
  %3 = aten.neg %2 : (tensor<8x3xf32>) -> tensor<8x3xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x3xf32>, tensor<8x1xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.slice.Tensor %x {dim = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %9 = aten.slice.Tensor %x {dim = 1, start = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %10 = aten.neg %9 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %11 = aten.cat [%10, %8] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %12 = aten.mul.Tensor %11, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %13 = aten.add.Tensor %7, %12 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %13 : tensor<8x4xf32>, tensor<8x4xf32>
}

// The halves of another dimension.
// CHECK-LABEL: func.func @other_dimension
// CHECK-NOT:     rotary_embedding
func.func @other_dimension(%x: tensor<4x4xf32>, %cos: tensor<4x4xf32>, %sin: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = aten.slice.Tensor %x {dim = 0, end = 2} : (tensor<4x4xf32>) -> tensor<2x4xf32>
  %2 = aten.slice.Tensor %x {dim = 0, start = 2} : (tensor<4x4xf32>) -> tensor<2x4xf32>
  %3 = aten.neg %2 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = aten.cat [%3, %1] {dim = 0} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %6 : tensor<4x4xf32>
}

// What is added is a multiple of another tensor, or it is scaled.
// CHECK-LABEL: func.func @other_sum
// CHECK-NOT:     rotary_embedding
func.func @other_sum(%x: tensor<8x4xf32>, %z: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %z, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %9 = aten.cat [%8, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %10 = aten.mul.Tensor %9, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %11 = aten.add.Tensor %7, %10 {alpha = 2} : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %11 : tensor<8x4xf32>, tensor<8x4xf32>
}

// What is rotated is used elsewhere.
// CHECK-LABEL: func.func @second_user
// CHECK-NOT:     rotary_embedding
func.func @second_user(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %4 : tensor<8x4xf32>, tensor<8x4xf32>
}

// The tables broadcast what is rotated, or their last dimension is broadcast.
// CHECK-LABEL: func.func @broadcast
// CHECK-NOT:     rotary_embedding
func.func @broadcast(%x: tensor<8x4xf32>, %cos: tensor<2x8x4xf32>, %c: tensor<8x1xf32>) -> (tensor<2x8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %cos : (tensor<8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<2x8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %7 = aten.mul.Tensor %x, %c : (tensor<8x4xf32>, tensor<8x1xf32>) -> tensor<8x4xf32>
  %8 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %9 = aten.cat [%8, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %10 = aten.mul.Tensor %9, %c : (tensor<8x4xf32>, tensor<8x1xf32>) -> tensor<8x4xf32>
  %11 = aten.add.Tensor %7, %10 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %11 : tensor<2x8x4xf32>, tensor<8x4xf32>
}
