"""Operators that make tensors of numbers, and that move elements."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from xdsl.ir import Operation

from forge.analysis.folding.elements import Array, array_dtype, cast, is_exact
from forge.analysis.folding.registry import folds
from forge.dialects import aten
from forge.ir.schema_op import SchemaOp
from forge.ir.tensors import Shaped, is_integer

LARGEST_EXACT = 1 << 24
"""Up to this, every integer is an f32."""


@folds(aten.NewOnesOp, aten.OnesLikeOp, aten.OnesOp)
def _ones(_op: Operation, _operands: Sequence[Array], result: Shaped) -> Array | None:
    return _filled(1, result)


@folds(aten.NewZerosOp, aten.ZerosLikeOp, aten.ZerosOp)
def _zeros(_op: Operation, _operands: Sequence[Array], result: Shaped) -> Array | None:
    return _filled(0, result)


@folds(aten.FullOp, aten.FullLikeOp, aten.NewFullOp)
def _full(op: SchemaOp, _operands: Sequence[Array], result: Shaped) -> Array | None:
    return _filled(op.get("fill_value"), result)


@folds(aten.ScalarTensorOp)
def _scalar(op: aten.ScalarTensorOp, _operands: Sequence[Array], result: Shaped) -> Array | None:
    return _filled(op.get("s"), result)


def _filled(number: float, result: Shaped) -> Array | None:
    value = cast(np.asarray(number), result.dtype)
    # One element that is repeated takes no memory.
    return None if value is None else np.broadcast_to(value, result.shape)


@folds(aten.ArangeOp, aten.ArangeStartOp, aten.ArangeStartStepOp)
def _arange(op: SchemaOp, _operands: Sequence[Array], result: Shaped) -> Array | None:
    start = op.get("start") if "start" in op.properties else 0
    step = op.get("step") if "step" in op.properties else 1
    if not float(start).is_integer() or not float(step).is_integer():
        return None
    values = int(start) + int(step) * np.arange(result.numel)
    if not is_integer(result.dtype) and np.any(np.abs(values) > LARGEST_EXACT):
        return None
    return cast(values, result.dtype)


@folds(
    aten.AliasOp,
    aten.InternalUnsafeViewOp,
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
    aten.ViewAsOp,
)
def _same_elements(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array:
    # A repeated element stays one only if it is not reshaped in vain.
    return operands[0] if operands[0].shape == result.shape else operands[0].reshape(result.shape)


@folds(aten.BroadcastToOp, aten.ExpandAsOp, aten.ExpandOp)
def _expand(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array:
    return np.broadcast_to(operands[0], result.shape)


@folds(aten.TransposeIntOp, aten.SwapaxesOp)
def _transpose(op: SchemaOp, operands: Sequence[Array], _result: Shaped) -> Array:
    first, second = ("dim0", "dim1") if "dim0" in op.properties else ("axis0", "axis1")
    return (
        np.swapaxes(operands[0], op.get(first), op.get(second)) if operands[0].ndim else operands[0]
    )


@folds(aten.TOp)
def _matrix_transpose(_op: aten.TOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return operands[0].T


@folds(aten.PermuteOp)
def _permute(op: aten.PermuteOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.transpose(operands[0], op.get("dims"))


@folds(aten.SliceTensorOp)
def _slice(op: aten.SliceTensorOp, operands: Sequence[Array], _result: Shaped) -> Array:
    window = [slice(None)] * operands[0].ndim
    window[op.get("dim")] = slice(op.get("start"), op.get("end"), op.get("step"))
    return operands[0][tuple(window)]


@folds(aten.SelectIntOp)
def _select(op: aten.SelectIntOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.asarray(np.take(operands[0], op.get("index"), axis=op.get("dim")))


@folds(aten.RepeatOp)
def _repeat(op: aten.RepeatOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.tile(operands[0], op.get("repeats"))


@folds(aten.FlipOp)
def _flip(op: aten.FlipOp, operands: Sequence[Array], _result: Shaped) -> Array:
    return np.flip(operands[0], op.get("dims"))


@folds(aten.CatOp)
def _cat(op: aten.CatOp, operands: Sequence[Array], result: Shaped) -> Array | None:
    # Legacy empty operands have another rank; joining types promotes them.
    if any(o.ndim != result.rank or o.dtype != operands[0].dtype for o in operands):
        return None
    return np.concatenate(operands, axis=op.get("dim"))


@folds(aten.StackOp)
def _stack(op: aten.StackOp, operands: Sequence[Array], _result: Shaped) -> Array | None:
    if any(o.dtype != operands[0].dtype for o in operands):
        return None
    return np.stack(operands, axis=op.get("dim"))


@folds(aten.IndexTensorOp)
def _index(op: aten.IndexTensorOp, operands: Sequence[Array], _result: Shaped) -> Array | None:
    source, indices = operands[0], tuple(operands[1:])
    if not all(op.get("indices_present") or [True]) or not all(map(is_exact, indices)):
        return None
    if any(index.dtype == np.bool_ for index in indices):
        return None
    if not all(map(_is_within, indices, source.shape)):
        return None
    return np.asarray(source[indices])


@folds(aten.GatherOp)
def _gather(op: aten.GatherOp, operands: Sequence[Array], _result: Shaped) -> Array | None:
    source, index = operands
    dim = op.get("dim")
    if not source.ndim or not _is_within(index, source.shape[dim]):
        return None
    window = [slice(extent) for extent in index.shape]
    window[dim] = slice(None)
    return np.take_along_axis(source[tuple(window)], index, axis=dim)


@folds(aten.IndexSelectOp)
def _index_select(
    op: aten.IndexSelectOp, operands: Sequence[Array], _result: Shaped
) -> Array | None:
    source, index = operands
    dim = op.get("dim")
    if not source.ndim or not _is_within(index, source.shape[dim]):
        return None
    return np.take(source, index, axis=dim)


def _is_within(index: Array, extent: int) -> bool:
    """Whether indices are in range; otherwise it is for the run to say so, as in PyTorch."""
    return not index.size or bool(index.min() >= -extent and index.max() < extent)


@folds(
    aten.InternalToCopyOp,
    aten.ToDeviceOp,
    aten.ToDtypeLayoutOp,
    aten.ToDtypeOp,
    aten.ToOtherOp,
    aten.TypeAsOp,
)
def _cast(_op: Operation, operands: Sequence[Array], result: Shaped) -> Array | None:
    same = operands[0].dtype == array_dtype(result.dtype) and is_exact(operands[0])
    return operands[0] if same else cast(operands[0], result.dtype)


@folds(aten.TrilOp, aten.TriuOp)
def _triangle(op: aten.TrilOp | aten.TriuOp, operands: Sequence[Array], _result: Shaped) -> Array:
    triangle = np.tril if isinstance(op, aten.TrilOp) else np.triu
    return triangle(operands[0], op.get("diagonal"))
