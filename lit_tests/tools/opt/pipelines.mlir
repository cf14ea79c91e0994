// RUN: forge-opt %s --pass-pipeline='builtin.module(simplify,convert-to-reg{device=npu host=false})' --dump-pass-pipeline -o %t 2>&1 | filecheck %s --check-prefix DUMP
// RUN: filecheck %s < %t
// RUN: forge-opt %s --dump-pass-pipeline -o %t 2>&1 | filecheck %s --check-prefix NONE
// RUN: not forge-opt %s --pass-pipeline=simplify 2>&1 | filecheck %s --check-prefix BARE
// RUN: not forge-opt %s --pass-pipeline='builtin.module(func.func(simplify))' 2>&1 | filecheck %s --check-prefix NESTED
// RUN: not forge-opt %s --pass-pipeline='func.func(simplify)' 2>&1 | filecheck %s --check-prefix NESTED
// RUN: not forge-opt %s --pass-pipeline='builtin.module(simplify)' -p simplify 2>&1 | filecheck %s --check-prefix BOTH
// RUN: not forge-opt %s --pass-pipeline='builtin.module(simplify)' --dump-pipeline --aggressiveness 0.5 2>&1 | filecheck %s --check-prefix SHARE
// RUN: forge-opt --pass-pipeline='builtin.module(simplify)' --dump-pipeline | filecheck %s --check-prefix GIVEN
// RUN: forge-opt --show-dialects | filecheck %s --check-prefix DIALECTS
// RUN: not forge-opt %s --verify-each=maybe 2>&1 | filecheck %s --check-prefix EACH

// DUMP:      Pass Manager with 2 passes:
// DUMP-NEXT: builtin.module(simplify,convert-to-reg{device="npu" host=false})
// CHECK:     reg.Relu {{.*}}npu
// NONE:      Pass Manager with 0 passes:
// NONE-NEXT: builtin.module()
// BARE:      error: 'simplify' does not say what the passes run on
// BARE-NEXT:   hint: 'builtin.module(simplify)' does, and -p 'simplify' needs no such thing
// NESTED:    error: passes run on the module, not on func.func
// BOTH:      error: -p and --pass-pipeline both say what to run
// SHARE:     error: --aggressiveness chooses the passes of the default pipeline, which -p replaces
// GIVEN:     {{^}}simplify{{$}}
// DIALECTS:  {{^}}Available Dialects: {{.*}}aten,{{.*}}builtin,{{.*}}forge,{{.*}}reg,{{.*}}transformer
// EACH:      error: argument --verify-each: invalid choice: 'maybe'

func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = aten.relu %x : (tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
