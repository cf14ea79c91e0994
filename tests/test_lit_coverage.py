"""Every pass, operation and option has its lit test: these tests fail where one is missing."""

import re
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from forge.tools import forge_bisect, forge_reduce
from forge.tools.arguments import ToolParser
from forge.tools.forge_opt import forge_opt
from forge.tools.update_checks.main import update_checks
from forge.universe import FORGE_UNIVERSE

LIT_TESTS = Path(__file__).resolve().parents[1] / "lit_tests"
ROUND_TRIPS = ("%{round-trip} | filecheck %s", "%{round-trip-generic} | filecheck %s")


def run_lines(path: Path) -> list[str]:
    """The commands of a test; what follows a backslash is a part of the line before it."""
    text = path.read_text().replace("\\\n// RUN:", " ")
    return re.findall(r"^(?:// )?RUN: (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(FORGE_UNIVERSE.all_passes))
def test_every_pass_is_run_by_the_lit_test_of_its_name(name: str) -> None:
    module = FORGE_UNIVERSE.all_passes[name]().__module__.removeprefix("forge.").split(".")
    test = LIT_TESTS.joinpath(*module).with_suffix(".mlir")
    named = re.compile(rf"forge-opt .*(?<![\w-]){name}(?![\w-]).*\| filecheck")
    assert any(named.search(line) for line in run_lines(test))


@pytest.mark.parametrize("name", FORGE_UNIVERSE.all_dialects)
def test_every_operation_is_read_printed_and_read_again(name: str) -> None:
    operations = {op.name for op in FORGE_UNIVERSE.all_dialects[name]().operations}
    read: set[str] = set()
    checked: set[str] = set()
    operation = re.compile(rf"(?<![\w.\"!#]){name}\.[\w.]+(?=[ (\"])")
    for path in (LIT_TESTS / "dialects" / name).glob("*.mlir"):
        if not set(ROUND_TRIPS) <= set(run_lines(path)):
            continue
        for line in path.read_text().splitlines():
            found = checked if line.lstrip().startswith("// CHECK") else read
            found.update(operation.findall(line))
    assert operations - read == set()
    assert operations - checked == set()


@pytest.mark.parametrize("name", FORGE_UNIVERSE.all_dialects)
def test_every_dialect_shows_what_its_verifiers_refuse(name: str) -> None:
    tests = (LIT_TESTS / "dialects" / name).glob("*.mlir")
    assert any("--verify-diagnostics" in line for test in tests for line in run_lines(test))


class Parsed(Exception):
    """A tool has put its command line together."""

    def __init__(self, parser: ArgumentParser) -> None:
        self.parser = parser


TOOLS: dict[str, Callable[[Sequence[str]], object]] = {
    "forge-opt": forge_opt,
    "forge-reduce": forge_reduce.main,
    "forge-bisect": forge_bisect.main,
    "forge-update-checks": update_checks,
}


@pytest.mark.parametrize("tool", TOOLS)
def test_every_option_is_used_by_a_lit_test(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(parser: ToolParser, *_: object) -> None:
        raise Parsed(parser)

    monkeypatch.setattr(ToolParser, "parse_args", stop)
    with pytest.raises(Parsed) as parsed:
        TOOLS[tool]([])
    tests = [*LIT_TESTS.rglob("*.mlir"), *LIT_TESTS.rglob("*.test")]
    lines = [line for test in tests for line in run_lines(test) if tool in line]
    words = {word.partition("=")[0] for line in lines for word in re.split(r"[\s'\"]+", line)}
    unused = [
        "/".join(action.option_strings)
        for action in parsed.value.parser._actions
        if action.option_strings and not words & set(action.option_strings)
    ]
    assert unused == []
