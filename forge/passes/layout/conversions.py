"""Conversions to another element type and back."""

from __future__ import annotations

from xdsl.dialects.builtin import bf16, f16, f32, f64, i1, i8, i16, i32, i64
from xdsl.ir import Attribute, Operation, SSAValue

from forge.dialects import aten
from forge.ir.tensors import is_bool, is_float, shaped, tensor_type, ui8
from forge.passes.layout.steps import Rearranging
from forge.rewriting import Pattern, Rewriter

_INTEGERS: dict[Attribute, frozenset[Attribute]] = {
    i1: frozenset({i8, ui8, i16, i32, i64}),
    i8: frozenset({i16, i32, i64}),
    ui8: frozenset({i16, i32, i64}),
    i16: frozenset({i32, i64}),
    i32: frozenset({i64}),
}
_FLOATS: dict[Attribute, frozenset[Attribute]] = {
    i1: frozenset({f16, bf16, f32, f64}),
    # bfloat16 has 8 significant bits, float16 has 11, float32 has 24, float64 has 53.
    i8: frozenset({f16, bf16, f32, f64}),
    ui8: frozenset({f16, bf16, f32, f64}),
    i16: frozenset({f32, f64}),
    i32: frozenset({f64}),
    f16: frozenset({f32, f64}),
    bf16: frozenset({f32, f64}),
    f32: frozenset({f64}),
}
"""The types that hold every value of a type, beside that type itself."""

# Each of these takes elements of one tensor as they are.
_Moving = Rearranging | aten.ExpandOp | aten.SelectIntOp | aten.SliceTensorOp


class DropRoundTrip(Pattern[aten.ToDtypeOp]):
    # f32(f64(x))  →  x;  bf16(f64(x))  →  bf16(x)      where the type between loses nothing

    def match_and_rewrite(self, op: aten.ToDtypeOp, rewriter: Rewriter) -> None:
        moves = _moves_above(op)
        first = moves[-1].operands[0].owner if moves else op.input.owner
        if not isinstance(first, aten.ToDtypeOp):
            return None
        source, between, target = (
            shaped(value.type).dtype for value in (first.input, first.result, op.result)
        )
        if not holds(between, source):
            return rewriter.no_match(op, f"{between} does not hold every {source}")
        if not _converts_alike(source, between, target):
            return rewriter.no_match(op, f"{source} is converted to {target} in another way")
        if source != target and not _is_used_once(moves, first):
            return rewriter.no_match(op, "what lies between has other users")
        if moves and not all(move.results[0].has_one_use() for move in moves):
            return rewriter.no_match(op, "what lies between has other users")
        x: SSAValue = first.input
        for move in reversed(moves):
            x = rewriter.insert(_on(x, move), before=op).results[0]
        return rewriter.replace(op, x if source == target else aten.ToDtypeOp(x, target))


def holds(wide: Attribute, narrow: Attribute) -> bool:
    """Whether an element type has every value of another one."""
    return (
        wide == narrow
        or wide in _INTEGERS.get(narrow, frozenset())
        or wide in _FLOATS.get(narrow, frozenset())
    )


def _converts_alike(source: Attribute, between: Attribute, target: Attribute) -> bool:
    """Whether a value converts to `target` as the same value of a wider type does."""
    # What a float beyond an integer type becomes is for each pair of types to say.
    if is_float(target) or is_bool(target) or holds(target, source):
        return True
    return not is_float(between)


def _moves_above(op: aten.ToDtypeOp) -> list[Operation]:
    """What moves the elements before they are converted, the last operation first."""
    moves: list[Operation] = []
    owner = op.input.owner
    while isinstance(owner, _Moving):
        moves.append(owner)
        owner = owner.operands[0].owner
    return moves


def _is_used_once(moves: list[Operation], first: aten.ToDtypeOp) -> bool:
    return all(op.results[0].has_one_use() for op in (*moves, first))


def _on(x: SSAValue, op: Operation) -> Operation:
    """The same operation on another value."""
    result = shaped(op.results[0].type)
    new = type(op).create(
        operands=[x, *op.operands[1:]],
        result_types=[tensor_type(result.shape, shaped(x.type).dtype)],
        properties=dict(op.properties),
    )
    new.location = op.location
    return new
