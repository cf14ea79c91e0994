"""The `aten` dialect as text: every operator prints and parses back, and mistakes are named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.test import TestOp as AnyOp
from xdsl.ir import Operation, SSAValue

from forge.dialects import aten
from forge.dialects.aten import Argument, AtenOp
from forge.errors import ForgeError
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import ELEMENT_TYPES, bf16, f32, tensor_type
from forge.ir.text import make_context, parse_module, parse_unverified, print_module

OPERATIONS = aten.ops.OPERATIONS
X = tensor_type((2, 3), f32)

FLOATS = st.floats(allow_nan=False)
INTS = st.integers(-(2**63), 2**63 - 1)
# Values of each kind of static argument, among them those that are hard to print.
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "int": INTS,
    "ints": st.lists(INTS, max_size=3),
    "float": FLOATS,
    "floats": st.lists(FLOATS, max_size=3),
    "bool": st.booleans(),
    "bools": st.lists(st.booleans(), max_size=3),
    "scalar": INTS | FLOATS | st.booleans(),
    "str": st.text(st.characters(codec="utf-8"), max_size=6),
    "dtype": st.sampled_from(list(ELEMENT_TYPES.values())),
    "memory_format": st.sampled_from(["channels_last", "contiguous_format"]),
}
NAMES = st.from_regex(r"[a-z_][a-z_0-9]{0,5}", fullmatch=True)
# One value of each kind that is no operator's default.
SAMPLES: Mapping[str, Any] = {
    "int": 5,
    "ints": [4, -2],
    "float": 0.3,
    "floats": [2.5, -1.0],
    "bool": True,
    "bools": [True, False],
    "scalar": 2.5,
    "str": 'a "b"',
    "dtype": bf16,
    "memory_format": "channels_last",
}


def value() -> SSAValue:
    """A tensor that comes from nowhere."""
    return AnyOp(result_types=[X]).results[0]


def build(op_class: type[AtenOp], given: Mapping[str, Any], parts: int = 2) -> AtenOp:
    """The operation with any arguments: its result types are given, so they need not fit."""
    schema = op_class.schema()
    results = parts if schema.variadic_result else len(schema.results)
    return op_class(**given, result_types=[X] * results)


def sample(argument: Argument) -> Any:
    """One value for an argument."""
    if argument.kind == "tensor":
        return value()
    if argument.kind == "tensors":
        return [value(), None, value()] if argument.nullable_elements else [value(), value()]
    return SAMPLES[argument.kind]


def full(op_class: type[AtenOp]) -> AtenOp:
    """The operation with every argument given."""
    arguments = [argument for argument in op_class.arguments() if argument.kind != "dropped"]
    return build(op_class, {argument.name: sample(argument) for argument in arguments})


def bare(op_class: type[AtenOp]) -> AtenOp:
    """The operation with what is required."""
    required = (a for a in op_class.arguments() if a.kind != "dropped" and a.default is None)
    given = {a.name: None if a.nullable else sample(a) for a in required}
    return build(op_class, given, parts=0)


@st.composite
def operations(draw: st.DrawFn) -> AtenOp:
    """Any operator with any arguments."""
    op_class = draw(st.sampled_from(OPERATIONS))
    given: dict[str, Any] = {}
    for argument in op_class.arguments():
        if argument.kind == "dropped" or (argument.default is not None and draw(st.booleans())):
            continue
        absent = argument.nullable and argument.default is None and draw(st.booleans())
        given[argument.name] = None if absent else draw(values_of(argument))
    return build(op_class, given, parts=draw(st.integers(0, 3)))


def values_of(argument: Argument) -> st.SearchStrategy[Any]:
    """Any value for an argument."""
    if argument.kind == "tensor":
        return st.builds(value)
    if argument.kind == "tensors":
        presence = st.booleans() if argument.nullable_elements else st.just(True)
        lists = st.lists(presence, min_size=argument.nullable_elements, max_size=3)
        return lists.map(lambda mask: [value() if here else None for here in mask])
    return VALUES[argument.kind]


def check_text(ops: Sequence[Operation], *, generic: bool) -> None:
    """Print, parse, print: the text is the same, and so are the properties."""
    owners = [operand.owner for op in ops for operand in op.operands]
    made = [owner for owner in dict.fromkeys(owners) if isinstance(owner, Operation)]
    module = ModuleOp([*made, *ops])
    text = print_module(module, generic=generic)
    parsed = parse_unverified(text, "t.mlir", make_context())
    assert print_module(parsed, generic=generic) == text
    read = [op for op in parsed.body.block.ops if op.name.startswith("aten.")]
    assert [op.properties for op in read] == [op.properties for op in ops]


@pytest.mark.parametrize("make", [full, bare])
@pytest.mark.parametrize("generic", [False, True])
def test_text_of_every_operator_reads_back(make: Any, generic: bool) -> None:
    check_text([make(op_class) for op_class in OPERATIONS], generic=generic)


@given(operations(), st.booleans())
def test_text_of_any_arguments_reads_back(op: AtenOp, generic: bool) -> None:
    check_text([op], generic=generic)


# -- the form ------------------------------------------------------------------------------


def program(line: str) -> str:
    """A program around one line, with operands of several types."""
    return f"""
func.func @main(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>, %i: tensor<2xi64>) {{
  {line}
  func.return
}}
"""


@pytest.mark.parametrize(
    "line",
    [
        "%0 = aten.relu %x : (tensor<2x3xf32>) -> tensor<2x3xf32>",
        "%0 = aten.linear %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>",
        "%0 = aten.softmax.int %x {dim = -1} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
        "%0, %1 = aten.sort %x {descending = true} : (tensor<2x3xf32>) -> "
        "(tensor<2x3xf32>, tensor<2x3xi64>)",
        "%0, %1 = aten.unbind.int %x : (tensor<2x3xf32>) -> (tensor<3xf32>, tensor<3xf32>)",
        "%0 = aten.cat [%x, %w] : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<6x3xf32>",
        "%0 = aten.index.Tensor %x, [none, %i] : (tensor<2x3xf32>, tensor<2xi64>) -> "
        "tensor<2x2xf32>",
        "%0 = aten.clamp.Tensor %x, max = %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> "
        "tensor<2x3xf32>",
        "%0 = aten.full {size = [2], fill_value = 0.5} : () -> tensor<2xf32>",
        "%0 = aten.to.dtype %x {dtype = bf16} : (tensor<2x3xf32>) -> tensor<2x3xbf16>",
    ],
)
def test_the_text_of_an_operation(line: str) -> None:
    assert line in print_module(parse_module(program(line)))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "%0 = aten.relu %x : (tensor<2x3xf32>) -> tensor<2x3xf16>",
            r"aten\.relu: result #0 has type tensor<2x3xf16>, expected tensor<2x3xf32>",
        ),
        (
            "%0 = aten.softmax.int %x {dim = 2} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
            "dimension 2 is out of range for rank 2",
        ),
        ("%0 = aten.add.Tensor %x : (tensor<2x3xf32>) -> tensor<2x3xf32>", "an operand other"),
        (
            "%0 = aten.relu %x, %x : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>",
            "has no such operand; it takes input",
        ),
        (
            "%0 = aten.relu %x {inplace = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
            "inplace is not a property",
        ),
        ("%0 = aten.softmax.int %x : (tensor<2x3xf32>) -> tensor<2x3xf32>", "property 'dim'"),
        (
            "%0 = aten.softmax.int %x {dim = 1.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
            r"dim must be an integer \(i64\), got 1",
        ),
        (
            "%0 = aten.softmax.int %x {dim = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
            r"dim must be an integer \(i64\), got true",
        ),
        (
            "%0 = aten.to.dtype %x {dtype = tensor<1xf32>} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
            "dtype must be an element type, got tensor<1xf32>",
        ),
        ("%0 = aten.unbind.int %x : (tensor<2x3xf32>) -> tensor<3xf32>", "expected 2 results"),
        (
            "%0 = aten.dropout %x {p = 0.1, train = true} : (tensor<2x3xf32>) -> tensor<2x3xf32>",
            "train",
        ),
        (
            '%0 = "aten.index.Tensor"(%x, %i) <{indices_present = array<i1: true, true>}> : '
            "(tensor<2x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>",
            "indices_present says that 2 elements are present, but indices has 1",
        ),
        ("%0 = aten.frobnicate %x : (tensor<2x3xf32>) -> tensor<2x3xf32>", "aten.frobnicate"),
    ],
)
def test_a_mistake_is_named(line: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        parse_module(program(line))


def test_a_constructor_infers_or_refuses() -> None:
    x = value()
    assert aten.UnsqueezeOp(x, -1).result.type == tensor_type((2, 3, 1), f32)
    with pytest.raises(ShapeError, match="6 elements do not fit shape"):
        aten.ViewOp(x, [4])


# -- aten.operator -------------------------------------------------------------------------


def test_an_unknown_operator_keeps_all_its_arguments() -> None:
    x, y = value(), value()
    static = {"k": 3, "eps": 1e-5, "dims": [0, -1], "empty": [], "mode": "a", "none": None}
    op = aten.OperatorOp(
        "ns.op.default", {"x": x, "ys": [y, None, x], "no": None}, {**static, "dtype": bf16}, [X]
    )
    op.verify()
    assert op.operands_by_name() == {"x": x, "ys": [y, None, x]}
    assert op.static_arguments() == {**static, "dtype": bf16}
    check_text([op], generic=False)


@given(
    st.lists(st.booleans() | st.lists(st.booleans(), max_size=3), max_size=3),
    st.dictionaries(NAMES, st.one_of(*VALUES.values()), max_size=3),
    st.booleans(),
)
def test_text_of_any_unknown_operator_reads_back(
    groups: list[Any], static: dict[str, Any], generic: bool
) -> None:
    operands = {
        f"X{index}": [value() if here else None for here in group]
        if isinstance(group, list)
        else value()
        for index, group in enumerate(groups)
    }
    check_text([aten.OperatorOp("a.b.c", operands, static, [X])], generic=generic)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('aten.operator "nms"(x = %x) : (tensor<2x3xf32>) -> ()', "namespace.name.overload"),
        ('aten.operator "a.b.c"(x = %x, x = %x) : (tensor<2x3xf32>) -> ()', "two operands"),
        ('aten.operator "a.b.c"(x = %x) {x = 1} : (tensor<2x3xf32>) -> ()', "x is an operand and"),
        ('aten.operator "a.b.c"() {k = 1, k = 2} : () -> ()', "k is given twice"),
        ('aten.operator "a.b.c"(%x) : (tensor<2x3xf32>) -> ()', "identifier expected"),
        (
            '"aten.operator"(%x) <{operator = "a.b.c", operand_names = ["x", "y"], '
            "arguments = {}}> : (tensor<2x3xf32>) -> ()",
            "2 operands have names, of 1",
        ),
        (
            '"aten.operator"(%x) <{operator = "a.b.c", operand_names = [1], arguments = {}}> : '
            "(tensor<2x3xf32>) -> ()",
            "expected a name or",
        ),
    ],
)
def test_a_mistake_in_an_unknown_operator_is_named(line: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        parse_module(program(line))
