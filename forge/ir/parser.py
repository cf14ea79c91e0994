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
- A location may be named before its alias is defined: MLIR prints aliases at the end of the text.
- A block may be called anything that MLIR's grammar allows: a number, and a name with dashes.
- What is used and never defined is reported where it is used.
- Resources of tools behind the program are read, so that a reproducer can say what to run.
"""

from __future__ import annotations

import re
import struct
from functools import cached_property
from typing import Any, ClassVar, NoReturn, cast

from xdsl.context import Context
from xdsl.dialects.builtin import AnyFloat, ArrayAttr, FusedLoc, LocationAttr, ModuleOp, NoneAttr
from xdsl.ir import Attribute, Block, Operation, TypeAttribute
from xdsl.parser import Parser
from xdsl.parser.attribute_parser import AttrParser
from xdsl.parser.generic_parser import ParserState
from xdsl.utils.exceptions import MultipleSpansParseError, ParseError
from xdsl.utils.lexer import Input, Position, Span, Token
from xdsl.utils.mlir_lexer import (
    KIND_BY_PUNCTUATION_SPELLING,
    MLIRLexer,
    MLIRToken,
    MLIRTokenKind,
)

from forge.ir.source_text import SourceText


class TextLexer(MLIRLexer):
    """xDSL's lexer, with strings in linear time and in all of Unicode, and most tokens at once."""

    # One group a kind of token, in the order of `_KINDS`; other tokens are left to xDSL. A number
    # is decimal and has no fraction, a brace opens no metadata.
    _common: ClassVar = re.compile(
        r"(?:\s++|//[^\n]*+)*+"
        r"(?:([,:()}\[\]<>=])"
        r"|(%(?:[0-9]++|[a-zA-Z$._-][\w$.-]*+))"
        r"|([a-zA-Z_][\w$.]*+)"
        r"|((?!0x)[0-9]++(?!\.))"
        r"|(->)"
        r"|(\{(?!-#)))",
        re.ASCII,
    )

    def lex(self) -> MLIRToken:
        match = self._common.match(self.input.content, self.pos)
        if match is None:
            return super().lex()
        group = cast(int, match.lastindex)
        start, self.pos = match.span(group)
        kind = _KINDS[group] or KIND_BY_PUNCTUATION_SPELLING[match[group]]
        return Token(kind, Span(start, self.pos, self.input))

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


_KINDS = (
    None,
    None,
    MLIRTokenKind.PERCENT_IDENT,
    MLIRTokenKind.BARE_IDENT,
    MLIRTokenKind.INTEGER_LIT,
    MLIRTokenKind.ARROW,
    MLIRTokenKind.L_BRACE,
)
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


# Without aliases, so that the same text is the same type; most types of a program are such.
_TENSOR_TYPE = re.compile(r"tensor<(?:(?:\d++|\?)x)*+[a-zA-Z]\w*+>", re.ASCII)


class TextParser(Parser):
    """xDSL's parser, which also notes where each operation stands."""

    _TensorLiteralElement = TensorElement

    def __init__(self, context: Context, source: SourceText) -> None:
        """Start at the beginning of a text, which learns where operations stand in it.

        Raises:
            ParseError: the text does not start with a token of MLIR.
        """
        super().__init__(context, "", source.name)
        self._source = source
        self._has_location = False
        self._read_ahead: set[str] = set()
        self._tensor_types: dict[str, TypeAttribute] = {}
        self._parser_state = ParserState(TextLexer(Input(source.content, source.name)))

    def parse_operation(self) -> Operation:
        start = self.pos
        op = super().parse_operation()
        # The last location parsed is the operation's own: it stands after its regions.
        if not self._has_location:
            op.location = self._source.location(start)
        self._source.positions[op] = start
        return op

    def parse_module(self, allow_implicit_module: bool = True) -> ModuleOp:
        try:
            return super().parse_module(allow_implicit_module)
        except ParseError:
            # At the end of the text xDSL knows their names, but not where they stand.
            if self._current_token.kind == MLIRTokenKind.EOF and self.forward_ssa_references:
                self._raise_undefined()
            raise

    def _parse_external_resources(self) -> None:
        self.parse_comma_separated_list(self.Delimiter.BRACES, self._parse_external_resource)

    def _parse_external_resource(self) -> None:
        name = self._parse_token(MLIRTokenKind.BARE_IDENT, "expected the name of a resource").text
        self.parse_punctuation(":")
        entries = self.parse_comma_separated_list(self.Delimiter.BRACES, self._parse_entry)
        self._source.resources[name] = dict(entries)

    def _parse_entry(self) -> tuple[str, str | bool]:
        key = self._parse_token(MLIRTokenKind.BARE_IDENT, "expected a key").text
        self.parse_punctuation(":")
        text = self.parse_optional_str_literal()
        return key, self.parse_boolean() if text is None else text

    def _raise_undefined(self) -> NoReturn:
        name, values = next(iter(self.forward_ssa_references.items()))
        (use,) = list(next(iter(values.values())).uses)[:1]
        start = self._source.positions[use.operation]
        match = re.compile(rf"%{re.escape(name)}(?![\w$.-])").search(self._source.content, start)
        assert match is not None, "a value that is used has its name in the text"
        raise ParseError(
            Span(*match.span(), self.lexer.input), f"%{name} is used and never defined"
        )

    def parse_optional_successor(self) -> Block | None:
        token = self._parse_optional_token(MLIRTokenKind.CARET_IDENT)
        if token is None:
            return None
        name = token.text[1:]
        if name not in self.blocks:
            self.forward_block_references[name].append(token.span)
            self.blocks[name] = (_block(name), None)
        return self.blocks[name][0]

    def _parse_block(self) -> Block:
        token = self._parse_token(MLIRTokenKind.CARET_IDENT, "in block definition")
        name = token.text[1:]
        block, defined = self.blocks.get(name, (None, None))
        if defined is not None:
            raise MultipleSpansParseError(
                token.span, f"^{name} is defined twice", None, [(defined, "first defined here")]
            )
        block = block or _block(name)
        self.blocks[name] = (block, token.span)
        self.forward_block_references.pop(name, None)
        self._parse_optional_block_arg_list(block)
        self.parse_punctuation(":")
        self._parse_block_body(block)
        return block

    def _parse_location(self) -> LocationAttr:
        alias = self._current_token.text
        if alias in self._forward_locations and alias not in self.attribute_aliases:
            self._parse_forward_location(alias)
        elif self.parse_optional_keyword("fused"):
            return self._parse_fused_location()
        return super()._parse_location()

    @cached_property
    def _forward_locations(self) -> dict[str, Position]:
        """Where the location stands that an alias will be defined as."""
        definitions = re.finditer(r"^\s*(#[\w$.-]+)\s*=\s*(?=loc\b)", self._source.content, re.M)
        return {definition[1]: definition.end() for definition in definitions}

    def _parse_forward_location(self, alias: str) -> None:
        start = self._current_token.span.start
        # An alias that is defined as itself is not defined.
        self._resume_from(self._forward_locations.pop(alias))
        location = self.parse_optional_location()
        assert location is not None, "a definition starts with loc"
        self.attribute_aliases[alias] = location
        self._read_ahead.add(alias)
        self._resume_from(start)

    def _parse_alias_def(self) -> None:
        if (alias := self._current_token.text) in self._read_ahead:
            self._read_ahead.remove(alias)
            del self.attribute_aliases[alias]
        super()._parse_alias_def()

    def _parse_fused_location(self) -> FusedLoc:
        metadata: Attribute = NoneAttr()
        if self.parse_optional_punctuation("<") is not None:
            metadata = self.parse_attribute()
            self.parse_punctuation(">")
        parts = self.parse_comma_separated_list(self.Delimiter.SQUARE, self._parse_location)
        return FusedLoc(ArrayAttr(parts), metadata)

    def parse_optional_type(self) -> TypeAttribute | None:
        match = _TENSOR_TYPE.match(self._source.content, self.pos)
        if match is None:
            return super().parse_optional_type()
        known = self._tensor_types.get(match[0])
        if known is not None:
            self._resume_from(match.end())
        elif (known := super().parse_optional_type()) is not None:
            self._tensor_types[match[0]] = known
        return known

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


def _block(name: str) -> Block:
    block = Block()
    if Block.is_valid_name(name):
        block.name_hint = name
    # A printer gives out names such as bb0 itself.
    if block.name_hint is not None and Block.is_default_block_name(block.name_hint):
        block.name_hint = None
    return block
