"""Write every program in one way: without what does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from forge.dialects import aten
from forge.ir.tensors import is_integer, shaped
from forge.rewriting import Pattern, Rewriter, apply_patterns
from forge.rewriting.arithmetic import plus_scalar, times_scalar


@dataclass(frozen=True)
class SimplifyPass(ModulePass):
    """Drop what does nothing, merge reshapes, and spell conversions in one way.

    Dropped are copies and aliases, dropout that is off, conversions to the type that a tensor has,
    reshapes, slices and expansions to the shape that it has, i + 0 for integers, x · 1, and what
    has no elements in a concatenation.
    Views, whose operand must lie in memory as they need it, become reshapes, and a reshape of a
    reshape becomes one; conversions of every kind become `to.dtype`.

        %0 = aten.view %x {size = [128, 768]} : …
        %1 = aten.view %0 {size = [1, 128, 12, 64]} : …
        %2 = aten.dropout %1 {p = 0.1, train = false} : …

    becomes

        %2 = aten.reshape %x {shape = [1, 128, 12, 64]} : …
    """

    name = "simplify"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(
            op,
            [
                DropIdentity(),
                DropTrivialArithmetic(),
                DropEmptyParts(),
                MergeReshapes(),
                UnifyConversions(),
            ],
        )


# Of these, the elements of the result are those of the first operand, in their order.
_Reshape = (
    aten.FlattenUsingIntsOp
    | aten.InternalUnsafeViewOp
    | aten.ReshapeOp
    | aten.UnflattenIntOp
    | aten.ViewAsOp
    | aten.ViewOp
)

# These differ in where they leave the result, which is no matter of `aten`.
_Conversion = (
    aten.InternalToCopyOp | aten.ToDeviceOp | aten.ToDtypeLayoutOp | aten.ToOtherOp | aten.TypeAsOp
)

# Each of these gives back its first operand if that has the type of the result. The dialect admits
# dropout only where it is off.
_Identity = (
    aten.AliasOp
    | aten.BroadcastToOp
    | aten.CloneOp
    | aten.ContiguousOp
    | aten.DetachOp
    | aten.DropoutOp
    | aten.ExpandAsOp
    | aten.ExpandOp
    | aten.LiftFreshCopyOp
    | aten.LiftFreshOp
    | aten.SliceTensorOp
    | aten.SqueezeDimOp
    | aten.SqueezeDimsOp
    | aten.SqueezeOp
    | aten.ToDtypeOp
    | _Conversion
    | _Reshape
)


class DropIdentity(Pattern[_Identity]):
    # f(x)  →  x, where f changes neither shape nor type

    def match_and_rewrite(self, op: _Identity, rewriter: Rewriter) -> None:
        operand = op.operands[0]
        if op.result.type == operand.type:
            rewriter.replace(op, operand)


class DropTrivialArithmetic(
    Pattern[
        aten.AddScalarOp
        | aten.AddTensorOp
        | aten.DivScalarOp
        | aten.DivTensorOp
        | aten.MulScalarOp
        | aten.MulTensorOp
    ]
):
    # i + 0  →  i for integers (−0.0 + 0.0 is 0.0);  x · 1  →  x

    def match_and_rewrite(self, op: Operation, rewriter: Rewriter) -> None:
        result = op.results[0]
        shifted = plus_scalar(result)
        if shifted is not None and shifted[1] == 0.0 and is_integer(shaped(result.type).dtype):
            return rewriter.replace(op, shifted[0])
        scaled = times_scalar(result)
        if scaled is not None and scaled[1] == 1.0:
            return rewriter.replace(op, scaled[0])
        return None


class DropEmptyParts(Pattern[aten.CatOp]):
    # cat(x, y) → x, where y has no elements

    def match_and_rewrite(self, op: aten.CatOp, rewriter: Rewriter) -> None:
        parts = [x for x in op.operands if 0 not in shaped(x.type).shape]
        if len(parts) == len(op.operands) or not parts:
            return None
        dtype = shaped(op.result.type).dtype
        if any(shaped(x.type).dtype != dtype for x in parts):
            return rewriter.no_match(op, "the empty parts may decide the type of the rest")
        if len(parts) == 1:
            return rewriter.replace(op, parts[0])
        return rewriter.replace(op, aten.CatOp(parts, dim=op.get("dim")))


class MergeReshapes(Pattern[_Reshape]):
    # view(reshape(x))  →  reshape(x)

    def match_and_rewrite(self, op: _Reshape, rewriter: Rewriter) -> None:
        x = op.operands[0]
        while isinstance(inner := x.owner, _Reshape):
            x = inner.operands[0]
        if x.type == op.result.type:
            return rewriter.replace(op, x)
        shape = shaped(op.result.type).shape
        if x is op.operands[0] and isinstance(op, aten.ReshapeOp) and -1 not in op.get("shape"):
            return None
        # Not a view: x may be a transposition, which has no view of another shape.
        return rewriter.replace(op, aten.ReshapeOp(x, shape=shape))


class UnifyConversions(Pattern[_Conversion]):
    # _to_copy(x), type_as(x, y), …  →  to.dtype(x)

    def match_and_rewrite(self, op: _Conversion, rewriter: Rewriter) -> None:
        if op.result.type != op.input.type:
            rewriter.replace(op, aten.ToDtypeOp(op.input, shaped(op.result.type).dtype))
