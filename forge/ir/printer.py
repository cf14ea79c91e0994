"""xDSL's printer, faster for types, and able to leave large constants out."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from math import prod
from typing import IO, Any, cast

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, i1
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
        elif isinstance(attribute, DenseIntOrFPElementsAttr):
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
        shape = constant.type.get_shape()
        elements = prod(shape)
        elided = self._elide_larger is not None and elements > self._elide_larger
        # xDSL writes many elements in hexadecimal, booleans with a byte each, where MLIR has a bit.
        spelled = self.print_generic_format and constant.type.element_type == i1 and elements > 100
        # One number for all elements is short however many there are.
        if not (elided or spelled) or constant.is_splat():
            super().print_attribute(constant)
            return
        text = "dense_resource<__elided__>" if elided else f"dense<{_booleans(constant, shape)}>"
        self.print_string(f"{text} : ")
        self.print_attribute(constant.type)


def _booleans(constant: DenseIntOrFPElementsAttr[Any], shape: Sequence[int]) -> str:
    parts = ["true" if value else "false" for value in constant.get_values()]
    for extent in reversed(shape):
        rows = (parts[start : start + extent] for start in range(0, len(parts), extent))
        parts = [f"[{', '.join(row)}]" for row in rows]
    return parts[0]
