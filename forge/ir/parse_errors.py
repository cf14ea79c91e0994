"""What is wrong with a text, and where, from what xDSL's parser raises."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from xdsl.context import Context
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError, PyRDLError, VerifyException
from xdsl.utils.lexer import Input, Span

from forge.errors import ForgeError

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
_CLEARER = {"Could not parse entire input!": "an operation is expected here"}
# A line may hold a literal of a megabyte; of such a line we show what is around the place.
_EXCERPT_WIDTH = 100


def parse_failure(
    error: Exception, parser: Parser | None, context: Context, line_offset: int = 0
) -> ForgeError:
    """The error to report: `file:line:column: reason`, the line, and a mark below the place.

    Args:
        error: a `ParseError`, or one of `PARSER_FAILURES`.
        parser: where it stopped; `None` if it did not start.
        context: the dialects that the text could use.
        line_offset: how many lines of the file come before the parser's text.
    """
    if not isinstance(error, ParseError):
        error = ParseError(_position(parser), _reason(error))
    span = error.span
    reason = _CLEARER.get(error.msg, error.msg.strip())
    hint = None
    if (unregistered := _UNREGISTERED.search(reason)) is not None:
        span = _last_occurrence(unregistered[1], span)
        hint = _suggest_operation(unregistered[1], context)
    if span.start >= len(span.input):
        reason += " (the text ends here)"
    return ForgeError(_excerpt(span, reason, line_offset), hint=hint)


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


def _excerpt(span: Span[Any], reason: str, line_offset: int) -> str:
    place = replace(span, line_offset=line_offset).get_location()
    start = span.input.get_start_of_line(span.start)
    line = span.input.content[start : span.input.get_end_of_line(span.start)]
    column = span.start - start
    first = max(0, column - _EXCERPT_WIDTH // 2) if len(line) > _EXCERPT_WIDTH else 0
    shown = line[first : first + _EXCERPT_WIDTH]
    width = max(1, min(span.end - start - first, len(shown)) - (column - first))
    # What a terminal would not print one column wide would move the mark.
    shown = "".join(c if c.isprintable() else " " for c in shown)
    mark = " " * (column - first) + "^" * width
    return f"{place}: {reason}\n    {shown}\n    {mark}"


def _suggest_operation(name: str, context: Context) -> str:
    dialect_name = name.partition(".")[0]
    dialect = context.get_optional_dialect(dialect_name)
    if dialect is None:
        near = get_close_matches(dialect_name, context.registered_dialect_names, n=3)
        did_you_mean = f"did you mean {' or '.join(near)}? " if near else ""
        return (
            f"no dialect is called {dialect_name}; {did_you_mean}"
            "forge-opt --allow-unregistered-dialect reads it all the same"
        )
    near = get_close_matches(name, [op.name for op in dialect.operations], n=3, cutoff=0.7)
    return f"did you mean {' or '.join(near)}?" if near else f"{dialect_name} has no such operation"
