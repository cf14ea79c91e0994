// RUN: not forge compile %s --platform NPU1 2>&1 | filecheck %s --check-prefix UNKNOWN
// RUN: not forge compile %s --platform NPU4000 --device CPU 2>&1 | filecheck %s --check-prefix CPU
// RUN: not forge compile %s --platform NPU4000 --precision f32 2>&1 | filecheck %s --check-prefix PRECISION
// RUN: not forge compile %s --platform all --check 2>&1 | filecheck %s --check-prefix SEVERAL
// RUN: not forge report %S 2>&1 | filecheck %s --check-prefix REPORT

// What the NPU cannot be asked for is refused before anything is compiled.
// UNKNOWN:      error: there is no NPU platform 'NPU1'
// UNKNOWN-NEXT:   hint: the platforms are NPU3720, NPU4000, NPU5010, NPU5020
// CPU:      error: CPU has no platforms: NPU4000 is one of an NPU
// CPU-NEXT:   hint: the device for it is NPU
// PRECISION:      error: the NPU computes in f16, not in f32
// PRECISION-NEXT:   hint: leave the precision out
// SEVERAL:      error: --check is about one program, and 4 platforms are named
// SEVERAL-NEXT:   hint: --platform NPU3720
// REPORT: error: {{.*}} is not a saved program: it has no manifest.json

func.func @main(%x: tensor<2xf32> {forge.name = "x"}) -> (tensor<2xf32> {forge.name = "y"}) {
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
