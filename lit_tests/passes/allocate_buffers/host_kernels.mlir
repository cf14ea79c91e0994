// RUN: forge-opt %s -p allocate-buffers | filecheck %s

// Views of every kind have the bytes of what they view, and keep it alive; a reshape that no
// strides do has bytes of its own, and so has what a kernel computes of a strided view.
// CHECK-LABEL: func.func @views
// CHECK:         %0 = reg.host "aten.exp"{{.*}} -> !reg.reg<4x6xf32, host, offset = 0>
// CHECK-NEXT:    %1, %2 = reg.host "aten.split.Tensor"{{.*}} -> (!reg.reg<4x3xf32, host, offset = 0>, !reg.reg<4x3xf32, host, offset = 0>)
// CHECK-NEXT:    %3 = reg.host "aten.t"{{.*}} -> !reg.reg<3x4xf32, host, offset = 0>
// CHECK-NEXT:    %4 = reg.host "aten.reshape"{{.*}} -> !reg.reg<12xf32, host, offset = 128>
// CHECK-NEXT:    %5 = reg.host "aten.relu"{{.*}} -> !reg.reg<4x3xf32, host, offset = 192>
// CHECK-NEXT:    %6 = reg.host "aten.view"{{.*}} -> !reg.reg<12xf32, host, offset = 192>
// CHECK-NEXT:    %7 = reg.host "aten.add.Tensor"{{.*}} -> !reg.reg<12xf32, host, offset = 192>
// CHECK-NEXT:    %8 = reg.host "aten.neg"{{.*}} -> !reg.reg<12xf32, host>
func.func @views(%x: !reg.reg<4x6xf32, host>) -> !reg.reg<12xf32, host> {
  %0 = reg.host "aten.exp"(input = %x) : (!reg.reg<4x6xf32, host>) -> !reg.reg<4x6xf32, host>
  %1, %2 = reg.host "aten.split.Tensor"(input = %0) {split_size = 3, dim = 1} : (!reg.reg<4x6xf32, host>) -> (!reg.reg<4x3xf32, host>, !reg.reg<4x3xf32, host>)
  %3 = reg.host "aten.t"(input = %1) : (!reg.reg<4x3xf32, host>) -> !reg.reg<3x4xf32, host>
  %4 = reg.host "aten.reshape"(input = %3) {shape = [12]} : (!reg.reg<3x4xf32, host>) -> !reg.reg<12xf32, host>
  %5 = reg.host "aten.relu"(input = %2) : (!reg.reg<4x3xf32, host>) -> !reg.reg<4x3xf32, host>
  %6 = reg.host "aten.view"(input = %5) {size = [12]} : (!reg.reg<4x3xf32, host>) -> !reg.reg<12xf32, host>
  %7 = reg.host "aten.add.Tensor"(input = %6, other = %4) : (!reg.reg<12xf32, host>, !reg.reg<12xf32, host>) -> !reg.reg<12xf32, host>
  %8 = reg.host "aten.neg"(input = %7) : (!reg.reg<12xf32, host>) -> !reg.reg<12xf32, host>
  func.return %8 : !reg.reg<12xf32, host>
}

// In place only of a whole storage in its order: not through a transposition, a part of it, or
// beside another view of the same bytes.
// CHECK-LABEL: func.func @not_in_place
// CHECK:         %0 = reg.host "aten.exp"{{.*}} -> !reg.reg<4x4xf32, host, offset = 0>
// CHECK-NEXT:    %1 = reg.host "aten.t"{{.*}} -> !reg.reg<4x4xf32, host, offset = 0>
// CHECK-NEXT:    %2 = reg.host "aten.sin"{{.*}} -> !reg.reg<4x4xf32, host, offset = 64>
// CHECK-NEXT:    %3 = reg.host "aten.slice.Tensor"{{.*}} -> !reg.reg<3x4xf32, host, offset = 64>
// CHECK-NEXT:    %4 = reg.host "aten.cos"{{.*}} -> !reg.reg<3x4xf32, host, offset = 0>
// CHECK-NEXT:    %5 = reg.host "aten.view"{{.*}} -> !reg.reg<3x1x4xf32, host, offset = 0>
// CHECK-NEXT:    %6 = reg.host "aten.add.Tensor"{{.*}} -> !reg.reg<3x3x4xf32, host, offset = 64>
// CHECK-NEXT:    %7 = reg.host "aten.neg"{{.*}} -> !reg.reg<3x3x4xf32, host>
func.func @not_in_place(%x: !reg.reg<4x4xf32, host>) -> !reg.reg<3x3x4xf32, host> {
  %0 = reg.host "aten.exp"(input = %x) : (!reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, host>
  %1 = reg.host "aten.t"(input = %0) : (!reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, host>
  %2 = reg.host "aten.sin"(input = %1) : (!reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, host>
  %3 = reg.host "aten.slice.Tensor"(input = %2) {dim = 0, start = 1} : (!reg.reg<4x4xf32, host>) -> !reg.reg<3x4xf32, host>
  %4 = reg.host "aten.cos"(input = %3) : (!reg.reg<3x4xf32, host>) -> !reg.reg<3x4xf32, host>
  %5 = reg.host "aten.view"(input = %4) {size = [3, 1, 4]} : (!reg.reg<3x4xf32, host>) -> !reg.reg<3x1x4xf32, host>
  %6 = reg.host "aten.add.Tensor"(input = %5, other = %4) : (!reg.reg<3x1x4xf32, host>, !reg.reg<3x4xf32, host>) -> !reg.reg<3x3x4xf32, host>
  %7 = reg.host "aten.neg"(input = %6) : (!reg.reg<3x3x4xf32, host>) -> !reg.reg<3x3x4xf32, host>
  func.return %7 : !reg.reg<3x3x4xf32, host>
}

// Elsewhere: what oneDNN allocates with its views, what is returned with what it is a view of, and
// what an operator of another library may give back.
// CHECK-LABEL: func.func @elsewhere
// CHECK:         %0 = reg.host "transformer.linear"{{.*}} -> !reg.reg<4x4xf32, host>
// CHECK-NEXT:    %1 = reg.host "aten.t"{{.*}} -> !reg.reg<4x4xf32, host>
// CHECK-NEXT:    %2 = reg.host "aten.reshape"{{.*}} -> !reg.reg<16xf32, host>
// CHECK-NEXT:    %3 = reg.host "aten.exp"{{.*}} -> !reg.reg<16xf32, host>
// CHECK-NEXT:    %4, %5 = reg.host "aten.chunk"{{.*}} -> (!reg.reg<8xf32, host>, !reg.reg<8xf32, host>)
// CHECK-NEXT:    %6 = reg.host "aten.exp"{{.*}} -> !reg.reg<8xf32, host, offset = 0>
// CHECK-NEXT:    %7 = reg.host "aten.sin"{{.*}} -> !reg.reg<8xf32, host>
// CHECK-NEXT:    %8 = reg.host "my.kernel.default"{{.*}} -> !reg.reg<8xf32, host>
func.func @elsewhere(%x: !reg.reg<4x4xf32, host>) -> (!reg.reg<8xf32, host>, !reg.reg<8xf32, host>) {
  %0 = reg.host "transformer.linear"(input = %x, weight = %x) : (!reg.reg<4x4xf32, host>, !reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, host>
  %1 = reg.host "aten.t"(input = %0) : (!reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, host>
  %2 = reg.host "aten.reshape"(input = %1) {shape = [16]} : (!reg.reg<4x4xf32, host>) -> !reg.reg<16xf32, host>
  %3 = reg.host "aten.exp"(input = %2) : (!reg.reg<16xf32, host>) -> !reg.reg<16xf32, host>
  %4, %5 = reg.host "aten.chunk"(input = %3) {chunks = 2} : (!reg.reg<16xf32, host>) -> (!reg.reg<8xf32, host>, !reg.reg<8xf32, host>)
  %6 = reg.host "aten.exp"(input = %5) : (!reg.reg<8xf32, host>) -> !reg.reg<8xf32, host>
  %7 = reg.host "aten.sin"(input = %6) : (!reg.reg<8xf32, host>) -> !reg.reg<8xf32, host>
  %8 = reg.host "my.kernel.default"(x = %7) : (!reg.reg<8xf32, host>) -> !reg.reg<8xf32, host>
  func.return %4, %8 : !reg.reg<8xf32, host>, !reg.reg<8xf32, host>
}
