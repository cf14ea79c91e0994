"""The rotary position embedding, written to the result through views.

For the pairs of elements that are rotated into each other, y₀ = x₀·cos − x₁·sin and y₁ = x₁·cos +
x₀·sin: three kernels, and nothing is copied, as it is where rotate(x) is computed first. If the
elements are those of two halves, that takes half the time.

If they are neighbours, they are one complex number, and the rotation one product with cos + i·sin:
that takes a sixth of the time. It needs tables that are known, and x at even places.
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
        if (numbers := _complex_table(site, pairs, known[0], known[1])) is not None:
            rotate = _as_product(rotate, numbers, pairs)
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


def _complex_table(site: Site, pairs: Pairs, cos: Tensor, sin: Tensor) -> Tensor | None:
    """cos + i·sin for each pair of neighbours; `None` if their elements differ in it."""
    if not pairs.interleaved or cos.dtype not in (torch.float32, torch.float64):
        return None
    (real, real_too), (imaginary, imaginary_too) = pairs.parts(cos), pairs.parts(sin)
    if not torch.equal(real, real_too) or not torch.equal(imaginary, imaginary_too):
        return None
    return site.packed.derived(pairs, lambda: torch.complex(real, imaginary), cos, sin)


def _as_product(rotate: Callable[..., None], numbers: Tensor, pairs: Pairs) -> Callable[..., None]:
    """Rotation by complex numbers, where x and the result can be read as such."""

    def call(x: Tensor, cos: object, sin: object, result: Tensor) -> None:
        if not _has_even_places(x) or not _has_even_places(result):
            rotate(x, cos, sin, result)
            return
        sources, targets = (torch.view_as_complex(pairs.of(tensor)) for tensor in (x, result))
        torch.mul(sources, numbers, out=targets)

    return call


def _has_even_places(x: Tensor) -> bool:
    *strides, last = x.stride()
    return last == 1 and x.storage_offset() % 2 == 0 and all(s % 2 == 0 for s in strides)


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
