// RUN: forge-opt %s -p simplify-attention-mask | filecheck %s

// A lower triangle, computed from positions, is causal attention.
// CHECK-LABEL: func.func @triangle
// CHECK-NEXT:    transformer.attention %q, %q, %q {scale = 0.5, causal = true} : (tensor<1x2x3x4xf32>,
// CHECK-NEXT:    func.return
func.func @triangle(%q: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = aten.arange {end = 3} : () -> tensor<3xi64>
  %1 = aten.view %0 {size = [3, 1]} : (tensor<3xi64>) -> tensor<3x1xi64>
  %2 = aten.le.Tensor %0, %1 : (tensor<3xi64>, tensor<3x1xi64>) -> tensor<3x3xi1>
  %3 = transformer.attention %q, %q, %q, mask = %2 {scale = 0.5} : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %3 : tensor<1x2x3x4xf32>
}

// So is one that is added, whatever it takes for minus infinity.
// CHECK-LABEL: func.func @added
// CHECK-NEXT:    transformer.attention %q, %q, %q {causal = true} : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @added(%q: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<[[0.0, -3.4028234663852886e+38], [0.0, 0.0]]> : tensor<2x2xf32>
  %1 = transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xf32>) -> tensor<1x2x2x4xf32>
  func.return %1 : tensor<1x2x2x4xf32>
}

// A mask that hides nothing goes.
// CHECK-LABEL: func.func @nothing_hidden
// CHECK-NEXT:    transformer.attention %q, %q, %q : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @nothing_hidden(%q: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<true> : tensor<1x1x1x2xi1>
  %1 = transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x1x1x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %1 : tensor<1x2x2x4xf32>
}

// So does one that hides only what causal attention hides by itself.
// CHECK-LABEL: func.func @causal_already
// CHECK-NEXT:    transformer.attention %q, %q, %q {causal = true} : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @causal_already(%q: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<[[true, false], [true, true]]> : tensor<2x2xi1>
  %1 = transformer.attention %q, %q, %q, mask = %0 {causal = true} : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %1 : tensor<1x2x2x4xf32>
}

// An upper triangle is not causal.
// CHECK-LABEL: func.func @upper
// CHECK-NEXT:    forge.constant
// CHECK-NEXT:    transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @upper(%q: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<[[true, true], [false, true]]> : tensor<2x2xi1>
  %1 = transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %1 : tensor<1x2x2x4xf32>
}

// A triangle of one head only is not that of all.
// CHECK-LABEL: func.func @one_head
// CHECK-NEXT:    forge.constant
// CHECK-NEXT:    transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @one_head(%q: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<[[[true, false], [true, true]], [[true, true], [true, true]]]> : tensor<2x2x2xi1>
  %1 = transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %1 : tensor<1x2x2x4xf32>
}

// Numbers that are added for another reason stay.
// CHECK-LABEL: func.func @bias
// CHECK-NEXT:    forge.constant
// CHECK-NEXT:    transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @bias(%q: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<[[0.0, -1.0], [0.0, 0.0]]> : tensor<2x2xf32>
  %1 = transformer.attention %q, %q, %q, mask = %0 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xf32>) -> tensor<1x2x2x4xf32>
  func.return %1 : tensor<1x2x2x4xf32>
}

// The smallest number hides nothing from a query that sees only it.
// CHECK-LABEL: func.func @empty_row
// CHECK-NEXT:    forge.constant
// CHECK-NEXT:    transformer.attention %q, %q, %q, mask = %0 {causal = true} : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @empty_row(%q: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<[[-3.4028234663852886e+38, -3.4028234663852886e+38], [0.0, 0.0]]> : tensor<2x2xf32>
  %1 = transformer.attention %q, %q, %q, mask = %0 {causal = true} : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xf32>) -> tensor<1x2x2x4xf32>
  func.return %1 : tensor<1x2x2x4xf32>
}

// A mask that depends on an input stays.
// CHECK-LABEL: func.func @input
// CHECK-NEXT:    transformer.attention %q, %q, %q, mask = %m : (tensor<1x2x2x4xf32>,
// CHECK-NEXT:    func.return
func.func @input(%q: tensor<1x2x2x4xf32>, %m: tensor<2x2xi1>) -> tensor<1x2x2x4xf32> {
  %0 = transformer.attention %q, %q, %q, mask = %m : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %0 : tensor<1x2x2x4xf32>
}
