"""Whatever can be run, seen alike: a text, a compiled model, a saved program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from forge.backends.memory import array_to_tensor, tensor_to_array
from forge.backends.ports import Port
from forge.tools.input_arrays import given_arrays, random_arrays
from forge.tools.interface import program_ports
from forge.tools.tensor_files import write_arrays
from forge.weights import RandomWeights, SafetensorsWeights, WeightStore, check_weights

if TYPE_CHECKING:
    import torch

    from forge.program import Program
    from forge.zoo import ZooModel

Array = NDArray[Any]
Run = Callable[[Sequence[Array]], list[Array]]
"""Arrays in the order of the inputs → arrays in the order of the outputs; bf16 as its bits."""


@dataclass(frozen=True)
class Runnable:
    """Something with inputs and outputs that can be run.

    Attributes:
        name: what the user calls it.
        defaults: inputs to run it on when the user gives none.
        run: runs it.
        eager: runs the PyTorch model that it comes from, if there is one.
        reference: runs it by its reference semantics, if its text is known.
        program: the compiled program; `None` for one that is interpreted.
    """

    name: str
    inputs: Sequence[Port]
    outputs: Sequence[Port]
    defaults: Sequence[Array]
    run: Run
    eager: Run | None = None
    reference: Run | None = None
    program: Program | None = None


class CompileOptions(TypedDict, total=False):
    """What `forge.compile` takes besides the model."""

    device: str | None
    platform: str | None
    precision: str | None
    pipeline: str | None
    aggressiveness: float | None
    rounds: int
    check_numerics: bool
    keep_ir: bool
    strategies: str | None


def interpreted(name: str, module: ModuleOp, weights: WeightStore | None, seed: int) -> Runnable:
    """A program at any level, or at several at once, run in PyTorch by its reference semantics.

    Args:
        name: what the user calls it.
        module: the program, verified.
        weights: the tensors that it names; random ones, with a note on stderr, for `None`.
        seed: of the weights, and of inputs.

    Raises:
        ForgeError: there is no `@main` of tensors, or a weight is missing or has another type.
    """
    inputs, outputs = program_ports(module)
    free = [port for port in inputs if port.buffer is None]
    reference = _reference(module, outputs, free, weights_for(module, weights, seed))
    return Runnable(name, free, outputs, random_arrays(free, seed), reference)


def compiled_text(
    name: str,
    module: ModuleOp,
    weights: WeightStore | None,
    seed: int,
    **options: Unpack[CompileOptions],
) -> Runnable:
    """A program at any level, compiled for a device.

    Raises:
        ForgeError: it cannot be lowered or compiled, or a weight is missing.
    """
    from forge.compiler import compile

    store = weights_for(module, weights, seed)
    program = compile(module, weights=store, **options)
    reference = _reference(module, program.outputs, program.inputs, store)
    return _compiled(name, program, random_arrays(program.inputs, seed), reference=reference)


def compiled_model(model: ZooModel, **options: Unpack[CompileOptions]) -> Runnable:
    """A PyTorch model, compiled for a device; it runs on the model's example inputs.

    Raises:
        ForgeError: it cannot be exported, imported, lowered or compiled.
    """
    from forge.compiler import compile

    program = compile(model.compilable, model.example_args, model.example_kwargs, **options)
    call = (model.example_args, model.example_kwargs)
    return _compiled(
        model.name,
        program,
        [tensor_to_array(tensor) for tensor in _tensors(call)],
        eager=lambda arrays: _run_eager(model, program.inputs, arrays),
        reference=lambda arrays: _run_imported(model, arrays),
    )


def saved(directory: Path, device: str | None, seed: int) -> Runnable:
    """A program that was compiled and saved before.

    Raises:
        ForgeError: the directory is no saved program, or there is no such device.
    """
    from forge.saved_program import load

    program = load(directory, device)
    return _compiled(str(directory), program, random_arrays(program.inputs, seed))


def input_values(runnable: Runnable, inputs: str | None) -> Sequence[Array]:
    """The inputs in a `.npz` file, or those that a run has by itself.

    Raises:
        ForgeError: the file cannot be read, or does not fit.
    """
    if inputs is None:
        return runnable.defaults
    return given_arrays(Path(inputs), runnable.inputs)


def write_outputs(path: str, runnable: Runnable, outputs: Sequence[Array]) -> None:
    """Write outputs to a `.npz` file under their names.

    Raises:
        ForgeError: it cannot be written.
    """
    names = [port.name for port in runnable.outputs]
    write_arrays(Path(path), dict(zip(names, outputs, strict=True)))


def weights_for(module: ModuleOp, weights: WeightStore | None, seed: int) -> WeightStore:
    """The weights to run a program with; random ones, and a note on stderr, where none are given.

    Raises:
        ForgeError: a weight is missing, or has another type.
    """
    if weights is not None:
        check_weights(module, weights)
        return weights
    store = RandomWeights(module, seed)
    if count := len(store.names()):
        some = f"{count} weights are" if count > 1 else "1 weight is"
        print(f"note: {some} random (seed {seed}); --weights names a file", file=sys.stderr)
    return store


def weights_file(path: str | None) -> WeightStore | None:
    """The weights in a safetensors file, if one is named.

    Raises:
        ForgeError: it cannot be read.
    """
    return SafetensorsWeights(path) if path is not None else None


def _compiled(
    name: str,
    program: Program,
    defaults: Sequence[Array],
    *,
    eager: Run | None = None,
    reference: Run | None = None,
) -> Runnable:
    return Runnable(
        name,
        program.inputs,
        program.outputs,
        defaults,
        program.run_flat,
        eager,
        reference,
        program,
    )


def _reference(
    module: ModuleOp, outputs: Sequence[Port], inputs: Sequence[Port], weights: WeightStore
) -> Run:
    def run(arrays: Sequence[Array]) -> list[Array]:
        from forge import interpreters

        tensors = [array_to_tensor(a, p.type.dtype) for a, p in zip(arrays, inputs, strict=True)]
        results = interpreters.run(module, weights, tensors)
        # What follows the outputs is the new state of buffers.
        return [tensor_to_array(result) for result in results[: len(outputs)]]

    return run


def _run_imported(model: ZooModel, arrays: Sequence[Array]) -> list[Array]:
    from forge.importer import capture, import_program

    exported = model.exported or capture(model.module, model.example_args, model.example_kwargs)
    imported = import_program(exported)
    inputs, outputs = program_ports(imported.module)
    free = [port for port in inputs if port.buffer is None]
    kept = [port for port in outputs if port.buffer is None]
    return _reference(imported.module, kept, free, imported.weights)(arrays)


def _run_eager(model: ZooModel, ports: Sequence[Port], arrays: Sequence[Array]) -> list[Array]:
    import torch
    from torch.utils import _pytree as pytree

    tensors = iter(array_to_tensor(a, p.type.dtype) for a, p in zip(arrays, ports, strict=True))

    def given(leaf: Any) -> Any:
        return next(tensors) if isinstance(leaf, torch.Tensor) else leaf

    args, kwargs = pytree.tree_map(given, (model.example_args, model.example_kwargs))
    with torch.no_grad():
        return [tensor_to_array(tensor) for tensor in _tensors(model.module(*args, **kwargs))]


def _tensors(tree: Any) -> list[torch.Tensor]:
    import torch
    from torch.utils import _pytree as pytree

    return [leaf for leaf in pytree.tree_leaves(tree) if isinstance(leaf, torch.Tensor)]
