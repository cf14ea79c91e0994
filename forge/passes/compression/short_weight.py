"""A weight in fewer bits: how it is computed when the program is loaded, and how it widens.

Integers are symmetric, c = round(w / s) with s = max|w| / (2ⁿ⁻¹ − 1) over what shares a scale. That
is the one form with integers that Intel's NPU compiler keeps short in memory: with a zero point a
channel it widens the weight before the program runs (2026.4.1; docs/weights.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import cast

from xdsl.dialects.builtin import LocationAttr, UnitAttr, f16, f32, i64
from xdsl.ir import Attribute, Operation, SSAValue

from forge.analysis.load_time import DECOMPRESSION
from forge.dialects import reg
from forge.ir.tensors import bit_width
from forge.rewriting import Rewriter

_LEAST = 1e-30
"""What a scale is at least, so that a channel of zeros is not divided by zero."""


@dataclass(frozen=True)
class Emitter:
    """Emits instructions before one that reads a weight, at the weight's own location."""

    rewriter: Rewriter
    reader: Operation
    location: LocationAttr

    def __call__(self, op: reg.RegOp) -> SSAValue:
        """The result of an instruction, put into the program."""
        op.location = self.location
        return self.rewriter.insert(op, before=self.reader).results[0]

    def constant(self, values: Sequence[int] | float, dtype: Attribute, device: str) -> SSAValue:
        """A constant."""
        return self(reg.ConstantOp.of(values, dtype, device=device))


@dataclass(frozen=True)
class ShortForm:
    """What a weight is made into.

    Attributes:
        dtype: f16, i8 or i4.
        group_size: how many elements of a sum share a scale; `None` for all of them.
    """

    dtype: Attribute
    group_size: int | None = None

    def groups(self, shape: Sequence[int], summed: Sequence[int]) -> int:
        """How many groups the sum over `summed` falls into."""
        length = prod(shape[axis] for axis in summed)
        if self.group_size is None or len(summed) != 1 or length % self.group_size:
            return 1
        return length // self.group_size


@dataclass(frozen=True)
class ShortWeight:
    """A weight in fewer bits.

    Attributes:
        codes: in the shape of the weight, or with an axis more for groups.
        scale: what the codes are multiplied by; `None` if they are floats.
        type: the weight's own.
    """

    codes: SSAValue
    scale: SSAValue | None
    type: reg.RegisterType

    @property
    def num_bytes(self) -> int:
        """How much memory it takes, packed."""
        values = [self.codes] if self.scale is None else [self.codes, self.scale]
        types = [reg.register_shaped(value.type) for value in values]
        return sum(-(-type.numel * bit_width(type.dtype) // 8) for type in types)

    def widened(self, emit: Emitter) -> SSAValue:
        """The weight again, computed while the program runs."""
        wide = self._converted(self.codes, emit)
        if self.scale is None:
            return wide
        wide = emit(reg.MultiplyOp(wide, self.scale))
        if reg.register_shaped(wide.type).shape == self.type.shape:
            return wide
        shape = emit.constant(self.type.shape, i64, self.type.device)
        return emit(reg.ReshapeOp(wide, shape, special_zero=False))

    def widened_rows(self, gather: reg.GatherOp, emit: Emitter) -> SSAValue:
        """What `gather` takes of the weight's rows, widened after it is taken."""
        assert self.scale is not None
        rows, scales = (
            emit(reg.GatherOp(table, gather.indices, gather.axis))
            for table in (self.codes, self.scale)
        )
        return emit(reg.MultiplyOp(self._converted(rows, emit), scales))

    def _converted(self, codes: SSAValue, emit: Emitter) -> SSAValue:
        wide = reg.ConvertOp(codes, destination_type=self.type.dtype)
        wide.attributes[DECOMPRESSION] = UnitAttr()
        return emit(wide)


def shorten(weight: SSAValue, form: ShortForm, summed: Sequence[int], emit: Emitter) -> ShortWeight:
    """Emit what computes the short form.

    Args:
        weight: of f32, and known when the program is loaded.
        form: what to make of it.
        summed: the axes that its reader sums over; the others are channels with their own scales.
        emit: what emits it.
    """
    type = cast(reg.RegisterType, weight.type)
    if form.dtype == f16:
        return ShortWeight(emit(reg.ConvertOp(weight, destination_type=f16)), None, type)
    if (groups := form.groups(type.shape, summed)) > 1:
        axis = summed[0]
        split = [*type.shape[:axis], groups, form.group_size, *type.shape[axis + 1 :]]
        shape = emit.constant(cast("list[int]", split), i64, type.device)
        weight = emit(reg.ReshapeOp(weight, shape, special_zero=False))
        summed = (axis + 1,)
    axes = emit.constant(summed, i64, type.device)
    largest = emit(reg.ReduceMaxOp(emit(reg.AbsOp(weight)), axes, keep_dims=True))
    levels = emit.constant(float(2 ** (bit_width(form.dtype) - 1) - 1), f32, type.device)
    least = emit.constant(_LEAST, f32, type.device)
    scale = emit(reg.MaximumOp(emit(reg.DivideOp(largest, levels)), least))
    nearest = emit(reg.RoundOp(emit(reg.DivideOp(weight, scale)), mode="half_to_even"))
    codes = emit(reg.ConvertOp(nearest, destination_type=form.dtype))
    return ShortWeight(codes, scale, type)
