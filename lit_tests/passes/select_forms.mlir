// RUN: forge-opt %s -p 'select-forms{platform="%S/Inputs/forms.toml"}' | filecheck %s
// RUN: forge-opt %s -p 'select-forms{platform="%S/Inputs/forms.toml"}' --explain -o %t.mlir 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'select-forms{platform=npu3721}' 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not forge-opt %s -p 'select-forms{platform="no/such.toml"}' 2>&1 | filecheck %s --check-prefix=FILE

// UNKNOWN: Forge has no forms for a platform 'npu3721'
// UNKNOWN: hint: did you mean npu3720{{.*}}; your own is a path to a .toml file
// FILE:    cannot read no/such.toml: No such file or directory

// EXPLAIN: refused  select-forms: transformer.mlp
// EXPLAIN-SAME: the table has no shape near its own
// EXPLAIN: forms not in the table: 2
// EXPLAIN: forms of the same shape: 1

func.func @main(%x: tensor<1x4x8xf32>, %up: tensor<16x8xf32>, %down: tensor<8x16xf32>, %wide_up: tensor<64x8xf32>, %wide_down: tensor<8x64xf32>) -> (tensor<1x4x8xf32>, tensor<1x4x8xf32>, tensor<1x4x8xf32>, tensor<1x4x8xf32>) {
  // The table has this shape.
  // CHECK: transformer.mlp %x, %up, %down {activation = relu, form = {up_slices = 4, down_slices = 2}}
  %same = transformer.mlp %x, %up, %down {activation = relu} : (tensor<1x4x8xf32>, tensor<16x8xf32>, tensor<8x16xf32>) -> tensor<1x4x8xf32>
  // What says itself how it is to be emitted stays so.
  // CHECK: transformer.mlp %x, %up, %down {activation = relu, form = {up_slices = 2}}
  %own = transformer.mlp %x, %up, %down {activation = relu, form = {up_slices = 2}} : (tensor<1x4x8xf32>, tensor<16x8xf32>, tensor<8x16xf32>) -> tensor<1x4x8xf32>
  // Another activation.
  // CHECK: transformer.mlp %x, %up, %down {activation = silu} :
  %other = transformer.mlp %x, %up, %down {activation = silu} : (tensor<1x4x8xf32>, tensor<16x8xf32>, tensor<8x16xf32>) -> tensor<1x4x8xf32>
  // A hidden layer four times as wide.
  // CHECK: transformer.mlp %x, %wide_up, %wide_down {activation = relu} :
  %wide = transformer.mlp %x, %wide_up, %wide_down {activation = relu} : (tensor<1x4x8xf32>, tensor<64x8xf32>, tensor<8x64xf32>) -> tensor<1x4x8xf32>
  func.return %same, %own, %other, %wide : tensor<1x4x8xf32>, tensor<1x4x8xf32>, tensor<1x4x8xf32>, tensor<1x4x8xf32>
}
