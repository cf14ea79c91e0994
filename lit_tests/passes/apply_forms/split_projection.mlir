// RUN: forge-opt %s -p apply-forms,eliminate-dead-code | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN

// EXPLAIN:      fired    SplitProjection at
// EXPLAIN-DAG:  refused  SplitProjection: transformer.linear at {{.*}}: its result is not split
// EXPLAIN-DAG:  refused  SplitProjection: transformer.linear at {{.*}}: its result is split along another dimension than that of its outputs
// EXPLAIN-DAG:  refused  SplitProjection: transformer.linear at {{.*}}: it has a residual
// EXPLAIN-DAG:  refused  SplitProjection: transformer.linear at {{.*}}: its weight is computed at run time

// The rest of the form stays.
// CHECK-LABEL: func.func @chunks
// CHECK-DAG:     %[[WA:.*]] = aten.slice.Tensor %w {start = 0, end = 4}
// CHECK-DAG:     %[[BA:.*]] = aten.slice.Tensor %b {start = 0, end = 4}
// CHECK-DAG:     %[[A:.*]] = transformer.linear %x, %[[WA]], bias = %[[BA]] {activation = relu, form = {orientation = "columns"}} :
// CHECK-DAG:     %[[WB:.*]] = aten.slice.Tensor %w {start = 4, end = 8}
// CHECK-DAG:     %[[BB:.*]] = aten.slice.Tensor %b {start = 4, end = 8}
// CHECK-DAG:     %[[B:.*]] = transformer.linear %x, %[[WB]], bias = %[[BB]] {activation = relu, form = {orientation = "columns"}} :
// CHECK:         func.return %[[A]], %[[B]]
func.func @chunks(%x: tensor<5x4xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>) {
  %w = forge.weight "w" : tensor<8x4xf32>
  %b = forge.weight "b" : tensor<8xf32>
  %0 = transformer.linear %x, %w, bias = %b {activation = relu, form = {orientation = "columns", sections = "apart"}} : (tensor<5x4xf32>, tensor<8x4xf32>, tensor<8xf32>) -> tensor<5x8xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<5x8xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>)
  func.return %1, %2 : tensor<5x4xf32>, tensor<5x4xf32>
}

// GPT-2: all heads are transposed, and then split into those of query, key and value.
// CHECK-LABEL: func.func @heads
// CHECK:         %[[W:.*]] = aten.slice.Tensor %w {dim = 1, start = 4, end = 8}
// CHECK-NEXT:    %[[K:.*]] = transformer.linear %x, %[[W]] {transpose_weight = false} : {{.*}} -> tensor<1x5x4xf32>
// CHECK-NEXT:    %[[H:.*]] = aten.reshape %[[K]] {shape = [1, 5, 2, 2]}
// CHECK-NEXT:    aten.permute %[[H]] {dims = [0, 2, 1, 3]}
func.func @heads(%x: tensor<1x5x4xf32>) -> (tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>) {
  %w = forge.weight "w" : tensor<4x12xf32>
  %0 = transformer.linear %x, %w {transpose_weight = false, form = {sections = "apart"}} : (tensor<1x5x4xf32>, tensor<4x12xf32>) -> tensor<1x5x12xf32>
  %1 = aten.reshape %0 {shape = [1, 5, 6, 2]} : (tensor<1x5x12xf32>) -> tensor<1x5x6x2xf32>
  %2 = aten.permute %1 {dims = [0, 2, 1, 3]} : (tensor<1x5x6x2xf32>) -> tensor<1x6x5x2xf32>
  %3, %4, %5 = aten.split_with_sizes %2 {split_sizes = [2, 2, 2], dim = 1} : (tensor<1x6x5x2xf32>) -> (tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>)
  func.return %3, %4, %5 : tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>
}

// As vision transformers write it.
// CHECK-LABEL: func.func @unbind
// CHECK:         %[[W:.*]] = aten.slice.Tensor %w {start = 4, end = 8}
// CHECK-NEXT:    %[[K:.*]] = transformer.linear %x, %[[W]] : {{.*}} -> tensor<1x5x4xf32>
// CHECK-NEXT:    %[[H:.*]] = aten.reshape %[[K]] {shape = [1, 5, 1, 2, 2]}
// CHECK-NEXT:    %[[P:.*]] = aten.permute %[[H]] {dims = [2, 0, 3, 1, 4]}
// CHECK-NEXT:    aten.reshape %[[P]] {shape = [1, 2, 5, 2]}
func.func @unbind(%x: tensor<1x5x4xf32>) -> (tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>) {
  %w = forge.weight "w" : tensor<8x4xf32>
  %0 = transformer.linear %x, %w {form = {sections = "apart"}} : (tensor<1x5x4xf32>, tensor<8x4xf32>) -> tensor<1x5x8xf32>
  %1 = aten.reshape %0 {shape = [1, 5, 2, 2, 2]} : (tensor<1x5x8xf32>) -> tensor<1x5x2x2x2xf32>
  %2 = aten.permute %1 {dims = [2, 0, 3, 1, 4]} : (tensor<1x5x2x2x2xf32>) -> tensor<2x1x2x5x2xf32>
  %3, %4 = aten.unbind.int %2 : (tensor<2x1x2x5x2xf32>) -> (tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>)
  func.return %3, %4 : tensor<1x2x5x2xf32>, tensor<1x2x5x2xf32>
}

// CHECK-LABEL: func.func @not_asked_for
// CHECK-NOT:     aten.slice.Tensor
// CHECK:         aten.chunk
func.func @not_asked_for(%x: tensor<5x4xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>) {
  %w = forge.weight "w" : tensor<8x4xf32>
  %0 = transformer.linear %x, %w : (tensor<5x4xf32>, tensor<8x4xf32>) -> tensor<5x8xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<5x8xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>)
  func.return %1, %2 : tensor<5x4xf32>, tensor<5x4xf32>
}

// All of it is read, too.
// CHECK-LABEL: func.func @read_whole
// CHECK:         form = {sections = "apart"}
func.func @read_whole(%x: tensor<5x4xf32>) -> (tensor<5x4xf32>, tensor<5x8xf32>) {
  %w = forge.weight "w" : tensor<8x4xf32>
  %0 = transformer.linear %x, %w {form = {sections = "apart"}} : (tensor<5x4xf32>, tensor<8x4xf32>) -> tensor<5x8xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<5x8xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>)
  func.return %1, %0 : tensor<5x4xf32>, tensor<5x8xf32>
}

// CHECK-LABEL: func.func @rows
// CHECK:         form = {sections = "apart"}
func.func @rows(%x: tensor<6x4xf32>) -> (tensor<3x8xf32>, tensor<3x8xf32>) {
  %w = forge.weight "w" : tensor<8x4xf32>
  %0 = transformer.linear %x, %w {form = {sections = "apart"}} : (tensor<6x4xf32>, tensor<8x4xf32>) -> tensor<6x8xf32>
  %1, %2 = aten.chunk %0 {chunks = 2} : (tensor<6x8xf32>) -> (tensor<3x8xf32>, tensor<3x8xf32>)
  func.return %1, %2 : tensor<3x8xf32>, tensor<3x8xf32>
}

// Rows and outputs became one dimension.
// CHECK-LABEL: func.func @mixed
// CHECK:         form = {sections = "apart"}
func.func @mixed(%x: tensor<6x4xf32>) -> (tensor<24xf32>, tensor<24xf32>) {
  %w = forge.weight "w" : tensor<8x4xf32>
  %0 = transformer.linear %x, %w {form = {sections = "apart"}} : (tensor<6x4xf32>, tensor<8x4xf32>) -> tensor<6x8xf32>
  %1 = aten.reshape %0 {shape = [48]} : (tensor<6x8xf32>) -> tensor<48xf32>
  %2, %3 = aten.chunk %1 {chunks = 2} : (tensor<48xf32>) -> (tensor<24xf32>, tensor<24xf32>)
  func.return %2, %3 : tensor<24xf32>, tensor<24xf32>
}

// CHECK-LABEL: func.func @residual
// CHECK:         form = {sections = "apart"}
func.func @residual(%x: tensor<5x4xf32>, %r: tensor<5x8xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>) {
  %w = forge.weight "w" : tensor<8x4xf32>
  %0 = transformer.linear %x, %w, residual = %r {form = {sections = "apart"}} : (tensor<5x4xf32>, tensor<8x4xf32>, tensor<5x8xf32>) -> tensor<5x8xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<5x8xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>)
  func.return %1, %2 : tensor<5x4xf32>, tensor<5x4xf32>
}

// CHECK-LABEL: func.func @weight_is_given
// CHECK:         form = {sections = "apart"}
func.func @weight_is_given(%x: tensor<5x4xf32>, %w: tensor<8x4xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>) {
  %0 = transformer.linear %x, %w {form = {sections = "apart"}} : (tensor<5x4xf32>, tensor<8x4xf32>) -> tensor<5x8xf32>
  %1, %2 = aten.chunk %0 {chunks = 2, dim = -1} : (tensor<5x8xf32>) -> (tensor<5x4xf32>, tensor<5x4xf32>)
  func.return %1, %2 : tensor<5x4xf32>, tensor<5x4xf32>
}
