// RUN: forge-opt %s | forge-opt | filecheck %s
// RUN: forge-opt %s --print-op-generic | filecheck %s --check-prefix GENERIC
// RUN: forge-opt %s --print-op-generic | forge-opt - -o - | filecheck %s
// RUN: forge-opt %s --print-debuginfo | forge-opt --print-debuginfo | filecheck %s --check-prefix LOCATION

// All levels stand in one file; what is printed reads back.
// CHECK:       func.func @main(%x: tensor<2x4xf32> {forge.name = "x"}) -> (tensor<2x4xf32> {forge.name = "y"}) {
// CHECK-NEXT:    %w = forge.weight "fc.weight" : tensor<4x4xf32>
// CHECK-NEXT:    %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:    %1 = transformer.linear %0, %w {activation = relu} : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
// CHECK-NEXT:    func.return %1 : tensor<2x4xf32>
// CHECK:       func.func @registers(%x: !reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu> {
// CHECK-NEXT:    %0 = reg.Relu %x : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>

// GENERIC: "aten.linear"(%x, %w) : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
// GENERIC: "transformer.linear"(%0, %w) <{

// An operation keeps the location it came with; without one, its place in the file is it.
// LOCATION: aten.linear {{.*}} loc("linear"("fc"("model.py":7:0)))
// LOCATION: transformer.linear {{.*}} loc("{{.*}}round_trip.mlir":25:3)

func.func @main(%x: tensor<2x4xf32> {forge.name = "x"}) -> (tensor<2x4xf32> {forge.name = "y"}) {
  %w = forge.weight "fc.weight" : tensor<4x4xf32>
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32> loc("linear"("fc"("model.py":7:0)))
  %1 = transformer.linear %0, %w {activation = relu} : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  func.return %1 : tensor<2x4xf32>
}

func.func @registers(%x: !reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu> {
  %0 = reg.Relu %x : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  func.return %0 : !reg.reg<2x4xf32, cpu>
}
