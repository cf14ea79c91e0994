"""What cannot be imported is refused by name, with the line of the model's source."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from forge.errors import ForgeError
from forge.importer import capture, import_program
from tests.importer.checking import imported


class Function(nn.Module):
    """A module that computes one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Any:
        return self.function(x)


def nonzero(x: Tensor) -> Tensor:
    return x.nonzero()


def boolean_mask(x: Tensor) -> Tensor:
    return x[x > 0]


def item(x: Tensor) -> Tensor:
    return x * x.sum().int().item()


def branch(x: Tensor) -> Tensor:
    if x.sum() > 0:
        return x + 1
    return x


def cond(x: Tensor) -> Tensor:
    return torch.cond(x.sum() > 0, lambda y: y + 1, lambda y: y - 1, (x,))


def while_loop(x: Tensor) -> Any:
    from torch._higher_order_ops.while_loop import while_loop as loop

    return loop(lambda y: y.sum() < 10, lambda y: (y + 1,), (x,))


def mapped(x: Tensor) -> Tensor:
    from torch._higher_order_ops.map import map as torch_map

    return torch_map(lambda row: row + 1, x)


def asserts(x: Tensor) -> Tensor:
    torch._assert_async(x.sum() > 0)
    return x


def sparse(x: Tensor) -> Tensor:
    return x.to_sparse() + x.to_sparse()


def training(x: Tensor) -> Tensor:
    return F.dropout(x, 0.5, training=True)


def random(x: Tensor) -> Tensor:
    return x + torch.rand(3)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (nonzero, r"the shape of aten.nonzero.default's result, \[u0, 2\], depends on data"),
        (boolean_mask, r"the shape of aten.index.Tensor's result, \[u0\], depends on data"),
        (item, "aten.item.default reads a number out of a tensor"),
        (branch, "Function decides by the values of a tensor"),
        (cond, "control flow in the graph is not supported: torch.cond"),
        (while_loop, "control flow in the graph is not supported: torch.while_loop"),
        (mapped, "control flow in the graph is not supported: map"),
        (asserts, r"aten._assert_async.default checks data when the program runs"),
        (training, "aten.dropout.default draws random numbers"),
        (random, "aten.rand.default draws random numbers"),
        (sparse, "is a torch.sparse_coo tensor; only dense ones are supported"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_refused(function: Callable[..., Any], message: str) -> None:
    # PyTorch keeps the lines of modules' `forward`, not those of the functions that it calls.
    line = Function.forward.__code__.co_firstlineno + 1
    place = rf"(.|\n)*importer/test_refusals.py:({line}|{function.__code__.co_firstlineno + 1})"
    with pytest.raises(ForgeError, match=message + place):
        imported(Function(function), (torch.randn(3, 3),))


def test_the_error_is_all_that_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ForgeError):
        capture(Function(branch), (torch.randn(3, 3),))
    assert not any(capfd.readouterr())


def test_symbolic_sizes_are_refused_by_input_and_dimension() -> None:
    size = torch.export.Dim("batch")
    exported = torch.export.export(
        Function(torch.relu), (torch.randn(3, 4),), dynamic_shapes={"x": {0: size}}
    )
    exported.example_inputs = None
    message = r"input 'x' has a symbolic size, s\d+, in dimension 0\n.*\n?  hint: give example"
    with pytest.raises(ForgeError, match=message):
        import_program(exported)


def test_an_error_of_the_model_keeps_its_line() -> None:
    with pytest.raises(ForgeError, match=r"cannot capture Linear: a and b must have same"):
        capture(nn.Linear(3, 4), (torch.randn(2, 5),))
    message = r"cannot capture Function: TypeError: (.|\n)*test_refusals.py:\d+: return self.func"
    with pytest.raises(ForgeError, match=message):
        capture(Function(lambda: 1), (torch.randn(2),))


def test_missing_arguments_are_an_error_of_the_call() -> None:
    with pytest.raises(ForgeError, match="cannot capture Linear: TypeError: missing a required"):
        capture(nn.Linear(3, 4), ())


class Opaque:
    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor


def test_outputs_of_unknown_classes_are_refused() -> None:
    with pytest.raises(ForgeError, match=r"Opaque.*is not a known type(.|\n)*hint: return tensors"):
        capture(Function(Opaque), (torch.randn(2),))


def test_float8_is_refused_by_name() -> None:
    with pytest.raises(ForgeError, match=r"to has dtype torch.float8_e4m3fn, which Forge does not"):
        imported(Function(lambda x: x.to(torch.float8_e4m3fn)), (torch.randn(2),))
