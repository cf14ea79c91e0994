"""Programs as text: parse with one clear error, print as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Dialect, Operation
from xdsl.utils.exceptions import ParseError

from forge.ir.parse_errors import PARSER_FAILURES, parse_failure
from forge.ir.parser import TextParser
from forge.ir.printer import TextPrinter
from forge.ir.source_text import SourceText
from forge.ir.verifier import verify_module
from forge.universe import multiverse


def make_context() -> Context:
    """A context that knows the dialects of all installed packages; each loads when first used."""
    context = Context()
    for name, factory in multiverse().all_dialects.items():
        context.register_dialect(name, factory)
    return context


def parse_module(text: str, name: str = "<text>", context: Context | None = None) -> ModuleOp:
    """Parse and verify a module.

    Operations without a location get their place in the text.

    Args:
        text: the program, in pretty or generic syntax.
        name: the file's name, for messages.
        context: the dialects to know; all of `make_context()` by default.

    Raises:
        ForgeError: the text is not a valid program; the message points at the place.
    """
    source = SourceText(text, name)
    module = parse_source(source, context if context is not None else make_context())
    verify_module(module, source)
    return module


def parse_unverified(text: str, name: str, context: Context) -> ModuleOp:
    """Parse a module, and leave its verification to the caller.

    Args:
        text: the program, in pretty or generic syntax.
        name: the file's name, for locations and messages.
        context: the dialects to know.

    Raises:
        ForgeError: the text is no program.
    """
    return parse_source(SourceText(text, name), context)


def parse_source(source: SourceText, context: Context, *, implicit_module: bool = True) -> ModuleOp:
    """Parse a text that learns where its operations stand, and leave its verification out.

    Args:
        source: the program, in pretty or generic syntax.
        context: the dialects to know.
        implicit_module: whether operations outside a module get one around them.

    Raises:
        ForgeError: the text is no program; its cause is what the parser raised, a `ParseError` in
            most cases.
    """
    parser: TextParser | None = None
    try:
        parser = TextParser(context, source)
        return parser.parse_module(implicit_module)
    except (ParseError, *PARSER_FAILURES) as error:
        raise parse_failure(error, parser, context, source) from error


def print_module(
    op: Operation,
    *,
    generic: bool = False,
    debuginfo: bool = False,
    elide_larger: int | None = None,
    dialects: Iterable[Dialect] = (),
) -> str:
    """The text of a module; it parses back to the same program if nothing was left out.

    Args:
        op: the module, or any operation.
        generic: print MLIR's generic form instead of the readable one.
        debuginfo: print locations, too.
        elide_larger: leave constants of more than so many elements out.
        dialects: those whose resources to print behind the program.
    """
    stream = StringIO()
    printer = TextPrinter(stream, generic=generic, debuginfo=debuginfo, elide_larger=elide_larger)
    printer.print_op(op)
    if dialects:
        printer.print_metadata(dialects)
    stream.write("\n")
    return stream.getvalue()
