"""Running a program's text by its reference semantics."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from numpy.typing import NDArray
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr
from xdsl.ir import Attribute, SSAValue

from forge.backends.memory import array_to_tensor, tensor_to_array
from forge.backends.ports import BUFFER, NAME, Port, main_function, returned_values
from forge.errors import ForgeError
from forge.ir.tensors import Shaped, numpy_dtype, shaped
from forge.tools.tensor_files import read_arrays, write_arrays
from forge.tools.tensor_table import tensor_table
from forge.tools.terminal import stdout_console
from forge.weights import RandomWeights, WeightStore, check_weights

Array = NDArray[Any]


@dataclass(frozen=True)
class ReferenceRun:
    """What went into a program and what came out, by the names that the user knows.

    Attributes:
        outputs: bf16 arrays hold the bits, in uint16.
        ports: the name, shape and element type of each output.
    """

    inputs: Mapping[str, Array]
    outputs: Mapping[str, Array]
    ports: Sequence[Port]


def run_reference(
    module: ModuleOp, weights: WeightStore | None, inputs: Path | None, seed: int
) -> ReferenceRun:
    """Run `@main` of a program at any level, or at several at once, in PyTorch.

    Args:
        module: the program, verified.
        weights: the tensors that it names; random ones, with a note on stderr, for `None`.
        inputs: a `.npz` file; random values drawn from `seed` for `None`.
        seed: of random inputs and weights. The same seed gives the same values.

    Raises:
        ForgeError: an input or weight is missing or does not fit, or an operation fails.
    """
    input_ports, output_ports = program_ports(module)
    free = [port for port in input_ports if port.buffer is None]
    store = weights_of(module, weights, seed)
    arrays = read_arrays(inputs, [port.name for port in free]) if inputs is not None else None
    if arrays is not None:
        check_arrays(arrays, free)

    from forge import interpreters

    if arrays is not None:
        tensors = [array_to_tensor(a, p.type.dtype) for a, p in zip(arrays, free, strict=True)]
    else:
        tensors = interpreters.random_inputs(module, seed)[: len(free)]
    results = interpreters.run(module, store, tensors)
    return ReferenceRun(
        {port.name: tensor_to_array(t) for port, t in zip(free, tensors, strict=True)},
        {port.name: tensor_to_array(t) for port, t in zip(output_ports, results, strict=True)},
        output_ports,
    )


def print_run(run: ReferenceRun, outputs: Path | None) -> None:
    """Print a table of the outputs on stdout, and write them to a `.npz` file if one is named.

    Raises:
        ForgeError: the file cannot be written.
    """
    if outputs is not None:
        write_arrays(outputs, run.outputs)
    stdout_console().print(tensor_table("outputs", run.outputs, run.ports))


def weights_of(module: ModuleOp, weights: WeightStore | None, seed: int) -> WeightStore:
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


def check_arrays(arrays: Sequence[Array], ports: Sequence[Port]) -> None:
    """Check that each array has the shape and element type that the program takes.

    Raises:
        ForgeError: for the first one that has not.
    """
    for array, port in zip(arrays, ports, strict=True):
        expected = numpy_dtype(port.type.dtype)
        if array.shape != port.type.shape or array.dtype != expected:
            raise ForgeError(
                f"input {port.name!r} is {array.dtype}{list(array.shape)}; "
                f"the program takes {expected}{list(port.type.shape)}"
            )


def program_ports(module: ModuleOp) -> tuple[list[Port], list[Port]]:
    """The inputs and outputs of a program at any level.

    Raises:
        ForgeError: there is no `@main`, or it takes or returns something else than tensors.
    """
    function = main_function(module)
    arguments, results = function.body.block.args, returned_values(function)
    return (
        _ports(arguments, function.arg_attrs, "input"),
        _ports(results, function.res_attrs, "output"),
    )


def _ports(values: Sequence[SSAValue], attributes: ArrayAttr[Any] | None, kind: str) -> list[Port]:
    entries = cast("Sequence[DictionaryAttr]", attributes.data) if attributes is not None else ()
    ports: list[Port] = []
    for index, value in enumerate(values):
        named: Mapping[str, Attribute] = entries[index].data if index < len(entries) else {}
        name = _string(named.get(NAME)) or f"{kind}_{index}"
        ports.append(
            Port(name, _tensor_type(value, f"{kind} {name!r}"), _string(named.get(BUFFER)))
        )
    return ports


def _tensor_type(value: SSAValue, what: str) -> Shaped:
    try:
        # A register's type wraps the tensor's.
        return shaped(cast(Attribute, getattr(value.type, "tensor", value.type)))
    except TypeError as error:
        raise ForgeError(f"{what} of @main is no tensor: {error}") from error


def _string(attribute: Attribute | None) -> str | None:
    return attribute.data if isinstance(attribute, StringAttr) else None
