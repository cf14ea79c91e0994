// RUN: forge-opt %s -p fuse-soft-cap --check-numerics | filecheck %s
// RUN: xdsl-opt %s -p fuse-soft-cap | filecheck %s
// RUN: forge-opt %s -p fuse-soft-cap --explain 2>&1 >/dev/null | filecheck %s --check-prefix=EXPLAIN
// RUN: forge-opt %s -p fuse-soft-cap -t op-counts | filecheck %s --check-prefix=COUNTS

// COUNTS:      3 func.func
// COUNTS:      2 aten.tanh
// COUNTS:      1 example.soft_cap

// It fires.
// CHECK-LABEL: func.func @main
// CHECK-NEXT:    %0 = example.soft_cap %x {cap = 30.0}
// CHECK-NEXT:    func.return %0
// EXPLAIN:       fired    FuseSoftCap
func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = aten.div.Scalar %x {other = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.tanh %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = aten.mul.Scalar %1 {other = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %2 : tensor<2x3xf32>
}

// It must not fire: the factors differ.
// CHECK-LABEL: func.func @other_factor
// CHECK-NOT:     example.soft_cap
// EXPLAIN:       refused  FuseSoftCap: aten.mul.Scalar at {{.*}}: it was scaled by 0.05, and is scaled by 30.0 now
func.func @other_factor(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = aten.div.Scalar %x {other = 20.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.tanh %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = aten.mul.Scalar %1 {other = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %2 : tensor<2x3xf32>
}

// It must not fire: the tanh is used twice.
// CHECK-LABEL: func.func @used_twice
// CHECK-NOT:     example.soft_cap
// EXPLAIN:       something else uses the tanh, too
func.func @used_twice(%x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = aten.div.Scalar %x {other = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.tanh %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = aten.mul.Scalar %1 {other = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1, %2 : tensor<2x3xf32>, tensor<2x3xf32>
}
