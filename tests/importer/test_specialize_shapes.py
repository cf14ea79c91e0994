"""Programs that were exported for many shapes, compiled for one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram

from forge.errors import ForgeError
from forge.importer import import_program
from forge.importer.specialize_shapes import specialize_shapes
from forge.interpreters import run
from forge.ir.text import print_module
from tests.passes.tiny_models import tiny_model


class Function(nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor, y: Tensor) -> Any:
        return self.function(x, y)


def export(
    function: Callable[..., Any], x: tuple[int, ...], y: tuple[int, ...], dynamic: Any
) -> ExportedProgram:
    return torch.export.export(
        Function(function), (torch.randn(x), torch.randn(y)), dynamic_shapes=dynamic
    )


def check(exported: ExportedProgram, module: nn.Module, *args: Tensor) -> str:
    """Compare with PyTorch; the text of the program."""
    imported = import_program(exported, args)
    results = run(imported.module, imported.weights, imported.flatten(args, {}))
    expected = module(*args)
    expected = [expected] if isinstance(expected, Tensor) else expected
    for actual, wanted in zip(results, expected, strict=True):
        torch.testing.assert_close(actual, wanted)
    return print_module(imported.module)


def shifted(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    batch, length = x.shape
    places = torch.arange(length) + length // 2
    with torch.no_grad():
        scaled = y.view(batch, length // 2, 2).transpose(1, 2).reshape(batch, length) * length
    return x[:, : length - 1] + places[1:], scaled.relu_()


@pytest.mark.parametrize("shape", [(1, 4), (2, 8), (5, 62)])
def test_sizes_are_numbers_everywhere(shape: tuple[int, int]) -> None:
    batch, half = Dim("batch", max=8), Dim("half", max=32)
    dims = {0: batch, 1: 2 * half}
    exported = export(shifted, (3, 12), (3, 12), {"x": dims, "y": dims})
    text = check(exported, Function(shifted), torch.randn(shape), torch.randn(shape))
    assert f"tensor<{shape[0]}x{shape[1]}xf32>" in text


@pytest.mark.parametrize("name", ["gpt2", "llama-3.2-1b"])
@pytest.mark.parametrize("tokens", [2, 11])
def test_models_of_transformers(name: str, tokens: int) -> None:
    module, (ids,) = tiny_model(name, layers=2)
    exported = torch.export.export(
        module, (ids,), dynamic_shapes={"input_ids": {1: Dim("tokens", min=2, max=16)}}
    )
    check(exported, module, torch.arange(tokens)[None] % 97)


def test_a_program_of_fixed_shapes_is_left_alone() -> None:
    exported = export(torch.add, (2, 3), (2, 3), None)
    assert specialize_shapes(exported) is exported


def test_the_exported_program_stays_as_it_is() -> None:
    exported = export(torch.add, (3, 4), (3, 4), {"x": {0: Dim("n")}, "y": {0: Dim("n")}})
    before = str(exported)
    for size in (2, 5):
        import_program(exported, (torch.randn(size, 4), torch.randn(size, 4)))
    assert str(exported) == before


def test_the_shapes_of_the_export_are_the_default(tmp_path: Path) -> None:
    exported = export(torch.add, (3, 4), (3, 4), {"x": {0: Dim("n")}, "y": {0: Dim("n")}})
    torch.export.save(exported, tmp_path / "model.pt2")
    for program in (exported, torch.export.load(tmp_path / "model.pt2")):
        assert "tensor<3x4xf32>" in print_module(import_program(program).module)


def test_a_size_out_of_range_names_its_symbol() -> None:
    size = Dim("n", min=2, max=8)
    exported = export(torch.add, (3, 4), (3, 4), {"x": {0: size}, "y": {0: size}})
    message = r"s\d+ is 9, in dimension 0 of input 'x', but it was exported for 2 to 8"
    with pytest.raises(ForgeError, match=message):
        import_program(exported, (torch.randn(9, 4), torch.randn(9, 4)))


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ((3, 4), (5, 4), r"dimension 0 of input 'y' is 5; .* to be s\d+ = 3"),
        ((3, 5), (3, 5), "dimension 1 of input 'x' is 5; .* to be 4"),
        ((3,), (3,), "input 'x' has 1 dimensions; the program takes 2"),
    ],
)
def test_shapes_that_do_not_fit(x: tuple[int, ...], y: tuple[int, ...], message: str) -> None:
    exported = export(torch.add, (3, 4), (3, 4), {"x": {0: Dim("n")}, "y": {0: Dim("n")}})
    with pytest.raises(ForgeError, match=message):
        import_program(exported, (torch.randn(x), torch.randn(y)))


def test_a_multiple_that_is_none() -> None:
    half = Dim("half", max=32)
    exported = export(torch.add, (4, 4), (4, 4), {"x": {0: 2 * half}, "y": {0: 2 * half}})
    with pytest.raises(ForgeError, match=r"dimension 0 of input 'x' is 7; .* to be 2\*s\d+"):
        import_program(exported, (torch.randn(7, 4), torch.randn(7, 4)))


def test_shapes_that_depend_on_data_are_refused_still() -> None:
    exported = export(
        lambda x, y: (x.nonzero(), y), (3, 4), (3, 4), {"x": {0: Dim("n")}, "y": None}
    )
    with pytest.raises(ForgeError, match="depends on data"):
        import_program(exported, (torch.randn(2, 4), torch.randn(3, 4)))
