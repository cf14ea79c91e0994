"""Verification of a whole module: every op's own verifier, and that definitions dominate uses.

xDSL checks each operation by itself; a use before its definition passes it. Here it does not.
"""

from __future__ import annotations

from collections.abc import Hashable

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.irdl.dominance import DominanceInfo
from xdsl.traits import IsolatedFromAbove, SymbolTable
from xdsl.utils.exceptions import VerifyException

from forge.diagnostics import Places
from forge.errors import ForgeError, Note
from forge.ir.schema_op import SchemaOp


def verify_module(module: Operation, places: Places | None = None) -> None:
    """Verify `module` and everything in it; linear in the number of operations.

    Of operations that are alike, as those of a model's layers are, one is verified for all.

    Args:
        places: the text that the operations come from, for the error to point into.

    Raises:
        ForgeError: the first thing that is wrong, with the operation's location.
    """
    try:
        _verify(module)
    except ForgeError as error:
        error.places = places
        raise


def _verify(module: Operation) -> None:
    # First, since xDSL's verifiers report a value from outside at the operation around its use.
    for region in module.regions:
        _Dominance().check(region)
    verified: set[Hashable] = set()
    # As in xDSL, from the inside out: a verifier may rely on what its operation holds.
    for op in module.walk(region_first=True):
        key = _kind(op)
        if key in verified:
            continue
        if op.regions:
            _check_symbols(op)
        if op.successors:
            _check_successors(op)
        try:
            op.verify(verify_nested_ops=False)
        except VerifyException as error:
            raise ForgeError(_reason(error), op=op, hint=None) from error
        if key is not None:
            verified.add(key)


def _check_symbols(table: Operation) -> None:
    """Check that no two operations of a symbol table have one name."""
    if not table.has_trait(SymbolTable):
        return
    named: dict[StringAttr, Operation] = {}
    for block in table.regions[0].blocks:
        for op in block.ops:
            name = op.get_attr_or_prop("sym_name")
            if not isinstance(name, StringAttr):
                continue
            if name in named:
                raise ForgeError(
                    f"redefinition of symbol @{name.data}",
                    op=op,
                    notes=[Note("first defined here", named[name])],
                )
            named[name] = op


# xDSL has no interface for what a branch hands to its blocks, and does not check it.
_SUCCESSOR_OPERANDS = {
    "cf.br": ("arguments",),
    "cf.cond_br": ("then_arguments", "else_arguments"),
}


def _check_successors(branch: Operation) -> None:
    """Check what a branch hands to the arguments of the blocks that may be next."""
    names = _SUCCESSOR_OPERANDS.get(branch.name, ())
    for name, block in zip(names, branch.successors, strict=False):
        given = [operand.type for operand in getattr(branch, name)]
        wanted = [argument.type for argument in block.args]
        if given != wanted:
            raise ForgeError(
                f"hands ({', '.join(map(str, given))}) to a block "
                f"that takes ({', '.join(map(str, wanted))})",
                op=branch,
            )


def _kind(op: Operation) -> Hashable:
    """What the verifier of an operation looks at, by identity; `None` if that may be more.

    These are its class, the types of its operands and results, its properties, and the constants
    among its operands. That it may end its block depends on where it stands.
    """
    if not isinstance(op, SchemaOp) or op.next_op is None:
        return None
    return (
        type(op),
        tuple([(id(operand.type), id(_constant(operand))) for operand in op.operands]),
        tuple([id(result.type) for result in op.results]),
        tuple([(name, id(value)) for name, value in op.properties.items()]),
    )


def _constant(value: SSAValue) -> object:
    owner = value.owner
    return owner.properties.get("value") if isinstance(owner, Operation) else None


_ABOUT_A_VALUE = ("operand '", "result '")


def _reason(error: VerifyException) -> str:
    # xDSL wraps the reason of an operation's own verifier into a print-out of the program; which
    # operand a constraint is about, only the wrapper says.
    cause = error.__cause__
    while isinstance(cause, VerifyException) and not str(error).startswith(_ABOUT_A_VALUE):
        error, cause = cause, cause.__cause__
    return str(error)


class _Dominance:
    """Where each operation stands in its block, and which blocks dominate which."""

    def __init__(self) -> None:
        self._positions: dict[Operation, int] = {}
        self._regions: dict[Region, DominanceInfo] = {}

    def check(self, region: Region) -> None:
        """Check all uses in a region and in the regions inside it."""
        for block in region.blocks:
            for position, op in enumerate(block.ops):
                self._positions[op] = position
        if len(region.blocks) > 1:
            self._regions[region] = DominanceInfo(region)
        for block in region.blocks:
            for op in block.ops:
                for index, operand in enumerate(op.operands):
                    self._check_use(operand, op, index)
                for inner in op.regions:
                    self.check(inner)

    def _check_use(self, value: SSAValue, user: Operation, index: int) -> None:
        block = value.owner if isinstance(value.owner, Block) else value.owner.parent
        if block is None:
            raise ForgeError(f"operand #{index} is defined by an erased operation", op=user)
        ancestor: Operation | None = user
        while ancestor is not None and not self._same_region(ancestor, block):
            ancestor = ancestor.parent_op()
            if ancestor is not None and ancestor.has_trait(IsolatedFromAbove):
                raise ForgeError(
                    f"operand #{index} is defined outside of {ancestor.name}, which sees nothing "
                    "from there",
                    op=user,
                    notes=_definition(value),
                )
        if ancestor is None or not self._dominates(value, block, ancestor):
            raise ForgeError(
                f"operand #{index} is used before its definition",
                op=user,
                notes=_definition(value),
            )

    @staticmethod
    def _same_region(op: Operation, block: Block) -> bool:
        return op.parent is block or (op.parent is not None and op.parent.parent is block.parent)

    def _dominates(self, value: SSAValue, block: Block, user: Operation) -> bool:
        if user.parent is not block:
            region = block.parent
            return (
                region is not None
                and user.parent is not None
                and self._regions[region].strictly_dominates(block, user.parent)
            )
        if isinstance(value, BlockArgument):
            return True
        assert isinstance(value.owner, Operation)
        return self._positions[value.owner] < self._positions[user]


def _definition(value: SSAValue) -> list[Note]:
    if not isinstance(value.owner, Operation):
        return []
    return [Note(f"defined here, by {value.owner.name}", value.owner)]
