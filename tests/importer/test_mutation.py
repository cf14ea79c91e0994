"""In-place operators: functional variants where nothing else looks, functionalization elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from forge.errors import ForgeError
from forge.interpreters import run
from tests.importer.checking import assert_equal, check, imported, operations


class Function(nn.Module):
    """A module that computes one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *args: Tensor) -> Any:
        return self.function(*args)


def in_place_chain(x: Tensor) -> Tensor:
    y = x * 2
    y.add_(1).relu_()
    y += x
    return y.clamp_(max=3.0)


def in_place_on_a_view_that_is_the_last_use(x: Tensor) -> Tensor:
    return (x * 2).view(-1).mul_(3)


def in_place_after_dropout(x: Tensor) -> tuple[Tensor, Tensor]:
    # In evaluation mode dropout returns its argument: both names are one tensor.
    y = x * 2
    z = F.dropout(y, 0.1, training=False)
    z += 1
    return y, z


def through_a_view(x: Tensor) -> tuple[Tensor, Tensor]:
    y = x * 2
    y[0].add_(1)
    y[:, 1] = 5
    return y, y.t()


def a_view_sees_it(x: Tensor) -> tuple[Tensor, Tensor]:
    y = x * 2
    view = y.view(-1)
    y.relu_()
    return y, view + 1


def with_another_dtype(x: Tensor) -> Tensor:
    y = x * 2
    y += torch.ones(3, dtype=torch.float64)
    return y


def in_a_new_tensor(x: Tensor) -> Tensor:
    y = torch.zeros(2, 3)
    y.copy_(x)
    y.fill_diagonal_(7.0)
    return y


@pytest.mark.parametrize(
    "function",
    [in_place_chain, in_place_on_a_view_that_is_the_last_use, in_place_after_dropout],
)
def test_functional_variants(function: Callable[..., Any]) -> None:
    program = check(Function(function), (torch.randn(2, 3),))
    assert not any(name.endswith(("_scatter", "aten.copy")) for name in operations(program))


@pytest.mark.parametrize(
    "function", [through_a_view, a_view_sees_it, with_another_dtype, in_a_new_tensor]
)
def test_functionalization(function: Callable[..., Any]) -> None:
    check(Function(function), (torch.randn(2, 3),))


class Counter(nn.Module):
    """Counts its calls in one buffer and keeps the last input in another."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("steps", torch.zeros(1))
        self.register_buffer("last", torch.zeros(3), persistent=False)
        self.register_buffer("offset", torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        self.steps += 1
        before = self.last.clone()
        self.last.copy_(x)
        return x * self.steps + before + self.offset


def test_modified_buffers_are_arguments_and_results() -> None:
    module = Counter()
    program = imported(module, (torch.randn(3),))
    assert program.buffers == ("steps", "last")
    main = program.module.body.block.first_op
    marks = [{key: value.data for key, value in a.data.items()} for a in main.arg_attrs]
    assert marks == [
        {"forge.name": "x"},
        {"forge.name": "steps", "forge.buffer": "steps"},
        {"forge.name": "last", "forge.buffer": "last"},
    ]
    state = [program.weights.tensor(name).clone() for name in program.buffers]
    for _ in range(3):
        x = torch.randn(3)
        output, *state = run(program.module, program.weights, [x, *state])
        assert_equal(output, module(x))
        assert_equal(state, [module.steps, module.last])


def test_a_buffer_s_value_is_the_store_s_unless_given() -> None:
    module = Counter()
    program = imported(module, (torch.ones(3),))
    outputs = run(program.module, program.weights, [torch.ones(3)])
    assert_equal(outputs[1:], [torch.ones(1), torch.ones(3)])
    assert_equal(program.weights.tensor("steps"), torch.zeros(1))


def test_batch_norm_in_training_updates_its_statistics() -> None:
    module = nn.BatchNorm1d(3, momentum=0.5)
    exported = imported_in_training(module, torch.randn(8, 3))
    assert exported.buffers == ("running_mean", "running_var", "num_batches_tracked")
    x = torch.randn(8, 3)
    state = [exported.weights.tensor(name).clone() for name in exported.buffers]
    output, *state = run(exported.module, exported.weights, [x, *state])
    expected = module(x)
    torch.testing.assert_close(output, expected.detach())
    buffers = [module.running_mean, module.running_var, module.num_batches_tracked]
    torch.testing.assert_close(state, buffers)


def imported_in_training(module: nn.Module, x: Tensor) -> Any:
    from forge.importer import capture, import_program

    return import_program(capture(module.train(), (x,)))


def modifies_its_input(x: Tensor) -> Tensor:
    y = x.view(-1)
    return y.mul_(2) + 1


def test_a_modified_input_is_refused_by_name() -> None:
    message = r"modifies its input 'args_0' in place\n  at mul_ .*test_mutation.py:\d+\)\n  hint"
    with pytest.raises(ForgeError, match=message):
        imported(Function(modifies_its_input), (torch.randn(2, 3),))


class ModifiesItsParameter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            self.scale.mul_(2)
        return x * self.scale


class ModifiesAnAttribute(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = torch.zeros(3)

    def forward(self, x: Tensor) -> Tensor:
        self.table.add_(x)
        return self.table * 2


def test_a_modified_attribute_is_refused_by_name() -> None:
    with pytest.raises(ForgeError, match=r"Constant table is mutated (.|\n)*at add_ .*mutation.py"):
        imported(ModifiesAnAttribute(), (torch.randn(3),))


def test_a_modified_parameter_is_refused_by_name() -> None:
    with pytest.raises(ForgeError, match="modifies its parameter 'scale' in place"):
        imported(ModifiesItsParameter(), (torch.randn(3),))


def a_hidden_alias(x: Tensor) -> tuple[Tensor, Tensor]:
    y = x * 2
    z = torch.einsum("ij->ji", y)
    z += 1
    return y, z


def test_memory_that_functionalization_gets_wrong_is_refused() -> None:
    message = "aten.einsum.default returns its own input here, and that tensor is modified"
    with pytest.raises(ForgeError, match=message):
        imported(Function(a_hidden_alias), (torch.randn(2, 3),))


def autocast(x: Tensor) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = x @ x
    with torch.autocast("cpu", enabled=False):
        return y.float() @ x


def test_autocast_becomes_casts() -> None:
    program = check(Function(autocast), (torch.randn(3, 3),))
    assert operations(program).count("aten._to_copy") == 3


def autocast_off(x: Tensor) -> Tensor:
    with torch.autocast("cpu", enabled=False):
        return x @ x


def test_a_region_without_autocast_is_inlined() -> None:
    assert operations(check(Function(autocast_off), (torch.randn(3, 3),))) == ["aten.matmul"]
