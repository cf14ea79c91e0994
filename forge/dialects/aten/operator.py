"""`aten.operator`: an operator that the dialect has no class for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    LocationAttr,
    StringAttr,
    TensorType,
    UnitAttr,
)
from xdsl.ir import Attribute, Operation
from xdsl.irdl import irdl_op_definition, prop_def, traits_def, var_operand_def, var_result_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.named_operands import (
    NamedOperand,
    group_by_name,
    named_operands,
    names_attribute,
    parse_call,
    present,
    print_call,
    verify_names,
)
from forge.ir.schema_op import OperandGroup, SchemaOp

_NAME = re.compile(r"\w+\.\w+\.\w+")


@irdl_op_definition
class OperatorOp(SchemaOp):
    """Any functional operator, by namespace, name and overload, with all its arguments.

    Tensors are operands by the schema's own names, lists of them keep their absent elements;
    everything else stands in `arguments`, where `unit` is an explicit `None`. There is no shape
    function, so the result types are given.

    ```mlir
    %0 = aten.operator "torchvision.nms.default"(dets = %boxes, scores = %scores)
        {iou_threshold = 0.5} : (tensor<9x4xf32>, tensor<9xf32>) -> tensor<3xi64>
    ```
    """

    name = "aten.operator"
    OPAQUE: ClassVar[bool] = True

    inputs = var_operand_def(TensorType)
    operator = prop_def(StringAttr)
    # One entry an operand: its name, or [name, which elements are there] for a list.
    operand_names = prop_def(ArrayAttr[Attribute])
    arguments = prop_def(DictionaryAttr)
    outputs = var_result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(
        self,
        operator: str,
        operands: Mapping[str, OperandGroup],
        arguments: Mapping[str, object],
        result_types: Sequence[Attribute],
        location: LocationAttr | None = None,
    ) -> None:
        """Call `operator`, written `namespace.name.overload`.

        Operands that are `None` are absent; a static argument that is `None` is an explicit `None`.
        """
        groups = named_operands(operands)
        static = {
            name: UnitAttr() if value is None else to_attribute(value)
            for name, value in arguments.items()
        }
        Operation.__init__(
            self,
            operands=present(groups.values()),
            result_types=result_types,
            properties={
                "operator": StringAttr(operator),
                "operand_names": names_attribute(groups),
                "arguments": DictionaryAttr(static),
            },
            location=location,
        )

    def operands_by_name(self) -> dict[str, NamedOperand]:
        """The operands: a value, or a list with `None` where an element is absent."""
        return group_by_name(self.operand_names, self.operands)

    def static_arguments(self) -> dict[str, Any]:
        """The static arguments as Python values."""
        return {
            name: None if isinstance(value, UnitAttr) else from_attribute(value)
            for name, value in self.arguments.data.items()
        }

    def verify_(self) -> None:
        """The operator's name is complete, and each argument is given once.

        Raises:
            VerifyException: that is not so.
        """
        if _NAME.fullmatch(self.operator.data) is None:
            raise VerifyException(
                f'expected "namespace.name.overload" as the operator, got {self.operator}'
            )
        verify_names(self.operand_names, self.operands)
        if both := self.operands_by_name().keys() & self.arguments.data.keys():
            raise VerifyException(f"{', '.join(sorted(both))} is an operand and a static argument")

    def print(self, printer: Printer) -> None:
        """Print the operator, its operands by name and its static arguments."""
        print_call(printer, self, self.operator, self.operands_by_name(), self.arguments)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """Parse what `print` prints."""
        call = parse_call(parser)
        return cls.create(
            operands=call.operands,
            result_types=call.result_types,
            properties={"operator": call.name, **call.properties},
            attributes=call.attributes,
        )
