"""A program built operation by operation, compared with what its conversion computes."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Block, SSAValue

from forge.backends.memory import array_to_tensor, tensor_to_array
from forge.backends.openvino.backend import compile_program, translate_program
from forge.dialects import reg
from forge.dialects.forge import ConstantOp
from forge.interpreters import run
from forge.ir.attributes import dense
from forge.ir.tensors import tensor_type
from forge.ir.text import make_context
from forge.ir.torch_types import element_type
from forge.ir.verifier import verify_module
from forge.lowering.convert_to_reg import ConvertToRegPass
from forge.weights import ModuleWeights
from tests.lowering.operators import module_of

NO_WEIGHTS = ModuleWeights({})


def names(module: ModuleOp) -> list[str]:
    """The instructions of a program, without their dialect."""
    return [op.name.removeprefix("reg.") for op in module.walk() if isinstance(op, reg.RegOp)]


class Program:
    """A function under construction: its arguments and what it computes of them."""

    def __init__(self) -> None:
        self.block = Block()
        self.inputs: list[Tensor] = []

    def input(self, tensor: Tensor) -> SSAValue:
        self.inputs.append(tensor)
        type = tensor_type(tensor.shape, element_type(tensor.dtype))
        return self.block.insert_arg(type, len(self.block.args))

    def random(self, *shape: int, dtype: torch.dtype = torch.float32) -> SSAValue:
        return self.input(torch.randn(shape).to(dtype))

    def add(self, op: Any) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def constant(self, values: Any, dtype: Attribute) -> SSAValue:
        return self.add(ConstantOp(dense(np.asarray(values), dtype)))

    def check(self, op: Any, tolerance: float = 2e-6) -> ModuleOp:
        """Compare the program that ends with `op` before and after its conversion."""
        module = module_of(self.block, op.results, [op])
        verify_module(module)
        expected = run(module, NO_WEIGHTS, self.inputs)
        ConvertToRegPass(host=False).apply(make_context(), module)
        verify_module(module)
        program = translate_program(module, NO_WEIGHTS)
        executable = compile_program(program, "CPU", "f32").executable
        arrays = executable.run([tensor_to_array(tensor) for tensor in self.inputs])
        types = [port.type.dtype for port in program.outputs]
        computed = [array_to_tensor(a, dtype) for a, dtype in zip(arrays, types, strict=True)]
        for actual in (run(module, NO_WEIGHTS, self.inputs), computed):
            torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)
        return module
