"""From a module to an exported program, or to one clear error."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

from forge.errors import ForgeError
from forge.importer.locations import is_torch, short_path
from forge.importer.quiet import quiet

# What `torch.export` raises by itself, and what a model's own code may raise in it.
_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


def capture(
    module: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None
) -> ExportedProgram:
    """Export a module for the shapes of its example arguments.

    Args:
        module: the model, in evaluation mode. It may have fake tensors as weights.
        args: example positional arguments.
        kwargs: example keyword arguments.

    Raises:
        ForgeError: the module cannot be exported; the message has the line of the model's source.
    """
    try:
        with torch.no_grad(), quiet():
            return torch.export.export(module, tuple(args), dict(kwargs or {}), strict=False)
    except GuardOnDataDependentSymNode as error:
        raise ForgeError(
            f"{type(module).__name__} decides by the values of a tensor{_at(error)}",
            hint="a compiled program has no such decisions; use torch.where, or decide outside",
        ) from error
    except _ERRORS as error:
        raise ForgeError(
            f"torch.export cannot capture {type(module).__name__}: {_reason(error)}{_at(error)}",
            hint=_hint(error),
        ) from error


def _reason(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    name = "" if isinstance(error, RuntimeError) else f"{type(error).__name__}: "
    return name + (lines[0].strip() if lines else "no reason given")


def _hint(error: BaseException) -> str | None:
    if "which is not a known type" in str(error):
        return (
            "return tensors in tuples, lists, dicts or dataclasses (transformers: use_cache=False)"
        )
    return None


def _at(error: BaseException) -> str:
    """The innermost line of the traceback that belongs neither to PyTorch nor to Forge."""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if not is_torch(frame.filename) and frame.filename != __file__:
            return f"\n  at {short_path(frame.filename)}:{frame.lineno}: {frame.line}"
    return ""
