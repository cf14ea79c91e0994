"""A model that caps its logits, for `forge compile tests/model.py:capped`."""

import torch
from torch import Tensor, nn


class Capped(nn.Module):
    """A layer whose outputs stay between −30 and 30."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.head = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        return torch.tanh(self.head(x) * 20 / 30.0) * 30.0


def capped() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Capped().eval(), (torch.linspace(-3, 3, 16).reshape(2, 8),)
