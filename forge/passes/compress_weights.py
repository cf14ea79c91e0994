"""Hold the weights of matrix products, convolutions and embeddings in fewer bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar, cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, f16, f32, i8
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.passes import ModulePass

from forge.analysis.load_time import is_constant, load_time_ops
from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.tensors import i4, is_float
from forge.passes.compression.short_weight import Emitter, ShortForm, ShortWeight, shorten
from forge.rewriting import Pattern, Rewriter, apply_patterns
from forge.rewriting.report import RewriteReport, publish

TYPES = {"f16": f16, "i8": i8, "i4": i4}
"""What weights are held in, by name."""

MIN_ELEMENTS = 1024
"""Smaller weights are left alone: there is nothing to save."""

MIN_SHARING = 32
"""How many elements share a scale at least; with fewer, integers save too little over f16."""

Reader = reg.MatMulOp | reg.GatherOp | reg.ConvolutionOp | reg.GroupConvolutionOp


@dataclass(frozen=True)
class CompressWeightsPass(ModulePass):
    """Hold large weights in fewer bits, and widen them where they are read.

    What a matrix product, a convolution or an embedding reads is compressed when the program is
    loaded, after whatever else is computed of weights alone, such as slices. What widens it stays
    in the program, marked `forge.decompression`, so that a device can keep the short form. Biases,
    norms and other weights of one dimension or less than 1024 elements stay as they are.

        %w = reg.weight "w" : !reg.reg<64x64xf32, npu>
        %y = reg.MatMul %x, %w : …

    becomes

        %w = reg.weight "w" : !reg.reg<64x64xf32, npu>
        %0 = reg.Convert %w {destination_type = f16} : …
        %1 = reg.Convert %0 {destination_type = f32} attributes {forge.decompression} : …
        %y = reg.MatMul %x, %1 : …

    Integers have a scale for each output channel, or for each `group_size` inputs of one. A table
    of embeddings is held in i8 with a scale for each row, also if the last layer reads it; only
    the rows that are taken are widened. Where less than 32 elements would share a scale, and where
    a product has the weight on its left, it is held in f16.

    Args:
        type: `f16`, in which the NPU computes whatever the program says, `i8` or `i4`.
        group_size: how many inputs of a channel share a scale; 0 for all of them, which is also
            what channels have whose inputs it does not divide.
    """

    name = "compress-weights"
    rounds_weights: ClassVar[bool] = True

    type: str = "f16"
    group_size: int = 0

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        form = self._form()
        for function in op.walk():
            if isinstance(function, FuncOp) and len(function.body.blocks) == 1:
                block = function.body.block
                _check_level(block)
                compress = CompressWeights(block, form)
                apply_patterns(function, [compress])
                publish(RewriteReport(figures=compress.figures()))

    def _form(self) -> ShortForm:
        if self.type not in TYPES:
            raise ForgeError(
                f"there is no compression of weights to {self.type!r}", hint=", ".join(TYPES)
            )
        if self.group_size < 0 or (self.group_size and is_float(TYPES[self.type])):
            raise ForgeError(
                f"group_size is {self.group_size} for weights of {self.type}",
                hint="it is how many elements share a scale; f16 has none",
            )
        return ShortForm(TYPES[self.type], self.group_size or None)


def _check_level(block: Block) -> None:
    for op in block.ops:
        if not isinstance(op, reg.RegOp | ReturnOp):
            raise ForgeError(
                "is not an instruction", op=op, hint="lower the program first: convert-to-reg"
            )


class CompressWeights(Pattern[Reader]):
    # f(x, W)  →  f(x, wide(short(W)))
    # gather(W, i)  →  wide(gather(short(W), i))     where each row has a scale

    def __init__(self, block: Block, form: ShortForm) -> None:
        """Start on a block.

        Args:
            block: the instructions.
            form: what to make of weights.
        """
        self._known = load_time_ops(block)
        self._tables = {op.data for op in block.ops if isinstance(op, reg.GatherOp)}
        self._form = form
        self._short: dict[tuple[SSAValue, Sequence[int]], ShortWeight] = {}
        self._widened: dict[ShortWeight, SSAValue] = {}

    def match_and_rewrite(self, op: Reader, rewriter: Rewriter) -> None:
        if op in self._known:
            # It is computed with the whole weight, when the program is loaded.
            return None
        for index, summed in _weights(op):
            weight = op.operands[index]
            if not self._is_known(weight):
                continue
            if (reason := _refusal(weight)) is not None:
                rewriter.no_match(op, reason)
                continue
            emit = Emitter(rewriter, op, cast(Operation, weight.owner).location)
            short = self._shortened(weight, summed, op, emit)
            if isinstance(op, reg.GatherOp) and short.scale is not None:
                return rewriter.replace(op, short.widened_rows(op, emit))
            if short not in self._widened:
                self._widened[short] = short.widened(emit)
            op.operands[index] = self._widened[short]
            rewriter.modified(op)
        return None

    def figures(self) -> dict[str, int]:
        """What was compressed so far, for the report."""
        return {
            "weights compressed": len(self._short),
            "bytes of weights before": sum(s.type.num_bytes for s in self._short.values()),
            "bytes of weights after": sum(short.num_bytes for short in self._short.values()),
        }

    def _is_known(self, value: SSAValue) -> bool:
        owner = value.owner
        return isinstance(owner, Operation) and (is_constant(type(owner)) or owner in self._known)

    def _shortened(
        self, weight: SSAValue, summed: Sequence[int], reader: Reader, emit: Emitter
    ) -> ShortWeight:
        """The short form of a weight; readers that sum over the same axes share it."""
        form = self._form
        if form.dtype != f16 and not _has_scales(weight, summed, reader):
            form = ShortForm(f16)
        elif form.dtype != f16 and weight in self._tables:
            form = ShortForm(i8)
        key = (weight, summed if form.dtype != f16 else ())
        if key not in self._short:
            self._short[key] = shorten(weight, form, summed, emit)
        return self._short[key]


def _weights(op: Reader) -> Sequence[tuple[int, tuple[int, ...]]]:
    """The operands that are weights, if they are known, and the axes over which each is summed."""
    match op:
        case reg.MatMulOp():
            first, second = (len(_shape(operand)) for operand in op.operands)
            return (
                (0, (first - (2 if op.get("transpose_a") else 1),)),
                (1, (second - (1 if op.get("transpose_b") else 2),)),
            )
        case reg.GatherOp():
            return ((0, tuple(range(1, len(_shape(op.data))))),)
        case _:
            channels = 1 if isinstance(op, reg.ConvolutionOp) else 2
            return ((1, tuple(range(channels, len(_shape(op.filters))))),)


def _has_scales(weight: SSAValue, summed: Sequence[int], reader: Reader) -> bool:
    """Whether integers with a scale a channel are less than f16, and stay so on the device."""
    shape = _shape(weight)
    if isinstance(reader, reg.GatherOp) and not _takes_rows(reader):
        return False
    if isinstance(reader, reg.MatMulOp) and weight is reader.A:
        # Intel's NPU compiler widens what is on the left before the program runs (2026.4.1).
        return False
    return prod(shape[axis] for axis in summed) >= MIN_SHARING


def _takes_rows(gather: reg.GatherOp) -> bool:
    axis = gather.axis.owner
    return (
        len(_shape(gather.data)) == 2
        and not gather.get("batch_dims")
        and isinstance(axis, reg.ConstantOp)
        and axis.array().item() in (0, -2)
    )


def _refusal(weight: SSAValue) -> str | None:
    """Why a weight is left alone; `None` if it is not."""
    type = reg.register_shaped(weight.type)
    if type.dtype != f32:
        return f"its weight is of {type.dtype}, not of f32"
    if type.rank < 2:
        return "its weight has less than two dimensions"
    if type.numel < MIN_ELEMENTS:
        return f"its weight has {type.numel} elements, less than {MIN_ELEMENTS}"
    return None


def _shape(value: SSAValue) -> tuple[int, ...]:
    return reg.register_shaped(value.type).shape
