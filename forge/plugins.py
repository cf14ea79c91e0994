"""Passes from a Python file that belongs to no package.

A package brings its passes through the entry point `xdsl.universe`. While a pass is being written,
one file is enough: `forge-opt --load-pass-plugin fuse_mish.py -p fuse-mish`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.universe import multiverse
from forge.user_code import import_file, importing_beside

_CONTRACT = "a plugin defines subclasses of xdsl.passes.ModulePass, each with a name"

# The file that each pass came from.
_loaded: dict[str, Path] = {}


PassFactory = Callable[[], type[ModulePass]]


def load_pass_plugin(path: str | Path) -> dict[str, PassFactory]:
    """Make the passes that a Python file defines known to pipelines; the same file may come again.

    Returns:
        what gives each of its passes, by name, in the order of the file.

    Raises:
        ForgeError: the file cannot be imported, defines no pass, or one whose name is taken.
    """
    file = Path(path).expanduser()
    with importing_beside(file):
        module = import_file(file, "forge_plugin", hint=_CONTRACT)
    passes = [value for value in vars(module).values() if _is_pass_of(value, module.__name__)]
    if not passes:
        raise ForgeError(f"{file} defines no pass", hint=_CONTRACT)
    for pass_class in passes:
        _register(pass_class, file.resolve())
    return {pass_class.name: multiverse().all_passes[pass_class.name] for pass_class in passes}


def _is_pass_of(value: Any, module_name: str) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, ModulePass)
        and value.__module__ == module_name
        # A base of passes has none.
        and isinstance(getattr(value, "name", None), str)
    )


def _register(pass_class: type[ModulePass], file: Path) -> None:
    name, known = pass_class.name, multiverse().all_passes
    if name in known and _loaded.get(name) != file:
        raise ForgeError(
            f"{file.name} defines the pass {name!r}, and there is one of that name already",
            hint="give it another name",
        )
    known[name] = lambda: pass_class
    _loaded[name] = file
