"""Tests of the tools' text output: `.venv/bin/lit lit_tests`, or one file of it."""

import os
import sys
from pathlib import Path

import lit.formats

SOURCE_ROOT = Path(__file__).resolve().parent
# The environment that lit itself runs in: not resolved, for a venv's python is a symbolic link.
BIN = Path(sys.executable).parent

for tool in ("forge-opt", "forge", "filecheck"):
    if not (BIN / tool).exists():
        lit_config.fatal(f"{tool} is not installed beside {sys.executable}: run `make setup`")

config.name = "Forge"
# lit's own shell: the same on every system, and it knows `not` without LLVM's binary of that name.
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = str(SOURCE_ROOT)
# Temporary files (%t) stay out of the source tree.
config.test_exec_root = str(SOURCE_ROOT.parent / "build" / "lit")

# forge-opt, forge, filecheck and python are found on the path, under their own names.
config.environment["PATH"] = os.pathsep.join([str(BIN), config.environment["PATH"]])
# Tables come out alike whatever the terminal.
config.environment["COLUMNS"] = "160"
config.environment["NO_COLOR"] = "1"
config.environment["HF_HUB_OFFLINE"] = "1"
