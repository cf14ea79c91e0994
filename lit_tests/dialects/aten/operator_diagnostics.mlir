// RUN: forge-opt %s --split-input-file --verify-diagnostics --parsing-diagnostics | filecheck %s

// CHECK: expected "namespace.name.overload" as the operator, got "nms"
func.func @main(%x: tensor<2xf32>) {
  %0 = aten.operator "nms"(x = %x) : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----
// CHECK: two operands are called x
func.func @main(%x: tensor<2xf32>) {
  %0 = aten.operator "ns.op.default"(x = %x, x = %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----
// CHECK: x is an operand and a static argument
func.func @main(%x: tensor<2xf32>) {
  %0 = aten.operator "ns.op.default"(x = %x) {x = 1} : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----
// CHECK: 2 operands have names, of 1
func.func @main(%x: tensor<2xf32>) {
  %0 = "aten.operator"(%x) <{operator = "ns.op.default", operand_names = ["x", "y"], arguments = {}}> : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}
