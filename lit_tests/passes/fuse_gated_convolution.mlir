// RUN: forge-opt %s -p fuse-gated-convolution | filecheck %s
// RUN: forge-opt %s -p fuse-gated-convolution --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN:        fired    FuseGatedConvolution at {{.*}}fuse_gated_convolution.mlir:
// EXPLAIN:        refused  FuseGatedConvolution: aten.conv1d at {{.*}}: the convolution is dilated

// As LFM2 writes it.
// CHECK-LABEL: func.func @short_convolution
// CHECK-NEXT:    %0 = transformer.gated_convolution %p, %w, bias = %bias : (tensor<2x8x12xf32>, tensor<4x1x3xf32>, tensor<4xf32>) -> tensor<2x8x4xf32>
// CHECK-NEXT:    func.return %0
func.func @short_convolution(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>, %bias: tensor<4xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = -1, dim1 = -2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = -2} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.squeeze.dim %w {dim = 1} : (tensor<4x1x3xf32>) -> tensor<4x3xf32>
  %3 = aten.unsqueeze %2 {dim = 1} : (tensor<4x3xf32>) -> tensor<4x1x3xf32>
  %4 = aten.conv1d %1, %3, bias = %bias {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>, tensor<4xf32>) -> tensor<2x4x10xf32>
  %5 = aten.slice.Tensor %4 {dim = 2, start = 0, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %6 = aten.mul.Tensor %c, %5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %7 = aten.transpose.int %6 {dim0 = -1, dim1 = -2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %7 : tensor<2x8x4xf32>
}

// In other words: permuted, split, with the factors the other way round, and with a kernel of one
// token, which needs no padding.
// CHECK-LABEL: func.func @in_other_words
// CHECK-NEXT:    %0 = transformer.gated_convolution %p, %w : (tensor<2x8x12xf32>, tensor<4x1x1xf32>) -> tensor<2x8x4xf32>
// CHECK-NEXT:    func.return %0
func.func @in_other_words(%p: tensor<2x8x12xf32>, %w: tensor<4x1x1xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.permute %p {dims = [0, 2, 1]} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.split.Tensor %0 {split_size = 4, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %x, %b : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.convolution %1, %w {stride = [1], padding = [0], dilation = [1], transposed = false, output_padding = [0], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x1xf32>) -> tensor<2x4x8xf32>
  %3 = aten.mul.Tensor %2, %c : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %4 = aten.permute %3 {dims = [0, 2, 1]} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %4 : tensor<2x8x4xf32>
}

// Padding on both sides is centred, and not causal.
// CHECK-LABEL: func.func @centred
// CHECK-NOT:     gated_convolution
func.func @centred(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [1], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %2 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// The first tokens are cut off, and the convolution looks ahead.
// CHECK-LABEL: func.func @first_tokens_cut_off
// CHECK-NOT:     gated_convolution
func.func @first_tokens_cut_off(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, start = 2} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// Each channel depends on all channels, or on half of them.
// CHECK-LABEL: func.func @dense
// CHECK-NOT:     gated_convolution
func.func @dense(%p: tensor<2x8x12xf32>, %w: tensor<4x4x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2]} : (tensor<2x4x8xf32>, tensor<4x4x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// Likewise, in two groups.
// CHECK-LABEL: func.func @grouped
// CHECK-NOT:     gated_convolution
func.func @grouped(%p: tensor<2x8x12xf32>, %w: tensor<4x2x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 2} : (tensor<2x4x8xf32>, tensor<4x2x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// The convolution looks at every second token.
// CHECK-LABEL: func.func @dilated
// CHECK-NOT:     gated_convolution
func.func @dilated(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], dilation = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %2 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// The convolution skips every second token; the gate is cut to match.
// CHECK-LABEL: func.func @strided
// CHECK-NOT:     gated_convolution
func.func @strided(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x4x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {stride = [2], padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x5xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 4} : (tensor<2x4x5xf32>) -> tensor<2x4x4xf32>
  %d = aten.slice.Tensor %c {dim = 2, end = 4} : (tensor<2x4x8xf32>) -> tensor<2x4x4xf32>
  %4 = aten.mul.Tensor %d, %3 : (tensor<2x4x4xf32>, tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  func.return %5 : tensor<2x4x4xf32>
}

// The first two thirds are convolved, and the last one is the gate.
// CHECK-LABEL: func.func @other_order
// CHECK-NOT:     gated_convolution
func.func @other_order(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %c : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %x, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// The channels are cut at other places than their thirds.
// CHECK-LABEL: func.func @halves
// CHECK-NOT:     gated_convolution
func.func @halves(%p: tensor<2x8x14xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x14xf32>) -> tensor<2x14x8xf32>
  %b, %c, %x, %r = aten.split_with_sizes %0 {split_sizes = [4, 4, 4, 2], dim = 1} : (tensor<2x14x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x2x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// The tokens are split, and not the channels.
// CHECK-LABEL: func.func @other_axis
// CHECK-NOT:     gated_convolution
func.func @other_axis(%p: tensor<2x24x4xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x24x4xf32>) -> tensor<2x4x24xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 2} : (tensor<2x4x24xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// Channels come before tokens already.
// CHECK-LABEL: func.func @not_swapped
// CHECK-NOT:     gated_convolution
func.func @not_swapped(%0: tensor<2x12x8xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x8x4xf32> {
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// Channels stay before tokens.
// CHECK-LABEL: func.func @not_swapped_back
// CHECK-NOT:     gated_convolution
func.func @not_swapped_back(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> tensor<2x4x8xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  func.return %4 : tensor<2x4x8xf32>
}

// Something else than the second third scales the result.
// CHECK-LABEL: func.func @no_gate
// CHECK-NOT:     gated_convolution
func.func @no_gate(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>, %z: tensor<2x4x8xf32>) -> tensor<2x8x4xf32> {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %z, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5 : tensor<2x8x4xf32>
}

// What is convolved has a second user.
// CHECK-LABEL: func.func @second_user
// CHECK-NOT:     gated_convolution
func.func @second_user(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> (tensor<2x8x4xf32>, tensor<2x4x8xf32>) {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5, %1 : tensor<2x8x4xf32>, tensor<2x4x8xf32>
}

// The convolution has a second user.
// CHECK-LABEL: func.func @convolution_used_twice
// CHECK-NOT:     gated_convolution
func.func @convolution_used_twice(%p: tensor<2x8x12xf32>, %w: tensor<4x1x3xf32>) -> (tensor<2x8x4xf32>, tensor<2x4x10xf32>) {
  %0 = aten.transpose.int %p {dim0 = 1, dim1 = 2} : (tensor<2x8x12xf32>) -> tensor<2x12x8xf32>
  %b, %c, %x = aten.chunk %0 {chunks = 3, dim = 1} : (tensor<2x12x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  %1 = aten.mul.Tensor %b, %x : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %2 = aten.conv1d %1, %w {padding = [2], groups = 4} : (tensor<2x4x8xf32>, tensor<4x1x3xf32>) -> tensor<2x4x10xf32>
  %3 = aten.slice.Tensor %2 {dim = 2, end = 8} : (tensor<2x4x10xf32>) -> tensor<2x4x8xf32>
  %4 = aten.mul.Tensor %c, %3 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %5 = aten.transpose.int %4 {dim0 = 1, dim1 = 2} : (tensor<2x4x8xf32>) -> tensor<2x8x4xf32>
  func.return %5, %2 : tensor<2x8x4xf32>, tensor<2x4x10xf32>
}
