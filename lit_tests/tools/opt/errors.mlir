// RUN: rm -f %t.mlir
// RUN: not forge-opt %s --split-input-file -o %t.mlir 2>&1 | filecheck %s
// RUN: not ls %t.mlir
// RUN: forge-opt %s --split-input-file --verify-diagnostics | filecheck %s --check-prefix RIGHT

// Each part of a file has its mistake, at the line of the file; nothing is written.
// CHECK:      {{^}}{{.*}}errors.mlir:30:8: error: Operation aten.rleu is not registered
// CHECK-NEXT:   %0 = aten.rleu %x
// CHECK-NEXT:        ^~~~~~~~~
// CHECK-NEXT:   hint: did you mean aten.relu
// CHECK-NEXT: errors.mlir:38:3: error: aten.linear: the contracted extents must agree, got 4 and 5
// CHECK-NEXT:   %0 = aten.linear %x, %w
// CHECK-NEXT:   ^
// CHECK-NEXT:   at linear_3 in encoder.layer.0 (bert.py:52)
// CHECK-NEXT: errors.mlir:46:3: error: aten.relu: operand #0 is used before its definition
// CHECK-NEXT:   %1 = aten.relu %0
// CHECK-NEXT:   ^
// CHECK-NEXT: errors.mlir:48:3: note: defined here, by aten.relu
// CHECK-NEXT:   %0 = aten.relu %x
// CHECK-NEXT:   ^
// CHECK-NOT:  error

// What is right is output where the mistakes are expected.
// RIGHT:       builtin.module {
// RIGHT-NEXT:    func.func @right
// RIGHT-NOT:   func.func

func.func @typo(%x: tensor<2xf32>) {
  // expected-error @below {{Operation aten.rleu is not registered}}
  %0 = aten.rleu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

func.func @shapes(%x: tensor<2x4xf32>, %w: tensor<3x5xf32>) {
  // expected-error-re @+1 {{the contracted extents must agree, got {{[0-9]}} and {{[5]$}}}}
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<3x5xf32>) -> tensor<2x3xf32> loc("linear_3"("encoder.layer.0"("bert.py":52:0)))
  func.return
}

// -----

func.func @order(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @below {{operand #0 is used before its definition}}
  %1 = aten.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
  // expected-note @below {{defined here}}
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return %1 : tensor<2xf32>
}

// -----

func.func @right(%x: tensor<2xf32>) -> tensor<2xf32> {
  func.return %x : tensor<2xf32>
}
