"""xDSL's printer, faster for types, and able to leave large constants out."""

from __future__ import annotations

from io import StringIO
from math import prod
from typing import IO, Any, cast

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Attribute, TypeAttribute
from xdsl.printer import Printer


class TextPrinter(Printer):
    """Prints programs."""

    def __init__(
        self, stream: IO[str], *, generic: bool, debuginfo: bool, elide_larger: int | None = None
    ) -> None:
        """Print to a stream.

        Args:
            stream: where to print.
            generic: print MLIR's generic form.
            debuginfo: print locations.
            elide_larger: leave constants of more than so many elements out, as MLIR does: such a
                text cannot be read back.
        """
        super().__init__(stream, print_generic_format=generic, print_debuginfo=debuginfo)
        self._elide_larger = elide_larger
        self._types: dict[int, tuple[TypeAttribute, str]] = {}

    def print_attribute(self, attribute: Attribute) -> None:
        if isinstance(attribute, TypeAttribute):
            self.print_string(self._type_text(attribute))
        elif self._elide_larger is not None and isinstance(attribute, DenseIntOrFPElementsAttr):
            self._print_constant(cast("DenseIntOrFPElementsAttr[Any]", attribute))
        else:
            super().print_attribute(attribute)

    def _type_text(self, type: TypeAttribute) -> str:
        """The text of a type, made once: types are most of a program's text."""
        # By identity, since hashing a type takes as long as printing it; it is kept to stay alive.
        known = self._types.get(id(type))
        if known is None:
            stream, self.stream = self.stream, StringIO()
            column = self._current_column
            super().print_attribute(cast(Attribute, type))
            known = self._types[id(type)] = type, self.stream.getvalue()
            self.stream, self._current_column = stream, column
        return known[1]

    def _print_constant(self, constant: DenseIntOrFPElementsAttr[Any]) -> None:
        # One number for all elements is short however many there are.
        if constant.is_splat() or prod(constant.type.get_shape()) <= (self._elide_larger or 0):
            super().print_attribute(constant)
        else:
            self.print_string("dense_resource<__elided__> : ")
            self.print_attribute(constant.type)
