"""Reproducers: what they hold, what reads them, and what is refused."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.ir.source_text import SourceText
from forge.ir.text import make_context, parse_module, parse_source
from forge.passes.simplify import SimplifyPass
from forge.pipeline import run_pipeline
from forge.tools.forge_bisect import forge_bisect
from forge.tools.forge_reduce import forge_reduce
from forge.tools.opt.reproducer import Reproducer, WriteReproducer
from tests.tools.conftest import Tool, outcome

PLUGIN = Path(__file__).parent.parent / "planted_passes.py"
IDENTITY = (
    "func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {\n  func.return %x : tensor<2xf32>\n}\n"
)
PROGRAM = """
func.func @main(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  %0 = aten.sin %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = aten.reshape %0 {shape = [6]} : (tensor<2x3xf32>) -> tensor<6xf32>
  func.return %1 : tensor<6xf32>
}
"""
FAILING = ("--load-pass-plugin", PLUGIN, "-p", "simplify,wrong-shape,convert-to-reg")


def read(text: str) -> Reproducer:
    source = SourceText(text, "text.mlir")
    parse_source(source, make_context())
    return Reproducer.of(source)


def with_resource(entries: str) -> str:
    return f"{IDENTITY}{{-# external_resources: {{ mlir_reproducer: {{ {entries} }} }} #-}}\n"


@settings(max_examples=60, deadline=None)
@given(pipeline=st.text(st.characters(codec="utf-8")), verify_each=st.booleans())
def test_what_is_written_is_read(pipeline: str, verify_each: bool) -> None:
    reproducer = Reproducer(pipeline, verify_each)
    assert read(IDENTITY + str(reproducer)) == reproducer


def test_it_may_stand_among_other_resources() -> None:
    text = with_resource('pipeline: "builtin.module(a,b)" }, other: { a: "b", c: true')
    assert read(text) == Reproducer("a,b", True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (IDENTITY, "this program is no reproducer"),
        (with_resource("verify_each: true"), "mlir_reproducer needs pipeline: a string"),
        (with_resource("pipeline: true"), "mlir_reproducer needs pipeline: a string"),
        (with_resource('pipeline: "a", verify_each: "no"'), "verify_each: true or false"),
        (with_resource("pipeline"), "text.mlir:4:"),
        (with_resource("pipeline: 3"), "text.mlir:4:"),
        (IDENTITY + "{-# external_resources: { a: { b: ", "text.mlir:4:"),
    ],
)
def test_what_says_nothing_is_refused(text: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        read(text)


def test_a_program_that_is_no_text_is_none() -> None:
    with pytest.raises(ForgeError, match="no reproducer"):
        Reproducer.of(None)


@dataclass(frozen=True)
class FailLaterPass(ModulePass):
    """Fail when it runs for the second time."""

    name = "fail-later"
    runs: ClassVar[list[None]] = []

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        self.runs.append(None)
        if len(self.runs) == 2:
            raise ForgeError("that is enough")


@dataclass(frozen=True)
class CountUpPass(ModulePass):
    """Change the program whenever it runs."""

    name = "count-up"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in op.walk():
            inner.attributes["count"] = StringAttr("1" * len(FailLaterPass.runs))


@pytest.mark.parametrize(
    ("local", "pipeline"),
    [(False, "count-up,fail-later,simplify,count-up,fail-later,simplify"), (True, "fail-later")],
)
def test_rounds_before_the_failure_are_part_of_it(
    tmp_path: Path, local: bool, pipeline: str
) -> None:
    FailLaterPass.runs.clear()
    path = tmp_path / "reproducer.mlir"
    writer = WriteReproducer(path, False, local=local)
    passes = [CountUpPass(), FailLaterPass(), SimplifyPass()]
    with pytest.raises(ForgeError, match="enough"):
        run_pipeline(
            parse_module(IDENTITY), passes, make_context(), rounds=2, instrumentations=[writer]
        )
    assert read(path.read_text()) == Reproducer(pipeline, False)
    # A local one has what the passes before have done.
    assert ("count" in path.read_text().partition("{-#")[0]) == local


def test_it_can_be_reduced_and_bisected(
    opt: Tool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "reproducer.mlir"
    opt(*FAILING, f"--mlir-pass-pipeline-crash-reproducer={path}", text=PROGRAM)
    options = [path, "--crashes", "--run-reproducer", "--load-pass-plugin", PLUGIN]
    reduced = outcome(forge_reduce, options, capsys)
    assert "reduced: 2 → 1 operations" in reduced.err
    assert "pass:    wrong-shape, 2 of 3" in outcome(forge_bisect, options, capsys).out
    for tool in (forge_reduce, forge_bisect):
        twice = outcome(tool, [*options, "-p", "simplify"], capsys)
        assert "a reproducer says itself which passes to run" in twice.err


def test_each_says_for_itself_whether_to_verify(opt: Tool) -> None:
    lax, strict = (
        PROGRAM + str(Reproducer("wrong-shape", verify_each)) for verify_each in (False, True)
    )
    run = ("--load-pass-plugin", PLUGIN, "--run-reproducer", "--split-input-file")
    assert opt(*run, text=lax).code == 0
    assert opt(*run, text=f"{lax}// -----\n{strict}").code == 1
    for option in ("--disable-verify", "--verify-each=false"):
        assert opt(*run, option, text=strict).code == 0
