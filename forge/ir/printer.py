"""xDSL's printer, which can leave large constants out."""

from __future__ import annotations

from math import prod
from typing import IO, Any, cast

from xdsl.dialects.builtin import DenseIntOrFPElementsAttr
from xdsl.ir import Attribute
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

    def print_attribute(self, attribute: Attribute) -> None:
        if isinstance(attribute, DenseIntOrFPElementsAttr):
            constant = cast("DenseIntOrFPElementsAttr[Any]", attribute)
            if self._is_elided(constant):
                self.print_string("dense_resource<__elided__> : ")
                super().print_attribute(constant.type)
                return
        super().print_attribute(cast(Attribute, attribute))

    def _is_elided(self, constant: DenseIntOrFPElementsAttr[Any]) -> bool:
        # One number for all elements is short however many there are.
        return (
            self._elide_larger is not None
            and not constant.is_splat()
            and prod(constant.type.get_shape()) > self._elide_larger
        )
