"""Programs on disk: saved whole or not at all, loaded without torch, every damage named."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from transformers.modeling_outputs import BaseModelOutput

import forge
from forge import ForgeError
from forge.backends.openvino import bindings

X = torch.linspace(-1, 1, 6).reshape(2, 3)


class Model(nn.Module):
    """A nested output, an object among it, a buffer that it modifies, a bf16 output."""

    steps: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(3, 4)
        self.register_buffer("steps", torch.zeros(()))

    def forward(self, x: Tensor, extra: dict[str, Tensor]) -> Any:
        self.steps.add_(1)
        y = self.linear(x)
        output = BaseModelOutput(last_hidden_state=y + self.steps)
        return {"output": output, "rest": (x, [None, extra["bias"].bfloat16()])}


ARGUMENTS: dict[str, Any] = {"extra": {"bias": torch.tensor([0.5, 2.0])}}


@pytest.fixture(scope="module")
def model() -> Model:
    return Model().eval()


@pytest.fixture(scope="module")
def program(model: Model) -> forge.Program:
    return forge.compile(model, (X,), ARGUMENTS)


@pytest.fixture
def saved(program: forge.Program, tmp_path: Path) -> Path:
    program.save(tmp_path / "out")
    return tmp_path / "out"


def test_a_loaded_program_gives_the_same_bits(saved: Path, program: forge.Program) -> None:
    loaded = forge.load(saved)
    expected, actual = program(X, **ARGUMENTS), loaded(X, **ARGUMENTS)
    # Only PyTorch knows the model's own class; its fields are there under their names.
    assert torch.equal(actual["output"].last_hidden_state, expected["output"].last_hidden_state)
    assert torch.equal(actual["rest"][0], X)
    assert actual["rest"][1][0] is None
    assert torch.equal(actual["rest"][1][1], expected["rest"][1][1])
    assert actual["rest"][1][1].dtype == torch.bfloat16
    assert loaded.inputs == program.inputs
    assert loaded.outputs == program.outputs
    assert loaded.report == program.report


def test_state_is_saved_with_the_program(model: Model, tmp_path: Path) -> None:
    program = forge.compile(model, (X,), ARGUMENTS)
    program(X, **ARGUMENTS)
    program.save(tmp_path / "out")
    assert forge.load(tmp_path / "out").buffers["steps"] == 1


WITHOUT_TORCH = """
import sys
import numpy as np
import forge

program = forge.load(sys.argv[1])
outputs = program(np.load(sys.argv[2]), extra={"bias": np.array([0.5, 2.0], np.float32)})
assert "torch" not in sys.modules and "transformers" not in sys.modules
np.save(sys.argv[3], outputs["output"].last_hidden_state)
assert outputs["rest"][1][1].dtype == np.uint16
print(program)
"""


def test_loading_and_running_imports_no_torch(
    saved: Path, tmp_path: Path, model: Model, program: forge.Program
) -> None:
    np.save(tmp_path / "x.npy", X.numpy())
    paths = [str(saved), str(tmp_path / "x.npy"), str(tmp_path / "y.npy")]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, *paths], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "x: tensor<2x3xf32>" in done.stdout
    expected = model.linear(X).detach().numpy() + program.buffers["steps"] + 1
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), expected, atol=1e-6)


def test_a_program_can_move_to_another_device(saved: Path) -> None:
    loaded = forge.load(saved, device="HETERO:CPU")
    assert loaded.report.device == "HETERO:CPU"
    assert torch.equal(loaded(X, **ARGUMENTS)["rest"][0], X)


def test_a_loaded_program_has_no_ir_and_is_not_saved_again(saved: Path, tmp_path: Path) -> None:
    loaded = forge.load(saved)
    with pytest.raises(ForgeError, match="did not keep its IR"):
        _ = loaded.ir
    with pytest.raises(ForgeError, match="copy its directory"):
        loaded.save(tmp_path / "again")


# -- saving --------------------------------------------------------------------------------


def test_a_saved_program_is_replaced(saved: Path, program: forge.Program) -> None:
    (saved / "model_0.xml").write_text("old")
    program.save(saved)
    assert torch.equal(forge.load(saved)(X, **ARGUMENTS)["rest"][0], X)
    assert [path.name for path in saved.parent.iterdir()] == ["out"]


def test_parents_are_made(program: forge.Program, tmp_path: Path) -> None:
    program.save(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / "manifest.json").is_file()


def test_nothing_else_is_replaced(program: forge.Program, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("precious")
    with pytest.raises(ForgeError, match="holds something else than a saved program"):
        program.save(tmp_path)
    with pytest.raises(ForgeError, match="it is a file"):
        program.save(tmp_path / "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_unwritable_place_is_named(program: forge.Program, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ForgeError, match=r"cannot write .*file.*out"):
        program.save(tmp_path / "file" / "out")
    if os.geteuid() == 0:
        return
    tmp_path.chmod(stat.S_IREAD | stat.S_IEXEC)
    with pytest.raises(ForgeError, match=r"cannot write .*Permission denied"):
        program.save(tmp_path / "out")


def test_a_failed_save_leaves_nothing(
    program: forge.Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dumps", full)
    with pytest.raises(ForgeError, match=r"cannot write .*No space left on device"):
        program.save(tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_what_openvino_cannot_write_is_named(
    program: forge.Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("Exception from src/core/src/file.cpp:1:\niostream error\n")

    monkeypatch.setattr(bindings, "write_model", full)
    with pytest.raises(ForgeError, match=r"cannot write .*out: iostream error"):
        program.save(tmp_path / "out")
    assert not list(tmp_path.iterdir())


# -- damage --------------------------------------------------------------------------------


def edit(path: Path, **changes: Any) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    manifest.update(changes)
    (path / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("key", ["slots", "results", "steps"])
@pytest.mark.parametrize("value", [None, "nonsense", [{}], -1])
def test_a_damaged_list_of_models_is_named(saved: Path, key: str, value: Any) -> None:
    manifest = json.loads((saved / "manifest.json").read_text())
    edit(saved, program=manifest["program"] | {key: value})
    with pytest.raises(ForgeError):
        forge.load(saved)


def test_a_directory_without_a_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=r"is not a saved program: it has no manifest.json"):
        forge.load(tmp_path)
    with pytest.raises(ForgeError, match="is not a saved program"):
        forge.load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["model_0.xml", "model_0.bin"])
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_damaged_model_is_named(saved: Path, name: str, damage: str) -> None:
    path = saved / name
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ForgeError, match=f"{name} is (missing|damaged)"):
        forge.load(saved)


def test_a_model_that_is_no_model_is_named(saved: Path) -> None:
    path = saved / "model_0.xml"
    path.write_bytes(b"?" * path.stat().st_size)
    with pytest.raises(ForgeError, match=r"cannot read .*model_0.xml"):
        forge.load(saved)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"text"'])
def test_a_manifest_that_is_no_table_is_named(saved: Path, text: str) -> None:
    (saved / "manifest.json").write_text(text)
    with pytest.raises(ForgeError, match=r"manifest.json is damaged"):
        forge.load(saved)


@pytest.mark.parametrize(
    "key",
    ["device", "precision", "config", "inputs", "outputs", "call", "result", "program", "report"],
)
@pytest.mark.parametrize("value", [None, "nonsense", [{}], -1])
def test_a_damaged_manifest_is_named(saved: Path, key: str, value: Any) -> None:
    edit(saved, **{key: value})
    with pytest.raises(ForgeError):
        forge.load(saved)


def test_a_manifest_without_an_entry_is_named(saved: Path) -> None:
    manifest = json.loads((saved / "manifest.json").read_text())
    for key in manifest:
        rest = {other: value for other, value in manifest.items() if other != key}
        (saved / "manifest.json").write_text(json.dumps(rest))
        with pytest.raises(ForgeError, match=r"manifest.json (is damaged|has format None)"):
            forge.load(saved)


def test_another_format_is_refused(saved: Path) -> None:
    edit(saved, format=99)
    with pytest.raises(ForgeError, match="has format 99; this version of Forge reads 3"):
        forge.load(saved)


def test_missing_state_is_named(saved: Path) -> None:
    (saved / "buffers.npz").write_bytes(b"PK")
    with pytest.raises(ForgeError, match=r"state from .*buffers.npz"):
        forge.load(saved)


@pytest.mark.parametrize("state", [np.zeros(2, np.float32), np.zeros((), np.int64)])
def test_state_of_another_type_is_named(saved: Path, state: np.ndarray) -> None:
    np.savez(saved / "buffers.npz", steps=state)
    with pytest.raises(ForgeError, match=r"buffers.npz has 'steps' as (float32\[2\]|int64\[\])"):
        forge.load(saved)


def test_state_in_a_file_of_another_kind_is_named(saved: Path) -> None:
    content = bytearray((saved / "buffers.npz").read_bytes())
    # The version that it takes to extract the first entry, in the directory at the end.
    content[content.index(b"PK\x01\x02") + 6] = 200
    (saved / "buffers.npz").write_bytes(content)
    with pytest.raises(ForgeError, match=r"state from .*buffers.npz: zip file version"):
        forge.load(saved)


def test_a_device_that_is_not_there_is_named(saved: Path) -> None:
    with pytest.raises(ForgeError, match="no device NPU"):
        forge.load(saved, device="NPU")


# -- programs on the host ------------------------------------------------------------------


class Tied(nn.Module):
    """A weight under two names, one that is not used, a modified buffer."""

    steps: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, 8)
        self.head = nn.Linear(8, 50, bias=False)
        self.head.weight = self.embed.weight
        self.unused = nn.Linear(8, 1000)
        self.register_buffer("steps", torch.zeros(()))

    def forward(self, ids: Tensor) -> Tensor:
        self.steps.add_(1)
        return self.head(self.embed(ids).relu()) + self.steps


IDS = torch.tensor([[1, 2, 49]])


@pytest.fixture
def on_host(tmp_path: Path) -> Path:
    forge.compile(Tied().eval(), (IDS,), device="host").save(tmp_path / "host")
    return tmp_path / "host"


def test_a_program_on_the_host_is_saved_with_its_state(tmp_path: Path) -> None:
    program = forge.compile(Tied().eval(), (IDS,), device="host")
    program(IDS)
    program.save(tmp_path / "out")
    loaded = forge.load(tmp_path / "out")
    assert loaded.buffers["steps"] == 1
    assert torch.equal(loaded(IDS), program(IDS))
    assert loaded.inputs == program.inputs
    assert loaded.report.to_json().keys() == program.report.to_json().keys()


def test_only_the_weights_that_are_used_are_saved_and_once(on_host: Path) -> None:
    size = (on_host / "weights.safetensors").stat().st_size
    assert 50 * 8 * 4 <= size < 50 * 8 * 4 + 1000
    names = ["buffers.npz", "manifest.json", "program.forge", "weights.safetensors"]
    assert sorted(path.name for path in on_host.iterdir()) == names


WITHOUT_OPENVINO = """
import sys
sys.modules["openvino"] = None
import numpy as np
import forge

program = forge.load(sys.argv[1])
np.save(sys.argv[2], program(np.array([[1, 2, 49]])))
print(program.report)
"""


def test_a_program_on_the_host_needs_no_openvino(on_host: Path, tmp_path: Path) -> None:
    paths = [str(on_host), str(tmp_path / "y.npy")]
    command = [sys.executable, "-c", WITHOUT_OPENVINO, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    expected = forge.load(on_host)(IDS.numpy())
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), expected)


def test_the_host_and_devices_are_not_interchangeable(on_host: Path, saved: Path) -> None:
    assert forge.load(on_host, device="Host").report.device == "HOST"
    with pytest.raises(ForgeError, match=r"compiled for HOST and cannot run on CPU"):
        forge.load(on_host, device="CPU")
    with pytest.raises(ForgeError, match=r"compiled for CPU and cannot run on host"):
        forge.load(saved, device="host")


@pytest.mark.parametrize("name", ["program.forge", "weights.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "cut", "nonsense"])
def test_a_damaged_program_on_the_host_is_named(on_host: Path, name: str, damage: str) -> None:
    path = on_host / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-8] if damage == "cut" else b"?" * len(content))
    message = "is (missing|damaged|no bytecode|not a complete)"
    with pytest.raises(ForgeError, match=f"{name} {message}"):
        forge.load(on_host)


def test_bytecode_of_another_program_is_named(on_host: Path, tmp_path: Path) -> None:
    class Other(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.relu()

    forge.compile(Other(), (X,), device="host").save(tmp_path / "other")
    content = (tmp_path / "other" / "program.forge").read_bytes()
    (on_host / "program.forge").write_bytes(content)
    sizes = json.loads((on_host / "manifest.json").read_text())["program"]["bytes"]
    edit(on_host, program={"bytes": sizes | {"program.forge": len(content)}})
    with pytest.raises(ForgeError, match=r"program.forge belongs to another program"):
        forge.load(on_host)


def test_a_program_on_a_device_and_the_host_is_saved(tmp_path: Path) -> None:
    class Double(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(3, 3)

        def forward(self, x: Tensor) -> Tensor:
            return (self.linear(x).double() * 3).float().relu()

    program = forge.compile(Double().eval(), (X,), device="CPU")
    assert program.report.ops_on_host == 1
    program.save(tmp_path / "out")
    loaded = forge.load(tmp_path / "out")
    assert torch.equal(loaded(X), program(X))
    assert loaded.report.ops_on_host == 1
    moved = forge.load(tmp_path / "out", device="HETERO:CPU")
    assert torch.equal(moved(X), program(X))


def test_what_the_host_computed_from_weights_is_computed_again(tmp_path: Path) -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.randn(3))

        def forward(self, x: Tensor) -> Tensor:
            return x + (self.weight.double() * 3).float()

    model = Scaled()
    program = forge.compile(model, (X,), device="CPU")
    # The product is in f64, which OpenVINO would round.
    assert program.report.host_kernels
    program.save(tmp_path / "out")
    assert torch.equal(forge.load(tmp_path / "out")(X), program(X))
    torch.testing.assert_close(program(X), model(X))
