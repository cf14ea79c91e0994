// At 0, a SiLU and the GELU that the planted pass takes for it are both 0.
// RUN: python -c "import numpy, safetensors.numpy as s; s.save_file({'w': numpy.zeros(4, numpy.float32)}, '%t.safetensors')"
// RUN: not forge-reduce %s --changes-numbers --weights %t.safetensors --load-pass-plugin %S/../../../tests/planted_passes.py -p wrong-activation 2>&1 | filecheck %s --check-prefix RIGHT
// RUN: forge-reduce %s --changes-numbers --seed 3 --load-pass-plugin %S/../../../tests/planted_passes.py -p wrong-activation 2>&1 | filecheck %s
// RUN: not forge-reduce %s --crashes --weights %t.safetensors -p simplify 2>&1 | filecheck %s --check-prefix OTHER
// RUN: not forge-reduce %s --changes-numbers --weights %t.gone -p simplify 2>&1 | filecheck %s --check-prefix GONE

// RIGHT: error: no pass changes what the {{.*}}program computes
// OTHER: error: --weights belongs to --changes-numbers
// GONE:  error: {{.*}}.gone

// CHECK: reduced: 4 → 2 operations

func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %w = forge.weight "w" : tensor<4xf32>
  %0 = aten.mul.Tensor %x, %w : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  %1 = aten.silu %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.silu %1 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %2 : tensor<2x4xf32>
}
