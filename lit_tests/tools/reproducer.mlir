// RUN: not forge-opt %s --load-pass-plugin %S/../../tests/planted_passes.py -p "simplify,wrong-shape,convert-to-reg{device=host}" --mlir-pass-pipeline-crash-reproducer=%t.mlir 2>&1 | filecheck %s --check-prefix NOTE
// RUN: filecheck %s < %t.mlir
// RUN: not forge-opt %t.mlir --load-pass-plugin %S/../../tests/planted_passes.py --run-reproducer 2>&1 | filecheck %s --check-prefix AGAIN

// Local: from before the pass, and that pass alone.
// RUN: not forge-opt %s --load-pass-plugin %S/../../tests/planted_passes.py -p simplify,wrong-shape,convert-to-reg --mlir-pass-pipeline-crash-reproducer=%t.local.mlir --mlir-pass-pipeline-local-reproducer 2>&1 | filecheck %s --check-prefix NOTE
// RUN: filecheck %s --check-prefix LOCAL < %t.local.mlir
// RUN: not forge-opt %t.local.mlir --load-pass-plugin %S/../../tests/planted_passes.py --run-reproducer 2>&1 | filecheck %s --check-prefix AGAIN

// RUN: forge-reduce %t.mlir --crashes --run-reproducer --load-pass-plugin %S/../../tests/planted_passes.py 2>&1 | filecheck %s --check-prefix REDUCED
// RUN: forge-bisect %t.mlir --crashes --run-reproducer --load-pass-plugin %S/../../tests/planted_passes.py | filecheck %s --check-prefix BLAMED

// It is a program like any other, whose passes are run only if one asks for that.
// RUN: forge-opt %t.local.mlir | filecheck %s --check-prefix PROGRAM

// Where nothing fails, nothing is written.
// RUN: rm -f %t.none.mlir
// RUN: forge-opt %s -p simplify --mlir-pass-pipeline-crash-reproducer=%t.none.mlir -o %t.out.mlir
// RUN: not cat %t.none.mlir

// RUN: not forge-opt %s --run-reproducer 2>&1 | filecheck %s --check-prefix NONE
// RUN: not forge-opt %t.mlir --run-reproducer -p simplify 2>&1 | filecheck %s --check-prefix TWICE
// RUN: not forge-opt %s --mlir-pass-pipeline-local-reproducer 2>&1 | filecheck %s --check-prefix ALONE
// RUN: not forge-opt %s --mlir-pass-pipeline-crash-reproducer=%t.gone/x.mlir 2>&1 | filecheck %s --check-prefix WRITE

// NOTE: note: the pass wrong-shape failed; forge-opt --run-reproducer {{.*}}.mlir repeats it
// NOTE: wrong-shape left an invalid program

// CHECK:      %[[N:.*]] = aten.alias %x
// CHECK:      aten.sin %[[N]]
// CHECK-SAME: loc("sin"("head"("model.py":3:0)))
// CHECK:      {-#
// CHECK-NEXT:   external_resources: {
// CHECK-NEXT:     mlir_reproducer: {
// CHECK-NEXT:       pipeline: "builtin.module(simplify,wrong-shape,convert-to-reg{device=\22host\22})",
// CHECK-NEXT:       disable_threading: true,
// CHECK-NEXT:       verify_each: true
// CHECK-NEXT:     }
// CHECK-NEXT:   }
// CHECK-NEXT: #-}

// AGAIN: wrong-shape left an invalid program: aten.reshape: 6 elements do not fit shape [3]

// REDUCED: reduced: 3 → 1 operations
// BLAMED:  pass:    wrong-shape, 2 of 3

// LOCAL-NOT:  aten.alias
// LOCAL:      aten.reshape
// LOCAL:      pipeline: "builtin.module(wrong-shape)",

// PROGRAM:     aten.reshape %{{.*}} {shape = [6]}
// PROGRAM-NOT: reproducer

// NONE:  error: this program is no reproducer: it has no passes of its own to run
// TWICE: error: a reproducer says itself which passes to run
// ALONE: error: --mlir-pass-pipeline-local-reproducer is a way to write a reproducer
// WRITE: error: cannot write {{.*}}: there is no directory

func.func @main(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  %0 = aten.alias %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.sin %0 : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("sin"("head"("model.py":3:0)))
  %2 = aten.reshape %1 {shape = [6]} : (tensor<2x3xf32>) -> tensor<6xf32>
  func.return %2 : tensor<6xf32>
}
