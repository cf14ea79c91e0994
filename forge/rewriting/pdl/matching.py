"""Whether the operations of a program are what a pattern describes, or why they are not."""

from __future__ import annotations

from typing import Any, cast

from xdsl.dialects import pdl
from xdsl.ir import Attribute, Operation, OpResult, SSAValue
from xdsl.irdl import IRDLOperation

Match = dict[SSAValue, Operation | SSAValue | Attribute]
"""What each value of a pattern stands for in the program."""


class Mismatch(Exception):
    """Why an operation is not what the pattern describes."""

    def __init__(self, op: Operation, reason: str) -> None:
        super().__init__(reason)
        self.op = op
        self.reason = reason


class Matcher:
    """One attempt to match a pattern.

    Attributes:
        match: what was found so far.
    """

    def __init__(self) -> None:
        self.match: Match = {}

    def operation(self, value: SSAValue, op: Operation) -> None:
        """Match an operation, what it needs, and so on up to the pattern's operands.

        Raises:
            Mismatch: it is not what the pattern describes.
        """
        wanted = cast(pdl.OperationOp, value.owner)
        if wanted.opName is not None and wanted.opName.data != op.name:
            raise Mismatch(op, f"is no {wanted.opName.data}")
        if not self._bind(value, op):
            raise Mismatch(op, "is another operation than the one matched before")
        self._attributes(wanted, op)
        self._count(op, "operands", len(op.operands), len(wanted.operand_values))
        self._count(op, "results", len(op.results), len(wanted.type_values))
        for index, (pattern, operand) in enumerate(
            zip(wanted.operand_values, op.operands, strict=True)
        ):
            self._operand(pattern, operand, op, index)
        for index, (pattern, result) in enumerate(zip(wanted.type_values, op.results, strict=True)):
            self._type(pattern, result.type, op, f"result #{index}")

    def _bind(self, value: SSAValue, found: Operation | SSAValue | Attribute) -> bool:
        known = self.match.setdefault(value, found)
        return known is found or known == found

    def _count(self, op: Operation, what: str, count: int, wanted: int) -> None:
        if count != wanted:
            raise Mismatch(op, f"has {count} {what}, and the pattern {wanted}")

    def _operand(self, value: SSAValue, operand: SSAValue, op: Operation, index: int) -> None:
        wanted = value.owner
        if isinstance(wanted, pdl.OperandOp):
            if wanted.value_type is not None:
                self._type(wanted.value_type, operand.type, op, f"operand #{index}")
        else:
            assert isinstance(wanted, pdl.ResultOp)
            number = wanted.index.value.data
            if not isinstance(operand, OpResult):
                raise Mismatch(op, f"operand #{index} is an argument, no result of an operation")
            self.operation(wanted.parent_, operand.op)
            if operand.index != number:
                raise Mismatch(op, f"operand #{index} is result #{operand.index}, not #{number}")
        if not self._bind(value, operand):
            raise Mismatch(op, f"operand #{index} is another value than the one matched before")

    def _attributes(self, wanted: pdl.OperationOp, op: Operation) -> None:
        for name, value in zip(wanted.attributeValueNames, wanted.attribute_values, strict=True):
            if (found := attribute_of(op, name.data)) is None:
                raise Mismatch(op, f"has no {name.data}")
            attribute = cast(pdl.AttributeOp, value.owner)
            if attribute.value is not None and attribute.value != found:
                raise Mismatch(op, f"{name.data} is {found}, not {attribute.value}")
            if attribute.value_type is not None:
                type = cast("Attribute | None", getattr(cast(Any, found), "type", None))
                if type is None:
                    raise Mismatch(op, f"{name.data} has no type")
                self._type(attribute.value_type, type, op, name.data)
            if not self._bind(value, found):
                raise Mismatch(op, f"{name.data} is {found}, and another was matched before")

    def _type(self, value: SSAValue, found: Attribute, op: Operation, what: str) -> None:
        wanted = cast(pdl.TypeOp, value.owner).constantType or self.match.get(value, found)
        if wanted != found:
            raise Mismatch(op, f"{what} has type {found}, not {wanted}")
        self._bind(value, found)


def attribute_of(op: Operation, name: str) -> Attribute | None:
    """A property or attribute by name; a property that is not given has its default."""
    if (found := op.get_attr_or_prop(name)) is not None:
        return found
    if isinstance(op, IRDLOperation):
        definition = op.get_irdl_definition().properties.get(name)
        return None if definition is None else definition.default_value
    return None
