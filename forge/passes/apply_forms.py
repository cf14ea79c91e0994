"""Build what the forms of operations ask of their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.passes.forms.fold_attention_scale import FoldAttentionScale
from forge.passes.forms.fold_norm_scale import FoldNormScale
from forge.passes.forms.queries_as_rows import QueriesAsRows
from forge.passes.forms.repeat_kv_weights import RepeatKvWeights
from forge.passes.forms.rotate_before_transpose import RotateBeforeTranspose
from forge.passes.forms.split_heads import SplitHeads
from forge.passes.forms.split_projection import SplitProjection
from forge.passes.forms.transposed_values import TransposedValues
from forge.rewriting import Pattern, apply_patterns

_PATTERNS: tuple[type[Pattern[Any]], ...] = (
    FoldNormScale,
    SplitProjection,
    RotateBeforeTranspose,
    FoldAttentionScale,
    RepeatKvWeights,
    SplitHeads,
    TransposedValues,
    QueriesAsRows,
)


@dataclass(frozen=True)
class ApplyFormsPass(ModulePass):
    """Rewrite operations whose form has a structural field, and leave that field out.

    A form (see `forge.dialects.transformer.forms`) says how an operation is to be emitted. Fields
    that concern one operation alone are read by `convert-to-reg`. The structural ones, which need
    the operation's neighbours, are built here. Where the neighbours are not what the field needs,
    the operation stays as it is, and `--explain` says why.
    """

    name = "apply-forms"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        apply_patterns(op, [pattern() for pattern in _PATTERNS])
