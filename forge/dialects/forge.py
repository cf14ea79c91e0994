"""The `forge` dialect: tensors that are known when the program is compiled.

A weight is named here and kept in a weight store (`forge.weights`), so text stays small and a
weight is never copied into the program. Small constants stand in the text.
"""

from __future__ import annotations

from typing import Any, Self, cast

from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    LocationAttr,
    StringAttr,
    TensorType,
)
from xdsl.ir import Dialect
from xdsl.irdl import (
    IRDLOperation,
    irdl_op_definition,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import ConstantLike, Pure
from xdsl.utils.exceptions import VerifyException


@irdl_op_definition
class WeightOp(IRDLOperation):
    """A tensor of the weight store, by its fully qualified name.

    ```mlir
    %0 = forge.weight "transformer.h.0.mlp.c_fc.weight" : tensor<768x3072xf32>
    ```
    """

    name = "forge.weight"

    weight_name = prop_def(StringAttr)
    result = result_def(TensorType)

    traits = traits_def(Pure(), ConstantLike())
    assembly_format = "$weight_name attr-dict `:` type($result)"

    def __init__(
        self, weight_name: str, type: TensorType, location: LocationAttr | None = None
    ) -> None:
        super().__init__(properties={"weight_name": StringAttr(weight_name)}, result_types=[type])
        if location is not None:
            self.location = location

    def verify_(self) -> None:
        """A weight has a name."""
        if not self.weight_name.data:
            raise VerifyException("the weight's name is empty")


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """A small constant tensor.

    ```mlir
    %0 = forge.constant dense<[1, 2]> : tensor<2xi64>
    ```
    """

    name = "forge.constant"

    value = prop_def(DenseIntOrFPElementsAttr)
    result = result_def(TensorType)

    traits = traits_def(Pure(), ConstantLike())

    def __init__(
        self, value: DenseIntOrFPElementsAttr, location: LocationAttr | None = None
    ) -> None:
        super().__init__(properties={"value": value}, result_types=[value.type])
        if location is not None:
            self.location = location

    def print(self, printer: Printer) -> None:
        """Print the value, whose type is the result's."""
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" ")
        printer.print_attribute(self.value)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """Parse the value, whose type is the result's."""
        attributes = parser.parse_optional_attr_dict_with_keyword()
        position = parser.pos
        parsed = parser.parse_attribute()
        if not isinstance(parsed, DenseIntOrFPElementsAttr):
            parser.raise_error("expected dense<…> : tensor<…>", position, parser.pos)
        value = cast("DenseIntOrFPElementsAttr[Any]", parsed)
        return cls.create(
            properties={"value": value},
            result_types=[value.type],
            attributes=attributes.data if attributes is not None else {},
        )

    def verify_(self) -> None:
        """The value's type is the result's."""
        if self.value.type != self.result.type:
            raise VerifyException(
                f"the value has type {self.value.type}, the result {self.result.type}"
            )


Forge = Dialect("forge", [WeightOp, ConstantOp], [])
