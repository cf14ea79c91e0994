// RUN: not forge-opt %s 2>&1 | filecheck %s

// What does not fit is named, with the operation and where it comes from.
// CHECK:      shapes.mlir:9:3: error: transformer.linear: weight of shape [6, 5] ([out, in]) takes 5 inputs, but gets 4
// CHECK-NEXT:   %0 = transformer.linear %x, %w
// CHECK-NEXT:   ^
// CHECK-NEXT:   at linear_3 in encoder.layer.0 (bert.py:52)
func.func @main(%x: tensor<8x4xf32>, %w: tensor<6x5xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x5xf32>) -> tensor<8x6xf32> loc("linear_3"("encoder.layer.0"("bert.py":52:0)))
  func.return %0 : tensor<8x6xf32>
}
