"""What the integers and booleans of a program are worth, where that does not depend on its inputs.

Models compute positions and masks from `arange`, comparisons and indices. Their values are found
here with numpy, exactly as PyTorch computes them: integers and booleans are exact, and numbers of
floating type are only made, cast and selected, never calculated with.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Attribute, Block, Operation, SSAValue

from forge.dialects import aten
from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense_array
from forge.ir.schema_op import SchemaOp
from forge.ir.tensors import Shaped, bf16, is_bool, is_complex, is_integer, numpy_dtype, shaped

Array = NDArray[Any]
Constants = dict[SSAValue, Array]
Fold = Callable[[Any, Sequence[Array], Shaped], "Array | None"]
FoldT = TypeVar("FoldT", bound=Fold)

MAX_ELEMENTS = 1 << 24
"""Larger values are not computed: 16 million elements are the mask of 4096 tokens."""

_FOLDS: dict[type[Operation], Fold] = {}


def find_constants(block: Block) -> Constants:
    """The values in `block` that are known, in one walk; linear in operations and elements."""
    known: Constants = {}
    for op in block.ops:
        value = _evaluate(op, known)
        if value is not None:
            known[op.results[0]] = value
    return known


def _evaluate(op: Operation, known: Constants) -> Array | None:
    if isinstance(op, ConstantOp):
        return _constant(op.value)
    fold = _FOLDS.get(type(op))
    if fold is None or not isinstance(op, SchemaOp):
        return None
    operands = [known.get(operand) for operand in op.operands]
    present = [operand for operand in operands if operand is not None]
    result = shaped(op.results[0].type)
    # Shapes are all that these need of their operand.
    if len(present) < len(operands) and not isinstance(op, _SHAPE_ONLY):
        return None
    if result.numel > MAX_ELEMENTS or not _has_array(result.dtype):
        return None
    value = fold(op, present, result)
    if value is None or value.shape != result.shape or value.dtype != numpy_dtype(result.dtype):
        return None
    return value


def _constant(attribute: DenseIntOrFPElementsAttr) -> Array | None:
    return dense_array(attribute) if _has_array(shaped(attribute.type).dtype) else None


def _has_array(dtype: Attribute) -> bool:
    return dtype != bf16 and not is_complex(dtype)


def _is_exact(array: Array) -> bool:
    return array.dtype.kind in "biu"


def _folds(*op_classes: type[Operation]) -> Callable[[FoldT], FoldT]:
    def register(fold: FoldT) -> FoldT:
        for op_class in op_classes:
            _FOLDS[op_class] = fold
        return fold

    return register


# -- making tensors ------------------------------------------------------------------------

_SHAPE_ONLY = (aten.NewOnesOp, aten.NewZerosOp, aten.OnesLikeOp, aten.ZerosLikeOp)


@_folds(aten.NewOnesOp, aten.OnesLikeOp, aten.OnesOp)
def _ones(_op: Operation, _operands: Sequence[Array], result: Shaped) -> Array:
    return np.ones(result.shape, numpy_dtype(result.dtype))


@_folds(aten.NewZerosOp, aten.ZerosLikeOp, aten.ZerosOp)
def _zeros(_op: Operation, _operands: Sequence[Array], result: Shaped) -> Array:
    return np.zeros(result.shape, numpy_dtype(result.dtype))


@_folds(aten.FullOp)
def _full(op: aten.FullOp, _operands: Sequence[Array], result: Shaped) -> Array:
    return np.full(result.shape, op.get("fill_value"), numpy_dtype(result.dtype))


@_folds(aten.ArangeOp, aten.ArangeStartOp, aten.ArangeStartStepOp)
def _arange(op: SchemaOp, _operands: Sequence[Array], result: Shaped) -> Array | None:
    start = op.get("start") if "start" in op.properties else 0
    step = op.get("step") if "step" in op.properties else 1
    if not is_integer(result.dtype) or not all(isinstance(n, int) for n in (start, step)):
        return None
    return (start + step * np.arange(result.numel)).astype(numpy_dtype(result.dtype))


# -- moving elements -----------------------------------------------------------------------


@_folds(
    aten.AliasOp,
    aten.CloneOp,
    aten.ContiguousOp,
    aten.DetachOp,
    aten.LiftFreshCopyOp,
    aten.LiftFreshOp,
    aten.FlattenUsingIntsOp,
    aten.ReshapeOp,
    aten.SqueezeDimOp,
    aten.SqueezeDimsOp,
    aten.SqueezeOp,
    aten.UnflattenIntOp,
    aten.UnsqueezeOp,
    aten.ViewOp,
)
def _same_elements(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array:
    return operands[0].reshape(result.shape)


@_folds(aten.BroadcastToOp, aten.ExpandAsOp, aten.ExpandOp)
def _expand(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array:
    return np.broadcast_to(operands[0], result.shape)


@_folds(aten.TransposeIntOp)
def _transpose(op: aten.TransposeIntOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.swapaxes(operands[0], op.get("dim0"), op.get("dim1"))


@_folds(aten.PermuteOp)
def _permute(op: aten.PermuteOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.transpose(operands[0], op.get("dims"))


@_folds(aten.SliceTensorOp)
def _slice(op: aten.SliceTensorOp, operands: Sequence[Array], _result: Shaped) -> Array:
    window = [slice(None)] * operands[0].ndim
    window[op.get("dim")] = slice(op.get("start"), op.get("end"), op.get("step"))
    return operands[0][tuple(window)]


@_folds(aten.SelectIntOp)
def _select(op: aten.SelectIntOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.asarray(np.take(operands[0], op.get("index"), axis=op.get("dim")))


@_folds(aten.CatOp)
def _cat(op: aten.CatOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    # Legacy empty operands have another rank; joining types promotes them.
    if any(o.ndim != result.rank or o.dtype != operands[0].dtype for o in operands):
        return None
    return np.concatenate(operands, axis=op.get("dim"))


@_folds(aten.IndexTensorOp)
def _index(op: aten.IndexTensorOp, operands: Sequence[Array], _result: Shaped) -> Array | None:
    source, indices = operands[0], tuple(operands[1:])
    if not all(op.get("indices_present") or [True]) or not all(map(_is_exact, indices)):
        return None
    if any(index.dtype == np.bool_ for index in indices):
        return None
    for index, extent in zip(indices, source.shape, strict=False):
        if index.size and (index.min() < -extent or index.max() >= extent):
            return None  # an error in PyTorch, too; it is for the run to say so
    return np.asarray(source[indices])


@_folds(
    aten.InternalToCopyOp,
    aten.ToDeviceOp,
    aten.ToDtypeLayoutOp,
    aten.ToDtypeOp,
    aten.TypeAsOp,
)
def _cast(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array | None:
    target = numpy_dtype(result.dtype)
    # How a float becomes an integer where it does not fit is nobody's standard.
    if not _is_exact(operands[0]) and operands[0].dtype != target:
        return None
    return operands[0].astype(target)


# -- integer and boolean arithmetic --------------------------------------------------------


def _second(op: SchemaOp, operands: Sequence[Array]) -> Array | int | None:
    """The right-hand side of a binary operation, whether a tensor or a number."""
    if len(operands) == 2:
        return operands[1]
    other = op.get("other")
    return other if isinstance(other, int) else None


def _register_arithmetic(function: Callable[..., Any], *op_classes: type[SchemaOp]) -> None:
    def fold(op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
        other = _second(op, operands)
        if other is None or not all(map(_is_exact, operands)) or not is_integer(result.dtype):
            return None
        dtype: np.dtype[Any] = numpy_dtype(result.dtype)
        if "alpha" in op.properties:
            other = np.multiply(np.asarray(other, dtype), np.asarray(op.get("alpha"), dtype))
        return np.asarray(function(operands[0].astype(dtype), np.asarray(other, dtype)), dtype)

    for op_class in op_classes:
        _FOLDS[op_class] = fold


_register_arithmetic(operator.add, aten.AddScalarOp, aten.AddTensorOp)
_register_arithmetic(operator.sub, aten.SubScalarOp, aten.SubTensorOp)
_register_arithmetic(operator.mul, aten.MulScalarOp, aten.MulTensorOp)


def _register_comparison(function: Callable[..., Any], *op_classes: type[SchemaOp]) -> None:
    def fold(op: SchemaOp, operands: Sequence[Array], _result: Shaped) -> Array | None:
        other = _second(op, operands)
        if other is None or not all(map(_is_exact, operands)):
            return None
        return np.asarray(function(operands[0], other))

    for op_class in op_classes:
        _FOLDS[op_class] = fold


_register_comparison(operator.eq, aten.EqScalarOp, aten.EqTensorOp)
_register_comparison(operator.ne, aten.NeScalarOp, aten.NeTensorOp)
_register_comparison(operator.lt, aten.LtScalarOp, aten.LtTensorOp)
_register_comparison(operator.le, aten.LeScalarOp, aten.LeTensorOp)
_register_comparison(operator.gt, aten.GtScalarOp, aten.GtTensorOp)
_register_comparison(operator.ge, aten.GeScalarOp, aten.GeTensorOp)


def _register_logic(function: Callable[..., Any], *op_classes: type[SchemaOp]) -> None:
    def fold(_op: SchemaOp, operands: Sequence[Array], result: Shaped) -> Array | None:
        if not is_bool(result.dtype) or any(array.dtype != np.bool_ for array in operands):
            return None
        return np.asarray(function(*operands))

    for op_class in op_classes:
        _FOLDS[op_class] = fold


_register_logic(np.logical_and, aten.AndTensorOp, aten.BitwiseAndTensorOp, aten.LogicalAndOp)
_register_logic(np.logical_or, aten.OrTensorOp, aten.BitwiseOrTensorOp, aten.LogicalOrOp)
_register_logic(np.logical_xor, aten.BitwiseXorTensorOp, aten.LogicalXorOp)
_register_logic(np.logical_not, aten.BitwiseNotOp, aten.LogicalNotOp)


@_folds(aten.TrilOp, aten.TriuOp)
def _triangle(op: aten.TrilOp | aten.TriuOp, operands: Sequence[Array], _result: Shaped) -> Array:
    triangle = np.tril if isinstance(op, aten.TrilOp) else np.triu
    return triangle(operands[0], op.get("diagonal"))


@_folds(aten.CumsumOp)
def _cumsum(op: aten.CumsumOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    if not _is_exact(operands[0]) or not is_integer(result.dtype) or not operands[0].ndim:
        return None
    return np.cumsum(operands[0], axis=op.get("dim"), dtype=numpy_dtype(result.dtype))


@_folds(aten.DiffOp)
def _diff(op: aten.DiffOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    if not is_integer(result.dtype) or not all(map(_is_exact, operands)):
        return None
    rest = iter(operands[1:])
    parts = [
        next(rest) if op.prepend is not None else None,
        operands[0],
        next(rest) if op.append is not None else None,
    ]
    joined = np.concatenate([part for part in parts if part is not None], axis=op.get("dim"))
    return np.diff(joined, op.get("n"), axis=op.get("dim"))


# -- choosing ------------------------------------------------------------------------------


@_folds(aten.WhereSelfOp)
def _where(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array | None:
    condition, chosen, other = operands
    if chosen.dtype != other.dtype or condition.dtype != np.bool_:
        return None
    return np.where(condition, chosen, other).astype(numpy_dtype(result.dtype))


@_folds(aten.WhereScalarOtherOp)
def _where_scalar(
    op: aten.WhereScalarOtherOp, operands: Sequence[Array], result: Shaped
) -> Array | None:
    condition, chosen = operands
    dtype = numpy_dtype(result.dtype)
    if condition.dtype != np.bool_ or chosen.dtype != dtype:
        return None
    return np.where(condition, chosen, np.asarray(op.get("other"), dtype))


@_folds(aten.MaskedFillScalarOp)
def _masked_fill(
    op: aten.MaskedFillScalarOp, operands: Sequence[Array], result: Shaped
) -> Array | None:
    source, mask = operands
    dtype = numpy_dtype(result.dtype)
    if mask.dtype != np.bool_ or source.dtype != dtype:
        return None
    return np.where(mask, np.asarray(op.get("value"), dtype), source)
