"""What patterns that rewrite attention and its surroundings have in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from xdsl.ir import Block, Operation, SSAValue

from forge.dialects import transformer
from forge.dialects.transformer.forms import AttentionForm
from forge.rewriting.head_projections import HeadProjection, head_projection
from forge.rewriting.pattern import Rewriter


class Derived:
    """What several layers need that is made of one value, or of nothing: made once."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Operation] = {}

    def behind(
        self,
        source: SSAValue | Block,
        what: Hashable,
        make: Callable[[], Operation],
        rewriter: Rewriter,
    ) -> SSAValue:
        """What `make` makes, right behind `source`, or at the beginning of a block."""
        known = self._made.get((source, what))
        if known is None or known.parent is None:
            owner = source.owner if isinstance(source, SSAValue) else source
            anchor = owner.next_op if isinstance(owner, Operation) else owner.first_op
            assert anchor is not None, "what needs it is behind it"
            known = self._made[source, what] = rewriter.insert(make(), before=anchor)
        return known.results[0]


def projections(op: transformer.AttentionOp) -> tuple[HeadProjection, ...] | str:
    """The layers of queries, keys and values; or why one of them is none."""
    found: list[HeadProjection] = []
    for name, value in (("queries", op.query), ("keys", op.key), ("values", op.value)):
        if isinstance(projection := head_projection(value), str):
            return f"{name}: {projection}"
        found.append(projection)
    return tuple(found)


def rebuilt(
    op: transformer.AttentionOp,
    query: SSAValue,
    key: SSAValue,
    value: SSAValue,
    *,
    form: AttentionForm,
    **changed: Any,
) -> transformer.AttentionOp:
    """The attention of other queries, keys and values, in another form.

    Args:
        changed: `mask`, `scale`, `causal` or `window`, where they are other ones.
    """
    arguments: dict[str, Any] = {"mask": op.mask}
    arguments |= {name: op.get(name) for name in ("scale", "causal", "softcap", "window")}
    new = transformer.AttentionOp(query, key, value, **arguments | changed, location=op.location)
    new.emit_as(form)
    return new
