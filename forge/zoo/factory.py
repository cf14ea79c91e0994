"""A model from the user's own Python file: `path/module.py:factory`."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import Tensor, nn

from forge.errors import ForgeError
from forge.zoo.model import ZooModel, number_of_parameters

_CONTRACT = (
    "a factory takes no arguments and returns (module, args), or a module whose attribute "
    "example_args holds them"
)

# What code can raise by being wrong; leaving and interrupting are not among them.
_MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def call_factory(spec: str) -> ZooModel:
    """Import the file, call the factory, and check what it returns.

    Args:
        spec: `path/module.py:factory`. The factory is a function or an `nn.Module` class without
            arguments; a module may stand in its place. It returns `(module, args)`, or a module
            with an attribute `example_args`; `args` is a tuple of inputs or one tensor.

    Raises:
        ForgeError: no such file or factory, a mistake in it, or it returns something else.
    """
    file, _, name = spec.rpartition(":") if ".py:" in spec else (spec, "", "")
    path = Path(file).expanduser()
    if not path.is_file():
        raise ForgeError(f"there is no file {path}", hint=_CONTRACT)
    if not name:
        raise ForgeError(f"{spec} names no factory", hint=f"write {path}:factory; {_CONTRACT}")
    with _importing_beside(path):
        factory = _find_factory(path, name)
        returned = factory
        if not isinstance(factory, nn.Module):
            returned = _run_user_code(path, factory)
    module, args = _checked(spec, returned)
    return ZooModel(
        name=name,
        module=module.eval(),
        example_args=args,
        description=f"the module that {name} returns",
        source=spec,
        parameters=number_of_parameters(module),
    )


@contextmanager
def _importing_beside(path: Path) -> Generator[None]:
    """Let the file import its neighbours, as it could if it were run."""
    folder = str(path.resolve().parent)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _find_factory(path: Path, name: str) -> Any:
    module = _import_file(path)
    factory = getattr(module, name, None)
    if callable(factory):
        return factory
    if factory is not None:
        raise ForgeError(f"{name} in {path} is no factory: {factory!r}", hint=_CONTRACT)
    candidates = [key for key, value in vars(module).items() if callable(value)]
    near = get_close_matches(name, candidates, n=3, cutoff=0.5) or sorted(candidates)
    hint = f"it has {', '.join(near)}" if near else _CONTRACT
    raise ForgeError(f"{path} has no factory {name!r}", hint=hint)


def _import_file(path: Path) -> ModuleType:
    # A name that no package has, and that dataclasses and pickling find the module by.
    name = f"forge_factory_{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ForgeError(f"{path} cannot be imported as Python")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        _run_user_code(path, spec.loader.exec_module, module)
    except ForgeError:
        del sys.modules[name]
        raise
    return module


def _run_user_code(path: Path, function: Any, *args: Any) -> Any:
    try:
        return function(*args)
    except _MISTAKES as error:
        where = _line_in(path, error)
        raise ForgeError(
            f"{path} failed{where}: {type(error).__name__}: {error}", hint=_CONTRACT
        ) from error


def _line_in(path: Path, error: BaseException) -> str:
    """The last line of the user's file that was running."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path.resolve()]
    return f" at line {lines[-1]}" if lines else ""


def _checked(spec: str, returned: Any) -> tuple[nn.Module, tuple[Any, ...]]:
    match returned:
        case nn.Module():
            return returned, _checked_args(spec, getattr(returned, "example_args", None))
        case (nn.Module() as module, args):
            return module, _checked_args(spec, args)
        case _:
            raise ForgeError(f"{spec} returned a {type(returned).__name__}", hint=_CONTRACT)


def _checked_args(spec: str, args: Any) -> tuple[Any, ...]:
    match args:
        case Tensor():
            return (args,)
        case [_, *_]:
            return tuple(args)
        case _:
            pass
    raise ForgeError(f"{spec} returned a module without example inputs", hint=_CONTRACT)
