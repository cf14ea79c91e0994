"""Make one head of all queries that share keys, in the order in which a layer computes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
from xdsl.dialects.builtin import i64
from xdsl.ir import Block, SSAValue

from forge.dialects import aten, transformer
from forge.dialects.forge import ConstantOp
from forge.ir.attributes import dense
from forge.ir.tensors import numpy_dtype, shaped
from forge.rewriting import Pattern, Rewriter, producer, single_user
from forge.rewriting.attention_masks import HIDDEN
from forge.rewriting.attention_rewrites import Derived, rebuilt
from forge.rewriting.head_projections import (
    SWAPPED,
    HeadStep,
    Insert,
    applied,
    heads_of_tokens,
    inserter,
    swaps_heads,
)

_TRANSPOSED = (0, 1, 3, 2)


class QueriesAsRows(Pattern[transformer.AttentionOp]):
    # attention(q [B, H, L, E], k, v)  →  attention(q [B, Hkv, L·G, E], k, v), with G = H / Hkv
    # Row t·G + h is the query of token t in the h-th head of its group: as its layer has put them.

    def __init__(self) -> None:
        self._derived = Derived()

    def match_and_rewrite(self, op: transformer.AttentionOp, rewriter: Rewriter) -> None:
        form = op.emission
        if form.kv != "token_rows" or form.projections != "whole":
            return None
        if (reason := _unfit(op)) is not None:
            return rewriter.no_match(op, reason)
        if isinstance(found := heads_of_tokens(op.query), str):
            return rewriter.no_match(op, f"queries: {found}")
        user = single_user(op.result)
        if not isinstance(user, aten.PermuteOp) or not swaps_heads(user):
            return rewriter.no_match(op, "the heads are not brought behind tokens at once")
        insert = inserter(rewriter, op)
        steps, sources = found
        rows = [_rows(source, op.groups, insert) for source in sources]
        query = rows[0] if len(rows) == 1 else insert(aten.CatOp(rows, 1))
        for step in steps:
            query = insert(applied(step, query, *self._tables(step, op.groups, rewriter)))
        y = self._attended(op, query, insert, rewriter)
        batch, tokens, heads, size = shaped(user.result.type).shape
        shape = [batch, heads // op.groups, tokens, op.groups * size]
        y = insert(aten.PermuteOp(insert(aten.ReshapeOp(y, shape)), SWAPPED))
        return rewriter.replace(user, insert(aten.ReshapeOp(y, [batch, tokens, heads, size])))

    def _attended(
        self, op: transformer.AttentionOp, query: SSAValue, insert: Insert, rewriter: Rewriter
    ) -> SSAValue:
        """Attention of rows, in as many chunks as the form says.

        A chunk of causal queries reads the keys up to its last token.
        """
        tokens, keys = shaped(op.query.type).shape[-2], shaped(op.key.type).shape[-2]
        form, mask = op.emission, self._mask(op, rewriter)
        bounds = [tokens * index // form.query_chunks for index in range(form.query_chunks + 1)]
        results: list[SSAValue] = []
        for start, stop in pairwise(bounds):
            read = min(stop, keys) if op.get("causal") else keys
            rows = (start * op.groups, stop * op.groups)
            chunk = rebuilt(
                op,
                _part(query, *rows, insert),
                _part(op.key, 0, read, insert),
                _part(op.value, 0, read, insert),
                form=replace(form, kv="gather", query_chunks=1),
                mask=mask and self._mask_part(mask, rows, read, rewriter),
                causal=False,
                window=None,
            )
            results.append(insert(chunk))
        return results[0] if len(results) == 1 else insert(aten.CatOp(results, -2))

    def _mask_part(
        self, mask: SSAValue, rows: tuple[int, int], keys: int, rewriter: Rewriter
    ) -> SSAValue:
        """What hides keys from some of the rows, made once for all layers."""
        for dim, start, stop in ((-2, *rows), (-1, 0, keys)):
            if shaped(mask.type).shape[dim] not in (1, stop - start):
                make = partial(aten.SliceTensorOp, mask, dim, start, stop)
                mask = self._derived.behind(mask, (dim, start, stop), make, rewriter)
        return mask

    def _tables(self, step: HeadStep, groups: int, rewriter: Rewriter) -> Sequence[SSAValue]:
        if not isinstance(step, transformer.RotaryEmbeddingOp):
            return ()
        return [self._repeated(table, groups, rewriter) for table in (step.cos, step.sin)]

    def _repeated(self, x: SSAValue, groups: int, rewriter: Rewriter) -> SSAValue:
        """`x` with each row `groups` times."""
        shape = shaped(x.type).shape
        if len(shape) < 2 or shape[-2] == 1:
            return x
        apart = [*shape[:-1], 1, shape[-1]]
        x = self._derived.behind(x, "apart", partial(aten.ReshapeOp, x, apart), rewriter)
        wide = [*shape[:-1], groups, shape[-1]]
        x = self._derived.behind(x, groups, partial(aten.ExpandOp, x, wide), rewriter)
        rows = [*shape[:-2], shape[-2] * groups, shape[-1]]
        return self._derived.behind(x, "rows", partial(aten.ReshapeOp, x, rows), rewriter)

    def _mask(self, op: transformer.AttentionOp, rewriter: Rewriter) -> SSAValue | None:
        """What hides keys from the rows; layers share it."""
        if op.mask is not None:
            return self._repeated(op.mask, op.groups, rewriter)
        if not op.get("causal"):
            return None
        block = op.parent
        assert isinstance(block, Block)
        tokens, keys = shaped(op.query.type).shape[-2], shaped(op.key.type).shape[-2]
        dtype = shaped(op.query.type).dtype

        token = dense((np.arange(tokens * op.groups) // op.groups).reshape(-1, 1), i64)
        place = dense(np.arange(keys).reshape(1, keys), i64)
        zero = dense(np.zeros((), numpy_dtype(dtype)), dtype)
        # Each behind the one before it: all of them stand before the first layer.
        constants: list[SSAValue] = []
        for value in (token, place, zero):
            behind = constants[-1] if constants else block
            make = partial(ConstantOp, value)
            constants.append(self._derived.behind(behind, value, make, rewriter))
        row, column, none = constants
        visible = self._derived.behind(
            none, "visible", lambda: aten.LeTensorOp(column, row), rewriter
        )
        return self._derived.behind(
            visible, "mask", lambda: aten.WhereScalarOtherOp(visible, none, HIDDEN), rewriter
        )


def _rows(x: SSAValue, groups: int, insert: Insert) -> SSAValue:
    """Heads `[B, L, H, E]` as `[B, H / G, L·G, E]`."""
    batch, tokens, heads, size = shaped(x.type).shape
    x = insert(aten.ReshapeOp(x, [batch, tokens, heads // groups, groups * size]))
    x = insert(aten.PermuteOp(x, SWAPPED))
    return insert(aten.ReshapeOp(x, [batch, heads // groups, tokens * groups, size]))


def _part(x: SSAValue, start: int, stop: int, insert: Insert) -> SSAValue:
    """The rows of `x` from `start` to before `stop`."""
    if (start, stop) == (0, shaped(x.type).shape[-2]):
        return x
    permute = producer(x, aten.PermuteOp)
    if permute is not None and tuple(permute.get("dims")) == _TRANSPOSED:
        # The product that reads it takes up a transposition right before it.
        columns = insert(aten.SliceTensorOp(permute.input, -1, start, stop))
        return insert(aten.PermuteOp(columns, _TRANSPOSED))
    return insert(aten.SliceTensorOp(x, -2, start, stop))


def _unfit(op: transformer.AttentionOp) -> str | None:
    """Why the queries cannot be rows of one head; `None` if they can."""
    if op.groups == 1:
        return "each query head has keys of its own"
    tokens, window = shaped(op.query.type).shape[-2], op.get("window")
    if window is not None and window < tokens:
        return "a window hides keys, too"
    if op.mask is None:
        return None
    if op.get("causal"):
        return "both a mask and causality hide keys"
    mask = shaped(op.mask.type)
    if mask.rank > 2 and mask.shape[-3] > 1:
        return "each head has a mask of its own"
    return None
