// RUN: forge-opt %s -p fuse-linear-activation,convert-to-reg,compress-weights --mlir-pass-statistics -o %t 2>&1 | filecheck %s
// RUN: forge-opt %s -p fuse-linear-activation,eliminate-dead-code,fuse-linear-activation --mlir-pass-statistics --mlir-pass-statistics-display=list -o %t 2>&1 | filecheck %s --check-prefix LIST

// CHECK:      Pass statistics report
// CHECK:      {{^}}'builtin.module' Pipeline
// CHECK-NEXT:   fuse-linear-activation
// CHECK-NEXT:     (S) -1 operations {{ *}}- How many more there are after it
// CHECK-NEXT:     (S)  2 FuseLinearActivation.tried
// CHECK-NEXT:     (S)  1 FuseLinearActivation.applied
// CHECK-NEXT:     (S)  1 FuseLinearActivation.missed
// CHECK:        convert-to-reg
// CHECK:        compress-weights
// CHECK:          (S) {{ *[0-9]+}} weights {{.*}}- Counted by the pass

// LIST:      {{^}}eliminate-dead-code
// LIST:      {{^}}fuse-linear-activation
// LIST:        (S)  3 FuseLinearActivation.tried
// LIST-NEXT:   (S)  1 FuseLinearActivation.applied
// LIST-NEXT:   (S)  2 FuseLinearActivation.missed
// LIST-NOT:  fuse-linear-activation

func.func @main(%x: tensor<2x4xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  %w = forge.weight "w" : tensor<3x4xf32>
  %0 = transformer.linear %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  %1 = aten.relu %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = transformer.linear %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  %3 = aten.relu %2 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1, %2, %3 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}
