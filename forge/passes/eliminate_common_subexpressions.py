"""Compute the same thing once."""

from __future__ import annotations

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass

from forge.rewriting.dead_code import is_pure


@dataclass(frozen=True)
class EliminateCommonSubexpressionsPass(ModulePass):
    """Let operations that compute the same share one result.

    Two operations are the same if they have the same name, operands, properties and result types,
    and do nothing but compute. The first one stays, with its location.

        %0 = aten.unsqueeze %cos {dim = 1} : …
        %1 = aten.unsqueeze %cos {dim = 1} : …
        %2 = aten.mul.Tensor %0, %1 : …

    becomes

        %0 = aten.unsqueeze %cos {dim = 1} : …
        %1 = aten.mul.Tensor %0, %0 : …
    """

    name = "eliminate-common-subexpressions"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in op.walk():
            for region in inner.regions:
                for block in region.blocks:
                    _merge(block)


# What these run is only known by its name, and may draw random numbers.
_UNREPEATABLE = frozenset({"aten.operator", "reg.host"})

# Operations of one class with the same operands: the first of them, then all of them by the rest
# of what they are. Hashing attributes is most of the work, and most operations have no such pair.
_Shallow = tuple[type[Operation], tuple[SSAValue, ...]]
_Deep = tuple[frozenset[tuple[str, Attribute]], tuple[Attribute, ...]]


@dataclass
class _Bucket:
    first: Operation
    by_rest: dict[_Deep, Operation] = field(default_factory=dict[_Deep, Operation])

    def find(self, op: Operation) -> Operation | None:
        """An earlier operation that is the same; if there is none, `op` is kept for the next."""
        if not self.by_rest:
            self.by_rest[_rest(self.first)] = self.first
        known = self.by_rest.setdefault(_rest(op), op)
        return None if known is op else known


def _rest(op: Operation) -> _Deep:
    return frozenset(op.properties.items()), tuple(op.result_types)


def _merge(block: Block) -> None:
    buckets: dict[_Shallow, _Bucket] = {}
    for op in list(block.ops):
        if op.regions or not is_pure(type(op)) or op.name in _UNREPEATABLE:
            continue
        key = type(op), tuple(op.operands)
        if (bucket := buckets.get(key)) is None:
            buckets[key] = _Bucket(op)
        elif (same := bucket.find(op)) is not None:
            for result, kept in zip(op.results, same.results, strict=True):
                result.replace_all_uses_with(kept)
            op.detach()
            op.erase()
