"""Which operators work element by element."""

from __future__ import annotations

from xdsl.ir import Operation

from forge.dialects import aten

ELEMENTWISE: frozenset[type[Operation]] = frozenset(
    {
        # One tensor.
        aten.AbsOp,
        aten.AcosOp,
        aten.AsinOp,
        aten.AtanOp,
        aten.BitwiseNotOp,
        aten.CeilOp,
        aten.CeluOp,
        aten.ClampOp,
        aten.ClampMaxOp,
        aten.ClampMinOp,
        aten.CosOp,
        aten.CoshOp,
        aten.EluOp,
        aten.ErfOp,
        aten.ErfcOp,
        aten.ExpOp,
        aten.Exp2Op,
        aten.Expm1Op,
        aten.FloorOp,
        aten.GeluOp,
        aten.HardsigmoidOp,
        aten.HardswishOp,
        aten.HardtanhOp,
        aten.IsfiniteOp,
        aten.IsinfOp,
        aten.IsnanOp,
        aten.LeakyReluOp,
        aten.LogOp,
        aten.Log1pOp,
        aten.Log2Op,
        aten.LogSigmoidOp,
        aten.LogicalNotOp,
        aten.MishOp,
        aten.NanToNumOp,
        aten.NegOp,
        aten.ReciprocalOp,
        aten.ReluOp,
        aten.Relu6Op,
        aten.RoundOp,
        aten.RsqrtOp,
        aten.SeluOp,
        aten.SigmoidOp,
        aten.SignOp,
        aten.SiluOp,
        aten.SinOp,
        aten.SinhOp,
        aten.SoftplusOp,
        aten.SqrtOp,
        aten.SquareOp,
        aten.TanOp,
        aten.TanhOp,
        aten.ToDtypeOp,
        aten.TruncOp,
        # A tensor and a number.
        aten.AddScalarOp,
        aten.BitwiseAndScalarOp,
        aten.BitwiseOrScalarOp,
        aten.DivScalarOp,
        aten.EqScalarOp,
        aten.GeScalarOp,
        aten.GtScalarOp,
        aten.LeScalarOp,
        aten.LtScalarOp,
        aten.MaskedFillScalarOp,
        aten.MulScalarOp,
        aten.NeScalarOp,
        aten.PowTensorScalarOp,
        aten.RsubScalarOp,
        aten.SubScalarOp,
        # Several tensors.
        aten.AddTensorOp,
        aten.AddcdivOp,
        aten.AddcmulOp,
        aten.BitwiseAndTensorOp,
        aten.BitwiseOrTensorOp,
        aten.BitwiseXorTensorOp,
        aten.ClampTensorOp,
        aten.DivTensorOp,
        aten.EqTensorOp,
        aten.GeTensorOp,
        aten.GtTensorOp,
        aten.LeTensorOp,
        aten.LogicalAndOp,
        aten.LogicalOrOp,
        aten.LogicalXorOp,
        aten.LtTensorOp,
        aten.MaskedFillTensorOp,
        aten.MaximumOp,
        aten.MinimumOp,
        aten.MulTensorOp,
        aten.NeTensorOp,
        aten.PowTensorTensorOp,
        aten.RsubTensorOp,
        aten.SubTensorOp,
        aten.WhereScalarOp,
        aten.WhereScalarOtherOp,
        aten.WhereScalarSelfOp,
        aten.WhereSelfOp,
    }
)
"""Operators whose result at a place depends on their tensors at that place only, which broadcast.

Those that models have between rearrangements; not all that there are.
"""


def is_elementwise(op: Operation) -> bool:
    """Whether an operation works element by element, on tensors that broadcast."""
    return type(op) in ELEMENTWISE
