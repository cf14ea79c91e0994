"""A program that can run: compiled segments in order, and where their values go."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from forge.backends.memory import Array
from forge.backends.openvino import bindings
from forge.backends.openvino.bindings import CompiledModel, InferRequest
from forge.errors import ForgeError
from forge.ir.tensors import Shaped, numpy_dtype


class Step(Protocol):
    """A part of a program that runs in one go.

    Attributes:
        inputs: the slots that it reads.
        outputs: the slots that it writes.
    """

    inputs: Sequence[int]
    outputs: Sequence[int]

    def run(self, arrays: Sequence[Array]) -> Sequence[Array]:
        """Compute the outputs, in memory of their own, from the inputs."""
        ...


@dataclass
class Executable:
    """Steps over numbered slots, the first of which are the program's inputs.

    Safe to run from several threads at once.
    """

    steps: Sequence[Step]
    slots: int
    outputs: Sequence[int]

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The outputs for one array an input; nothing of them is kept or used again.

        Raises:
            ForgeError: an instruction fails on these values.
        """
        values: list[Array | None] = [*inputs, *[None] * (self.slots - len(inputs))]
        for step in self.steps:
            arrays = step.run([_defined(values[slot]) for slot in step.inputs])
            for slot, array in zip(step.outputs, arrays, strict=True):
                values[slot] = array
        return [_defined(values[slot]) for slot in self.outputs]


def _defined(value: Array | None) -> Array:
    assert value is not None, "a step runs before what it needs"
    return value


@dataclass
class OpenVINOStep:
    """A model that OpenVINO compiled for a device, and the memory of the weights that it uses.

    Each call takes an idle infer request, or makes one if all are busy, so that threads do not wait
    for each other here.
    """

    compiled: CompiledModel
    memory: Sequence[Array] = field(repr=False)
    inputs: Sequence[int]
    outputs: Sequence[int]
    input_types: Sequence[Shaped]
    output_types: Sequence[Shaped]
    _output_dtypes: Sequence[np.dtype[Any]] = field(init=False, repr=False)
    _idle: deque[InferRequest] = field(default_factory=deque[InferRequest], repr=False)

    def __post_init__(self) -> None:
        self._output_dtypes = [numpy_dtype(type.dtype) for type in self.output_types]

    def run(self, arrays: Sequence[Array]) -> Sequence[Array]:
        try:
            request = self._idle.pop()
        except IndexError:
            request = self.compiled.create_infer_request()
        for index, (array, type) in enumerate(zip(arrays, self.input_types, strict=True)):
            request.set_input_tensor(index, bindings.make_tensor(array, type.dtype))
        # Written in place, into memory that the caller owns from now on.
        shapes = [type.shape for type in self.output_types]
        results = [np.empty(*what) for what in zip(shapes, self._output_dtypes, strict=True)]
        for index, (array, type) in enumerate(zip(results, self.output_types, strict=True)):
            request.set_output_tensor(index, bindings.make_tensor(array, type.dtype))
        try:
            request.infer()
        except RuntimeError as error:
            raise ForgeError(f"OpenVINO cannot run it: {bindings.reason(error)}") from error
        self._idle.append(request)
        return results
