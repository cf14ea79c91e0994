"""The zoo's models in plain torch.nn."""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise

import torch
from torch import Tensor, nn


class MLP(nn.Module):
    """Linear layers with GELU between them: [batch, features] → [batch, num_labels]."""

    def __init__(self, features: int, hidden: int, linears: int, num_labels: int) -> None:
        super().__init__()
        sizes = [features, *[hidden] * (linears - 1), num_labels]
        self.linears = nn.ModuleList(
            nn.Linear(inputs, outputs) for inputs, outputs in pairwise(sizes)
        )

    def forward(self, features: Tensor) -> Tensor:
        for depth, linear in enumerate(self.linears):
            if depth:
                features = torch.nn.functional.gelu(features)
            features = linear(features)
        return features


class ResNetBlock(nn.Module):
    """ResNet-50 up to its first block, then pooled and classified.

    [batch, num_channels, image_size, image_size] → [batch, num_labels]
    """

    def __init__(
        self,
        image_size: int,
        num_channels: int,
        width: int,
        expansion: int,
        blocks: int,
        num_labels: int,
    ) -> None:
        super().__init__()
        if blocks != 1 or image_size < 32:
            raise ValueError(f"{blocks} blocks on images of {image_size} pixels are not this model")
        self.stem = nn.Sequential(
            OrderedDict(
                conv=_convolution(num_channels, width, kernel=7, stride=2),
                relu=nn.ReLU(inplace=True),
                pool=nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
            )
        )
        self.block = Bottleneck(width, width, expansion)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(width * expansion, num_labels)

    def forward(self, pixel_values: Tensor) -> Tensor:
        features = self.block(self.stem(pixel_values))
        return self.classifier(torch.flatten(self.pool(features), 1))


class Bottleneck(nn.Module):
    """1×1, 3×3 and 1×1 convolutions, added to a 1×1 projection of their input."""

    def __init__(self, inputs: int, width: int, expansion: int) -> None:
        super().__init__()
        self.reduce = _convolution(inputs, width, kernel=1)
        self.convolve = _convolution(width, width, kernel=3)
        self.expand = _convolution(width, width * expansion, kernel=1)
        self.shortcut = _convolution(inputs, width * expansion, kernel=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, features: Tensor) -> Tensor:
        inner = self.relu(self.reduce(features))
        inner = self.relu(self.convolve(inner))
        return self.relu(self.expand(inner) + self.shortcut(features))


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
    return nn.Sequential(OrderedDict(conv=convolution, norm=nn.BatchNorm2d(outputs)))
