"""Leave out operands that an operation can do without."""

from __future__ import annotations

from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, i32
from xdsl.ir import SSAValue

from forge.ir.schema_op import SchemaOp
from forge.ir.signature import SEGMENTS, OperandSpec, signature_of
from forge.reducing.choices import Choices
from forge.reducing.typing import infer_from


def drop_operands(module: ModuleOp, choices: Choices) -> None:
    """Leave out optional operands, and members of lists; types that follow are inferred again."""
    changed = False
    for op in list(module.walk()):
        if isinstance(op, SchemaOp):
            changed |= _drop(op, choices)
    if changed:
        infer_from(module)


def _drop(op: SchemaOp, choices: Choices) -> bool:
    signature = signature_of(type(op))
    kept: list[SSAValue] = []
    sizes: list[int] = []
    position = 0
    for spec, size in zip(signature.operands, op.segment_sizes(), strict=True):
        members = op.operands[position : position + size]
        position += size
        stay = [value for value in members if not (_may_go(spec) and choices.make())]
        kept += stay
        sizes.append(len(stay))
    if len(kept) == len(op.operands):
        return False
    op.operands = kept
    if signature.has_segments:
        op.properties[SEGMENTS] = DenseArrayBase.from_list(i32, sizes)
    return True


def _may_go(spec: OperandSpec) -> bool:
    # What says which members of a list are absent would have to change, too.
    return (spec.optional or spec.variadic) and not spec.has_mask
