// RUN: sed '/^.. /d' %s | filecheck %s

// CHECK-NOT: aten.silu
func.func @main() {
  func.return
}
