// RUN: forge-opt %s --allow-unregistered-dialect | forge-opt --allow-unregistered-dialect | filecheck %s
// RUN: not forge-opt %s 2>&1 | filecheck %s --check-prefix ERROR

// CHECK: %0 = "elsewhere.op"(%x) {k = 1 : i64} : (tensor<2xf32>) -> !elsewhere.type<3>
// ERROR: unregistered.mlir:9:9: error: Operation elsewhere.op is not registered
// ERROR: --allow-unregistered-dialect

func.func @main(%x: tensor<2xf32>) {
  %0 = "elsewhere.op"(%x) {k = 1} : (tensor<2xf32>) -> !elsewhere.type<3>
  func.return
}
