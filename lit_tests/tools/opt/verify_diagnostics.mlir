// RUN: not forge-opt %s --verify-diagnostics --split-input-file 2>&1 | filecheck %s
// RUN: not forge-opt %s --verify-diagnostics=only-expected --split-input-file 2>&1 | filecheck %s --check-prefix ONLY

// What does not come as the comments say is an error, at the comment or at the place of what came.
// CHECK:      verify_diagnostics.mlir:22:6: error: expected warning "nothing" was not produced
// CHECK-NEXT:   // expected-warning @above {{[{][{]}}nothing
// CHECK-NEXT:      ^~~~
// CHECK-NEXT: verify_diagnostics.mlir:30:3: error: unexpected error: aten.relu: result #0 has type
// CHECK:      verify_diagnostics.mlir:29:6: error: expected error "another reason" was not produced
// CHECK:      verify_diagnostics.mlir:39:3: error: unexpected error: aten.relu: result #0 has type
// CHECK:      verify_diagnostics.mlir:37:4: error: expected error "has type" was not produced
// CHECK:      verify_diagnostics.mlir:48:3: error: unexpected note: defined here
// CHECK-NOT:  error

// ONLY:      :22:6: error: expected warning "nothing" was not produced
// ONLY:      :29:6: error: expected error "another reason" was not produced
// ONLY:      :37:4: error: expected error "has type" was not produced
// ONLY-NOT:  error:

func.func @missing(%x: tensor<2xf32>) {
  func.return
  // expected-warning @above {{nothing}}
}

// -----

// The text is another one.
func.func @text(%x: tensor<2xf32>) {
  // expected-error @below {{another reason}}
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<3xf32>
  func.return
}

// -----

// The line is another one.
// expected-error @+1 {{has type}}
func.func @line(%x: tensor<2xf32>) {
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<3xf32>
  func.return
}

// -----

func.func @note(%x: tensor<2xf32>) {
  // expected-error @+1 {{used before its definition}}
  %1 = aten.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}

// -----

// Several comments on lines of their own are about one line.
func.func @right(%x: tensor<2xf32>) {
  %1 = aten.relu %0 : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @above {{used before its definition}}
  // expected-note-re @below {{{{^defined}} here, by {{a[a-z]+}}.relu}}
  %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  func.return
}
