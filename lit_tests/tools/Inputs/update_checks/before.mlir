// RUN: forge-opt %s -p fuse-linear-activation --split-input-file | filecheck %s
// RUN: forge-opt %s -p fuse-linear-activation --split-input-file --print-op-generic --print-debuginfo \
// RUN:   | filecheck %s --check-prefix=GENERIC
// RUN: cat %s 2>&1 | filecheck %s --check-prefix=MESSAGE

// What people wrote stays, such as this, and the lines for messages.
// MESSAGE: The activation is folded in

// The activation is folded in.
func.func @fused(%x: tensor<8x4xf32>, %w: tensor<6x4xf32>) -> tensor<8x6xf32> {
  %0 = transformer.linear %x, %w : (tensor<8x4xf32>, tensor<6x4xf32>) -> tensor<8x6xf32>
  // A comment within.
  %1 = aten.relu %0 : (tensor<8x6xf32>) -> tensor<8x6xf32>
  func.return %1 : tensor<8x6xf32>
}

// -----
// Another program, whose function has the same name; it declares one, and nests lists of lists.
func.func private @elsewhere(tensor<2x2xf32>) -> tensor<2x2xf32>

func.func @fused(%x: tensor<2x2xf32>) -> (tensor<2x1xf32>, tensor<2x1xf32>) {
  %0 = forge.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %1 = aten.add.Tensor %x, %0 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32> loc("add"("of [[x]]"("model.py":7:0)))
  %2 = aten.add.Tensor %1, %0 : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %3, %4 = aten.split.Tensor %2 {split_size = 1, dim = 1} : (tensor<2x2xf32>) -> (tensor<2x1xf32>, tensor<2x1xf32>)
  func.return %4, %3 : tensor<2x1xf32>, tensor<2x1xf32>
}
