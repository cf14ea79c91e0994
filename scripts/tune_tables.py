"""Make Forge's tables for the NPU anew: search with the zoo's models on every platform.

    python scripts/tune_tables.py                                 # forms, all of it: a night
    python scripts/tune_tables.py gpt2 --platform NPU4000 --budget 40
    python scripts/tune_tables.py --strategies                    # then strategies: another one

A few layers of each model are tuned, with `forge tune`, from the tables that are there; what is
found goes into `forge/targets/forms`, or `forge/targets/strategies`. Where two models have
something of one kind and shape, the later one counts.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from forge.backends.npu import PLATFORMS
from forge.tools.cli import forge

TARGETS = Path(__file__).resolve().parent.parent / "forge" / "targets"
LAYERS = {
    "minilm": 2,
    "vit-base": 2,
    "bert-base": 2,
    "gpt2": 2,
    "granite-350m": 1,
    "qwen2-0.5b": 1,
    "llama-3.2-1b": 1,
    # Three, for the first two have convolutions in the place of attention.
    "lfm2-2.6b": 3,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", default=[*LAYERS], help="names in the zoo")
    parser.add_argument("--platform", nargs="+", default=[*PLATFORMS])
    parser.add_argument("--budget", type=int, default=60, help="programs for each search")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--strategies", action="store_true", help="instead of forms")
    arguments = parser.parse_args()
    tables = TARGETS / ("strategies" if arguments.strategies else "forms")
    failed = 0
    for platform in arguments.platform:
        table = tables / f"{platform.lower()}.toml"
        for model in arguments.models:
            options = ["--layers", LAYERS.get(model, 2), "--platform", platform, "-o", table]
            options += ["--budget", arguments.budget, "--seed", arguments.seed, "--no-confirm"]
            options += ["--strategies"] * arguments.strategies
            failed += forge(["tune", model, *map(str, options)])
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
