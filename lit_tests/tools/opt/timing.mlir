// RUN: forge-opt %s -p convert-aten-to-transformer,fuse-linear-activation --mlir-timing -o %t 2>&1 | filecheck %s --check-prefix TREE
// RUN: forge-opt %s -p fuse-linear-activation --mlir-timing --mlir-timing-display=list -o %t 2>&1 | filecheck %s --check-prefix LIST
// RUN: forge-opt %s -p fuse-linear-activation --time-passes -o %t 2>&1 | filecheck %s --check-prefix LIST
// RUN: forge-opt %s -p fuse-linear-activation --mlir-timing --verify-each=false -o %t 2>&1 | filecheck %s --check-prefix UNVERIFIED
// RUN: not forge-opt %s -p convert-to-reg --target nowhere --mlir-timing 2>&1 | filecheck %s --check-prefix EARLY

// TREE:      {{^}}===-
// TREE:      Execution time report
// TREE:      Total Execution Time: {{[0-9.]+}} seconds
// TREE:      ----Wall Time----  ----Name----
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}  Parser
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}  Verifier
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}  'builtin.module' Pipeline
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}    convert-aten-to-transformer
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}      ConvertLinear
// TREE:      {{[0-9.]+ \( *[0-9.]+%\)}}      (V) Verifier
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}      Rest
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}    fuse-linear-activation
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}      FuseLinearActivation
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}      (V) Verifier
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}      Rest
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}  Output
// TREE-NEXT: {{[0-9.]+ \( *[0-9.]+%\)}}  Rest
// TREE-NEXT: {{[0-9.]+ \(100.0%\)}}  Total

// LIST:      ----Name----
// LIST-NOT:  Pipeline
// LIST:      {{[0-9.]+ \( *[0-9.]+%\)}}  {{FuseLinearActivation|fuse-linear-activation}}
// LIST:      Total

// UNVERIFIED:      fuse-linear-activation
// UNVERIFIED-NOT:  (V) Verifier
// UNVERIFIED:      Total

// EARLY-NOT: Execution time

func.func @main(%x: tensor<2x4xf32>, %w: tensor<3x4xf32>) -> tensor<2x3xf32> {
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  %1 = transformer.linear %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  %2 = aten.relu %1 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = aten.add.Tensor %0, %2 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %3 : tensor<2x3xf32>
}
