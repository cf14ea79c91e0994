"""The dialect `example`: one operation, with all that Forge asks of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdsl.dialects.builtin import Float64Type, FloatAttr, LocationAttr, TensorType
from xdsl.ir import Dialect, SSAValue
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def, traits_def
from xdsl.traits import Pure

from forge.ir.schema_op import Operand, SchemaOp
from forge.ir.shape_functions import ShapeError, shape_function
from forge.ir.tensors import Shaped, is_float

if TYPE_CHECKING:
    from torch import Tensor

    from forge.interpreters.registry import Values
    from forge.lowering.reg_builder import RegBuilder


@irdl_op_definition
class SoftCapOp(SchemaOp):
    """y = cap · tanh(x / cap), which keeps logits between −cap and cap.

    ```mlir
    %y = example.soft_cap %x {cap = 30.0} : (tensor<2x3xf32>) -> tensor<2x3xf32>
    ```

    Args:
        input: x, floats of any shape.
        cap: a positive number.

    Returns:
        y, of the type of x.
    """

    name = "example.soft_cap"

    input = operand_def(TensorType)
    cap = prop_def(FloatAttr[Float64Type])
    result = result_def(TensorType)

    traits = traits_def(Pure())

    def __init__(self, input: Operand, *, cap: float, location: LocationAttr | None = None) -> None:
        super().__init__([input], {"cap": cap}, location=location)

    def lower_to_reg(self, b: RegBuilder) -> SSAValue:
        """In OpenVINO's instructions. On the host each instruction would be a kernel of PyTorch."""
        from forge.dialects import reg

        if b.device == reg.HOST:
            b.reject("it is for OpenVINO's devices", hint="leave fuse-soft-cap out")
        cap = self.get("cap")
        return b.scaled(b.emit(reg.TanhOp(b.scaled(b[self.input], 1 / cap))), cap)

    def evaluate(self, values: Values) -> Tensor:
        """In PyTorch: what `--run` and `--check-numerics` go by."""
        cap = self.get("cap")
        return (values[self.input] / cap).tanh() * cap


@shape_function("example.soft_cap")
def soft_cap(input: Shaped, cap: float) -> Shaped:
    """The type of the input."""
    if not is_float(input.dtype):
        raise ShapeError(f"the input is {input}, and no tensor of floats")
    if not cap > 0:
        raise ShapeError(f"cap is {cap}, and must be positive")
    return input


Example = Dialect("example", [SoftCapOp])
