"""What `forge` operations mean: tensors that are known."""

from __future__ import annotations

import torch

from forge.dialects.forge import ConstantOp, WeightOp
from forge.interpreters.registry import Values, interprets
from forge.ir.attributes import dense_array
from forge.ir.tensors import shaped
from forge.ir.torch_types import torch_dtype


@interprets(WeightOp)
def weight(op: WeightOp, values: Values) -> torch.Tensor:
    """The tensor of that name in the weight store."""
    name = op.weight_name.data
    values.weights.require(name, shaped(op.result.type), op)
    return values.weights.tensor(name)


@interprets(ConstantOp)
def constant(op: ConstantOp, _: Values) -> torch.Tensor:
    """The tensor in the text."""
    dtype = torch_dtype(shaped(op.result.type).dtype)
    # A copy, because the attribute's bytes are read-only.
    array = dense_array(op.value).copy()
    return torch.from_numpy(array).view(dtype)  # pyright: ignore[reportUnknownMemberType]
