"""Import a module and check that the program computes what the module does, bit for bit."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.utils import _pytree as pytree

from forge.importer import ImportedProgram, capture, import_program
from forge.interpreters import run
from forge.ir.text import parse_module, print_module
from forge.ir.verifier import verify_module


def imported(
    module: nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None
) -> ImportedProgram:
    """The module's program, verified."""
    program = import_program(capture(module.eval(), args, kwargs))
    verify_module(program.module)
    return program


def check(
    module: nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None
) -> ImportedProgram:
    """Import the module; compare outputs with eager, also of the program read back from text."""
    program = imported(module, args, kwargs)
    with torch.no_grad():
        expected = module(*args, **(kwargs or {}))
    tensors = program.flatten(args, kwargs or {})
    actual = run(program.module, program.weights, tensors)
    assert not program.buffers
    assert_equal(program.unflatten(actual), expected)
    text = print_module(program.module)
    reread = parse_module(text)
    assert print_module(reread) == text
    assert_equal(run(reread, program.weights, tensors), actual)
    return program


def assert_equal(actual: Any, expected: Any) -> None:
    """The same structure, and equal tensors in it, NaN for NaN."""
    ours, our_spec = pytree.tree_flatten(actual)
    theirs, their_spec = pytree.tree_flatten(expected)
    assert our_spec == their_spec
    for mine, other in zip(ours, theirs, strict=True):
        if isinstance(other, torch.Tensor):
            torch.testing.assert_close(mine, other, rtol=0, atol=0, equal_nan=True)
        else:
            assert mine == other


def operations(program: ImportedProgram) -> list[str]:
    """The names of the operations in the program's function, in order."""
    return [op.name for op in program.module.walk()][2:-1]
