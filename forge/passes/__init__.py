"""Passes within a level, one a file; the file, the pass and its lit test share a name."""

from __future__ import annotations

from math import floor

from forge.errors import ForgeError

LOWERING = "convert-to-reg"
"""The pass that takes a program to the level `reg`."""

ALLOCATION = "allocate-buffers"
"""The pass that gives registers their bytes."""

_PASSES = (
    "convert-aten-to-transformer",
    "simplify",
    "fold-constants",
    "eliminate-common-subexpressions",
    "fuse-normalization",
    "fuse-rotary-embedding",
    "fuse-attention",
    "simplify-attention-mask",
    "fuse-activation",
    "fuse-linear-activation",
    "fuse-mlp",
    "fuse-gated-convolution",
    "fuse-residual",
    "optimize-layout",
    "eliminate-dead-code",
)

_FUSIONS_BY_WORTH = (
    "fuse-normalization",
    "fuse-rotary-embedding",
    "fuse-attention",
    "fuse-residual",
    "fuse-mlp",
    "fuse-linear-activation",
    "fuse-activation",
    "fuse-gated-convolution",
)
"""What `aggressiveness` adds, in this order: always the one that removes most operations next, as
the mean of the zoo's transformers with four layers (16, 11, 10, 5, 3, 3, 3 and 1 percent)."""


def pipeline_at(aggressiveness: float) -> str:
    """What takes an imported program from `aten` to `transformer`, as `forge-opt -p` accepts it.

    Args:
        aggressiveness: the share of the `fuse-` passes that run, from 0 (none) to 1 (all), rounded
            to a whole number of passes. More of it adds passes and never drops one. Whatever is no
            fusion always runs; so PyTorch's own composites, such as layer norms, stay whole.

    Raises:
        ForgeError: it is not between 0 and 1.
    """
    if not 0.0 <= aggressiveness <= 1.0:
        raise ForgeError(
            f"aggressiveness is {aggressiveness}, which is not between 0 and 1",
            hint="0 fuses nothing, 1 all that there is",
        )
    fusions = [name for name in _FUSIONS_BY_WORTH if name in _PASSES]
    dropped = fusions[floor(aggressiveness * len(fusions) + 0.5) :]
    return ",".join(name for name in _PASSES if name not in dropped)


DEFAULT_PIPELINE = pipeline_at(1.0)
"""All passes within the levels `aten` and `transformer`, in order."""


def npu_passes(platform: str, table: str | None = None) -> str:
    """What takes a program from `transformer` to instructions for an NPU, behind `pipeline_at`.

    A platform without a table of forms gets the default ones.

    Args:
        platform: OpenVINO's name of its generation, such as `NPU4000`.
        table: where forms are selected from, as `select-forms` takes it; by default the table of
            the platform.
    """
    from forge.targets.forms_table import table_platforms

    name = platform.lower()
    if table is None and name in table_platforms():
        table = name
    passes = (
        "convert-convolution-to-linear",
        "optimize-layout",
        *(() if table is None else (f"select-forms{{platform={table}}}",)),
        *(("legalize-grouped-heads",) if name == "npu3720" else ()),
        "apply-forms",
        f"{LOWERING}{{device=npu}}",
        "legalize-bfloat16",
        "legalize-masks",
        "compress-weights{type=f16}",
        f"assign-devices{{target={name}}}",
        "schedule-instructions",
    )
    return ",".join(passes)
