"""Devices by OpenVINO's names, and how exactly they compute."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forge.backends.openvino import bindings
from forge.errors import ForgeError
from forge.suggestions import did_you_mean

HOST = "HOST"
"""Runs whole programs on kernels of PyTorch; OpenVINO has no part in it."""

NPU = "NPU"
"""The device that programs may also be compiled for where it is not."""

_COMBINING = ("AUTO", "BATCH", "HETERO", "MULTI")
"""Devices of OpenVINO that hand their work to others: `HETERO:GPU,CPU`."""

_PRECISIONS: Mapping[str, Mapping[str, object]] = {
    # In f32 mode a CPU that has bf16 instructions must not use them, and nothing is quantised on
    # the way (the key/value cache, activations of compressed weights).
    "f32": {"INFERENCE_PRECISION_HINT": "f32", "EXECUTION_MODE_HINT": "ACCURACY"},
    "f16": {"INFERENCE_PRECISION_HINT": "f16"},
    "bf16": {"INFERENCE_PRECISION_HINT": "bf16"},
    "auto": {},
}
# What OpenVINO's core takes for any device, though no device lists it.
_CORE_PROPERTIES = {"CACHE_DIR", "CACHE_MODE", "DEVICE_PROPERTIES", "ENABLE_MMAP", "LOG_LEVEL"}


def default_device() -> tuple[str, str]:
    """The device for who names none, and why it is that one: the NPU, if OpenVINO finds one."""
    if any(map(is_npu, bindings.available_devices())):
        return NPU, "which OpenVINO finds here"
    return "CPU", "since OpenVINO finds no NPU here"


def is_npu(device: str) -> bool:
    """Whether a device of OpenVINO's is an NPU, the only one or one of several."""
    return device.strip().upper().partition(".")[0] == NPU


def resolve_device(device: str) -> str:
    """OpenVINO's name of a device, if it has it; `HOST`, which needs no OpenVINO, is always there.

    Args:
        device: `CPU`, `GPU`, `GPU.0`, `NPU`, or a combination such as `AUTO` or `HETERO:GPU,CPU`;
            `HOST` for kernels of PyTorch alone; in any case.

    Raises:
        ForgeError: OpenVINO does not find such a device on this machine.
    """
    name = device.strip().upper()
    if name == HOST:
        return name
    available = bindings.available_devices()
    head, colon, rest = name.partition(":")
    members = _members(rest) if head in _COMBINING else [name]
    if head in _COMBINING and not members and (colon or head in ("BATCH", "MULTI")):
        raise ForgeError(f"{device} names no device to use", hint=f"write {head}:CPU, for instance")
    for member in members:
        if not any(found == member or found.startswith(f"{member}.") for found in available):
            raise ForgeError(
                f"OpenVINO has no device {member or repr(device)} on this machine",
                hint=f"available are {', '.join(available)}; {', '.join(_COMBINING)} combine them; "
                "host needs no OpenVINO",
            )
    return name


def _members(rest: str) -> list[str]:
    # A member may be excluded (-GPU), or carry a number (CPU(4)).
    names = [re.sub(r"\(.*\)", "", part).strip().lstrip("-") for part in rest.split(",")]
    return [name for name in names if name]


def register_device(device: str) -> str:
    """What registers call a device of OpenVINO: `hetero` for `HETERO:GPU,CPU`, `gpu.0`."""
    return device.partition(":")[0].lower()


def default_precision(device: str) -> str:
    """What a device computes in if nobody says: f16 on the NPU, which has nothing else."""
    return "f16" if is_npu(device) else "f32"


def compile_properties(
    device: str, precision: str, config: Mapping[str, Any] | None
) -> dict[str, object]:
    """What a model is compiled with.

    Args:
        device: OpenVINO's name of it.
        precision: `f32` computes exactly; `f16` and `bf16` allow that precision; `auto` leaves the
            choice to the device. The NPU computes in f16 whatever its input.
        config: further properties of OpenVINO, which win.

    Raises:
        ForgeError: there is no such precision or property.
    """
    if (properties := _PRECISIONS.get(precision)) is None:
        raise ForgeError(
            f"there is no precision {precision!r}", hint=f"it is one of {', '.join(_PRECISIONS)}"
        )
    if device == HOST:
        return _check_host(precision, config or {})
    if is_npu(device) and precision not in ("f16", "auto"):
        raise ForgeError(
            f"the NPU computes in f16, not in {precision}", hint="leave the precision out"
        )
    _check_names(device, config or {})
    if is_npu(device):
        return dict(config or {})
    return {**properties, **(config or {})}


def _check_host(precision: str, config: Mapping[str, Any]) -> dict[str, object]:
    if precision != "f32":
        raise ForgeError(
            f"the host has no precision {precision!r}: it computes as the program says",
            hint="leave the precision out, or convert the model",
        )
    if config:
        names = ", ".join(map(str, config))
        raise ForgeError(f"the host has no properties, so it does not take {names}")
    return {}


def _check_names(device: str, config: Mapping[str, Any]) -> None:
    """Check the names of properties; AUTO and HETERO themselves ignore what they do not know."""
    if not config:
        return
    known = set(_CORE_PROPERTIES)
    head, _, rest = device.partition(":")
    for name in {head, *_members(rest)}:
        known |= bindings.supported_properties(name)
    if head in _COMBINING and not rest:
        for name in bindings.available_devices():
            known |= bindings.supported_properties(name)
    for key in config:
        if key not in known:
            raise ForgeError(
                f"{device} has no property {key!r}",
                hint=did_you_mean(str(key).upper(), known, None),
            )
