// RUN: forge-opt %s -p convert-to-reg | filecheck %s

// W·xᵀ, and transposed in the end; the residual is one of rows.
// CHECK-LABEL: func.func @columns(
// CHECK:         %0 = reg.MatMul %w, %x {transpose_b = true} : (!reg.reg<4x3xf32, cpu>, !reg.reg<1x5x3xf32, cpu>) -> !reg.reg<1x4x5xf32, cpu>
// CHECK-NEXT:    %1 = reg.Constant {value = dense<[4, 1]> : tensor<2xi64>}
// CHECK-NEXT:    %2 = reg.Reshape %b, %1 {special_zero = false}
// CHECK-NEXT:    %3 = reg.Add %0, %2 :
// CHECK-NEXT:    %4 = reg.Relu %3 :
// CHECK-NEXT:    %5 = reg.Constant {value = dense<[0, 2, 1]> : tensor<3xi64>}
// CHECK-NEXT:    %6 = reg.Transpose %4, %5 :
// CHECK-NEXT:    %7 = reg.Add %r, %6 :
// CHECK-NEXT:    func.return %7
func.func @columns(%x: tensor<1x5x3xf32>, %r: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %w = forge.weight "w" : tensor<4x3xf32>
  %b = forge.weight "b" : tensor<4xf32>
  %0 = transformer.linear %x, %w, bias = %b, residual = %r {activation = relu, form = {orientation = "columns"}} : (tensor<1x5x3xf32>, tensor<4x3xf32>, tensor<4xf32>, tensor<1x5x4xf32>) -> tensor<1x5x4xf32>
  func.return %0 : tensor<1x5x4xf32>
}

// Two layers of half the outputs, each of them transposed; the residual is that of all.
// CHECK-LABEL: func.func @slices(
// CHECK:         %[[A:.*]] = reg.MatMul %{{.*}}, %x {transpose_b = true} : (!reg.reg<2x3xf32, cpu>, !reg.reg<1x5x3xf32, cpu>) -> !reg.reg<1x2x5xf32, cpu>
// CHECK:         %[[B:.*]] = reg.Transpose %[[A]],
// CHECK:         %[[C:.*]] = reg.MatMul %{{.*}}, %x {transpose_b = true} : (!reg.reg<2x3xf32, cpu>, !reg.reg<1x5x3xf32, cpu>) -> !reg.reg<1x2x5xf32, cpu>
// CHECK:         %[[D:.*]] = reg.Transpose %[[C]],
// CHECK-NEXT:    %[[E:.*]] = reg.Concat [%[[B]], %[[D]]] {axis = 2} :
// CHECK-NEXT:    %[[F:.*]] = reg.Add %r, %[[E]] :
// CHECK-NEXT:    func.return %[[F]]
func.func @slices(%x: tensor<1x5x3xf32>, %r: tensor<1x5x4xf32>) -> tensor<1x5x4xf32> {
  %w = forge.weight "w" : tensor<4x3xf32>
  %0 = transformer.linear %x, %w, residual = %r {form = {orientation = "columns", slices = 2}} : (tensor<1x5x3xf32>, tensor<4x3xf32>, tensor<1x5x4xf32>) -> tensor<1x5x4xf32>
  func.return %0 : tensor<1x5x4xf32>
}

// The last slice in columns, the others not.
// CHECK-LABEL: func.func @mixed(
// CHECK:         %[[A:.*]] = reg.MatMul %x, %{{.*}} {transpose_b = true} : (!reg.reg<1x1x3xf32, cpu>, !reg.reg<16x3xf32, cpu>) -> !reg.reg<1x1x16xf32, cpu>
// CHECK:         %[[B:.*]] = reg.MatMul %x, %{{.*}} {transpose_b = true} : (!reg.reg<1x1x3xf32, cpu>, !reg.reg<16x3xf32, cpu>) -> !reg.reg<1x1x16xf32, cpu>
// CHECK:         %[[C:.*]] = reg.MatMul %{{.*}}, %x {transpose_b = true} : (!reg.reg<16x3xf32, cpu>, !reg.reg<1x1x3xf32, cpu>) -> !reg.reg<1x16x1xf32, cpu>
// CHECK:         %[[D:.*]] = reg.Reshape %[[C]],
// CHECK-NEXT:    %[[E:.*]] = reg.Concat [%[[A]], %[[B]], %[[D]]] {axis = 2} :
// CHECK-NEXT:    func.return %[[E]]
func.func @mixed(%x: tensor<1x1x3xf32>) -> tensor<1x1x48xf32> {
  %w = forge.weight "w" : tensor<48x3xf32>
  %0 = transformer.linear %x, %w {form = {orientation = "mixed", slices = 3}} : (tensor<1x1x3xf32>, tensor<48x3xf32>) -> tensor<1x1x48xf32>
  func.return %0 : tensor<1x1x48xf32>
}

// Four parts of the hidden layer, two by two for a product; one of these has the bias.
// CHECK-LABEL: func.func @mlp(
// CHECK-COUNT-4: reg.Gelu
// CHECK:         %[[A:.*]] = reg.Concat
// CHECK:         %[[B:.*]] = reg.MatMul %[[A]], %{{.*}} : (!reg.reg<1x5x4xf32, cpu>, !reg.reg<4x3xf32, cpu>)
// CHECK-NEXT:    %[[C:.*]] = reg.Add %[[B]], %c :
// CHECK:         %[[D:.*]] = reg.Concat
// CHECK:         %[[E:.*]] = reg.MatMul %[[D]], %{{.*}} : (!reg.reg<1x5x4xf32, cpu>, !reg.reg<4x3xf32, cpu>)
// CHECK-NEXT:    %[[F:.*]] = reg.Add %[[C]], %[[E]] :
// CHECK-NEXT:    %[[G:.*]] = reg.Add %x, %[[F]] :
// CHECK-NEXT:    func.return %[[G]]
func.func @mlp(%x: tensor<1x5x3xf32>) -> tensor<1x5x3xf32> {
  %u = forge.weight "u" : tensor<3x8xf32>
  %b = forge.weight "b" : tensor<8xf32>
  %d = forge.weight "d" : tensor<8x3xf32>
  %c = forge.weight "c" : tensor<3xf32>
  %0 = transformer.mlp %x, %u, %d, up_bias = %b, down_bias = %c, residual = %x {activation = gelu_tanh, transpose_weight = false, form = {up_slices = 4, down_slices = 2}} : (tensor<1x5x3xf32>, tensor<3x8xf32>, tensor<8x3xf32>, tensor<8xf32>, tensor<3xf32>, tensor<1x5x3xf32>) -> tensor<1x5x3xf32>
  func.return %0 : tensor<1x5x3xf32>
}

// One hidden layer, taken apart for two products.
// CHECK-LABEL: func.func @gated_mlp(
// CHECK:         %[[H:.*]] = reg.Multiply
// CHECK:         reg.Slice %[[H]]
// CHECK:         %[[P:.*]] = reg.MatMul
// CHECK:         reg.Slice %[[H]]
// CHECK:         %[[Q:.*]] = reg.MatMul
// CHECK-NEXT:    %[[Y:.*]] = reg.Add %[[P]], %[[Q]] :
// CHECK-NEXT:    func.return %[[Y]]
func.func @gated_mlp(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %g = forge.weight "g" : tensor<6x3xf32>
  %u = forge.weight "u" : tensor<6x3xf32>
  %d = forge.weight "d" : tensor<3x6xf32>
  %0 = transformer.gated_mlp %x, %g, %u, %d {form = {down_slices = 2}} : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<6x3xf32>, tensor<3x6xf32>) -> tensor<5x3xf32>
  func.return %0 : tensor<5x3xf32>
}
