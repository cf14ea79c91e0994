"""The base of all instructions: registers in, registers out, all on one device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    FloatAttr,
    IntegerAttr,
    StringAttr,
    f64,
    i1,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue, TypeAttribute
from xdsl.irdl import AttrConstraint, BaseAttr, EqAttrConstraint, ParamAttrConstraint, traits_def
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from forge.dialects.reg.types import device_of, register_shaped, register_type
from forge.ir.schema_op import Groups, SchemaOp
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import REGISTER_TYPES, Shaped

# The kinds of attributes that OpenVINO's operations have, as they stand in properties.
INT = cast("AttrConstraint[IntegerAttr[Any]]", IntegerAttr.constr(EqAttrConstraint(i64)))
BOOL = cast("AttrConstraint[IntegerAttr[Any]]", IntegerAttr.constr(EqAttrConstraint(i1)))
FLOAT = cast("AttrConstraint[FloatAttr[Any]]", FloatAttr.constr(EqAttrConstraint(f64)))
STR: AttrConstraint[StringAttr] = BaseAttr(StringAttr)
INTS = cast(
    "AttrConstraint[DenseArrayBase[Any]]",
    ParamAttrConstraint.get(DenseArrayBase, EqAttrConstraint(i64), None),
)
FLOATS: AttrConstraint[DenseArrayBase[Any]] = BaseAttr(DenseArrayBase)
STRS: AttrConstraint[ArrayAttr[StringAttr]] = ArrayAttr[StringAttr].constr(STR)
DTYPE = cast("AttrConstraint[TypeAttribute]", BaseAttr(TypeAttribute))

_MAX_LITERAL = 65_536
"""Elements: shapes depend on few numbers, and a program must not make its reader hold many."""


class RegOp(SchemaOp):
    """An instruction on virtual registers.

    Its operands are on one device, and its results on the same.
    """

    OPSET: ClassVar[str] = ""
    """The OpenVINO opset that defined the operation as it is here; empty for Forge's own."""
    OPENVINO_NAMES: ClassVar[Mapping[str, str]] = {}
    """OpenVINO's names of attributes, where Python cannot spell them."""
    CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """The values that a string attribute may have, as OpenVINO spells them."""

    traits = traits_def(Pure())

    @classmethod
    def shaped_operand(cls, value: SSAValue) -> Shaped:
        """The tensor in a register, with its value if a small `reg.Constant` defines it."""
        info = register_shaped(value.type)
        owner = value.owner
        small = info.numel <= _MAX_LITERAL
        if small and isinstance(owner, Operation) and owner.name == "reg.Constant":
            from forge.dialects.reg.placement import ConstantOp

            return Shaped(info.shape, info.dtype, cast(ConstantOp, owner).array())
        return info

    @classmethod
    def infer(cls, groups: Groups, properties: Mapping[str, Attribute]) -> tuple[Shaped, ...]:
        """Apply the shape function.

        Raises:
            ShapeError: the arguments do not fit together, or an optional operand is there without
                the ones before it: OpenVINO's inputs are a list without gaps.
        """
        missing = next((name for name, group in groups.items() if group is None), None)
        if missing is not None:
            names = list(groups)
            for name in names[names.index(missing) + 1 :]:
                if groups[name] is not None:
                    raise ShapeError(
                        f"{name} is given, but {missing}, which stands before it, is not"
                    )
        return super().infer(groups, properties)

    def wrap_results(
        self, inferred: Sequence[Shaped], operands: Sequence[SSAValue]
    ) -> Sequence[Attribute]:
        """Registers on the device of the first operand."""
        if not operands:
            raise ShapeError(f"{self.name} has no operand, so its result types must be given")
        device = device_of(operands[0].type)
        return [register_type(result.shape, result.dtype, device) for result in inferred]

    @property
    def device(self) -> str:
        """The device that executes the instruction: its first result's."""
        return device_of(self.results[0].type)

    def verify_(self) -> None:
        """Check devices, attribute values, and the results against the shape function.

        Raises:
            VerifyException: they do not fit together.
        """
        self.verify_attributes()
        self.verify_devices()
        if self.OPAQUE:
            return
        try:
            inferred = type(self).infer(self.operand_groups(), self.properties)
        except ShapeError as error:
            raise VerifyException(str(error)) from error
        self.verify_results(inferred)

    def verify_results(self, inferred: Sequence[Shaped]) -> None:
        """The results hold what the shape function gave."""
        if len(inferred) != len(self.results):
            raise VerifyException(f"expected {len(inferred)} results, got {len(self.results)}")
        for index, (result, expected) in enumerate(zip(self.results, inferred, strict=True)):
            # Not the whole type: once allocated, it has an offset too.
            actual = register_shaped(result.type)
            if actual != expected:
                raise VerifyException(f"result #{index} holds {actual}, expected {expected}")

    def verify_devices(self) -> None:
        """Every operand and result is on one device."""
        device = self.device
        for index, operand in enumerate(self.operands):
            if (other := device_of(operand.type)) != device:
                raise VerifyException(
                    f"runs on {device}, but operand #{index} is on {other}; reg.copy moves it"
                )
        for index, result in enumerate(self.results):
            if (other := device_of(result.type)) != device:
                raise VerifyException(f"runs on {device}, but result #{index} is on {other}")

    def verify_attributes(self) -> None:
        """String attributes have one of OpenVINO's values; types are element types."""
        for name, attribute in self.properties.items():
            if isinstance(attribute, TypeAttribute) and attribute not in REGISTER_TYPES:
                raise VerifyException(f"{name} is {attribute}, which is not an element type")
        for name, choices in self.CHOICES.items():
            value = self.get(name)
            if value is not None and value not in choices:
                raise VerifyException(f"{name} is {value!r}; it is one of {', '.join(choices)}")
