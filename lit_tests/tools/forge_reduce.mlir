// RUN: forge-reduce %s --test %S/Inputs/mentions_silu.sh -o %t 2>&1 | filecheck %s --check-prefix PROGRESS
// RUN: filecheck %s < %t
// RUN: forge-reduce - --test %S/Inputs/mentions_silu.sh < %s 2> /dev/null | filecheck %s
// RUN: forge-reduce %s --test %S/Inputs/mentions_silu.sh --mlir-print-debuginfo 2> /dev/null | filecheck %s --check-prefix PLACE

// RUN: forge-reduce %s --changes-numbers --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-activation --seed 1 2>&1 | filecheck %s --check-prefix NUMBERS
// RUN: forge-reduce %s --changes-numbers --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-activation -o %t.mlir 2> /dev/null
// RUN: not forge-opt %t.mlir --check-numerics --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-activation 2>&1 | filecheck %s --check-prefix AGAIN

// RUN: forge-reduce %s --crashes --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-shape 2> /dev/null | filecheck %s --check-prefix CRASH
// RUN: forge-reduce %s --fails-with "16 elements do not fit" --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-shape 2> /dev/null | filecheck %s --check-prefix MESSAGE

// RUN: not forge-reduce %s --test %S/Inputs/mentions_gelu.sh 2>&1 | filecheck %s --check-prefix ABSENT
// RUN: not forge-reduce %s --crashes 2>&1 | filecheck %s --check-prefix PASSES
// RUN: not forge-reduce %s -p simplify 2>&1 | filecheck %s --check-prefix KIND

// PROGRESS:      operations: 1 operations
// PROGRESS:      reduced: 6 → 1 operations, {{[0-9]+}} → 2 elements, {{[0-9]+}} → {{[0-9]+}} characters; {{[0-9]+}} tests

// CHECK:      func.func @main(%{{.*}}: tensor<1x1xf32>) {
// CHECK-NEXT:   %{{.*}} = aten.silu %{{.*}} : (tensor<1x1xf32>) -> tensor<1x1xf32>
// CHECK-NEXT:   func.return
// CHECK-NEXT: }

// PLACE:      aten.silu {{.*}} loc("silu"("mlp.act"("model.py":7:0)))

// NUMBERS:      reduced: 6 → 2 operations
// NUMBERS:      %[[X:.*]] = aten.silu
// NUMBERS-NEXT: aten.silu %[[X]]
// NUMBERS-NEXT: func.return
// AGAIN:        the pattern ApproximateSilu on aten.silu does it, in rewrite 1 of 1

// CRASH:      func.func @main(%{{.*}}: tensor<1x{{[0-9]}}xf32>) {
// CRASH-NEXT:   aten.reshape
// CRASH-NEXT:   func.return

// There stay sixteen of them.
// MESSAGE:    aten.reshape %{{.*}} : (tensor<{{.*}}xf32>) -> tensor<4x4xf32>

// ABSENT: error: the whole program does not make {{.*}}mentions_gelu.sh exit with 0, so there is nothing to look for
// PASSES: error: a script runs passes itself, and nothing else can do without them
// KIND:   error: one of the arguments --test --crashes --fails-with --changes-numbers is required

func.func @main(%x: tensor<2x8xf32>) -> (tensor<2x8xf32>, tensor<4x4xf32>) {
  %0 = aten.neg %x : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %1 = aten.silu %0 : (tensor<2x8xf32>) -> tensor<2x8xf32> loc("silu"("mlp.act"("model.py":7:0)))
  %2 = aten.silu %1 : (tensor<2x8xf32>) -> tensor<2x8xf32> loc("silu_1"("mlp.act"("model.py":8:0)))
  %3 = aten.relu %2 : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %4 = aten.reshape %3 {shape = [4, 4]} : (tensor<2x8xf32>) -> tensor<4x4xf32>
  %5 = aten.sin %4 : (tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %3, %5 : tensor<2x8xf32>, tensor<4x4xf32>
}
