"""Which bytes instructions share: views of an operand, and results in its place.

An allocated register has a storage: bytes of the arena from its offset on. What an instruction
makes is *dense* in it: element by element, row by row, from the first byte, in the register's own
element type. A view has the storage of its operand, all of it, and so the same offset: where in it
the elements of a view are follows from the instructions that made it (`Layout`), beginning with a
dense register. A register without an offset is elsewhere: in memory of its own, whose layout
nobody knows, and so are its views.

Kernels that PyTorch's libraries give no place to write to bring their own memory. It is freed with
the last register that needs it, so such registers need no offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from xdsl.ir import Operation, SSAValue

from forge.dialects.reg import ops
from forge.dialects.reg.host import HostOp
from forge.dialects.reg.memory.in_place import overwritable
from forge.dialects.reg.memory.layout import Layout
from forge.dialects.reg.memory.views import VIEWS, View, reshaped
from forge.dialects.reg.types import RegisterType
from forge.ir.tensors import is_complex

__all__ = [
    "Layout",
    "brings_own_memory",
    "may_share",
    "overwritable",
    "view_layouts",
    "viewed",
]

# OpenVINO's registers are always dense: another shape is all that a view has.
_RESHAPES = frozenset({ops.IdentityOp, ops.ReshapeOp, ops.SqueezeOp, ops.UnsqueezeOp})

_CONVERSIONS = frozenset(
    {"aten.to.device", "aten.to.dtype", "aten.to.dtype_layout", "aten.to.other", "aten.type_as"}
)

# They may give an operand itself, or views of several; it depends on more than their arguments.
_SHARING = frozenset(
    {"aten.broadcast_tensors", "aten.einsum", "aten.meshgrid", "aten.meshgrid.indexing"}
)

_WITH_OWN_MEMORY = frozenset(
    {
        "aten._scaled_dot_product_flash_attention_for_cpu",
        "aten.addmm",
        "aten.conv1d",
        "aten.conv1d.padding",
        "aten.conv2d",
        "aten.conv2d.padding",
        "aten.conv3d",
        "aten.conv3d.padding",
        "aten.conv_transpose1d",
        "aten.conv_transpose2d.input",
        "aten.conv_transpose3d.input",
        "aten.convolution",
        "aten.linear",
        "aten.matmul",
        "aten.mm",
        "aten.scaled_dot_product_attention",
        "transformer.attention",
        "transformer.gated_convolution",
        "transformer.gated_mlp",
        "transformer.linear",
        "transformer.mlp",
    }
)


def viewed(op: Operation) -> SSAValue | None:
    """The operand that all results of `op` are views of; `None` if it makes new memory.

    Whether a reshape of a view is a view, too, depends on where that has its elements: see
    `view_layouts`.
    """
    if type(op) in _RESHAPES:
        return op.operands[0]
    if not isinstance(op, HostOp) or op.kernel.data not in VIEWS or not _is_view(op):
        return None
    return _first_operand(op)


def view_layouts(op: Operation, layout: Layout) -> Sequence[Layout] | None:
    """How the results of a view lie in the storage of its operand.

    Args:
        op: an instruction with a `viewed` operand.
        layout: that operand's.

    Returns:
        one for each result; `None` if the elements have to be copied, because no strides lead from
        one to the next.
    """
    if isinstance(op, HostOp):
        found = VIEWS[op.kernel.data](View(layout, op.static_arguments(), op))
    else:
        found = reshaped(View(layout, {}, op))
    return [found] if isinstance(found, Layout) else found


def may_share(op: Operation) -> bool:
    """Whether results of `op` may or may not be memory of its operands: nobody knows.

    So it is for operators of other libraries, and for a few of PyTorch's.
    """
    if not isinstance(op, HostOp):
        return False
    kernel = op.kernel.data
    if kernel in _CONVERSIONS or kernel == "aten.contiguous":
        return _asks_for_a_format(op)
    return kernel in _SHARING or not kernel.startswith(("aten.", "transformer."))


def brings_own_memory(op: Operation) -> bool:
    """Whether the results of `op` are memory that its kernel allocates at every run."""
    return isinstance(op, HostOp) and op.kernel.data in _WITH_OWN_MEMORY


def _is_view(op: HostOp) -> bool:
    """Whether a kernel gives a view, as its arguments are."""
    kernel = op.kernel.data
    if kernel in _CONVERSIONS:
        return not _asks_for_a_format(op) and not _argument(op, "copy") and _keeps_type(op)
    if kernel == "aten.contiguous":
        return not _asks_for_a_format(op)
    if kernel == "aten.dropout":
        return not _argument(op, "train") or not _argument(op, "p")
    if kernel == "aten.conj_physical":
        return not is_complex(cast(RegisterType, op.results[0].type).dtype)
    return True


def _keeps_type(op: HostOp) -> bool:
    before, after = (cast(RegisterType, v.type).dtype for v in (_first_operand(op), op.results[0]))
    return before == after


def _asks_for_a_format(op: HostOp) -> bool:
    """Whether the order of the result's elements in memory is asked for, and not row by row."""
    usual = {"aten.contiguous": "contiguous_format"}.get(op.kernel.data, "preserve_format")
    return (_argument(op, "memory_format") or usual) != usual


def _argument(op: HostOp, name: str) -> object:
    return op.static_arguments().get(name)


def _first_operand(op: HostOp) -> SSAValue:
    operand = op.operands_by_name()["input"]
    assert isinstance(operand, SSAValue)
    return operand
