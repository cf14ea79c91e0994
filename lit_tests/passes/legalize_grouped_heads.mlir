// RUN: forge-opt %s -p legalize-grouped-heads | filecheck %s
// RUN: forge-opt %s -p legalize-grouped-heads,legalize-grouped-heads | filecheck %s
// RUN: forge-opt %s -p legalize-grouped-heads,apply-forms | filecheck %s --check-prefix=APPLIED
// RUN: forge-opt %s -p legalize-grouped-heads --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN: fired    RotateSharedKeysFirst at rotary in layers.0 (qwen2.py:7)
// EXPLAIN: refused  RotateSharedKeysFirst: transformer.attention at whole (qwen2.py:8): what is rotated is not heads brought before tokens
// EXPLAIN: refused  RotateSharedKeysFirst: transformer.attention at given (qwen2.py:9): it has a form, or the rotation of its keys has

!q = tensor<1x4x3x2xf32>
!k = tensor<1x2x3x2xf32>
!t = tensor<1x3x2x2xf32>
!table = tensor<1x1x3x2xf32>

// `UnrollPermuteDMA: size of merged sub output shape …`: on NPU3720 what repeats rotated keys fails.
// CHECK-LABEL: func.func @shared
// CHECK:         %[[T:.*]] = aten.permute %k
// CHECK-NEXT:    %[[K:.*]] = transformer.rotary_embedding %[[T]], %cos, %sin {form = {place = "before_transpose"}}
// CHECK-NEXT:    transformer.attention %q, %[[K]], %v {causal = true}
// APPLIED-LABEL: func.func @shared
// APPLIED:         %[[R:.*]] = transformer.rotary_embedding %k, {{.*}} -> tensor<1x3x2x2xf32>
// APPLIED-NEXT:    %[[K:.*]] = aten.permute %[[R]]
// APPLIED-NEXT:    transformer.attention %q, %[[K]], %v {causal = true}
func.func @shared(%q: !q, %k: !t, %v: !k, %cos: !table, %sin: !table) -> !q {
  %0 = aten.permute %k {dims = [0, 2, 1, 3]} : (!t) -> !k
  %1 = transformer.rotary_embedding %0, %cos, %sin : (!k, !table, !table) -> !k loc("rotary"("layers.0"("qwen2.py":7:0)))
  %2 = transformer.attention %q, %1, %v {causal = true} : (!q, !k, !k) -> !q
  func.return %2 : !q
}

// -- not asked for ---------------------------------------------------------------------------------

// Each head has its own keys.
// CHECK-LABEL: func.func @own_keys
// CHECK:         transformer.rotary_embedding %{{.*}}, %cos, %sin : (
func.func @own_keys(%q: !k, %k: !t, %v: !k, %cos: !table, %sin: !table) -> !k {
  %0 = aten.permute %k {dims = [0, 2, 1, 3]} : (!t) -> !k
  %1 = transformer.rotary_embedding %0, %cos, %sin : (!k, !table, !table) -> !k
  %2 = transformer.attention %q, %1, %v : (!k, !k, !k) -> !k
  func.return %2 : !k
}

// CHECK-LABEL: func.func @not_rotated
// CHECK-NEXT:    transformer.attention %q, %k, %v
func.func @not_rotated(%q: !q, %k: !k, %v: !k) -> !q {
  %0 = transformer.attention %q, %k, %v : (!q, !k, !k) -> !q
  func.return %0 : !q
}

// CHECK-LABEL: func.func @not_transposed
// CHECK-NEXT:    transformer.rotary_embedding %k, %cos, %sin : (
func.func @not_transposed(%q: !q, %k: !k, %v: !k, %cos: !table, %sin: !table) -> !q {
  %0 = transformer.rotary_embedding %k, %cos, %sin : (!k, !table, !table) -> !k
  %1 = transformer.attention %q, %0, %v : (!q, !k, !k) -> !q loc("whole"("qwen2.py":8:0))
  func.return %1 : !q
}

// A form that was chosen is kept.
// CHECK-LABEL: func.func @chosen
// CHECK:         transformer.rotary_embedding %{{.*}}, %cos, %sin : (
func.func @chosen(%q: !q, %k: !t, %v: !k, %cos: !table, %sin: !table) -> !q {
  %0 = aten.permute %k {dims = [0, 2, 1, 3]} : (!t) -> !k
  %1 = transformer.rotary_embedding %0, %cos, %sin : (!k, !table, !table) -> !k
  %2 = transformer.attention %q, %1, %v {form = {query_chunks = 3}} : (!q, !k, !k) -> !q loc("given"("qwen2.py":9:0))
  func.return %2 : !q
}
