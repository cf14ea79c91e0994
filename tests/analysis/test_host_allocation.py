"""The proof of an allocation on kernels of the host: strided views, own memory, what leaves."""

import re

import pytest
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block

from forge.analysis.allocation import check_allocation
from forge.errors import ForgeError
from forge.ir.text import parse_module

REGISTER = re.compile(r"(?<![\w<])(\d+(?:x\d+)+)(?:@(\d+))?(?=[,) \n])")
"""Register types in short: 4x4@64 stands for !reg.reg<4x4xf32, host, offset = 64>."""


def block(lines: str, arguments: str = "%x: 4x4", returns: str = "%y : 4x4") -> Block:
    result = returns.partition(" : ")[2]
    text = f"func.func @main({arguments}) -> ({result}) {{\n{lines}\n func.return {returns}\n}}"
    module = parse_module(REGISTER.sub(_register, text))
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    return function.body.block


def _register(match: re.Match[str]) -> str:
    offset = "" if match[2] is None else f", offset = {match[2]}"
    return f"!reg.reg<{match[1]}xf32, host{offset}>"


def program(**places: str) -> Block:
    """Two halves of one register, one transposed; each offset may be another one."""
    default = {"A": "@0", "B": "@0", "C": "@0", "D": "@0", "E": "@128", "F": "@192"}
    lines = """
        %a = reg.host "aten.exp"(input = %x) : (4x6) -> 4x6A
        %b, %c = reg.host "aten.split.Tensor"(input = %a) {split_size = 3, dim = 1}
            : (4x6A) -> (4x3B, 4x3C)
        %d = reg.host "aten.t"(input = %b) : (4x3B) -> 3x4D
        %e = reg.host "aten.relu"(input = %d) : (3x4D) -> 3x4E
        %f = reg.host "aten.t"(input = %c) : (4x3C) -> 3x4C
        %g = reg.host "aten.mul.Tensor"(input = %e, other = %f) : (3x4E, 3x4C) -> 3x4F
        %y = reg.host "aten.exp"(input = %g) : (3x4F) -> 3x4
    """
    for name, place in (default | places).items():
        lines = re.sub(rf"(?<=\d){name}\b", place, lines)
    return block(lines, "%x: 4x6", "%y : 3x4")


def test_views_of_every_kind_share_bytes() -> None:
    check_allocation(program())
    # The product may take the relu's place, which is dense.
    check_allocation(program(F="@128"))


PLANTED = {
    "a half elsewhere": ({"C": "@48"}, "%c is a view of %a, but lies at 48 instead of 0"),
    "a half nowhere": ({"B": "", "D": ""}, "%b is a view of %a, but lies at None"),
    "a transposition elsewhere": ({"D": "@128"}, "%d is a view of %b, but lies at 128"),
    "over the other half, still read": ({"E": "@64"}, "%e and %a share bytes 64 to 96"),
    "in place of a transposition": ({"E": "@0"}, "%e and %a share bytes 0 to 48"),
    "in place of a strided half": ({"F": "@0"}, "%g and %a share bytes 0 to 48"),
    "half in an operand's place": ({"F": "@144"}, "%g and %e share bytes 144 to 176"),
    "a view of what has no place": ({"A": ""}, "%b is a view of %a, but lies at 0"),
}


@pytest.mark.parametrize(("places", "message"), PLANTED.values(), ids=PLANTED)
def test_planted_errors_are_named(places: dict[str, str], message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        check_allocation(program(**places))


def test_a_reshape_that_copies_has_bytes_of_its_own() -> None:
    lines = """
        %a = reg.host "aten.exp"(input = %x) : (4x4) -> 4x4@0
        %b = reg.host "aten.t"(input = %a) : (4x4@0) -> 4x4@0
        %c = reg.host "aten.reshape"(input = %b) {{shape = [1, 16]}} : (4x4@0) -> 1x16{place}
        %d = reg.host "aten.neg"(input = %a) : (4x4@0) -> 4x4@128
        %e = reg.host "aten.view"(input = %c) {{size = [4, 4]}} : (1x16{place}) -> 4x4{place}
        %y = reg.host "aten.add.Tensor"(input = %d, other = %e) : (4x4@128, 4x4{place}) -> 4x4
    """
    for place in ("@64", ""):
        check_allocation(block(lines.format(place=place)))
    with pytest.raises(ForgeError, match="%c and %a share bytes 0 to 64"):
        check_allocation(block(lines.format(place="@0")))


OWN = """
    %a = reg.host "transformer.linear"(input = %x, weight = %x) : (4x4, 4x4) -> 4x4{own}
    %b = reg.host "aten.t"(input = %a) : (4x4{own}) -> 4x4{view}
    %y = reg.host "aten.exp"(input = %b) : (4x4{view}) -> 4x4
"""


def test_what_a_kernel_allocates_may_be_put_into_the_arena() -> None:
    check_allocation(block(OWN.format(own="", view="")))
    check_allocation(block(OWN.format(own="@0", view="@0")))
    with pytest.raises(ForgeError, match="%b is a view of %a, but lies at 0 instead of None"):
        check_allocation(block(OWN.format(own="", view="@0")))


def test_the_caller_has_nothing_of_the_arena() -> None:
    lines = '%y = reg.host "aten.exp"(input = %x) : (4x4{x}) -> 4x4{y}'
    with pytest.raises(ForgeError, match="%x is an argument, and yet in the arena, at 64"):
        check_allocation(block(lines.format(x="@64", y=""), "%x: 4x4@64"))
    with pytest.raises(ForgeError, match="%y is returned, and yet in the arena, at 0"):
        check_allocation(block(lines.format(x="", y="@0"), returns="%y : 4x4@0"))


def test_what_may_be_an_operand_itself_is_not_returned() -> None:
    lines = """
        %a = reg.host "aten.exp"(input = %x) : (4x4) -> 4x4{a}
        %y = reg.host "my.kernel.default"(x = %a) : (4x4{a}) -> 4x4
    """
    check_allocation(block(lines.format(a="")))
    with pytest.raises(ForgeError, match="%y may be memory of %a, which is in the arena"):
        check_allocation(block(lines.format(a="@0")))
