"""LLVM's own mlir-opt reads what Forge prints in generic form, at every level, and says the same.

`make mlir-toolchain` installs it; without it these tests are skipped.
"""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp

from forge.compiler import default_pipeline
from forge.importer import capture, import_program
from forge.ir.text import make_context, parse_module, print_module
from forge.pipeline import build_pipeline, run_pipeline
from tests.passes.tiny_models import tiny_model

DIALECTS = Path(__file__).resolve().parents[1] / "lit_tests" / "dialects"
VALID = sorted(path for path in DIALECTS.rglob("*.mlir") if "%{round-trip}" in path.read_text())
MODELS = ("gpt2", "llama-3.2-1b", "bert-base", "vit-base", "lfm2-2.6b", "t5-small-encoder")

UNPLACED = ("builtin.module",)
"""Our parser gives what has no location its place in the text; the text around it has none."""


@pytest.fixture(scope="module")
def mlir_opt() -> str:
    """The command, on the path or where the extra `upstream` puts it."""
    package = find_spec("mlir")
    folders = package.submodule_search_locations if package is not None else None
    paths = [str(Path(folder, "bin")) for folder in folders or ()]
    command = shutil.which("mlir-opt", path=os.pathsep.join([os.environ["PATH"], *paths]))
    if command is None:
        pytest.skip("no mlir-opt on this machine: `make mlir-toolchain` installs it")
    return command


def read_by_mlir(text: str, command: str, *options: str) -> str:
    """What mlir-opt prints, in generic form, too, for a program that it has read and verified."""
    # xDSL reads booleans in hexadecimal with a byte each, MLIR writes a bit.
    plain = ("--mlir-print-op-generic", "--mlir-print-elementsattrs-with-hex-if-larger=-1")
    words = [command, "--allow-unregistered-dialect", *plain, *options]
    ended = subprocess.run(words, input=text, text=True, capture_output=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def assert_same_upstream(module: ModuleOp, command: str) -> None:
    """What mlir-opt prints of our text, it prints of our text of that, too."""
    theirs = read_by_mlir(print_module(module, generic=True), command)
    read = parse_module(theirs)
    assert read_by_mlir(print_module(read, generic=True), command) == theirs
    located = print_module(module, generic=True, debuginfo=True)
    back = parse_module(read_by_mlir(located, command, "--mlir-print-debuginfo"))
    places = [str(op.location) for op in module.walk() if op.name not in UNPLACED]
    assert [str(op.location) for op in back.walk() if op.name not in UNPLACED] == places


@pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_operation_is_read(path: Path, mlir_opt: str) -> None:
    assert_same_upstream(parse_module(path.read_text()), mlir_opt)


@pytest.mark.parametrize("name", MODELS)
def test_models_are_read_at_every_level(name: str, mlir_opt: str) -> None:
    model, inputs = tiny_model(name)
    module = import_program(capture(model, inputs)).module
    assert_same_upstream(module, mlir_opt)
    *passes, lowering, allocation = build_pipeline(default_pipeline("host"))
    for stage in (passes, [lowering], [allocation]):
        run_pipeline(module, stage, make_context())
        assert_same_upstream(module, mlir_opt)


def test_what_is_no_mlir_is_refused(mlir_opt: str) -> None:
    """The check can fail."""
    with pytest.raises(AssertionError, match="error:"):
        read_by_mlir('"aten.relu"(%0) : (tensor<2xf32>) -> tensor<2xf32>', mlir_opt)
