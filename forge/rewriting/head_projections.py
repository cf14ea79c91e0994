"""The linear layers around attention: those that make heads, and the one that reads them.

    x·Wᵀ + b  →  [B, L, H, E]  →  [B, H, L, E]  →  attention  →  [B, L, H·E]  →  y·Wᵀ + b

Norms of heads and rotary embeddings may lie on the way in, before or after heads come before
tokens. What is read here can be built again for some of the heads, from their part of the weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from xdsl.ir import Operation, SSAValue

from forge.dialects import aten, transformer
from forge.ir.locations import UNKNOWN
from forge.ir.tensors import shaped
from forge.rewriting.matching import producer, single_user
from forge.rewriting.pattern import Rewriter
from forge.rewriting.views import section

Insert = Callable[[Any], SSAValue]
"""Puts a new operation into the program, and gives its result."""

HeadStep = transformer.LayerNormOp | transformer.RmsNormOp | transformer.RotaryEmbeddingOp
"""What is done to each head by itself. The result has the type of the first operand."""

SWAPPED = (0, 2, 1, 3)
"""The order of dimensions that swaps heads and tokens."""


@dataclass(frozen=True)
class HeadProjection:
    """A linear layer whose outputs, or some of them, are heads.

    Attributes:
        linear: the layer.
        first: the first of its outputs that belongs to a head.
        heads: how many heads there are.
        size: the size of a head.
        tokens_first: what is done to heads `[B, L, H, E]`, in order.
        heads_first: what is done to heads `[B, H, L, E]` then.
    """

    linear: transformer.LinearOp
    first: int
    heads: int
    size: int
    tokens_first: Sequence[HeadStep]
    heads_first: Sequence[HeadStep]

    @property
    def steps(self) -> Sequence[HeadStep]:
        """What is done to each head, in order."""
        return (*self.tokens_first, *self.heads_first)

    @property
    def is_whole(self) -> bool:
        """Whether the layer computes these heads and nothing else."""
        return shaped(self.linear.result.type).shape[-1] == self.heads * self.size

    def weight(self, start: int, stop: int, insert: Insert) -> SSAValue:
        """The weight of the heads from `start` to before `stop`."""
        dim = 0 if self.linear.get("transpose_weight") else 1
        return self._part(self.linear.weight, dim, start, stop, insert)

    def bias(self, start: int, stop: int, insert: Insert) -> SSAValue | None:
        """The bias of the heads from `start` to before `stop`."""
        bias = self.linear.bias
        return None if bias is None else self._part(bias, 0, start, stop, insert)

    def _part(self, x: SSAValue, dim: int, start: int, stop: int, insert: Insert) -> SSAValue:
        bounds = (self.first + start * self.size, self.first + stop * self.size)
        if bounds == (0, shaped(x.type).shape[dim]):
            return x
        return insert(aten.SliceTensorOp(x, dim, *bounds, location=self.linear.location))

    def project(self, groups: Sequence[tuple[int, int]], insert: Insert) -> SSAValue:
        """Groups of heads, each from its part of the weights: `[B, heads, L, E]`.

        Args:
            groups: the first head of each group, and the one behind its last.
            insert: puts operations into the program.
        """
        return self.of_weights(
            [(self.weight(*group, insert), self.bias(*group, insert)) for group in groups], insert
        )

    def of_weights(
        self, weights: Sequence[tuple[SSAValue, SSAValue | None]], insert: Insert
    ) -> SSAValue:
        """Heads `[B, heads, L, E]` by layers of other weights and biases, of the same layout."""
        groups = [self._heads(weight, bias, insert) for weight, bias in weights]
        x = groups[0] if len(groups) == 1 else insert(aten.CatOp(groups, 1))
        for step in self.heads_first:
            x = insert(applied(step, x))
        return x

    def _heads(self, weight: SSAValue, bias: SSAValue | None, insert: Insert) -> SSAValue:
        linear = transformer.LinearOp(
            self.linear.input,
            weight,
            bias,
            transpose_weight=self.linear.get("transpose_weight"),
            location=self.linear.location,
        )
        linear.emit_as(self.linear.emission)
        y = insert(linear)
        *batch, width = shaped(y.type).shape
        x = insert(aten.ReshapeOp(y, [*batch, width // self.size, self.size]))
        for step in self.tokens_first:
            x = insert(applied(step, x))
        return insert(aten.PermuteOp(x, SWAPPED))


@dataclass(frozen=True)
class HeadReader:
    """The linear layer that reads all heads, side by side.

    Attributes:
        permute: heads `[B, H, L, E]` as `[B, L, H, E]`.
        reshape: those as `[B, L, H·E]`.
        linear: the layer.
    """

    permute: aten.PermuteOp
    reshape: aten.ReshapeOp
    linear: transformer.LinearOp


def applied(step: HeadStep, x: SSAValue, *others: SSAValue) -> Operation:
    """What is done to each head, done to `x`; `others` stand for the last operands."""
    kept = step.operands[1 : len(step.operands) - len(others)]
    return type(step).create(
        operands=[x, *kept, *others],
        result_types=[x.type],
        properties=dict(step.properties),
        location=step.location,
    )


def inserter(rewriter: Rewriter, before: Operation) -> Insert:
    """What puts operations before another one; with its location, if they have none."""

    def insert(op: Any) -> SSAValue:
        if op.location == UNKNOWN:
            op.location = before.location
        return rewriter.insert(op, before=before).results[0]

    return insert


def head_projection(value: SSAValue, *, readers: int = 1) -> HeadProjection | str:
    """The layer that makes the heads `value`, `[B, H, L, E]`; or why there is none.

    Until the heads are those of several values, nothing else uses them.

    Args:
        value: the heads.
        readers: how many uses they have themselves.
    """
    shape = shaped(value.type).shape
    if len(shape) != 4:
        return "the heads are not four-dimensional"
    _, heads, _, size = shape
    axis, first, shared = 1, 0, False
    uses = readers
    steps: dict[int, list[HeadStep]] = {1: [], 2: []}
    while not _divides(value, axis, size):
        if not shared and len(list(value.uses)) != uses:
            return "the heads have other users"
        op, uses = value.owner, 1
        if isinstance(op, HeadStep) and _is_by_head(op, axis, size):
            steps[axis].insert(0, op)
            value = op.operands[0]
        elif (part := section(value)) is not None and part.axis == axis:
            first, shared, value = first + part.start * size, True, part.source
        elif axis == 1 and isinstance(op, aten.PermuteOp) and swaps_heads(op):
            axis, value = 2, op.input
        else:
            return "the heads are not those of a linear layer"
    if not shared and not value.has_one_use():
        return "the heads have other users"
    value = cast("aten.ReshapeOp", value.owner).input
    if (part := section(value)) is not None and part.axis == 2:
        first, value = first + part.start, part.source
    linear = producer(value, transformer.LinearOp)
    if linear is None:
        return "the heads are not those of a linear layer"
    if linear.residual is not None or linear.activation.data is not transformer.Activation.NONE:
        return "the layer of the heads does more than a product"
    return HeadProjection(linear, first, heads, size, steps[2], steps[1])


def head_reader(value: SSAValue) -> HeadReader | str:
    """The layer that reads the heads `value`, `[B, H, L, E]`, and nothing else; or why not."""
    permute = single_user(value)
    if not isinstance(permute, aten.PermuteOp) or not swaps_heads(permute):
        return "the heads are not brought behind tokens at once"
    reshape = single_user(permute.result)
    if not isinstance(reshape, aten.ReshapeOp) or not _joins_heads(reshape):
        return "the heads are not put side by side"
    linear = single_user(reshape.result)
    if not isinstance(linear, transformer.LinearOp) or linear.input is not reshape.result:
        return "the heads are not read by a linear layer alone"
    if linear.activation.data is not transformer.Activation.NONE:
        return "the layer that reads the heads has an activation"
    return HeadReader(permute, reshape, linear)


def heads_of_tokens(value: SSAValue) -> tuple[list[HeadStep], list[SSAValue]] | str:
    """What the heads `value`, `[B, H, L, E]`, were as `[B, L, H, E]`, and what was done since.

    Groups of heads may have been put together. Nothing else uses what lies between. A string says
    why there is no such thing.
    """
    steps: list[HeadStep] = []
    size = shaped(value.type).shape[-1]
    while value.has_one_use() and isinstance(op := value.owner, HeadStep):
        if not _is_by_head(op, 1, size):
            return "each head is rotated in its own way"
        steps.insert(0, op)
        value = op.operands[0]
    sources: list[SSAValue] = []
    for part in stacked(value):
        if not part.has_one_use():
            return "the heads have other users"
        permute = producer(part, aten.PermuteOp)
        if permute is None or not swaps_heads(permute):
            return "the heads were not brought before tokens"
        sources.append(permute.input)
    return steps, sources


def stacked(value: SSAValue) -> Sequence[SSAValue]:
    """The groups of heads that `value`, `[B, H, L, E]`, was put together from; or itself."""
    stack = producer(value, aten.CatOp)
    is_stack = stack is not None and stack.get("dim") == 1 and value.has_one_use()
    return stack.tensors if stack is not None and is_stack else [value]


def swaps_heads(permute: aten.PermuteOp) -> bool:
    """Whether heads and tokens change places."""
    return tuple(permute.get("dims")) == SWAPPED


def _divides(value: SSAValue, axis: int, size: int) -> bool:
    """Whether `value` is `[B, L, H·E]` as `[B, L, H, E]`."""
    op = value.owner
    if axis != 2 or not isinstance(op, aten.ReshapeOp):
        return False
    before, after = (shaped(x.type).shape for x in (op.input, op.result))
    return len(before) == 3 and before[:2] == after[:2] and after[3:] == (size,)


def _joins_heads(op: aten.ReshapeOp) -> bool:
    before, after = (shaped(x.type).shape for x in (op.input, op.result))
    return len(after) == 3 and before[:2] == after[:2]


def _is_by_head(step: HeadStep, axis: int, size: int) -> bool:
    """Whether each head is treated alike, where they are at `axis` of four."""
    if not isinstance(step, transformer.RotaryEmbeddingOp):
        return tuple(step.get("normalized_shape")) == (size,)
    table = shaped(step.cos.type)
    return table.rank <= 4 - axis - 1 or table.shape[axis - 4] == 1
