"""Give attention masks that are added to the scores, instead of masks of booleans."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass

from forge.dialects import reg
from forge.ir.tensors import is_bool
from forge.rewriting import Pattern, Rewriter, apply_patterns
from forge.rewriting.attention_masks import HIDDEN


@dataclass(frozen=True)
class LegalizeMasksPass(ModulePass):
    """Replace masks of booleans by masks that are added.

    Intel's NPU compiler turns a boolean mask into arithmetic of its own, and fails on the result
    where a model has many heads (`FeasibleAllocation`, Qwen2's 14 as OpenVINO converts it, on three
    of four platforms in 2026.4.1). Layers that share a mask share what is made of it.

        %y = reg.ScaledDotProductAttention %q, %k, %v, attn_mask = %m : …

    becomes

        %a = reg.Select %m, %zero, %hidden : (!reg.reg<1x1x8x8xi1, npu>, …) → …
        %y = reg.ScaledDotProductAttention %q, %k, %v, attn_mask = %a : …

    A query that may see no key at all sees all of them after `convert-to-reg`, which then replaces
    its answer. To an added mask that makes no difference, so that is left out here: where all keys
    are hidden, they weigh the same as where none is.

        %any = reg.ReduceLogicalOr %m, … ; %none = reg.LogicalNot %any
        %open = reg.LogicalOr %m, %none
        %y = reg.ScaledDotProductAttention %q, %k, %v, attn_mask = %open : …

    becomes the same `%y` as above.
    """

    name = "legalize-masks"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [AddMask()])


class AddMask(Pattern[reg.ScaledDotProductAttentionOp]):
    # attention(q, k, v, M)  →  attention(q, k, v, select(M, 0, −32768))
    # attention(q, k, v, M ∨ ¬any(M))  →  attention(q, k, v, select(M, 0, −32768))
    #     where any(M) also decides which answers are replaced: those differ, but by rounding

    def __init__(self) -> None:
        self._added: dict[SSAValue, SSAValue] = {}

    def match_and_rewrite(self, op: reg.ScaledDotProductAttentionOp, rewriter: Rewriter) -> None:
        mask = op.attn_mask
        if mask is None or not is_bool(reg.register_shaped(mask.type).dtype):
            return
        if mask not in self._added:
            self._added[mask] = self._added_mask(_not_opened(mask), op, rewriter)
        op.operands[op.operands.index(mask)] = self._added[mask]
        rewriter.modified(op)

    def _added_mask(
        self, mask: SSAValue, reader: reg.ScaledDotProductAttentionOp, rewriter: Rewriter
    ) -> SSAValue:
        dtype = reg.register_shaped(reader.query.type).dtype
        owner = mask.owner
        location = owner.location if isinstance(owner, Operation) else reader.location
        seen, hidden = (
            reg.ConstantOp.of(number, dtype, device=reader.device) for number in (0.0, HIDDEN)
        )
        select = reg.SelectOp(mask, seen, hidden)
        for op in (seen, hidden, select):
            op.location = location
            rewriter.insert(op, before=reader)
        return select.results[0]


def _not_opened(mask: SSAValue) -> SSAValue:
    """M of M ∨ ¬any(M), if something else reads any(M); else the mask itself."""
    if not isinstance(opened := mask.owner, reg.LogicalOrOp):
        return mask
    own, none = opened.operands
    if not isinstance(negated := none.owner, reg.LogicalNotOp):
        return mask
    answered = negated.operands[0]
    is_any = isinstance(answered.owner, reg.ReduceLogicalOrOp) and answered.owner.operands[0] == own
    return own if is_any and not answered.has_one_use() else mask
