"""Hold the weights of matrix products, convolutions and embeddings in fewer bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, UnitAttr, f16, f32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass

from forge.analysis.load_time import DECOMPRESSION, is_constant, load_time_ops
from forge.dialects import reg
from forge.errors import ForgeError
from forge.rewriting import Pattern, Rewriter, apply_patterns
from forge.rewriting.report import RewriteReport, publish

TYPES = ("f16",)

MIN_ELEMENTS = 1024
"""Smaller weights are left alone: there is nothing to save."""

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

    Args:
        type: `f16`, in which the NPU computes whatever the program says.
    """

    name = "compress-weights"

    type: str = "f16"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.type not in TYPES:
            raise ForgeError(
                f"there is no compression of weights to {self.type!r}", hint=", ".join(TYPES)
            )
        for function in op.walk():
            if isinstance(function, FuncOp) and len(function.body.blocks) == 1:
                block = function.body.block
                _check_level(block)
                compress = CompressWeights(load_time_ops(block))
                apply_patterns(function, [compress])
                publish(RewriteReport(figures=compress.figures()))


def _check_level(block: Block) -> None:
    for op in block.ops:
        if not isinstance(op, reg.RegOp | ReturnOp):
            raise ForgeError(
                "is not an instruction", op=op, hint="lower the program first: convert-to-reg"
            )


class CompressWeights(Pattern[Reader]):
    # f(x, W)  →  f(x, widen(compress(W)))

    def __init__(self, known: set[Operation]) -> None:
        """Start on a block.

        Args:
            known: what is computed when the program is loaded.
        """
        self._known = known
        self._widened: dict[SSAValue, SSAValue] = {}
        self._compressed: list[tuple[SSAValue, SSAValue]] = []

    def match_and_rewrite(self, op: Reader, rewriter: Rewriter) -> None:
        for index in _weight_places(op):
            weight = op.operands[index]
            if not self._is_known(weight):
                continue
            if (reason := _refusal(weight)) is not None:
                rewriter.no_match(op, reason)
                continue
            if weight not in self._widened:
                self._widened[weight] = self._compress(weight, op, rewriter)
            op.operands[index] = self._widened[weight]
            rewriter.modified(op)

    def figures(self) -> dict[str, int]:
        """What was compressed so far, for the report."""
        pairs = self._compressed
        return {
            "weights compressed": len(pairs),
            "bytes of weights before": sum(_num_bytes(weight) for weight, _ in pairs),
            "bytes of weights after": sum(_num_bytes(short) for _, short in pairs),
        }

    def _is_known(self, value: SSAValue) -> bool:
        owner = value.owner
        return isinstance(owner, Operation) and (is_constant(type(owner)) or owner in self._known)

    def _compress(self, weight: SSAValue, reader: Operation, rewriter: Rewriter) -> SSAValue:
        location = cast(Operation, weight.owner).location
        short = reg.ConvertOp(weight, destination_type=f16, location=location)
        wide = reg.ConvertOp(short, destination_type=_dtype(weight), location=location)
        wide.attributes[DECOMPRESSION] = UnitAttr()
        for op in (short, wide):
            rewriter.insert(op, before=reader)
        self._known.add(short)
        self._compressed.append((weight, short.results[0]))
        return wide.results[0]


def _weight_places(op: Reader) -> Sequence[int]:
    """Which operands a device reads as weights, where they are known."""
    match op:
        case reg.MatMulOp():
            return (0, 1)
        case reg.GatherOp():
            return (0,)
        case _:
            return (1,)


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


def _dtype(value: SSAValue) -> Attribute:
    return reg.register_shaped(value.type).dtype


def _num_bytes(value: SSAValue) -> int:
    return cast(reg.RegisterType, value.type).num_bytes
