"""Pipelines as text: as `-p` takes them, and as MLIR's tools do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xdsl.passes import ModulePass

from forge.errors import ForgeError

ANCHOR = "builtin.module"
"""What passes run on."""
_ANCHORED = re.compile(r"\s*([\w.]+)\s*\((.*)\)\s*", re.DOTALL)


def without_anchor(text: str) -> str:
    """The passes of a pipeline as MLIR writes it: `builtin.module(a,b{x=y})`.

    Raises:
        ForgeError: it is not written so, or passes are to run on something else.
    """
    if (match := _ANCHORED.fullmatch(text)) is None:
        raise ForgeError(
            f"{text!r} does not say what the passes run on",
            hint=f"'{ANCHOR}({text})' does, and -p '{text}' needs no such thing",
        )
    nested = _ANCHORED.fullmatch(match[2])
    if (wrong := nested[1] if nested is not None else match[1]) != ANCHOR or nested is not None:
        raise ForgeError(
            f"passes run on the module, not on {wrong}", hint=f"{ANCHOR}(…) takes passes alone"
        )
    return match[2]


def with_anchor(passes: Sequence[ModulePass]) -> str:
    """The pipeline that MLIR's tools would take for these passes."""
    return f"{ANCHOR}({pipeline_text(passes)})"


def pipeline_text(passes: Sequence[ModulePass]) -> str:
    """The pipeline that `build_pipeline` makes these passes of."""
    return ",".join(str(module_pass.spec()) for module_pass in passes)
