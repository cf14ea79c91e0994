// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN:      fired    FoldFactor at
// EXPLAIN-DAG:  refused  FoldFactor: transformer.linear at {{.*}}: nothing but a product with a number should read it
// EXPLAIN-DAG:  refused  FoldFactor: transformer.linear at {{.*}}: it has a residual
// EXPLAIN-DAG:  refused  FoldFactor: transformer.linear at {{.*}}: it has an activation
// EXPLAIN-DAG:  refused  FoldFactor: transformer.linear at {{.*}}: weights of bf16 would be rounded once more
// EXPLAIN-DAG:  refused  FoldFactor: transformer.linear at {{.*}}: its weight is computed at run time

// Granite multiplies what its blocks add to the residual, and divides its logits.
// CHECK-LABEL: func.func @layers
// CHECK-DAG:     %[[D:.*]] = aten.mul.Scalar %d {other = 0.263}
// CHECK-DAG:     %[[C:.*]] = aten.mul.Scalar %c {other = 0.263}
// CHECK:         %[[Y:.*]] = transformer.mlp %x, %u, %[[D]], down_bias = %[[C]] {activation = relu, form = {up_slices = 2}} :
// CHECK-NEXT:    %[[R:.*]] = aten.add.Tensor %x, %[[Y]]
// CHECK-NEXT:    %[[V:.*]] = aten.mul.Scalar %u {other = 0.25}
// CHECK-NEXT:    transformer.linear %[[R]], %[[V]] :
// CHECK-NEXT:    func.return
func.func @layers(%x: tensor<5x3xf32>) -> tensor<5x6xf32> {
  %u = forge.weight "u" : tensor<6x3xf32>
  %d = forge.weight "d" : tensor<3x6xf32>
  %c = forge.weight "c" : tensor<3xf32>
  %0 = transformer.mlp %x, %u, %d, down_bias = %c {activation = relu, form = {up_slices = 2, factor = "folded"}} : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<3x6xf32>, tensor<3xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Scalar %0 {other = 0.263} : (tensor<5x3xf32>) -> tensor<5x3xf32>
  %2 = aten.add.Tensor %x, %1 : (tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<5x3xf32>
  %3 = transformer.linear %2, %u {form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<6x3xf32>) -> tensor<5x6xf32>
  %4 = aten.div.Scalar %3 {other = 4.0} : (tensor<5x6xf32>) -> tensor<5x6xf32>
  func.return %4 : tensor<5x6xf32>
}

// CHECK-LABEL: func.func @gated
// CHECK:         %[[D:.*]] = aten.mul.Scalar %d {other = 0.5}
// CHECK-NEXT:    transformer.gated_mlp %x, %u, %u, %[[D]] :
// CHECK-NEXT:    func.return
func.func @gated(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %u = forge.weight "u" : tensor<6x3xf32>
  %d = forge.weight "d" : tensor<3x6xf32>
  %0 = transformer.gated_mlp %x, %u, %u, %d {form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<6x3xf32>, tensor<3x6xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Scalar %0 {other = 0.5} : (tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %1 : tensor<5x3xf32>
}

// CHECK-LABEL: func.func @not_asked_for
// CHECK:         transformer.linear %x, %w :
// CHECK-NEXT:    aten.mul.Scalar
func.func @not_asked_for(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %w = forge.weight "w" : tensor<3x3xf32>
  %0 = transformer.linear %x, %w : (tensor<5x3xf32>, tensor<3x3xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Scalar %0 {other = 0.5} : (tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %1 : tensor<5x3xf32>
}

// The product with the number has a second reader beside it.
// CHECK-LABEL: func.func @read_twice
// CHECK:         form = {factor = "folded"}
func.func @read_twice(%x: tensor<5x3xf32>) -> (tensor<5x3xf32>, tensor<5x3xf32>) {
  %w = forge.weight "w" : tensor<3x3xf32>
  %0 = transformer.linear %x, %w {form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<3x3xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Scalar %0 {other = 0.5} : (tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %0, %1 : tensor<5x3xf32>, tensor<5x3xf32>
}

// CHECK-LABEL: func.func @no_number
// CHECK:         form = {factor = "folded"}
func.func @no_number(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %w = forge.weight "w" : tensor<3x3xf32>
  %0 = transformer.linear %x, %w {form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<3x3xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Tensor %0, %x : (tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %1 : tensor<5x3xf32>
}

// CHECK-LABEL: func.func @returned
// CHECK:         form = {factor = "folded"}
func.func @returned(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %w = forge.weight "w" : tensor<3x3xf32>
  %0 = transformer.linear %x, %w {form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<3x3xf32>) -> tensor<5x3xf32>
  func.return %0 : tensor<5x3xf32>
}

// CHECK-LABEL: func.func @residual
// CHECK:         form = {factor = "folded"}
func.func @residual(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %w = forge.weight "w" : tensor<3x3xf32>
  %0 = transformer.linear %x, %w, residual = %x {form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<3x3xf32>, tensor<5x3xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Scalar %0 {other = 0.5} : (tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %1 : tensor<5x3xf32>
}

// CHECK-LABEL: func.func @activation
// CHECK:         form = {factor = "folded"}
func.func @activation(%x: tensor<5x3xf32>) -> tensor<5x3xf32> {
  %w = forge.weight "w" : tensor<3x3xf32>
  %0 = transformer.linear %x, %w {activation = tanh, form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<3x3xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Scalar %0 {other = 0.5} : (tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %1 : tensor<5x3xf32>
}

// CHECK-LABEL: func.func @sixteen_bits
// CHECK:         form = {factor = "folded"}
func.func @sixteen_bits(%x: tensor<5x3xbf16>) -> tensor<5x3xbf16> {
  %w = forge.weight "w" : tensor<3x3xbf16>
  %0 = transformer.linear %x, %w {form = {factor = "folded"}} : (tensor<5x3xbf16>, tensor<3x3xbf16>) -> tensor<5x3xbf16>
  %1 = aten.mul.Scalar %0 {other = 0.3} : (tensor<5x3xbf16>) -> tensor<5x3xbf16>
  func.return %1 : tensor<5x3xbf16>
}

// CHECK-LABEL: func.func @weight_is_given
// CHECK:         form = {factor = "folded"}
func.func @weight_is_given(%x: tensor<5x3xf32>, %w: tensor<3x3xf32>) -> tensor<5x3xf32> {
  %0 = transformer.linear %x, %w {form = {factor = "folded"}} : (tensor<5x3xf32>, tensor<3x3xf32>) -> tensor<5x3xf32>
  %1 = aten.mul.Scalar %0 {other = 0.5} : (tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %1 : tensor<5x3xf32>
}
