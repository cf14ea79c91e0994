// RUN: forge-opt %s -p schedule-instructions | filecheck %s
// RUN: forge-opt %s -p 'schedule-instructions,schedule-instructions' | filecheck %s
// RUN: forge-opt %s -p 'schedule-instructions{algorithm="fx-order"}' | filecheck %s --check-prefix=FX
// RUN: forge-opt %s -p schedule-instructions --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'schedule-instructions{algorithm=worst}' 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not forge-opt %s -p allocate-buffers,schedule-instructions 2>&1 | filecheck %s --check-prefix=ALLOCATED

// UNKNOWN:   there is no scheduler 'worst'
// UNKNOWN:   hint: convex-segments, device-affinity, fx-order
// ALLOCATED: its register is allocated, for the order in which the instructions are
// ALLOCATED: hint: schedule-instructions comes before allocate-buffers
// EXPLAIN:      schedule-instructions:
// EXPLAIN-NEXT:   transitions before: 12
// EXPLAIN-NEXT:   transitions after: 8
// EXPLAIN-NEXT:   values copied: 11
// EXPLAIN-NEXT:   bytes copied: 704

!n = !reg.reg<4x4xf32, npu>
!c = !reg.reg<4x4xf32, cpu>
!h = !reg.reg<4x4xf32, host>

// Two chains side by side: both are on one device at a time, and what crosses does so together.
// CHECK-LABEL: func.func @chains
// CHECK-NEXT:    %axis = reg.Constant
// CHECK-NEXT:    %0 = reg.Relu %x
// CHECK-NEXT:    %1 = reg.Tanh %x
// CHECK-NEXT:    %2 = reg.copy %0
// CHECK-NEXT:    %3 = reg.copy %1
// CHECK-NEXT:    %4 = reg.Softmax %2
// CHECK-NEXT:    %5 = reg.Exp %3
// CHECK-NEXT:    %6 = reg.Add %4, %5
// CHECK-NEXT:    func.return %6, %1
// FX-LABEL: func.func @chains
// FX:         reg.Relu
// FX-NEXT:    reg.copy
// FX-NEXT:    reg.Softmax
// FX-NEXT:    reg.Tanh
func.func @chains(%x: !n) -> (!c, !n) {
  %0 = reg.Relu %x : (!n) -> !n
  %1 = reg.copy %0 : (!n) -> !c
  %2 = reg.Softmax %1 {axis = 1} : (!c) -> !c
  %axis = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, npu>
  %3 = reg.Tanh %x : (!n) -> !n
  %4 = reg.copy %3 : (!n) -> !c
  %5 = reg.Exp %4 : (!c) -> !c
  %6 = reg.Add %2, %5 : (!c, !c) -> !c
  func.return %6, %3 : !c, !n
}

// The device begins that saves a transition by it. What is copied of an argument comes first.
// CHECK-LABEL: func.func @beginning
// CHECK-NEXT:    %0 = reg.copy %x
// CHECK-NEXT:    %1 = reg.Abs %0
// CHECK-NEXT:    %2 = reg.copy %1
// CHECK-NEXT:    %3 = reg.Relu %x
// CHECK-NEXT:    %4 = reg.Tanh %2
// CHECK-NEXT:    %5 = reg.Add %3, %4
func.func @beginning(%x: !n) -> (!n, !n) {
  %0 = reg.Relu %x : (!n) -> !n
  %1 = reg.copy %x : (!n) -> !c
  %2 = reg.Abs %1 : (!c) -> !c
  %3 = reg.copy %2 : (!c) -> !n
  %4 = reg.Tanh %3 : (!n) -> !n
  %5 = reg.Add %0, %4 : (!n, !n) -> !n
  func.return %5, %0 : !n, !n
}

// Random numbers are drawn in the order of the program, though another one saves a transition.
// CHECK-LABEL: func.func @random
// CHECK:         %0 = reg.host "mine.noise.default"(x = %x)
// CHECK-NEXT:    %1 = reg.copy %0
// CHECK-NEXT:    %2 = reg.Exp %1
// CHECK-NEXT:    %3 = reg.copy %2
// CHECK-NEXT:    %4 = reg.host "mine.noise.default"(x = %3)
// CHECK-NEXT:    %5 = reg.host "mine.noise.default"(x = %x)
// CHECK-NEXT:    %6 = reg.copy %5
// CHECK-NEXT:    %7 = reg.Relu %6
func.func @random(%x: !h) -> (!h, !c) {
  %0 = reg.host "mine.noise.default"(x = %x) : (!h) -> !h
  %1 = reg.copy %0 : (!h) -> !c
  %2 = reg.Exp %1 : (!c) -> !c
  %3 = reg.copy %2 : (!c) -> !h
  %4 = reg.host "mine.noise.default"(x = %3) : (!h) -> !h
  %5 = reg.host "mine.noise.default"(x = %x) : (!h) -> !h
  %6 = reg.copy %5 : (!h) -> !c
  %7 = reg.Relu %6 : (!c) -> !c
  func.return %4, %7 : !h, !c
}

// Other kernels on the host do not keep their order.
// CHECK-LABEL: func.func @kernels
// CHECK:         %0 = reg.host "aten.sin"(input = %x)
// CHECK-NEXT:    %1 = reg.host "aten.cos"(input = %x)
// CHECK-NEXT:    %2 = reg.copy %0
// CHECK-NEXT:    %3 = reg.copy %1
// CHECK-NEXT:    %4 = reg.Exp %2
// CHECK-NEXT:    %5 = reg.Relu %3
// CHECK-NEXT:    %6 = reg.copy %4
// CHECK-NEXT:    %7 = reg.host "aten.tan"(input = %6)
func.func @kernels(%x: !h) -> (!h, !c) {
  %0 = reg.host "aten.sin"(input = %x) : (!h) -> !h
  %1 = reg.copy %0 : (!h) -> !c
  %2 = reg.Exp %1 : (!c) -> !c
  %3 = reg.copy %2 : (!c) -> !h
  %4 = reg.host "aten.tan"(input = %3) : (!h) -> !h
  %5 = reg.host "aten.cos"(input = %x) : (!h) -> !h
  %6 = reg.copy %5 : (!h) -> !c
  %7 = reg.Relu %6 : (!c) -> !c
  func.return %4, %7 : !h, !c
}

// What is there before the program runs is no part of it, whatever device it is on.
// CHECK-LABEL: func.func @at_load
// CHECK-NEXT:    %w = reg.weight "w"
// CHECK-NEXT:    %0 = reg.copy %w
// CHECK-NEXT:    %1 = reg.Exp %0
// CHECK-NEXT:    %2 = reg.Relu %x
// CHECK-NEXT:    %3 = reg.copy %2
// CHECK-NEXT:    %4 = reg.Add %3, %1
func.func @at_load(%x: !n) -> !c {
  %0 = reg.Relu %x : (!n) -> !n
  %1 = reg.copy %0 : (!n) -> !c
  %w = reg.weight "w" : !n
  %2 = reg.copy %w : (!n) -> !c
  %3 = reg.Exp %2 : (!c) -> !c
  %4 = reg.Add %1, %3 : (!c, !c) -> !c
  func.return %4 : !c
}
