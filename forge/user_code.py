"""Python files of the user's: imported, and called, with one message for a mistake in them."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from forge.entry_points import MISTAKES
from forge.errors import ForgeError


@contextmanager
def importing_beside(path: Path) -> Generator[None]:
    """Let the file import its neighbours, as it could if it were run."""
    folder = str(path.resolve().parent)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def import_file(path: Path, prefix: str, *, hint: str) -> ModuleType:
    """Import a Python file.

    Args:
        path: the file.
        prefix: what the module's name starts with, so that no package has it.
        hint: what such a file should hold, for the message.

    Raises:
        ForgeError: there is no such file, it is no Python, or it fails.
    """
    if not path.is_file():
        raise ForgeError(f"there is no file {path}", hint=hint)
    # Dataclasses and pickling find a module by its name.
    name = f"{prefix}_{path.stem}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ForgeError(f"{path} cannot be imported as Python", hint=hint)
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        run_user_code(path, spec.loader.exec_module, module, hint=hint)
    except ForgeError:
        del sys.modules[name]
        raise
    return module


def run_user_code(path: Path, function: Any, *args: Any, hint: str) -> Any:
    """Call what a user's file defines.

    Raises:
        ForgeError: it fails; the message says at which line of the file.
    """
    try:
        return function(*args)
    except MISTAKES as error:
        where = _line_in(path, error)
        raise ForgeError(
            f"{path} failed{where}: {type(error).__name__}: {error}", hint=hint
        ) from error


def _line_in(path: Path, error: BaseException) -> str:
    """The last line of the user's file that was running."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path.resolve()]
    return f" at line {lines[-1]}" if lines else ""
