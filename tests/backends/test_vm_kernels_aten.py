"""Each operator of `aten` as a kernel: what it computes or writes is what eager computes."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp

from forge.dialects import reg
from forge.dialects.aten import AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.errors import ForgeError
from forge.interpreters import run
from forge.interpreters.aten import call_operator
from forge.interpreters.evaluation import entry_function
from forge.ir.shape_functions import ShapeError
from forge.ir.signature import signature_of
from forge.ir.tensors import f32
from forge.weights import ModuleWeights
from tests.backends.host_instructions import Instruction
from tests.dialects.aten_cases import CASES
from tests.lowering.operators import make_program, values_of

CLASSES: dict[str, type[AtenOp]] = {op_class.name: op_class for op_class in OPERATIONS}
NO_WEIGHTS = ModuleWeights({})
# What is in new memory is anybody's guess.
UNDEFINED = {"aten.empty.memory_format", "aten.empty_like", "aten.new_empty"}
# Kernels that trust the operator they are called by: random arguments make them crash.
BY_HAND: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "aten._embedding_bag": (
        {
            "weight": torch.randn(5, 3),
            "indices": torch.tensor([0, 4, 2]),
            "offsets": torch.tensor([0, 1]),
        },
        {},
    ),
    "aten._fft_r2c": (
        {"input": torch.randn(2, 6)},
        {"dim": [1], "normalization": 0, "onesided": True},
    ),
    "aten._scaled_dot_product_flash_attention_for_cpu": (
        {name: torch.randn(1, 2, 4, 8) for name in ("query", "key", "value")},
        {"is_causal": True},
    ),
}

SEARCH = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WANTED = 8
"""How many arguments of an operator are compared."""

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - BY_HAND.keys()))
def test_an_operator_computes_what_eager_does(name: str) -> None:
    compared = 0

    def enough(arguments: dict[str, Any]) -> bool:
        nonlocal compared
        compared += agrees(CLASSES[name], arguments, seed=compared)
        return compared >= WANTED

    try:
        find(CASES[name], enough, settings=SEARCH)
    except NoSuchExample:
        assert compared, "no arguments were accepted"


def agrees(op_class: type[AtenOp], arguments: dict[str, Any], seed: int) -> bool:
    """Compare with eager; false if the arguments are refused."""
    try:
        module = make_program(op_class, arguments)
        inputs = values_of(op_class, arguments, seed)
        if seed % 2:
            inputs = [strided(tensor) for tensor in inputs]
        torch.manual_seed(0)
        expected = run(module, NO_WEIGHTS, inputs)
    except (ShapeError, ForgeError):
        # The kernel is stricter than the meta kernel, or an index is out of bounds.
        return False
    instruction = on_host(module, inputs)
    torch.manual_seed(0)
    actual = instruction.run(instruction.kernel())
    if op_class.name not in UNDEFINED:
        for mine, theirs in zip(actual, expected, strict=True):
            torch.testing.assert_close(mine, theirs, equal_nan=True, check_stride=False)
    return True


def strided(tensor: Tensor) -> Tensor:
    """The same elements, but the first dimension is the innermost, with a gap after each."""
    if not tensor.ndim:
        return tensor
    spread = tensor.movedim(0, -1).repeat_interleave(2, -1)
    return spread[..., ::2].movedim(-1, 0)


def on_host(module: ModuleOp, inputs: list[Tensor]) -> Instruction:
    """The instruction for the one operator of a program, on these inputs."""
    block = entry_function(module).body.block
    tensors = dict(zip(block.args, inputs, strict=True))
    op = next(op for op in block.ops if isinstance(op, AtenOp))
    operands = {
        name: [None if member is None else tensors[member] for member in group]
        if isinstance(group, list)
        else tensors[group]
        for name, group in op.operand_groups().items()
        if group is not None
    }
    names = signature_of(type(op)).properties
    static = {name: op.properties[name] for name in names if name in op.properties}
    return Instruction(op.name, operands, static)


@pytest.mark.parametrize("name", BY_HAND)
def test_an_operator_that_trusts_its_arguments(name: str) -> None:
    operands, static = BY_HAND[name]
    expected = call_operator(name, {**operands, **static})
    instruction = Instruction(name, operands, static)
    actual = instruction.run(instruction.kernel())
    torch.testing.assert_close(actual, [expected] if isinstance(expected, Tensor) else [*expected])


def test_an_operator_of_no_class_is_called_by_its_schema() -> None:
    x, types = torch.rand(3), [reg.register_type([3], f32, reg.HOST)]
    instruction = Instruction("aten.igamma.default", {"self": x, "other": x}, {}, types)
    kernel = instruction.kernel()
    # Nothing verifies what its result types say.
    assert not kernel.writes
    torch.testing.assert_close(instruction.run(kernel), [torch.igamma(x, x)])


def test_what_is_computed_anyway_is_written_by_the_kernel_and_views_stay_views() -> None:
    x = torch.randn(2, 3, 4)
    permuted = Instruction("aten.permute", {"input": x}, {"dims": [2, 0, 1]})
    (view,) = permuted.run(permuted.kernel())
    assert view is not None and view.data_ptr() == x.data_ptr()
    written = Instruction("aten.gelu", {"input": x}, {"approximate": "tanh"})
    assert written.kernel().writes


def test_a_result_may_take_the_place_of_an_operand() -> None:
    x, y = torch.randn(4, 3), torch.randn(4, 3)
    instruction = Instruction("aten.mul.Tensor", {"input": x, "other": y}, {})
    kernel, expected = instruction.kernel(), x * y
    kernel.call(x, *(instruction.tensors[operand] for operand in kernel.operands))
    assert torch.equal(x, expected)


def test_an_operand_that_is_given_twice_is_passed_once() -> None:
    x = torch.randn(3)
    instruction = Instruction("aten.add.Tensor", {"input": x, "other": x}, {})
    assert len(instruction.kernel().operands) == 2
