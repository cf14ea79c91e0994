"""Random programs of kernels on the host compute in their arena what they mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.rewriter import Rewriter

from forge.analysis.allocation import check_allocation
from forge.analysis.storage import find_storages
from forge.backends.openvino.backend import compile_program, translate_program
from forge.dialects import reg
from forge.errors import ForgeError
from forge.interpreters import run
from forge.ir.tensors import f32, f64
from forge.ir.text import make_context, parse_module
from forge.ir.verifier import verify_module
from forge.passes.allocate_buffers import AllocateBuffersPass
from forge.weights import ModuleWeights
from tests.analysis.simulated_arena import run_in_arena

SHAPE = (2, 3, 2)
INPUTS = [torch.linspace(-2, 2, 12).reshape(SHAPE), torch.linspace(1, 3, 12).reshape(SHAPE)]
WEIGHTS = ModuleWeights({"w": torch.linspace(-1, 1, 12).reshape(SHAPE)})
Make = Callable[[SSAValue, SSAValue, st.DataObject], reg.HostOp | None]


def shape_of(value: SSAValue) -> tuple[int, ...]:
    return cast(reg.RegisterType, value.type).shape


def kernel(name: str, x: SSAValue, **static: Any) -> reg.HostOp:
    return reg.HostOp(f"aten.{name}", {"input": x}, static)


def unary(x: SSAValue, _y: SSAValue, data: st.DataObject) -> reg.HostOp:
    return kernel(data.draw(st.sampled_from(["neg", "relu", "sin", "sigmoid"])), x)


def binary(x: SSAValue, y: SSAValue, data: st.DataObject) -> reg.HostOp | None:
    if not broadcasts(shape_of(x), shape_of(y)):
        y = x
    name = data.draw(st.sampled_from(["aten.add.Tensor", "aten.mul.Tensor", "aten.maximum"]))
    return reg.HostOp(name, {"input": x, "other": y})


def broadcasts(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    pairs = zip(reversed(first), reversed(second), strict=False)
    return all(a == b or 1 in (a, b) for a, b in pairs)


def conversion(x: SSAValue, _y: SSAValue, data: st.DataObject) -> reg.HostOp:
    dtype = data.draw(st.sampled_from([f32, f64]))
    return kernel("to.dtype", x, dtype=dtype, copy=data.draw(st.booleans()))


def reshape(x: SSAValue, _y: SSAValue, data: st.DataObject) -> reg.HostOp:
    shape = [n for n in shape_of(x) if n != 1]
    position = data.draw(st.integers(0, len(shape)))
    match data.draw(st.integers(0, 2)):
        case 0 if position < len(shape) and shape[position] % 2 == 0:
            shape[position : position + 1] = [shape[position] // 2, 2]
        case 1 if len(shape) > 1:
            position = min(position, len(shape) - 2)
            shape[position : position + 2] = [shape[position] * shape[position + 1]]
        case _:
            shape.insert(position, 1)
    return kernel("reshape", x, shape=shape)


def movement(x: SSAValue, _y: SSAValue, data: st.DataObject) -> reg.HostOp:
    rank = len(shape_of(x))
    if not rank:
        return kernel("unsqueeze", x, dim=0)
    dim = data.draw(st.integers(-rank, rank - 1))
    extent = shape_of(x)[dim]
    start = data.draw(st.integers(0, extent - 1))
    moved: list[tuple[str, dict[str, Any]]] = [
        ("permute", {"dims": list(reversed(range(rank)))}),
        ("permute", {"dims": [*range(1, rank), 0]}),
        ("transpose.int", {"dim0": dim, "dim1": 0}),
        ("slice.Tensor", {"dim": dim, "start": start, "step": data.draw(st.integers(1, 2))}),
        ("select.int", {"dim": dim, "index": start}),
        ("unbind.int", {"dim": dim}),
        ("chunk", {"chunks": 2, "dim": dim}),
        ("split.Tensor", {"split_size": 2, "dim": dim}),
        ("expand", {"size": [2, *shape_of(x)]}),
        ("contiguous", {}),
        ("clone", {}),
    ]
    name, static = data.draw(st.sampled_from(moved))
    return kernel(name, x, **static)


def reduction(x: SSAValue, _y: SSAValue, data: st.DataObject) -> reg.HostOp:
    return (
        kernel("cumsum", x, dim=0) if data.draw(st.booleans()) else kernel("softmax.int", x, dim=-1)
    )


def layer(x: SSAValue, y: SSAValue, _data: st.DataObject) -> reg.HostOp | None:
    weight = y if len(shape_of(y)) == 2 else x
    if len(shape_of(weight)) != 2 or not same_rows(x, weight):
        return None
    return reg.HostOp("transformer.linear", {"input": x, "weight": weight})


def same_rows(x: SSAValue, y: SSAValue) -> bool:
    rows = [(shape_of(v)[-1:], cast(reg.RegisterType, v.type).dtype) for v in (x, y)]
    return rows[0] == rows[1]


def sharing(x: SSAValue, y: SSAValue, _data: st.DataObject) -> reg.HostOp | None:
    if not broadcasts(shape_of(x), shape_of(y)):
        return None
    return reg.HostOp("aten.broadcast_tensors", {"tensors": [x, y]})


MAKERS: list[Make] = [unary, binary, conversion, reshape, movement, movement, movement, reduction]
MAKERS += [layer, sharing]


@st.composite
def programs(draw: st.DrawFn) -> str:
    data = draw(st.data())
    types = [reg.register_type(SHAPE, f32, "host") for _ in INPUTS]
    block = Block(arg_types=types)
    weight = reg.WeightOp("w", SHAPE, f32, device="host")
    block.add_op(weight)
    values: list[SSAValue] = [*block.args, weight.results[0]]
    for _ in range(data.draw(st.integers(4, 20))):
        # Mostly what is new, so that programs are deep.
        x, y = (values[-1 - data.draw(st.integers(0, min(k, len(values) - 1)))] for k in (3, 6))
        op = data.draw(st.sampled_from(MAKERS))(x, y, data)
        if op is None or sum(map(numel, op.results)) > 50:
            continue
        block.add_op(op)
        values += [result for result in op.results if numel(result)]
    # What is returned is not in the arena: the rest of a program is, if it ends in new memory.
    ends = [reg.HostOp("aten.tanh", {"input": value}) for value in values[-1:-4:-2]]
    block.add_ops(ends)
    returned = [end.results[0] for end in ends] + values[:1]
    returned += [values[data.draw(st.integers(0, len(values) - 1))]] * data.draw(st.integers(0, 1))
    block.add_op(ReturnOp(*returned))
    signature = (types, [value.type for value in returned])
    return str(ModuleOp([FuncOp("main", signature, Region(block))]))


def numel(value: SSAValue) -> int:
    count = 1
    for extent in shape_of(value):
        count *= extent
    return count


def body(module: ModuleOp) -> Block:
    return cast(FuncOp, module.body.block.first_op).body.block


def allocated(module: ModuleOp) -> Block:
    AllocateBuffersPass().apply(make_context(), module)
    verify_module(module)
    return body(module)


def agree(block: Block, expected: list[Tensor]) -> bool:
    """Whether the arena gives what is expected, but for what single elements are rounded to."""
    actual = run_in_arena(block, WEIGHTS, INPUTS)
    return all(
        torch.allclose(a, b, rtol=1e-5, atol=1e-5, equal_nan=True)
        for a, b in zip(actual, expected, strict=True)
    )


@given(programs())
@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])
def test_an_allocated_program_computes_the_same(text: str) -> None:
    module = parse_module(text)
    expected = [x.clone() for x in run(module, WEIGHTS, INPUTS)]
    assert agree(allocated(module), expected)


@given(programs())
@settings(max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate])
def test_the_executor_computes_the_same(text: str) -> None:
    module = parse_module(text)
    expected = [x.clone() for x in run(module, WEIGHTS, INPUTS)]
    allocated(module)
    executor = compile_program(translate_program(module, WEIGHTS), "host").executable
    inputs = [x.numpy() for x in INPUTS]
    first = executor.run(inputs)
    executor.run([array + 1 for array in inputs])
    for actual, wanted in zip(first, expected, strict=True):
        np.testing.assert_allclose(actual, wanted.numpy(), rtol=1e-5, atol=1e-5)


@given(programs(), st.data())
@settings(max_examples=250, deadline=None, derandomize=True, phases=[Phase.generate])
def test_what_the_proof_admits_computes_the_same(text: str, data: st.DataObject) -> None:
    module = parse_module(text)
    expected = [x.clone() for x in run(module, WEIGHTS, INPUTS)]
    block = allocated(module)
    for _ in range(data.draw(st.integers(1, 2))):
        move_one(block, data)
    try:
        check_allocation(block)
    except ForgeError:
        return
    assert agree(block, expected)


def move_one(block: Block, data: st.DataObject) -> None:
    """Plant an error: a register, or all of one storage, at some other place."""
    registers = [result for op in block.ops for result in op.results]
    value = data.draw(st.sampled_from(registers))
    storages = [s.values for s in find_storages(block) if value in s.values]
    together = storages[0] if storages and data.draw(st.booleans()) else [value]
    offset = data.draw(st.sampled_from([None, 0, 16, 64, 128, 192, 256]))
    for moved in together:
        type = cast(reg.RegisterType, moved.type)
        Rewriter.replace_value_with_new_type(moved, type.at(offset))
