"""What linear layers and perceptrons mean in OpenVINO's instructions, in the form each asks for.

Where a layer is computed in parts, its weight and bias are, too: slices of weights, which a backend
computes when it loads the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from xdsl.ir import SSAValue

from forge.dialects import transformer
from forge.dialects.transformer import Activation
from forge.dialects.transformer.forms import slice_bounds
from forge.lowering.aten_to_reg.activations import activate
from forge.lowering.aten_to_reg.linear_algebra import linear
from forge.lowering.conversion import ConversionPatterns
from forge.lowering.reg_builder import RegBuilder, rank_of, shape_of

PATTERNS = ConversionPatterns()


@dataclass(frozen=True)
class Layer:
    """act(x·Wᵀ + b), or act(x·W + b).

    Attributes:
        weight: `[out, in]`; `[in, out]` if `transpose_weight` is false.
        bias: `[out]`, if there is one.
    """

    weight: SSAValue
    bias: SSAValue | None
    transpose_weight: bool
    activation: Activation = Activation.NONE

    def of(self, x: SSAValue, b: RegBuilder) -> SSAValue:
        """The layer of `[..., in]`: `[..., out]`."""
        y = linear(x, self.weight, self.bias, b, transpose_weight=self.transpose_weight)
        return activate(y, self.activation, b)

    def columns_of(self, x: SSAValue, b: RegBuilder) -> SSAValue:
        """The layer of `[..., length, in]`, transposed: `[..., out, length]`."""
        y = b.matmul(self.weight, x, transpose_a=not self.transpose_weight, transpose_b=True)
        if self.bias is not None:
            y = b.add(y, b.unsqueeze(self.bias, 1))
        return activate(y, self.activation, b)

    def by_columns(self, x: SSAValue, b: RegBuilder) -> SSAValue:
        """The layer of `[..., length, in]`, computed transposed: `[..., length, out]`."""
        return b.swap(self.columns_of(x, b), -2, -1)

    def outputs(self, start: int, stop: int, b: RegBuilder) -> Layer:
        """The layer that computes some of the outputs."""
        weight = b.slice(self.weight, 0 if self.transpose_weight else 1, start, stop)
        bias = None if self.bias is None else b.slice(self.bias, 0, start, stop)
        return Layer(weight, bias, self.transpose_weight, self.activation)

    def inputs(self, start: int, stop: int, b: RegBuilder) -> Layer:
        """The layer of some of the inputs. The first of them has the bias."""
        weight = b.slice(self.weight, 1 if self.transpose_weight else 0, start, stop)
        bias = self.bias if start == 0 else None
        return Layer(weight, bias, self.transpose_weight, self.activation)


@PATTERNS.convert(transformer.LinearOp)
def linear_op(op: transformer.LinearOp, b: RegBuilder) -> SSAValue:
    x, form = b[op.input], op.emission
    layer = _layer(op.weight, op.bias, op, b, op.activation.data)
    parts: list[SSAValue] = []
    for start, stop in pairwise(slice_bounds(op.outputs, form.slices)):
        part, is_last = layer.outputs(start, stop, b), stop == op.outputs
        columns = form.orientation == "columns" or (form.orientation == "mixed" and is_last)
        parts.append(part.by_columns(x, b) if columns else part.of(x, b))
    return added(op.residual, b.concat(parts, rank_of(x) - 1), b)


@PATTERNS.convert(transformer.MlpOp)
def mlp(op: transformer.MlpOp, b: RegBuilder) -> SSAValue:
    up = _layer(op.up_weight, op.up_bias, op, b, op.activation.data)
    return _perceptron(op, [up], b)


@PATTERNS.convert(transformer.GatedMlpOp)
def gated_mlp(op: transformer.GatedMlpOp, b: RegBuilder) -> SSAValue:
    gate = _layer(op.gate_weight, op.gate_bias, op, b, op.activation.data)
    return _perceptron(op, [gate, _layer(op.up_weight, op.up_bias, op, b)], b)


def added(residual: SSAValue | None, y: SSAValue, b: RegBuilder) -> SSAValue:
    """r + y, or y without a residual."""
    return y if residual is None else b.add(b[residual], y)


def _layer(
    weight: SSAValue,
    bias: SSAValue | None,
    op: transformer.LinearOp | transformer.MlpOp | transformer.GatedMlpOp,
    b: RegBuilder,
    activation: Activation = Activation.NONE,
) -> Layer:
    return Layer(b[weight], b.optional(bias), bool(op.get("transpose_weight")), activation)


def _perceptron(
    op: transformer.MlpOp | transformer.GatedMlpOp, factors: Sequence[Layer], b: RegBuilder
) -> SSAValue:
    """W₂·h + b₂, where the hidden layer h is a product of layers of x, element by element.

    Parts of the hidden layer are put together, or taken apart, for as many products with parts of
    W₂ as are to be summed.
    """
    x, form = b[op.input], op.emission
    bounds = slice_bounds(op.hidden, form.slices)
    hidden: list[SSAValue] = []
    for start, stop in pairwise(_every(bounds, form.up_slices)):
        parts = [factor.outputs(start, stop, b) for factor in factors]
        if form.up_orientation == "columns":
            columns = reduce(b.multiply, [part.columns_of(x, b) for part in parts])
            hidden.append(b.swap(columns, -2, -1))
        else:
            hidden.append(reduce(b.multiply, [part.of(x, b) for part in parts]))
    down = _layer(op.down_weight, op.down_bias, op, b)
    sections = _every(bounds, form.down_slices)
    products = [
        down.inputs(start, stop, b).of(_section(hidden, start, stop, b), b)
        for start, stop in pairwise(sections)
    ]
    if form.residual == "first" and op.residual is not None:
        return reduce(b.add, products, b[op.residual])
    return added(op.residual, reduce(b.add, products), b)


def _every(bounds: Sequence[int], count: int) -> Sequence[int]:
    """The bounds of `count` slices, each of as many neighbours."""
    return bounds[:: (len(bounds) - 1) // count]


def _section(parts: Sequence[SSAValue], start: int, stop: int, b: RegBuilder) -> SSAValue:
    """Some elements of the last dimension of tensors that stand side by side."""
    chosen: list[SSAValue] = []
    position = 0
    for part in parts:
        size = shape_of(part)[-1]
        first, last = max(start - position, 0), min(stop - position, size)
        if first < last:
            chosen.append(b.slice(part, rank_of(part) - 1, first, last))
        position += size
    return b.concat(chosen, rank_of(parts[0]) - 1)
