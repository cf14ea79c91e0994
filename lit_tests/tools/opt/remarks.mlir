// RUN: forge-opt %s -p convert-aten-to-transformer,fuse-linear-activation --remarks=fusion --verify-diagnostics | filecheck %s
// RUN: forge-opt %s -p convert-aten-to-transformer,fuse-linear-activation --remarks -o %t 2>&1 | filecheck %s --check-prefix STDERR
// RUN: not forge-opt %s --remarks='(' -p simplify 2>&1 | filecheck %s --check-prefix REGEX

// CHECK:      transformer.linear %x, %w {activation = relu}
// CHECK-NOT:  remark

// STDERR:      remarks.mlir:16:3: remark: [Passed] ConvertLinear | Category:conversion:convert-aten-to-transformer | Op=aten.linear
// STDERR-NEXT:   %0 = aten.linear
// STDERR-NEXT:   ^
// STDERR-NEXT:   at linear in fc (model.py:7)
// REGEX: error: --remarks=( is no regular expression

func.func @main(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = forge.weight "fc.weight" : tensor<4x4xf32>
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32> loc("linear"("fc"("model.py":7:0)))
  // expected-remark @below {{[Passed] FuseLinearActivation | Category:fusion:fuse-linear-activation | Op=aten.relu}}
  %1 = aten.relu %0 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %2 = aten.linear %1, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  // expected-remark @below {{[Missed] FuseLinearActivation | Category:fusion:fuse-linear-activation | Op=aten.relu | Reason="the linear layer has other users"}}
  %3 = aten.relu %2 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %1, %2, %3 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}
