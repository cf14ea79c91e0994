// REQUIRES: torch
// RUN: forge-opt %s --run > %t.first 2> %t.note
// RUN: forge-opt %s --run --seed 1 2>&1 | filecheck %s --check-prefix SEED
// RUN: forge-opt %s -p convert-to-reg --run -o %t.mlir > %t.lowered
// RUN: diff %t.first %t.lowered
// RUN: forge run %t.mlir | diff - %t.first
// RUN: filecheck %s < %t.first
// RUN: filecheck %s --check-prefix NOTE < %t.note
// RUN: filecheck %s --check-prefix REG < %t.mlir
// RUN: not forge-opt %s --run --weights %s 2>&1 | filecheck %s --check-prefix WEIGHTS

// A run prints its outputs in place of the program; random inputs and weights are always the same.
// CHECK: outputs
// CHECK: y {{.*}} tensor<2x3xf32>
// NOTE: note: 1 weight is random (seed 0)
// SEED: note: 1 weight is random (seed 1)
// REG: reg.MatMul
// WEIGHTS: run.mlir is not a complete safetensors file

func.func @main(%x: tensor<2x4xf32> {forge.name = "x"}) -> (tensor<2x3xf32> {forge.name = "y"}) {
  %w = forge.weight "fc.weight" : tensor<3x4xf32>
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  %1 = aten.relu %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}
