// RUN: forge-opt %s -p fuse-rotary-embedding | filecheck %s
// RUN: forge-opt %s -p fuse-rotary-embedding --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// RUN: not forge-opt %s -p 'fuse-rotary-embedding{dims=2}' 2>&1 | filecheck %s --check-prefix=OPTION

// EXPLAIN:      fuse-rotary-embedding:
// EXPLAIN:        fired    FuseRotaryEmbedding at {{.*}}fuse_rotary_embedding.mlir
// EXPLAIN:        refused  FuseRotaryEmbedding: aten.cat at {{.*}}: the halves are those of different tensors

// OPTION:       pass 'fuse-rotary-embedding'
// OPTION-SAME:  dims

// CHECK-LABEL: func.func @llama
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin :
// CHECK-NEXT:    func.return %0
func.func @llama(%x: tensor<1x2x8x4xf32>, %cos: tensor<1x1x8x4xf32>, %sin: tensor<1x1x8x4xf32>) -> tensor<1x2x8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<1x2x8x4xf32>, tensor<1x1x8x4xf32>) -> tensor<1x2x8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 3, start = 0, end = 2} : (tensor<1x2x8x4xf32>) -> tensor<1x2x8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 3, start = 2, end = 9223372036854775807} : (tensor<1x2x8x4xf32>) -> tensor<1x2x8x2xf32>
  %3 = aten.neg %2 : (tensor<1x2x8x2xf32>) -> tensor<1x2x8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<1x2x8x2xf32>, tensor<1x2x8x2xf32>) -> tensor<1x2x8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<1x2x8x4xf32>, tensor<1x1x8x4xf32>) -> tensor<1x2x8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<1x2x8x4xf32>, tensor<1x2x8x4xf32>) -> tensor<1x2x8x4xf32>
  func.return %6 : tensor<1x2x8x4xf32>
}

// Sum and products the other way round.
// CHECK-LABEL: func.func @commuted
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin :
// CHECK-NEXT:    func.return %0
func.func @commuted(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %cos, %x : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = -1, start = -2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %sin, %4 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %5, %0 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6 : tensor<8x4xf32>
}

// The halves as chunks, or as the rows of a matrix.
// CHECK-LABEL: func.func @chunks
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin :
// CHECK-NEXT:    %1 = transformer.rotary_embedding %0, %cos, %sin :
// CHECK-NEXT:    func.return %1
func.func @chunks(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1, %2 = aten.chunk %x {chunks = 2, dim = -1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %3 = aten.mul.Scalar %2 {other = -1} : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = aten.mul.Tensor %6, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.reshape %6 {shape = [8, 2, 2]} : (tensor<8x4xf32>) -> tensor<8x2x2xf32>
  %9, %10 = aten.unbind.int %8 {dim = 1} : (tensor<8x2x2xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %11 = aten.neg %10 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %12 = aten.stack [%11, %9] {dim = -2} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2x2xf32>
  %13 = aten.reshape %12 {shape = [8, 4]} : (tensor<8x2x2xf32>) -> tensor<8x4xf32>
  %14 = aten.mul.Tensor %13, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %15 = aten.add.Tensor %7, %14 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %15 : tensor<8x4xf32>
}

// Neighbours are rotated into each other, as in GPT-J; also without `stack`, and by selection.
// CHECK-LABEL: func.func @interleaved
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin {interleaved = true} :
// CHECK-NEXT:    %1 = transformer.rotary_embedding %0, %cos, %sin {interleaved = true} :
// CHECK-NEXT:    func.return %1
func.func @interleaved(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.stack [%3, %1] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2x2xf32>
  %5 = aten.reshape %4 {shape = [8, 4]} : (tensor<8x2x2xf32>) -> tensor<8x4xf32>
  %6 = aten.mul.Tensor %5, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = aten.add.Tensor %0, %6 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.mul.Tensor %7, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %9 = aten.reshape %7 {shape = [8, 2, 2]} : (tensor<8x4xf32>) -> tensor<8x2x2xf32>
  %10 = aten.select.int %9 {dim = 2, index = 0} : (tensor<8x2x2xf32>) -> tensor<8x2xf32>
  %11 = aten.select.int %9 {dim = 2, index = -1} : (tensor<8x2x2xf32>) -> tensor<8x2xf32>
  %12 = aten.neg %11 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %13 = aten.unsqueeze %12 {dim = 2} : (tensor<8x2xf32>) -> tensor<8x2x1xf32>
  %14 = aten.unsqueeze %10 {dim = 2} : (tensor<8x2xf32>) -> tensor<8x2x1xf32>
  %15 = aten.cat [%13, %14] {dim = -1} : (tensor<8x2x1xf32>, tensor<8x2x1xf32>) -> tensor<8x2x2xf32>
  %16 = aten.reshape %15 {shape = [8, 4]} : (tensor<8x2x2xf32>) -> tensor<8x4xf32>
  %17 = aten.mul.Tensor %16, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %18 = aten.add.Tensor %8, %17 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %18 : tensor<8x4xf32>
}

// Each half by itself, as in GPT-OSS: the tables are half as wide.
// CHECK-LABEL: func.func @half_tables
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin : (tensor<8x4xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
// CHECK-NEXT:    %1 = transformer.rotary_embedding %0, %cos, %sin {interleaved = true} :
// CHECK-NEXT:    func.return %1
func.func @half_tables(%x: tensor<8x4xf32>, %cos: tensor<8x2xf32>, %sin: tensor<8x2xf32>) -> tensor<8x4xf32> {
  %0, %1 = aten.split.Tensor %x {split_size = 2, dim = -1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %2 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %3 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.sub.Tensor %2, %3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %5 = aten.mul.Tensor %cos, %1 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %6 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %7 = aten.add.Tensor %6, %5 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %8 = aten.cat [%4, %7] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %9 = aten.slice.Tensor %8 {dim = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %10 = aten.slice.Tensor %8 {dim = 1, start = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %11 = aten.mul.Tensor %9, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %12 = aten.mul.Tensor %10, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %13 = aten.sub.Tensor %11, %12 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %14 = aten.mul.Tensor %10, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %15 = aten.mul.Tensor %9, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %16 = aten.add.Tensor %14, %15 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %17 = aten.stack [%13, %16] {dim = 2} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2x2xf32>
  %18 = aten.reshape %17 {shape = [8, 4]} : (tensor<8x2x2xf32>) -> tensor<8x4xf32>
  func.return %18 : tensor<8x4xf32>
}

// Each half by itself, with the halves of whole tables.
// CHECK-LABEL: func.func @halves_of_tables
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin : (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>)
// CHECK-NEXT:    func.return %0
func.func @halves_of_tables(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0, %1 = aten.chunk %x {chunks = 2, dim = 1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %2, %3 = aten.chunk %cos {chunks = 2, dim = 1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %4, %5 = aten.chunk %sin {chunks = 2, dim = 1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %6 = aten.mul.Tensor %0, %2 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %7 = aten.mul.Tensor %1, %4 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %8 = aten.sub.Tensor %6, %7 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %9 = aten.mul.Tensor %1, %3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %10 = aten.mul.Tensor %0, %5 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %11 = aten.add.Tensor %9, %10 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %12 = aten.cat [%8, %11] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  func.return %12 : tensor<8x4xf32>
}

// Neighbours are rotated into each other, and become halves, as in DeepSeek.
// CHECK-LABEL: func.func @neighbours_to_halves
// CHECK:         %2 = aten.cat [%0, %1] {dim = -1}
// CHECK-NEXT:    %3 = transformer.rotary_embedding %2, %cos, %sin : (tensor<8x4xf32>, tensor<8x2xf32>, tensor<8x2xf32>)
// CHECK-NEXT:    func.return %3
func.func @neighbours_to_halves(%x: tensor<8x4xf32>, %cos: tensor<8x2xf32>, %sin: tensor<8x2xf32>) -> tensor<8x4xf32> {
  %0 = aten.slice.Tensor %x {dim = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %1 = aten.slice.Tensor %x {dim = 1, start = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %3 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.sub.Tensor %2, %3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %5 = aten.mul.Tensor %1, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %6 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %7 = aten.add.Tensor %5, %6 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %8 = aten.cat [%4, %7] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  func.return %8 : tensor<8x4xf32>
}

// By complex numbers, as in Llama 4. Both are rotated by tables that are made once.
// CHECK-LABEL: func.func @complex
// CHECK-NEXT:    %0 = aten.cos %angle
// CHECK-NEXT:    %1 = aten.sin %angle
// CHECK-NEXT:    %2 = aten.mul.Tensor %r, %0
// CHECK-NEXT:    %3 = aten.mul.Tensor %r, %1
// CHECK-NEXT:    %4 = aten.unsqueeze %2 {dim = 0}
// CHECK-NEXT:    %5 = aten.unsqueeze %3 {dim = 0}
// CHECK:         transformer.rotary_embedding %{{.*}}, %4, %5 {interleaved = true} : (tensor<1x8x4xf32>, tensor<1x8x2xf32>, tensor<1x8x2xf32>)
// CHECK:         transformer.rotary_embedding %{{.*}}, %4, %5 {interleaved = true}
// CHECK-NOT:     complex
func.func @complex(%q: tensor<1x8x4xf32>, %k: tensor<1x8x4xf32>, %r: tensor<8x2xf32>, %angle: tensor<8x2xf32>) -> (tensor<1x8x4xf32>, tensor<1x8x4xf32>) {
  %0 = aten.polar %r, %angle : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xcomplex<f32>>
  %1 = aten.unsqueeze %0 {dim = 0} : (tensor<8x2xcomplex<f32>>) -> tensor<1x8x2xcomplex<f32>>
  %2 = aten.reshape %q {shape = [1, 8, 2, 2]} : (tensor<1x8x4xf32>) -> tensor<1x8x2x2xf32>
  %3 = aten.view_as_complex %2 : (tensor<1x8x2x2xf32>) -> tensor<1x8x2xcomplex<f32>>
  %4 = aten.mul.Tensor %3, %1 : (tensor<1x8x2xcomplex<f32>>, tensor<1x8x2xcomplex<f32>>) -> tensor<1x8x2xcomplex<f32>>
  %5 = aten.view_as_real %4 : (tensor<1x8x2xcomplex<f32>>) -> tensor<1x8x2x2xf32>
  %6 = aten.reshape %5 {shape = [1, 8, 4]} : (tensor<1x8x2x2xf32>) -> tensor<1x8x4xf32>
  %7 = aten.reshape %k {shape = [1, 8, 2, 2]} : (tensor<1x8x4xf32>) -> tensor<1x8x2x2xf32>
  %8 = aten.view_as_complex %7 : (tensor<1x8x2x2xf32>) -> tensor<1x8x2xcomplex<f32>>
  %9 = aten.mul.Tensor %1, %8 : (tensor<1x8x2xcomplex<f32>>, tensor<1x8x2xcomplex<f32>>) -> tensor<1x8x2xcomplex<f32>>
  %10 = aten.view_as_real %9 : (tensor<1x8x2xcomplex<f32>>) -> tensor<1x8x2x2xf32>
  %11 = aten.reshape %10 {shape = [1, 8, 4]} : (tensor<1x8x2x2xf32>) -> tensor<1x8x4xf32>
  func.return %6, %11 : tensor<1x8x4xf32>, tensor<1x8x4xf32>
}

// By complex numbers that were computed elsewhere, as in the first Llama.
// CHECK-LABEL: func.func @complex_table
// CHECK-NEXT:    %0 = aten.view_as_real %turns
// CHECK-NEXT:    %1 = aten.select.int %0 {dim = -1, index = 0}
// CHECK-NEXT:    %2 = aten.select.int %0 {dim = -1, index = 1}
// CHECK:         transformer.rotary_embedding %{{.*}}, %1, %2 {interleaved = true}
func.func @complex_table(%x: tensor<8x4xf32>, %turns: tensor<8x2xcomplex<f32>>) -> tensor<8x4xf32> {
  %0 = aten.reshape %x {shape = [8, 2, 2]} : (tensor<8x4xf32>) -> tensor<8x2x2xf32>
  %1 = aten.view_as_complex %0 : (tensor<8x2x2xf32>) -> tensor<8x2xcomplex<f32>>
  %2 = aten.mul.Tensor %1, %turns : (tensor<8x2xcomplex<f32>>, tensor<8x2xcomplex<f32>>) -> tensor<8x2xcomplex<f32>>
  %3 = aten.view_as_real %2 : (tensor<8x2xcomplex<f32>>) -> tensor<8x2x2xf32>
  %4 = aten.reshape %3 {shape = [8, 4]} : (tensor<8x2x2xf32>) -> tensor<8x4xf32>
  func.return %4 : tensor<8x4xf32>
}

// The first four of six elements are rotated, as in GPT-NeoX.
// CHECK-LABEL: func.func @partial
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin {rotary_dims = 4} : (tensor<8x6xf32>, tensor<8x4xf32>, tensor<8x4xf32>)
// CHECK-NEXT:    func.return %0
func.func @partial(%x: tensor<8x6xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x6xf32> {
  %0 = aten.slice.Tensor %x {dim = 1, end = 4} : (tensor<8x6xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, start = 4} : (tensor<8x6xf32>) -> tensor<8x2xf32>
  %2 = aten.mul.Tensor %0, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = aten.slice.Tensor %0 {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %4 = aten.slice.Tensor %0 {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %5 = aten.neg %4 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %6 = aten.cat [%5, %3] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %7 = aten.mul.Tensor %6, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.add.Tensor %2, %7 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %9 = aten.cat [%8, %1] {dim = -1} : (tensor<8x4xf32>, tensor<8x2xf32>) -> tensor<8x6xf32>
  func.return %9 : tensor<8x6xf32>
}

// 16-bit elements are rotated in f32: by tables of f32, as in OLMo, which promote them; and
// converted first, by tables of 16 bits, as in Cohere, which are converted once.
// CHECK-LABEL: func.func @converted
// CHECK-NEXT:    %0 = aten.to.dtype %s {dtype = f32}
// CHECK-NEXT:    %1 = aten.to.dtype %c {dtype = f32}
// CHECK-NEXT:    %2 = transformer.rotary_embedding %x, %cos, %sin : (tensor<8x4xbf16>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xbf16>
// CHECK-NEXT:    %3 = transformer.rotary_embedding %2, %1, %0 : (tensor<8x4xbf16>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xbf16>
// CHECK-NEXT:    func.return %3
func.func @converted(%x: tensor<8x4xbf16>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>, %c: tensor<8x4xbf16>, %s: tensor<8x4xbf16>) -> tensor<8x4xbf16> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xbf16>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xbf16>) -> tensor<8x2xbf16>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xbf16>) -> tensor<8x2xbf16>
  %3 = aten.neg %2 : (tensor<8x2xbf16>) -> tensor<8x2xbf16>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x2xbf16>, tensor<8x2xbf16>) -> tensor<8x4xbf16>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xbf16>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = aten.to.dtype %6 {dtype = bf16} : (tensor<8x4xf32>) -> tensor<8x4xbf16>
  %8 = aten.to.dtype %7 {dtype = f32} : (tensor<8x4xbf16>) -> tensor<8x4xf32>
  %9 = aten.mul.Tensor %8, %c : (tensor<8x4xf32>, tensor<8x4xbf16>) -> tensor<8x4xf32>
  %10 = aten.slice.Tensor %8 {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %11 = aten.slice.Tensor %8 {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %12 = aten.neg %11 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %13 = aten.cat [%12, %10] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %14 = aten.mul.Tensor %13, %s : (tensor<8x4xf32>, tensor<8x4xbf16>) -> tensor<8x4xf32>
  %15 = aten.add.Tensor %9, %14 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %16 = aten.to.dtype %15 {dtype = bf16} : (tensor<8x4xf32>) -> tensor<8x4xbf16>
  func.return %16 : tensor<8x4xbf16>
}

// What is rotated is converted to f32 only behind it, as in ERNIE.
// CHECK-LABEL: func.func @converted_late
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %cos, %sin : (tensor<8x4xbf16>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xbf16>
// CHECK-NEXT:    func.return %0
func.func @converted_late(%x: tensor<8x4xbf16>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xbf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<8x4xbf16>) -> tensor<8x4xf32>
  %1 = aten.mul.Tensor %0, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xbf16>) -> tensor<8x2xbf16>
  %3 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xbf16>) -> tensor<8x2xbf16>
  %4 = aten.neg %3 : (tensor<8x2xbf16>) -> tensor<8x2xbf16>
  %5 = aten.cat [%4, %2] {dim = -1} : (tensor<8x2xbf16>, tensor<8x2xbf16>) -> tensor<8x4xbf16>
  %6 = aten.to.dtype %5 {dtype = f32} : (tensor<8x4xbf16>) -> tensor<8x4xf32>
  %7 = aten.mul.Tensor %6, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.add.Tensor %1, %7 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %9 = aten.to.dtype %8 {dtype = bf16} : (tensor<8x4xf32>) -> tensor<8x4xbf16>
  func.return %9 : tensor<8x4xbf16>
}

// The sine of one and the cosine of the other may be anything: this is an embedding, too.
// CHECK-LABEL: func.func @sin_and_cos_swapped
// CHECK-NEXT:    %0 = transformer.rotary_embedding %x, %sin, %cos :
func.func @sin_and_cos_swapped(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %x, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6 : tensor<8x4xf32>
}

// The lower half is negated.
// CHECK-LABEL: func.func @swapped_halves
// CHECK-NOT:     rotary_embedding
func.func @swapped_halves(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6 : tensor<8x4xf32>
}

// What is rotated are not halves, or they skip elements.
// CHECK-LABEL: func.func @quarters
// CHECK-NOT:     rotary_embedding
func.func @quarters(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 1} : (tensor<8x4xf32>) -> tensor<8x1xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 1} : (tensor<8x4xf32>) -> tensor<8x3xf32>
  %3 = aten.neg %2 : (tensor<8x3xf32>) -> tensor<8x3xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x3xf32>, tensor<8x1xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.slice.Tensor %x {dim = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %9 = aten.slice.Tensor %x {dim = 1, start = 1, step = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %10 = aten.neg %9 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %11 = aten.cat [%10, %8] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %12 = aten.mul.Tensor %11, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %13 = aten.add.Tensor %7, %12 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %13 : tensor<8x4xf32>, tensor<8x4xf32>
}

// The halves of another dimension.
// CHECK-LABEL: func.func @other_dimension
// CHECK-NOT:     rotary_embedding
func.func @other_dimension(%x: tensor<4x4xf32>, %cos: tensor<4x4xf32>, %sin: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %1 = aten.slice.Tensor %x {dim = 0, end = 2} : (tensor<4x4xf32>) -> tensor<2x4xf32>
  %2 = aten.slice.Tensor %x {dim = 0, start = 2} : (tensor<4x4xf32>) -> tensor<2x4xf32>
  %3 = aten.neg %2 : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = aten.cat [%3, %1] {dim = 0} : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<4x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %6 : tensor<4x4xf32>
}

// What is added is a multiple of another tensor, or it is scaled.
// CHECK-LABEL: func.func @other_sum
// CHECK-NOT:     rotary_embedding
func.func @other_sum(%x: tensor<8x4xf32>, %z: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %z, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %7 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %9 = aten.cat [%8, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %10 = aten.mul.Tensor %9, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %11 = aten.add.Tensor %7, %10 {alpha = 2} : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %11 : tensor<8x4xf32>, tensor<8x4xf32>
}

// What is rotated is used elsewhere.
// CHECK-LABEL: func.func @second_user
// CHECK-NOT:     rotary_embedding
func.func @second_user(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %4 : tensor<8x4xf32>, tensor<8x4xf32>
}

// The tables broadcast what is rotated, or their last dimension is broadcast.
// CHECK-LABEL: func.func @broadcast
// CHECK-NOT:     rotary_embedding
func.func @broadcast(%x: tensor<8x4xf32>, %cos: tensor<2x8x4xf32>, %c: tensor<8x1xf32>) -> (tensor<2x8x4xf32>, tensor<8x4xf32>) {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %cos : (tensor<8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<2x8x4xf32>, tensor<2x8x4xf32>) -> tensor<2x8x4xf32>
  %7 = aten.mul.Tensor %x, %c : (tensor<8x4xf32>, tensor<8x1xf32>) -> tensor<8x4xf32>
  %8 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %9 = aten.cat [%8, %1] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %10 = aten.mul.Tensor %9, %c : (tensor<8x4xf32>, tensor<8x1xf32>) -> tensor<8x4xf32>
  %11 = aten.add.Tensor %7, %10 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6, %11 : tensor<2x8x4xf32>, tensor<8x4xf32>
}

// It is rotated the other way round.
// CHECK-LABEL: func.func @subtracted
// CHECK-NOT:     rotary_embedding
func.func @subtracted(%x: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.sub.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6 : tensor<8x4xf32>
}

// The halves are those of two tensors.
// CHECK-LABEL: func.func @two_tensors
// CHECK-NOT:     rotary_embedding
func.func @two_tensors(%x: tensor<8x4xf32>, %z: tensor<8x4xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %0 = aten.mul.Tensor %x, %cos : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, end = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %2 = aten.slice.Tensor %z {dim = 1, start = 2} : (tensor<8x4xf32>) -> tensor<8x2xf32>
  %3 = aten.neg %2 : (tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.cat [%3, %1] {dim = -1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %5 = aten.mul.Tensor %4, %sin : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.add.Tensor %0, %5 : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  func.return %6 : tensor<8x4xf32>
}

// The signs are those of a rotation the other way round, or of none.
// CHECK-LABEL: func.func @wrong_signs
// CHECK-NOT:     rotary_embedding
func.func @wrong_signs(%x: tensor<8x4xf32>, %cos: tensor<8x2xf32>, %sin: tensor<8x2xf32>) -> (tensor<8x4xf32>, tensor<8x4xf32>) {
  %0, %1 = aten.chunk %x {chunks = 2, dim = -1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %2 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %3 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.add.Tensor %2, %3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %5 = aten.mul.Tensor %1, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %6 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %7 = aten.sub.Tensor %5, %6 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %8 = aten.cat [%4, %7] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %9 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %10 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %11 = aten.sub.Tensor %10, %9 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %12 = aten.mul.Tensor %1, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %13 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %14 = aten.add.Tensor %12, %13 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %15 = aten.cat [%11, %14] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  func.return %8, %15 : tensor<8x4xf32>, tensor<8x4xf32>
}

// The halves have tables of their own, which are not those of one.
// CHECK-LABEL: func.func @two_tables
// CHECK-NOT:     rotary_embedding
func.func @two_tables(%x: tensor<8x4xf32>, %cos: tensor<8x2xf32>, %sin: tensor<8x2xf32>, %c: tensor<8x2xf32>) -> tensor<8x4xf32> {
  %0, %1 = aten.chunk %x {chunks = 2, dim = -1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %2 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %3 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.sub.Tensor %2, %3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %5 = aten.mul.Tensor %1, %c : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %6 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %7 = aten.add.Tensor %5, %6 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %8 = aten.cat [%4, %7] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  func.return %8 : tensor<8x4xf32>
}

// The rotated halves are used one by one, too; or they become neighbours.
// CHECK-LABEL: func.func @halves_used
// CHECK-NOT:     rotary_embedding
func.func @halves_used(%x: tensor<8x4xf32>, %cos: tensor<8x2xf32>, %sin: tensor<8x2xf32>) -> (tensor<8x4xf32>, tensor<8x2xf32>, tensor<8x4xf32>) {
  %0, %1 = aten.chunk %x {chunks = 2, dim = -1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %2 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %3 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %4 = aten.sub.Tensor %2, %3 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %5 = aten.mul.Tensor %1, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %6 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %7 = aten.add.Tensor %5, %6 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %8 = aten.cat [%4, %7] {dim = 1} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x4xf32>
  %9 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %10 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %11 = aten.sub.Tensor %9, %10 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %12 = aten.mul.Tensor %1, %cos : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %13 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %14 = aten.add.Tensor %12, %13 : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2xf32>
  %15 = aten.stack [%11, %14] {dim = 2} : (tensor<8x2xf32>, tensor<8x2xf32>) -> tensor<8x2x2xf32>
  %16 = aten.reshape %15 {shape = [8, 4]} : (tensor<8x2x2xf32>) -> tensor<8x4xf32>
  func.return %8, %4, %16 : tensor<8x4xf32>, tensor<8x2xf32>, tensor<8x4xf32>
}

// The tables broadcast what is rotated, half by half and as complex numbers.
// CHECK-LABEL: func.func @broadcast_parts
// CHECK-NOT:     rotary_embedding
func.func @broadcast_parts(%x: tensor<8x4xf32>, %cos: tensor<3x8x2xf32>, %sin: tensor<3x8x2xf32>, %turns: tensor<3x8x2xcomplex<f32>>) -> (tensor<3x8x4xf32>, tensor<3x8x4xf32>) {
  %0, %1 = aten.chunk %x {chunks = 2, dim = -1} : (tensor<8x4xf32>) -> (tensor<8x2xf32>, tensor<8x2xf32>)
  %2 = aten.mul.Tensor %0, %cos : (tensor<8x2xf32>, tensor<3x8x2xf32>) -> tensor<3x8x2xf32>
  %3 = aten.mul.Tensor %1, %sin : (tensor<8x2xf32>, tensor<3x8x2xf32>) -> tensor<3x8x2xf32>
  %4 = aten.sub.Tensor %2, %3 : (tensor<3x8x2xf32>, tensor<3x8x2xf32>) -> tensor<3x8x2xf32>
  %5 = aten.mul.Tensor %1, %cos : (tensor<8x2xf32>, tensor<3x8x2xf32>) -> tensor<3x8x2xf32>
  %6 = aten.mul.Tensor %0, %sin : (tensor<8x2xf32>, tensor<3x8x2xf32>) -> tensor<3x8x2xf32>
  %7 = aten.add.Tensor %5, %6 : (tensor<3x8x2xf32>, tensor<3x8x2xf32>) -> tensor<3x8x2xf32>
  %8 = aten.cat [%4, %7] {dim = -1} : (tensor<3x8x2xf32>, tensor<3x8x2xf32>) -> tensor<3x8x4xf32>
  %9 = aten.reshape %x {shape = [8, 2, 2]} : (tensor<8x4xf32>) -> tensor<8x2x2xf32>
  %10 = aten.view_as_complex %9 : (tensor<8x2x2xf32>) -> tensor<8x2xcomplex<f32>>
  %11 = aten.mul.Tensor %10, %turns : (tensor<8x2xcomplex<f32>>, tensor<3x8x2xcomplex<f32>>) -> tensor<3x8x2xcomplex<f32>>
  %12 = aten.view_as_real %11 : (tensor<3x8x2xcomplex<f32>>) -> tensor<3x8x2x2xf32>
  %13 = aten.reshape %12 {shape = [3, 8, 4]} : (tensor<3x8x2x2xf32>) -> tensor<3x8x4xf32>
  func.return %8, %13 : tensor<3x8x4xf32>, tensor<3x8x4xf32>
}

// The pairs are not made flat again.
// CHECK-LABEL: func.func @complex_pairs
// CHECK-NOT:     rotary_embedding
func.func @complex_pairs(%x: tensor<8x4xf32>, %turns: tensor<8x2xcomplex<f32>>) -> tensor<8x2x2xf32> {
  %0 = aten.reshape %x {shape = [8, 2, 2]} : (tensor<8x4xf32>) -> tensor<8x2x2xf32>
  %1 = aten.view_as_complex %0 : (tensor<8x2x2xf32>) -> tensor<8x2xcomplex<f32>>
  %2 = aten.mul.Tensor %1, %turns : (tensor<8x2xcomplex<f32>>, tensor<8x2xcomplex<f32>>) -> tensor<8x2xcomplex<f32>>
  %3 = aten.view_as_real %2 : (tensor<8x2xcomplex<f32>>) -> tensor<8x2x2xf32>
  func.return %3 : tensor<8x2x2xf32>
}

// What is rotated is not in front, or what is put behind it is not the rest.
// CHECK-LABEL: func.func @other_rest
// CHECK-NOT:     rotary_dims
func.func @other_rest(%x: tensor<8x6xf32>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> (tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x8xf32>) {
  %0 = aten.slice.Tensor %x {dim = 1, end = 4} : (tensor<8x6xf32>) -> tensor<8x4xf32>
  %1 = aten.slice.Tensor %x {dim = 1, start = 4} : (tensor<8x6xf32>) -> tensor<8x2xf32>
  %2 = transformer.rotary_embedding %0, %cos, %sin : (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %3 = aten.cat [%1, %2] {dim = 1} : (tensor<8x2xf32>, tensor<8x4xf32>) -> tensor<8x6xf32>
  %4 = aten.slice.Tensor %x {dim = 1, start = 2, end = 4} : (tensor<8x6xf32>) -> tensor<8x2xf32>
  %5 = transformer.rotary_embedding %0, %cos, %sin : (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %6 = aten.cat [%5, %4] {dim = 1} : (tensor<8x4xf32>, tensor<8x2xf32>) -> tensor<8x6xf32>
  %7 = transformer.rotary_embedding %0, %cos, %sin : (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %8 = aten.slice.Tensor %x {dim = 1, start = 2} : (tensor<8x6xf32>) -> tensor<8x4xf32>
  %9 = aten.cat [%7, %8] {dim = 1} : (tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x8xf32>
  func.return %3, %6, %9 : tensor<8x6xf32>, tensor<8x6xf32>, tensor<8x8xf32>
}

// It is not converted back to the type that it came from.
// CHECK-LABEL: func.func @converted_to_another_type
// CHECK-NEXT:    %0 = aten.to.dtype %x {dtype = f32}
// CHECK-NEXT:    %1 = transformer.rotary_embedding %0
// CHECK-NEXT:    %2 = aten.to.dtype %1 {dtype = f16}
func.func @converted_to_another_type(%x: tensor<8x4xbf16>, %cos: tensor<8x4xf32>, %sin: tensor<8x4xf32>) -> tensor<8x4xf16> {
  %0 = aten.to.dtype %x {dtype = f32} : (tensor<8x4xbf16>) -> tensor<8x4xf32>
  %1 = transformer.rotary_embedding %0, %cos, %sin : (tensor<8x4xf32>, tensor<8x4xf32>, tensor<8x4xf32>) -> tensor<8x4xf32>
  %2 = aten.to.dtype %1 {dtype = f16} : (tensor<8x4xf32>) -> tensor<8x4xf16>
  func.return %2 : tensor<8x4xf16>
}
