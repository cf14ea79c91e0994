"""Dialects, passes and targets of other packages, right ones and broken ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugin_packages import install

EMPTY = "func.func @main() {\n  func.return\n}\n"
UNIVERSE = "from xdsl.universe import Universe\n"
LAZY = """
from xdsl.universe import Universe

def leave_alone():
    from dataclasses import dataclass
    from xdsl.passes import ModulePass

    @dataclass(frozen=True)
    class LeaveAlonePass(ModulePass):
        name = "leave-alone"

        def apply(self, ctx, op):
            pass

    return LeaveAlonePass

def broken():
    import no_such_package_anywhere

PASSES = {"leave-alone": leave_alone, "broken": broken}
U = Universe(all_passes=PASSES, all_dialects={"odd": broken})
"""


def forge_opt(folder: Path, *args: str, text: str = EMPTY) -> subprocess.CompletedProcess[str]:
    main = "import sys; from forge.tools.forge_opt import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", main, *args],
        input=text,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), *sys.path])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_what_is_not_used_is_not_loaded(tmp_path: Path) -> None:
    install(tmp_path, "lazy_plugin", "xdsl.universe", "lazy = lazy_plugin:U", LAZY)
    outcome = forge_opt(tmp_path, "-p", "leave-alone")
    assert (outcome.returncode, outcome.stderr) == (0, "")


@pytest.mark.parametrize(
    ("args", "text"), [(["-p", "broken"], EMPTY), ([], '"odd.op"() : () -> ()')]
)
def test_what_breaks_when_it_is_used_names_its_package(
    tmp_path: Path, args: list[str], text: str
) -> None:
    install(tmp_path, "lazy_plugin", "xdsl.universe", "lazy = lazy_plugin:U", LAZY)
    outcome = forge_opt(tmp_path, *args, text=text)
    assert outcome.returncode == 1
    assert "xdsl.universe: lazy of lazy-plugin 1.0 (lazy_plugin:U) is broken" in outcome.stderr
    assert "ModuleNotFoundError: No module named 'no_such_package_anywhere'" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("import no_such_package_anywhere", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        (UNIVERSE, "AttributeError"),
        ("U = 1", "it is a int, no xdsl.universe.Universe"),
        (f"{UNIVERSE}U = Universe(all_passes={{'simplify': None}})", "it has 'simplify', as has"),
    ],
)
def test_a_broken_universe_names_its_package(tmp_path: Path, module: str, reason: str) -> None:
    install(tmp_path, "odd_plugin", "xdsl.universe", "odd = odd_plugin:U", module)
    outcome = forge_opt(tmp_path)
    assert outcome.returncode == 1
    assert "xdsl.universe: odd of odd-plugin 1.0 (odd_plugin:U) is broken: " in outcome.stderr
    assert reason in outcome.stderr
    assert "hint: mend or uninstall odd-plugin" in outcome.stderr
    assert "Traceback" not in outcome.stderr
