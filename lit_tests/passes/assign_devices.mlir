// RUN: forge-opt %s -p 'assign-devices{target=forge-ugc}' | filecheck %s

// Softmax moves, with its reason and one copy each way; what stays reads the original.
// CHECK-LABEL: func.func @moves
// CHECK:         %0 = reg.MatMul %x, %x
// CHECK-NEXT:    %1 = reg.copy %0 : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %2 = reg.Softmax %1 attributes {forge.reason = "softmax runs on the CPU (the paper's device map, arXiv 2604.16498)"} : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %3 = reg.copy %2 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    %4 = reg.Add %3, %0 : {{.*}} -> !reg.reg<4x4xf32, npu>
// CHECK-NEXT:    func.return %4
func.func @moves(%x: !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu> {
  %0 = reg.MatMul %x, %x : (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  %1 = reg.Softmax %0 {axis = 1} : (!reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  %2 = reg.Add %1, %0 : (!reg.reg<4x4xf32, npu>, !reg.reg<4x4xf32, npu>) -> !reg.reg<4x4xf32, npu>
  func.return %2 : !reg.reg<4x4xf32, npu>
}
