// RUN: forge-opt %s -p 'assign-devices{target=npu3720}' | filecheck %s --check-prefixes=CHECK,OLD
// RUN: forge-opt %s -p 'assign-devices{target=npu4000}' | filecheck %s --check-prefixes=CHECK,NEW
// RUN: forge-opt %s -p 'assign-devices{target=npu5010}' | filecheck %s --check-prefixes=CHECK,NEW
// RUN: forge-opt %s -p 'assign-devices{target=npu5020}' | filecheck %s --check-prefixes=CHECK,NEW

// One form for each kind of refusal, and beside it the nearest that is taken.

// CHECK-LABEL: func.func @instruction
// CHECK:         reg.SearchSorted {{.*}}forge.reason = "the compiler refuses every form of it: String attribute output_type is not supported (Intel's NPU compiler 2026.4.1 for NPU{{....}})"{{.*}} -> !reg.reg<4xi64, cpu>
// CHECK:         reg.TopK {{.*}} -> (!reg.reg<2xf32, npu>, !reg.reg<2xi32, npu>)
func.func @instruction(%x: !reg.reg<4xf32, npu>) -> (!reg.reg<4xi64, npu>, !reg.reg<2xf32, npu>) {
  %k = reg.Constant {value = dense<2> : tensor<i64>} : () -> !reg.reg<i64, npu>
  %0 = reg.SearchSorted %x, %x : (!reg.reg<4xf32, npu>, !reg.reg<4xf32, npu>) -> !reg.reg<4xi64, npu>
  %1, %2 = reg.TopK %x, %k {axis = 0, mode = "max", sort = "value"} : (!reg.reg<4xf32, npu>, !reg.reg<i64, npu>) -> (!reg.reg<2xf32, npu>, !reg.reg<2xi32, npu>)
  func.return %0, %1 : !reg.reg<4xi64, npu>, !reg.reg<2xf32, npu>
}

// CHECK-LABEL: func.func @element_types
// CHECK:         reg.Exp {{.*}}Exp is known to take data of types f16, f32, not i32{{.*}} -> !reg.reg<4xi32, cpu>
// CHECK:         reg.Abs {{.*}} -> !reg.reg<4xi32, npu>
// CHECK:         reg.Add {{.*}}Add is known to take data of types f16, f32, ui8, i32, i64, not bf16{{.*}} -> !reg.reg<4xbf16, cpu>
// CHECK:         reg.Maximum {{.*}} -> !reg.reg<4xbf16, npu>
func.func @element_types(%x: !reg.reg<4xi32, npu>, %y: !reg.reg<4xbf16, npu>) -> (!reg.reg<4xi32, npu>, !reg.reg<4xi32, npu>, !reg.reg<4xbf16, npu>, !reg.reg<4xbf16, npu>) {
  %0 = reg.Exp %x : (!reg.reg<4xi32, npu>) -> !reg.reg<4xi32, npu>
  %1 = reg.Abs %x : (!reg.reg<4xi32, npu>) -> !reg.reg<4xi32, npu>
  %2 = reg.Add %y, %y : (!reg.reg<4xbf16, npu>, !reg.reg<4xbf16, npu>) -> !reg.reg<4xbf16, npu>
  %3 = reg.Maximum %y, %y : (!reg.reg<4xbf16, npu>, !reg.reg<4xbf16, npu>) -> !reg.reg<4xbf16, npu>
  func.return %0, %1, %2, %3 : !reg.reg<4xi32, npu>, !reg.reg<4xi32, npu>, !reg.reg<4xbf16, npu>, !reg.reg<4xbf16, npu>
}

// What nobody has tried is not taken, and says so.
// CHECK-LABEL: func.func @unverified
// CHECK:         reg.Reverse {{.*}}"unverified: nobody has tried elements of type i16 (Intel's NPU compiler 2026.4.1 for NPU{{....}})"{{.*}} -> !reg.reg<4xi16, cpu>
func.func @unverified(%x: !reg.reg<4xi16, npu>) -> !reg.reg<4xi16, npu> {
  %a = reg.Constant {value = dense<0> : tensor<1xi64>} : () -> !reg.reg<1xi64, npu>
  %0 = reg.Reverse %x, %a {mode = "index"} : (!reg.reg<4xi16, npu>, !reg.reg<1xi64, npu>) -> !reg.reg<4xi16, npu>
  func.return %0 : !reg.reg<4xi16, npu>
}

// CHECK-LABEL: func.func @ranks
// CHECK:         reg.Tanh {{.*}}Tanh is known to take registers of up to 5 dimensions{{.*}} -> !reg.reg<1x1x1x1x2x2xf32, cpu>
// CHECK:         reg.Tanh {{.*}} -> !reg.reg<1x1x1x2x2xf32, npu>
func.func @ranks(%x: !reg.reg<1x1x1x1x2x2xf32, npu>, %y: !reg.reg<1x1x1x2x2xf32, npu>) -> (!reg.reg<1x1x1x1x2x2xf32, npu>, !reg.reg<1x1x1x2x2xf32, npu>) {
  %0 = reg.Tanh %x : (!reg.reg<1x1x1x1x2x2xf32, npu>) -> !reg.reg<1x1x1x1x2x2xf32, npu>
  %1 = reg.Tanh %y : (!reg.reg<1x1x1x2x2xf32, npu>) -> !reg.reg<1x1x1x2x2xf32, npu>
  func.return %0, %1 : !reg.reg<1x1x1x1x2x2xf32, npu>, !reg.reg<1x1x1x2x2xf32, npu>
}

// The data of Select is what it chooses from, not what it chooses by.
// CHECK-LABEL: func.func @select
// CHECK:         reg.Select {{.*}} -> !reg.reg<4xf32, npu>
// CHECK:         reg.Select {{.*}}Select is known to take data of types f16, f32, i1, i32, i64, not i8{{.*}} -> !reg.reg<4xi8, cpu>
func.func @select(%c: !reg.reg<4xi1, npu>, %x: !reg.reg<4xf32, npu>, %y: !reg.reg<4xi8, npu>) -> (!reg.reg<4xf32, npu>, !reg.reg<4xi8, npu>) {
  %0 = reg.Select %c, %x, %x : (!reg.reg<4xi1, npu>, !reg.reg<4xf32, npu>, !reg.reg<4xf32, npu>) -> !reg.reg<4xf32, npu>
  %1 = reg.Select %c, %y, %y : (!reg.reg<4xi1, npu>, !reg.reg<4xi8, npu>, !reg.reg<4xi8, npu>) -> !reg.reg<4xi8, npu>
  func.return %0, %1 : !reg.reg<4xf32, npu>, !reg.reg<4xi8, npu>
}

// CHECK-LABEL: func.func @f64
// CHECK:         reg.Convert {{.*}}"it would compute f64 in fewer bits (convert-to-reg, which leaves f64 to the host)"{{.*}} -> !reg.reg<4xf32, cpu>
func.func @f64(%x: !reg.reg<4xf64, npu>) -> !reg.reg<4xf32, npu> {
  %0 = reg.Convert %x {destination_type = f32} : (!reg.reg<4xf64, npu>) -> !reg.reg<4xf32, npu>
  func.return %0 : !reg.reg<4xf32, npu>
}

// CHECK-LABEL: func.func @conversions
// CHECK:         reg.Convert {{.*}} -> !reg.reg<4xf32, npu>
// CHECK:         reg.Convert {{.*}}it converts no booleans to i8{{.*}} -> !reg.reg<4xi8, cpu>
// CHECK:         reg.Convert {{.*}}it converts no i8 to booleans{{.*}} -> !reg.reg<4xi1, cpu>
// CHECK:         reg.Convert {{.*}}it converts nothing to bf16, nor bf16 to anything{{.*}} -> !reg.reg<4xbf16, cpu>
func.func @conversions(%x: !reg.reg<4xi1, npu>) -> (!reg.reg<4xf32, npu>, !reg.reg<4xi1, npu>, !reg.reg<4xbf16, npu>) {
  %0 = reg.Convert %x {destination_type = f32} : (!reg.reg<4xi1, npu>) -> !reg.reg<4xf32, npu>
  %1 = reg.Convert %x {destination_type = i8} : (!reg.reg<4xi1, npu>) -> !reg.reg<4xi8, npu>
  %2 = reg.Convert %1 {destination_type = i1} : (!reg.reg<4xi8, npu>) -> !reg.reg<4xi1, npu>
  %3 = reg.Convert %0 {destination_type = bf16} : (!reg.reg<4xf32, npu>) -> !reg.reg<4xbf16, npu>
  func.return %0, %2, %3 : !reg.reg<4xf32, npu>, !reg.reg<4xi1, npu>, !reg.reg<4xbf16, npu>
}

// CHECK-LABEL: func.func @pools
// CHECK:         reg.AvgPool {{.*}}it pools over two or three axes, not over one{{.*}} -> !reg.reg<1x2x3xf32, cpu>
// CHECK:         reg.AvgPool {{.*}} -> !reg.reg<1x2x3x3xf32, npu>
func.func @pools(%x: !reg.reg<1x2x4xf32, npu>, %y: !reg.reg<1x2x4x4xf32, npu>) -> (!reg.reg<1x2x3xf32, npu>, !reg.reg<1x2x3x3xf32, npu>) {
  %0 = reg.AvgPool %x {strides = [1], pads_begin = [0], pads_end = [0], kernel = [2], exclude_pad = true} : (!reg.reg<1x2x4xf32, npu>) -> !reg.reg<1x2x3xf32, npu>
  %1 = reg.AvgPool %y {strides = [1, 1], pads_begin = [0, 0], pads_end = [0, 0], kernel = [2, 2], exclude_pad = true} : (!reg.reg<1x2x4x4xf32, npu>) -> !reg.reg<1x2x3x3xf32, npu>
  func.return %0, %1 : !reg.reg<1x2x3xf32, npu>, !reg.reg<1x2x3x3xf32, npu>
}

// CHECK-LABEL: func.func @attention
// OLD:           reg.ScaledDotProductAttention {{.*}}it fails on attention of 5 dimensions where heads share keys{{.*}} -> !reg.reg<2x1x2x4x8xf32, cpu>
// NEW:           reg.ScaledDotProductAttention {{.*}}it fails on attention of 5 dimensions over several batches{{.*}} -> !reg.reg<2x1x2x4x8xf32, cpu>
// CHECK:         reg.ScaledDotProductAttention {{.*}} -> !reg.reg<2x2x4x8xf32, npu>
func.func @attention(%q: !reg.reg<2x1x2x4x8xf32, npu>, %p: !reg.reg<2x2x4x8xf32, npu>) -> (!reg.reg<2x1x2x4x8xf32, npu>, !reg.reg<2x2x4x8xf32, npu>) {
  %0 = reg.ScaledDotProductAttention %q, %q, %q : (!reg.reg<2x1x2x4x8xf32, npu>, !reg.reg<2x1x2x4x8xf32, npu>, !reg.reg<2x1x2x4x8xf32, npu>) -> !reg.reg<2x1x2x4x8xf32, npu>
  %1 = reg.ScaledDotProductAttention %p, %p, %p : (!reg.reg<2x2x4x8xf32, npu>, !reg.reg<2x2x4x8xf32, npu>, !reg.reg<2x2x4x8xf32, npu>) -> !reg.reg<2x2x4x8xf32, npu>
  func.return %0, %1 : !reg.reg<2x1x2x4x8xf32, npu>, !reg.reg<2x2x4x8xf32, npu>
}

// CHECK-LABEL: func.func @inverse_transform
// OLD:           reg.ISTFT {{.*}}ISTFT is known to take data of types f32, not f16{{.*}} -> !reg.reg<40xf16, cpu>
// NEW:           reg.ISTFT {{.*}} -> !reg.reg<40xf16, npu>
func.func @inverse_transform(%x: !reg.reg<9x4x2xf16, npu>, %w: !reg.reg<16xf16, npu>) -> !reg.reg<40xf16, npu> {
  %s = reg.Constant {value = dense<16> : tensor<i64>} : () -> !reg.reg<i64, npu>
  %t = reg.Constant {value = dense<8> : tensor<i64>} : () -> !reg.reg<i64, npu>
  %0 = reg.ISTFT %x, %w, %s, %t {center = false, normalized = false} : (!reg.reg<9x4x2xf16, npu>, !reg.reg<16xf16, npu>, !reg.reg<i64, npu>, !reg.reg<i64, npu>) -> !reg.reg<40xf16, npu>
  func.return %0 : !reg.reg<40xf16, npu>
}
