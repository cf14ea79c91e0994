// RUN: not forge-opt %s -p 'convert-to-reg{host=false}' 2>&1 | filecheck %s
// RUN: forge-opt %s -p convert-to-reg | filecheck %s --check-prefix=HOST

// CHECK:      error: aten.index_add: cannot be lowered: a tensor without dimensions has no slices
// CHECK-NEXT:   %0 = aten.index_add
// CHECK-NEXT:   ^
// CHECK-NEXT:   at index_add in model (model.py:9)

// What the conversion emitted before it refused is gone; the constant that it made is made again.
// HOST-LABEL: func.func @main
// HOST-NEXT:    %0 = reg.copy %x
// HOST-NEXT:    %1 = reg.copy %i
// HOST-NEXT:    %2 = reg.host "aten.index_add"(input = %0, index = %1, source = %0) {dim = 0, alpha = 2} attributes {forge.reason = "a tensor without dimensions has no slices"}
// HOST-NEXT:    %3 = reg.copy %2
// HOST-NEXT:    %4 = reg.Constant {value = dense<2.000000e+00> : tensor<f32>}
// HOST-NEXT:    %5 = reg.Multiply %3, %4
// HOST-NEXT:    func.return %5
func.func @main(%x: tensor<f32>, %i: tensor<i64>) -> tensor<f32> {
  %0 = aten.index_add %x, %i, %x {dim = 0, alpha = 2} : (tensor<f32>, tensor<i64>, tensor<f32>) -> tensor<f32> loc("index_add"("model"("model.py":9:0)))
  %1 = aten.mul.Scalar %0 {other = 2.0} : (tensor<f32>) -> tensor<f32>
  func.return %1 : tensor<f32>
}
