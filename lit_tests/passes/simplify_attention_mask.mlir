// RUN: forge-opt %s -p simplify-attention-mask | filecheck %s
// RUN: forge-opt %s -p simplify-attention-mask --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN:      simplify-attention-mask:
// EXPLAIN:        fired    FoldMask at {{.*}}simplify_attention_mask.mlir
// EXPLAIN:        fired    NarrowMask at {{.*}}simplify_attention_mask.mlir
// EXPLAIN:        refused  FoldMask: transformer.attention at {{.*}}: the mask hides something, and is no band along the diagonal
// EXPLAIN:        refused  FoldMask: transformer.attention at {{.*}}: the mask differs between heads or batches
// EXPLAIN:        refused  FoldMask: transformer.attention at {{.*}}: the mask adds numbers other than 0 and minus infinity
// EXPLAIN:        refused  FoldMask: transformer.attention at {{.*}}: there is a query that the mask hides everything from
// EXPLAIN:        refused  FoldMask: transformer.attention at {{.*}}: the mask depends on inputs, on weights, or on arithmetic that is not exact
// EXPLAIN:        refused  NarrowMask: transformer.attention at {{.*}}: neither side of the mask is known to hide nothing

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

// A band below the diagonal is causal attention in a window.
// CHECK-LABEL: func.func @window
// CHECK-NEXT:    transformer.attention %q, %k, %k {scale = 0.5, causal = true, softcap = 50.0, window = 2} : (
// CHECK-NEXT:    func.return
func.func @window(%q: tensor<1x2x4x4xf32>, %k: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %0 = aten.arange {end = 4} : () -> tensor<4xi64>
  %1 = aten.view %0 {size = [4, 1]} : (tensor<4xi64>) -> tensor<4x1xi64>
  %2 = aten.le.Tensor %0, %1 : (tensor<4xi64>, tensor<4x1xi64>) -> tensor<4x4xi1>
  %3 = aten.sub.Scalar %1 {other = 2} : (tensor<4x1xi64>) -> tensor<4x1xi64>
  %4 = aten.gt.Tensor %0, %3 : (tensor<4xi64>, tensor<4x1xi64>) -> tensor<4x4xi1>
  %5 = aten.__and__.Tensor %4, %2 : (tensor<4x4xi1>, tensor<4x4xi1>) -> tensor<4x4xi1>
  %6 = forge.constant dense<0.0> : tensor<f32>
  %m = aten.where.ScalarOther %5, %6 {other = -3.4028234663852886e+38} : (tensor<4x4xi1>, tensor<f32>) -> tensor<4x4xf32>
  %y = transformer.attention %q, %k, %k, mask = %m {scale = 0.5, softcap = 50.0} : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<4x4xf32>) -> tensor<1x2x4x4xf32>
  func.return %y : tensor<1x2x4x4xf32>
}

// A window that no query is out of is none.
// CHECK-LABEL: func.func @wide_window
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true} : (
// CHECK-NEXT:    func.return
func.func @wide_window(%q: tensor<1x2x4x4xf32>, %k: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %0 = aten.arange {end = 4} : () -> tensor<4xi64>
  %1 = aten.view %0 {size = [4, 1]} : (tensor<4xi64>) -> tensor<4x1xi64>
  %2 = aten.le.Tensor %0, %1 : (tensor<4xi64>, tensor<4x1xi64>) -> tensor<4x4xi1>
  %3 = aten.sub.Scalar %1 {other = 4} : (tensor<4x1xi64>) -> tensor<4x1xi64>
  %4 = aten.gt.Tensor %0, %3 : (tensor<4xi64>, tensor<4x1xi64>) -> tensor<4x4xi1>
  %5 = aten.__and__.Tensor %4, %2 : (tensor<4x4xi1>, tensor<4x4xi1>) -> tensor<4x4xi1>
  %6 = forge.constant dense<0.0> : tensor<f32>
  %m = aten.where.ScalarOther %5, %6 {other = -3.4028234663852886e+38} : (tensor<4x4xi1>, tensor<f32>) -> tensor<4x4xf32>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<4x4xf32>) -> tensor<1x2x4x4xf32>
  func.return %y : tensor<1x2x4x4xf32>
}

// Booleans that say what is hidden are turned round.
// CHECK-LABEL: func.func @other_polarity
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true} : (
// CHECK-NEXT:    func.return
func.func @other_polarity(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = forge.constant dense<[[false, true, true], [false, false, true], [false, false, false]]> : tensor<3x3xi1>
  %m = aten.logical_not %0 : (tensor<3x3xi1>) -> tensor<3x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// So are numbers that are written over what is hidden.
// CHECK-LABEL: func.func @filled
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true} : (
// CHECK-NEXT:    func.return
func.func @filled(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = aten.full {size = [3, 3], fill_value = -3.4028234663852886e+38} : () -> tensor<3x3xf32>
  %m = aten.triu %0 {diagonal = 1} : (tensor<3x3xf32>) -> tensor<3x3xf32>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xf32>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// Each type has its own smallest number.
// CHECK-LABEL: func.func @bf16
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true} : (
// CHECK-NEXT:    func.return
func.func @bf16(%q: tensor<1x2x3x4xbf16>, %k: tensor<1x2x3x4xbf16>) -> tensor<1x2x3x4xbf16> {
  %m = forge.constant dense<[[0.0, -3.3895313892515355e+38, -3.3895313892515355e+38], [0.0, 0.0, -3.3895313892515355e+38], [0.0, 0.0, 0.0]]> : tensor<3x3xbf16>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xbf16>, tensor<1x2x3x4xbf16>, tensor<1x2x3x4xbf16>, tensor<3x3xbf16>) -> tensor<1x2x3x4xbf16>
  func.return %y : tensor<1x2x3x4xbf16>
}

// Minus infinity hides as well.
// CHECK-LABEL: func.func @infinite
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true} : (
// CHECK-NEXT:    func.return
func.func @infinite(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %m = forge.constant dense<[[0.0, 0xFF800000, 0xFF800000], [0.0, 0.0, 0xFF800000], [0.0, 0.0, 0.0]]> : tensor<3x3xf32>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xf32>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// One token sees itself: there is nothing to hide.
// CHECK-LABEL: func.func @one_token
// CHECK-NEXT:    transformer.attention %q, %k, %k : (tensor<1x2x1x4xf32>,
// CHECK-NEXT:    func.return
func.func @one_token(%q: tensor<1x2x1x4xf32>, %k: tensor<1x2x1x4xf32>) -> tensor<1x2x1x4xf32> {
  %m = forge.constant dense<[[true]]> : tensor<1x1xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x1x4xf32>, tensor<1x2x1x4xf32>, tensor<1x2x1x4xf32>, tensor<1x1xi1>) -> tensor<1x2x1x4xf32>
  func.return %y : tensor<1x2x1x4xf32>
}

// With more keys than queries, causal attention starts at the first key.
// CHECK-LABEL: func.func @rectangle
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true} : (
// CHECK-NEXT:    func.return
func.func @rectangle(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x2x4xf32> {
  %m = forge.constant dense<[[true, false, false], [true, true, false]]> : tensor<2x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x2x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<2x3xi1>) -> tensor<1x2x2x4xf32>
  func.return %y : tensor<1x2x2x4xf32>
}

// With fewer keys, the last queries see none.
// CHECK-LABEL: func.func @tall
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true, window = 2} : (
// CHECK-NEXT:    func.return
func.func @tall(%q: tensor<1x2x5x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x5x4xf32> {
  %m = forge.constant dense<[[true, false, false], [true, true, false], [false, true, true], [false, false, true], [false, false, false]]> : tensor<5x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x5x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<5x3xi1>) -> tensor<1x2x5x4xf32>
  func.return %y : tensor<1x2x5x4xf32>
}

// What the attention hides by itself and what the mask hides go together.
// CHECK-LABEL: func.func @narrowed
// CHECK-NEXT:    transformer.attention %q, %k, %k {causal = true, window = 2} : (
// CHECK-NEXT:    func.return
func.func @narrowed(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %m = forge.constant dense<[[true, true, false], [true, true, true], [false, true, true]]> : tensor<3x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m {causal = true} : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// A triangle that starts below the diagonal is not causal, ...
// CHECK-LABEL: func.func @below_the_diagonal
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @below_the_diagonal(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %m = forge.constant dense<[[false, false, false], [true, false, false], [true, true, false]]> : tensor<3x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// ... nor is one that starts above it, ...
// CHECK-LABEL: func.func @above_the_diagonal
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @above_the_diagonal(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %m = forge.constant dense<[[true, true, false], [true, true, true], [true, true, true]]> : tensor<3x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// ... nor one whose last query is at the last key, ...
// CHECK-LABEL: func.func @bottom_right
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @bottom_right(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x4x4xf32>) -> tensor<1x2x2x4xf32> {
  %m = forge.constant dense<[[true, true, true, false], [true, true, true, true]]> : tensor<2x4xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x2x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<2x4xi1>) -> tensor<1x2x2x4xf32>
  func.return %y : tensor<1x2x2x4xf32>
}

// ... nor one along the other diagonal.
// CHECK-LABEL: func.func @other_diagonal
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @other_diagonal(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %m = forge.constant dense<[[false, false, true], [false, true, true], [true, true, true]]> : tensor<3x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// A prefix that all queries see stays.
// CHECK-LABEL: func.func @prefix
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @prefix(%q: tensor<1x2x3x4xf32>, %k: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %m = forge.constant dense<[[true, true, false], [true, true, false], [true, true, true]]> : tensor<3x3xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<3x3xi1>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}

// So does a window to both sides, ...
// CHECK-LABEL: func.func @both_sides
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @both_sides(%q: tensor<1x2x4x4xf32>, %k: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %m = forge.constant dense<[[true, true, false, false], [true, true, true, false], [false, true, true, true], [false, false, true, true]]> : tensor<4x4xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<4x4xi1>) -> tensor<1x2x4x4xf32>
  func.return %y : tensor<1x2x4x4xf32>
}

// ... and one that is not the same for all.
// CHECK-LABEL: func.func @uneven
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @uneven(%q: tensor<1x2x4x4xf32>, %k: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %m = forge.constant dense<[[true, false, false, false], [true, true, false, false], [false, true, true, false], [false, false, false, true]]> : tensor<4x4xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<4x4xi1>) -> tensor<1x2x4x4xf32>
  func.return %y : tensor<1x2x4x4xf32>
}

// Several sequences in one, each of which sees only itself, stay.
// CHECK-LABEL: func.func @blocks
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @blocks(%q: tensor<1x2x4x4xf32>, %k: tensor<1x2x4x4xf32>) -> tensor<1x2x4x4xf32> {
  %m = forge.constant dense<[[true, true, false, false], [true, true, false, false], [false, false, true, true], [false, false, true, true]]> : tensor<4x4xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>, tensor<4x4xi1>) -> tensor<1x2x4x4xf32>
  func.return %y : tensor<1x2x4x4xf32>
}

// A query from which everything is hidden has no softmax.
// CHECK-LABEL: func.func @nothing_seen
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @nothing_seen(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %m = forge.constant dense<[[0.0, 0xFF800000], [0xFF800000, 0xFF800000]]> : tensor<2x2xf32>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xf32>) -> tensor<1x2x2x4xf32>
  func.return %y : tensor<1x2x2x4xf32>
}

// A row that is broadcast over the queries is no triangle.
// CHECK-LABEL: func.func @row
// CHECK:         transformer.attention %q, %k, %k, mask = %{{[0-9m]+}} :
// CHECK-NEXT:    func.return
func.func @row(%q: tensor<1x2x2x4xf32>, %k: tensor<1x2x2x4xf32>) -> tensor<1x2x2x4xf32> {
  %m = forge.constant dense<[[true, false]]> : tensor<1x2xi1>
  %y = transformer.attention %q, %k, %k, mask = %m : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %y : tensor<1x2x2x4xf32>
}

// Padding depends on an input; what is known of the mask besides changes nothing.
// CHECK-LABEL: func.func @padding
// CHECK:         %1 = aten.__and__.Tensor %0, %p
// CHECK-NEXT:    transformer.attention %q, %q, %q, mask = %1 :
// CHECK-NEXT:    func.return
func.func @padding(%q: tensor<1x2x2x4xf32>, %p: tensor<1x2xi1>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<[[true, false], [true, true]]> : tensor<2x2xi1>
  %1 = aten.__and__.Tensor %0, %p : (tensor<2x2xi1>, tensor<1x2xi1>) -> tensor<2x2xi1>
  %2 = transformer.attention %q, %q, %q, mask = %1 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %2 : tensor<1x2x2x4xf32>
}

// Padding that was expanded over all queries is as good as the padding, on either side.
// CHECK-LABEL: func.func @expanded_padding
// CHECK:         transformer.attention %q, %q, %q, mask = %p {scale = 0.5} :
// CHECK:         transformer.attention %q, %q, %q, mask = %p :
func.func @expanded_padding(%q: tensor<1x2x2x4xf32>, %p: tensor<1x2xi1>) -> (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>) {
  %0 = forge.constant dense<true> : tensor<2x1xi1>
  %1 = aten.__and__.Tensor %0, %p : (tensor<2x1xi1>, tensor<1x2xi1>) -> tensor<2x2xi1>
  %2 = transformer.attention %q, %q, %q, mask = %1 {scale = 0.5} : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xi1>) -> tensor<1x2x2x4xf32>
  %3 = aten.logical_and %p, %0 : (tensor<1x2xi1>, tensor<2x1xi1>) -> tensor<2x2xi1>
  %4 = transformer.attention %q, %q, %q, mask = %3 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %2, %4 : tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>
}

// Integers that are not zero are true, but not the mask that they make with a boolean one.
// CHECK-LABEL: func.func @integers
// CHECK:         transformer.attention %q, %q, %q, mask = %1 :
func.func @integers(%q: tensor<1x2x2x4xf32>, %p: tensor<1x2xi8>) -> tensor<1x2x2x4xf32> {
  %0 = forge.constant dense<true> : tensor<2x1xi1>
  %1 = aten.logical_and %0, %p : (tensor<2x1xi1>, tensor<1x2xi8>) -> tensor<2x2xi1>
  %2 = transformer.attention %q, %q, %q, mask = %1 : (tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<1x2x2x4xf32>, tensor<2x2xi1>) -> tensor<1x2x2x4xf32>
  func.return %2 : tensor<1x2x2x4xf32>
}
