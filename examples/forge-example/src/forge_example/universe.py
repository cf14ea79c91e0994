"""What this package has, for xDSL's tools and Forge's.

This module is imported whenever one of them starts, so it imports nothing else of ours: what is
used is imported when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdsl.universe import Universe

if TYPE_CHECKING:
    from xdsl.ir import Dialect
    from xdsl.passes import ModulePass
    from xdsl.utils.target import Target


def _example() -> Dialect:
    from forge_example.dialect import Example

    return Example


def _fuse_soft_cap() -> type[ModulePass]:
    from forge_example.fuse_soft_cap import FuseSoftCapPass

    return FuseSoftCapPass


def _op_counts() -> type[Target]:
    from forge_example.op_counts import OpCountsTarget

    return OpCountsTarget


EXAMPLE_UNIVERSE = Universe(
    all_dialects={"example": _example},
    all_passes={"fuse-soft-cap": _fuse_soft_cap},
    all_targets={"op-counts": _op_counts},
)
