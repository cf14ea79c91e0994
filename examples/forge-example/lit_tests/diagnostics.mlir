// RUN: not forge-opt %s 2>&1 | filecheck %s

// CHECK: example.soft_cap: cap is -1.0, and must be positive
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = example.soft_cap %x {cap = -1.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
