"""Passes and targets of xDSL and of other packages, which fail as they like.

Ours raise `ForgeError` for what a user can cause, and anything else is a bug that must show as one.
Others assert that a program is what they expect; then the program is at fault, or they are.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from xdsl.utils.exceptions import DiagnosticException, PyRDLError, UnregisteredConstructException

from forge.errors import ForgeError
from forge.universe import FORGE_UNIVERSE

_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    DiagnosticException,
    ImportError,
    LookupError,
    NotImplementedError,
    PyRDLError,
    TypeError,
    UnregisteredConstructException,
    ValueError,
)
_OURS = FORGE_UNIVERSE.all_passes.keys() | FORGE_UNIVERSE.all_targets.keys() | {"mlir"}


@contextmanager
def reporting_foreign_failures(kind: str, name: str) -> Generator[None]:
    """Report what a pass or target of others raises as an error that names it.

    Raises:
        ForgeError: instead of their exception.
    """
    try:
        yield
    except DiagnosticException as error:
        raise ForgeError(f"the {kind} {name} refuses this program: {error}") from error
    except _FAILURES as error:
        if name in _OURS:
            raise
        reason = str(error).strip().partition("\n")[0][:200]
        raise ForgeError(
            f"the {kind} {name}, which is not Forge's, failed: {type(error).__name__}: {reason}",
            hint="a package that it needs is not installed"
            if isinstance(error, ImportError)
            else "does it know this program's dialects?",
        ) from error
