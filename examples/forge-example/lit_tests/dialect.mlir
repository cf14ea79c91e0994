// RUN: forge-opt %s | forge-opt | filecheck %s
// RUN: forge-opt %s --print-op-generic | forge-opt | filecheck %s
// RUN: xdsl-opt %s | filecheck %s
// RUN: forge-opt %s --run --seed 1 2>&1 | filecheck %s --check-prefix=OUTPUT

// CHECK: %0 = example.soft_cap %x {cap = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
// OUTPUT: outputs
// OUTPUT: output_0 {{.*}} tensor<2x3xf32>
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = example.soft_cap %x {cap = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
