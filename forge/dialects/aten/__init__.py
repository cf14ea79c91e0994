"""The `aten` dialect: what PyTorch said.

An operation is one overload of a PyTorch operator and is named after it, without `.default`:
`aten.linear`, `aten.add.Tensor`. Tensors are operands, everything static is a property under the
schema's own name. `aten.operator` holds any operator that has no class of its own.
"""

from __future__ import annotations

from xdsl.ir import Dialect

from forge.dialects.aten import ops, shapes
from forge.dialects.aten.base import AtenOp, Scalar
from forge.dialects.aten.operator import OperatorOp
from forge.dialects.aten.ops import *  # noqa: F403 - every operator, as aten.LinearOp
from forge.dialects.aten.ops import OPERATIONS
from forge.ir.torch_schema import Argument, Schema

ATen = Dialect("aten", [*OPERATIONS, OperatorOp], [])

__all__ = ["ATen", "Argument", "AtenOp", "OperatorOp", "Scalar", "Schema", "ops", "shapes"]
__all__ += ops.__all__
