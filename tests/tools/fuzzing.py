"""Cases of a fuzzer, each made from a seed: nearly right programs, and random command lines."""

from __future__ import annotations

import contextlib
import io
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute
from xdsl.passes import get_pass_option_infos

from forge.compiler import default_pipeline
from forge.errors import ForgeError
from forge.ir.text import make_context, parse_module, print_module
from forge.pipeline import build_pipeline, run_pipeline
from forge.tools.forge_opt import forge_opt
from forge.universe import FORGE_UNIVERSE, multiverse
from tests.tools.mutations import mutate
from tests.tools.programs import LINEAR, RELU

LIT_TESTS = Path(__file__).parents[2] / "lit_tests"
PDL_PROGRAM = LIT_TESTS / "passes" / "apply_pdl_patterns.mlir"
PDL_PATTERNS = LIT_TESTS / "passes" / "Inputs" / "linear_relu.pdl"
DEVICES = ("CPU", "host")
KINDS = ("text", "options", "patterns")


@cache
def context() -> Context:
    return make_context()


@cache
def seeds() -> tuple[str, ...]:
    """Programs at every level, as lit tests have them, and in MLIR's generic form."""
    files = sorted(LIT_TESTS.rglob("*.mlir"))
    parts = [part for file in files for part in file.read_text().split("// -----")]
    texts = [RELU, LINEAR, *(part for part in parts if len(part) < 20_000)]
    return tuple(texts) + tuple(_generic(texts))


def _generic(texts: list[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        with contextlib.suppress(ForgeError):
            module = parse_module(text, context=context())
            yield print_module(module, generic=True, debuginfo=number % 4 == 0)


@cache
def pattern_seeds() -> tuple[str, ...]:
    """Patterns of PDL, readable and generic."""
    text = PDL_PATTERNS.read_text()
    return text, print_module(parse_module(text, context=context()), generic=True)


def mutated_patterns(rng: random.Random) -> str:
    """Patterns that name other operations and values, or of which a line is missing."""
    text = rng.choice(pattern_seeds())
    if rng.random() < 0.3:
        return mutate(text, rng)
    for _ in range(rng.choice((1, 1, 2, 4))):
        places = list(_NAME.finditer(text))
        place = rng.choice(places)
        kind = place[0][0]
        if kind == '"':
            dialect = context().get_optional_dialect(rng.choice(("aten", "transformer", "reg")))
            assert dialect is not None
            new = f'"{rng.choice(list(dialect.operations)).name}"'
        elif kind == "%":
            new = rng.choice([other[0] for other in places if other[0][0] == "%"])
        elif kind == "\n":
            new = "\n"
        else:
            new = str(rng.choice((0, 1, 2, 7, -1)))
        text = text[: place.start()] + new + text[place.end() :]
    return text


_NAME = re.compile(r'"\w+\.[\w.]+"|%\w+|\n[^\n{}]*\n|\b\d\b')


# -- programs ------------------------------------------------------------------------------


def mutated_text(rng: random.Random) -> str:
    return mutate(rng.choice(seeds()), rng)


def check_text(text: str, device: str = "CPU") -> None:
    """The text is refused, or it is a program: it prints, reads back, and passes take it.

    Raises:
        BaseException: something else than an error for the user; that is a bug.
    """
    try:
        module = parse_module(text, "mutated.mlir", context())
        _check_round_trip(module)
        passes = build_pipeline(default_pipeline(device))
        run_pipeline(module, passes, context(), verify_each=True)
    except ForgeError as error:
        assert "left an invalid program" not in error.message, error


def _check_round_trip(module: ModuleOp) -> None:
    for generic in (False, True):
        printed = print_module(module, generic=generic, debuginfo=True)
        try:
            again = parse_module(printed, "printed.mlir", context())
        except ForgeError as error:
            raise AssertionError(f"what was printed does not read back: {error}") from error
        assert print_module(again, generic=generic, debuginfo=True) == printed


# -- command lines -------------------------------------------------------------------------


@cache
def options() -> tuple[str, ...]:
    """The options of forge-opt, as its help has them."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        forge_opt(["--help"])
    return tuple(sorted(set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", out.getvalue()))))


_OF_PASSES = ("-p", "--passes", "--pass-pipeline")
_VALUES = (
    *("0", "1", "-1", "3", "0.5", "nan", "1e400", "99999999999999999999", "", " ", "-", "=", "é"),
    *("mlir", "forge", "pt2", "openvino", "bytecode", "cpu", "host", "all", "only-expected"),
    *("gone.mlir", "out.mlir", "out.xml", "out.forge", "in.mlir", "in.pdl", "no/such/dir", "."),
    *("simplify", "canonicalize", "cse", "dce", "list", "pipeline", "tree", "fusion"),
    *("builtin.module(simplify)", '\'{"a"', "{}", "a{b"),
)


def command_line(rng: random.Random) -> list[str]:
    """Options of forge-opt, right and wrong ones, in any order."""
    args: list[str] = ["in.mlir"] if rng.random() < 0.7 else []
    for _ in range(rng.choice((0, 1, 1, 2, 3, 5))):
        option = _spoilt(rng.choice(options()), rng)
        value = pipeline(rng) if option in _OF_PASSES else _spoilt(rng.choice(_VALUES), rng)
        args += rng.choice(([option], [option], [option, value], [f"{option}={value}"]))
    if rng.random() < 0.5:
        args += ["-p", pipeline(rng)]
    if rng.random() < 0.1:
        rng.shuffle(args)
    # No process can be given a NUL, and files belong into the case's own folder.
    return [re.sub(r"\0|(?:^|(?<==))/|\.\.", "", arg) for arg in args]


def pipeline(rng: random.Random) -> str:
    """Passes with options of right and wrong types."""
    names = list(FORGE_UNIVERSE.all_passes)
    passes = [_pass(rng.choice(names), rng) for _ in range(rng.choice((1, 1, 2, 4)))]
    text = ",".join(passes)
    if rng.random() < 0.2:
        text = f"builtin.module({text})"
    return mutate(text, rng) if rng.random() < 0.3 else text


def _pass(name: str, rng: random.Random) -> str:
    infos = get_pass_option_infos(multiverse().all_passes[name]())
    chosen = [info.name for info in infos if rng.random() < 0.4]
    values = (*_VALUES, "true", "false", '"x"', "1,2", "npu", '"NPU4000"', "best-fit")
    options = " ".join(f"{option}={rng.choice(values)}" for option in chosen)
    return f"{name}{{{options}}}" if options else name


def _spoilt(word: str, rng: random.Random) -> str:
    return mutate(word, rng) if word and rng.random() < 0.05 else word


def check_command_line(args: list[str], text: str, patterns: str = "") -> None:
    """The tool ends with 0, or with 1 and a message that is no traceback.

    Args:
        args: the command line; `in.mlir` and `in.pdl` are there.
        text: the program, which is on stdin as well.
        patterns: what is in `in.pdl`.

    Raises:
        BaseException: it does something else; that is a bug.
    """
    before = Attribute.__post_init__, Path.cwd(), sys.stdin
    out, err = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("in.mlir").write_text(text)
        Path("in.pdl").write_text(patterns)
        sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = _exit_code(args)
        finally:
            # What --disable-verify does is for a whole process.
            Attribute.__post_init__, directory, sys.stdin = before
            os.chdir(directory)
    out.flush()
    said = err.getvalue()
    assert code in (0, 1), f"exit code {code}: {said}"
    assert "Traceback" not in said, said
    # --shrink, which others run, says it on stdout.
    assert code == 0 or said or out.buffer.tell(), "it failed and said nothing"


def _exit_code(args: list[str]) -> int:
    try:
        return forge_opt(args)
    except SystemExit as leaving:
        return int(leaving.code or 0)


def run_case(kind: str, seed: int) -> None:
    """Run the case of a kind, one of `KINDS`, that a seed makes.

    Raises:
        BaseException: it found a bug; a note has what it takes to see it again.
    """
    rng = random.Random(seed)
    if kind == "text":
        text, device = mutated_text(rng), rng.choice(DEVICES)
        shown, check = f"device {device}, text:\n{text}", partial(check_text, text, device)
    elif kind == "options":
        args = command_line(rng)
        text = mutated_text(rng) if rng.random() < 0.3 else rng.choice(seeds())
        shown = f"forge-opt {args}, in.mlir:\n{text}"
        check = partial(check_command_line, args, text)
    else:
        patterns, text = mutated_patterns(rng), PDL_PROGRAM.read_text()
        shown = f"forge-opt in.mlir --apply-pdl in.pdl --explain, in.pdl:\n{patterns}"
        check = partial(check_command_line, shown.split(",")[0].split()[1:], text, patterns)
    try:
        check()
    except BaseException as error:
        error.add_note(f"{kind} {seed}: {shown}")
        raise
