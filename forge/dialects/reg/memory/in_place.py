"""Which instructions may write their result over an operand."""

from __future__ import annotations

from typing import cast

from xdsl.ir import Operation, SSAValue

from forge.dialects.reg import ops
from forge.dialects.reg.host import HostOp
from forge.dialects.reg.types import RegisterType

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


_KERNELS_OF_ATEN = """
__and__.Scalar __and__.Tensor __lshift__.Scalar __lshift__.Tensor __or__.Scalar __or__.Tensor
__rshift__.Scalar __rshift__.Tensor __xor__.Scalar __xor__.Tensor abs acos acosh add.Scalar
add.Tensor addcdiv addcmul asin asinh atan atan2 atanh bitwise_and.Scalar bitwise_and.Tensor
bitwise_left_shift.Tensor bitwise_left_shift.Tensor_Scalar bitwise_not bitwise_or.Scalar
bitwise_or.Tensor bitwise_right_shift.Tensor bitwise_right_shift.Tensor_Scalar
bitwise_xor.Scalar bitwise_xor.Tensor ceil celu clamp clamp.Tensor clamp_max clamp_max.Tensor
clamp_min clamp_min.Tensor clip clip.Tensor copysign.Scalar copysign.Tensor cos cosh deg2rad
div.Scalar div.Scalar_mode div.Tensor div.Tensor_mode elu eq.Scalar eq.Tensor erf erfc erfinv
exp exp2 expm1 floor floor_divide floor_divide.Scalar fmax fmin fmod.Scalar fmod.Tensor frac
ge.Scalar ge.Tensor gelu gt.Scalar gt.Tensor hardshrink hardsigmoid hardswish hardtanh heaviside
hypot isfinite isinf isnan isneginf isposinf le.Scalar le.Tensor leaky_relu lerp.Scalar
lerp.Tensor lgamma log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or
logical_xor logit lt.Scalar lt.Tensor masked_fill.Scalar masked_fill.Tensor max.other maximum
min.other minimum mish mul.Scalar mul.Tensor nan_to_num ne.Scalar ne.Tensor neg pow.Scalar
pow.Tensor_Scalar pow.Tensor_Tensor rad2deg reciprocal relu relu6 remainder.Scalar
remainder.Scalar_Tensor remainder.Tensor round round.decimals rsqrt rsub.Scalar rsub.Tensor selu
sgn sigmoid sign signbit silu sin sinc sinh softplus softshrink sqrt square sub.Scalar
sub.Tensor tan tanh threshold true_divide.Scalar true_divide.Tensor trunc where.Scalar
where.ScalarOther where.ScalarSelf where.self xlogy.Tensor
"""
_ELEMENTWISE_KERNELS = frozenset(f"aten.{name}" for name in _KERNELS_OF_ATEN.split())


def overwritable(op: Operation) -> list[SSAValue]:
    """The operands whose bytes the result of `op` may take, if they are not needed any more.

    They have the result's shape and element type. Their elements must lie as the result's will,
    row by row from the start of the storage; and no other operand may share their bytes, except
    where it is the same value.
    """
    if isinstance(op, HostOp):
        if op.kernel.data not in _ELEMENTWISE_KERNELS:
            return []
    elif type(op) not in _ELEMENTWISE:
        return []
    wanted = cast(RegisterType, op.results[0].type).tensor
    return [operand for operand in op.operands if cast(RegisterType, operand.type).tensor == wanted]
