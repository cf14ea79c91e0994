"""The proof of an allocation finds every planted error."""

import re
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, OpResult
from xdsl.rewriter import Rewriter

from forge.analysis.allocation import check_allocation
from forge.analysis.liveness import live_intervals
from forge.analysis.storage import find_storages
from forge.compiler import default_pipeline
from forge.dialects import reg
from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.ir.text import parse_module
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model


@cache
def allocated(name: str) -> ModuleOp:
    model, inputs = tiny_model(name)
    module = import_program(capture(model, inputs)).module
    apply(module, f"{default_pipeline('CPU')},allocate-buffers")
    return module


def body(module: ModuleOp) -> Block:
    return next(op for op in module.ops if isinstance(op, FuncOp)).body.block


def registers(block: Block) -> list[OpResult]:
    """The results that have bytes in an arena."""
    return [
        result
        for op in block.ops
        for result in op.results
        if isinstance(result.type, reg.RegisterType) and result.type.offset is not None
    ]


def move(value: OpResult, offset: int) -> None:
    type = value.type
    assert isinstance(type, reg.RegisterType)
    Rewriter.replace_value_with_new_type(value, type.at(offset))


def overlaps_by_looking_at_all_pairs(block: Block) -> bool:
    """Whether two storages that live at once share bytes: the definition, and slow."""
    intervals = live_intervals(block)
    # Views and results in place are one storage only if they lie at one place.
    storages = [
        (storage.type.device, at, at + storage.type.num_bytes, value)
        for storage in find_storages(block)
        for value in storage.values
        if isinstance(value.type, reg.RegisterType) and (at := value.type.offset) is not None
    ]
    together = {v: s for s in find_storages(block) for v in s.values}
    return any(
        device == other_device
        and together[value] is not together[other]
        and intervals[value].overlaps(intervals[other])
        and start < other_stop
        and other_start < stop
        for i, (device, start, stop, value) in enumerate(storages)
        for other_device, other_start, other_stop, other in storages[:i]
    )


@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b", "lfm2-2.6b", "bert-base", "vit-base"])
def test_a_real_allocation_is_right(name: str) -> None:
    block = body(allocated(name))
    check_allocation(block)
    assert not overlaps_by_looking_at_all_pairs(block)
    assert len(registers(block)) > 50


@given(st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_register_that_is_moved_onto_live_bytes_is_found(data: st.DataObject) -> None:
    module = allocated("gpt2").clone()
    block = body(module)
    values, intervals = registers(block), live_intervals(block)
    value = data.draw(st.sampled_from(values))
    at_once = [other for other in values if intervals[other].overlaps(intervals[value])]
    target = data.draw(st.sampled_from(at_once))
    assert isinstance(target.type, reg.RegisterType) and target.type.offset is not None
    move(value, target.type.offset + data.draw(st.sampled_from([0, 64])))
    # Views and results in place may share bytes.
    assume(overlaps_by_looking_at_all_pairs(block))
    with pytest.raises(ForgeError, match=r"share bytes|is a view of"):
        check_allocation(block)


# Register types in short: 16@64 stands for !reg.reg<16xf32, cpu, offset = 64>.
VIEW = """
func.func @main(%x: 4x4) -> 16 {
  %a = reg.Relu %x : (4x4) -> 4x4@0
  %s = reg.Constant {value = dense<16> : tensor<1xi64>} : () -> !reg.reg<1xi64, cpu>
  %b = reg.Reshape %a, %s {special_zero = false} : (4x4@0, !reg.reg<1xi64, cpu>) -> 16@VIEW
  %c = reg.Softmax %b {axis = 0} : (16@VIEW) -> 16@SOFTMAX
  %d = reg.Add %c, LAST : (16@SOFTMAX, 16@OF_LAST) -> 16@SUM
  %e = reg.Relu %d : (16@SUM) -> 16
  func.return %e : 16
}
"""
SHORT = re.compile(r"(?<![\w<])(4x4|16)(?:@(\d+))?(?=[,) \n])")


def text(view: int, softmax: int, sum: int, last: str = "%c") -> Block:
    values = {"VIEW": view, "SOFTMAX": softmax, "SUM": sum, "LAST": last}
    source = VIEW.replace("OF_LAST", str(view if last == "%b" else softmax))
    for name, value in values.items():
        source = source.replace(name, str(value))
    return body(parse_module(SHORT.sub(_register, source)))


def _register(match: re.Match[str]) -> str:
    offset = "" if match[2] is None else f", offset = {match[2]}"
    return f"!reg.reg<{match[1]}xf32, cpu{offset}>"


def test_a_view_and_an_operand_that_is_not_needed_any_more_may_share_bytes() -> None:
    check_allocation(text(view=0, softmax=64, sum=64))
    check_allocation(text(view=0, softmax=64, sum=64, last="%b"))
    check_allocation(text(view=0, softmax=64, sum=0, last="%b"))


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (lambda: text(view=64, softmax=128, sum=128), "%b is a view of %a, but lies at 64"),
        # Softmax reads all before it writes one.
        (lambda: text(view=0, softmax=0, sum=64), "%c and %a share bytes 0 to 64 of cpu"),
        # The sum is in nobody's place, but half in %c's.
        (lambda: text(view=0, softmax=64, sum=96), "%d and %c share bytes 96 to 128 of cpu"),
    ],
)
def test_planted_errors_are_named(program, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        check_allocation(program())
