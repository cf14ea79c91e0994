"""Bytecode in and out of the tools: files, pipes, terminals, and what is damaged."""

import io
import sys
from pathlib import Path

import pytest

from forge.tools.forge_opt import forge_opt
from tests.backends.hostile_bytes import HEAD, with_checksum
from tests.tools.conftest import Tool
from tests.tools.programs import LINEAR

PASSES = ("-p", "convert-to-reg,allocate-buffers")
WRITE = ("-t", "bytecode")


@pytest.fixture
def program(opt: Tool, tmp_path: Path) -> Path:
    path = tmp_path / "program.forge"
    outcome = opt(*PASSES, *WRITE, "-o", path, text=LINEAR)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert [file.name for file in tmp_path.iterdir()] == ["program.forge"]
    return path


class Stdout(io.TextIOWrapper):
    def __init__(self, terminal: bool) -> None:
        super().__init__(io.BytesIO())
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def piped(monkeypatch: pytest.MonkeyPatch, *args: str, terminal: bool = False) -> bytes:
    """What forge-opt writes as bytes."""
    stdout = Stdout(terminal)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINEAR.encode())))
        patch.setattr(sys, "stdout", stdout)
        code = forge_opt([*PASSES, *WRITE, *args])
    content = stdout.buffer.getvalue()
    assert (code == 0) == bool(content)
    return content


def test_text_comes_back_from_a_file(opt: Tool, cli: Tool, program: Path) -> None:
    text = opt(*PASSES, text=LINEAR).out
    assert opt(program).out == cli("disasm", program).out == text
    with_places = opt(*PASSES, "--print-debuginfo", text=LINEAR).out
    assert cli("disasm", program, "--print-debuginfo").out == with_places


def test_bytecode_in_a_pipe_is_known_by_its_first_bytes(
    opt: Tool, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = piped(monkeypatch)
    assert content == program.read_bytes()
    assert opt(text=content).out == opt("-f", "forge", text=content).out == opt(program).out


def test_a_terminal_gets_bytecode_when_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not piped(monkeypatch, terminal=True)
    assert capsys.readouterr().err == (
        "error: bytecode is nothing for a terminal\n"
        "  hint: -o program.forge writes a file; -o - writes it here all the same\n"
    )
    assert piped(monkeypatch, "-o", "-", terminal=True) == piped(monkeypatch)


def test_bytecode_is_run_and_compiled_as_text_is(
    opt: Tool, cli: Tool, program: Path, tmp_path: Path
) -> None:
    text = tmp_path / "program.mlir"
    assert opt(*PASSES, "-o", text, text=LINEAR).code == 0
    assert opt(program, "--run").out == opt(text, "--run").out
    assert cli("run", program).out == cli("run", text).out
    compiled = ("--device", "CPU", "--compare", "reference", "--json")
    assert cli("run", program, *compiled).out.replace(".forge", ".mlir") == (
        cli("run", text, *compiled).out
    )


def test_passes_go_on_where_bytecode_stopped(opt: Tool, tmp_path: Path) -> None:
    path = tmp_path / "unallocated.forge"
    assert opt("-p", "convert-to-reg", *WRITE, "-o", path, text=LINEAR).code == 0
    assert "offset" not in opt(path).out
    assert opt(path, "-p", "allocate-buffers").out == opt(*PASSES, text=LINEAR).out


def test_the_header_says_what_takes_the_bytes(cli: Tool, program: Path) -> None:
    outcome = cli("disasm", program, "--header")
    assert outcome.code == 0
    for section in ("header", "strings", "attributes", "instructions"):
        assert section in outcome.out
    assert f"{program.stat().st_size:,}" in outcome.out


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[: len(content) // 2], "is it cut short?"),
        (lambda content: with_checksum(content[: len(content) // 2]), "is damaged at byte"),
        (lambda _: b"", "is no bytecode of Forge"),
        (lambda _: LINEAR.encode(), "is no bytecode of Forge"),
        (lambda content: content[:6] + b"\x09" + content[7:], "has version 9 of the bytecode"),
        (lambda content: with_checksum(content[:HEAD] + b"\xff" * 40), "a number does not end"),
    ],
)
def test_a_damaged_file_is_one_message(
    opt: Tool, cli: Tool, program: Path, damage, message: str
) -> None:
    program.write_bytes(damage(program.read_bytes()))
    target = program.with_name("out.mlir")
    runs = ((opt, program), (cli, "disasm", program), (cli, "run", program))
    for tool, *args in (
        *runs,
        (opt, program, "-o", target),
        (cli, "disasm", program, "-o", target),
    ):
        outcome = tool(*args)
        assert outcome.code == 1
        assert outcome.out == ""
        assert outcome.err.startswith(f"error: {program} ")
        assert message in outcome.err
        assert "Traceback" not in outcome.err
    assert not target.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("-t bytecode -o p.forge", "bytecode holds registers, not tensor<2x4xf32>"),
        ("-t bytecode -o nowhere/p.forge", "there is no directory nowhere"),
        ("-t bytecode{path=1} -o p.forge", "target 'bytecode'"),
        ("-t bytecode --split-input-file -o p.forge", "and bytecode holds one program"),
    ],
)
def test_what_cannot_be_written(
    opt: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = opt(*arguments.split(), text=LINEAR)
    assert outcome.code == 1
    assert outcome.err.startswith("error: ")
    assert message in outcome.err
    assert not list(tmp_path.iterdir())
