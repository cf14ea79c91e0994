// RUN: forge-opt %s --apply-pdl %S/Inputs/linear_relu.pdl | filecheck %s
// RUN: forge-opt %s -p 'apply-pdl-patterns{file="%S/Inputs/linear_relu.pdl"}' | filecheck %s
// RUN: forge-opt %s --apply-pdl %S/Inputs/linear_relu.pdl --print-debuginfo | filecheck %s --check-prefix=LOC
// RUN: forge-opt %s --apply-pdl %S/Inputs/linear_relu.pdl --check-numerics --explain 2>&1 >/dev/null | filecheck %s --check-prefix=EXPLAIN
// RUN: forge-opt %s --apply-pdl %S/Inputs/linear_relu.pdl -p eliminate-dead-code --dump-pipeline | filecheck %s --check-prefix=PIPELINE
// RUN: not forge-opt %s --apply-pdl %s 2>&1 | filecheck %s --check-prefix=NONE

// Two patterns after each other; the result's type is inferred, and the location that of all three.
// CHECK-LABEL: func.func @both
// CHECK-NEXT:    %0 = transformer.linear %x, %w, bias = %b {activation = relu}
// CHECK-NEXT:    func.return %0
// LOC:           {activation = relu} {{.*}} loc(fused["{{.*}}":14:3, "{{.*}}":15:3, "{{.*}}":16:3])
func.func @both(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %b: tensor<6xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w, bias = %b : (tensor<8x4xf32>, tensor<6x4xf32>, tensor<6xf32>) -> tensor<8x6xf32>
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = aten.relu %1 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %2 : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @neither
// CHECK-NEXT:    transformer.linear %x, %w :
// CHECK-NEXT:    aten.relu
// CHECK-NEXT:    transformer.linear %x, %v, bias = %b {transpose_weight = false}
// CHECK-NEXT:    aten.relu
// EXPLAIN:       fired    FuseRelu at
// EXPLAIN:       refused  FuseRelu: transformer.linear {{.*}}: has 2 operands, and the pattern 3
// EXPLAIN:       refused  DropRelu: transformer.linear {{.*}}: is no aten.relu
// EXPLAIN:       refused  FuseRelu: transformer.linear {{.*}}: transpose_weight is false, not true
func.func @neither(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>, %v: tensor<4x6xf32>, %b: tensor<6xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>) {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  %2 = transformer.linear %x, %v, bias = %b {transpose_weight = false} : (tensor<8x4xf32>, tensor<4x6xf32>, tensor<6xf32>) -> tensor<8x6xf32>
  %3 = aten.relu %2 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1, %3 : tensor<8x6xf32>, tensor<8x6xf32>
}

// PIPELINE: apply-pdl-patterns{file="{{.*}}linear_relu.pdl"},eliminate-dead-code
// NONE: error: {{.*}}apply_pdl_patterns.mlir holds no pattern
