"""Models for the tests of the tools, by `factories.py:name`."""

import torch
from torch import Tensor, nn


class _Perceptron(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.fc = nn.Linear(4, 3)

    def forward(self, x: Tensor, shift: Tensor) -> dict[str, Tensor]:
        y = torch.relu(self.fc(x)) + shift
        return {"y": y, "positive": y > 0}


def perceptron() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return _Perceptron(), (torch.ones(2, 4), torch.tensor([0.0, 1.0, -1.0]))


class _Counter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.count += 1
        return x * self.count


def counter() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return _Counter(), (torch.ones(2),)


class _DataDependent(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x[x > 0] * 2


def data_dependent() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return _DataDependent(), (torch.ones(4),)


class _Branching(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + 1 if x.sum() > 0 else x - 1


def branching() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return _Branching(), (torch.ones(4),)
