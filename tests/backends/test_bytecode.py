"""Bytecode: what goes in comes out, and damaged files are errors, whatever is in them."""

import random
import struct
import tracemalloc
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects import func
from xdsl.dialects.builtin import BytesAttr, DenseIntOrFPElementsAttr, ModuleOp, f32
from xdsl.ir import Block, Region
from xdsl.utils.exceptions import VerifyException

import forge
from forge.backends.vm.bytecode import VERSION, assemble, disassemble
from forge.backends.vm.wire import MAGIC, Reader, Writer
from forge.dialects import reg
from forge.errors import ForgeError
from forge.importer import capture, import_program
from forge.ir.tensors import numpy_dtype, tensor_type
from forge.ir.text import parse_module, print_module
from forge.passes import pipeline_at
from forge.weights import RandomWeights
from forge.zoo import build
from tests.backends.hostile_bytes import HEAD, mutate, with_checksum
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

PROGRAM = """
func.func @main(%x: !reg.reg<2x4xf32, cpu> {forge.name = "x"}) -> !reg.reg<2x4xf32, cpu> {
  %w = reg.weight "w" : !reg.reg<4x4xf32, cpu>
  %0 = reg.MatMul %x, %w {transpose_b = true} : (!reg.reg<2x4xf32, cpu>, !reg.reg<4x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  %1 = reg.Swish %0 : (!reg.reg<2x4xf32, cpu>) -> !reg.reg<2x4xf32, cpu>
  func.return %1 : !reg.reg<2x4xf32, cpu>
}
"""  # noqa: E501 a program's lines are as long as they are


@cache
def bytecode(name: str, device: str = "cpu") -> bytes:
    return assemble(lowered(name, device))


def lowered(name: str, device: str = "cpu"):
    model, inputs = tiny_model(name)
    module = import_program(capture(model, inputs)).module
    apply(module, f"{pipeline_at(1.0)},convert-to-reg{{device={device}}},allocate-buffers")
    return module


@pytest.mark.parametrize("device", ["cpu", "host"])
@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b", "vit-base", "t5-small-decoder"])
def test_a_program_reads_back_as_it_was(name: str, device: str) -> None:
    module = lowered(name, device)
    text = print_module(module, debuginfo=True)
    content = assemble(module)
    assert print_module(disassemble(content), debuginfo=True) == text
    assert assemble(disassemble(content)) == content
    assert len(content) < len(text) / 2


@pytest.mark.parametrize("name", ["lfm2-2.6b", "llama-3.1-8b"])
def test_a_whole_model_reads_back_as_it_was(name: str) -> None:
    model = build(name, weights="fake")
    module = import_program(capture(model.module, model.example_args)).module
    apply(module, f"{pipeline_at(1.0)},convert-to-reg,allocate-buffers")
    text = print_module(module, debuginfo=True)
    assert print_module(disassemble(assemble(module)), debuginfo=True) == text


def test_a_program_of_text_reads_back() -> None:
    module = parse_module(PROGRAM)
    assert print_module(disassemble(assemble(module))) == print_module(module)


def test_what_is_no_function_of_one_block_is_refused() -> None:
    with pytest.raises(ForgeError, match="functions of one block"):
        assemble(parse_module('%0 = reg.weight "w" : !reg.reg<4xf32, cpu>'))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda _content: b"", "is no bytecode"),
        (lambda content: b"ELF" + content, "is no bytecode"),
        (lambda content: MAGIC + bytes([VERSION + 1]) + content[HEAD:], "has version 2"),
        (lambda content: content[:-1], "is it cut short?"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "checksum is not that"),
        (lambda content: with_checksum(content[:-3]), "damaged at byte"),
        (lambda content: with_checksum(content + b"\0"), "more behind its end"),
    ],
)
def test_a_damaged_file_is_named(damage, message: str) -> None:
    content = assemble(parse_module(PROGRAM))
    with pytest.raises(ForgeError, match=message):
        disassemble(damage(content), "p.forge")


@pytest.mark.parametrize("seed", range(4))
def test_hostile_bytes_are_errors(seed: int) -> None:
    # With right checksums, so that every check behind them is reached.
    rng, content = random.Random(seed), bytecode("gpt2")
    admitted = 0
    for _ in range(150):
        try:
            disassemble(mutate(content, rng))
            admitted += 1
        except ForgeError as error:
            assert str(error)
    # Names and locations may be anything.
    assert admitted < 75


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_errors(content: bytes) -> None:
    with pytest.raises(ForgeError):
        disassemble(with_checksum(MAGIC + bytes([VERSION]) + bytes(4) + content))


@given(st.lists(st.integers(0, 2**63 - 1)), st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_numbers_read_back(numbers: list[int], signed: list[int]) -> None:
    writer = Writer()
    writer.numbers(numbers)
    for value in signed:
        writer.signed(value)
    reader = Reader(bytes(writer.buffer), "n")
    assert reader.repeated(reader.number) == numbers
    assert [reader.signed() for _ in signed] == signed


@pytest.mark.parametrize("content", [b"\xff" * 20, b"\x80", b"\xff" * 9 + b"\x01"])
def test_a_number_that_does_not_end_is_an_error(content: bytes) -> None:
    with pytest.raises(ForgeError, match="damaged at byte"):
        Reader(content, "n").number()


@pytest.mark.parametrize("seed", range(2))
def test_what_is_admitted_runs_or_says_why_not(seed: int) -> None:
    rng, content = random.Random(seed), bytecode("gpt2", "host")
    ran = 0
    for _ in range(100):
        try:
            module = disassemble(mutate(content, rng))
            program = forge.compile(module, device="host", weights=RandomWeights(module, 0))
            inputs = [np.zeros(p.type.shape, numpy_dtype(p.type.dtype)) for p in program.inputs]
            program.run_flat(inputs)
            ran += 1
        except ForgeError as error:
            assert str(error)
    assert ran


# -- files that are right, and mean harm -----------------------------------------------------

FAR = """
func.func @main(%x: !reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, cpu> {
  %0 = reg.Relu %x : (!reg.reg<4xf32, cpu>) -> !reg.reg<4xf32, cpu, offset = FAR>
  %1 = reg.Exp %0 : (!reg.reg<4xf32, cpu, offset = FAR>) -> !reg.reg<4xf32, cpu>
  func.return %1 : !reg.reg<4xf32, cpu>
}
"""


def test_attributes_do_not_grow_without_bound() -> None:
    # Each entry is an array of twice the one before it.
    body = Writer()
    body.numbers([])
    body.number(41)
    body.buffer += bytes([1, *(part for n in range(40) for part in (9, 2, n, n))])
    with pytest.raises(ForgeError, match="an attribute consists of too much"):
        disassemble(with_checksum(MAGIC + bytes([VERSION]) + bytes(4) + body.buffer))


@pytest.mark.parametrize("offset", [4 << 20, 1 << 40, (1 << 63) - 17])
def test_an_arena_is_not_larger_than_what_lies_in_it(offset: int) -> None:
    content = assemble(parse_module(FAR.replace("FAR", str(offset))))
    with pytest.raises(ForgeError, match="behind all that its registers need"):
        disassemble(content)
    assert disassemble(assemble(parse_module(FAR.replace("FAR", str(1 << 20)))))


ASKS_FOR = """
func.func @main(%x: !reg.reg<1xf32, host>) -> !reg.reg<1xf32, host> {
  %0 = reg.host "aten.expand"(input = %x) {size = [MANY]} : (!reg.reg<1xf32, host>) -> !reg.reg<MANYxf32, host>
  %1 = reg.host "aten.exp"(input = %0) : (!reg.reg<MANYxf32, host>) -> !reg.reg<MANYxf32, host, offset = 0>
  %2 = reg.host "aten.slice.Tensor"(input = %1) {end = 1} : (!reg.reg<MANYxf32, host, offset = 0>) -> !reg.reg<1xf32, host, offset = 0>
  %3 = reg.host "aten.exp"(input = %2) : (!reg.reg<1xf32, host, offset = 0>) -> !reg.reg<1xf32, host>
  func.return %3 : !reg.reg<1xf32, host>
}
"""  # noqa: E501


def test_who_asks_for_more_memory_than_there_is_gets_an_error() -> None:
    asking = disassemble(assemble(parse_module(ASKS_FOR.replace("MANY", str(1 << 60)))))
    with pytest.raises(ForgeError, match="there is no memory for an arena of"):
        forge.compile(asking, device="host")
    constant = disassemble(assemble(huge(1 << 60)))
    with pytest.raises(ForgeError, match="there is no memory for a constant of"):
        forge.compile(constant, device="CPU")


def huge(*shape: int) -> ModuleOp:
    one = DenseIntOrFPElementsAttr(tensor_type(shape, f32), BytesAttr(struct.pack("<f", 1.0)))
    constant = reg.ConstantOp(one, device="cpu")
    relu = reg.ReluOp(constant.result)
    block = Block([constant, relu, func.ReturnOp(relu.result)])
    return ModuleOp([func.FuncOp("main", ([], [relu.result.type]), Region(block))])


def test_reading_takes_the_memory_of_the_file_whatever_its_shapes_are() -> None:
    content = assemble(huge(1 << 40))
    tracemalloc.start()
    module = disassemble(content)
    assert "dense<1.000000e+00>" in print_module(module)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
    assert assemble(module) == content


def test_no_register_is_larger_than_memory_can_be() -> None:
    with pytest.raises(VerifyException, match="is larger than any memory"):
        huge(1 << 40, 1 << 40)
    content = assemble(parse_module(PROGRAM)).replace(
        bytes([12, 2, 2, 2, 4]), bytes([12, 2, 2]) + b"\xff" * 8 + b"\x7f\x04"
    )
    with pytest.raises(ForgeError, match="is larger than any memory"):
        disassemble(with_checksum(content))
