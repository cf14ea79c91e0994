"""A model from the user's own Python file: `path/module.py:factory`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from forge.errors import ForgeError
from forge.user_code import import_file, importing_beside, run_user_code
from forge.zoo.model import ZooModel, number_of_parameters

_CONTRACT = (
    "a factory takes no arguments and returns (module, args), or a module whose attribute "
    "example_args holds them"
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
    with importing_beside(path):
        factory = _find_factory(path, name)
        returned = factory
        if not isinstance(factory, nn.Module):
            returned = run_user_code(path, factory, hint=_CONTRACT)
    module, args = _checked(spec, returned)
    return ZooModel(
        name=name,
        module=module.eval(),
        example_args=args,
        description=f"the module that {name} returns",
        source=spec,
        parameters=number_of_parameters(module),
    )


def _find_factory(path: Path, name: str) -> Any:
    module = import_file(path, "forge_factory", hint=_CONTRACT)
    factory = getattr(module, name, None)
    if callable(factory):
        return factory
    if factory is not None:
        raise ForgeError(f"{name} in {path} is no factory: {factory!r}", hint=_CONTRACT)
    candidates = [key for key, value in vars(module).items() if callable(value)]
    near = get_close_matches(name, candidates, n=3, cutoff=0.5) or sorted(candidates)
    hint = f"it has {', '.join(near)}" if near else _CONTRACT
    raise ForgeError(f"{path} has no factory {name!r}", hint=hint)


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
