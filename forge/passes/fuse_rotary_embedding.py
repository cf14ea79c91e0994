"""Recognise rotary position embeddings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import aten, transformer
from forge.ir.shape_functions import infer
from forge.ir.tensors import Shaped, shaped
from forge.rewriting import (
    Pattern,
    Rewriter,
    apply_patterns,
    commuted,
    producer,
    scalar_constant,
    single_user,
    widened,
)
from forge.rewriting.arithmetic import times_scalar
from forge.rewriting.halves import Join, elements, flattened, halves, join
from forge.rewriting.views import section


@dataclass(frozen=True)
class FuseRotaryEmbeddingPass(ModulePass):
    """Replace a rotary embedding in its parts by `transformer.rotary_embedding`.

    Rotated into each other are the halves of the last dimension, or its neighbours: written as
    x·cos + rotate(x)·sin, each half by itself, or as a product of complex numbers. Nothing else
    uses what lies between. Where only the first elements are rotated, the rest, which was put
    behind them, is passed through by the operation. A rotation of 16-bit elements in f32 is
    recognised with its conversions.

        %0 = aten.mul.Tensor %x, %cos : …
        %1 = aten.slice.Tensor %x {dim = 3, start = 0, end = 32} : …
        %2 = aten.slice.Tensor %x {dim = 3, start = 32} : …
        %3 = aten.neg %2 : …
        %4 = aten.cat [%3, %1] {dim = -1} : …
        %5 = aten.mul.Tensor %4, %sin : …
        %6 = aten.add.Tensor %0, %5 : …

    becomes

        %6 = transformer.rotary_embedding %x, %cos, %sin : …
    """

    name = "fuse-rotary-embedding"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        shared = _Shared()
        apply_patterns(
            op,
            [
                FuseRotaryEmbedding(shared),
                FuseRotatedHalves(shared),
                FuseComplexRotation(shared),
                FuseRotaryConversion(),
                FusePartialRotation(),
            ],
        )


@dataclass(frozen=True)
class _Shared:
    """What the rotations of all layers need, each made once, right behind what it is made of."""

    made: dict[Hashable, Sequence[Operation]] = field(
        default_factory=dict[Hashable, Sequence[Operation]]
    )

    def behind(
        self,
        value: SSAValue,
        what: Hashable,
        make: Callable[[], Sequence[Operation]],
        rewriter: Rewriter,
    ) -> Sequence[Operation]:
        """The operations that `make` makes of `value`; in the program, and only once."""
        ops = self.made.get((value, what), ())
        if ops and all(op.parent is not None for op in ops):
            return ops
        ops = self.made[value, what] = make()
        owner = value.owner
        anchor = owner.next_op if isinstance(owner, Operation) else owner.first_op
        assert anchor is not None, "what is rotated is behind its tables"
        for op in ops:
            rewriter.insert(op, before=anchor)
        return ops

    def converted(self, value: SSAValue, dtype: Attribute, rewriter: Rewriter) -> SSAValue:
        """`value` with another element type."""
        if shaped(value.type).dtype == dtype:
            return value
        ops = self.behind(value, dtype, lambda: [aten.ToDtypeOp(value, dtype)], rewriter)
        return ops[0].results[0]


@dataclass(frozen=True)
class _Rotation:
    """The operation that computes a rotation, and the tables that it is by."""

    op: Operation
    cos: SSAValue
    sin: SSAValue
    interleaved: bool

    def replace(
        self, x: SSAValue | Callable[[], Operation], shared: _Shared, rewriter: Rewriter
    ) -> None:
        """Rotate x, or what a new operation makes of it, in the element type of the result."""
        target = shaped(self.op.results[0].type)
        cos, sin = (Shaped(_shape(table), target.dtype) for table in (self.cos, self.sin))
        # Refuses tables that do not fit, before anything is inserted.
        infer("transformer.rotary_embedding", x=target, cos=cos, sin=sin)
        if callable(x):
            x = rewriter.insert(x(), before=self.op).results[0]
        operands = [
            shared.converted(value, target.dtype, rewriter) for value in (x, self.cos, self.sin)
        ]
        rotary = transformer.RotaryEmbeddingOp(*operands, interleaved=self.interleaved)
        return rewriter.replace(self.op, rotary)


_BROADCAST = "the tables broadcast what is rotated"


class FuseRotaryEmbedding(Pattern[aten.CatOp | aten.StackOp]):
    # x ⊙ cos + rotate(x) ⊙ sin  →  rotary_embedding(x, cos, sin)
    # where rotate(x) is −x₂ ‖ x₁ of the halves of x, or −x₁, x₀, −x₃, x₂, … of its neighbours

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared

    def match_and_rewrite(self, op: aten.CatOp | aten.StackOp, rewriter: Rewriter) -> None:
        if len(op.tensors) != 2:
            return None
        joined = join(op)
        first, second = op.tensors if joined is None else (joined.first, joined.second)
        if (upper := _negated(first)) is None:
            return None
        both = halves(second, upper)
        if joined is None or both is None or both.interleaved != joined.interleaved:
            reason = _near_rotation(second, upper, joined)
            return None if reason is None else rewriter.no_match(op, reason)
        if (found := _sum_of_products(joined.result, both.whole)) is None:
            return rewriter.no_match(op, "its use is not x·cos + rotated·sin, or it has others")
        sum, cos, sin = found
        if _shape(sum.result) != _shape(both.whole):
            return rewriter.no_match(op, _BROADCAST)
        rotation = _Rotation(sum, cos, sin, joined.interleaved)
        return rotation.replace(both.whole, self._shared, rewriter)


def _negated(value: SSAValue) -> SSAValue | None:
    """x, where `value` is −x."""
    if (negation := producer(value, aten.NegOp)) is not None:
        return negation.input
    scaled = times_scalar(value)
    return scaled[0] if scaled is not None and scaled[1] == -1.0 else None


def _near_rotation(lower: SSAValue, upper: SSAValue, joined: Join | None) -> str | None:
    """Why −`upper` and `lower` are not what rotates the halves of a tensor, if they are near it."""
    sections = section(lower), section(upper)
    if joined is None:
        if sections[0] is None or sections[1] is None or sections[0].source != sections[1].source:
            return None
        return "the halves are not those of the last dimension"
    parts = elements(lower), elements(upper)
    if parts[0] is None or parts[1] is None:
        return None
    if parts[0].whole != parts[1].whole:
        return "the halves are those of different tensors"
    if halves(lower, upper) is None:
        return "what is swapped are not two halves, the upper one negated and first"
    return "neighbours are put together as halves, or halves as neighbours"


def _sum_of_products(
    rotated: SSAValue, x: SSAValue
) -> tuple[aten.AddTensorOp, SSAValue, SSAValue] | None:
    """The operation that computes x·cos + rotated·sin, and the two tables."""
    user = single_user(rotated)
    if isinstance(user, aten.ToDtypeOp) and widened(user.result) is rotated:
        rotated = user.result
        user = single_user(rotated)
    if not isinstance(user, aten.MulTensorOp):
        return None
    sin = user.other if user.input is rotated else user.input
    sum = single_user(user.result)
    if not isinstance(sum, aten.AddTensorOp) or sum.get("alpha") != 1:
        return None
    first = producer(sum.other if sum.input is user.result else sum.input, aten.MulTensorOp)
    if first is None or not first.result.has_one_use():
        return None
    for factor, cos in commuted(first.input, first.other):
        if _narrow(factor) is _narrow(x):
            return sum, cos, sin
    return None


class FuseRotatedHalves(Pattern[aten.CatOp | aten.StackOp]):
    # x₁ ⊙ cos − x₂ ⊙ sin ‖ x₂ ⊙ cos + x₁ ⊙ sin  →  rotary_embedding(x, cos, sin)
    # DeepSeek puts the neighbours of x together as halves: what it rotates is x₁ ‖ x₂.

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared

    def match_and_rewrite(self, op: aten.CatOp | aten.StackOp, rewriter: Rewriter) -> None:
        if (joined := join(op)) is None:
            return None
        first, second = _Products.of(joined.first), _Products.of(joined.second)
        if first is None or second is None or not first.has_halves:
            return None
        if isinstance(first.op, aten.AddTensorOp) or isinstance(second.op, aten.SubTensorOp):
            return rewriter.no_match(op, "the signs are not those of a rotation")
        if not (first.is_used_once and second.is_used_once):
            return rewriter.no_match(op, "the products or their sums have other users")
        for (x1, x2), *tables in _readings(first, second):
            both = halves(_narrow(x1), _narrow(x2))
            cos, sin = (_table(*table, joined.interleaved) for table in tables)
            if both is None or cos is None or sin is None:
                continue
            if joined.interleaved and not both.interleaved:
                return rewriter.no_match(op, "halves are put together as neighbours")
            if _shape(joined.first) != _shape(x1):
                return rewriter.no_match(op, _BROADCAST)
            same = both.interleaved == joined.interleaved
            x = both.whole if same else partial(aten.CatOp, (x1, x2), dim=-1)
            rotation = _Rotation(joined.op, cos, sin, joined.interleaved)
            return rotation.replace(x, self._shared, rewriter)
        return rewriter.no_match(op, "it is not x₁·cos − x₂·sin ‖ x₂·cos + x₁·sin")


_Pair = tuple[SSAValue, SSAValue]


@dataclass(frozen=True)
class _Products:
    """The sum or difference of two products."""

    op: aten.AddTensorOp | aten.SubTensorOp
    left: aten.MulTensorOp
    right: aten.MulTensorOp

    @staticmethod
    def of(value: SSAValue) -> _Products | None:
        op = value.owner
        if not isinstance(op, aten.AddTensorOp | aten.SubTensorOp) or op.get("alpha") != 1:
            return None
        left, right = producer(op.input, aten.MulTensorOp), producer(op.other, aten.MulTensorOp)
        return None if left is None or right is None else _Products(op, left, right)

    @property
    def has_halves(self) -> bool:
        """Whether a factor on the left and one on the right are halves of something."""
        return any(
            halves(_narrow(x1), _narrow(x2)) or halves(_narrow(x2), _narrow(x1))
            for x1 in self.left.operands
            for x2 in self.right.operands
        )

    @property
    def is_used_once(self) -> bool:
        return all(op.result.has_one_use() for op in (self.op, self.left, self.right))


def _readings(first: _Products, second: _Products) -> Iterator[tuple[_Pair, _Pair, _Pair]]:
    """x₁ and x₂, their cosines, and their sines, so that x₁·c₁ − x₂·s₂ and x₂·c₂ + x₁·s₁."""
    for x1, c1 in commuted(first.left.input, first.left.other):
        for x2, s2 in commuted(first.right.input, first.right.other):
            for left, right in ((second.left, second.right), (second.right, second.left)):
                c2, s1 = _cofactor(left, x2), _cofactor(right, x1)
                if c2 is not None and s1 is not None:
                    yield (x1, x2), (c1, c2), (s2, s1)


def _cofactor(product: aten.MulTensorOp, x: SSAValue) -> SSAValue | None:
    """y, where `product` is x·y."""
    for factor, other in commuted(product.input, product.other):
        if _same(factor, x):
            return other
    return None


def _table(first: SSAValue, second: SSAValue, interleaved: bool) -> SSAValue | None:
    """The table that has these halves; if they are the same, that half of it is enough."""
    if _same(first, second):
        return first
    both = halves(first, second)
    return both.whole if both is not None and both.interleaved == interleaved else None


class FuseComplexRotation(Pattern[aten.ViewAsRealOp]):
    # (x₀ + i·x₁)·(cos + i·sin), … for the neighbours of x  →  rotary_embedding(x, cos, sin)

    def __init__(self, shared: _Shared) -> None:
        self._shared = shared

    def match_and_rewrite(self, op: aten.ViewAsRealOp, rewriter: Rewriter) -> None:
        if (product := producer(op.input, aten.MulTensorOp)) is None:
            return None
        for factor, turns in commuted(product.input, product.other):
            if (pairs := producer(factor, aten.ViewAsComplexOp)) is None:
                continue
            if product.result.type != factor.type:
                return rewriter.no_match(op, _BROADCAST)
            if (flat := flattened(op.result)) is None or not product.result.has_one_use():
                return rewriter.no_match(op, "its pairs are not put in a row, or have other users")
            tables = self._shared.behind(turns, "tables", partial(_tables, turns), rewriter)
            cos, sin = (table.results[0] for table in tables[-2:])
            x = partial(aten.ReshapeOp, pairs.input, shape=_shape(flat.results[0]))
            rotation = _Rotation(flat, cos, sin, interleaved=True)
            return rotation.replace(x, self._shared, rewriter)
        return None


def _tables(turns: SSAValue) -> list[Operation]:
    """Operations that make tables of complex numbers; the last two are the cosines and the sines.

    Of polar coordinates they are made without complex numbers, which no device knows.
    """
    value, views = turns, list[aten.ReshapeOp | aten.UnsqueezeOp]()
    while isinstance(view := value.owner, aten.ReshapeOp | aten.UnsqueezeOp):
        views.append(view)
        value = view.input
    if (polar := producer(value, aten.PolarOp)) is None:
        real = aten.ViewAsRealOp(turns)
        return [real, *(aten.SelectIntOp(real.result, -1, index) for index in (0, 1))]
    ops = [aten.CosOp(polar.angle), aten.SinOp(polar.angle)]
    layers: list[list[Operation]] = [list(ops)]
    if scalar_constant(polar.abs) != 1:
        layers.append([aten.MulTensorOp(polar.abs, op.results[0]) for op in layers[-1]])
    for view in reversed(views):
        layers.append([_again(view, op.results[0]) for op in layers[-1]])
    return [op for layer in layers for op in layer]


def _again(view: aten.ReshapeOp | aten.UnsqueezeOp, x: SSAValue) -> Operation:
    if isinstance(view, aten.UnsqueezeOp):
        return aten.UnsqueezeOp(x, view.get("dim"))
    return aten.ReshapeOp(x, view.get("shape"))


class FuseRotaryConversion(Pattern[transformer.RotaryEmbeddingOp]):
    # f16(rotary_embedding(f32(x), cos, sin))  →  rotary_embedding(x, cos, sin), computed in f32

    def match_and_rewrite(self, op: transformer.RotaryEmbeddingOp, rewriter: Rewriter) -> None:
        back = single_user(op.result)
        if (x := widened(op.x)) is None or not isinstance(back, aten.ToDtypeOp):
            return None
        if back.result.type != x.type:
            return rewriter.no_match(op, f"its result is not converted back to {x.type}")
        return rewriter.replace(back, _rotary_like(op, x, op.get("rotary_dims")))


class FusePartialRotation(Pattern[transformer.RotaryEmbeddingOp]):
    # rotary_embedding(x₁, cos, sin) ‖ x₂  →  rotary_embedding(x₁ ‖ x₂, cos, sin) {rotary_dims}

    def match_and_rewrite(self, op: transformer.RotaryEmbeddingOp, rewriter: Rewriter) -> None:
        cat, front = single_user(op.result), section(op.x)
        if not isinstance(cat, aten.CatOp) or len(cat.tensors) != 2 or front is None:
            return None
        rest = section(cat.tensors[1] if cat.tensors[0] is op.result else cat.tensors[0])
        if rest is None or rest.source is not front.source:
            return None
        last = len(_shape(front.source)) - 1
        if {front.axis, rest.axis, cat.get("dim") % (last + 1)} != {last}:
            return rewriter.no_match(
                op, "what it is put together with is not of the last dimension"
            )
        if cat.tensors[0] is not op.result or front.start != 0:
            return rewriter.no_match(op, "what is rotated is not in front")
        if (rest.start, rest.stop) != (front.stop, _shape(front.source)[-1]):
            return rewriter.no_match(op, "what is put behind it is not the rest of the tensor")
        return rewriter.replace(cat, _rotary_like(op, front.source, front.stop))


def _rotary_like(
    op: transformer.RotaryEmbeddingOp, x: SSAValue, rotary_dims: int | None
) -> transformer.RotaryEmbeddingOp:
    return transformer.RotaryEmbeddingOp(
        x, op.cos, op.sin, interleaved=op.get("interleaved"), rotary_dims=rotary_dims
    )


def _narrow(value: SSAValue) -> SSAValue:
    """`value`, or what it is the f32 of."""
    return widened(value) or value


def _same(first: SSAValue, second: SSAValue) -> bool:
    """Whether two values are one, or the same elements of one."""
    return first is second or ((parts := elements(first)) is not None and parts == elements(second))


def _shape(value: SSAValue) -> tuple[int, ...]:
    return shaped(value.type).shape
