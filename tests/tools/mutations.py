"""Texts that are nearly programs."""

import random
import re

_TOKEN = re.compile(
    r'"[^"\n]*"|[%^!#@][\w.$]*|[A-Za-z_][\w.$-]*|-?\d+\.?\d*(?:[eE][-+]?\d+)?|->|\s+|.', re.DOTALL
)

# Pieces that parsers have special code for, and some that nobody expects.
_PIECES = (
    *'(){}[]<>,:=!%#^@"*?-+|/\\',
    *("->", "::", "//", "\n", "<{", "}>", "{-#", "#-}", "\x00", "é", "\u2028", '"\\C3"', '"\\x"'),
    *("0", "-1", "99999999999999999999", "1e400", "nan", "0x", "0xFF800000 : f32", "true", "none"),
    *("i0", "i99999999", "index", "f32", "x", "unit", "loc(", "loc(unknown)", "#loc1", "#a", "!a"),
    *("dense<", "tensor<", "memref<", "array<i64: 1>", 'dense<"0x00">', "complex<", "tuple<"),
    *("%0:3", "%0#1", "^bb0", "^bb0:", "@x", "func.func", "builtin.module", '"func.return"'),
    *("affine_map<(d0)->(d0)>", "strided<[1]>", "sparse", "distinct[0]<>", "attributes", "$"),
    *("!reg.reg<", "#transformer<activation relu>", "forge.weight", "aten.operator", "reg.host"),
)


def mutate(text: str, rng: random.Random) -> str:
    """Cut the text, or change a few of its tokens."""
    if rng.random() < 0.15:
        return text[: rng.randrange(len(text) + 1)]
    tokens = _TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        if tokens:
            _change(tokens, rng.randrange(len(tokens)), rng)
    return "".join(tokens)


def _change(tokens: list[str], place: int, rng: random.Random) -> None:
    match rng.randrange(6):
        case 0:
            del tokens[place]
        case 1:
            tokens.insert(place, rng.choice(_PIECES))
        case 2:
            tokens[place] = rng.choice(_PIECES)
        case 3:
            tokens[place] = rng.choice(tokens)
        case 4:
            other = rng.randrange(len(tokens))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        case _:
            inside = rng.randrange(len(tokens[place]) + 1)
            middle = chr(rng.randrange(1, 300))
            tokens[place] = tokens[place][:inside] + middle + tokens[place][inside:]
