"""Operators outside the dialect, custom ones, and every kind of argument."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from forge.dialects import aten
from forge.errors import ForgeError
from forge.importer.nodes import number_as_tensor
from forge.interpreters import run
from forge.ir.locations import location_name
from tests.importer.checking import check, imported, operations


class Function(nn.Module):
    """A module that computes one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *args: Tensor) -> Any:
        return self.function(*args)


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (lambda x: x + 1e-6, ["aten.add.Scalar"]),
        (lambda x: x * 12, ["aten.mul.Scalar"]),
        (lambda x: 1 - x, ["aten.rsub.Scalar"]),
        (lambda x: x / 4, ["aten.div.Scalar"]),
        (lambda x: torch.div(x, 2, rounding_mode="floor"), ["aten.div.Scalar_mode"]),
        (lambda x: x**2, ["aten.pow.Tensor_Scalar"]),
        (lambda x: x // 2, ["aten.floor_divide.Scalar"]),
        (lambda x: x % 2, ["aten.remainder.Scalar"]),
        (lambda x: x.sum(), ["aten.sum"]),
        (lambda x: x.sum(-1, dtype=torch.float64), ["aten.sum.dim_IntList"]),
        (lambda x: x.argmax(), ["aten.argmax"]),
        (lambda x: x.clamp(min=0.5), ["aten.clamp"]),
        (lambda x: x.max(1), ["aten.max.dim"]),
        (lambda x: x.split([1, 2], 1), ["aten.split_with_sizes"]),
        (lambda x: x.chunk(2)[1], ["aten.chunk"]),
        (lambda x: x[:, torch.tensor([0, 2])], None),
        (lambda x: torch.cat([x, x, x[:1]]), ["aten.slice.Tensor", "aten.cat"]),
        (lambda x: F.layer_norm(x, (3,), eps=1e-6), ["aten.layer_norm"]),
        (lambda x: F.pad(x, (1, 0), value=-float("inf")), ["aten.pad"]),
        (lambda x: F.interpolate(x[None, None], scale_factor=2.0, mode="bilinear"), None),
        (lambda x: F.avg_pool2d(x[None], 2, stride=1), ["aten.unsqueeze", "aten.avg_pool2d"]),
        (lambda x: x.to(torch.bfloat16).float(), ["aten.to.dtype", "aten.to.dtype"]),
        (lambda x: x + torch.full((2, 1), 3) + torch.arange(3), None),
        (lambda x: torch.where(x > 0, x, -1.0), ["aten.gt.Scalar", "aten.where.ScalarOther"]),
        (lambda x: x.norm(), None),
        (lambda x: torch.linalg.vector_norm(x, float("inf")), ["aten.linalg_vector_norm"]),
    ],
)
def test_arguments_of_every_kind(function: Callable[..., Any], names: list[str] | None) -> None:
    program = check(Function(function), (torch.randn(2, 3),))
    assert names is None or operations(program) == names
    assert "aten.operator" not in operations(program)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: F.huber_loss(x, x * 2),
        lambda x: torch.special.entr(x.abs()),
        lambda x: torch.logspace(0, 2, 3) * x,
        lambda x: torch.trapezoid(x),
        lambda x: F.cosine_embedding_loss(x, x * 2, torch.ones(2)),
        lambda x: torch.block_diag(x, x),
        lambda x: torch.cartesian_prod(x[0], x[1]),
        lambda x: F.pairwise_distance(x, x * 2),
        lambda x: torch.addcmul(x, x, x, value=2).nanquantile(0.5),
    ],
)
def test_operators_outside_the_dialect_are_decomposed(function: Callable[..., Any]) -> None:
    program = imported(Function(function), (torch.randn(2, 3),))
    assert len(operations(program)) > 1
    assert "aten.operator" not in operations(program)
    check_close(function, program)


def check_close(function: Callable[..., Any], program: Any) -> None:
    """A decomposition may round differently from the kernel that it stands for."""
    x = torch.randn(2, 3)
    torch.testing.assert_close(run(program.module, program.weights, [x])[0], function(x))


def test_a_decomposition_does_not_depend_on_the_machine() -> None:
    module = nn.LSTM(3, 4, batch_first=True)
    x = torch.randn(1, 5, 3)
    program = imported(module, (x,))
    assert "aten.operator" not in operations(program)
    outputs = program.unflatten(run(program.module, program.weights, [x]))
    torch.testing.assert_close(outputs, module(x))


def test_all_of_a_decomposition_comes_from_its_node() -> None:
    program = imported(Function(torch.special.entr), (torch.randn(2, 3),))
    main = program.module.body.block.first_op
    operations_of_it = list(main.body.block.ops)[:-1]
    assert len(operations_of_it) > 1
    assert {location_name(op.location) for op in operations_of_it} == {"special_entr"}


@pytest.fixture
def library() -> Iterator[torch.library.Library]:
    with torch.library._scoped_library("forge_tests", "FRAGMENT") as scoped:
        yield scoped


def test_an_operator_without_a_decomposition_is_kept(library: torch.library.Library) -> None:
    library.define(
        "mix.out_of_tree(Tensor x, Tensor?[] parts, float scale, int[] sizes, str mode='a', *, "
        "Tensor? bias=None, ScalarType? dtype=None, MemoryFormat? format=None, bool flag=True, "
        "Device? device=None) -> (Tensor, Tensor)"
    )

    def mix(
        x: Tensor, parts: list[Tensor | None], scale: float, sizes: list[int], *_: Any, **named: Any
    ) -> tuple[Tensor, Tensor]:
        assert sizes == [2, 3] and parts[0] is None and named["dtype"] is torch.float64
        assert named["format"] is torch.channels_last
        return x * scale + parts[1], (x - scale).to(named["dtype"])

    library.impl("mix.out_of_tree", mix, "CompositeExplicitAutograd")

    def function(x: Tensor) -> Any:
        return torch.ops.forge_tests.mix.out_of_tree(
            x,
            [None, x + 1],
            0.5,
            [2, 3],
            "b",
            bias=None,
            dtype=torch.float64,
            format=torch.channels_last,
            device="cpu",
        )

    program = check(Function(function), (torch.randn(2, 3),))
    op = next(op for op in program.module.walk() if isinstance(op, aten.OperatorOp))
    assert op.operator.data == "forge_tests.mix.out_of_tree"
    static = op.static_arguments()
    assert {k: static[k] for k in ("scale", "sizes", "mode")} == {
        "scale": 0.5,
        "sizes": [2, 3],
        "mode": "b",
    }
    assert static["format"] == "channels_last" and "device" not in static


def _double(x: Tensor) -> None:
    x.mul_(2)


def test_a_custom_operator_that_modifies_its_arguments_is_refused(
    library: torch.library.Library,
) -> None:
    library.define("double_(Tensor(a!) x) -> ()")
    library.impl("double_", _double, "CompositeExplicitAutograd")

    def function(x: Tensor) -> Tensor:
        y = x + 1
        torch.ops.forge_tests.double_(y)
        return y

    with pytest.raises(ForgeError, match=r"forge_tests.double_.* modifies its arguments in place"):
        imported(Function(function), (torch.randn(3),))


def test_complex_numbers_have_no_text() -> None:
    with pytest.raises(ForgeError, match=r"an argument that no program text can hold: \(?1j"):
        imported(Function(lambda x: torch.mul(x, 1j)), (torch.randn(2),))


@pytest.mark.parametrize("number", [True, 3, 0.1])
@pytest.mark.parametrize("dtype", [torch.bool, torch.int32, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("shape", [(), (2,)])
def test_a_number_as_a_tensor_does_not_widen(
    number: float, dtype: torch.dtype, shape: tuple[int, ...]
) -> None:
    x = torch.ones(shape).to(dtype)
    tensor = number_as_tensor(number, [x])
    assert (x + tensor).dtype == (x + number).dtype
    if shape:
        assert torch.equal(x + tensor, x + number)
