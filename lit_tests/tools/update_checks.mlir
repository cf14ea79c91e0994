// RUN: rm -rf %t && mkdir -p %t && cp %S/Inputs/update_checks/before.mlir %t/test.mlir
// RUN: forge-update-checks %t/test.mlir 2>&1 | filecheck %s --check-prefix UPDATED
// RUN: diff %t/test.mlir %S/Inputs/update_checks/after.mlir

// Once more changes nothing, and tests that people wrote are left. Where the program is another, the
// lines no longer match, and are stale.
// RUN: cp %s %t/by_hand.mlir
// RUN: sed 's/aten.relu/aten.silu/' %t/test.mlir > %t/mutated.mlir
// RUN: not forge-update-checks --check %t 2>&1 | filecheck %s --check-prefix MUTATED
// RUN: diff %t/test.mlir %S/Inputs/update_checks/after.mlir
// RUN: forge-opt %t/mutated.mlir -p fuse-linear-activation --split-input-file > %t/mutated.out
// RUN: not filecheck %t/mutated.mlir --input-file %t/mutated.out

// UPDATED:      {{^}}updated {{.*}}test.mlir
// MUTATED:      {{^}}stale: {{.*}}mutated.mlir
// MUTATED-NEXT: hint: forge-update-checks without --check writes them anew
