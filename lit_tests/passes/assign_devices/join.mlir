// RUN: forge-opt %s -p 'assign-devices{target=forge-ugc join=true}' | filecheck %s

// An element-wise instruction between two that the accelerator refuses joins them.
// CHECK-LABEL: func.func @between
// CHECK-NEXT:    [[X:%[0-9]+]] = reg.copy %x : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, cpu>
// CHECK-NEXT:    reg.Softmax [[X]] {{.*}} -> !reg.reg<64x64xf32, cpu>
// CHECK-NEXT:    reg.Relu {{.*}} {forge.reason = "its neighbours are here: that saves transitions"} : {{.*}} -> !reg.reg<64x64xf32, cpu>
// CHECK-NEXT:    [[S:%[0-9]+]] = reg.Softmax {{.*}} -> !reg.reg<64x64xf32, cpu>
// CHECK-NEXT:    [[Y:%[0-9]+]] = reg.copy [[S]] : (!reg.reg<64x64xf32, cpu>) -> !reg.reg<64x64xf32, npu>
// CHECK-NEXT:    func.return [[Y]]
func.func @between(%x: !reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu> {
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  %1 = reg.Relu %0 : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  %2 = reg.Softmax %1 {axis = 1} : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  func.return %2 : !reg.reg<64x64xf32, npu>
}

// A product of matrices is not worth less than a copy: it stays.
// CHECK-LABEL: func.func @product
// CHECK:         reg.MatMul {{.*}} -> !reg.reg<64x64xf32, npu>
func.func @product(%x: !reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu> {
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  %1 = reg.MatMul %0, %0 : (!reg.reg<64x64xf32, npu>, !reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  %2 = reg.Softmax %1 {axis = 1} : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  func.return %2 : !reg.reg<64x64xf32, npu>
}

// It saves nothing where only one of the neighbours is there.
// CHECK-LABEL: func.func @at_the_border
// CHECK:         reg.Relu {{.*}} -> !reg.reg<64x64xf32, npu>
// CHECK-NEXT:    reg.MatMul
func.func @at_the_border(%x: !reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu> {
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  %1 = reg.Relu %0 : (!reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  %2 = reg.MatMul %1, %1 : (!reg.reg<64x64xf32, npu>, !reg.reg<64x64xf32, npu>) -> !reg.reg<64x64xf32, npu>
  func.return %2 : !reg.reg<64x64xf32, npu>
}
