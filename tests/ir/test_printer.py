"""What Forge's printer does beside xDSL's."""

import pytest

from forge.ir.text import parse_module, print_module

PATTERN = [(index * index) % 7 < 3 for index in range(240)]
NESTED = [[PATTERN[row * 120 + column * 10 :][:10] for column in range(12)] for row in range(2)]


def booleans(shape: str, values: object) -> str:
    text = str(values).replace("True", "true").replace("False", "false")
    constant = f"%0 = forge.constant dense<{text}> : tensor<{shape}xi1>"
    return f"func.func @f() {{\n  {constant}\n  func.return\n}}\n"


def test_many_booleans_are_spelled_in_generic_form_for_mlir_has_another_hexadecimal() -> None:
    module = parse_module(booleans("2x12x10", NESTED))
    generic = print_module(module, generic=True)
    assert str(NESTED).lower() in generic
    assert '"0x' in print_module(module)
    for text in (generic, print_module(module)):
        assert module.is_structurally_equivalent(parse_module(text))


@pytest.mark.parametrize(
    ("shape", "values"), [("2x12x10", True), ("3", [True, False, True]), ("0", [])]
)
def test_few_booleans_are_printed_as_before(shape: str, values: object) -> None:
    module = parse_module(booleans(shape, values))
    generic = print_module(module, generic=True)
    assert "0x" not in generic.replace(f"<{shape}xi1>", "")
    assert module.is_structurally_equivalent(parse_module(generic))
