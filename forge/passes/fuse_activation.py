"""Recognise activations that were written out."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten
from forge.rewriting import Pattern, Rewriter, apply_patterns, is_close, single_user
from forge.rewriting.arithmetic import (
    Polynomial,
    plus_scalar,
    polynomial,
    product,
    same_polynomial,
    times_scalar,
)

_TANH_ARGUMENT: Polynomial = {1: sqrt(2 / pi), 3: sqrt(2 / pi) * 0.044715}
_ERF_ARGUMENT: Polynomial = {1: sqrt(1 / 2)}


@dataclass(frozen=True)
class FuseActivationPass(ModulePass):
    """Replace GELU and SiLU in their parts by `aten.gelu` and `aten.silu`.

    GELU is recognised with erf and with tanh, SiLU with sigmoid; in whatever order the factors
    stand, with constants as tensors or as scalars, x³ as a power or as a product. Nothing else may
    use what lies between.

        %0 = aten.sigmoid %x : …
        %1 = aten.mul.Tensor %x, %0 : …

    becomes

        %1 = aten.silu %x : …
    """

    name = "fuse-activation"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseGeluTanh(), FuseGeluErf(), FuseSilu()])


class FuseGeluTanh(Pattern[aten.TanhOp]):
    # x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))  →  gelu(x) {approximate = "tanh"}

    def match_and_rewrite(self, op: aten.TanhOp, rewriter: Rewriter) -> None:
        if (found := _half_of_x_times_one_plus(op, rewriter)) is None:
            return None
        gelu, x = found
        if not same_polynomial(polynomial(op.input, x), _TANH_ARGUMENT):
            return rewriter.no_match(op, "the argument of tanh is not √(2/π)·(x + 0.044715·x³)")
        return rewriter.replace(gelu, aten.GeluOp(x, approximate="tanh"))


class FuseGeluErf(Pattern[aten.ErfOp]):
    # x/2 · (1 + erf(x/√2))  →  gelu(x)

    def match_and_rewrite(self, op: aten.ErfOp, rewriter: Rewriter) -> None:
        if (found := _half_of_x_times_one_plus(op, rewriter)) is None:
            return None
        gelu, x = found
        if not same_polynomial(polynomial(op.input, x), _ERF_ARGUMENT):
            return rewriter.no_match(op, "the argument of erf is not x/√2")
        return rewriter.replace(gelu, aten.GeluOp(x))


class FuseSilu(Pattern[aten.SigmoidOp]):
    # x · σ(x)  →  silu(x)

    def match_and_rewrite(self, op: aten.SigmoidOp, rewriter: Rewriter) -> None:
        user = single_user(op.result)
        if not isinstance(user, aten.MulTensorOp):
            return None
        other = user.other if user.input is op.result else user.input
        scaled = times_scalar(op.input)
        if scaled is not None and scaled[0] is other:
            # An approximation of GELU, with a layer's activations.
            return None
        if other is not op.input or user.result.type != op.input.type:
            return rewriter.no_match(op, "σ(x) is not multiplied by x itself")
        return rewriter.replace(user, aten.SiluOp(op.input))


def _half_of_x_times_one_plus(
    op: aten.TanhOp | aten.ErfOp, rewriter: Rewriter
) -> tuple[Operation, SSAValue] | None:
    """The operation that computes x/2 · (1 + `op`), and x."""
    shifted = next((u.operation for u in op.result.uses if _adds_one_to(op, u.operation)), None)
    if shifted is None:
        return None
    if not op.result.has_one_use():
        return rewriter.no_match(op, "it has users outside of the GELU")
    # The shifted part is multiplied by x and by 1/2, in any order, or by x/2.
    outer = single_user(shifted.results[0])
    for _ in range(2):
        if not isinstance(outer, aten.MulTensorOp | aten.MulScalarOp | aten.DivTensorOp):
            break
        if (x := _half_of_other_factor(outer.result, shifted.results[0])) is not None:
            return outer, x
        outer = single_user(outer.result)
    return rewriter.no_match(op, "1 + its result is used for more than x/2·(1 + …)")


def _adds_one_to(op: Operation, user: Operation) -> bool:
    sum = plus_scalar(user.results[0]) if len(user.results) == 1 else None
    return sum is not None and sum[0] is op.results[0] and is_close(sum[1], 1.0)


def _half_of_other_factor(value: SSAValue, factor: SSAValue) -> SSAValue | None:
    """x, where `value` is x/2 · `factor`."""
    whole = product(value)
    if len(whole.factors) != 2 or not is_close(whole.coefficient, 0.5):
        return None
    others = [other for other in whole.factors if other is not factor]
    return others[0] if len(others) == 1 and others[0].type == value.type else None
