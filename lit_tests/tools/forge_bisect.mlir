// RUN: forge-bisect %s --changes-numbers --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-activation,eliminate-dead-code | filecheck %s
// RUN: forge-bisect %s --test %S/Inputs/mentions_gelu.sh --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-activation,eliminate-dead-code | filecheck %s --check-prefix SCRIPT
// RUN: forge-bisect %s --crashes --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-shape | filecheck %s --check-prefix CRASH
// RUN: forge-bisect %s --fails-with "invalid program" --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-shape | filecheck %s --check-prefix CRASH
// RUN: forge-bisect - --crashes --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-shape < %s | filecheck %s --check-prefix CRASH

// The commands do what they say.
// RUN: forge-opt %s --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-activation --rewrite-limit 2 2> /dev/null | filecheck %s --check-prefix LIMIT

// RUN: not forge-bisect %s --changes-numbers -p simplify 2>&1 | filecheck %s --check-prefix RIGHT
// RUN: not forge-bisect %s --crashes -p simplify 2>&1 | filecheck %s --check-prefix FINE
// RUN: not forge-bisect %s --fails-with "no such words" --load-pass-plugin %S/../../tests/planted_passes.py -p wrong-shape 2>&1 | filecheck %s --check-prefix OTHER
// RUN: not forge-bisect %s --test %S/Inputs/mentions_silu.sh -p simplify 2>&1 | filecheck %s --check-prefix BEFORE
// RUN: not forge-bisect %s --crashes 2>&1 | filecheck %s --check-prefix PASSES

// CHECK:      problem: @main: output #1 differs by
// CHECK-NEXT: pass:    wrong-activation, 2 of 3
// CHECK-NEXT: pattern: ApproximateSilu, application 2 of 2 of the pass
// CHECK-NEXT: op:      aten.silu at silu_1 in mlp.act (model.py:8)
// CHECK-NEXT: repeat:  forge-opt {{.*}}forge_bisect.mlir --load-pass-plugin {{.*}}planted_passes.py -p simplify,wrong-activation --rewrite-limit 2
// CHECK-NEXT: before:  forge-opt {{.*}} -p simplify,wrong-activation --rewrite-limit 1
// CHECK:      --- before
// CHECK-NEXT: +++ after
// CHECK:      %silu = aten.silu
// CHECK-NEXT: -    %silu_1 = aten.silu %silu
// CHECK-NEXT: +    %silu_1 = aten.gelu %silu

// SCRIPT:      problem: the script exits with 0
// SCRIPT-NEXT: pass:    wrong-activation, 2 of 3
// SCRIPT-NEXT: pattern: ApproximateSilu, application 2 of 2 of the pass

// CRASH:      problem: wrong-shape left an invalid program: aten.reshape
// CRASH-NEXT: pass:    wrong-shape, 2 of 2
// CRASH-NEXT: pattern: none: the pass does it without any, or has none
// CRASH-NEXT: repeat:  forge-opt {{.*}} -p simplify,wrong-shape{{$}}
// CRASH:      -    %{{.*}} = aten.reshape %{{.*}} {shape = [4, 4]}
// CRASH-NEXT: +    %{{.*}} = aten.reshape %{{.*}} {shape = [3]}

// LIMIT:      aten.gelu

// RIGHT:  error: no pass changes what the program computes
// FINE:   error: no pass fails on this program
// OTHER:  error: wrong-shape fails with another message: wrong-shape left an invalid program
// BEFORE: error: the program is wrong before the first pass
// PASSES: error: there is nothing to bisect without passes

func.func @main(%x: tensor<2x8xf32>) -> (tensor<4x4xf32>, tensor<2x8xf32>) {
  %neg = aten.neg %x : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %neg_1 = aten.neg %neg : (tensor<2x8xf32>) -> tensor<2x8xf32>
  %silu = aten.silu %neg_1 : (tensor<2x8xf32>) -> tensor<2x8xf32> loc("silu"("mlp.act"("model.py":7:0)))
  %silu_1 = aten.silu %silu : (tensor<2x8xf32>) -> tensor<2x8xf32> loc("silu_1"("mlp.act"("model.py":8:0)))
  %4 = aten.reshape %x {shape = [4, 4]} : (tensor<2x8xf32>) -> tensor<4x4xf32>
  %5 = aten.sin %4 : (tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %5, %silu_1 : tensor<4x4xf32>, tensor<2x8xf32>
}
