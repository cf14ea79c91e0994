// RUN: forge-opt %s --split-input-file --verify-diagnostics

func.func @main(%x: tensor<2xf32>) {
  // expected-error @below {{expected "namespace.name.overload" as the operator, got "nms"}}
  %0 = aten.operator "nms"(x = %x) : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----
func.func @main(%x: tensor<2xf32>) {
  // expected-error @below {{two operands are called x}}
  %0 = aten.operator "ns.op.default"(x = %x, x = %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----
func.func @main(%x: tensor<2xf32>) {
  // expected-error @below {{x is an operand and a static argument}}
  %0 = aten.operator "ns.op.default"(x = %x) {x = 1} : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----
func.func @main(%x: tensor<2xf32>) {
  // expected-error @below {{2 operands have names, of 1}}
  %0 = "aten.operator"(%x) <{operator = "ns.op.default", operand_names = ["x", "y"], arguments = {}}> : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}
