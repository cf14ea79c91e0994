"""What is around the operations: weights, constants, names, locations."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from xdsl.dialects.builtin import f32

from forge.dialects.forge import ConstantOp, WeightOp
from forge.importer import capture, import_program
from forge.importer.locations import short_path, source_line
from forge.ir.locations import describe_location, module_path
from forge.ir.tensors import Shaped
from tests.importer.checking import check, imported, operations


class Tied(nn.Module):
    """A tied head, a view of a parameter as a buffer, and buffers that are not saved."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Embedding(7, 4), nn.Linear(4, 4))
        self.head = nn.Linear(4, 7, bias=False)
        self.head.weight = self.layers[0].weight
        self.register_buffer("row", self.layers[0].weight.detach()[1])
        self.register_buffer("scale", torch.tensor(0.5), persistent=False)
        self.register_buffer("unused", torch.ones(3))

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.layers(ids) * self.scale + self.row) + self.head.weight[1, 1]


def weights_of(program: Any) -> list[str]:
    return [op.weight_name.data for op in program.module.walk() if isinstance(op, WeightOp)]


def test_weights_are_named_once_where_they_are_first_used() -> None:
    program = check(Tied(), (torch.tensor([[1, 2, 3]]),))
    assert weights_of(program) == [
        "layers.0.weight",
        "layers.1.weight",
        "layers.1.bias",
        "scale",
        "row",
    ]
    assert program.weights.aliases == {"head.weight": "layers.0.weight"}
    assert program.weights.shaped("unused") == Shaped((3,), f32)
    first = next(program.module.body.block.first_op.body.block.ops.__iter__())
    assert isinstance(first, WeightOp) and first.result.name_hint == "layers.0.weight"
    assert module_path(first.location) == "layers.0"


def test_weights_are_the_module_s_own_memory() -> None:
    module = Tied()
    program = imported(module, (torch.tensor([[1, 2, 3]]),))
    for name, parameter in module.named_parameters(remove_duplicate=False):
        assert program.weights.tensor(name).data_ptr() == parameter.data_ptr()


class Constants(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = torch.arange(17.0)

    def forward(self, x: Tensor) -> Tensor:
        y = x + torch.tensor([1, 2, 3], dtype=torch.bfloat16) + torch.tensor(True)
        return y.sum() + self.table


def test_small_constants_stand_in_the_text() -> None:
    program = check(Constants(), (torch.randn(2, 3),))
    constants = [op for op in program.module.walk() if isinstance(op, ConstantOp)]
    assert [str(op.result.type) for op in constants] == ["tensor<3xbf16>", "tensor<i1>"]
    assert weights_of(program) == ["table"]


class SpecialValues(nn.Module):
    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        y = x + torch.tensor([float("inf"), -float("inf"), float("nan"), -0.0, 16777217.0])
        y = y + torch.tensor([1.5, 0.1, 3, 4, -float("inf")], dtype=torch.float16)
        return (
            y + torch.tensor([True, False, True, True, False]),
            torch.tensor([1, 255], dtype=torch.uint8),
            torch.tensor([2**62, -1]),
            torch.tensor(0.1, dtype=torch.float64),
            torch.tensor([[0.1, float("nan")]], dtype=torch.bfloat16),
            torch.tensor([]),
        )


def test_constants_of_every_value_read_back() -> None:
    program = check(SpecialValues(), (torch.randn(5),))
    assert not weights_of(program)


class Oddly(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        for name in ("layer 1", "conv-1/x", "é", "0"):
            self.add_module(name, nn.Linear(2, 2))

    def forward(self, x: Tensor) -> Tensor:
        for module in self.children():
            x = module(x)
        return x


def test_modules_may_have_any_name() -> None:
    program = check(Oddly(), (torch.randn(2, 2),))
    assert weights_of(program)[::2] == [
        f"{name}.weight" for name in ("layer 1", "conv-1/x", "é", "0")
    ]


def test_models_without_memory_are_imported() -> None:
    with FakeTensorMode(allow_non_fake_inputs=True):
        module = Tied().eval()
        program = import_program(capture(module, (torch.tensor([[1, 2, 3]]),)))
    assert "layers.0.weight" in weights_of(program)


def test_locations_name_node_module_and_source_line() -> None:
    program = imported(Tied(), (torch.tensor([[1, 2, 3]]),))
    places = {op.name: describe_location(op.location) for op in program.module.walk()}
    # The line is the caller's, not that of torch.nn's own Linear.
    line = Tied.forward.__code__.co_firstlineno + 1
    assert (
        places["aten.embedding"] == f"embedding in layers.0 (tests/importer/test_program.py:{line})"
    )
    assert places["aten.select.int"].startswith("select_1 (")


def test_paths_say_nothing_of_the_machine(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert short_path(str(tmp_path / "models" / "net.py")) == "models/net.py"
    assert short_path("/elsewhere/lib/site-packages/pkg/net.py") == "pkg/net.py"
    assert short_path("/elsewhere/net.py") == "net.py"
    trace = 'File "/a/site-packages/pkg/net.py", line 3, in f\n  code\n'
    torch_frame = 'File "/a/site-packages/torch/nn/modules/linear.py", line 9, in forward\n'
    assert source_line(trace + torch_frame) == ("pkg/net.py", 3)
    assert source_line(torch_frame) == ("torch/nn/modules/linear.py", 9)
    assert source_line("") == (None, 0)


class Passing(nn.Module):
    def forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return y, y, x.detach()


def test_inputs_may_be_outputs() -> None:
    program = check(Passing(), (torch.randn(2), torch.randn(3)))
    assert operations(program) == ["aten.detach"]
