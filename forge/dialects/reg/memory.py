"""Which bytes instructions share: views of their operand, and results in its place."""

from __future__ import annotations

from typing import cast

from xdsl.ir import Operation, SSAValue

from forge.dialects.reg import ops
from forge.dialects.reg.types import RegisterType

# The result's elements are the operand's, in their order: a register of another shape is enough.
_VIEWS = frozenset({ops.IdentityOp, ops.ReshapeOp, ops.SqueezeOp, ops.UnsqueezeOp})

# An element of the result depends on the elements in its place only, so that it can be written as
# soon as those are read.
_ELEMENTWISE = frozenset(
    {
        ops.AbsOp,
        ops.AcosOp,
        ops.AcoshOp,
        ops.AddOp,
        ops.AsinOp,
        ops.AsinhOp,
        ops.AtanOp,
        ops.AtanhOp,
        ops.BitwiseAndOp,
        ops.BitwiseNotOp,
        ops.BitwiseOrOp,
        ops.BitwiseXorOp,
        ops.CeilingOp,
        ops.ClampOp,
        ops.CosOp,
        ops.CoshOp,
        ops.DivideOp,
        ops.EluOp,
        ops.ErfOp,
        ops.ExpOp,
        ops.FloorModOp,
        ops.FloorOp,
        ops.GeluOp,
        ops.HSigmoidOp,
        ops.HSwishOp,
        ops.HardSigmoidOp,
        ops.LogOp,
        ops.LogicalAndOp,
        ops.LogicalNotOp,
        ops.LogicalOrOp,
        ops.LogicalXorOp,
        ops.MaximumOp,
        ops.MinimumOp,
        ops.MishOp,
        ops.ModOp,
        ops.MultiplyOp,
        ops.NegativeOp,
        ops.PowerOp,
        ops.ReluOp,
        ops.RoundOp,
        ops.SelectOp,
        ops.SeluOp,
        ops.SigmoidOp,
        ops.SignOp,
        ops.SinOp,
        ops.SinhOp,
        ops.SoftPlusOp,
        ops.SoftSignOp,
        ops.SqrtOp,
        ops.SquaredDifferenceOp,
        ops.SubtractOp,
        ops.SwishOp,
        ops.TanOp,
        ops.TanhOp,
    }
)


def viewed(op: Operation) -> SSAValue | None:
    """The operand whose bytes the result of `op` is; `None` if `op` makes new ones."""
    return op.operands[0] if type(op) in _VIEWS else None


def overwritable(op: Operation) -> list[SSAValue]:
    """The operands whose bytes the result of `op` may take, if they are not needed any more.

    They have the result's shape and element type. No other operand may share their bytes, except
    where it is the same value.
    """
    if type(op) not in _ELEMENTWISE:
        return []
    wanted = cast(RegisterType, op.results[0].type).tensor
    return [operand for operand in op.operands if cast(RegisterType, operand.type).tensor == wanted]
