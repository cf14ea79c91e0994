"""What a pattern is, and what it changes a program with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import UnionType
from typing import Any, ClassVar, Generic, TypeVar, Union, cast, get_args, get_origin

from xdsl.dialects.builtin import LocationAttr
from xdsl.ir import Operation, SSAValue
from xdsl.traits import ConstantLike

from forge.errors import ForgeError
from forge.ir.locations import UNKNOWN, fuse_locations
from forge.rewriting.dead_code import erase_with_producers

OpT = TypeVar("OpT", bound=Operation)
NewOpT = TypeVar("NewOpT", bound=Operation)


class Pattern(ABC, Generic[OpT]):
    """A rewrite that starts from operations of one class, or of a union of classes."""

    roots: ClassVar[tuple[type[Operation], ...]] = ()
    """The classes between the brackets; operations of their subclasses are tried, too."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for base in cast("tuple[Any, ...]", getattr(cls, "__orig_bases__", ())):
            if get_origin(base) is Pattern:
                cls.roots = _classes(get_args(base)[0])

    @property
    def name(self) -> str:
        """What reports call the pattern."""
        return type(self).__name__

    @abstractmethod
    def match_and_rewrite(self, op: OpT, rewriter: Rewriter) -> None:
        """Rewrite the program around `op` with `rewriter`, or leave it as it is.

        A pattern that almost matches says why it does not: `return rewriter.no_match(op, "…")`.
        What the shape function of a new operation refuses is such a reason, too.
        """


def _classes(root: Any) -> tuple[type[Operation], ...]:
    members = get_args(root) if get_origin(root) in (Union, UnionType) else (root,)
    return tuple(member for member in members if isinstance(member, type))


class Rewriter:
    """What a pattern changes a program with.

    It keeps locations: what a pattern makes gets the fused locations of all that it replaces,
    which are the operation named in `replace` and what only that one had needed.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.created: list[Operation] = []
        self.erased: list[Operation] = []
        self.touched: list[Operation] = []
        self.changed = False
        self.refusal: tuple[Operation, str] | None = None

    def no_match(self, op: Operation, reason: str) -> None:
        """Say why the pattern does not match here, for those who expected it to."""
        self.refusal = (op, reason)

    def insert(self, new: NewOpT, *, before: Operation) -> NewOpT:
        """Insert a new operation before another one."""
        block = before.parent
        assert block is not None, "the anchor must be part of the program"
        block.insert_op_before(new, before)
        self.created.append(new)
        self.changed = True
        return new

    def replace(self, op: Operation, new: Operation | SSAValue | Sequence[SSAValue]) -> None:
        """Replace an operation's results, and erase it with all that is dead without it.

        Args:
            op: the operation to replace.
            new: a new operation, inserted in its place; or a value for each result.

        Raises:
            ForgeError: a value has another type than the result that it replaces.
        """
        if isinstance(new, Operation):
            if new.parent is None:
                self.insert(new, before=op)
            values: Sequence[SSAValue] = new.results
        else:
            values = [new] if isinstance(new, SSAValue) else new
        self._check_types(op, values)
        for result, value in zip(op.results, values, strict=True):
            self.touched.extend(use.operation for use in result.uses)
            result.replace_all_uses_with(value)
        self.erase(op)

    def erase(self, op: Operation) -> None:
        """Erase an operation without users, and all that is dead without it."""
        erased = erase_with_producers(op)
        self.erased.extend(erased)
        self.changed = True

    def modified(self, op: Operation) -> None:
        """Say that the pattern changed an operation in place."""
        self.touched.append(op)
        self.changed = True

    def place(self) -> LocationAttr:
        """Give what was made its location; returns that location."""
        # Users were erased before what they used: turned round, the last one is what a fused group
        # computes. Constants that went with them are no place in anybody's model.
        sources = [
            op.location for op in reversed(self.erased) if not type(op).has_trait(ConstantLike)
        ] or [op.location for op in self.touched]
        location = sources[0] if len(sources) == 1 else fuse_locations(sources)
        for op in self.created:
            if op.location == UNKNOWN:
                op.location = location
        return location

    def _check_types(self, op: Operation, values: Sequence[SSAValue]) -> None:
        if len(values) != len(op.results):
            raise ForgeError(
                f"{self.pattern}: {len(values)} values replace {len(op.results)} results", op=op
            )
        for index, (result, value) in enumerate(zip(op.results, values, strict=True)):
            if result.type is not value.type and result.type != value.type:
                raise ForgeError(
                    f"{self.pattern}: result #{index} of type {result.type} "
                    f"is replaced by one of type {value.type}",
                    op=op,
                )
