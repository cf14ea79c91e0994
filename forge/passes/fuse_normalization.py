"""Recognise norms that were written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, bf16, f16, f32
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.tensors import Shaped, shaped
from forge.rewriting import (
    Pattern,
    Rewriter,
    apply_patterns,
    commuted,
    is_close,
    producer,
    single_user,
    widened,
)
from forge.rewriting.arithmetic import plus_scalar
from forge.rewriting.moments import Moment, centered, deviation, mean_of_squares, variance
from forge.rewriting.views import is_closed


@dataclass(frozen=True)
class FuseNormalizationPass(ModulePass):
    """Replace norms in their parts by `transformer.layer_norm` and `transformer.rms_norm`.

    Means are over the last dimensions and keep them, the variance is divided by n, epsilon is
    inside the root, and nothing else uses what lies between. A norm that is computed in f32 and
    converted back, as Llama does for 16-bit types, is recognised with its conversions. A weight
    and a bias that follow are included, also Gemma's 1 + w.

        %0 = aten.pow.Tensor_Scalar %x {exponent = 2} : …
        %1 = aten.mean.dim %0 {dim = [-1], keepdim = true} : …
        %2 = aten.add.Scalar %1 {other = 1.0e-06} : …
        %3 = aten.rsqrt %2 : …
        %4 = aten.mul.Tensor %x, %3 : …
        %5 = aten.mul.Tensor %w, %4 : …

    becomes

        %5 = transformer.rms_norm %x, weight = %w {normalized_shape = [896], eps = 1.0e-06} : …
    """

    name = "fuse-normalization"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(
            op,
            [
                FuseLayerNorm(),
                FuseRmsNorm(),
                FuseNormWeight(),
                FuseLayerNormBias(),
                FuseNormConversion(),
            ],
        )


_Norm = transformer.LayerNormOp | transformer.RmsNormOp
_Deviation = aten.StdCorrectionOp | aten.StdDimOp
_RootOp = aten.PowTensorScalarOp | aten.RsqrtOp | aten.SqrtOp


class FuseLayerNorm(Pattern[_RootOp | _Deviation]):
    # (x − mean(x)) / √(var(x) + eps)  →  layer_norm(x), also where var(x) is mean((x − mean(x))²)

    def match_and_rewrite(self, op: _RootOp | _Deviation, rewriter: Rewriter) -> None:
        if (root := _Root.of(op)) is None:
            return None
        moment = deviation(op) if isinstance(op, _Deviation) else variance(root.argument)
        if moment is None:
            return None
        scaled = _scaled(root, lambda value: _is_centered(value, moment))
        average = None if scaled is None else centered(scaled.x)
        if scaled is None or average is None:
            return rewriter.no_match(op, _unscaled(root, "x − mean(x)"))
        inside = (*root.ops, *moment.ops, *average.ops, *scaled.ops)
        if (reason := _unfit(moment, root.eps, scaled.op, inside)) is not None:
            return rewriter.no_match(op, reason)
        shape = moment.trailing_shape or ()
        norm = transformer.LayerNormOp(moment.x, normalized_shape=shape, eps=root.eps)
        return scaled.replace(norm, rewriter)


def _is_centered(value: SSAValue, moment: Moment) -> bool:
    """Whether `value` is x − mean(x), where the moment is of x over the same dimensions."""
    average = centered(value)
    return (
        average is not None
        and (average.x, average.dims, average.keepdim) == (moment.x, moment.dims, moment.keepdim)
        and is_close(average.factor, 1.0)
    )


class FuseRmsNorm(Pattern[_RootOp]):
    # x / √(mean(x²) + eps)  →  rms_norm(x)

    def match_and_rewrite(self, op: _RootOp, rewriter: Rewriter) -> None:
        root = _Root.of(op)
        moment = None if root is None else mean_of_squares(root.argument)
        if root is None or moment is None:
            return None
        x = moment.x
        if (scaled := _scaled(root, lambda value: value is x or value is widened(x))) is None:
            return rewriter.no_match(op, _unscaled(root, "what it is the root of"))
        inside = (*root.ops, *moment.ops, *scaled.ops)
        if (reason := _unfit(moment, root.eps, scaled.op, inside)) is not None:
            return rewriter.no_match(op, reason)
        shape = moment.trailing_shape or ()
        norm = transformer.RmsNormOp(x, normalized_shape=shape, eps=root.eps)
        return scaled.replace(norm, rewriter)


@dataclass(frozen=True)
class _Root:
    """√(argument + eps) or its inverse: what something may be divided by, or multiplied with.

    Attributes:
        value: the root, or its inverse.
        is_inverse: whether it is that.
        argument: what it is the root of.
        eps: zero, if nothing is added.
        ops: what computes the value from the argument.
    """

    value: SSAValue
    is_inverse: bool
    argument: SSAValue
    eps: float
    ops: tuple[Operation, ...]

    @staticmethod
    def of(op: _RootOp | _Deviation) -> _Root | None:
        is_inverse = isinstance(op, aten.RsqrtOp)
        if isinstance(op, aten.PowTensorScalarOp):
            if op.get("exponent") not in (0.5, -0.5):
                return None
            is_inverse = op.get("exponent") < 0
        value, argument, eps, ops = op.result, op.input, 0.0, [*_operations(op.result)]
        if not isinstance(op, _Deviation) and (shifted := plus_scalar(argument)) is not None:
            ops += _operations(argument)
            argument, eps = shifted
        inverse = single_user(value)
        if not is_inverse and isinstance(inverse, aten.ReciprocalOp):
            value, is_inverse = inverse.result, True
            ops.append(inverse)
        return _Root(value, is_inverse, argument, eps, tuple(ops))


def _operations(value: SSAValue) -> list[Operation]:
    return [value.owner] if isinstance(value.owner, Operation) else []


@dataclass(frozen=True)
class _Scaled:
    """x, divided by a root and multiplied with a factor, if there is one.

    Attributes:
        op: the operation that computes it.
        x: what is scaled.
        factor: what else it is multiplied with.
        ops: the operations before the last one.
    """

    op: aten.MulTensorOp | aten.DivTensorOp
    x: SSAValue
    factor: SSAValue | None = None
    ops: tuple[Operation, ...] = ()

    def replace(self, norm: _Norm, rewriter: Rewriter) -> None:
        """Replace it by the norm; the factor, which may be its weight, goes behind that."""
        if self.factor is None:
            return rewriter.replace(self.op, norm)
        rewriter.insert(norm, before=self.op)
        return rewriter.replace(self.op, aten.MulTensorOp(norm.result, self.factor))


def _scaled(root: _Root, is_x: Callable[[SSAValue], bool]) -> _Scaled | None:
    """How x is scaled by the root, if it is."""
    return next((reading for reading in _readings(root) if is_x(reading.x)), None)


def _readings(root: _Root) -> Iterator[_Scaled]:
    """What the root may scale, and what may be a factor besides, in any order."""
    user = single_user(root.value)
    if root.is_inverse and isinstance(user, aten.MulTensorOp):
        other = user.other if user.input is root.value else user.input
    elif isinstance(user, aten.DivTensorOp) and user.other is root.value and not root.is_inverse:
        other = user.input
    else:
        return
    yield _Scaled(user, other)
    if (product := producer(other, aten.MulTensorOp)) is not None:
        for x, factor in commuted(product.input, product.other):
            yield _Scaled(user, x, factor, (product,))
    if root.is_inverse and isinstance(outer := single_user(user.result), aten.MulTensorOp):
        x = outer.other if outer.input is user.result else outer.input
        yield _Scaled(outer, x, other, (user,))


def _unscaled(root: _Root, what: str) -> str:
    """Why a root is not used to scale x."""
    user = single_user(root.value)
    if user is not None and user.results and plus_scalar(user.results[0]) is not None:
        return "epsilon is added outside of the root"
    if next(_readings(root), None) is None:
        return f"the root is not used to scale {what} alone"
    return f"the root scales something else than {what}"


def _unfit(moment: Moment, eps: float, op: Operation, inside: tuple[Operation, ...]) -> str | None:
    """Why what is scaled by the root of a moment is no norm, if it is none."""
    if moment.trailing_shape is None:
        return "the mean is not over the last dimensions, or drops them"
    if not is_close(moment.factor, 1.0):
        divisor = moment.count / moment.factor if moment.factor else 0.0
        return f"the sum of squares is divided by {divisor:g}, and not by {moment.count}"
    if eps < 0.0:
        return "epsilon is negative"
    if op.results[0].type != moment.x.type:
        return f"its result is not of x's type, {moment.x.type}"
    if not is_closed(inside, op):
        return "what lies between has other users"
    return None


class FuseNormWeight(Pattern[_Norm]):
    # norm(x) ⊙ w  →  norm(x, w);  rms_norm(x) ⊙ (c + w)  →  rms_norm(x, w) {weight_offset = c}

    def match_and_rewrite(self, op: _Norm, rewriter: Rewriter) -> None:
        scale = single_user(op.result)
        if op.weight is not None or not isinstance(scale, aten.MulTensorOp):
            return None
        if isinstance(op, transformer.LayerNormOp) and op.bias is not None:
            return rewriter.no_match(op, "its bias is added before")
        weight, offset = scale.other if scale.input is op.result else scale.input, 0.0
        if (reason := _not_normalized(op, weight)) is not None:
            return rewriter.no_match(op, f"what it is multiplied by is no {reason}")
        if isinstance(op, transformer.RmsNormOp):
            weight, offset = plus_scalar(weight) or (weight, 0.0)
        weight = _wide(weight, op, scale, rewriter)
        return rewriter.replace(scale, _norm(op, op.input, weight, None, offset))


class FuseLayerNormBias(Pattern[transformer.LayerNormOp]):
    # layer_norm(x, w) + b  →  layer_norm(x, w, b)

    def match_and_rewrite(self, op: transformer.LayerNormOp, rewriter: Rewriter) -> None:
        sum = single_user(op.result)
        if op.bias is not None or not isinstance(sum, aten.AddTensorOp):
            return None
        bias = sum.other if sum.input is op.result else sum.input
        if bias.type == op.result.type:
            # A residual, and not near a bias.
            return None
        if (reason := _not_normalized(op, bias)) is not None:
            return rewriter.no_match(op, f"what is added to it is no {reason}")
        if sum.get("alpha") != 1:
            return rewriter.no_match(op, "a multiple is added")
        bias = _wide(bias, op, sum, rewriter)
        return rewriter.replace(sum, _norm(op, op.input, op.weight, bias))


def _not_normalized(op: _Norm, factor: SSAValue) -> str | None:
    """The type that a weight or bias of the norm has, if `factor` has another one.

    It may be narrower: the product is of the norm's type then, too.
    """
    wanted = Shaped(tuple(op.get("normalized_shape")), shaped(op.result.type).dtype)
    found = shaped(factor.type)
    is_narrower = wanted.dtype == f32 and found.dtype in (f16, bf16)
    if found.shape != wanted.shape or (found.dtype != wanted.dtype and not is_narrower):
        return str(wanted)
    return None


def _wide(value: SSAValue, op: _Norm, user: Operation, rewriter: Rewriter) -> SSAValue:
    """A weight or bias in the element type of the norm."""
    dtype = shaped(op.result.type).dtype
    if shaped(value.type).dtype == dtype:
        return value
    return rewriter.insert(aten.ToDtypeOp(value, dtype), before=user).result


class FuseNormConversion(Pattern[_Norm]):
    # f16(norm(f32(x)))  →  norm(x), which is computed in f32 for 16-bit types

    def match_and_rewrite(self, op: _Norm, rewriter: Rewriter) -> None:
        back = single_user(op.result)
        if (x := widened(op.input)) is None or not isinstance(back, aten.ToDtypeOp):
            return None
        if back.result.type != x.type:
            return rewriter.no_match(op, f"its result is not converted back to {x.type}")
        given = (op.weight, op.bias if isinstance(op, transformer.LayerNormOp) else None)
        weight, bias = (None if value is None else widened(value) for value in given)
        if (weight is None, bias is None) != (given[0] is None, given[1] is None):
            return rewriter.no_match(op, "its weight or bias is not converted as its input is")
        if any(value is not None and not _same_dtype(value, x) for value in (weight, bias)):
            return rewriter.no_match(op, "its weight or bias has another type than its input")
        offset = op.get("weight_offset") if isinstance(op, transformer.RmsNormOp) else 0.0
        return rewriter.replace(back, _norm(op, x, weight, bias, offset))


def _same_dtype(first: SSAValue, second: SSAValue) -> bool:
    return shaped(first.type).dtype == shaped(second.type).dtype


def _norm(
    op: _Norm,
    x: SSAValue,
    weight: SSAValue | None,
    bias: SSAValue | None,
    weight_offset: float = 0.0,
) -> _Norm:
    """A norm like `op`, of something else."""
    shape, eps = op.get("normalized_shape"), op.get("eps")
    if isinstance(op, transformer.LayerNormOp):
        return transformer.LayerNormOp(x, weight, bias, normalized_shape=shape, eps=eps)
    return transformer.RmsNormOp(
        x, weight, normalized_shape=shape, eps=eps, weight_offset=weight_offset
    )
