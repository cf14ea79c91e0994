"""The rotary position embedding: three kernels that read views and write to the result.

For the pairs of elements that are rotated into each other, y₀ = x₀·cos − x₁·sin and y₁ = x₁·cos +
x₀·sin. Nothing is copied for that, as it is where rotate(x) is computed first. With halves that are
rotated into each other, it takes half the time; with neighbours, which lie at every other place,
as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from forge.backends.vm.kernels.kernel import Kernel, bind, entry_of
from forge.backends.vm.kernels.site import Site
from forge.ir.tensors import Shaped
from forge.ir.torch_types import torch_dtype

Tensor = torch.Tensor
_split = entry_of(torch.ops.aten.split_with_sizes.default)


def rotary_embedding(site: Site) -> Kernel:
    """x ⊙ cos + rotate(x) ⊙ sin for the first `rotary_dims`; the rest is passed through."""
    x, cos = site.shaped("x"), site.shaped("cos")
    size = site.static.get("rotary_dims") or x.shape[-1]
    pairs = Pairs(size, site.static["interleaved"])
    known = site.tensor("cos"), site.tensor("sin")
    tables: tuple[object, ...] = (site.value("cos"), site.value("sin"))
    rotate: Callable[..., None] = pairs.rotate_by_tables
    if known[0] is not None and known[1] is not None:
        rotate, tables = pairs.rotate, (pairs.of_table(known[0]), pairs.parts(known[1]))
    if x.dtype != cos.dtype:
        rotate = _in_wider_type(rotate, torch_dtype(cos.dtype))
    if size != x.shape[-1]:
        rotate = _of_the_first(rotate, size, x)
    return bind(rotate, site.value("x"), *tables, outs=("result",))


@dataclass(frozen=True)
class Pairs:
    """How the elements of the last dimension are paired.

    Attributes:
        size: of the last dimension.
        interleaved: whether neighbours are a pair, and not an element of each half.
    """

    size: int
    interleaved: bool

    @property
    def axis(self) -> int:
        """The dimension of size 2 of what `of` gives."""
        return -1 if self.interleaved else -2

    def of(self, x: Tensor) -> Tensor:
        """A view with one dimension more."""
        half = self.size // 2
        return x.view(*x.shape[:-1], *((half, 2) if self.interleaved else (2, half)))

    def of_table(self, table: Tensor) -> Tensor:
        """The same of a table, which may have one element for both of a pair."""
        return self.of(table) if table.shape[-1] == self.size else table.unsqueeze(self.axis)

    def parts(self, table: Tensor) -> tuple[Tensor, Tensor]:
        """What a table has for the first and the second elements."""
        pairs = self.of_table(table)
        return pairs.select(self.axis, 0), pairs.select(self.axis, -1)

    def rotate(self, x: Tensor, cos: Tensor, sin: tuple[Tensor, Tensor], result: Tensor) -> None:
        """Rotate by what `of_table` and `parts` give."""
        sources, targets = self.of(x), self.of(result)
        torch.mul(sources, cos, out=targets)
        first, second = sources.unbind(self.axis)
        y_first, y_second = targets.unbind(self.axis)
        y_first.addcmul_(second, sin[0], value=-1)
        y_second.addcmul_(first, sin[1])

    def rotate_by_tables(self, x: Tensor, cos: Tensor, sin: Tensor, result: Tensor) -> None:
        """Rotate by tables as they are."""
        self.rotate(x, self.of_table(cos), self.parts(sin), result)


def _in_wider_type(rotate: Callable[..., None], dtype: torch.dtype) -> Callable[..., None]:
    """Rotation in the type of the tables, rounded once."""

    def call(x: Tensor, cos: object, sin: object, result: Tensor) -> None:
        wide = torch.empty(x.shape, dtype=dtype)
        rotate(x.to(dtype), cos, sin, wide)
        result.copy_(wide)

    return call


def _of_the_first(rotate: Callable[..., None], size: int, x: Shaped) -> Callable[..., None]:
    """Rotation of the first elements, behind which the others stay as they are."""
    sizes = [size, x.shape[-1] - size]

    def call(x: Tensor, cos: object, sin: object, result: Tensor) -> None:
        rotated, others = _split(x, sizes, -1)
        y, y_others = _split(result, sizes, -1)
        rotate(rotated, cos, sin, y)
        y_others.copy_(others)

    return call
