"""Ten passes that are wrong in ways in which passes are wrong, as a plugin for the tools.

Each has right patterns beside the wrong one, whose name `seeded_cases.py` says.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.attributes import to_attribute
from forge.ir.tensors import shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, producer


class SkipDropout(Pattern[aten.DropoutOp]):
    # dropout(x) {train = false}  →  x

    def match_and_rewrite(self, op: aten.DropoutOp, rewriter: Rewriter) -> None:
        if not op.get("train"):
            rewriter.replace(op, op.input)


class SkipCast(Pattern[aten.ToDtypeOp]):
    # to(x) of its own type  →  x

    def match_and_rewrite(self, op: aten.ToDtypeOp, rewriter: Rewriter) -> None:
        if op.input.type == op.result.type:
            rewriter.replace(op, op.input)


@dataclass(frozen=True)
class SeededPass(ModulePass):
    """The base: right patterns, and a wrong one."""

    WRONG: ClassVar[tuple[Pattern[Any], ...]]

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [SkipDropout(), SkipCast(), *self.WRONG])


# -- wrong numbers -------------------------------------------------------------------------


class FoldKeyTranspose(Pattern[aten.MatmulOp]):
    # q·transpose(k)  →  q·k: types say that this fits, where there are as many keys as features

    def match_and_rewrite(self, op: aten.MatmulOp, rewriter: Rewriter) -> None:
        transpose = producer(op.other, aten.TransposeIntOp)
        if transpose is not None and transpose.input.type == op.other.type:
            rewriter.replace(op, aten.MatmulOp(op.input, transpose.input))


@dataclass(frozen=True)
class WrongPermutationPass(SeededPass):
    """Take a permutation for none."""

    name = "seeded-wrong-permutation"
    WRONG = (FoldKeyTranspose(),)


class ScaleAddmm(Pattern[aten.MulScalarOp]):
    # view(addmm(b, x, w))·c  →  view(addmm(b, x, w) {beta = c, alpha = c}): others read it as well

    def match_and_rewrite(self, op: aten.MulScalarOp, rewriter: Rewriter) -> None:
        view = producer(op.input, aten.ViewOp)
        addmm = producer(view.input, aten.AddmmOp) if view is not None else None
        if addmm is not None and addmm.get("alpha") == 1:
            for name in ("alpha", "beta"):
                addmm.properties[name] = to_attribute(float(op.get("other")))
            rewriter.modified(addmm)
            rewriter.replace(op, op.input)


@dataclass(frozen=True)
class MissingGuardPass(SeededPass):
    """Change a value that has other users."""

    name = "seeded-missing-guard"
    WRONG = (ScaleAddmm(),)


class CountAxisFromFront(Pattern[aten.SoftmaxIntOp]):
    # softmax {dim = -1}  →  softmax {dim = rank - 2}: off by one

    def match_and_rewrite(self, op: aten.SoftmaxIntOp, rewriter: Rewriter) -> None:
        if op.get("dim") < 0:
            rank = shaped(op.input.type).rank
            op.properties["dim"] = to_attribute(op.get("dim") % (rank - 1))
            rewriter.modified(op)


@dataclass(frozen=True)
class WrongAxisPass(SeededPass):
    """Count an axis from the front, and miscount."""

    name = "seeded-wrong-axis"
    WRONG = (CountAxisFromFront(),)


class ForgetScale(Pattern[aten.AddTensorOp]):
    # q·kᵀ·scale + mask  →  q·kᵀ + mask

    def match_and_rewrite(self, op: aten.AddTensorOp, rewriter: Rewriter) -> None:
        scaled = producer(op.input, aten.MulScalarOp)
        if scaled is not None and producer(scaled.input, aten.MatmulOp) is not None:
            rewriter.replace(op, aten.AddTensorOp(scaled.input, op.other))


@dataclass(frozen=True)
class DroppedScalePass(SeededPass):
    """Drop the scale of attention scores."""

    name = "seeded-dropped-scale"
    WRONG = (ForgetScale(),)


class SplitToSlices(Pattern[aten.SplitTensorOp]):
    # split(x)  →  slices of x, each of which starts an element too early, but for the first

    def match_and_rewrite(self, op: aten.SplitTensorOp, rewriter: Rewriter) -> None:
        size, dim = op.get("split_size"), op.get("dim")
        slices: list[Operation] = []
        for index in range(len(op.results)):
            start = max(index * size - 1, 0)
            part = aten.SliceTensorOp(op.input, dim=dim, start=start, end=start + size)
            slices.append(rewriter.insert(part, before=op))
        rewriter.replace(op, [part.results[0] for part in slices])


@dataclass(frozen=True)
class OffByOnePass(SeededPass):
    """Cut slices an element too early."""

    name = "seeded-off-by-one"
    WRONG = (SplitToSlices(),)


class ForgetResidual(Pattern[transformer.LinearOp]):
    # r + x·Wᵀ  →  x·Wᵀ

    def match_and_rewrite(self, op: transformer.LinearOp, rewriter: Rewriter) -> None:
        if op.residual is not None and op.get("transpose_weight"):
            plain = transformer.LinearOp(op.input, op.weight, op.bias)
            rewriter.replace(op, plain)


@dataclass(frozen=True)
class LostResidualPass(SeededPass):
    """Lose what a fused layer adds."""

    name = "seeded-lost-residual"
    WRONG = (ForgetResidual(),)


# -- failures ------------------------------------------------------------------------------


class SkipAnyCast(Pattern[aten.ToDtypeOp]):
    # to(x)  →  x, whatever the types

    def match_and_rewrite(self, op: aten.ToDtypeOp, rewriter: Rewriter) -> None:
        rewriter.replace(op, op.input)


@dataclass(frozen=True)
class IgnoredTypePass(SeededPass):
    """Take casts for nothing."""

    name = "seeded-ignored-type"
    WRONG = (SkipAnyCast(),)


class PreferWideRows(Pattern[aten.AddScalarOp]):
    # x + c  →  c + x, for tall matrices: a vector has no height

    def match_and_rewrite(self, op: aten.AddScalarOp, rewriter: Rewriter) -> None:
        shape = shaped(op.input.type).shape
        if shape[-2] > 4 * shape[-1] and op.get("alpha") != 1:
            rewriter.replace(op, op.input)


@dataclass(frozen=True)
class CrashOnVectorsPass(SeededPass):
    """Assume that tensors are matrices."""

    name = "seeded-crash-on-vectors"
    WRONG = (PreferWideRows(),)


class NormalizeView(Pattern[aten.ViewOp]):
    # view(x) {size = [-1, n]}  →  view(x) {size = [n, -1]}, in place

    def match_and_rewrite(self, op: aten.ViewOp, rewriter: Rewriter) -> None:
        size = op.get("size")
        if len(size) == 2 and size[0] == -1:
            op.properties["size"] = to_attribute(size[::-1])
            rewriter.modified(op)


@dataclass(frozen=True)
class InvalidProgramPass(SeededPass):
    """Leave a shape that is not that of the result."""

    name = "seeded-invalid-program"
    WRONG = (NormalizeView(),)


class SwapFactors(Pattern[aten.MulTensorOp]):
    # x·y  →  y·x, for ever

    def match_and_rewrite(self, op: aten.MulTensorOp, rewriter: Rewriter) -> None:
        if op.input.type != op.other.type:
            rewriter.replace(op, aten.MulTensorOp(op.other, op.input))


@dataclass(frozen=True)
class EndlessPass(SeededPass):
    """Undo what it does."""

    name = "seeded-endless"
    WRONG = (SwapFactors(),)
