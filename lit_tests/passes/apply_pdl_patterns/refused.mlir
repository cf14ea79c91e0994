// RUN: not forge-opt %s --apply-pdl %S/../Inputs/misspelt.pdl 2>&1 | filecheck %s --check-prefix=MISSPELT
// RUN: not forge-opt %s --apply-pdl %S/../Inputs/ranges.pdl 2>&1 | filecheck %s --check-prefix=RANGES
// RUN: not forge-opt %s --apply-pdl %S/../Inputs/unfinished.pdl 2>&1 | filecheck %s --check-prefix=UNFINISHED
// RUN: not forge-opt %s --apply-pdl %S/../Inputs/gone.pdl 2>&1 | filecheck %s --check-prefix=GONE

// A mistake in a file of patterns is reported at its place.
// MISSPELT:   misspelt.pdl:4:3: error: {{.*}}there is no operation aten.relux
// MISSPELT:   did you mean aten.relu
// RANGES:     ranges.pdl:3:3: error: {{.*}}Forge does not apply this
// UNFINISHED: unfinished.pdl:3:1: error:
// GONE:       error: cannot read {{.*}}gone.pdl: No such file
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
