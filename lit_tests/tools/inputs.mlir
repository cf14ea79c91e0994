// REQUIRES: torch
// RUN: python -c "import numpy; numpy.savez('%t.npz', x=numpy.array([1, -2], numpy.float32))"
// RUN: forge-opt %s --run --inputs %t.npz --outputs %t.out.npz | filecheck %s --check-prefix TABLE
// RUN: python -c "import numpy; print(numpy.load('%t.out.npz')['y'])" | filecheck %s --check-prefix FILE
// RUN: not forge-opt %s --inputs %t.npz 2>&1 | filecheck %s --check-prefix ALONE

// A run takes its inputs from a file, and writes its outputs to one, by their names.
// TABLE: y {{.*}} 1, 0
// FILE:  [1. 0.]
// ALONE: error: --inputs belongs to a run

func.func @main(%x: tensor<2xf32> {forge.name = "x"}) -> (tensor<2xf32> {forge.name = "y"}) {
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
