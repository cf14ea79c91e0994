// REQUIRES: mlir-opt
// RUN: forge-opt %s --print-op-generic | mlir-opt --allow-unregistered-dialect | filecheck %s --check-prefix UPSTREAM
// RUN: forge-opt %s --print-op-generic | mlir-opt --allow-unregistered-dialect | forge-opt | filecheck %s
// RUN: forge-opt %s --print-op-generic --print-debuginfo | mlir-opt --allow-unregistered-dialect --mlir-print-debuginfo | filecheck %s --check-prefix LOCATION
// RUN: forge-opt %s --print-op-generic --print-debuginfo | mlir-opt --allow-unregistered-dialect --mlir-print-debuginfo | forge-opt --print-debuginfo | filecheck %s --check-prefix BACK

// LLVM's mlir-opt reads the generic form of each level, knowing none of the dialects but func, and
// what it prints is the same program, with other names of values.
// UPSTREAM:      "aten.linear"(%arg0, %0) : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
// UPSTREAM-NEXT: "transformer.linear"(%1, %0) <{activation = #transformer<activation relu>

// Locations are the same, too; it prints them as aliases.
// LOCATION: "aten.linear"{{.*}} loc([[LINEAR:#loc[0-9]+]])
// LOCATION: [[LINE:#loc[0-9]*]] = loc("model.py":7:0)
// LOCATION: [[MODULE:#loc[0-9]+]] = loc("fc"([[LINE]]))
// LOCATION: [[LINEAR]] = loc("linear"([[MODULE]]))
// BACK:     aten.linear {{.*}} loc("linear"("fc"("model.py":7:0)))

// CHECK-LABEL: func.func @main(
// CHECK-SAME:      %arg0: tensor<2x4xf32> {forge.name = "x"}) -> (tensor<2x4xf32> {forge.name = "y"}) {
// CHECK-NEXT:    %0 = forge.weight "fc.weight" : tensor<4x4xf32>
// CHECK-NEXT:    %1 = aten.linear %arg0, %0 : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:    %2 = transformer.linear %1, %0 {activation = relu} : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
func.func @main(%x: tensor<2x4xf32> {forge.name = "x"}) -> (tensor<2x4xf32> {forge.name = "y"}) {
  %w = forge.weight "fc.weight" : tensor<4x4xf32>
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32> loc("linear"("fc"("model.py":7:0)))
  %1 = transformer.linear %0, %w {activation = relu} : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  func.return %1 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @registers(
// CHECK-NEXT:    %0 = reg.Relu %arg0 : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu, offset = 64>
func.func @registers(%x: !reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu, offset = 64> {
  %0 = reg.Relu %x : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu, offset = 64>
  func.return %0 : !reg.reg<2x4xf32, cpu, offset = 64>
}
