"""ATen's operators as kernels: the operator is found and its static arguments read once.

An operator is called in its `out` form where PyTorch has a kernel for that, so that the result is
written where it belongs. Many `out` forms are generated: they call the functional one and copy.
There is nothing to be gained from them, and PyTorch tags them.
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import torch

from forge.backends.vm.kernels.kernel import Kernel, bind, entry_of
from forge.backends.vm.kernels.site import Site
from forge.interpreters.aten import Operator, find_operator, resolve_call
from forge.ir.shape_functions import find_shape_function


def aten_kernel(site: Site) -> Kernel:
    """The operator that the instruction is named after.

    Raises:
        ForgeError: PyTorch has no such operator.
    """
    operator, positional, keyword = resolve_call(site.kernel, {**site.operands, **site.static})
    # What is written has to have the type that the text says: shape functions verify that.
    is_verified = find_shape_function(site.kernel) is not None
    if is_verified and (out := out_form(site.kernel)) is not None:
        writing, names = out
        return bind(entry_of(writing), *positional, **keyword, outs=names)
    if _copies(site):
        return bind(_COPY, src=site.value("input"), outs=("self",))
    return bind(entry_of(operator), *positional, **keyword)


_COPY = entry_of(torch.ops.aten.copy_.default)
_COPIES = frozenset({"aten._to_copy", "aten.clone"})
_CONVERSIONS = frozenset(
    {"aten.to.device", "aten.to.dtype", "aten.to.dtype_layout", "aten.to.other", "aten.type_as"}
)


def _copies(site: Site) -> bool:
    """Whether every element is copied; conversions may give their operand back."""
    if site.kernel in _CONVERSIONS:
        return site.shaped("input").dtype != site.result.dtype
    return site.kernel in _COPIES


_FUNCTIONAL = frozenset(
    {
        # Of a strided input, it adds the mean to whatever the result holds before.
        "aten._native_batch_norm_legit.no_stats",
        # It refuses tensors without elements, which the operator takes.
        "aten.diff",
    }
)
"""Operators whose `out` form is wrong."""


@cache
def out_form(name: str) -> tuple[Operator, tuple[str, ...]] | None:
    """The overload that writes its results, and what it calls them; `None` if there is no real one.

    Args:
        name: `aten.add.Tensor`, as in `find_operator`.
    """
    if name in _FUNCTIONAL:
        return None
    operator = cast(Any, find_operator(name))
    schema = operator._schema
    wanted = [(item.name, str(item.type)) for item in schema.arguments]
    packet = operator.overloadpacket
    for overload_name in packet.overloads():
        overload = getattr(packet, overload_name)
        if torch.Tag.out not in overload.tags or torch.Tag.generated in overload.tags:
            continue
        arguments = overload._schema.arguments
        taken = [(item.name, str(item.type)) for item in arguments if not item.is_out]
        outs = [item for item in arguments if item.is_out]
        if taken == wanted and all(str(item.type) == "Tensor" for item in outs):
            return overload, tuple(item.name for item in outs)
    return None
