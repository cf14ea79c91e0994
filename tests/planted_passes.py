"""Passes that are wrong on purpose, as a plugin for the tools and for the tests of checks."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.dialects import aten, reg, transformer
from forge.ir.attributes import to_attribute
from forge.rewriting import Pattern, Rewriter, apply_patterns


@dataclass(frozen=True)
class WrongActivationPass(ModulePass):
    """Take a SiLU of a SiLU for a GELU, among right rewrites."""

    name = "wrong-activation"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [CancelNegations(), ApproximateSilu()])


@dataclass(frozen=True)
class WrongEpsilonPass(ModulePass):
    """Forget the epsilon of RMS norms."""

    name = "wrong-epsilon"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [ForgetEpsilon()])


@dataclass(frozen=True)
class WrongInstructionPass(ModulePass):
    """Take maxima for minima."""

    name = "wrong-instruction"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [SwapExtremes()])


@dataclass(frozen=True)
class WrongWalkPass(ModulePass):
    """Change scalars in place, without any pattern."""

    name = "wrong-walk"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in op.walk():
            if isinstance(inner, aten.AddScalarOp):
                inner.properties["other"] = to_attribute(inner.get("other") + 1)


@dataclass(frozen=True)
class WrongShapePass(ModulePass):
    """Leave a program that cannot be run."""

    name = "wrong-shape"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in op.walk():
            if isinstance(inner, aten.ReshapeOp):
                inner.properties["shape"] = to_attribute([3])


class CancelNegations(Pattern[aten.NegOp]):
    # −(−x)  →  x

    def match_and_rewrite(self, op: aten.NegOp, rewriter: Rewriter) -> None:
        if isinstance(inner := op.input.owner, aten.NegOp):
            rewriter.replace(op, inner.input)


class ApproximateSilu(Pattern[aten.SiluOp]):
    # silu(silu(x))  →  gelu(silu(x)), which is wrong

    def match_and_rewrite(self, op: aten.SiluOp, rewriter: Rewriter) -> None:
        if isinstance(op.input.owner, aten.SiluOp):
            rewriter.replace(op, aten.GeluOp(op.input))


class ForgetEpsilon(Pattern[transformer.RmsNormOp]):
    # rms_norm(x) {eps}  →  rms_norm(x) {eps = 0}, which is wrong

    def match_and_rewrite(self, op: transformer.RmsNormOp, rewriter: Rewriter) -> None:
        if op.get("eps"):
            shape = op.get("normalized_shape")
            norm = transformer.RmsNormOp(op.input, op.weight, normalized_shape=shape, eps=0.0)
            rewriter.replace(op, norm)


class SwapExtremes(Pattern[reg.MaximumOp]):
    # max(x, y)  →  min(x, y), which is wrong

    def match_and_rewrite(self, op: reg.MaximumOp, rewriter: Rewriter) -> None:
        rewriter.replace(op, reg.MinimumOp(*op.operands))
