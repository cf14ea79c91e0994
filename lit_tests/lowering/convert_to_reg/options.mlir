// RUN: not forge-opt %s -p 'convert-to-reg{device=3}' 2>&1 | filecheck %s --check-prefix=NUMBER
// RUN: not forge-opt %s -p 'convert-to-reg{target=npu}' 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: forge-opt %s -p 'convert-to-reg{device="gpu.1"}' | filecheck %s

// NUMBER:    convert-to-reg
// UNKNOWN:   convert-to-reg
// UNKNOWN-SAME: target
// CHECK:     func.func @main(%x: !reg.reg<2xf32, gpu.1>) -> !reg.reg<2xf32, gpu.1>
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  func.return %x : tensor<2xf32>
}
