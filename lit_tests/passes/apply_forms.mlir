// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms,convert-to-reg | filecheck %s --check-prefix=REG

// What concerns one operation alone is left to convert-to-reg.
// CHECK-LABEL: func.func @local
// CHECK-NEXT:    transformer.mlp %x, %u, %d {activation = relu, form = {up_slices = 2}} :
// REG-LABEL:   func.func @local
// REG-COUNT-2:   reg.Relu
func.func @local(%x: tensor<5x3xf32>, %u: tensor<6x3xf32>, %d: tensor<3x6xf32>) -> tensor<5x3xf32> {
  %0 = transformer.mlp %x, %u, %d {activation = relu, form = {up_slices = 2}} : (tensor<5x3xf32>, tensor<6x3xf32>, tensor<3x6xf32>) -> tensor<5x3xf32>
  func.return %0 : tensor<5x3xf32>
}

// What needs the neighbours is built, and the field is gone; the other patterns are tested in the
// directory of this file's name.
// CHECK-LABEL: func.func @structural
// CHECK:         transformer.rms_norm %x {normalized_shape = [3], eps = 1.0e-06} :
func.func @structural(%x: tensor<5x3xf32>) -> tensor<5x6xf32> {
  %w = forge.weight "w" : tensor<3xf32>
  %u = forge.weight "u" : tensor<6x3xf32>
  %0 = transformer.rms_norm %x, weight = %w {normalized_shape = [3], eps = 1.0e-06, form = {scale = "folded"}} : (tensor<5x3xf32>, tensor<3xf32>) -> tensor<5x3xf32>
  %1 = transformer.linear %0, %u : (tensor<5x3xf32>, tensor<6x3xf32>) -> tensor<5x6xf32>
  func.return %1 : tensor<5x6xf32>
}
