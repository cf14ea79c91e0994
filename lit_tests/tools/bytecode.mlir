// RUN: forge-opt %s -p "convert-to-reg,allocate-buffers" --print-debuginfo -o %t.mlir
// RUN: forge-opt %t.mlir -t bytecode -o %t.forge > %t.stdout
// RUN: diff %t.stdout /dev/null
// RUN: forge disasm %t.forge | filecheck %s
// RUN: forge-opt %t.forge --print-debuginfo | diff - %t.mlir
// RUN: forge-opt %t.mlir -t bytecode -o - | forge-opt --print-debuginfo | diff - %t.mlir
// RUN: forge-opt %t.mlir -t bytecode | forge disasm - --print-debuginfo | diff - %t.mlir
// RUN: forge disasm %t.forge --header | filecheck %s --check-prefix HEADER
// RUN: forge run %t.forge | filecheck %s --check-prefix OUTPUT
// RUN: xdsl-opt %t.mlir -t 'bytecode{file="%t.2.forge"}' && forge disasm %t.2.forge | filecheck %s
// RUN: not forge disasm %s 2>&1 | filecheck %s --check-prefix TEXT
// RUN: not forge-opt %s -t bytecode -o %t.3.forge 2>&1 | filecheck %s --check-prefix LEVEL
// RUN: not xdsl-opt %t.mlir -t bytecode 2>&1 | filecheck %s --check-prefix NAME

// What the text says, bytecode says, too: it prints, reads and runs alike.
// CHECK:       func.func @main(%x: !reg.reg<2x4xf32, cpu> {forge.name = "x"}) -> (!reg.reg<2x3xf32, cpu> {forge.name = "y"}) {
// CHECK-NEXT:    %w = reg.weight "fc.weight" : !reg.reg<3x4xf32, cpu>
// CHECK-NEXT:    %0 = reg.MatMul %x, %w {transpose_b = true} : (!reg.reg<2x4xf32, cpu>, !reg.reg<3x4xf32, cpu>) -> !reg.reg<2x3xf32, cpu, offset = 0>
// CHECK-NEXT:    %1 = reg.Relu %0 : (!reg.reg<2x3xf32, cpu, offset = 0>) -> !reg.reg<2x3xf32, cpu>

// HEADER: strings
// HEADER: attributes
// HEADER: instructions │       4

// OUTPUT: y {{.*}} tensor<2x3xf32>
// TEXT: error: {{.*}}bytecode.mlir is no bytecode of Forge
// LEVEL: bytecode holds registers, not tensor<2x4xf32>
// LEVEL: hint: the pass convert-to-reg lowers a program
// NAME: bytecode is no text, so it needs a file

func.func @main(%x: tensor<2x4xf32> {forge.name = "x"}) -> (tensor<2x3xf32> {forge.name = "y"}) {
  %w = forge.weight "fc.weight" : tensor<3x4xf32>
  %0 = aten.linear %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x3xf32> loc("linear"("fc"("model.py":7:0)))
  %1 = aten.relu %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}
