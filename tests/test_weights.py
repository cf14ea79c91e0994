"""Weight stores: names, ties, no copies, files, and one clear message for each way to be wrong."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from xdsl.dialects.builtin import ModuleOp, f32, i64

from forge.dialects.forge import WeightOp
from forge.errors import ForgeError
from forge.ir.tensors import ELEMENT_TYPES, Shaped, tensor_type
from forge.ir.torch_types import TO_ELEMENT_TYPE, element_type
from forge.weights import (
    ModuleWeights,
    RandomWeights,
    SafetensorsWeights,
    check_weights,
    save_weights,
)


class Tied(nn.Module):
    """An embedding whose table is the last layer's weight, too, and a buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(10, 4)
        self.head = nn.Linear(4, 10, bias=False)
        self.head.weight = self.embed.weight
        self.register_buffer("steps", torch.tensor(3))


def address(tensor: torch.Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def program(**types: Shaped) -> ModuleOp:
    return ModuleOp([WeightOp(name, tensor_type(t.shape, t.dtype)) for name, t in types.items()])


def test_a_module_s_weights_are_its_own_memory() -> None:
    module = Tied()
    weights = ModuleWeights.of(module)
    assert weights.names() == ("embed.weight", "steps")
    assert weights.aliases == {"head.weight": "embed.weight"}
    assert weights.shaped("head.weight") == Shaped((10, 4), f32)
    assert weights.shaped("steps") == Shaped((), i64)
    assert address(weights.tensor("head.weight")) == address(module.embed.weight)
    assert weights.array("embed.weight").ctypes.data == address(module.embed.weight)


def test_tied_tensors_are_found_by_memory_not_by_object() -> None:
    base = torch.randn(4, 6)
    weights = ModuleWeights(
        {
            "a": base,
            "same": base.view(4, 6),
            "other shape": base.view(24),
            "other offset": base[1:],
            "other strides": base.t(),
            "other dtype": base.view(torch.int32),
            "from numpy": torch.from_numpy(base.numpy()),
            "copy": base.clone(),
        }
    )
    assert weights.aliases == {"same": "a", "from numpy": "a"}


def test_empty_tensors_are_not_tied() -> None:
    weights = ModuleWeights({"a": torch.empty(0, 4), "b": torch.empty(0, 4)})
    assert not weights.aliases


def test_fake_tensors_are_tied_by_identity_and_have_no_values() -> None:
    with FakeTensorMode():
        weights = ModuleWeights.of(Tied())
    assert weights.aliases == {"head.weight": "embed.weight"}
    assert weights.shaped("embed.weight") == Shaped((10, 4), f32)
    with pytest.raises(ForgeError, match=r"'embed.weight' has a shape but no values"):
        weights.array("head.weight")


def test_a_sparse_weight_is_refused() -> None:
    weights = ModuleWeights({"a": torch.eye(3).to_sparse()})
    with pytest.raises(ForgeError, match=r"'a' is a torch.sparse_coo tensor"):
        weights.array("a")


def test_bfloat16_travels_as_its_bits() -> None:
    tensor = torch.randn(3, 2, dtype=torch.bfloat16)
    weights = ModuleWeights({"a": tensor.t()})
    assert weights.array("a").dtype == np.uint16
    assert weights.array("a").ctypes.data == address(tensor)
    assert torch.equal(torch.from_numpy(weights.array("a")).view(torch.bfloat16), tensor.t())


def test_an_unknown_dtype_is_refused_by_name() -> None:
    weights = ModuleWeights({"a": torch.zeros(2, dtype=torch.float8_e4m3fn)})
    with pytest.raises(ForgeError, match=r"weight 'a' has dtype torch.float8_e4m3fn"):
        weights.shaped("a")


def test_a_missing_name_gets_names_that_are_close() -> None:
    weights = ModuleWeights.of(Tied())
    with pytest.raises(
        ForgeError, match=r"no weight 'embed.wieght'\n.*did you mean 'embed.weight'"
    ):
        weights.shaped("embed.wieght")
    with pytest.raises(ForgeError, match=r"did you mean 'head.weight'"):
        weights.shaped("model.head.weight")
    with pytest.raises(ForgeError, match=r"has 3 names, such as 'embed.weight'"):
        weights.shaped("zzz")
    with pytest.raises(ForgeError, match="the weight store is empty"):
        ModuleWeights({}).shaped("zzz")


@pytest.mark.parametrize("dtype", TO_ELEMENT_TYPE, ids=str)
def test_files_hold_every_type(dtype: torch.dtype, tmp_path: Path) -> None:
    values = torch.randint(0, 2, (3, 4)).to(dtype)
    tensors = {"matrix": values, "scalar": values[0, 0], "empty": values[:0], "strided": values.t()}
    path = tmp_path / "w.safetensors"
    if dtype == torch.complex128:
        with pytest.raises(ForgeError, match="cannot hold weight 'matrix'"):
            save_weights(ModuleWeights(tensors), path)
        assert not list(tmp_path.iterdir())
        return
    save_weights(ModuleWeights(tensors), path)
    weights = SafetensorsWeights(path)
    assert set(weights.names()) == set(tensors)
    for name, tensor in tensors.items():
        assert weights.shaped(name) == Shaped(tuple(tensor.shape), element_type(dtype))
        assert torch.equal(weights.tensor(name), tensor)


def test_the_reference_implementation_reads_our_files_and_we_read_its(tmp_path: Path) -> None:
    module = Tied().to(torch.bfloat16)
    ours, theirs = tmp_path / "ours.safetensors", tmp_path / "theirs.safetensors"
    save_weights(ModuleWeights.of(module), ours)
    tensors = safetensors.torch.load_file(ours)
    assert torch.equal(tensors["embed.weight"], module.embed.weight)
    safetensors.torch.save_file(tensors, theirs)
    assert torch.equal(SafetensorsWeights(theirs).tensor("embed.weight"), module.embed.weight)


def test_a_file_keeps_aliases(tmp_path: Path) -> None:
    module = Tied()
    path = tmp_path / "w.safetensors"
    save_weights(ModuleWeights.of(module), path)
    weights = SafetensorsWeights(path)
    assert weights.aliases == {"head.weight": "embed.weight"}
    assert torch.equal(weights.tensor("head.weight"), module.embed.weight)
    save_weights(weights, path, names=["head.weight"])
    assert SafetensorsWeights(path).names() == ("embed.weight",)


def test_a_file_is_mapped_not_read(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_weights(ModuleWeights({"a": torch.arange(8), "b": torch.arange(8.0)}), path)
    weights = SafetensorsWeights(path)
    assert weights.array("a").ctypes.data == weights.tensor("a").data_ptr()
    weights.array("a")[0] = 99
    assert SafetensorsWeights(path).array("a")[0] == 0


def test_a_file_larger_than_memory_is_mapped(tmp_path: Path) -> None:
    # A sparse file: no machine of the next years has so much memory, and it takes no room.
    path, elements = tmp_path / "w.safetensors", 2**40
    header = {"w": {"dtype": "F16", "shape": [elements], "data_offsets": [0, 2 * elements]}}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + 2 * elements)
    array = SafetensorsWeights(path).array("w")
    assert (array.nbytes, array[-1]) == (2**41, 0)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_weights(ModuleWeights({"a": torch.ones(2)}), path)
    before = path.read_bytes()
    with pytest.raises(ForgeError, match="no values"):
        save_weights(ModuleWeights({"a": torch.ones(2), "b": torch.ones(2, device="meta")}), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ForgeError, match=r"cannot write .*none/w\.safetensors: No such file or directory"
    ):
        save_weights(ModuleWeights({"a": torch.ones(2)}), tmp_path / "none" / "w.safetensors")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=r"cannot read weights from .*w: No such file"):
        SafetensorsWeights(tmp_path / "w")


def file_with(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(**changes: object) -> dict[str, object]:
    return {"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it has 0 bytes"),
        (b"\xff" * 8 + b"x", "its header claims"),
        (file_with(b"{"), "its header is not JSON"),
        (file_with([1]), "its header is not a table"),
        (file_with({"a": 1}), "entry for 'a' is malformed"),
        (file_with(entry(shape=None), bytes(8)), "entry for 'a' is malformed"),
        (file_with(entry(), bytes(7)), "'a' lies outside of it"),
        (file_with(entry(shape=[-2]), bytes(8)), "'a' lies outside of it"),
        (file_with(entry(shape=[3]), bytes(8)), "'a' has 8 bytes instead of 12"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(ForgeError, match=f"is not a complete safetensors file: .*{reason}"):
        SafetensorsWeights(path)


def test_a_foreign_element_type_harms_only_who_asks(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    tensors = {"a": torch.zeros(2, dtype=torch.float8_e5m2), "b": torch.ones(2)}
    safetensors.torch.save_file(tensors, path)
    weights = SafetensorsWeights(path)
    assert weights.shaped("b") == Shaped((2,), f32)
    with pytest.raises(ForgeError, match="weight 'a' has element type F8_E5M2"):
        weights.shaped("a")


def test_a_program_is_checked_against_its_weights() -> None:
    weights = ModuleWeights.of(Tied())
    check_weights(program(**{"head.weight": Shaped((10, 4), f32)}), weights)
    with pytest.raises(ForgeError, match=r"forge.weight: .*'heads.weight'.*does not have"):
        check_weights(program(**{"heads.weight": Shaped((10, 4), f32)}), weights)
    wrong = r"'steps' is tensor<i64>, but the program takes it for tensor<2xf32>"
    with pytest.raises(ForgeError, match=wrong):
        check_weights(program(steps=Shaped((2,), f32)), weights)


def test_random_weights_depend_on_seed_name_and_type_alone() -> None:
    types = {f"w{i}": Shaped((3, 4), type) for i, type in enumerate(ELEMENT_TYPES.values())}
    one, two = RandomWeights(program(**types)), RandomWeights(program(**types, more=types["w0"]))
    other = RandomWeights(program(**types), seed=1)
    for name, type in types.items():
        assert torch.equal(one.tensor(name), two.tensor(name))
        assert one.shaped(name) == type
        assert one.tensor(name).shape == type.shape
    assert not torch.equal(one.tensor("w2"), other.tensor("w2"))
    assert not torch.equal(one.tensor("w2"), one.tensor("w3").float())
    vector = RandomWeights(program(v=Shaped((100,), f32))).tensor("v")
    assert 0.5 <= vector.min() < vector.max() < 1.5


def test_random_weights_refuse_one_name_with_two_types() -> None:
    module = program(a=Shaped((2,), f32))
    module.body.block.add_op(WeightOp("a", tensor_type((3,), f32)))
    with pytest.raises(ForgeError, match=r"'a' is tensor<3xf32> here and tensor<2xf32> before"):
        RandomWeights(module)


def test_files_need_no_torch(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    safetensors.numpy.save_file({"a": np.ones((2, 3), np.float32)}, path)
    code = f"""
import sys
from forge.weights import SafetensorsWeights, save_weights
weights = SafetensorsWeights({str(path)!r})
save_weights(weights, {str(path)!r} + "2")
assert weights.array("a").sum() == 6 and "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
