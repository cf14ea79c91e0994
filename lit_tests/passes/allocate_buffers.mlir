// RUN: forge-opt %s -p allocate-buffers | filecheck %s
// RUN: forge-opt %s -p 'allocate-buffers{algorithm=linear-scan}' | filecheck %s --check-prefix=LINEAR
// RUN: forge-opt %s -p 'allocate-buffers,allocate-buffers{alignment=256}' | filecheck %s --check-prefix=ALIGNED
// RUN: not forge-opt %s -p 'allocate-buffers{algorithm=worst}' 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not forge-opt %s -p 'allocate-buffers{alignment=0}' 2>&1 | filecheck %s --check-prefix=ZERO

// UNKNOWN: there is no planner 'worst'
// ZERO:    an alignment is from 1 byte to 2097152, got 0

// What lives at one time has its own bytes; arguments, weights and results are the caller's.
// CHECK-LABEL: func.func @chain
// CHECK:         %w = reg.weight "w" : !reg.reg<16x16xf32, cpu>
// CHECK-NEXT:    %0 = reg.MatMul %x, %w : {{.*}} -> !reg.reg<4x16xf32, cpu, offset = 0>
// CHECK-NEXT:    %1 = reg.MatMul %0, %w : {{.*}} -> !reg.reg<4x16xf32, cpu, offset = 256>
// CHECK-NEXT:    %2 = reg.MatMul %1, %w : {{.*}} -> !reg.reg<4x16xf32, cpu, offset = 0>
// CHECK-NEXT:    %3 = reg.MatMul %2, %w : {{.*}} -> !reg.reg<4x16xf32, cpu>
// LINEAR-LABEL: func.func @chain
// LINEAR:         %2 = reg.MatMul %1, %w : {{.*}} -> !reg.reg<4x16xf32, cpu, offset = 0>
func.func @chain(%x: !reg.reg<4x16xf32, cpu>) -> !reg.reg<4x16xf32, cpu> {
  %w = reg.weight "w" : !reg.reg<16x16xf32, cpu>
  %0 = reg.MatMul %x, %w : (!reg.reg<4x16xf32, cpu>, !reg.reg<16x16xf32, cpu>) -> !reg.reg<4x16xf32, cpu>
  %1 = reg.MatMul %0, %w : (!reg.reg<4x16xf32, cpu>, !reg.reg<16x16xf32, cpu>) -> !reg.reg<4x16xf32, cpu>
  %2 = reg.MatMul %1, %w : (!reg.reg<4x16xf32, cpu>, !reg.reg<16x16xf32, cpu>) -> !reg.reg<4x16xf32, cpu>
  %3 = reg.MatMul %2, %w : (!reg.reg<4x16xf32, cpu>, !reg.reg<16x16xf32, cpu>) -> !reg.reg<4x16xf32, cpu>
  func.return %3 : !reg.reg<4x16xf32, cpu>
}

// A view has its operand's bytes, and an elementwise result those of what it reads last.
// CHECK-LABEL: func.func @in_place
// CHECK:         %0 = reg.Softmax %x {{.*}} -> !reg.reg<4x4xf32, cpu, offset = 0>
// CHECK-NEXT:    %1 = reg.Reshape %0, %s {{.*}} -> !reg.reg<16xf32, cpu, offset = 0>
// CHECK-NEXT:    %2 = reg.Tanh %1 {{.*}} -> !reg.reg<16xf32, cpu, offset = 0>
// CHECK-NEXT:    %3 = reg.Relu %2 {{.*}} -> !reg.reg<16xf32, cpu>
func.func @in_place(%x: !reg.reg<4x4xf32, cpu>) -> !reg.reg<16xf32, cpu> {
  %s = reg.Constant {value = dense<16> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %0 = reg.Softmax %x {axis = 1} : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
  %1 = reg.Reshape %0, %s {special_zero = false} : (!reg.reg<4x4xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<16xf32, cpu>
  %2 = reg.Tanh %1 : (!reg.reg<16xf32, cpu>) -> !reg.reg<16xf32, cpu>
  %3 = reg.Relu %2 : (!reg.reg<16xf32, cpu>) -> !reg.reg<16xf32, cpu>
  func.return %3 : !reg.reg<16xf32, cpu>
}

// Not in place: %0 is used again; its other operand is another view of the same bytes; Softmax
// reads a row before it writes it.
// CHECK-LABEL: func.func @not_in_place
// CHECK:         %0 = reg.Abs %x {{.*}} -> !reg.reg<4x4xf32, cpu, offset = [[A:[0-9]+]]>
// CHECK-NEXT:    %1 = reg.Tanh %0 {{.*}} -> !reg.reg<4x4xf32, cpu, offset = [[B:[0-9]+]]>
// CHECK-NEXT:    %2 = reg.Reshape %0, %s {{.*}} -> !reg.reg<16x1x1xf32, cpu, offset = [[A]]>
// CHECK-NEXT:    %3 = reg.Add %2, %0 {{.*}} -> !reg.reg<16x4x4xf32, cpu, offset = [[C:[0-9]+]]>
// CHECK-NEXT:    %4 = reg.Add %3, %1 {{.*}} -> !reg.reg<16x4x4xf32, cpu, offset = [[C]]>
// CHECK-NEXT:    %5 = reg.Softmax %4 {{.*}} -> !reg.reg<16x4x4xf32, cpu, offset = [[D:[0-9]+]]>
func.func @not_in_place(%x: !reg.reg<4x4xf32, cpu>) -> !reg.reg<16x4x4xf32, cpu> {
  %s = reg.Constant {value = dense<[16, 1, 1]> : tensor<3xi64>} : () -> !reg.reg<3xi64, cpu>
  %0 = reg.Abs %x : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
  %1 = reg.Tanh %0 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
  %2 = reg.Reshape %0, %s {special_zero = false} : (!reg.reg<4x4xf32, cpu>, !reg.reg<3xi64, cpu>) -> !reg.reg<16x1x1xf32, cpu>
  %3 = reg.Add %2, %0 : (!reg.reg<16x1x1xf32, cpu>, !reg.reg<4x4xf32, cpu>) -> !reg.reg<16x4x4xf32, cpu>
  %4 = reg.Add %3, %1 : (!reg.reg<16x4x4xf32, cpu>, !reg.reg<4x4xf32, cpu>) -> !reg.reg<16x4x4xf32, cpu>
  %5 = reg.Softmax %4 {axis = 2} : (!reg.reg<16x4x4xf32, cpu>) -> !reg.reg<16x4x4xf32, cpu>
  %6 = reg.Relu %5 : (!reg.reg<16x4x4xf32, cpu>) -> !reg.reg<16x4x4xf32, cpu>
  func.return %6 : !reg.reg<16x4x4xf32, cpu>
}

// Each device has an arena of its own, and what the program returns is not in it, nor what that is
// a view of.
// CHECK-LABEL: func.func @devices
// CHECK:         %0 = reg.Relu %x {{.*}} -> !reg.reg<4x4xf32, cpu, offset = 0>
// CHECK-NEXT:    %1 = reg.copy %0 {{.*}} -> !reg.reg<4x4xf32, host, offset = 0>
// CHECK-NEXT:    %2 = reg.copy %1 {{.*}} -> !reg.reg<4x4xf32, cpu>
// CHECK-NEXT:    %3 = reg.Reshape %2, %s {{.*}} -> !reg.reg<16xf32, cpu>
// ALIGNED-LABEL: func.func @devices
// ALIGNED:         %0 = reg.Relu %x {{.*}} -> !reg.reg<4x4xf32, cpu, offset = 0>
func.func @devices(%x: !reg.reg<4x4xf32, cpu>) -> !reg.reg<16xf32, cpu> {
  %s = reg.Constant {value = dense<16> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %0 = reg.Relu %x : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, cpu>
  %1 = reg.copy %0 : (!reg.reg<4x4xf32, cpu>) -> !reg.reg<4x4xf32, host>
  %2 = reg.copy %1 : (!reg.reg<4x4xf32, host>) -> !reg.reg<4x4xf32, cpu>
  %3 = reg.Reshape %2, %s {special_zero = false} : (!reg.reg<4x4xf32, cpu>, !reg.reg<1xi64, cpu>) -> !reg.reg<16xf32, cpu>
  func.return %3 : !reg.reg<16xf32, cpu>
}

// A table that is made of constants is there before the program runs.
// CHECK-LABEL: func.func @at_load
// CHECK:         %0 = reg.Cos %c {{.*}} -> !reg.reg<4xf32, cpu>
// CHECK-NEXT:    %1 = reg.Add %x, %0 {{.*}} -> !reg.reg<4xf32, cpu, offset = 0>
func.func @at_load(%x: !reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, cpu> {
  %c = reg.Constant {value = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>} : () -> !reg.reg<4xf32, cpu>
  %0 = reg.Cos %c : (!reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, cpu>
  %1 = reg.Add %x, %0 : (!reg.reg<4xf32, cpu>, !reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, cpu>
  %2 = reg.Relu %1 : (!reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, cpu>
  func.return %2 : !reg.reg<4xf32, cpu>
}
