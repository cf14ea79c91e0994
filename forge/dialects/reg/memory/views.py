"""Which kernels give views of an operand, and how these lie in its storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar, cast

from xdsl.ir import Operation

from forge.dialects.reg.host import HostOp
from forge.dialects.reg.memory.layout import Layout, Shape
from forge.dialects.reg.types import RegisterType
from forge.ir.tensors import is_complex, numpy_dtype


@dataclass(frozen=True)
class View:
    """A kernel that gives views.

    Attributes:
        x: the layout of its operand.
        arguments: its static arguments by name.
        op: the instruction.
    """

    x: Layout
    arguments: Mapping[str, Any]
    op: Operation

    def shape(self, index: int = 0) -> Shape:
        """The shape of a result."""
        return cast(RegisterType, self.op.results[index].type).shape

    def dim(self, name: str, default: int = 0) -> int:
        """A dimension of the operand, counted from the front."""
        return self.x.wrap(self.arguments.get(name, default))


Rule = Callable[[View], "Layout | Sequence[Layout] | None"]
RuleT = TypeVar("RuleT", bound=Rule)

VIEWS: dict[str, Rule] = {}
"""From a kernel's name to the layouts of its results; `None` if PyTorch copies to make them."""


def _views(names: str) -> Callable[[RuleT], RuleT]:
    def register(rule: RuleT) -> RuleT:
        VIEWS.update((f"aten.{name}", rule) for name in names.split())
        return rule

    return register


# -- the same elements in the same order -----------------------------------------------------------


@_views("alias detach lift_fresh positive resolve_conj resolve_neg")
@_views("dropout to.device to.dtype to.dtype_layout to.other type_as conj_physical")
def _itself(view: View) -> Layout:
    return view.x


@_views("contiguous")
def _contiguous(view: View) -> Layout | None:
    return view.x if view.x.is_contiguous else None


@_views("_unsafe_view flatten.using_ints reshape squeeze squeeze.dim squeeze.dims")
@_views("unflatten.int unsqueeze view view_as")
def reshaped(view: View) -> Layout | None:
    """The operand in the shape of the result."""
    return view.x.reshaped(view.shape())


@_views("ravel")
def _ravel(view: View) -> Layout | None:
    return reshaped(view) if view.x.is_contiguous else None


@_views("broadcast_to expand expand_as")
def _expanded(view: View) -> Layout:
    return view.x.expanded(view.shape())


# -- other orders ----------------------------------------------------------------------------------


@_views("permute")
def _permute(view: View) -> Layout:
    return view.x.permuted(view.arguments["dims"])


@_views("transpose.int swapdims")
def _transpose(view: View) -> Layout:
    return view.x.swapped(view.arguments["dim0"], view.arguments["dim1"])


@_views("swapaxes")
def _swapaxes(view: View) -> Layout:
    return view.x.swapped(view.arguments["axis0"], view.arguments["axis1"])


@_views("adjoint mT t")
def _matrix_transpose(view: View) -> Layout:
    return view.x.swapped(-1, -2) if len(view.x.shape) > 1 else view.x


@_views("numpy_T")
def _reverse(view: View) -> Layout:
    return view.x.permuted(range(len(view.x.shape))[::-1])


@_views("movedim.int movedim.intlist")
def _movedim(view: View) -> Layout:
    rank = len(view.x.shape)
    source, target = (_dims(view, name) for name in ("source", "destination"))
    moved = dict(zip(target, source, strict=True))
    others = iter([dim for dim in range(rank) if dim not in source])
    return view.x.permuted([moved[dim] if dim in moved else next(others) for dim in range(rank)])


def _dims(view: View, name: str) -> list[int]:
    dims: int | list[int] = view.arguments[name]
    return [view.x.wrap(dim) for dim in ([dims] if isinstance(dims, int) else dims)]


# -- parts -----------------------------------------------------------------------------------------


def _first(start: int | None, extent: int) -> int:
    """Where a slice starts that is written as in Python."""
    start = start or 0
    return min(max(start + extent if start < 0 else start, 0), extent)


@_views("slice.Tensor")
def _slice(view: View) -> Layout:
    dim = view.dim("dim")
    start = _first(view.arguments.get("start"), view.x.shape[dim])
    return view.x.sliced(dim, start, view.shape()[dim], view.arguments.get("step", 1))


@_views("narrow")
def _narrow(view: View) -> Layout:
    dim = view.dim("dim")
    start = _first(view.arguments["start"], view.x.shape[dim])
    return view.x.sliced(dim, start, view.arguments["length"])


@_views("select.int")
def _select(view: View) -> Layout:
    return view.x.selected(view.arguments["dim"], view.arguments["index"])


@_views("unbind.int")
def _unbind(view: View) -> list[Layout]:
    dim = view.dim("dim")
    return [view.x.selected(dim, index) for index in range(len(view.op.results))]


@_views("chunk split.Tensor split.sizes split_with_sizes tensor_split.sections")
def _split(view: View) -> list[Layout]:
    dim = view.dim("dim")
    extents = [view.shape(index)[dim] for index in range(len(view.op.results))]
    starts = accumulate(extents[:-1], initial=0)
    return [view.x.sliced(dim, *part) for part in zip(starts, extents, strict=True)]


@_views("tensor_split.indices")
def _split_at(view: View) -> list[Layout]:
    dim = view.dim("dim")
    starts = [0, *(_first(index, view.x.shape[dim]) for index in view.arguments["indices"])]
    return [view.x.sliced(dim, start, view.shape(index)[dim]) for index, start in enumerate(starts)]


@_views("diagonal")
def _diagonal(view: View) -> Layout:
    offset = view.arguments.get("offset", 0)
    return view.x.diagonal(offset, view.dim("dim1", 0), view.dim("dim2", 1))


@_views("unfold")
def _unfold(view: View) -> Layout:
    arguments = view.arguments
    return view.x.windows(arguments["dimension"], arguments["size"], arguments["step"])


# -- other element types ---------------------------------------------------------------------------


@_views("view_as_real")
def _as_real(view: View) -> Layout:
    x = view.x
    return Layout(x.start, (*x.shape, 1), (*x.strides, 1)).in_smaller_elements(2)


@_views("view_as_complex")
def _as_complex(view: View) -> Layout:
    return view.x.in_larger_elements(2).selected(-1, 0)


@_views("imag real")
def _component(view: View) -> Layout:
    if not is_complex(cast(RegisterType, view.op.operands[0].type).dtype):
        return view.x
    is_imaginary = cast(HostOp, view.op).kernel.data == "aten.imag"
    return _as_real(view).selected(-1, int(is_imaginary))


@_views("view.dtype")
def _other_type(view: View) -> Layout:
    values = (view.op.operands[0], view.op.results[0])
    before, after = (numpy_dtype(cast(RegisterType, v.type).dtype).itemsize for v in values)
    if before == after:
        return view.x
    if before > after:
        return view.x.in_smaller_elements(before // after)
    return view.x.in_larger_elements(after // before)
