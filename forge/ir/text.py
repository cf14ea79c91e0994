"""Programs as text: parse with one clear error, print as people read it."""

from __future__ import annotations

from io import StringIO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.universe import Universe
from xdsl.utils.exceptions import ParseError, VerifyException

from forge.errors import ForgeError
from forge.ir.verifier import verify_module


def make_context() -> Context:
    """A context that knows the dialects of all installed packages; each loads when first used."""
    context = Context()
    for name, factory in Universe.get_multiverse().all_dialects.items():
        context.register_dialect(name, factory)
    return context


def parse_module(text: str, name: str = "<text>", context: Context | None = None) -> ModuleOp:
    """Parse and verify a module.

    Args:
        text: the program, in pretty or generic syntax.
        name: the file's name, for messages.
        context: the dialects to know; all of `make_context()` by default.

    Raises:
        ForgeError: the text is not a valid program; the message points at the place.
    """
    context = context if context is not None else make_context()
    try:
        module = Parser(context, text, name).parse_module()
    except ParseError as error:
        raise ForgeError(f"cannot parse {name}:\n{error}") from error
    except (VerifyException, RecursionError) as error:
        raise ForgeError(f"cannot parse {name}: {error}") from error
    verify_module(module)
    return module


def print_module(op: Operation, *, generic: bool = False, debuginfo: bool = False) -> str:
    """The text of a module; it parses back to the same program.

    Args:
        op: the module, or any operation.
        generic: print MLIR's generic form instead of the readable one.
        debuginfo: print locations, too.
    """
    stream = StringIO()
    printer = Printer(stream, print_generic_format=generic, print_debuginfo=debuginfo)
    printer.print_op(op)
    stream.write("\n")
    return stream.getvalue()
