// RUN: %{round-trip} | filecheck %s
// RUN: %{round-trip-generic} | filecheck %s
// RUN: forge-opt %s --print-op-generic | filecheck %s --check-prefix GENERIC

// Constants, weights, device transitions and kernels on the host.

// CHECK-LABEL: func.func @placement
func.func @placement(%x: !reg.reg<2x4xf32, cpu>) -> !reg.reg<8xf32, npu> {
  // A weight is a name; its bytes are elsewhere.
  // CHECK-NEXT: %{{.*}} = reg.weight "encoder.norm.weight" : !reg.reg<4xf32, host>
  // GENERIC: "reg.weight"() <{weight_name = "encoder.norm.weight"}> : () -> !reg.reg<4xf32, host>
  %w = reg.weight "encoder.norm.weight" : !reg.reg<4xf32, host>
  // A register that is allocated names its bytes.
  // CHECK-NEXT: %{{.*}} = reg.copy %x : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, host, offset = 192>
  // GENERIC: "reg.copy"(%x) : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, host, offset = 192>
  %0 = reg.copy %x : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, host, offset = 192>
  // CHECK-NEXT: %{{.*}} = reg.host "aten.layer_norm"(input = %{{.*}}, weight = %{{.*}}) {normalized_shape = [4]} : (!reg.reg<2x4xf32, host, offset = 192>, !reg.reg<4xf32, host>) -> !reg.reg<2x4xf32, host>
  // GENERIC: "reg.host"(%{{.*}}, %{{.*}}) <{kernel = "aten.layer_norm", operand_names = ["input", "weight"], arguments = {normalized_shape = array<i64: 4>}}>
  %1 = reg.host "aten.layer_norm"(input = %0, weight = %w) {normalized_shape = [4]} : (!reg.reg<2x4xf32, host, offset = 192>, !reg.reg<4xf32, host>) -> !reg.reg<2x4xf32, host>
  // A list keeps its absent elements, and an explicit None is unit.
  // CHECK-NEXT: %{{.*}} = reg.host "library.mix.default"(xs = [%{{.*}}, none]) {k = 3, mask = unit} : (!reg.reg<2x4xf32, host>) -> !reg.reg<2x4xf32, host>
  %2 = reg.host "library.mix.default"(xs = [%1, none]) {k = 3, mask = unit} : (!reg.reg<2x4xf32, host>) -> !reg.reg<2x4xf32, host>
  // CHECK-NEXT: %{{.*}} = reg.copy %{{.*}} : (!reg.reg<2x4xf32, host>) -> !reg.reg<2x4xf32, npu>
  %3 = reg.copy %2 : (!reg.reg<2x4xf32, host>) -> !reg.reg<2x4xf32, npu>
  // The result's shape is read from a constant.
  // CHECK-NEXT: %{{.*}} = reg.Constant {value = dense<-1> : tensor<1xi64>} : () -> !reg.reg<1xi64, npu>
  %4 = reg.Constant {value = dense<-1> : tensor<1xi64>} : () -> !reg.reg<1xi64, npu>
  // CHECK-NEXT: %{{.*}} = reg.Reshape %{{.*}}, %{{.*}} {special_zero = false} : (!reg.reg<2x4xf32, npu>, !reg.reg<1xi64, npu>) -> !reg.reg<8xf32, npu>
  %5 = reg.Reshape %3, %4 {special_zero = false} : (!reg.reg<2x4xf32, npu>, !reg.reg<1xi64, npu>) -> !reg.reg<8xf32, npu>
  func.return %5 : !reg.reg<8xf32, npu>
}
