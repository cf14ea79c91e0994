"""Each operator of the dialect, called by a module: exported, imported, run, as eager does."""

from random import Random
from typing import Any

import pytest
import torch
from hypothesis import Phase, find, settings
from torch import Tensor, nn

from forge.dialects.aten import AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.ir.shape_functions import ShapeError, infer
from forge.ir.tensors import Shaped, is_float
from forge.ir.torch_types import torch_dtype
from tests.dialects.aten_cases import CASES
from tests.dialects.aten_reference import REFUSALS, overload
from tests.importer.checking import check, operations

CLASSES: dict[str, type[AtenOp]] = {op_class.name: op_class for op_class in OPERATIONS}
LEFT_OUT = {
    # What is in new memory is anybody's guess.
    "aten.empty.memory_format",
    "aten.empty_like",
    "aten.new_empty",
    # Exported as lift_fresh_copy.
    "aten.lift_fresh",
    # MKL takes only the sizes that torch.fft asks for.
    "aten._fft_c2r",
    "aten._fft_r2c",
}
# Some together, because an export has a price.
GROUPS = 6
SEARCH = settings(phases=[Phase.generate], max_examples=1000, database=None, deadline=None)


class Call:
    """One operator with the arguments to call it with; tensors are taken from a list."""

    def __init__(self, op_class: type[AtenOp], arguments: dict[str, Any]) -> None:
        self.operator = overload(op_class)
        self.tensors: list[Tensor] = []
        self.arguments: dict[str, Any] = {}
        for argument in op_class.arguments():
            if argument.name in arguments:
                self.arguments[argument.schema_name] = self._value(arguments[argument.name])
            elif argument.schema_name == "device":
                self.arguments["device"] = torch.device("cpu")
            elif argument.nullable and argument.default is None:
                self.arguments[argument.schema_name] = None
            if argument.kind == "memory_format" and argument.name in arguments:
                self.arguments[argument.schema_name] = getattr(torch, arguments[argument.name])

    def _value(self, value: Any) -> Any:
        if isinstance(value, Shaped):
            self.tensors.append(_tensor(value))
            return self.tensors[-1]
        if isinstance(value, list):
            return [self._value(element) for element in value]
        # Element types are the one kind of attribute among the arguments.
        return torch_dtype(value) if type(value).__module__.startswith("xdsl") else value

    def __call__(self, tensors: list[Tensor]) -> Any:
        return self.operator(**{k: self._replaced(v, tensors) for k, v in self.arguments.items()})

    def _replaced(self, value: Any, tensors: list[Tensor]) -> Any:
        if isinstance(value, Tensor):
            return tensors.pop(0)
        if isinstance(value, list):
            return [self._replaced(element, tensors) for element in value]
        return value


def _tensor(shaped: Shaped) -> Tensor:
    dtype = torch_dtype(shaped.dtype)
    # Zero is a valid index into anything that is not empty.
    return (
        torch.randn(shaped.shape).to(dtype)
        if is_float(shaped.dtype)
        else torch.zeros(shaped.shape, dtype=dtype)
    )


class Calls(nn.Module):
    """Calls operators one after the other, each on tensors of its own."""

    def __init__(self, calls: list[Call]) -> None:
        super().__init__()
        self.calls = calls

    def forward(self, *tensors: Tensor) -> list[Any]:
        rest = list(tensors)
        return [call(rest) for call in self.calls]


@pytest.mark.parametrize("group", range(GROUPS))
def test_every_operator(group: int) -> None:
    names = sorted(CASES.keys() - LEFT_OUT)[group::GROUPS]
    calls = [Call(CLASSES[name], accepted_arguments(name)) for name in names]
    tensors = [tensor for call in calls for tensor in call.tensors]
    program = check(Calls(calls), tuple(tensors))
    assert sorted(set(operations(program))) == names


def accepted_arguments(name: str) -> dict[str, Any]:
    """Arguments that the operator takes, without empty tensors."""

    def fits(arguments: dict[str, Any]) -> bool:
        try:
            infer(name, **arguments)
        except ShapeError:
            return False
        call = Call(CLASSES[name], arguments)
        try:
            # The CPU's kernels are not all there for the more exotic types.
            call(list(call.tensors))
        except REFUSALS:
            return False
        return all(tensor.numel() for tensor in call.tensors)

    return find(CASES[name], fits, settings=SEARCH, random=Random(0))
