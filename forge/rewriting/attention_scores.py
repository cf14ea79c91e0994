"""The scores of attention, read backwards from the softmax to the product of queries and keys.

    scores = scale·q·kᵀ  →  softcap·tanh(scores/softcap)  →  scores + bias, or hidden by a mask, …

What lies on this way has one user each. A reason says what stands in the way of an attention.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects import aten
from forge.ir.tensors import Shaped, is_bool, shaped
from forge.rewriting.arithmetic import times_scalar
from forge.rewriting.batched_products import (
    BatchedProduct,
    Shape,
    batched_product,
    holds,
    keeps_matrices,
)
from forge.rewriting.matching import commuted, scalar_constant


@dataclass(frozen=True)
class Bias:
    """What is added to the scores: a tensor, where the scores have `shape`."""

    tensor: SSAValue
    shape: Shape


@dataclass(frozen=True)
class Fill:
    """What replaces the scores where a mask says so: booleans, where the scores have `shape`.

    Attributes:
        tensor: the booleans.
        keeps: the boolean of those scores that stay.
        number: what the others become.
    """

    tensor: SSAValue
    keeps: bool
    number: float
    shape: Shape


@dataclass(frozen=True)
class Scores:
    """cap(scale·left·right), and then the masks, the innermost first."""

    product: BatchedProduct
    scale: float = 1.0
    softcap: float | None = None
    masks: tuple[Bias | Fill, ...] = ()
    shapes: tuple[Shape, ...] = ()


def read_scores(value: SSAValue, dtype: Attribute) -> Scores | str:
    """The scores that `value` is, computed in `dtype` or more precisely; or why it is none."""
    if not value.has_one_use():
        return "the scores have other users"
    if not isinstance(op := value.owner, Operation):
        return _NO_PRODUCT
    if not holds(_shaped(value).dtype, dtype):
        return "the scores are less precise than the values"
    if (product := batched_product(op)) is not None:
        return _of_product(product)
    if (masked := _fill(op)) is not None:
        return _masked(masked[0], masked[1], value, dtype)
    if isinstance(op, aten.AddTensorOp):
        return _biased(op, dtype)
    if (scaled := times_scalar(value)) is not None:
        return _scaled(read_scores(scaled[0], dtype), scaled[1])
    if isinstance(op, aten.TanhOp):
        return _capped(read_scores(op.input, dtype))
    if isinstance(op, aten.MulTensorOp | aten.DivTensorOp):
        return "the scores are scaled by a tensor"
    if passes_on(op):
        scores = read_scores(op.operands[0], dtype)
        shape = _shaped(value).shape
        return (
            scores if isinstance(scores, str) else replace(scores, shapes=(*scores.shapes, shape))
        )
    return _NO_PRODUCT


def fill_number(value: SSAValue) -> float | None:
    """The one number that a tensor holds, if it was made of one."""
    op = value.owner
    match op:
        case aten.ScalarTensorOp():
            return float(op.get("s"))
        case aten.FullOp() | aten.FullLikeOp():
            return float(op.get("fill_value"))
        case aten.ZerosOp() | aten.ZerosLikeOp() | aten.NewZerosOp():
            return 0.0
        case _:
            number = scalar_constant(value)
            return None if number is None else float(number)


def is_conversion(op: object) -> bool:
    """Whether an operation only changes the element type."""
    return isinstance(op, aten.ToDtypeOp | aten.InternalToCopyOp | aten.TypeAsOp)


_NO_PRODUCT = "the scores are no product of queries and keys"
_Idle = aten.AliasOp | aten.CloneOp | aten.ContiguousOp | aten.DropoutOp | aten.ExpandOp


def passes_on(op: Operation) -> bool:
    """Whether matrices leave an operation as they came, up to their type and batch."""
    if is_conversion(op) or keeps_matrices(op):
        return True
    return isinstance(op, _Idle) and op.result.type == op.operands[0].type


def _of_product(product: BatchedProduct) -> Scores | str:
    if not product.in_order:
        return "the product is not [..., queries, keys]"
    shape = _shaped(product.op.results[0]).shape
    if product.addend is None:
        return Scores(product, product.alpha, None, (), (shape,))
    if product.beta != 1:
        return "what baddbmm adds is scaled"
    return Scores(product, product.alpha, None, (Bias(product.addend, shape),), (shape,))


def _scaled(scores: Scores | str, factor: float) -> Scores | str:
    if isinstance(scores, str):
        return scores
    if scores.masks and factor != 1:
        return "the scores are scaled behind a mask"
    if not isfinite(factor):
        return "the scores are scaled by no finite number"
    if scores.softcap is None:
        return replace(scores, scale=scores.scale * factor)
    if factor <= 0:
        return "the cap of the scores is not positive"
    # factor·tanh(s) caps scale·factor·s.
    cap = scores.softcap * factor
    return replace(scores, scale=scores.scale * factor, softcap=cap)


def _capped(scores: Scores | str) -> Scores | str:
    if isinstance(scores, str):
        return scores
    if scores.masks:
        return "the scores are capped behind a mask"
    if scores.softcap is not None:
        return "the scores are capped twice"
    return replace(scores, softcap=1.0)


def _biased(op: aten.AddTensorOp, dtype: Attribute) -> Scores | str:
    if op.get("alpha") != 1:
        return "what is added to the scores is scaled"
    reasons: list[str] = []
    for operand, bias in commuted(op.input, op.other):
        if _shaped(operand).shape != _shaped(op.result).shape:
            reasons.append("the scores are broadcast to a mask")
            continue
        scores = read_scores(operand, dtype)
        if not isinstance(scores, str):
            shape = _shaped(operand).shape
            return replace(scores, masks=(*scores.masks, Bias(bias, shape)))
        reasons.append(scores)
    # What says more than that there is no product is about the right operand.
    return next((reason for reason in reasons if reason != _NO_PRODUCT), _NO_PRODUCT)


def _masked(inner: SSAValue, fill: Fill, value: SSAValue, dtype: Attribute) -> Scores | str:
    if _shaped(inner).shape != _shaped(value).shape:
        return "the scores are broadcast to a mask"
    scores = read_scores(inner, dtype)
    return scores if isinstance(scores, str) else replace(scores, masks=(*scores.masks, fill))


def _fill(op: Operation) -> tuple[SSAValue, Fill] | None:
    """The scores and what fills them, where an operation replaces some by a number."""
    match op:
        case aten.MaskedFillScalarOp():
            inner, mask, keeps, number = op.input, op.mask, False, op.get("value")
        case aten.MaskedFillTensorOp():
            inner, mask, keeps, number = op.input, op.mask, False, fill_number(op.value)
        case aten.WhereScalarOtherOp():
            inner, mask, keeps, number = op.input, op.condition, True, op.get("other")
        case aten.WhereScalarSelfOp():
            inner, mask, keeps, number = op.other, op.condition, False, op.get("input")
        case aten.WhereSelfOp():
            if (number := fill_number(op.other)) is not None:
                inner, mask, keeps = op.input, op.condition, True
            else:
                inner, mask, keeps, number = op.other, op.condition, False, fill_number(op.input)
        case _:
            return None
    if number is None or not is_bool(_shaped(mask).dtype):
        return None
    return inner, Fill(mask, keeps, float(number), _shaped(inner).shape)


def _shaped(value: SSAValue) -> Shaped:
    return shaped(value.type)
