"""Passes within a level, one a file; the file, the pass and its lit test share a name."""

DEFAULT_PIPELINE = ",".join(
    (
        "convert-aten-to-transformer",
        "simplify",
        "simplify-attention-mask",
        "fold-constants",
        "eliminate-common-subexpressions",
        "fuse-normalization",
        "fuse-rotary-embedding",
        "fuse-activation",
        "fuse-linear-activation",
        "fuse-mlp",
        "eliminate-dead-code",
    )
)
"""What takes an imported program from `aten` to `transformer`, as `forge-opt -p` accepts it."""
