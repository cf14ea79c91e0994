"""What conversions to `reg` write with: shared constants, and instructions left out when idle."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    Float64Type,
    IntegerType,
    Signedness,
    bf16,
    i1,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects import reg
from forge.dialects.reg import RegisterType
from forge.ir.attributes import dense, dense_array
from forge.ir.tensors import Shaped, is_bool, is_complex, is_float, numpy_dtype, shaped
from forge.lowering.conversion import ConversionRewriter

Number = int | float | bool
Operand = SSAValue | Number
ValueT = TypeVar("ValueT")

_MAX_FOLDED = 4096
"""Constants of more elements are converted by an instruction and not in the text."""

# Instructions that take any element type, as they keep every bit of what they pass on.
_NOT_ARITHMETIC = (reg.ConstantOp, reg.WeightOp, reg.CopyOp, reg.HostOp, reg.ConvertOp)

# Instructions whose result wraps around in PyTorch. OpenVINO's CPU plugin saturates it, or computes
# it in 32 bits.
_WRAPPING = (
    reg.AbsOp,
    reg.AddOp,
    reg.BitwiseLeftShiftOp,
    reg.CumSumOp,
    reg.DivideOp,
    reg.MatMulOp,
    reg.MultiplyOp,
    reg.NegativeOp,
    reg.PowerOp,
    reg.ReduceProdOp,
    reg.ReduceSumOp,
    reg.SubtractOp,
)


def bf16_bits(values: NDArray[np.floating]) -> NDArray[np.uint16]:
    """The bits of the nearest bfloat16 numbers (ties to even), as numpy holds them."""
    bits = values.astype(np.float32).view(np.uint32)
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)
    return np.where(np.isnan(values), np.uint16(0x7FC0), rounded)


def to_elements(values: ArrayLike, dtype: Attribute) -> NDArray[np.generic]:
    """Numbers as elements of `dtype`; bf16 as its bits."""
    if dtype == bf16:
        return bf16_bits(np.asarray(values, np.float64))
    # In two steps, so that integers out of range wrap around as PyTorch's do.
    return np.asarray(values).astype(numpy_dtype(dtype))


def to_numbers(array: NDArray[np.generic], dtype: Attribute) -> NDArray[np.generic]:
    """Elements of `dtype` as numbers; the bits of bf16 become f32."""
    if dtype == bf16:
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array


def _refusal(op: Operation, value: SSAValue) -> str | None:
    """Why plugins would not compute what PyTorch computes; `None` if they do."""
    type = value.type
    if not isinstance(type, RegisterType):
        return None
    if 0 in type.shape and not isinstance(value.owner, reg.ConstantOp):
        return "OpenVINO's plugins do not take tensors without elements"
    dtype = type.dtype
    if isinstance(dtype, Float64Type):
        return "OpenVINO's plugins compute f64 in f32"
    if not isinstance(dtype, IntegerType):
        return None
    integer = cast("IntegerType[Any]", dtype)
    width, unsigned = integer.width.data, integer.signedness.data == Signedness.UNSIGNED
    if unsigned and width >= 32:
        return f"OpenVINO's plugins compute {dtype} in i32"
    if 1 < width < 32 and isinstance(op, _WRAPPING):
        return f"OpenVINO's plugins do not wrap {dtype} around"
    return None


@lru_cache(maxsize=8192)
def _integers(values: tuple[int, ...]) -> DenseIntOrFPElementsAttr:
    return dense(np.array(values, np.int64), i64)


@lru_cache(maxsize=4096)
def _scalar(kind: type, value: Number, dtype: Attribute) -> DenseIntOrFPElementsAttr:
    # `kind` keeps 1, 1.0 and True apart, which are equal as keys.
    return dense(to_elements(kind(value), dtype), dtype)


def dtype_of(value: SSAValue) -> Attribute:
    """The element type of a register."""
    return cast(RegisterType, value.type).dtype


def shape_of(value: SSAValue) -> tuple[int, ...]:
    """The shape of a register."""
    return cast(RegisterType, value.type).shape


def rank_of(value: SSAValue) -> int:
    """The number of dimensions of a register."""
    return len(shape_of(value))


def size_of(value: SSAValue) -> int:
    """The number of elements of a register."""
    return prod(shape_of(value))


def literal_of(value: SSAValue) -> NDArray[np.generic] | None:
    """What a register holds, if an instruction `reg.Constant` put it there."""
    owner = value.owner
    return dense_array(owner.value) if isinstance(owner, reg.ConstantOp) else None


@dataclass
class RegBuilder(ConversionRewriter):
    """Emits instructions for one device.

    Equal constants are one `reg.Constant` a function. Reshapes, transposes, broadcasts and
    conversions that change nothing emit nothing.
    """

    device: str = "cpu"
    constants: dict[Attribute, SSAValue] = field(default_factory=dict[Attribute, SSAValue])
    on_host: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    derived: dict[tuple[Any, ...], Any] = field(default_factory=dict[tuple[Any, ...], Any])

    def __getitem__(self, value: SSAValue) -> SSAValue:
        """The register that an operand of the source program has become."""
        register = self.values[value]
        if is_complex(dtype_of(register)):
            self.reject("OpenVINO has no complex element type")
        return register

    def optional(self, value: SSAValue | None) -> SSAValue | None:
        """The register that an operand has become; `None` stays `None`."""
        return None if value is None else self[value]

    def undo(self, last: Operation | None) -> None:
        """Erase what was emitted after `last`, and forget constants among it."""
        super().undo(last)
        self.constants = {
            key: value
            for key, value in self.constants.items()
            if cast(Operation, value.owner).parent is not None
        }
        self.derived.clear()

    def emit_all(self, op: Operation) -> Sequence[SSAValue]:
        """Append an instruction that OpenVINO's plugins compute as PyTorch does.

        Raises:
            Rejection: they compute its element type in fewer bits, or fail on empty tensors.
        """
        if isinstance(op, reg.RegOp) and not isinstance(op, _NOT_ARITHMETIC):
            for value in (*op.operands, *op.results):
                if (reason := _refusal(op, value)) is not None:
                    self.reject(reason)
        return super().emit_all(op)

    # -- the operation under conversion --------------------------------------------------------

    def result(self, index: int = 0) -> Shaped:
        """The shape and element type of a result of the operation under conversion."""
        assert self.source is not None
        return shaped(self.source.results[index].type)

    def input(self, value: SSAValue, dtype: Attribute | None = None) -> SSAValue:
        """An operand in the element type of the operation's first result, or in `dtype`."""
        return self.convert(self[value], self.result().dtype if dtype is None else dtype)

    def once(self, make: Callable[..., ValueT], *arguments: Hashable) -> ValueT:
        """`make(*arguments, self)`, at its first use: layers share what is derived from a mask."""
        key = (make, *arguments)
        if key not in self.derived:
            self.derived[key] = make(*arguments, self)
        return self.derived[key]

    # -- constants -----------------------------------------------------------------------------

    def dense(self, value: DenseIntOrFPElementsAttr) -> SSAValue:
        """The register of a constant; one for equal constants."""
        if (known := self.constants.get(value)) is None:
            known = self.emit(reg.ConstantOp(value, device=self.device))
            self.constants[value] = known
        return known

    def constant(self, values: ArrayLike, dtype: Attribute) -> SSAValue:
        """A constant tensor of numbers."""
        if is_complex(dtype):
            self.reject("OpenVINO has no complex element type")
        return self.dense(dense(to_elements(values, dtype), dtype))

    def ints(self, values: Sequence[int]) -> SSAValue:
        """A constant list of integers: a shape, axes, an order."""
        return self.dense(_integers(tuple(values)))

    def axis(self, value: int) -> SSAValue:
        """A constant integer with no dimensions."""
        return self.scalar(value, i64)

    def scalar(self, value: Number, dtype: Attribute) -> SSAValue:
        """A constant number with no dimensions, converted as PyTorch converts to `dtype`."""
        if is_bool(dtype):
            value = bool(value)
        elif not is_float(dtype) and not is_complex(dtype):
            value = int(value)
        if value == 0 or is_complex(dtype):
            # 0.0 and -0.0 are equal, so a cache would mix them up.
            return self.constant(value, dtype)
        return self.dense(_scalar(type(value), value, dtype))

    def splat(self, value: Number, shape: Sequence[int], dtype: Attribute) -> SSAValue:
        """A constant tensor with one number in every place."""
        number = self.scalar(value, dtype)
        return number if not shape else self.broadcast(number, shape)

    def number(self, value: Operand, like: SSAValue) -> SSAValue:
        """`value`; a Python number becomes a constant of the element type of `like`."""
        return value if isinstance(value, SSAValue) else self.scalar(value, dtype_of(like))

    # -- instructions that may be idle ---------------------------------------------------------

    def convert(self, value: SSAValue, dtype: Attribute) -> SSAValue:
        """`value` in another element type; constants are converted here and now."""
        source = dtype_of(value)
        if source == dtype:
            return value
        if is_complex(dtype) or is_complex(source):
            self.reject("OpenVINO has no complex element type")
        literal = literal_of(value)
        if literal is not None and literal.size <= _MAX_FOLDED:
            return self.constant(to_numbers(literal, source), dtype)
        if is_bool(dtype):
            # What reg.Convert means, but the CPU plugin cannot convert one result of several.
            return self.emit(reg.NotEqualOp(value, self.scalar(0, source)))
        return self.emit(reg.ConvertOp(value, destination_type=dtype))

    def boolean(self, value: SSAValue) -> SSAValue:
        """Whether each element differs from zero."""
        return self.convert(value, i1)

    def reshape(self, value: SSAValue, shape: Sequence[int]) -> SSAValue:
        """`value` in another shape of as many elements."""
        if shape_of(value) == tuple(shape):
            return value
        return self.emit(reg.ReshapeOp(value, self.ints(shape), special_zero=False))

    def transpose(self, value: SSAValue, order: Sequence[int]) -> SSAValue:
        """`value` with its dimensions in another order.

        Where only dimensions of extent 1 move, a reshape does, and that moves no data.
        """
        if list(order) == sorted(order):
            return value
        shape = shape_of(value)
        moved = [axis for axis in order if shape[axis] != 1]
        if moved == sorted(moved):
            return self.reshape(value, [shape[axis] for axis in order])
        return self.emit(reg.TransposeOp(value, self.ints(order)))

    def swap(self, value: SSAValue, first: int, second: int) -> SSAValue:
        """`value` with two dimensions swapped."""
        order = list(range(rank_of(value)))
        order[first], order[second] = order[second], order[first]
        return self.transpose(value, order)

    def broadcast(self, value: SSAValue, shape: Sequence[int]) -> SSAValue:
        """`value` repeated to `shape`, by the rules of numpy."""
        if shape_of(value) == tuple(shape):
            return value
        return self.emit(reg.BroadcastOp(value, self.ints(shape)))

    def unsqueeze(self, value: SSAValue, *axes: int) -> SSAValue:
        """`value` with dimensions of extent 1 at `axes` of the result."""
        shape = list(shape_of(value))
        rank = len(shape) + len(axes)
        for axis in sorted(axis % rank for axis in axes):
            shape.insert(axis, 1)
        return self.reshape(value, shape)

    def slice(self, value: SSAValue, axis: int, start: int, stop: int, step: int = 1) -> SSAValue:
        """Elements `start`, `start + step`, … before `stop` of a dimension, all in its range."""
        if (start, step) == (0, 1) and stop == shape_of(value)[axis]:
            return value
        bounds = (self.ints([bound]) for bound in (start, stop, step, axis))
        return self.emit(reg.SliceOp(value, *bounds))

    def concat(self, values: Sequence[SSAValue], axis: int) -> SSAValue:
        """Tensors one after another along a dimension; empty ones do not count."""
        present = [value for value in values if 0 not in shape_of(value)] or values
        if len(present) == 1:
            return present[0]
        if rank_of(present[0]) == 1:
            # As rows of a matrix: of two elementwise instructions that read a list, OpenVINO's CPU
            # plugin lets one overwrite it for the other where it was put together (2026.4.1).
            rows = [self.reshape(value, [1, size_of(value)]) for value in present]
            return self.reshape(self.emit(reg.ConcatOp(rows, axis=1)), [sum(map(size_of, present))])
        return self.emit(reg.ConcatOp(present, axis=axis))

    def gather(self, value: SSAValue, indices: SSAValue, axis: int = 0) -> SSAValue:
        """Elements of a dimension by index; the dimensions of `indices` take its place."""
        return self.emit(reg.GatherOp(value, indices, self.axis(axis)))

    def select(self, condition: SSAValue, value: Operand, other: Operand) -> SSAValue:
        """`value` where the condition holds, `other` elsewhere; one of them is a register."""
        like = value if isinstance(value, SSAValue) else other
        assert isinstance(like, SSAValue)
        return self.emit(
            reg.SelectOp(condition, self.number(value, like), self.number(other, like))
        )

    # -- arithmetic; a Python number takes the element type of the other operand ----------------

    def add(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.AddOp(*self._pair(x, y)))

    def subtract(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.SubtractOp(*self._pair(x, y)))

    def multiply(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.MultiplyOp(*self._pair(x, y)))

    def divide(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.DivideOp(*self._pair(x, y)))

    def power(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.PowerOp(*self._pair(x, y)))

    def maximum(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.MaximumOp(*self._pair(x, y)))

    def minimum(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.MinimumOp(*self._pair(x, y)))

    def equal(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.EqualOp(*self._pair(x, y)))

    def less(self, x: Operand, y: Operand) -> SSAValue:
        return self.emit(reg.LessOp(*self._pair(x, y)))

    def scaled(self, value: SSAValue, factor: Number) -> SSAValue:
        """`factor · value`; nothing to do for a factor of 1."""
        return value if factor == 1 else self.multiply(value, factor)

    def both(self, x: SSAValue, y: SSAValue) -> SSAValue:
        """Whether both booleans hold."""
        return self.emit(reg.LogicalAndOp(x, y))

    def either(self, x: SSAValue, y: SSAValue) -> SSAValue:
        """Whether one of two booleans holds."""
        return self.emit(reg.LogicalOrOp(x, y))

    def negation(self, x: SSAValue) -> SSAValue:
        """Whether a boolean does not hold."""
        return self.emit(reg.LogicalNotOp(x))

    def matmul(
        self, a: SSAValue, b: SSAValue, *, transpose_a: bool = False, transpose_b: bool = False
    ) -> SSAValue:
        return self.emit(reg.MatMulOp(a, b, transpose_a=transpose_a, transpose_b=transpose_b))

    def _pair(self, x: Operand, y: Operand) -> tuple[SSAValue, SSAValue]:
        like = x if isinstance(x, SSAValue) else y
        assert isinstance(like, SSAValue)
        return self.number(x, like), self.number(y, like)


def wrap(axis: int, rank: int) -> int:
    """An axis counted from the front; one that counts from the back is negative."""
    return axis + rank if axis < 0 else axis


def axes_or_all(axes: Sequence[int] | None, rank: int) -> list[int]:
    """Axes counted from the front, in order; all of them if none is given."""
    if rank == 0:
        return []
    return sorted(wrap(axis, rank) for axis in axes) if axes else list(range(rank))
