"""Devices, precisions and properties by name; one clear message for each wrong one."""

import pytest

from forge.backends.openvino import bindings
from forge.backends.openvino.devices import compile_properties, register_device, resolve_device
from forge.errors import ForgeError


@pytest.fixture
def several_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bindings, "available_devices", lambda: ["CPU", "GPU.0", "GPU.1"])


@pytest.mark.usefixtures("several_devices")
@pytest.mark.parametrize(
    "device",
    [
        "CPU",
        "GPU",
        "GPU.1",
        "AUTO",
        "AUTO:-GPU,CPU",
        "HETERO:GPU.0,CPU",
        "MULTI:CPU",
        "BATCH:GPU(4)",
    ],
)
def test_openvinos_names_pass_through(device: str) -> None:
    assert resolve_device(device) == device
    assert resolve_device(device.lower()) == device


@pytest.mark.usefixtures("several_devices")
@pytest.mark.parametrize("device", ["NPU", "GPU.7", "HETERO:NPU,CPU", "AUTO:FOO", "", "CPUX"])
def test_a_device_that_is_not_there_is_named(device: str) -> None:
    with pytest.raises(ForgeError, match=r"has no device[\s\S]*available are CPU, GPU.0, GPU.1"):
        resolve_device(device)


def test_a_combination_of_nothing_is_refused() -> None:
    with pytest.raises(ForgeError, match="names no device"):
        resolve_device("MULTI:")


@pytest.mark.parametrize(
    ("device", "register"),
    [("CPU", "cpu"), ("HETERO:GPU,CPU", "hetero"), ("GPU.0", "gpu.0"), ("AUTO", "auto")],
)
def test_what_registers_call_a_device(device: str, register: str) -> None:
    assert register_device(device) == register


def test_f32_asks_for_f32() -> None:
    properties = compile_properties("CPU", "f32", None)
    assert properties["INFERENCE_PRECISION_HINT"] == "f32"


def test_further_properties_win() -> None:
    config = {"INFERENCE_PRECISION_HINT": "bf16", "NUM_STREAMS": 2}
    assert compile_properties("CPU", "f32", config).items() >= config.items()


def test_auto_leaves_the_choice_to_the_device() -> None:
    assert compile_properties("CPU", "auto", None) == {}


def test_an_unknown_precision_is_named() -> None:
    with pytest.raises(ForgeError, match=r"no precision 'f8'[\s\S]*f32, f16, bf16, auto"):
        compile_properties("CPU", "f8", None)


@pytest.mark.parametrize("device", ["CPU", "AUTO", "AUTO:CPU", "HETERO:CPU"])
def test_an_unknown_property_is_named(device: str) -> None:
    # AUTO itself would take it and do nothing.
    with pytest.raises(ForgeError, match=r"no property 'NUM_STREEMS'[\s\S]*NUM_STREAMS"):
        compile_properties(device, "f32", {"NUM_STREEMS": 1})


def test_openvinos_messages_come_without_its_source() -> None:
    error = RuntimeError(
        "Exception from src/core.cpp:117:\nCheck 'x' failed at src/a.cpp:1:\nNo way\n\n"
    )
    assert bindings.reason(error) == "No way"
