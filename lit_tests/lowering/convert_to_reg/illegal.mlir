// RUN: not forge-opt %s -p 'convert-to-reg{host=false}' 2>&1 | filecheck %s

// The first one is shown where it stands, the others are counted.
// CHECK:      error: this op remains illegal: aten.cumprod
// CHECK-NEXT:   %1 = aten.cumprod
// CHECK-NEXT:   ^
// CHECK-NEXT:   at cumprod_1 in model.head (model.py:7)
// CHECK-NEXT:   hint: no conversion is registered for: aten.cumprod (2), aten.operator (1)
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = aten.exp %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.cumprod %0 {dim = 1} : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("cumprod_1"("model.head"("model.py":7:0)))
  %2 = aten.operator "my.kernel.default"(x = %1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = aten.cumprod %2 {dim = 0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %3 : tensor<2x3xf32>
}
