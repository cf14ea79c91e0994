"""The generated operator classes: up to date with the schemas, and complete."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from types import ModuleType

import pytest
import torch
from xdsl.traits import Pure

from forge.dialects import aten
from forge.dialects.aten import Argument, AtenOp
from forge.ir.shape_functions import find_shape_function
from forge.ir.torch_schema import parse_schema

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = aten.ops.OPERATIONS


# -- the generated file --------------------------------------------------------------------


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "generate_aten", ROOT / "scripts" / "generate_aten.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_the_generator_writes(generator: ModuleType) -> None:
    assert generator.TARGET.read_text() == generator.generate(), "run `make generate`"


def test_there_are_enough_operators() -> None:
    assert len({op_class.name for op_class in OPERATIONS}) == len(OPERATIONS) >= 250


def test_core_aten_is_complete_but_for_what_the_generator_explains(generator: ModuleType) -> None:
    left_out = core_aten() - {op_class.schema().name for op_class in OPERATIONS}
    explained = re.findall(r"`(\S+?)`", generator.__doc__ or "")
    assert {name for name in left_out if not any(fnmatch(name, p) for p in explained)} == set()


def core_aten() -> set[str]:
    """The names of the operators that PyTorch tags as Core ATen."""
    names = {schema.name for schema in torch._C._jit_get_all_schemas()}
    packets = (getattr(torch.ops.aten, name[6:], None) for name in names if name[:6] == "aten::")
    overloads = (
        getattr(packet, name)
        for packet in packets
        if isinstance(packet, torch._ops.OpOverloadPacket)
        for name in packet.overloads()
    )
    return {op.name().removeprefix("aten::") for op in overloads if torch.Tag.core in op.tags}


@pytest.mark.parametrize("op_class", OPERATIONS, ids=lambda op_class: op_class.name)
def test_a_class_holds_all_arguments_of_its_schema(op_class: type[AtenOp]) -> None:
    definition = op_class.get_irdl_definition()
    operator, _, overload = op_class.schema().name.partition(".")
    schema = getattr(getattr(torch.ops.aten, operator), overload or "default")._schema
    assert op_class.name == f"aten.{op_class.schema().name}"
    assert [a.name for a in schema.arguments] == [a.schema_name for a in op_class.arguments()]
    kept = [argument for argument in op_class.arguments() if argument.kind != "dropped"]
    assert [name for name, _ in definition.operands] == [a.name for a in kept if a.is_operand]
    assert {a.name for a in kept if not a.is_operand} <= definition.properties.keys()
    assert op_class.has_trait(Pure)


def test_every_operator_has_a_shape_function() -> None:
    assert [cls.name for cls in OPERATIONS if find_shape_function(cls.name) is None] == []


def test_every_operator_is_shown_as_text() -> None:
    files = (ROOT / "lit_tests" / "dialects" / "aten").glob("*.mlir")
    shown = set(re.findall(r"^ .* = (aten\.\S+)", "\n".join(map(Path.read_text, files)), re.M))
    assert {op_class.name for op_class in OPERATIONS} - shown == set()


def test_importing_the_dialect_imports_no_torch() -> None:
    code = "import forge.dialects.aten, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# -- schemas -------------------------------------------------------------------------------


def test_a_schema_is_read_argument_by_argument() -> None:
    schema = parse_schema(
        "aten::f.x(Tensor(a) self, Tensor?[] xs, SymInt[2] stride=1, *, Scalar? k=None, "
        "ScalarType? dtype=None, Device? device=None) -> (Tensor(a) values, Tensor)"
    )
    assert schema.name == "f.x"
    assert schema.results == ("values", "")
    assert schema.arguments == (
        Argument("self", "input", "tensor"),
        Argument("xs", "xs", "tensors", nullable_elements=True),
        Argument("stride", "stride", "ints", default="1", length=2),
        Argument("k", "k", "scalar", nullable=True, keyword_only=True, default="None"),
        Argument("dtype", "dtype", "dtype", nullable=True, keyword_only=True, default="None"),
        Argument("device", "", "dropped", nullable=True, keyword_only=True, default="None"),
    )


def test_names_that_are_taken_are_changed() -> None:
    schema = parse_schema("aten::f(Tensor input, Tensor self, int from) -> Tensor[]")
    assert [argument.name for argument in schema.arguments] == ["input", "self_", "from_"]
    assert schema.variadic_result


@pytest.mark.parametrize("text", ["add(Tensor", "f(Storage x) -> Tensor", "f(Tensor) -> Tensor"])
def test_what_is_no_schema_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"schema|dialect form"):
        parse_schema(text)
