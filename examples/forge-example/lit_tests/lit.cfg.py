"""Tests of the package's text: `lit lit_tests`, with the tools of the same environment."""

import os
import sys
from pathlib import Path

import lit.formats

config.name = "forge-example"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.test_source_root = str(Path(__file__).resolve().parent)
config.test_exec_root = str(Path(__file__).resolve().parents[1] / "build" / "lit")
config.environment["PATH"] = os.pathsep.join(
    [str(Path(sys.executable).parent), config.environment["PATH"]]
)
config.environment["COLUMNS"] = "160"
