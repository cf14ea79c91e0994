"""Where values come from and how they change device: `Constant`, `weight`, `copy`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self, cast

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, LocationAttr, StringAttr
from xdsl.ir import Attribute, SSAValue
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import ConstantLike, Pure
from xdsl.utils.exceptions import VerifyException

from forge.dialects.reg.base import RegOp
from forge.dialects.reg.types import RegisterType, register_type
from forge.ir.attributes import dense, dense_array
from forge.ir.schema_op import Operand
from forge.ir.shape_functions import shape_function
from forge.ir.tensors import Shaped, numpy_dtype, shaped

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


@irdl_op_definition
class ConstantOp(RegOp):
    """A small tensor that stands in the text; where a shape depends on a value, it is one of these.

    ```mlir
    %0 = reg.Constant {value = dense<[0, 2, 1]> : tensor<3xi64>} : () -> !reg.reg<3xi64, cpu>
    ```
    """

    name = "reg.Constant"
    OPSET: ClassVar[str] = "opset1"

    value = prop_def(DenseIntOrFPElementsAttr)
    result = result_def(RegisterType)

    traits = traits_def(Pure(), ConstantLike())

    def __init__(
        self,
        value: DenseIntOrFPElementsAttr,
        *,
        device: str,
        location: LocationAttr | None = None,
    ) -> None:
        info = shaped(value.type)
        super().__init__(
            [], {"value": value}, [register_type(info.shape, info.dtype, device)], location
        )

    @classmethod
    def of(
        cls,
        values: ArrayLike,
        dtype: Attribute,
        *,
        device: str,
        location: LocationAttr | None = None,
    ) -> Self:
        """A constant of numbers, converted to `dtype`; bf16 takes its bits, as uint16."""
        import numpy as np

        array = np.asarray(values, numpy_dtype(dtype))
        return cls(dense(array, dtype), device=device, location=location)

    def array(self) -> NDArray[np.generic]:
        """The value (bf16 as its bits, in uint16)."""
        return dense_array(self.value)


@shape_function("reg.Constant")
def _constant(value: DenseIntOrFPElementsAttr) -> Shaped:
    return shaped(value.type)


@irdl_op_definition
class WeightOp(RegOp):
    """A tensor of the weight store, by its fully qualified name.

    ```mlir
    %0 = reg.weight "transformer.h.0.mlp.c_fc.weight" : !reg.reg<768x3072xf32, cpu>
    ```
    """

    name = "reg.weight"
    OPAQUE: ClassVar[bool] = True

    weight_name = prop_def(StringAttr)
    result = result_def(RegisterType)

    traits = traits_def(Pure(), ConstantLike())

    def __init__(
        self,
        weight_name: str,
        shape: Sequence[int],
        dtype: Attribute,
        *,
        device: str,
        location: LocationAttr | None = None,
    ) -> None:
        super().__init__(
            [], {"weight_name": weight_name}, [register_type(shape, dtype, device)], location
        )

    def print(self, printer: Printer) -> None:
        """Print the name and the type."""
        printer.print_string(" ")
        printer.print_attribute(self.weight_name)
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" : ")
        printer.print_attribute(self.result.type)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """Parse what `print` prints."""
        name = StringAttr(parser.parse_str_literal())
        attributes = parser.parse_optional_attr_dict_with_keyword()
        parser.parse_punctuation(":")
        return cls.create(
            properties={"weight_name": name},
            result_types=[parser.parse_type()],
            attributes=attributes.data if attributes is not None else {},
        )

    def verify_(self) -> None:
        """A weight has a name."""
        if not self.weight_name.data:
            raise VerifyException("the weight's name is empty")


@irdl_op_definition
class CopyOp(RegOp):
    """A device transition: the same tensor in a register of another device.

    ```mlir
    %1 = reg.copy %0 : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, npu>
    ```
    """

    name = "reg.copy"
    OPAQUE: ClassVar[bool] = True

    input = operand_def(RegisterType)
    result = result_def(RegisterType)

    def __init__(
        self, input: Operand, *, device: str, location: LocationAttr | None = None
    ) -> None:
        source = cast(RegisterType, SSAValue.get(input).type)
        super().__init__([input], {}, [source.on(device)], location)

    def verify_(self) -> None:
        """The tensor stays the same."""
        source, target = (cast(RegisterType, value.type) for value in (self.input, self.result))
        if source.tensor != target.tensor:
            raise VerifyException(f"copies a {source.tensor} into a {target.tensor}")
