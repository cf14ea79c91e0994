"""Tests of the tools' text output: `.venv/bin/lit lit_tests`, or one file of it."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import lit.formats

from forge.backends.npu.toolchain import find_toolchain

SOURCE_ROOT = Path(__file__).resolve().parent
# The environment that lit itself runs in: not resolved, for a venv's python is a symbolic link.
BIN = Path(sys.executable).parent

for tool in (
    "forge-opt",
    "forge",
    "forge-bisect",
    "forge-reduce",
    "forge-update-checks",
    "filecheck",
):
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

# What is printed reads back, in the readable form and in MLIR's generic one.
config.substitutions += [
    ("%{round-trip}", "forge-opt %s | forge-opt"),
    ("%{round-trip-generic}", "forge-opt %s --print-op-generic | forge-opt"),
    ("%forge-opt", "forge-opt"),
]

# What a test may ask for with REQUIRES. Text needs none of it; elsewhere, what is missing is left
# out and counted.
config.available_features.update(
    name for name in ("torch", "openvino", "transformers") if find_spec(name) is not None
)
if find_toolchain() is not None:
    config.available_features.add("npu-compiler")
# The extra `upstream` brings it, in a folder that is on no path.
if (mlir := find_spec("mlir")) is not None and mlir.submodule_search_locations:
    tools = Path(mlir.submodule_search_locations[0], "bin")
    config.environment["PATH"] += os.pathsep + str(tools)
if shutil.which("mlir-opt", path=config.environment["PATH"]) is not None:
    config.available_features.add("mlir-opt")

# Tables come out alike whatever the terminal.
config.environment["COLUMNS"] = "160"
config.environment["NO_COLOR"] = "1"
config.environment["HF_HUB_OFFLINE"] = "1"
