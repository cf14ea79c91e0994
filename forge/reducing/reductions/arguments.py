"""Give functions fewer arguments."""

from __future__ import annotations

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, BlockArgument

from forge.reducing.choices import Choices
from forge.reducing.interfaces import bodies, remove_arguments


def drop_unused_arguments(module: ModuleOp, choices: Choices) -> None:
    """Remove arguments that nothing uses."""
    for function, _ in list(bodies(module)):
        unused = [arg for arg in function.body.block.args if arg.first_use is None]
        if gone := [argument for argument in unused if choices.make()]:
            remove_arguments(function, gone)


def merge_arguments(module: ModuleOp, choices: Choices) -> None:
    """Take the first argument of a type for another one, which goes."""
    for function, _ in list(bodies(module)):
        first: dict[Attribute, BlockArgument] = {}
        gone: list[BlockArgument] = []
        for argument in function.body.block.args:
            known = first.setdefault(argument.type, argument)
            if known is not argument and choices.make():
                argument.replace_all_uses_with(known)
                gone.append(argument)
        if gone:
            remove_arguments(function, gone)
