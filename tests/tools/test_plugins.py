"""`--load-pass-plugin`: passes from a file of the user's."""

from pathlib import Path

import pytest

from tests.tools.conftest import Tool

PASS = '''
from dataclasses import dataclass
from xdsl.passes import ModulePass

@dataclass(frozen=True)
class {class_name}(ModulePass):
    """Leave the program as it is."""
    name = "{name}"
    times: int = 1
    def apply(self, ctx, op):
        assert self.times < 3
'''
IDENTITY = """
func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  func.return %x : tensor<2xf32>
}
"""
EMPTY = "func.func @main() {\n  func.return\n}\n"


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    # One name for each test: what a process has loaded stays.
    path = tmp_path / "leave_alone.py"
    path.write_text(PASS.format(class_name="LeaveAlonePass", name=f"leave-{tmp_path.name}"))
    return path


def name_of(plugin: Path) -> str:
    return f"leave-{plugin.parent.name}"


def test_its_passes_run_with_their_options(opt: Tool, plugin: Path) -> None:
    name = name_of(plugin)
    outcome = opt(
        "--load-pass-plugin", plugin, "-p", f"{name}{{times=2}}", "--time-passes", text=EMPTY
    )
    assert outcome.code == 0
    assert f"%)  {name}{{times=2}}\n" in outcome.err


def test_its_passes_are_listed_and_dumped(opt: Tool, plugin: Path) -> None:
    assert name_of(plugin) in opt("--load-pass-plugin", plugin, "--list-passes").out
    dumped = opt("--load-pass-plugin", plugin, "-p", name_of(plugin), "--dump-pipeline")
    assert dumped.out == f"{name_of(plugin)}\n"


def test_it_may_be_loaded_again(opt: Tool, plugin: Path) -> None:
    for _ in range(2):
        assert not opt("--load-pass-plugin", plugin, "-p", name_of(plugin), text=EMPTY).code


def test_forge_compile_takes_it_too(cli: Tool, plugin: Path, tmp_path: Path) -> None:
    text = tmp_path / "empty.mlir"
    text.write_text(IDENTITY)
    pipeline = f"{name_of(plugin)},convert-to-reg"
    outcome = cli("compile", text, "--load-pass-plugin", plugin, "-p", pipeline, "--json")
    assert outcome.code == 0
    assert name_of(plugin) in outcome.out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("import math\n", "defines no pass"),
        ("def broken(:\n", "SyntaxError"),
        ("import no_such_package_anywhere\n", "failed at line 1: ModuleNotFoundError"),
        (PASS.format(class_name="MinePass", name="simplify"), "there is one of that name already"),
    ],
)
def test_a_wrong_plugin_gets_one_message(
    opt: Tool, tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "plugin.py"
    path.write_text(content)
    outcome = opt("--load-pass-plugin", path, "-p", "simplify", text=EMPTY)
    assert outcome.code == 1
    assert message in outcome.err
    assert "hint: a plugin defines" in outcome.err or "hint: give it" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_missing_plugin_is_named(opt: Tool, tmp_path: Path) -> None:
    outcome = opt("--load-pass-plugin", tmp_path / "gone.py", text=EMPTY)
    assert (outcome.code, "there is no file" in outcome.err) == (1, True)
