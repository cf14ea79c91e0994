"""One mask operand for all that is done to the scores of attention before the softmax."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from math import inf, isfinite, prod

import numpy as np
from xdsl.dialects.builtin import f16
from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects import aten
from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense
from forge.ir.tensors import is_bool, numpy_dtype, shaped
from forge.rewriting.attention_scores import Bias, Fill, fill_number, is_conversion
from forge.rewriting.batched_products import Shape, holds
from forge.rewriting.pattern import Rewriter

HIDDEN = -32768.0
"""What is added to the score of a hidden key, where a mask is made of numbers: e to its power is
zero, and with scores up to 32 thousand the sum does not overflow in f16, as the least f32 would."""
ABSORBING = -(2.0**100)
"""This or less, added to a score, is what it was: the score would have to be 10¹⁴ in f64."""


def merged(
    masks: tuple[Bias | Fill, ...], target: Shape, dtype: Attribute
) -> list[Bias | Fill] | str:
    """The masks, each with the shape in which it is broadcast to `target`; or what is wrong.

    Args:
        masks: what is done to the scores, the first first.
        target: the shape of the scores.
        dtype: the element type of a mask that is added.
    """
    found: list[Bias | Fill] = []
    for mask in map(_as_fill, masks):
        if isinstance(mask, Bias):
            if fill_number(mask.tensor) == 0.0:
                continue
            if (tensor := _of_type(mask.tensor, dtype)) is None:
                return "the mask is more precise than the values"
            mask = Bias(tensor, mask.shape)
        elif not _hides(mask, dtype):
            return f"where the mask hides, the scores are {mask.number:g}, which is seen"
        if (shape := _shape_of(mask, target)) is None:
            return "a mask is broadcast in another grouping of the batch"
        found.append(
            Bias(mask.tensor, shape)
            if isinstance(mask, Bias)
            else Fill(mask.tensor, mask.keeps, mask.number, shape)
        )
    return found


@dataclass
class MaskBuilder:
    """Builds mask operands; layers with the same masks share them."""

    _made: dict[Hashable, Operation] = field(default_factory=dict[Hashable, Operation])

    def build(
        self,
        masks: list[Bias | Fill],
        dtype: Attribute,
        rewriter: Rewriter,
        before: Operation,
    ) -> SSAValue | None:
        """The operand that does to the scores what these masks do, one after another.

        Numbers that are added stay so, also where they hide a whole row, and a row that is filled
        with numbers becomes one to which they are added.
        """
        make = _Maker(self._made, rewriter, before)
        operand: SSAValue | None = None
        for mask in masks:
            tensor = make.reshaped(mask.tensor, mask.shape)
            if isinstance(mask, Bias):
                tensor = make.converted(tensor, dtype)
                operand = tensor if operand is None else make.sum(operand, tensor)
                continue
            attend = tensor if mask.keeps else make.negated(tensor)
            if mask.number == -inf and (operand is None or _is_bool(operand)):
                operand = attend if operand is None else make.both(operand, attend)
                continue
            numbers = make.zero(dtype) if operand is None else operand
            if _is_bool(numbers):
                numbers = make.where(numbers, make.zero(dtype), -inf)
            operand = make.where(attend, numbers, mask.number)
        return operand


@dataclass
class _Maker:
    made: dict[Hashable, Operation]
    rewriter: Rewriter
    before: Operation

    def reshaped(self, tensor: SSAValue, shape: Shape) -> SSAValue:
        if shaped(tensor.type).shape == shape:
            return tensor
        return self._once(("reshape", tensor, shape), lambda: aten.ReshapeOp(tensor, shape))

    def converted(self, tensor: SSAValue, dtype: Attribute) -> SSAValue:
        if shaped(tensor.type).dtype == dtype:
            return tensor
        return self._once(("to", tensor, dtype), lambda: aten.ToDtypeOp(tensor, dtype))

    def negated(self, tensor: SSAValue) -> SSAValue:
        op = tensor.owner
        if isinstance(op, aten.LogicalNotOp | aten.BitwiseNotOp) and _is_bool(op.input):
            return op.input
        return self._once(("not", tensor), lambda: aten.LogicalNotOp(tensor))

    def sum(self, first: SSAValue, second: SSAValue) -> SSAValue:
        if _is_bool(first):
            return self.where(first, second, -inf)
        return self._once(("add", first, second), lambda: aten.AddTensorOp(first, second))

    def both(self, first: SSAValue, second: SSAValue) -> SSAValue:
        return self._once(("and", first, second), lambda: aten.LogicalAndOp(first, second))

    def where(self, attend: SSAValue, numbers: SSAValue, other: float) -> SSAValue:
        key = ("where", attend, numbers, other)
        return self._once(key, lambda: aten.WhereScalarOtherOp(attend, numbers, other))

    def zero(self, dtype: Attribute) -> SSAValue:
        return self._once(
            ("zero", dtype), lambda: ConstantOp(dense(np.zeros((), numpy_dtype(dtype)), dtype))
        )

    def _once(self, key: Hashable, make: Callable[[], Operation]) -> SSAValue:
        known = self.made.get(key)
        if known is None or not known.is_before_in_block(self.before):
            known = self.rewriter.insert(make(), before=self.before)
            self.made[key] = known
        return known.results[0]


def _as_fill(mask: Bias | Fill) -> Bias | Fill:
    """s + where(m, 0, −∞) as a fill, where(m, s, −∞), which is what a decomposition made it of."""
    if not isinstance(mask, Bias) or not isinstance(op := mask.tensor.owner, aten.WhereSelfOp):
        return mask
    if not is_bool(shaped(op.condition.type).dtype) or fill_number(op.input) != 0.0:
        return mask
    return Fill(op.condition, True, -inf, mask.shape) if fill_number(op.other) == -inf else mask


def _of_type(bias: SSAValue, dtype: Attribute) -> SSAValue | None:
    """What is added, in the given type or a less precise one; `None` if it is in neither."""
    while not holds(dtype, own := shaped(bias.type).dtype):
        op = bias.owner
        if not isinstance(op, Operation) or not is_conversion(op) or not holds(own, dtype):
            return None
        bias = op.operands[0]
    return bias


def _hides(fill: Fill, dtype: Attribute) -> bool:
    """Whether a mask operand does what a fill does.

    What is filled has no weight beside scores that are not. Where a whole row is filled, its keys
    are attended to evenly, and so they are if the number is so large that no score makes a
    difference to it.
    """
    if fill.number == -inf:
        return True
    return isfinite(fill.number) and fill.number <= ABSORBING and dtype != f16


def _shape_of(mask: Bias | Fill, target: Shape) -> Shape | None:
    """The shape in which a mask is broadcast to `target` as it was to the scores where it was."""
    own, place = shaped(mask.tensor.type).shape, mask.shape
    if place == target or len(own) <= 2:
        return own
    padded = (1,) * (len(place) - len(own)) + own
    if prod(padded[:-2]) == 1:
        return own[-2:]
    return (*target[:-2], *own[-2:]) if padded[:-2] == place[:-2] else None


def _is_bool(value: SSAValue) -> bool:
    return is_bool(shaped(value.type).dtype)
