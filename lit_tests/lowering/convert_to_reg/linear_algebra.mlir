// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// The weight is read as it is stored.
// CHECK-LABEL: func.func @linear(
// CHECK-NEXT:    %w = reg.weight "w" : !reg.reg<4x3xf32, cpu>
// CHECK-NEXT:    %b = reg.weight "b" : !reg.reg<4xf32, cpu>
// CHECK-NEXT:    %0 = reg.MatMul %x, %w {transpose_b = true}
// CHECK-NEXT:    %1 = reg.Add %0, %b :
// CHECK-NEXT:    func.return %1
func.func @linear(%x: tensor<2x5x3xf32>) -> tensor<2x5x4xf32> {
  %w = forge.weight "w" : tensor<4x3xf32>
  %b = forge.weight "b" : tensor<4xf32>
  %0 = aten.linear %x, %w, bias = %b : (tensor<2x5x3xf32>, tensor<4x3xf32>, tensor<4xf32>) -> tensor<2x5x4xf32>
  func.return %0 : tensor<2x5x4xf32>
}

// A transposition becomes part of the product.
// CHECK-LABEL: func.func @transposed(
// CHECK-NEXT:    %0 = reg.MatMul %q, %k {transpose_b = true}
// CHECK-NEXT:    func.return %0
func.func @transposed(%q: tensor<2x5x4xf32>, %k: tensor<2x6x4xf32>) -> tensor<2x5x6xf32> {
  %0 = aten.transpose.int %k {dim0 = 1, dim1 = 2} : (tensor<2x6x4xf32>) -> tensor<2x4x6xf32>
  %1 = aten.bmm %q, %0 : (tensor<2x5x4xf32>, tensor<2x4x6xf32>) -> tensor<2x5x6xf32>
  func.return %1 : tensor<2x5x6xf32>
}

// CHECK-LABEL: func.func @addmm(
// CHECK-NEXT:    %0 = reg.MatMul %x, %w :
// CHECK-NEXT:    %1 = reg.Add %0, %b :
// CHECK-NEXT:    %2 = reg.MatMul %x, %w :
// CHECK-NEXT:    %3 = reg.Constant {value = dense<5.000000e-01> : tensor<f32>}
// CHECK-NEXT:    %4 = reg.Multiply %2, %3 :
// CHECK-NEXT:    func.return %1, %4
func.func @addmm(%b: tensor<4xf32>, %x: tensor<2x3xf32>, %w: tensor<3x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = aten.addmm %b, %x, %w : (tensor<4xf32>, tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  %1 = aten.addmm %b, %x, %w {beta = 0, alpha = 0.5} : (tensor<4xf32>, tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  func.return %0, %1 : tensor<2x4xf32>, tensor<2x4xf32>
}

// Every dimension of an ellipsis gets a letter.
// CHECK-LABEL: func.func @einsum(
// CHECK-NEXT:    %0 = reg.Einsum [%x, %y] {equation = "abi,ij->abj"}
// CHECK-NEXT:    func.return %0
func.func @einsum(%x: tensor<2x3x4xf32>, %y: tensor<4x5xf32>) -> tensor<2x3x5xf32> {
  %0 = aten.einsum [%x, %y] {equation = "...i, ij -> ...j"} : (tensor<2x3x4xf32>, tensor<4x5xf32>) -> tensor<2x3x5xf32>
  func.return %0 : tensor<2x3x5xf32>
}

// CHECK-LABEL: func.func @convolution(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[2, 2, 2, 3, 3]> : tensor<5xi64>}
// CHECK-NEXT:    %1 = reg.Reshape %w, %0 {special_zero = false}
// CHECK-NEXT:    %2 = reg.GroupConvolution %x, %1 {strides = [2, 2], pads_begin = [1, 1], pads_end = [1, 1], dilations = [1, 1]}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<[1, 4, 1, 1]> : tensor<4xi64>}
// CHECK-NEXT:    %4 = reg.Reshape %b, %3 {special_zero = false}
// CHECK-NEXT:    %5 = reg.Add %2, %4 :
// CHECK-NEXT:    func.return %5
func.func @convolution(%x: tensor<1x4x8x8xf32>, %w: tensor<4x2x3x3xf32>, %b: tensor<4xf32>) -> tensor<1x4x4x4xf32> {
  %0 = aten.conv2d %x, %w, bias = %b {stride = [2, 2], padding = [1, 1], groups = 2} : (tensor<1x4x8x8xf32>, tensor<4x2x3x3xf32>, tensor<4xf32>) -> tensor<1x4x4x4xf32>
  func.return %0 : tensor<1x4x4x4xf32>
}

// Without a batch it gets one.
// CHECK-LABEL: func.func @unbatched(
// CHECK-NEXT:    %0 = reg.Constant {value = dense<[1, 4, 8]> : tensor<3xi64>}
// CHECK-NEXT:    %1 = reg.Reshape %x, %0 {special_zero = false}
// CHECK-NEXT:    %2 = reg.ConvolutionBackpropData %1, %w {strides = [1], pads_begin = [0], pads_end = [0], dilations = [1], output_padding = [0]}
// CHECK-NEXT:    %3 = reg.Constant {value = dense<[2, 10]> : tensor<2xi64>}
// CHECK-NEXT:    %4 = reg.Reshape %2, %3 {special_zero = false}
// CHECK-NEXT:    func.return %4
func.func @unbatched(%x: tensor<4x8xf32>, %w: tensor<4x2x3xf32>) -> tensor<2x10xf32> {
  %0 = aten.conv_transpose1d %x, %w : (tensor<4x8xf32>, tensor<4x2x3xf32>) -> tensor<2x10xf32>
  func.return %0 : tensor<2x10xf32>
}

// CHECK-LABEL: func.func @pooling(
// CHECK-NEXT:    %0, %1 = reg.MaxPool %x {strides = [2, 2], dilations = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], kernel = [2, 2], axis = 2}
// CHECK-NEXT:    %2 = reg.Constant {value = dense<[2, 3]> : tensor<2xi64>}
// CHECK-NEXT:    %3 = reg.ReduceMean %0, %2 {keep_dims = true}
// CHECK-NEXT:    func.return %0, %3
func.func @pooling(%x: tensor<1x2x8x8xf32>) -> (tensor<1x2x4x4xf32>, tensor<1x2x1x1xf32>) {
  %0 = aten.max_pool2d %x {kernel_size = [2, 2]} : (tensor<1x2x8x8xf32>) -> tensor<1x2x4x4xf32>
  %1 = aten.adaptive_avg_pool2d %0 {output_size = [1, 1]} : (tensor<1x2x4x4xf32>) -> tensor<1x2x1x1xf32>
  func.return %0, %1 : tensor<1x2x4x4xf32>, tensor<1x2x1x1xf32>
}
