// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s
// RUN: forge-opt %s --print-op-generic | filecheck %s --check-prefix GENERIC

// An operator without a class keeps its name and all its arguments: tensors by name, lists with
// their absent elements, everything else as it is; `unit` is an explicit None.

// CHECK-LABEL: func.func @main
func.func @main(%boxes: tensor<9x4xf32>, %scores: tensor<9xf32>) {
  // CHECK-NEXT: %{{.*}} = aten.operator "torchvision.nms.default"(dets = %{{.*}}, scores = %{{.*}}) {iou_threshold = 0.5} : (tensor<9x4xf32>, tensor<9xf32>) -> tensor<3xi64>
  %0 = aten.operator "torchvision.nms.default"(dets = %boxes, scores = %scores) {iou_threshold = 0.5} : (tensor<9x4xf32>, tensor<9xf32>) -> tensor<3xi64>
  // CHECK-NEXT: %{{.*}}, %{{.*}} = aten.operator "ns.op.overload"(xs = [%{{.*}}, none, %{{.*}}], none = []) {dims = [0, -1], empty = [], weights = [0.5, 2.0], flags = [true, false], dtype = bf16, mode = "a \22b\22", seed = unit} : (tensor<9xf32>, tensor<9xf32>) -> (tensor<9xf32>, tensor<i64>)
  %1, %2 = aten.operator "ns.op.overload"(xs = [%scores, none, %scores], none = []) {dims = [0, -1], empty = [], weights = [0.5, 2.0], flags = [true, false], dtype = bf16, mode = "a \"b\"", seed = unit} : (tensor<9xf32>, tensor<9xf32>) -> (tensor<9xf32>, tensor<i64>)
  // CHECK-NEXT: aten.operator "ns.check.default"() : () -> ()
  aten.operator "ns.check.default"() : () -> ()
  // CHECK-NEXT: func.return
  func.return
}

// GENERIC: operand_names = ["dets", "scores"]
// GENERIC: operand_names = [["xs", array<i1: true, false, true>], ["none", array<i1>]]
