"""Diagnostics: where comments expect them, how they are shown, and what stands where."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdsl.dialects.builtin import ArrayAttr, FusedLoc, NoneAttr

from forge.diagnostics import ERROR, Diagnostic, Place
from forge.ir.source_text import SourceText
from forge.ir.text import make_context, parse_source
from forge.tools.opt.diagnostics import expectations
from tests.tools.conftest import Tool
from tests.tools.programs import RELU

LINES = """\
// expected-error {{here}}
x // expected-warning@+2 {{below}}
// expected-note @above {{above}}
// expected-remark @unknown {{nowhere}}
// expected-error@below {{a (b)}}
// expected-error-re @-5 {{a {{b+}} (c)}}
y
// expected-error {{open}
"""


def test_comments_say_what_to_expect_where() -> None:
    found = [
        (expected.severity, expected.text, expected.line)
        for expected in expectations(SourceText(LINES, "t", line_offset=10))
    ]
    assert found == [
        ("error", "here", 11),
        ("warning", "below", 14),
        ("note", "above", 10),
        ("remark", "nowhere", None),
        ("error", "a (b)", 17),
        ("error", "a {{b+}} (c)", 11),
    ]


@pytest.mark.parametrize(
    ("message", "line", "met"),
    [("now a bbb (c)", 1, True), ("now a bbb c", 1, False), ("now a bbb (c)", 2, False)],
)
def test_an_expectation_is_met_by_its_line_and_message(message: str, line: int, met: bool) -> None:
    (expected,) = expectations(SourceText("// expected-error-re {{a {{b+}} (c)}}", "t"))
    assert expected.meets(Diagnostic(ERROR, message, Place("t", line, 1))) == met


def test_a_mark_stands_below_what_it_marks() -> None:
    place = Place("t", 3, 5, "  %0\tx", 3)
    assert str(Diagnostic(ERROR, "why", place, ["hint"])) == (
        "t:3:5: error: why\n  %0 x\n    ^~\n  hint"
    )


def test_of_a_long_line_the_place_is_shown() -> None:
    line, mark = Place("t", 1, 5001, "a" * 5000 + "b" * 5000, 7).excerpt().split("\n")
    assert len(line) == 100
    assert line[mark.index("^") - 1 : mark.index("^") + 1] == "ab"


def test_operations_are_found_by_what_they_were_made_of() -> None:
    text = RELU.replace("-> tensor<2xf32>\n", '-> tensor<2xf32> loc("relu_1"("m.py":7:0))\n')
    source = SourceText(text, "t")
    module = parse_source(source, make_context())
    relu = next(op for op in module.walk() if op.name == "aten.relu")
    assert str(source.place_of(relu)) == "t:3:5"
    made = relu.clone()
    assert str(source.place_of(made)) == "t:3:5"
    made.location = FusedLoc(ArrayAttr([module.location, relu.location]), NoneAttr())
    assert str(source.place_of(made)) == "t:3:5"


def test_every_tool_points_at_the_place(cli: Tool, tmp_path: Path) -> None:
    file = tmp_path / "order.mlir"
    file.write_text(RELU.replace("relu %x", "relu %1").replace("%0 =", "%1 =").replace("%0", "%1"))
    assert cli("run", file).err == (
        f"{file}:3:5: error: aten.relu: operand #0 is used before its definition\n"
        "    %1 = aten.relu %1 : (tensor<2xf32>) -> tensor<2xf32>\n    ^\n"
        f"{file}:3:5: note: defined here, by aten.relu\n"
        "    %1 = aten.relu %1 : (tensor<2xf32>) -> tensor<2xf32>\n    ^\n"
    )


# -- what xDSL's parser does not read, or not report -----------------------------------------


def test_aliases_of_locations_may_stand_at_the_end(opt: Tool) -> None:
    text = RELU.replace("-> tensor<2xf32>\n", "-> tensor<2xf32> loc(#loc1)\n")
    outcome = opt("--print-debuginfo", text=text + '#loc = loc("m.py":7:1)\n#loc1 = loc("a"(#loc))')
    assert 'loc("a"("m.py":7:1))' in outcome.out
    again = opt(text=text + '#loc1 = loc("a")\n#loc1 = loc("b")')
    assert "re-declaration of alias '#loc1'" in again.err
    circle = opt(text=text + "#loc1 = loc(#loc2)\n#loc2 = loc(#loc1)")
    assert "undefined symbol alias" in circle.err and circle.code == 1


def test_fused_locations_keep_their_metadata(opt: Tool) -> None:
    location = 'loc(fused<"pass">["a", "b"("m.py":7:1)])'
    text = RELU.replace("-> tensor<2xf32>\n", f"-> tensor<2xf32> {location}\n")
    assert location in opt("--print-debuginfo", text=text).out


BLOCKS = """
func.func @f() {{
  cf.br ^{name}
^{name}:
  cf.br ^bb5
^bb5:
  func.return
}}
"""


@pytest.mark.parametrize("name", ["0", "7", "a-b", "a.b", "$", "_1", "bb1", "bb0_1", "bb5_2"])
def test_blocks_may_have_any_name(opt: Tool, name: str) -> None:
    outcome = opt(text=BLOCKS.format(name=name))
    assert outcome.code == 0, outcome.err
    assert opt(text=outcome.out).out == outcome.out


WRONG = {
    "two blocks": (
        "cf.br ^a\n^a:\n  func.return\n^a:\n  func.return",
        ["stdin:5:1: error: ^a is defined twice", "stdin:3:1: note: first defined here"],
    ),
    "no block": ("cf.br ^a", ["missing block", "stdin:2:9: note: reference to block"]),
    "arguments": (
        "cf.br ^a(%x : f32)\n^a(%y: i32):\n  func.return",
        ["stdin:2:3: error: cf.br: hands (f32) to a block that takes (i32)"],
    ),
    "condition": (
        "%c = arith.constant true\n  cf.cond_br %c, ^a, ^a(%x : f32)\n^a(%y: f32):\n  func.return",
        ["stdin:3:3: error: cf.cond_br: hands () to a block that takes (f32)"],
    ),
    "undefined": (
        "func.call @f(%xx) : (f32) -> ()\n  func.return",
        ["stdin:2:16: error: %xx is used and never defined\n"],
    ),
    "another function": (
        "func.return\n}\nfunc.func @g(%y: f32) {\n  func.call @f(%x) : (f32) -> ()\n  func.return",
        ["stdin:5:16: error: %x is used and never defined"],
    ),
    "a later function": (
        "func.call @f(%y) : (f32) -> ()\n  func.return\n}\nfunc.func @g(%y: f32) {\n  func.return",
        ["stdin:2:3: error: func.call: operand #0 is defined outside of func.func, which sees "],
    ),
    "call": (
        "func.call @g(%x) : (f32) -> ()\n  func.return",
        ["stdin:2:3: error: func.call: '@g' could not be found in symbol table"],
    ),
    "result": (
        "func.return %x : f32",
        ["stdin:2:3: error: func.return: Expected arguments to have the same types as"],
    ),
    "symbol": (
        "func.return\n}\nfunc.func @f() {\n  func.return",
        ["stdin:4:1: error: func.func: redefinition of symbol @f", "stdin:1:1: note: first"],
    ),
}


@pytest.mark.parametrize(("body", "messages"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_between_operations_is_found(
    opt: Tool, body: str, messages: list[str]
) -> None:
    outcome = opt(text=f"func.func @f(%x: f32) {{\n  {body}\n}}")
    assert outcome.code == 1
    for message in messages:
        assert message in outcome.err
