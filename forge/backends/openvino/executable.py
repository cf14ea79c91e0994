"""A model that OpenVINO compiled, as a part of a program."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from forge.backends.memory import Array, array_to_tensor, is_tensor, tensor_to_array
from forge.backends.openvino import bindings
from forge.backends.openvino.bindings import CompiledModel, InferRequest
from forge.backends.vm.steps import DeviceCall
from forge.errors import ForgeError
from forge.ir.tensors import Shaped, numpy_dtype


@dataclass(frozen=True)
class OpenVINOStep:
    """A model that OpenVINO compiled for a device, and the memory of the weights that it uses.

    Every frame has an infer request of its own, so that threads do not wait for each other here.
    Its inputs and outputs are bound to memory, nothing is copied: once where the memory is the same
    at every run, else before each run.
    """

    compiled: CompiledModel
    memory: Sequence[Array] = field(repr=False)
    inputs: Sequence[int]
    outputs: Sequence[int]
    input_types: Sequence[Shaped]
    output_types: Sequence[Shaped]

    def bind(self, static: Set[int], *, as_tensors: bool) -> DeviceCall:
        """What runs the model if `static` registers are the same memory at every run of a frame."""
        inputs, outputs = list(enumerate(self.inputs)), list(enumerate(self.outputs))
        bound = [number for _, number in (*inputs, *outputs) if number in static]
        fed = [index for index, number in inputs if number not in static]
        made = [index for index, number in outputs if number not in static]
        return DeviceCall(
            prepare=self._preparation(static),
            run=self._run(fed, made, as_tensors=as_tensors),
            static=bound,
            inputs=[self.inputs[index] for index in fed],
            outputs=[self.outputs[index] for index in made],
        )

    def _preparation(self, static: Set[int]) -> Callable[..., InferRequest]:
        bound_inputs = [index for index, n in enumerate(self.inputs) if n in static]
        bound_outputs = [index for index, n in enumerate(self.outputs) if n in static]

        def prepare(*values: Any) -> InferRequest:
            request = self.compiled.create_infer_request()
            memory = iter(values)
            for index in bound_inputs:
                tensor = bindings.make_tensor(_array(next(memory)), self.input_types[index].dtype)
                request.set_input_tensor(index, tensor)
            for index in bound_outputs:
                tensor = bindings.make_tensor(_array(next(memory)), self.output_types[index].dtype)
                request.set_output_tensor(index, tensor)
            return request

        return prepare

    def _run(
        self, fed: Sequence[int], made: Sequence[int], *, as_tensors: bool
    ) -> Callable[..., list[Any]]:
        feeds = [(index, self.input_types[index].dtype) for index in fed]
        types = [self.output_types[index] for index in made]
        makes = [
            (i, t.shape, numpy_dtype(t.dtype), t.dtype) for i, t in zip(made, types, strict=True)
        ]

        def run(request: InferRequest, *values: Any) -> list[Any]:
            # Copies of what was strided: OpenVINO does not keep them alive.
            arrays = [_array(value) for value in values]
            for (index, dtype), array in zip(feeds, arrays, strict=True):
                request.set_input_tensor(index, bindings.make_tensor(array, dtype))
            # Written in place, into memory that the caller owns from now on.
            results = [np.empty(shape, dtype) for _, shape, dtype, _ in makes]
            for (index, *_, dtype), result in zip(makes, results, strict=True):
                request.set_output_tensor(index, bindings.make_tensor(result, dtype))
            _infer(request)
            if not as_tensors:
                return results
            return [array_to_tensor(r, m[-1]) for r, m in zip(results, makes, strict=True)]

        return run


def _array(value: Any) -> Array:
    """The memory of what is in a register."""
    return tensor_to_array(value) if is_tensor(value) else value


def _infer(request: InferRequest) -> None:
    try:
        request.infer()
    except RuntimeError as error:
        raise ForgeError(f"OpenVINO cannot run it: {bindings.reason(error)}") from error
