"""A dialect of two operations that use everything the shared syntax has."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import (
    ArrayAttr,
    Builtin,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    TensorType,
)
from xdsl.dialects.cf import Cf
from xdsl.dialects.func import Func
from xdsl.dialects.test import Test
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, Dialect, SpacedOpaqueSyntaxAttribute, TypeAttribute
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure

from forge.dialects.forge import Forge
from forge.ir.attributes import to_attribute
from forge.ir.schema_op import SchemaOp
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped


class Mode(StrEnum):
    FAST = "fast"
    EXACT = "exact"


@irdl_attr_definition
class ModeAttr(EnumAttribute[Mode], SpacedOpaqueSyntaxAttribute):
    name = "sample.mode"


@shape_function("sample.norm")
def norm(input: Shaped, normalized_shape: list[int], **_: Any) -> Shaped:
    if input.shape[-len(normalized_shape) :] != tuple(normalized_shape):
        raise ShapeError(f"normalized_shape {normalized_shape} does not end {input}")
    return Shaped(input.shape, input.dtype)


@shape_function("sample.pick")
def pick(input: Shaped, **_: Any) -> Shaped:
    return Shaped(input.shape, input.dtype)


@irdl_op_definition
class NormOp(SchemaOp):
    name = "sample.norm"

    input = operand_def(TensorType)
    normalized_shape = prop_def(DenseArrayBase)
    weight = opt_operand_def(TensorType)
    bias = opt_operand_def(TensorType)
    eps = prop_def(FloatAttr, default_value=to_attribute(1e-5))
    flag = prop_def(IntegerAttr, default_value=to_attribute(False))
    mode = prop_def(ModeAttr, default_value=ModeAttr(Mode.FAST))
    note = opt_prop_def(StringAttr)
    dtype = opt_prop_def(TypeAttribute)
    extra = opt_prop_def(Attribute)
    names = opt_prop_def(ArrayAttr)
    result = result_def(TensorType)

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(Pure())


@irdl_op_definition
class PickOp(SchemaOp):
    name = "sample.pick"

    input = operand_def(TensorType)
    indices = var_operand_def(TensorType)
    indices_present = prop_def(DenseArrayBase)
    result = result_def(TensorType)

    traits = traits_def(Pure())


Sample = Dialect("sample", [NormOp, PickOp], [ModeAttr])


def sample_context() -> Context:
    context = Context()
    for dialect in (Builtin, Func, Cf, Test, Forge, Sample):
        context.load_dialect(dialect)
    return context
