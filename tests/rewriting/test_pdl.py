"""Patterns of PDL: what they match, what they refuse, and what is wrong with some."""

from pathlib import Path

import pytest

from forge.errors import ForgeError
from forge.ir.text import make_context, parse_module, print_module
from forge.ir.verifier import verify_module
from forge.rewriting import RewriteReport, apply_patterns
from forge.rewriting.pdl import read_patterns

CONTEXT = make_context()


def apply(tmp_path: Path, patterns: str, program: str) -> tuple[str, RewriteReport]:
    file = tmp_path / "patterns.mlir"
    file.write_text(patterns)
    module = parse_module(program, "program.mlir", CONTEXT)
    report = apply_patterns(module, read_patterns(file, CONTEXT))
    verify_module(module)
    return print_module(module), report


def function(body: str, result: str = "%2") -> str:
    return (
        "func.func @main(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
        f"{body}\n  func.return {result} : tensor<2x3xf32>\n}}\n"
    )


T = "(tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>"
U = "(tensor<2x3xf32>) -> tensor<2x3xf32>"
ADD_OF_SAME = """
pdl.pattern @Double : benefit(1) {
  %t = pdl.type
  %x = pdl.operand
  %add = pdl.operation "aten.add.Tensor"(%x, %x : !pdl.value, !pdl.value) -> (%t : !pdl.type)
  pdl.rewrite %add {
    %two = pdl.attribute = 2.0 : f64
    %mul = pdl.operation "aten.mul.Scalar"(%x : !pdl.value) {"other" = %two} -> (%t : !pdl.type)
    pdl.replace %add with %mul
  }
}
"""


def test_a_value_named_twice_must_be_the_same(tmp_path: Path) -> None:
    program = function(f"%1 = aten.add.Tensor %x, %y : {T}\n%2 = aten.add.Tensor %1, %1 : {T}")
    text, report = apply(tmp_path, ADD_OF_SAME, program)
    assert "aten.mul.Scalar %0 {other = 2.0}" in text
    assert report.matched("Double") == 1
    assert ["another value" in refusal.reason for refusal in report.refused] == [True]


def test_a_result_has_its_number(tmp_path: Path) -> None:
    # The second result of the maximum is what was asked for, not its first.
    patterns = """
    pdl.pattern @Second : benefit(1) {
      %t = pdl.type
      %u = pdl.type
      %x = pdl.operand
      %max = pdl.operation "aten.max.dim"(%x : !pdl.value) -> (%t, %u : !pdl.type, !pdl.type)
      %second = pdl.result 1 of %max
      %abs = pdl.operation "aten.abs"(%second : !pdl.value) -> (%u : !pdl.type)
      pdl.rewrite %abs { pdl.replace %abs with (%second : !pdl.value) }
    }
    """
    program = """
    func.func @main(%x: tensor<2x3xf32>) -> (tensor<2xf32>, tensor<2xi64>) {
      %0, %1 = aten.max.dim %x {dim = 1} : (tensor<2x3xf32>) -> (tensor<2xf32>, tensor<2xi64>)
      %2 = aten.abs %0 : (tensor<2xf32>) -> tensor<2xf32>
      %3 = aten.abs %1 : (tensor<2xi64>) -> tensor<2xi64>
      func.return %2, %3 : tensor<2xf32>, tensor<2xi64>
    }
    """
    text, report = apply(tmp_path, patterns, program)
    assert text.count("aten.abs") == report.matched("Second") == 1
    assert "operand #0 is result #0, not #1" in str(report.refused[0])


def test_the_highest_benefit_comes_first(tmp_path: Path) -> None:
    one = """pdl.pattern @{0} : benefit({1}) {{
      %t = pdl.type
      %x = pdl.operand
      %op = pdl.operation "aten.relu"(%x : !pdl.value) -> (%t : !pdl.type)
      pdl.rewrite %op {{
        %new = pdl.operation "aten.{2}"(%x : !pdl.value)
        pdl.replace %op with %new
      }}
    }}"""
    patterns = one.format("Low", 1, "sigmoid") + one.format("High", 5, "tanh")
    text, _ = apply(tmp_path, patterns, function(f"%2 = aten.relu %x : {U}"))
    assert "aten.tanh" in text


def test_defaults_and_types_are_conditions(tmp_path: Path) -> None:
    patterns = """
    pdl.pattern @Exact : benefit(1) {
      %t = pdl.type : tensor<2x3xf32>
      %x = pdl.operand : %t
      %none = pdl.attribute = "none"
      %op = pdl.operation "aten.gelu"(%x : !pdl.value) {"approximate" = %none} -> (%t : !pdl.type)
      pdl.rewrite %op {
        %new = pdl.operation "aten.silu"(%x : !pdl.value)
        pdl.replace %op with %new
      }
    }
    """
    program = function(f'%1 = aten.gelu %x : {U}\n%2 = aten.gelu %1 {{approximate = "tanh"}} : {U}')
    text, report = apply(tmp_path, patterns, program)
    assert (text.count("aten.silu"), text.count("aten.gelu")) == (1, 1)
    assert str(report.refused[0]).endswith('approximate is "tanh", not "none"')
    other = "func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {\n  %0 = aten.gelu %x : "
    other += "(tensor<4xf32>) -> tensor<4xf32>\n  func.return %0 : tensor<4xf32>\n}"
    _, report = apply(tmp_path, patterns, other)
    assert "operand #0 has type tensor<4xf32>, not tensor<2x3xf32>" in str(report.refused[0])


def test_what_a_shape_function_refuses_is_no_match(tmp_path: Path) -> None:
    patterns = """
    pdl.pattern @Wrong : benefit(1) {
      %t = pdl.type
      %x = pdl.operand
      %op = pdl.operation "aten.relu"(%x : !pdl.value) -> (%t : !pdl.type)
      pdl.rewrite %op {
        %first = pdl.operation "aten.tanh"(%x : !pdl.value)
        %value = pdl.result 0 of %first
        %new = pdl.operation "aten.mm"(%value, %x : !pdl.value, !pdl.value)
        pdl.replace %op with %new
      }
    }
    """
    text, report = apply(tmp_path, patterns, function(f"%2 = aten.relu %x : {U}"))
    assert "aten.tanh" not in text
    assert report.matched("Wrong") == 0
    assert len(report.refused) == 1


@pytest.mark.parametrize(
    ("operation", "attribute"),
    [("reg.Tanh", "true"), ("aten.softmax.int", '"first"'), ("aten.sum.dim_IntList", "1.0 : f32")],
)
def test_what_no_shape_function_takes_is_no_match(
    tmp_path: Path, operation: str, attribute: str
) -> None:
    patterns = f"""
    pdl.pattern @Wrong : benefit(1) {{
      %t = pdl.type
      %x = pdl.operand
      %op = pdl.operation "aten.relu"(%x : !pdl.value) -> (%t : !pdl.type)
      pdl.rewrite %op {{
        %dim = pdl.attribute = {attribute}
        %new = pdl.operation "{operation}"(%x : !pdl.value) {{"dim" = %dim}}
        pdl.replace %op with %new
      }}
    }}
    """
    _, report = apply(tmp_path, patterns, function(f"%2 = aten.relu %x : {U}"))
    assert f"{operation} does not take this" in str(report.refused[0])


def test_what_is_erased_may_be_gone_already(tmp_path: Path) -> None:
    patterns = """
    pdl.pattern @Drop : benefit(1) {
      %t = pdl.type
      %x = pdl.operand
      %inner = pdl.operation "aten.neg"(%x : !pdl.value) -> (%t : !pdl.type)
      %y = pdl.result 0 of %inner
      %outer = pdl.operation "aten.neg"(%y : !pdl.value) -> (%t : !pdl.type)
      pdl.rewrite %outer {
        pdl.replace %outer with (%x : !pdl.value)
        pdl.erase %inner
      }
    }
    """
    text, _ = apply(tmp_path, patterns, function(f"%1 = aten.neg %x : {U}\n%2 = aten.neg %1 : {U}"))
    assert "aten.neg" not in text
    # Elsewhere used, it cannot go.
    both = function(
        f"%1 = aten.neg %x : {U}\n%2 = aten.neg %1 : {U}\n%3 = aten.add.Tensor %1, %2 : {T}", "%3"
    )
    with pytest.raises(ForgeError, match=r"aten\.neg is erased, and its results are still used"):
        apply(tmp_path, patterns, both)


RELU = '%x = pdl.operand %op = pdl.operation "aten.relu"(%x : !pdl.value) -> (%t : !pdl.type)'


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("builtin.module {}", "holds no pattern"),
        ("pdl.pattern @P : benefit(1) {", r"patterns.mlir:\d+:\d+: "),
        (
            f"pdl.pattern : benefit(1) {{ %t = pdl.type {RELU.replace('relu', 'relux')} "
            "pdl.rewrite %op { pdl.erase %op } }",
            r"no operation aten.relux(.|\n)*at .*patterns.mlir:1:(.|\n)*did you mean aten.relu",
        ),
        (
            f'pdl.pattern : benefit(1) {{ %t = pdl.type {RELU} pdl.rewrite %op with "f" }}',
            "calls a function(.|\n)*patterns.mlir:1:",
        ),
        (
            f"pdl.pattern : benefit(1) {{ %t = pdl.type {RELU} pdl.rewrite {{ pdl.erase %op }} }}",
            "names no root(.|\n)*patterns.mlir:1:",
        ),
        (
            f"pdl.pattern : benefit(1) {{ %t = pdl.type {RELU} "
            'pdl.apply_native_constraint "f"(%x : !pdl.value) pdl.rewrite %op { pdl.erase %op } }',
            "apply_native_constraint: Forge does not apply this(.|\n)*patterns.mlir:1:",
        ),
        (
            f"pdl.pattern : benefit(1) {{ %t = pdl.type {RELU} %y = pdl.result 0 of %op "
            '%user = pdl.operation "aten.neg"(%y : !pdl.value) -> (%t : !pdl.type) '
            "pdl.rewrite %op { pdl.erase %user } }",
            "the root does not depend on this(.|\n)*patterns.mlir:1:",
        ),
        (
            f"pdl.pattern : benefit(1) {{ %t = pdl.type {RELU} pdl.rewrite %op {{ %u = pdl.type "
            '%new = pdl.operation "aten.relu"(%x : !pdl.value) -> (%u : !pdl.type) '
            "pdl.replace %op with %new } }",
            "nothing says which this is(.|\n)*patterns.mlir:1:",
        ),
        (
            f"pdl.pattern : benefit(1) {{ %t = pdl.type {RELU} pdl.rewrite %op {{ "
            '%new = pdl.operation "aten.sum"(%x : !pdl.value) pdl.replace %op with %new } }',
            "this rewrite is wrong: (.|\n)*is replaced by one of type(.|\n)*patterns.mlir:1:",
        ),
        (
            f"pdl.pattern : benefit(1) {{ %t = pdl.type {RELU} pdl.rewrite %op {{ "
            "pdl.replace %op with %op } }",
            "is replaced by its own result(.|\n)*patterns.mlir:1:",
        ),
    ],
)
def test_wrong_patterns_are_refused_at_their_place(
    tmp_path: Path, pattern: str, message: str
) -> None:
    with pytest.raises(ForgeError, match=message):
        apply(tmp_path, pattern, function(f"%2 = aten.relu %x : {U}"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=r"cannot read .*gone\.pdl: No such file"):
        read_patterns(tmp_path / "gone.pdl", CONTEXT)


def test_an_operation_that_lacks_an_operand_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "in.pdl"
    file.write_text(
        '"pdl.pattern"() <{benefit = 1 : i16, sym_name = "P"}> ({\n'
        '  %x = "pdl.result"() : () -> !pdl.value\n'
        '  %op = "pdl.operation"(%x) <{attributeValueNames = [], opName = "aten.relu", '
        "operandSegmentSizes = array<i32: 1, 0, 0>}> : (!pdl.value) -> !pdl.operation\n"
        '  "pdl.rewrite"(%op) <{operandSegmentSizes = array<i32: 1, 0>}> ({\n'
        '    "pdl.erase"(%op) : (!pdl.operation) -> ()\n'
        "  }) : (!pdl.operation) -> ()\n"
        "}) : () -> ()\n"
    )
    with pytest.raises(
        ForgeError, match=r"pdl.result: Expected 1 operand, but got 0\n.*in.pdl:2:3"
    ):
        read_patterns(file, make_context())
