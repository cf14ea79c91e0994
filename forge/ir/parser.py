"""xDSL's parser, made safe and complete where Forge's programs need it.

- A string that is never closed is an error at once: xDSL's expression for strings takes time
  exponential in the number of characters up to the end of the line.
- A string with characters beyond ASCII reads back as what was printed; xDSL takes the escapes that
  it prints for them as raw bytes.
- A float in `dense<…>` may be given by its bits, `0x7F800000`: xDSL prints infinities and some
  large numbers so, but reads the bits back as an integer's value.
- A float of a dense array that has no short form reads back from its bits, as it is printed.
- An operation without `loc(…)` gets its place in the file as its location, as in MLIR, so that
  every later message about it says where it stands.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from typing import Any, ClassVar, cast

from xdsl.context import Context
from xdsl.dialects.builtin import AnyFloat, FileLineColLoc, IntAttr, LocationAttr, StringAttr
from xdsl.ir import Operation
from xdsl.parser import Parser
from xdsl.parser.attribute_parser import AttrParser
from xdsl.parser.generic_parser import ParserState
from xdsl.utils.exceptions import ParseError
from xdsl.utils.lexer import Input, Position, Span
from xdsl.utils.mlir_lexer import MLIRLexer, MLIRToken, MLIRTokenKind


class TextLexer(MLIRLexer):
    """xDSL's lexer, with strings in linear time and in all of Unicode."""

    # As xDSL's, but what was matched is never taken back (`++`, `*+`): there is no other way.
    _string: ClassVar = re.compile(r'"(?:[^"\\\n\v\f]++|\\(?:["nt\\]|[0-9A-Fa-f]{2}))*+"')

    def _lex_string_literal(self, start_pos: Position) -> MLIRToken:
        match = self._string.match(self.input.content, start_pos)
        if match is None:
            end = self.input.get_end_of_line(start_pos)
            raise ParseError(
                Span(start_pos, end, self.input),
                "this string is not closed on its line, or has an unknown escape",
            )
        self.pos = match.end()
        kind = MLIRTokenKind.STRING_LIT if _is_text(match[0]) else MLIRTokenKind.BYTES_LIT
        return self._form_token(kind, start_pos)


_ESCAPED_BYTES = re.compile(r"(?:\\[0-9A-Fa-f]{2})+")


def _is_text(literal: str) -> bool:
    """Whether the bytes that a literal escapes are UTF-8."""
    try:
        for run in _ESCAPED_BYTES.findall(literal.replace("\\\\", "-")):
            bytes.fromhex(run.replace("\\", "")).decode()
    except UnicodeDecodeError:
        return False
    return True


# Big-endian, as numbers are written.
_FLOATS_BY_DIGITS = {16: ">d", 8: ">f"}


class TensorElement(Parser._TensorLiteralElement):  # pyright: ignore[reportPrivateUsage]
    """An element of `dense<…>` before its type is known."""

    def to_type(self, parser: AttrParser, type: Any) -> Any:
        if not (isinstance(type, AnyFloat) and self.span.text[:2] in ("0x", "0X")):
            return super().to_type(parser, type)
        bits = cast(int, self.value)
        if bits >> 8 * type.compile_time_size:
            parser.raise_error(f"{self.span.text} has more bits than {type}", self.span)
        return next(iter(type.iter_unpack(bits.to_bytes(type.compile_time_size, "little"))))


class TextParser(Parser):
    """xDSL's parser, which also notes where each operation stands."""

    _TensorLiteralElement = TensorElement

    def __init__(self, context: Context, text: str, name: str, line_offset: int = 0) -> None:
        """Start at the beginning of `text`, after `line_offset` lines of the file called `name`.

        Raises:
            ParseError: the text does not start with a token of MLIR.
        """
        super().__init__(context, "", name)
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._line_offset = line_offset
        self._file = StringAttr(name)
        self._has_location = False
        self._parser_state = ParserState(TextLexer(Input(text, name)))

    def parse_operation(self) -> Operation:
        start = self.pos
        op = super().parse_operation()
        # The last location parsed is the operation's own: it stands after its regions.
        if not self._has_location:
            op.location = self._place(start)
        return op

    def parse_optional_location(self) -> LocationAttr | None:
        location = super().parse_optional_location()
        self._has_location = location is not None
        return location

    def parse_optional_float(self, *, allow_negative: bool = True) -> float | None:
        # Only where a float must stand does this take a number in hexadecimal: in dense arrays.
        token = self._current_token
        if token.kind == MLIRTokenKind.INTEGER_LIT and token.text[:2] == "0x":
            form = _FLOATS_BY_DIGITS.get(len(token.text) - 2)
            if form is not None:
                self._consume_token()
                return struct.unpack(form, bytes.fromhex(token.text[2:]))[0]
        return super().parse_optional_float(allow_negative=allow_negative)

    def _place(self, position: Position) -> FileLineColLoc:
        line = bisect_right(self._lines, position)
        column = position - self._lines[line - 1] + 1
        return FileLineColLoc(self._file, IntAttr(self._line_offset + line), IntAttr(column))
