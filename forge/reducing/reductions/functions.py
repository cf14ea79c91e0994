"""Leave functions out, and whatever else stands beside them in a module."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp
from xdsl.rewriter import Rewriter

from forge.reducing.choices import Choices


def drop_functions(module: ModuleOp, choices: Choices) -> None:
    """Erase operations of the module whose results nothing uses."""
    for op in reversed(list(module.ops)):
        if choices.make() and all(result.first_use is None for result in op.results):
            Rewriter.erase_op(op)
