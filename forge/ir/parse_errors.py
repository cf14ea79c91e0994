"""What is wrong with a text, and where, from what xDSL's parser raises."""

from __future__ import annotations

import re
import struct
from typing import Any

from xdsl.context import Context
from xdsl.ir import Dialect
from xdsl.parser import Parser
from xdsl.utils.exceptions import MultipleSpansParseError, ParseError, PyRDLError, VerifyException
from xdsl.utils.lexer import Input, Span

from forge.diagnostics import Place
from forge.errors import ForgeError, Note
from forge.ir.source_text import SourceText
from forge.suggestions import did_you_mean

# What xDSL's parsers raise, besides `ParseError`, for text that means nothing: a type's verifier,
# a number that its type cannot hold, a literal of the wrong kind, a custom syntax that looks up
# what is not there. Found by mutating texts (tests/tools/test_mutated_text.py).
PARSER_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    PyRDLError,
    RecursionError,
    TypeError,
    ValueError,
    VerifyException,
    struct.error,
)

_UNREGISTERED = re.compile(r"Operation (\S+) is not registered")
_CLEARER = {
    "Could not parse entire input!": "an operation is expected here",
    "in block definition": "an operation, a block or } is expected here",
}


def parse_failure(
    error: Exception, parser: Parser | None, context: Context, source: SourceText
) -> ForgeError:
    """The error to report: the reason, the place, and what else it is about.

    Args:
        error: a `ParseError`, or one of `PARSER_FAILURES`.
        parser: where it stopped; `None` if it did not start.
        context: the dialects that the text could use.
        source: the text.
    """
    if not isinstance(error, ParseError):
        error = ParseError(_position(parser), _reason(error))
    span = error.span
    reason = error.msg.strip()
    reason = _CLEARER.get(reason, reason)
    hint = None
    if (unregistered := _UNREGISTERED.search(reason)) is not None:
        span = _last_occurrence(unregistered[1], span)
        hint = _suggest_operation(unregistered[1], context)
    if span.start >= len(span.input):
        reason += " (the text ends here)"
    return ForgeError(reason, place=_place(span, source), hint=hint, notes=_notes(error, source))


def _notes(error: ParseError, source: SourceText) -> list[Note]:
    if not isinstance(error, MultipleSpansParseError):
        return []
    return [
        Note(message or error.ref_text or "related to this", place=_place(span, source))
        for span, message in error.refs
    ]


def _place(span: Span[Any], source: SourceText) -> Place:
    return source.place(span.start, span.end - span.start)


def _last_occurrence(name: str, span: Span[Any]) -> Span[Any]:
    """xDSL reports an unknown name from behind it."""
    start = span.input.content.rfind(name, 0, span.start)
    return Span(start, start + len(name), span.input) if start >= 0 else span


def _position(parser: Parser | None) -> Span[str]:
    if parser is None:
        return Span(0, 0, Input("", "<text>"))
    return Span(parser.pos, parser.pos, parser.lexer.input)


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, RecursionError):
        return "this is nested too deeply"
    if isinstance(error, VerifyException) and text:
        return text
    return f"this is not valid here ({type(error).__name__}: {text or 'no further reason'})"


def _suggest_operation(name: str, context: Context) -> str:
    dialect_name = name.partition(".")[0]
    dialect = context.get_optional_dialect(dialect_name)
    if dialect is None:
        near = did_you_mean(dialect_name, context.registered_dialect_names, None)
        return (
            f"no dialect is called {dialect_name}; {f'{near} ' if near else ''}"
            "forge-opt --allow-unregistered-dialect reads it all the same"
        )
    return near_operation(name, dialect) or f"{dialect_name} has no such operation"


def near_operation(name: str, dialect: Dialect) -> str | None:
    """A hint with the operations of a dialect whose names are nearest to a wrong one."""
    return did_you_mean(name, [op.name for op in dialect.operations], None, cutoff=0.7)
