"""Recognise the short convolution of LFM2."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.tensors import Shaped, shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns, commuted, producer, single_user
from forge.rewriting.views import Section, is_closed, section, without_round_trip


@dataclass(frozen=True)
class FuseGatedConvolutionPass(ModulePass):
    """Replace a causal depthwise convolution between two gates by `transformer.gated_convolution`.

    The gates b and c and what they gate, x, are the thirds of one tensor: b ⊙ x is convolved, and c
    scales the result. The convolution is causal by being padded on both sides and cut off behind
    the last token. Nothing else uses what lies between.

        %0 = aten.transpose.int %bcx {dim0 = -1, dim1 = -2} : …
        %b, %c, %x = aten.chunk %0 {chunks = 3, dim = -2} : …
        %1 = aten.mul.Tensor %b, %x : …
        %2 = aten.conv1d %1, %w {padding = [2], groups = 2048} : …
        %3 = aten.slice.Tensor %2 {dim = 2, end = 128} : …
        %4 = aten.mul.Tensor %c, %3 : …
        %5 = aten.transpose.int %4 {dim0 = -1, dim1 = -2} : …

    becomes

        %5 = transformer.gated_convolution %bcx, %w : …
    """

    name = "fuse-gated-convolution"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [FuseGatedConvolution()])


_Convolution = aten.Conv1dOp | aten.ConvolutionOp
_Swap = aten.PermuteOp | aten.TransposeIntOp


class FuseGatedConvolution(Pattern[_Convolution]):
    # (c ⊙ conv(b ⊙ x))ᵀ where b ‖ c ‖ x = pᵀ  →  gated_convolution(p)

    def match_and_rewrite(self, op: _Convolution, rewriter: Rewriter) -> None:
        if (product := producer(op.input, aten.MulTensorOp)) is None:
            return None
        b, x = section(product.input), section(product.other)
        if b is None or x is None or b.source is not x.source:
            return None
        if (reason := _not_outer_thirds(b, x) or _not_causal(op)) is not None:
            return rewriter.no_match(op, reason)
        if (projected := _swapped(b.source)) is None:
            return rewriter.no_match(op, "tokens and channels are not swapped in front of it")
        if (causal := _without_tail(op)) is None:
            return rewriter.no_match(op, "what follows the last token is not cut off")
        gated, gate = _gate(causal, b)
        if gated is None or gate is None:
            return rewriter.no_match(op, "its result is not scaled by the second third")
        last = single_user(gated.result)
        if not isinstance(last, _Swap) or _swapped(last.result) is None:
            return rewriter.no_match(op, "tokens and channels are not swapped back behind it")
        values = (b.source, product.input, product.other, op.input, op.result, causal, gate)
        if not is_closed(_owners(*values, gated.result), last):
            return rewriter.no_match(op, "what lies between has other users")
        weight = without_round_trip(op.weight)
        return rewriter.replace(last, transformer.GatedConvolutionOp(projected, weight, op.bias))


def _not_outer_thirds(b: Section, x: Section) -> str | None:
    """Why these are not the first and the last third of the channels; `None` if they are."""
    whole = _shaped(b.source)
    if whole.rank != 3 or b.axis != 1 or x.axis != 1:
        return "what is convolved is not a product of channels"
    size, rest = divmod(whole.shape[1], 3)
    thirds = [(0, size), (2 * size, 3 * size)]
    if rest or sorted([(b.start, b.stop), (x.start, x.stop)]) != thirds:
        return "what is convolved is not the product of the first and the last third"
    return None


def _not_causal(op: _Convolution) -> str | None:
    """Why the first tokens of the result are no depthwise convolution of those up to each."""
    channels, weight = _shaped(op.input).shape[1], _shaped(op.weight).shape
    if isinstance(op, aten.ConvolutionOp) and op.get("transposed"):
        return "the convolution is transposed"
    if len(weight) != 3 or weight[:2] != (channels, 1) or op.get("groups") != channels:
        return "the convolution is not depthwise"
    if op.get("stride") != [1]:
        return "the convolution skips tokens"
    if op.get("dilation") != [1]:
        return "the convolution is dilated"
    if op.get("padding") != [weight[2] - 1]:
        return "the convolution is not padded by one token less than its kernel has"
    return None


def _without_tail(op: _Convolution) -> SSAValue | None:
    """The convolution's first results, as many as it has inputs; the padding made them more."""
    tokens = _shaped(op.input).shape[2]
    if _shaped(op.result).shape[2] == tokens:
        return op.result
    user = single_user(op.result)
    if not isinstance(user, aten.SliceTensorOp):
        return None
    return user.result if section(user.result) == Section(op.result, 2, 0, tokens) else None


def _gate(causal: SSAValue, first: Section) -> tuple[aten.MulTensorOp | None, SSAValue | None]:
    """The product of the convolution and the second third, and that third."""
    user = single_user(causal)
    if not isinstance(user, aten.MulTensorOp):
        return None, None
    size = _shaped(causal).shape[1]
    second = Section(first.source, 1, size, 2 * size)
    for value, other in commuted(user.input, user.other):
        if value is causal and section(other) == second:
            return user, other
    return None, None


def _swapped(value: SSAValue) -> SSAValue | None:
    """x, where `value` is x with its last two of three dimensions swapped."""
    op = value.owner
    if isinstance(op, aten.TransposeIntOp):
        dims = {op.get("dim0") % 3, op.get("dim1") % 3}
        swaps = dims == {1, 2}
    elif isinstance(op, aten.PermuteOp):
        swaps = [dim % 3 for dim in op.get("dims")] == [0, 2, 1]
    else:
        return None
    return op.input if swaps and _shaped(value).rank == 3 else None


def _owners(*values: SSAValue) -> list[Operation]:
    return [value.owner for value in values if isinstance(value.owner, Operation)]


def _shaped(value: SSAValue) -> Shaped:
    return shaped(value.type)
