// RUN: forge-opt %s -p convert-convolution-to-linear | filecheck %s
// RUN: forge-opt %s -p convert-convolution-to-linear --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: forge-opt %s -p convert-convolution-to-linear,optimize-layout | filecheck %s --check-prefix=LAYOUT

// EXPLAIN:        fired    TilesAsRows at {{.*}}convert_convolution_to_linear.mlir:
// EXPLAIN:        refused  TilesAsRows: aten.conv2d at {{.*}}: its windows overlap, or leave gaps

// The patches of a vision transformer.
// CHECK-LABEL: func.func @patches
// CHECK-NEXT:    %0 = aten.reshape %x {shape = [2, 2, 2, 4, 3]} : (tensor<1x2x4x12xf32>) -> tensor<2x2x2x4x3xf32>
// CHECK-NEXT:    %1 = aten.permute %0 {dims = [1, 3, 0, 2, 4]} : (tensor<2x2x2x4x3xf32>) -> tensor<2x4x2x2x3xf32>
// CHECK-NEXT:    %2 = aten.reshape %1 {shape = [1, 8, 12]} : (tensor<2x4x2x2x3xf32>) -> tensor<1x8x12xf32>
// CHECK-NEXT:    %3 = aten.reshape %w {shape = [6, 12]} : (tensor<6x2x2x3xf32>) -> tensor<6x12xf32>
// CHECK-NEXT:    %4 = transformer.linear %2, %3, bias = %b : (tensor<1x8x12xf32>, tensor<6x12xf32>, tensor<6xf32>) -> tensor<1x8x6xf32>
// CHECK-NEXT:    %5 = aten.permute %4 {dims = [0, 2, 1]} : (tensor<1x8x6xf32>) -> tensor<1x6x8xf32>
// CHECK-NEXT:    %y = aten.reshape %5 {shape = [1, 6, 2, 4]} : (tensor<1x6x8xf32>) -> tensor<1x6x2x4xf32>

// What makes rows of the image again is undone.
// LAYOUT-LABEL: func.func @patches
// LAYOUT:         %t = transformer.linear
// LAYOUT-NEXT:    func.return %t
func.func @patches(%x: tensor<1x2x4x12xf32>, %w: tensor<6x2x2x3xf32>, %b: tensor<6xf32>) -> tensor<1x8x6xf32> {
  %y = aten.conv2d %x, %w, bias = %b {stride = [2, 3]} : (tensor<1x2x4x12xf32>, tensor<6x2x2x3xf32>, tensor<6xf32>) -> tensor<1x6x2x4xf32>
  %f = aten.reshape %y {shape = [1, 6, 8]} : (tensor<1x6x2x4xf32>) -> tensor<1x6x8xf32>
  %t = aten.permute %f {dims = [0, 2, 1]} : (tensor<1x6x8xf32>) -> tensor<1x8x6xf32>
  func.return %t : tensor<1x8x6xf32>
}

// Without a bias, with one step for both dimensions.
// CHECK-LABEL: func.func @in_other_words
// CHECK:         transformer.linear %2, %3 : (tensor<1x4x8xf32>, tensor<6x8xf32>) -> tensor<1x4x6xf32>
// CHECK-NOT:     convolution
func.func @in_other_words(%x: tensor<1x2x4x4xf32>, %w: tensor<6x2x2x2xf32>) -> tensor<1x6x2x2xf32> {
  %y = aten.convolution %x, %w {stride = [2], padding = [0], dilation = [1], transposed = false, output_padding = [0], groups = 1} : (tensor<1x2x4x4xf32>, tensor<6x2x2x2xf32>) -> tensor<1x6x2x2xf32>
  func.return %y : tensor<1x6x2x2xf32>
}

// CHECK-LABEL: func.func @overlapping
// CHECK-NEXT:    aten.conv2d
func.func @overlapping(%x: tensor<1x3x8x8xf32>, %w: tensor<6x3x4x4xf32>) -> tensor<1x6x3x3xf32> {
  %y = aten.conv2d %x, %w {stride = [2, 2]} : (tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32>) -> tensor<1x6x3x3xf32>
  func.return %y : tensor<1x6x3x3xf32>
}

// CHECK-LABEL: func.func @padded
// CHECK-NEXT:    aten.conv2d
func.func @padded(%x: tensor<1x3x8x8xf32>, %w: tensor<6x3x4x4xf32>) -> tensor<1x6x3x3xf32> {
  %y = aten.conv2d %x, %w {stride = [4, 4], padding = [2, 2]} : (tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32>) -> tensor<1x6x3x3xf32>
  func.return %y : tensor<1x6x3x3xf32>
}

// CHECK-LABEL: func.func @dilated
// CHECK-NEXT:    aten.conv2d
func.func @dilated(%x: tensor<1x3x8x8xf32>, %w: tensor<6x3x4x4xf32>) -> tensor<1x6x1x1xf32> {
  %y = aten.conv2d %x, %w {stride = [4, 4], dilation = [2, 2]} : (tensor<1x3x8x8xf32>, tensor<6x3x4x4xf32>) -> tensor<1x6x1x1xf32>
  func.return %y : tensor<1x6x1x1xf32>
}

// The last columns belong to no window.
// CHECK-LABEL: func.func @not_covered
// CHECK-NEXT:    aten.conv2d
func.func @not_covered(%x: tensor<1x3x8x9xf32>, %w: tensor<6x3x4x4xf32>) -> tensor<1x6x2x2xf32> {
  %y = aten.conv2d %x, %w {stride = [4, 4]} : (tensor<1x3x8x9xf32>, tensor<6x3x4x4xf32>) -> tensor<1x6x2x2xf32>
  func.return %y : tensor<1x6x2x2xf32>
}

// CHECK-LABEL: func.func @grouped
// CHECK-NEXT:    aten.conv2d
func.func @grouped(%x: tensor<1x4x8x8xf32>, %w: tensor<6x2x4x4xf32>) -> tensor<1x6x2x2xf32> {
  %y = aten.conv2d %x, %w {stride = [4, 4], groups = 2} : (tensor<1x4x8x8xf32>, tensor<6x2x4x4xf32>) -> tensor<1x6x2x2xf32>
  func.return %y : tensor<1x6x2x2xf32>
}

// A convolution of single points is a linear layer already, in the layout that it has.
// CHECK-LABEL: func.func @points
// CHECK-NEXT:    aten.conv2d
func.func @points(%x: tensor<1x3x8x8xf32>, %w: tensor<6x3x1x1xf32>) -> tensor<1x6x8x8xf32> {
  %y = aten.conv2d %x, %w : (tensor<1x3x8x8xf32>, tensor<6x3x1x1xf32>) -> tensor<1x6x8x8xf32>
  func.return %y : tensor<1x6x8x8xf32>
}

// CHECK-LABEL: func.func @transposed
// CHECK-NEXT:    aten.convolution
func.func @transposed(%x: tensor<1x3x8x8xf32>, %w: tensor<3x6x4x4xf32>) -> tensor<1x6x32x32xf32> {
  %y = aten.convolution %x, %w {stride = [4, 4], padding = [0, 0], dilation = [1, 1], transposed = true, output_padding = [0, 0], groups = 1} : (tensor<1x3x8x8xf32>, tensor<3x6x4x4xf32>) -> tensor<1x6x32x32xf32>
  func.return %y : tensor<1x6x32x32xf32>
}

// CHECK-LABEL: func.func @several_images
// CHECK-NEXT:    aten.conv2d
func.func @several_images(%x: tensor<2x3x8x8xf32>, %w: tensor<6x3x4x4xf32>) -> tensor<2x6x2x2xf32> {
  %y = aten.conv2d %x, %w {stride = [4, 4]} : (tensor<2x3x8x8xf32>, tensor<6x3x4x4xf32>) -> tensor<2x6x2x2xf32>
  func.return %y : tensor<2x6x2x2xf32>
}

// No batch.
// CHECK-LABEL: func.func @one_image
// CHECK-NEXT:    aten.conv2d
func.func @one_image(%x: tensor<3x8x8xf32>, %w: tensor<6x3x4x4xf32>) -> tensor<6x2x2xf32> {
  %y = aten.conv2d %x, %w {stride = [4, 4]} : (tensor<3x8x8xf32>, tensor<6x3x4x4xf32>) -> tensor<6x2x2xf32>
  func.return %y : tensor<6x2x2xf32>
}

// CHECK-LABEL: func.func @of_sequences
// CHECK-NEXT:    aten.convolution
func.func @of_sequences(%x: tensor<1x3x8xf32>, %w: tensor<6x3x4xf32>) -> tensor<1x6x2xf32> {
  %y = aten.convolution %x, %w {stride = [4], padding = [0], dilation = [1], transposed = false, output_padding = [0], groups = 1} : (tensor<1x3x8xf32>, tensor<6x3x4xf32>) -> tensor<1x6x2xf32>
  func.return %y : tensor<1x6x2xf32>
}
