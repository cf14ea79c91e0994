// RUN: not forge-opt %s --split-input-file -o %t 2>&1 | filecheck %s
// RUN: forge-opt %s --split-input-file --parsing-diagnostics --verify-diagnostics | filecheck %s --check-prefix ALL

// The first mistake ends the run; its line is the file's.
// CHECK:       error: {{.*}}errors.mlir:21:8: Operation aten.rleu is not registered
// CHECK-NEXT:    %0 = aten.rleu %x
// CHECK-NEXT:         ^^^^^^^^^
// CHECK-NEXT:  hint: did you mean aten.relu

// With xDSL's options, mistakes are output like any other, and each part has its own.
// ALL: errors.mlir:21:8: Operation aten.rleu is not registered
// ALL: {{^// -+$}}
// ALL: aten.linear: the contracted extents must agree, got 4 and 5
// ALL-NEXT: at {{.*}}errors.mlir:28:3
// ALL: {{^// -+$}}
// ALL: operand #0 is used before its definition
// ALL: {{^// -+$}}
// ALL: func.func @right

func.func @typo(%x: tensor<2xf32>) {
  %0 = aten.rleu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

func.func @shapes(%x: tensor<2x4xf32>, %w: tensor<3x5xf32>) {
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<3x5xf32>) -> tensor<2x3xf32>
  func.return
}

// -----

func.func @order(%x: tensor<2xf32>) -> tensor<2xf32> {
  %1 = aten.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return %1 : tensor<2xf32>
}

// -----

func.func @right(%x: tensor<2xf32>) -> tensor<2xf32> {
  func.return %x : tensor<2xf32>
}
