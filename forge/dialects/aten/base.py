"""The base of the `aten` operations, and what their properties may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, cast

from typing_extensions import TypeVar
from xdsl.dialects.builtin import (
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    TensorType,
    f64,
    i1,
    i64,
)
from xdsl.ir import Attribute
from xdsl.irdl import AttrConstraint, BaseAttr, VerificationContext, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from forge.ir.attributes import from_attribute
from forge.ir.schema_op import SchemaOp
from forge.ir.signature import PRESENT_SUFFIX, signature_of
from forge.ir.tensors import ELEMENT_TYPES
from forge.ir.torch_schema import Argument, Schema, parse_schema

Scalar = int | float | bool
"""PyTorch's `Scalar`: a number whose type takes part in type promotion."""

AttributeT = TypeVar("AttributeT", bound=Attribute, covariant=True, default=Attribute)
_ELEMENT_TYPES = frozenset(ELEMENT_TYPES.values())


@dataclass(frozen=True, eq=False)
class StaticArgument(AttrConstraint[AttributeT], Generic[AttributeT]):
    """A property of one attribute class whose `type` or `elt_type` is one of a few."""

    description: str
    forms: tuple[tuple[type[Attribute], Attribute | None], ...]
    name: str = ""

    def of(self, name: str) -> Self:
        """The constraint of the property called `name`, which messages then name."""
        return type(self)(self.description, self.forms, name)

    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        for attribute_class, type in self.forms:
            if isinstance(attr, attribute_class) and (type is None or _type_of(attr) == type):
                return
        raise self._mismatch(attr)

    def _mismatch(self, attr: Attribute) -> VerifyException:
        return VerifyException(f"{self.name} must be {self.description}, got {attr}")

    def mapping_type_vars(self, type_var_mapping: Mapping[Any, Any]) -> Self:
        return self


class _DtypeArgument(StaticArgument[Attribute]):
    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        if attr not in _ELEMENT_TYPES:
            raise self._mismatch(attr)


def _type_of(attr: Attribute) -> Attribute:
    if isinstance(attr, DenseArrayBase):
        return cast("DenseArrayBase[Any]", attr).elt_type
    return cast("IntegerAttr[Any] | FloatAttr[Any]", attr).type


TENSOR = BaseAttr(TensorType)
INT: StaticArgument[IntegerAttr] = StaticArgument("an integer (i64)", ((IntegerAttr, i64),))
BOOL: StaticArgument[IntegerAttr] = StaticArgument("true or false", ((IntegerAttr, i1),))
FLOAT: StaticArgument[FloatAttr] = StaticArgument("a float (f64)", ((FloatAttr, f64),))
STR: StaticArgument[StringAttr] = StaticArgument("a string", ((StringAttr, None),))
SCALAR: StaticArgument[IntegerAttr | FloatAttr] = StaticArgument(
    "a number (i64, f64 or a boolean)", ((IntegerAttr, i64), (FloatAttr, f64), (IntegerAttr, i1))
)
INTS: StaticArgument[DenseArrayBase] = StaticArgument(
    "a list of integers (array<i64>)", ((DenseArrayBase, i64),)
)
FLOATS: StaticArgument[DenseArrayBase] = StaticArgument(
    "a list of floats (array<f64>)", ((DenseArrayBase, f64),)
)
BOOLS: StaticArgument[DenseArrayBase] = StaticArgument(
    "a list of booleans (array<i1>)", ((DenseArrayBase, i1),)
)
DTYPE: StaticArgument[Attribute] = _DtypeArgument("an element type", ())


def floats(values: Iterable[float] | None) -> DenseArrayBase | None:
    """A list of floats as an attribute, whatever its elements look like; `None` stays `None`."""
    if values is None:
        return None
    return DenseArrayBase.from_list(f64, [float(value) for value in values])


def booleans(values: Iterable[bool] | None) -> DenseArrayBase | None:
    """A list of booleans as an attribute, also an empty one; `None` stays `None`."""
    if values is None:
        return None
    return DenseArrayBase.from_list(i1, [int(value) for value in values])


class AtenOp(SchemaOp):
    """An operator of PyTorch: one overload, functional, the same on every device.

    Operands are the schema's tensors and properties its static arguments, under the schema's names
    (`self` is called `input`).
    """

    SCHEMA: ClassVar[str]
    """The operator's schema as PyTorch prints it."""

    traits = traits_def(Pure())

    @classmethod
    def schema(cls) -> Schema:
        """The operator's schema: every argument in PyTorch's order, also the dropped ones."""
        return parse_schema(cls.SCHEMA)

    @classmethod
    def arguments(cls) -> tuple[Argument, ...]:
        """The operator's arguments in PyTorch's order, also the dropped ones."""
        return parse_schema(cls.SCHEMA).arguments

    def verify_(self) -> None:
        """Check the lists' masks of present elements, then the result types."""
        for spec in signature_of(type(self)).operands:
            if spec.has_mask:
                self._verify_mask(spec.name)
        super().verify_()

    def _verify_mask(self, name: str) -> None:
        members = cast("Sequence[Any]", getattr(self, name))
        mask = self.properties.get(name + PRESENT_SUFFIX)
        present = sum(from_attribute(mask)) if mask is not None else 0
        if present != len(members):
            raise VerifyException(
                f"{name}{PRESENT_SUFFIX} says that {present} elements are present, "
                f"but {name} has {len(members)}"
            )
