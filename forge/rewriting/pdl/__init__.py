"""Patterns written as text, in MLIR's dialect `pdl`, for Forge's driver.

xDSL has an interpreter of them, too. This one is bounded, counts, keeps locations and says why a
pattern did not match, like every pattern of Forge; it knows default properties, optional operands
and shape functions; and it points at what it does not take.
"""

from forge.rewriting.pdl.pattern import PdlPattern
from forge.rewriting.pdl.reading import read_patterns

__all__ = ["PdlPattern", "read_patterns"]
