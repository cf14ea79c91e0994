// RUN: forge-opt %s -p convert-to-reg --check-numerics | filecheck %s
// RUN: xdsl-opt %s -p convert-to-reg | filecheck %s
// RUN: forge-opt %s -p convert-to-reg -t openvino -o %t.xml
// RUN: not forge-opt %s -p 'convert-to-reg{device=host}' 2>&1 | filecheck %s --check-prefix=HOST

// CHECK:      %[[X:.*]] = reg.Multiply %x, %{{.*}}
// CHECK-NEXT: %[[Y:.*]] = reg.Tanh %[[X]]
// CHECK-NEXT: %[[C:.*]] = reg.Constant
// CHECK-NEXT: reg.Multiply %[[Y]], %[[C]]
// HOST:       example.soft_cap: cannot be lowered: it is for OpenVINO's devices
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = example.soft_cap %x {cap = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
