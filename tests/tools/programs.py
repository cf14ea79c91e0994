"""Small programs that the tests of the tools read."""

# ruff: noqa: E501

LINEAR = """\
builtin.module {
  func.func @main(%x: tensor<2x4xf32> {forge.name = "x"}) -> (tensor<2x3xf32> {forge.name = "y"}) {
    %w = forge.weight "fc.weight" : tensor<3x4xf32>
    %b = forge.weight "fc.bias" : tensor<3xf32>
    %0 = aten.linear %x, %w, bias = %b : (tensor<2x4xf32>, tensor<3x4xf32>, tensor<3xf32>) -> tensor<2x3xf32>
    %1 = aten.relu %0 : (tensor<2x3xf32>) -> tensor<2x3xf32>
    func.return %1 : tensor<2x3xf32>
  }
}
"""

RELU = """\
builtin.module {
  func.func @main(%x: tensor<2xf32> {forge.name = "x"}) -> (tensor<2xf32> {forge.name = "y"}) {
    %0 = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
    func.return %0 : tensor<2xf32>
  }
}
"""
