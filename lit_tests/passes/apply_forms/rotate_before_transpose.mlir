// RUN: forge-opt %s -p apply-forms | filecheck %s
// RUN: forge-opt %s -p apply-forms --explain -o %t 2>&1 | filecheck %s --check-prefix=EXPLAIN
// EXPLAIN-DAG:  fired    RotateBeforeTranspose at
// EXPLAIN-DAG:  refused  RotateBeforeTranspose: transformer.rotary_embedding at {{.*}}: what is rotated is not heads brought before tokens
// EXPLAIN-DAG:  refused  RotateBeforeTranspose: transformer.rotary_embedding at {{.*}}: the heads before tokens have other users
// EXPLAIN-DAG:  refused  RotateBeforeTranspose: transformer.rotary_embedding at {{.*}}: the heads have tables of their own

// Tables have the heads behind the tokens.
// CHECK-LABEL: func.func @heads(
// CHECK-NEXT:    %0 = aten.reshape %sin {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %1 = aten.reshape %cos {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %2 = transformer.rotary_embedding %qr, %1, %0 :
// CHECK-NEXT:    %t = aten.permute %2 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    func.return %t
func.func @heads(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %t = transformer.rotary_embedding %q, %cos, %sin {form = {place = "before_transpose"}} : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %t : tensor<1x4x3x2xf32>
}

// Tables without heads get a dimension for them.
// CHECK-LABEL: func.func @matrix(
// CHECK-NEXT:    %0 = aten.reshape %sin {shape = [3, 1, 2]} :
// CHECK-NEXT:    %1 = aten.reshape %cos {shape = [3, 1, 2]} :
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %2 = transformer.rotary_embedding %qr, %1, %0 :
// CHECK-NEXT:    %t = aten.permute %2 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    func.return %t
func.func @matrix(%x: tensor<1x3x8xf32>, %cos: tensor<3x2xf32>, %sin: tensor<3x2xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %t = transformer.rotary_embedding %q, %cos, %sin {form = {place = "before_transpose"}} : (tensor<1x4x3x2xf32>, tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %t : tensor<1x4x3x2xf32>
}

// Layers share the tables.
// CHECK-LABEL: func.func @layers(
// CHECK-NEXT:    %0 = aten.reshape %sin {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %1 = aten.reshape %cos {shape = [1, 3, 1, 2]} :
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %2 = transformer.rotary_embedding %qr, %1, %0 :
// CHECK-NEXT:    %t = aten.permute %2 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %pl = transformer.linear %x, %wq :
// CHECK-NEXT:    %pr = aten.reshape %pl {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %3 = transformer.rotary_embedding %pr, %1, %0 :
// CHECK-NEXT:    %u = aten.permute %3 {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %z = aten.add.Tensor %t, %u :
// CHECK-NEXT:    func.return %z
func.func @layers(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %t = transformer.rotary_embedding %q, %cos, %sin {form = {place = "before_transpose"}} : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  %pl = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %pr = aten.reshape %pl {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %p = aten.permute %pr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %u = transformer.rotary_embedding %p, %cos, %sin {form = {place = "before_transpose"}} : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  %z = aten.add.Tensor %t, %u : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %z : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @no_permutation(
// CHECK-NEXT:    %t = transformer.rotary_embedding %g, %cos, %sin {form = {place = "before_transpose"}} :
// CHECK-NEXT:    func.return %t
func.func @no_permutation(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>, %g: tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32> {
  %t = transformer.rotary_embedding %g, %cos, %sin {form = {place = "before_transpose"}} : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %t : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @several_users(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %t = transformer.rotary_embedding %q, %cos, %sin {form = {place = "before_transpose"}} :
// CHECK-NEXT:    %z = aten.add.Tensor %t, %q :
// CHECK-NEXT:    func.return %z
func.func @several_users(%x: tensor<1x3x8xf32>, %cos: tensor<1x1x3x2xf32>, %sin: tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %t = transformer.rotary_embedding %q, %cos, %sin {form = {place = "before_transpose"}} : (tensor<1x4x3x2xf32>, tensor<1x1x3x2xf32>, tensor<1x1x3x2xf32>) -> tensor<1x4x3x2xf32>
  %z = aten.add.Tensor %t, %q : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %z : tensor<1x4x3x2xf32>
}

// CHECK-LABEL: func.func @own_tables(
// CHECK-NEXT:    %wq = forge.weight "q" : tensor<8x8xf32>
// CHECK-NEXT:    %ql = transformer.linear %x, %wq :
// CHECK-NEXT:    %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} :
// CHECK-NEXT:    %q = aten.permute %qr {dims = [0, 2, 1, 3]} :
// CHECK-NEXT:    %t = transformer.rotary_embedding %q, %cos, %sin {form = {place = "before_transpose"}} :
// CHECK-NEXT:    func.return %t
func.func @own_tables(%x: tensor<1x3x8xf32>, %cos: tensor<1x4x3x2xf32>, %sin: tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32> {
  %wq = forge.weight "q" : tensor<8x8xf32>
  %ql = transformer.linear %x, %wq : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %qr = aten.reshape %ql {shape = [1, 3, 4, 2]} : (tensor<1x3x8xf32>) -> tensor<1x3x4x2xf32>
  %q = aten.permute %qr {dims = [0, 2, 1, 3]} : (tensor<1x3x4x2xf32>) -> tensor<1x4x3x2xf32>
  %t = transformer.rotary_embedding %q, %cos, %sin {form = {place = "before_transpose"}} : (tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>, tensor<1x4x3x2xf32>) -> tensor<1x4x3x2xf32>
  func.return %t : tensor<1x4x3x2xf32>
}
