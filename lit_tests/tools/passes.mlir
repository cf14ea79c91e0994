// RUN: forge-opt %s -p "convert-aten-to-transformer,fuse-linear-activation" --explain --time-passes --print-between-passes -o %t 2>&1 | filecheck %s --check-prefix STDERR
// RUN: filecheck %s < %t
// RUN: not forge-opt %s -p fuse-linear-activatoin 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: not forge-opt %s -p "convert-to-reg{devise=cpu}" 2>&1 | filecheck %s --check-prefix OPTION

// STDERR:      IR Dump After ConvertAtenToTransformerPass
// STDERR:      fuse-linear-activation: 6 operations → 5
// STDERR-NEXT:   fired    FuseLinearActivation at linear in fc (model.py:7); {{.*}}passes.mlir:23:3
// STDERR-NEXT:   refused  FuseLinearActivation: aten.relu at {{.*}}: the linear layer has other users
// STDERR:      %)  convert-aten-to-transformer

// CHECK:      transformer.linear %x, %w {activation = relu}
// CHECK-NOT:  aten.relu %0

// UNKNOWN: error: there is no pass 'fuse-linear-activatoin'
// UNKNOWN: hint: did you mean fuse-linear-activation
// OPTION:  error: pass 'convert-to-reg': there is no option 'devise'
// OPTION:  hint: its options are device=cpu, host=true

func.func @main(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = forge.weight "fc.weight" : tensor<4x4xf32>
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32> loc("linear"("fc"("model.py":7:0)))
  %1 = aten.relu %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.linear %1, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  %3 = aten.relu %2 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %1, %2, %3 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}
