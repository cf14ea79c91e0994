// RUN: forge-opt %s -p simplify,fuse-linear-activation --mlir-print-ir-before=fuse-linear-activation --mlir-print-ir-after=simplify,fuse-linear-activation -o %t 2>&1 | filecheck %s --check-prefix SOME
// RUN: forge-opt %s -p simplify,fuse-linear-activation --mlir-print-ir-before-all --mlir-print-ir-after-all --mlir-print-ir-module-scope -o %t 2>&1 | filecheck %s --check-prefix ALL
// RUN: forge-opt %s -p simplify,fuse-linear-activation --mlir-print-ir-after-all --mlir-print-ir-after-change -o %t 2>&1 | filecheck %s --check-prefix CHANGE
// RUN: forge-opt %s -p simplify,fuse-linear-activation --print-between-passes -o %t 2>&1 | filecheck %s --check-prefix XDSL
// RUN: not forge-opt %s -p simplify,allocate-buffers --mlir-print-ir-after-failure 2>&1 | filecheck %s --check-prefix FAILURE
// RUN: rm -rf %t.tree
// RUN: not forge-opt %s -p simplify,fuse-linear-activation,allocate-buffers --mlir-print-ir-before=fuse-linear-activation --mlir-print-ir-after-all --mlir-print-ir-after-failure --mlir-print-ir-tree-dir=%t.tree 2>&1 | filecheck %s --check-prefix QUIET
// RUN: ls %t.tree/builtin_module_no-symbol-name | filecheck %s --check-prefix FILES
// RUN: filecheck %s --check-prefix FILE < %t.tree/builtin_module_no-symbol-name/1_fuse-linear-activation.mlir
// RUN: forge-opt %t.tree/builtin_module_no-symbol-name/1_fuse-linear-activation.mlir | filecheck %s --check-prefix FILE
// RUN: forge-opt %s --mlir-elide-elementsattrs-if-larger=3 --mlir-print-debuginfo | filecheck %s --check-prefix ELIDED
// RUN: forge-opt %s --mlir-elide-elementsattrs-if-larger=4 --mlir-print-op-generic | filecheck %s --check-prefix GENERIC
// RUN: not forge-opt %s -p simplify --mlir-print-ir-after=simplfy 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: not forge-opt %s -p simplify --mlir-print-ir-after-change 2>&1 | filecheck %s --check-prefix ALONE
// RUN: not forge-opt %s -p simplify --mlir-print-ir-tree-dir=%t.tree 2>&1 | filecheck %s --check-prefix NOWHERE

// SOME:      {{^}}// -----// IR Dump After SimplifyPass (simplify) //----- //
// SOME-NEXT: builtin.module {
// SOME:        aten.relu
// SOME:      // -----// IR Dump Before FuseLinearActivationPass (fuse-linear-activation) //----- //
// SOME:        aten.relu
// SOME:      // -----// IR Dump After FuseLinearActivationPass (fuse-linear-activation) //----- //
// SOME:        transformer.linear {{.*}}activation = relu

// ALL:       IR Dump Before SimplifyPass (simplify) ('builtin.module' operation) //----- //
// ALL:       IR Dump After SimplifyPass
// ALL:       IR Dump Before FuseLinearActivationPass
// ALL:       IR Dump After FuseLinearActivationPass

// CHANGE:     IR Dump After FuseLinearActivationPass
// CHANGE-NOT: IR Dump After SimplifyPass

// XDSL:      IR Dump After SimplifyPass
// XDSL:      IR Dump After FuseLinearActivationPass

// FAILURE:     IR Dump After AllocateBuffersPass (allocate-buffers) Failed //----- //
// FAILURE:     func.func @main
// FAILURE:     error:

// QUIET-NOT:  IR Dump
// FILES:      0_simplify.mlir
// FILES-NEXT: 1_fuse-linear-activation.mlir
// FILES-NEXT: 1_fuse-linear-activation_before.mlir
// FILES-NEXT: 2_allocate-buffers_failed.mlir
// FILE:       activation = relu

// ELIDED:      forge.constant dense_resource<__elided__> : tensor<2x2xf32> loc("{{.*}}printing.mlir":57:3)
// ELIDED-NEXT: forge.constant dense<0.000000e+00> : tensor<9x9xf32>
// GENERIC:     "forge.constant"() <{value = dense<{{\[\[}}1.000000e+00

// UNKNOWN:     error: there is no pass 'simplfy' to print the program at
// UNKNOWN:     hint: did you mean simplify
// ALONE:       hint: add --mlir-print-ir-after-all
// NOWHERE:     hint: add --mlir-print-ir-after-all

func.func @main(%x: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<9x9xf32>) {
  %w = forge.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %z = forge.constant dense<0.0> : tensor<9x9xf32>
  %0 = transformer.linear %x, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = aten.relu %0 : (tensor<2x2xf32>) -> tensor<2x2xf32>
  func.return %1, %z : tensor<2x2xf32>, tensor<9x9xf32>
}
