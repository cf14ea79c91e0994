// RUN: forge-opt %s -p simplify,eliminate-dead-code --rounds 2 --report %t.json -o %t.mlir && filecheck %s --input-file %t.json
// RUN: forge-opt %s --dump-pipeline --aggressiveness 0 | filecheck %s --check-prefix CAUTIOUS
// RUN: python -c "import numpy, safetensors.numpy as s; s.save_file({'w': numpy.ones(2, numpy.float32)}, '%t.safetensors')"
// RUN: forge-opt %s --weights %t.safetensors --weights-output %t.2.safetensors -o %t.mlir
// RUN: python -c "import safetensors.numpy as s; print(s.load_file('%t.2.safetensors')['w'])" | filecheck %s --check-prefix WEIGHTS

// What each pass did goes to a file, by rounds; the weights that are left go to another.
// CHECK:     "name": "simplify"
// CHECK:     "round": 1
// CHECK:     "name": "eliminate-dead-code"
// WEIGHTS:   [1. 1.]
// CAUTIOUS-NOT: fuse-
// CAUTIOUS:     convert-to-reg{device=cpu}

func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %w = forge.weight "w" : tensor<2xf32>
  %0 = aten.add.Tensor %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
