"""The colours of programs on the site."""

from __future__ import annotations

from typing import ClassVar

import pygments.lexers
from pygments.lexer import RegexLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

# Pygments loads what is named here.
__all__ = ["MlirLexer"]


class MlirLexer(RegexLexer):
    """Enough of MLIR's syntax to tell operations, values, symbols and types apart."""

    name = "MLIR"
    aliases: ClassVar = ["mlir"]
    tokens: ClassVar = {
        "root": [
            (r"//.*$", Comment.Single),
            (r'"(?:[^"\\]|\\.)*"', String),
            (r"%[\w.$#-]+", Name.Variable),
            (r"@[\w.$-]+", Name.Function),
            (r"\^[\w.$-]+", Name.Label),
            (r"[!#][\w.]+", Name.Class),
            (r"(?:tensor|vector|memref|dense|array)(?=<)", Keyword.Type),
            (r"\d+(?=x)|x(?=[\d?f]|bf|i\d|ui)", Number),
            (r"(?:bf16|f\d+|u?i\d+|index|complex)\b", Keyword.Type),
            (r"\b(?:loc|attributes|true|false|none|unit)\b", Keyword.Constant),
            (r"\b[a-z_]\w*(?:\.\w+)+", Name.Builtin),
            (r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", Number),
            (r"->|=|:", Operator),
            (r"[\[\](){}<>,…]", Punctuation),
            (r"\s+|\w+|.", Text),
        ]
    }


def register() -> None:
    """Let Pygments find the lexer under its name."""
    known: dict[str, object] = vars(pygments.lexers)["LEXERS"]
    known["MlirLexer"] = (__name__, MlirLexer.name, tuple(MlirLexer.aliases), (), ())
