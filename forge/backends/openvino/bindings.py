"""OpenVINO's Python API as far as Forge uses it, typed. Nothing else imports `openvino`.

OpenVINO's own annotations do not hold up to strict checking, so it is untyped in this file, and
only here. It is imported when the first function is called: saved text needs no OpenVINO.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, MutableMapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from xdsl.ir import Attribute

from forge.backends.openvino.element_types import openvino_name

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Output(Protocol):
    """One output of a node."""

    def get_shape(self) -> Sequence[int]: ...


class Node(Protocol):
    """An operation of OpenVINO's graph."""

    @property
    def rt_info(self) -> MutableMapping[str, str]: ...
    def output(self, index: int) -> Output: ...
    def get_friendly_name(self) -> str: ...
    def set_friendly_name(self, name: str) -> None: ...


class Port(Protocol):
    """An input or output of a model."""

    def get_names(self) -> set[str]: ...
    def get_shape(self) -> Sequence[int]: ...


class Model(Protocol):
    """OpenVINO's graph: what a device compiles."""

    @property
    def inputs(self) -> Sequence[Port]: ...
    @property
    def outputs(self) -> Sequence[Port]: ...
    def get_ops(self) -> Sequence[Node]: ...


class Tensor(Protocol):
    """Memory with a shape and an element type."""

    @property
    def data(self) -> NDArray[Any]: ...


class InferRequest(Protocol):
    """One execution of a compiled model at a time."""

    def set_input_tensor(self, index: int, tensor: Tensor) -> None: ...
    def set_output_tensor(self, index: int, tensor: Tensor) -> None: ...
    def infer(self) -> object: ...


class CompiledModel(Protocol):
    """A model that a device can run."""

    @property
    def outputs(self) -> Sequence[Port]: ...
    def create_infer_request(self) -> InferRequest: ...
    def get_property(self, name: str) -> Any: ...
    def export_model(self) -> BytesIO: ...


@cache
def _openvino() -> Any:
    import openvino

    return openvino


_CORE_LOCK = threading.Lock()


@cache
def _core() -> Any:
    core = _openvino().Core()
    if "CPU" in core.available_devices:
        # The CPU plugin's generated kernels ("snippets") compute nonsense for a matrix product that
        # is followed by arithmetic with one value per row, such as a gate behind an attention, once
        # rows have 128 elements (2026.4.1; tests/backends/test_cpu_plugin.py). Its other kernels
        # are right and as fast. Set here, it holds for AUTO and HETERO as well.
        core.set_property("CPU", {"SNIPPETS_MODE": "DISABLE"})
    return core


def core() -> Any:
    """OpenVINO's registry of devices, one a process."""
    with _CORE_LOCK:
        return _core()


@cache
def _factory(opset: str) -> Any:
    from openvino.utils.node_factory import NodeFactory

    return NodeFactory(opset)


@cache
def _element_type(dtype: Attribute) -> Any:
    return getattr(_openvino().Type, openvino_name(dtype))


def version() -> str:
    """OpenVINO's version, without the build."""
    return str(_openvino().__version__).split("-", maxsplit=1)[0]


# -- building ------------------------------------------------------------------------------


def make_node(
    opset: str, kind: str, inputs: Sequence[Output], attributes: Mapping[str, object]
) -> Node:
    """An operation of an opset by name.

    Raises:
        RuntimeError: OpenVINO knows no such operation, or refuses the inputs or attributes.
    """
    # The front end in Python would only flatten nodes into outputs, which these are already.
    return _factory(opset).factory.create(kind, inputs, attributes)


def make_parameter(shape: Sequence[int], dtype: Attribute, name: str) -> Node:
    """An input of the model."""
    ov = _openvino()
    node = ov.op.Parameter(_element_type(dtype), ov.PartialShape(list(shape)))
    node.set_friendly_name(name)
    node.output(0).get_tensor().set_names({name})
    return node


def make_constant(array: NDArray[Any], dtype: Attribute) -> Node:
    """A constant over the memory of a contiguous array, which lives as long as the constant."""
    ov = _openvino()
    if openvino_name(dtype) == "i4":
        packed = ov.Tensor(_packed(array), list(array.shape), _element_type(dtype))
        return ov.op.Constant(packed, shared_memory=False)
    if openvino_name(dtype) == "bf16":
        return ov.op.Constant(make_tensor(array, dtype), shared_memory=True)
    # OpenVINO shares only what could be written to; constants of the text are small.
    return ov.op.Constant(array, shared_memory=bool(array.flags.writeable))


def _packed(array: NDArray[Any]) -> NDArray[Any]:
    """Integers of four bits, two a byte, the first in the lower half."""
    low, high = (array.reshape(-1)[start::2] & 15 for start in (0, 1))
    low[: high.size] |= high << 4
    return low.view("uint8")


def make_result(output: Output, name: str) -> Node:
    """An output of the model; `name` is added to the names that its tensor has."""
    node = _openvino().op.Result(output)
    node.set_friendly_name(name)
    tensor: Any = node.output(0).get_tensor()
    tensor.add_names({name})
    return node


def make_model(parameters: Sequence[Node], results: Sequence[Node], name: str) -> Model:
    """A model from its inputs and outputs."""
    return _openvino().Model(list(results), list(parameters), name)


def with_f16_results(model: Model) -> Model:
    """The model itself, with results in f16 where they were in f32."""
    from openvino.preprocess import PrePostProcessor

    processor: Any = PrePostProcessor(model)
    ports: Sequence[Any] = model.outputs
    for number, port in enumerate(ports):
        if port.get_element_type() == _openvino().Type.f32:
            processor.output(number).tensor().set_element_type(_openvino().Type.f16)
    return processor.build()


def make_tensor(array: NDArray[Any], dtype: Attribute) -> Tensor:
    """A tensor over the memory of a contiguous array (bf16 as its bits, in uint16).

    The caller keeps the array alive as long as the tensor is used.
    """
    return _openvino().Tensor(array, list(array.shape), _element_type(dtype))


# -- files and devices ---------------------------------------------------------------------


def write_model(model: Model, path: Path) -> None:
    """Write OpenVINO's IR: `path` (.xml), and its weights beside it (.bin)."""
    # Compression would round the weights to f16.
    _openvino().save_model(model, path, compress_to_fp16=False)


def read_model(path: Path) -> Model:
    """Read OpenVINO's IR; the weights are memory-mapped.

    Raises:
        RuntimeError: the files are missing or damaged.
    """
    return core().read_model(path)


def available_devices() -> Sequence[str]:
    """The devices that OpenVINO finds on this machine."""
    return core().available_devices


def supported_properties(device: str) -> set[str]:
    """The names of what can be configured on a device.

    Raises:
        RuntimeError: there is no such device.
    """
    return set(core().get_property(device, "SUPPORTED_PROPERTIES"))


def compile_model(model: Model, device: str, properties: Mapping[str, object]) -> CompiledModel:
    """Compile a model for a device.

    Raises:
        RuntimeError: the device refuses the model or the properties.
    """
    return core().compile_model(model, device, dict(properties))


def import_model(blob: bytes, device: str, properties: Mapping[str, object]) -> CompiledModel:
    """Bring a model that was compiled before to a device.

    Raises:
        RuntimeError: the device refuses it: it was compiled for another one, or another version.
    """
    return core().import_model(blob, device, dict(properties))


def device_architecture(device: str) -> str:
    """What a device says it is built as, such as `4000` for an NPU; empty if it does not say."""
    try:
        return str(core().get_property(device, "DEVICE_ARCHITECTURE"))
    except RuntimeError:
        return ""


def execution_precision(compiled: CompiledModel) -> str:
    """The element type that a device computes in; empty where it does not say (AUTO, HETERO)."""
    try:
        precision: Any = compiled.get_property("INFERENCE_PRECISION_HINT")
    except RuntimeError:
        return ""
    return str(precision.get_type_name())


def reason(error: RuntimeError) -> str:
    """What OpenVINO says, without the places in its own source that it says it from."""
    lines = [line.strip() for line in str(error).splitlines()]
    kept = [line for line in lines if line and not line.startswith(("Exception from ", "Check '"))]
    return " ".join(kept) or str(error).strip()
