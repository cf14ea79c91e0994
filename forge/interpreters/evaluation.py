"""Running a program operation by operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from xdsl.dialects import func
from xdsl.dialects.builtin import ModuleOp, StringAttr, i8
from xdsl.ir import Attribute, Block, Operation, SSAValue

from forge.errors import ForgeError
from forge.interpreters.registry import Values, meaning_of
from forge.ir.tensors import Shaped, i4, is_complex, is_float, shaped
from forge.ir.torch_types import shaped_tensor, torch_dtype
from forge.weights import WeightStore

BUFFER_ATTRIBUTE = "forge.buffer"
"""Marks the arguments and results that are a buffer's value before and after a run, by its name."""


def run(
    module: ModuleOp, weights: WeightStore, inputs: Sequence[torch.Tensor], entry: str = "main"
) -> list[torch.Tensor]:
    """Run a function of a program; nothing is modified.

    Args:
        module: the program, verified, at any level.
        weights: the tensors that it names.
        inputs: one tensor an argument. Those of arguments that are buffers may be left out: their
            values are then the ones in `weights`.
        entry: the function's name.

    Returns:
        One tensor a result: the outputs, then the new values of the buffers it modifies. They may
        share memory with inputs and weights.

    Raises:
        ForgeError: the inputs do not fit, or an operation fails; the message names it.
    """
    block = entry_function(module, entry).body.block
    tensors = [*inputs, *_buffers(block, weights)[len(inputs) :]]
    values = Values(weights, _check_inputs(block, tensors))
    last_uses = _last_uses(block)
    with torch.no_grad():
        for op in block.ops:
            if isinstance(op, func.ReturnOp):
                return [values[operand] for operand in op.operands]
            _step(op, values)
            for dead in last_uses.get(op, ()):
                del values.tensors[dead]
    raise ForgeError(f"@{entry} does not end in func.return")


def random_inputs(module: ModuleOp, seed: int = 0, entry: str = "main") -> list[torch.Tensor]:
    """Reproducible inputs for a function: floats normal, integers 0 or 1 (they may be indices).

    Raises:
        ForgeError: there is no such function.
    """
    generator = torch.Generator().manual_seed(seed)
    return [
        _sample(_tensor_type(argument), generator)
        for argument in entry_function(module, entry).body.block.args
    ]


def entry_function(module: ModuleOp, name: str = "main") -> func.FuncOp:
    """The function `@name` of a program.

    Raises:
        ForgeError: there is none with a body of one block.
    """
    functions = [op for op in module.ops if isinstance(op, func.FuncOp)]
    for function in functions:
        if function.sym_name.data == name and len(function.body.blocks) == 1:
            return function
    known = ", ".join(f"@{function.sym_name.data}" for function in functions)
    raise ForgeError(f"the program has no function @{name}", hint=f"it has {known or 'none'}")


def _step(op: Operation, values: Values) -> None:
    meaning = meaning_of(op)
    try:
        computed = meaning(op, values)
    except (RuntimeError, IndexError, TypeError, ValueError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        raise ForgeError(f"{op.name} failed: {reason}", op=op) from error
    results: list[torch.Tensor | None] = (
        [computed] if isinstance(computed, torch.Tensor) else list(computed)
    )
    if len(results) != len(op.results):
        raise ForgeError(f"computed {len(results)} tensors for {len(op.results)} results", op=op)
    for index, (result, tensor) in enumerate(zip(op.results, results, strict=True)):
        if tensor is None:
            # Some operators leave out what only their backward pass would need.
            if result.first_use is None:
                continue
            raise ForgeError(f"result #{index} is used but was not computed", op=op)
        expected, actual = _tensor_type(result), shaped_tensor(tensor, op.name)
        if actual != expected:
            raise ForgeError(f"result #{index} is {actual}, but its type says {expected}", op=op)
        values.tensors[result] = tensor


def _last_uses(block: Block) -> dict[Operation, list[SSAValue]]:
    """For each operation the values that nothing needs after it, so that their memory is freed."""
    seen: set[SSAValue] = set()
    last_uses: dict[Operation, list[SSAValue]] = {}
    for op in reversed(list(block.ops)):
        dead = [value for value in dict.fromkeys([*op.operands, *op.results]) if value not in seen]
        seen.update(dead)
        if dead:
            last_uses[op] = dead
    return last_uses


def _tensor_type(value: SSAValue) -> Shaped:
    # A register's type wraps the tensor's; PyTorch holds i4 in i8.
    type = shaped(cast(Attribute, getattr(value.type, "tensor", value.type)))
    return Shaped(type.shape, i8) if type.dtype == i4 else type


def _argument_attributes(block: Block) -> list[dict[str, Attribute]]:
    function = block.parent_op()
    assert isinstance(function, func.FuncOp)
    if function.arg_attrs is None:
        return [{} for _ in block.args]
    return [dict(attributes.data) for attributes in function.arg_attrs]


def _name(attributes: dict[str, Attribute], key: str) -> str | None:
    name = attributes.get(key)
    return name.data if isinstance(name, StringAttr) else None


def _buffers(block: Block, weights: WeightStore) -> list[torch.Tensor | None]:
    names = [_name(attributes, BUFFER_ATTRIBUTE) for attributes in _argument_attributes(block)]
    return [None if name is None else weights.tensor(name) for name in names]


def _check_inputs(
    block: Block, tensors: Sequence[torch.Tensor | None]
) -> dict[SSAValue, torch.Tensor]:
    names = [
        _name(attributes, "forge.name") or f"#{index}"
        for index, attributes in enumerate(_argument_attributes(block))
    ]
    given = [tensor for tensor in tensors if tensor is not None]
    if len(given) != len(block.args) or len(tensors) != len(given):
        expected = f"{len(block.args)} ({', '.join(names)})" if names else "0"
        raise ForgeError(f"the program takes {expected} inputs, got {len(given)}")
    for name, argument, tensor in zip(names, block.args, given, strict=True):
        expected, actual = _tensor_type(argument), shaped_tensor(tensor, f"input {name!r}")
        if actual != expected:
            raise ForgeError(f"input {name!r} is {actual}; the program takes {expected}")
    return dict(zip(block.args, given, strict=True))


def _sample(type: Shaped, generator: torch.Generator) -> torch.Tensor:
    dtype = torch_dtype(type.dtype)
    if is_float(type.dtype) or is_complex(type.dtype):
        return torch.randn(type.shape, generator=generator, dtype=torch.float32).to(dtype)
    return torch.randint(0, 2, type.shape, generator=generator).to(dtype)
