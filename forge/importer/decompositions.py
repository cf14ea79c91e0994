"""PyTorch's own decomposition of one operator, traced on the shapes of one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import torch
from torch import _decomp
from torch._subclasses.fake_tensor import FakeTensorMode
from torch._subclasses.functional_tensor import dispatch_functionalize
from torch.fx import GraphModule, Node
from torch.fx.experimental.proxy_tensor import make_fx

from forge.importer.locations import ORIGIN, refuse
from forge.importer.operators import Operator, call_on, composite_kernel, like
from forge.importer.quiet import quiet
from forge.importer.types import node_value

Decomposition = Callable[..., Any]
Table = Mapping[Operator, Decomposition]


class _NotCoveredError(Exception):
    """The decomposition does not cover these arguments."""


@cache
def decomposition_of(operator: Operator) -> Decomposition | None:
    """The function that computes an operator by simpler ones, if PyTorch has one.

    Core ATen's table comes first, as `run_decompositions` would use it, then the operator's own
    composite kernel, then the table of everything that is known.
    """
    everything = cast(Any, _decomp).decomposition_table
    return (
        _core_table().get(operator)
        or composite_kernel(operator)
        or cast(Table, everything).get(operator)
    )


@cache
def _core_table() -> Table:
    return cast(Table, _decomp.core_aten_decompositions())


def decompose(
    node: Node, operator: Operator, function: Decomposition
) -> tuple[GraphModule, list[Node]] | None:
    """Trace `function`, which computes `operator`, on the arguments of `node`.

    Returns:
        The graph, and the nodes that its placeholders stand for, in order; `None` if the
        decomposition does not cover these arguments.

    Raises:
        ForgeError: the decomposition fails.
    """
    inputs = list(node.all_input_nodes)

    def call(*tensors: torch.Tensor) -> Any:
        result = call_on(node, function, dict(zip(inputs, tensors, strict=True)).__getitem__)
        if result is NotImplemented:
            raise _NotCoveredError
        return result

    # Without oneDNN: what an operator means must not depend on the machine that compiles it.
    with (
        quiet(),
        torch.backends.mkldnn.flags(enabled=False),
        FakeTensorMode(allow_non_fake_inputs=True),
        torch.no_grad(),
    ):
        fakes = [like(node_value(argument)) for argument in inputs]
        try:
            # Some decompositions write into a tensor that they have just made.
            traced = make_fx(dispatch_functionalize(call))(*fakes)
        except _NotCoveredError:
            return None
        except (RuntimeError, TypeError, ValueError) as error:
            refuse(node, f"PyTorch's decomposition of {operator} fails: {error}")
    if any(inner.target is operator for inner in traced.graph.nodes):
        return None
    for inner in traced.graph.nodes:
        inner.meta[ORIGIN] = node.meta.get(ORIGIN, node)
    return traced, inputs
