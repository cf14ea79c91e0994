"""Weight stores: where the tensors are that a program names with `forge.weight`.

A store gives a tensor to a backend when it asks, without a copy: `ModuleWeights` those of an
`nn.Module`, `SafetensorsWeights` those of a memory-mapped file, `RandomWeights` made-up ones for
text that has none. Several names of one tied tensor are one weight. Importing this package
does not import torch.
"""

from forge.weights.module_weights import ModuleWeights
from forge.weights.random_weights import RandomWeights
from forge.weights.safetensors_format import save_weights
from forge.weights.safetensors_weights import SafetensorsWeights
from forge.weights.store import WeightStore, check_weights, weight_uses

__all__ = [
    "ModuleWeights",
    "RandomWeights",
    "SafetensorsWeights",
    "WeightStore",
    "check_weights",
    "save_weights",
    "weight_uses",
]
