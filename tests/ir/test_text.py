"""Reading programs: where operations stand, what is wrong, and strings."""

from time import perf_counter

import pytest
from xdsl.dialects.builtin import StringAttr

from forge.errors import ForgeError
from forge.ir.locations import describe_location
from forge.ir.source_text import SourceText
from forge.ir.text import make_context, parse_module, parse_source, print_module

ADD = "%1 = aten.relu %0 : (tensor<4xf32>) -> tensor<4xf32>"


def program(*lines: str) -> str:
    body = "\n  ".join(lines)
    return f"func.func @main(%0: tensor<4xf32>) {{\n  {body}\n  func.return\n}}\n"


def test_an_operation_stands_where_the_text_has_it() -> None:
    module = parse_module(program("", ADD), "model.mlir")
    relu = next(op for op in module.walk() if op.name == "aten.relu")
    assert describe_location(relu.location) == "model.mlir:3:3"


def test_a_given_location_is_kept_even_if_unknown() -> None:
    text = print_module(
        parse_module(
            program(
                ADD + " loc(unknown)",
                '%2 = aten.relu %1 : (tensor<4xf32>) -> tensor<4xf32> loc("x")',
            )
        ),
        debuginfo=True,
    )
    assert "loc(unknown)" in text and 'loc("x")' in text
    assert print_module(parse_module(text), debuginfo=True) == text


def test_line_offset_counts_the_lines_before_the_text() -> None:
    with pytest.raises(ForgeError, match=r"part\.mlir:12:3: "):
        parse_source(SourceText("func.func @f() {\n  nonsense\n}", "part.mlir", 10), make_context())


def test_a_verifier_names_the_line() -> None:
    wrong = "%1 = aten.relu %0 : (tensor<4xf32>) -> tensor<5xf32>"
    with pytest.raises(ForgeError, match=r"at model\.mlir:2:3"):
        parse_module(program(wrong), "model.mlir")


@pytest.mark.parametrize(
    "text",
    ["é", "日本語", 'quote" and \\ backslash', "tab\tnewline\n", "\x00\x7f", "naïve\\C3"],
)
def test_every_string_reads_back(text: str) -> None:
    module = parse_module(program('%1 = forge.weight "w" : tensor<4xf32>'))
    weight = next(op for op in module.walk() if op.name == "forge.weight")
    weight.properties["weight_name"] = StringAttr(text)
    again = parse_module(print_module(module))
    assert (
        next(op for op in again.walk() if op.name == "forge.weight").properties == weight.properties
    )


def test_a_string_that_is_never_closed_is_refused_at_once() -> None:
    start = perf_counter()
    with pytest.raises(ForgeError, match="not closed"):
        parse_module('"' + "a\\09" * 50_000)
    assert perf_counter() - start < 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"t:1:1: an operation is expected here \(the text ends here\)"),
        ("func.func @main(", r"the text ends here"),
        ("func.func @main() { %0 = aten.liner }", r"did you mean aten\.linear"),
        ("func.func @main() { %0 = atn.linear }", r"no dialect is called atn; did you mean aten"),
        ("[" * 100_000, "an operation is expected here"),
        ('"aten.relu"() {x = ' + "[" * 100_000, "nested too deeply"),
        ("%0 = forge.constant dense<1e400> : tensor<f32>", "t:1:"),
        ("%0 = forge.constant dense<300> : tensor<2xi8>", "t:1:"),
        ("\x00", "t:1:1"),
    ],
)
def test_what_is_wrong_is_said_in_one_message(text: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        parse_module(text, "t")


def test_a_long_line_is_shown_around_the_place() -> None:
    literal = ", ".join(["1"] * 20_000)
    text = f"%0 = forge.constant dense<[{literal}, oops]> : tensor<3xi64>"
    with pytest.raises(ForgeError, match="oops") as caught:
        parse_module(text, "t")
    assert len(str(caught.value)) < 500
