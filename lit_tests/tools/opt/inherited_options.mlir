// RUN: cat %s | forge-opt --frontend mlir | filecheck %s
// RUN: not forge-opt %s --no-implicit-module 2>&1 | filecheck %s --check-prefix MODULE
// RUN: forge-opt %s --print-op-generic --print-no-properties | filecheck %s --check-prefix ATTRIBUTES
// RUN: forge-opt %s --syntax-highlight | filecheck %s --check-prefix COLOURS
// RUN: not forge-opt %s --shrink | filecheck %s --check-prefix WHOLE
// RUN: sed 's/dim = 1/dim = 7/' %s > %t.mlir && forge-opt %t.mlir --disable-verify | filecheck %s --check-prefix UNVERIFIED
// RUN: not forge-opt %t.mlir 2>&1 | filecheck %s --check-prefix VERIFIED
// RUN: sed 's/softmax.int/sofmax/' %s | forge-opt -f mlir --parsing-diagnostics | filecheck %s --check-prefix UNKNOWN

// The options that forge-opt has from xdsl-opt mean here what they mean there.
// CHECK:      aten.softmax.int %x {dim = 1}
// MODULE:     error: builtin.module operation expected
// ATTRIBUTES: "aten.softmax.int"(%x) {dim = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
// COLOURS:    {{.}}[95m%x{{.}}[0m: tensor<2x3xf32>
// WHOLE:      Failure, can't shrink
// UNVERIFIED: aten.softmax.int %x {dim = 7}
// VERIFIED:   error: aten.softmax.int: dimension 7 is out of range
// UNKNOWN:    error: Operation aten.sofmax is not registered
// UNKNOWN:    hint: did you mean

func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = aten.softmax.int %x {dim = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
