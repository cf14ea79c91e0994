"""What OpenVINO's CPU plugin computes wrongly by itself, through Forge's settings of it."""

import math

import pytest
import torch
from torch import Tensor, nn

import forge

HEADS = 4
SIZES = [(32, 64), (64, 192), (128, 128), (200, 128)]


class GatedAttention(nn.Module):
    """Attention, and a gate with one value per query."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, gate: Tensor) -> Tensor:
        return nn.functional.scaled_dot_product_attention(query, key, value) * gate


class GatedProduct(nn.Module):
    """A batched product, and one value per row."""

    def forward(self, query: Tensor, key: Tensor, value: Tensor, gate: Tensor) -> Tensor:
        return (query @ key.transpose(-1, -2)) @ value * gate + gate.relu()


@pytest.mark.parametrize("device", ["CPU", "AUTO", "HETERO:CPU"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("model", [GatedAttention(), GatedProduct()], ids=["attention", "product"])
def test_arithmetic_by_row_behind_a_product(
    model: nn.Module, size: tuple[int, int], device: str
) -> None:
    length, width = size
    query, key, value = (torch.randn(1, HEADS, length, width) / 4 for _ in range(3))
    args = (query, key, value, torch.randn(1, HEADS, length, 1))
    program = forge.compile(model, args, device=device)
    for _ in range(2):
        torch.testing.assert_close(program(*args), model(*args), atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("shape", [(3,), (64,), (1, 64), (4, 8)])
def test_several_readers_of_what_was_put_together(shape: tuple[int, ...]) -> None:
    class Readers(nn.Module):
        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            both = torch.cat([x, x * 2])
            return both.relu(), both.abs()

    x = torch.linspace(-1, 1, math.prod(shape)).reshape(shape)
    program = forge.compile(Readers(), (x,))
    torch.testing.assert_close(program(x), Readers()(x))
