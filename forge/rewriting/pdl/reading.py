"""Read a file of patterns, and check that they are what we can apply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects import pdl
from xdsl.ir import Operation, SSAValue

from forge.errors import ForgeError
from forge.files import read_text
from forge.ir.parse_errors import near_operation
from forge.ir.source_text import SourceText
from forge.ir.text import parse_source
from forge.ir.verifier import verify_module
from forge.rewriting.pdl.pattern import PdlPattern

_ON_BOTH_SIDES = (pdl.AttributeOp, pdl.OperationOp, pdl.ResultOp, pdl.TypeOp)
_IN_PATTERN = (*_ON_BOTH_SIDES, pdl.OperandOp, pdl.RewriteOp)
_IN_REWRITE = (*_ON_BOTH_SIDES, pdl.EraseOp, pdl.ReplaceOp)


def read_patterns(path: Path, context: Context) -> list[PdlPattern]:
    """The patterns of a file, those of the highest benefit first.

    Args:
        path: MLIR text with `pdl.pattern` operations.
        context: the dialects whose operations they may name.

    Raises:
        ForgeError: the file cannot be read, holds no pattern, or one that we cannot apply; the
            message points at the place.
    """
    source = SourceText(read_text(path), str(path))
    module = parse_source(source, context)
    found = [op for op in module.walk() if isinstance(op, pdl.PatternOp)]
    if not found:
        raise ForgeError(
            f"{path} holds no pattern", hint="pdl.pattern @name : benefit(1) { … } is one"
        )
    try:
        verify_module(module)
        patterns = [_read(pattern, context, source) for pattern in found]
    except ForgeError as error:
        error.places = source
        raise
    return sorted(patterns, key=lambda pattern: -pattern.benefit)


def _read(pattern: pdl.PatternOp, context: Context, source: SourceText) -> PdlPattern:
    _check_known(pattern.body.ops, _IN_PATTERN)
    rewrite = pattern.body.block.last_op
    assert isinstance(rewrite, pdl.RewriteOp), "its verifier says so"
    if rewrite.name_ is not None or not rewrite.body.blocks:
        raise ForgeError(
            "the rewrite calls a function, and a file of patterns has none",
            op=rewrite,
            hint="write what it does between braces",
        )
    if rewrite.root is None:
        raise ForgeError("the rewrite names no root", op=rewrite, hint="pdl.rewrite %op { … }")
    _check_known(rewrite.body.ops, _IN_REWRITE)
    root = rewrite.root.owner
    assert isinstance(root, pdl.OperationOp), "its type says so"
    _check_reached(pattern, root)
    classes: dict[Operation, type[Operation]] = {
        op: _operation_class(op, context)
        for op in pattern.walk()
        if isinstance(op, pdl.OperationOp) and op.opName is not None
    }
    return PdlPattern(pattern, rewrite, root, classes, source)


def _check_known(ops: Iterable[Operation], known: tuple[type[Operation], ...]) -> None:
    for op in ops:
        if not isinstance(op, known):
            names = ", ".join(sorted(kind.name for kind in known))
            raise ForgeError("Forge does not apply this", op=op, hint=f"it knows {names} here")


def _check_reached(pattern: pdl.PatternOp, root: pdl.OperationOp) -> None:
    """Check that matching comes by all operations: it goes from the root to its operands."""
    reached: set[Operation] = set()
    waiting: list[Operation] = [root]
    while waiting:
        op = waiting.pop()
        reached.add(op)
        values: Sequence[SSAValue] = op.operand_values if isinstance(op, pdl.OperationOp) else ()
        for value in (*values, *((op.parent_,) if isinstance(op, pdl.ResultOp) else ())):
            if isinstance(value.owner, Operation):
                waiting.append(value.owner)
    for op in pattern.body.ops:
        if isinstance(op, pdl.OperationOp | pdl.OperandOp | pdl.ResultOp) and op not in reached:
            raise ForgeError(
                "the root does not depend on this, so no match would find it",
                op=op,
                hint="make the last of the operations the root: pdl.rewrite %last { … }",
            )


def _operation_class(op: pdl.OperationOp, context: Context) -> type[Operation]:
    assert op.opName is not None
    name = op.opName.data
    if (op_class := context.get_optional_op(name)) is not None:
        return op_class
    dialect = context.get_optional_dialect(name.partition(".")[0])
    hint = None if dialect is None else near_operation(name, dialect)
    raise ForgeError(f"there is no operation {name}", op=op, hint=hint)
