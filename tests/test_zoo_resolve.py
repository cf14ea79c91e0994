"""What a user may name besides the zoo, and the message for everything that cannot be loaded."""

import json
import zipfile
from pathlib import Path

import pytest
import torch
import transformers

import forge
from forge.errors import ForgeError
from forge.zoo import resolve

TINY_GPT2 = {"n_layer": 3, "n_embd": 32, "n_head": 2, "vocab_size": 64, "n_positions": 16}
TINY_BERT = {
    "num_hidden_layers": 2,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "vocab_size": 64,
    "max_position_embeddings": 16,
}
TINY_VIT = {
    "num_hidden_layers": 1,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "image_size": 32,
    "patch_size": 16,
}

FACTORIES = """
import torch
from torch import nn

from neighbour import WIDTH


def pair():
    return nn.Linear(WIDTH, 2), (torch.ones(1, WIDTH),)


def one_tensor():
    return nn.Linear(WIDTH, 2), torch.ones(1, WIDTH)


class WithArgs(nn.Module):
    example_args = (torch.ones(1, 3),)

    def forward(self, x):
        return x + 1


ready = WithArgs()
not_callable = 3


def no_args():
    return nn.Linear(3, 2)


def nothing():
    return None


def mistake():
    return [][1]


def needs_argument(width):
    return width
"""


@pytest.fixture(scope="module")
def gpt2_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("gpt2")
    config = transformers.GPT2Config(**TINY_GPT2)
    transformers.GPT2LMHeadModel(config).save_pretrained(directory)
    return directory


@pytest.fixture
def factories(tmp_path: Path) -> Path:
    path = tmp_path / "factories.py"
    path.write_text(FACTORIES)
    (tmp_path / "neighbour.py").write_text("WIDTH = 3\n")
    return path


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "linear.pt2"
    torch.manual_seed(0)
    program = torch.export.export(torch.nn.Linear(3, 2), (torch.ones(1, 3),))
    torch.export.save(program, path)
    return path


def test_a_zoo_name() -> None:
    model = resolve("mlp", layers=1, batch=3)
    assert model.run().shape == (3, 10)


def test_a_directory_with_trained_weights(gpt2_directory: Path) -> None:
    model = resolve(str(gpt2_directory), tokens=4)
    reference = transformers.GPT2LMHeadModel.from_pretrained(gpt2_directory).eval()
    with torch.no_grad():
        expected = reference(*model.example_args).logits
    torch.testing.assert_close(model.run(), expected)
    assert model.layers == 3
    assert not model.module.training


def test_a_directory_is_cut_and_cast(gpt2_directory: Path) -> None:
    model = resolve(str(gpt2_directory), layers=1, dtype=torch.bfloat16)
    assert model.layers == 1
    assert model.example_args[0].shape == (1, 16)  # what the model takes, being less than 128
    assert model.run().dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("model", "inputs", "answer"),
    [
        (lambda: transformers.BertModel(transformers.BertConfig(**TINY_BERT)), 2, (1, 16, 32)),
        (
            lambda: transformers.BertForSequenceClassification(
                transformers.BertConfig(**TINY_BERT, num_labels=5)
            ),
            2,
            (1, 5),
        ),
        (
            lambda: transformers.ViTForImageClassification(
                transformers.ViTConfig(**TINY_VIT, num_labels=7)
            ),
            1,
            (1, 7),
        ),
    ],
    ids=["hidden states", "classifier", "images"],
)
def test_directories_of_other_kinds(model, inputs: int, answer: tuple, tmp_path: Path) -> None:
    model().save_pretrained(tmp_path)
    loaded = resolve(str(tmp_path))
    assert len(loaded.example_args) == inputs
    assert loaded.run().shape == answer


def test_a_checkpoint_that_lacks_weights_is_refused(tmp_path: Path) -> None:
    transformers.BertModel(transformers.BertConfig(**TINY_BERT)).save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config["architectures"] = ["BertForSequenceClassification"]
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ForgeError, match="lacks 2 weights of its architecture, such as classifier"):
        resolve(str(tmp_path))


def write_config(directory: Path, text: str) -> str:
    (directory / "config.json").write_text(text)
    return str(directory)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{", "cannot load .*JSON"),
        ('{"model_type": "no-such-type"}', "cannot load .*no-such-type"),
        ('{"model_type": "gpt2", "architectures": ["NoSuchModel"]}', "no architecture NoSuchModel"),
        ('{"model_type": "t5"}', "is an encoder and a decoder"),
        ('{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]}', "cannot load"),
        ('{"model_type": "gpt2", "n_layer": "many"}', "cannot load .*n_layer"),
    ],
)
def test_a_directory_that_holds_no_model(tmp_path: Path, config: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        resolve(write_config(tmp_path, config))


def test_a_directory_without_config(tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=r"cannot load .*config\.json"):
        resolve(str(tmp_path))


def test_a_truncated_checkpoint(gpt2_directory: Path, tmp_path: Path) -> None:
    write_config(tmp_path, (gpt2_directory / "config.json").read_text())
    weights = (gpt2_directory / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(ForgeError, match="cannot load"):
        resolve(str(tmp_path))


@pytest.mark.parametrize("options", [{"layers": 4}, {"layers": 0}, {"tokens": 17}])
def test_a_directory_within_its_limits(gpt2_directory: Path, options: dict) -> None:
    with pytest.raises(ForgeError, match="cannot"):
        resolve(str(gpt2_directory), **options)


def test_the_hub_out_of_reach() -> None:
    with pytest.raises(ForgeError, match="cannot load organisation/model") as caught:
        resolve("organisation/model")
    assert "network" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["pair", "one_tensor", "WithArgs", "ready"])
def test_factories(factories: Path, name: str) -> None:
    model = resolve(f"{factories}:{name}")
    assert model.run().shape[0] == 1
    assert len(model.example_args) == 1


@pytest.mark.parametrize(
    ("suffix", "message"),
    [
        ("", "names no factory"),
        (":", "names no factory"),
        (":pear", "no factory 'pear'\n  hint: it has pair"),
        (":not_callable", "not_callable in .* is no factory: 3"),
        (":no_args", "without example inputs"),
        (":nothing", "returned a NoneType"),
        (":mistake", r"failed at line 36: IndexError"),
        (":needs_argument", "TypeError: needs_argument"),
    ],
)
def test_factories_that_are_wrong(factories: Path, suffix: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        resolve(f"{factories}{suffix}")


@pytest.mark.parametrize(
    ("text", "message"),
    [("def f(:", "SyntaxError"), ("import no_such_package", "at line 1: ModuleNotFoundError")],
)
def test_files_that_cannot_be_imported(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(ForgeError, match=message):
        resolve(f"{path}:f")


def test_an_exported_program(exported: Path) -> None:
    model = resolve(str(exported))
    assert model.compilable is model.exported
    assert model.run().shape == (1, 2)
    assert model.parameters == 8


def test_an_exported_program_without_its_inputs(exported: Path, tmp_path: Path) -> None:
    program = torch.export.load(exported)
    program._example_inputs = None
    torch.export.save(program, tmp_path / "bare.pt2")
    assert resolve(str(tmp_path / "bare.pt2")).run().shape == (1, 2)


@pytest.fixture(scope="module")
def exported_for_many_shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "bilinear.pt2"
    rows = torch.export.Dim("rows", max=8)
    shapes = {"input1": {0: rows}, "input2": {0: rows}}
    program = torch.export.export(
        torch.nn.Bilinear(3, 2, 4), (torch.ones(2, 3), torch.ones(2, 2)), dynamic_shapes=shapes
    )
    torch.export.save(program, path)
    return path


@pytest.mark.parametrize(
    ("shapes", "rows"), [(None, 2), ({"input1": (5, 3)}, 5), ({"input2": (1, 2)}, 1)]
)
def test_an_exported_program_in_one_of_its_shapes(
    exported_for_many_shapes: Path, shapes: dict[str, tuple[int, ...]] | None, rows: int
) -> None:
    model = resolve(str(exported_for_many_shapes), shapes=shapes)
    program = forge.compile(model.compilable, model.example_args, device="CPU")
    torch.testing.assert_close(program(*model.example_args), model.run())
    assert program.outputs[0].type.shape == (rows, 4)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ({"input": (2, 3)}, "there is no input 'input'\n  hint: it has input1, input2"),
        ({"input1": (9, 3)}, "is 9, in dimension 0 of input 'input1', but it was exported for"),
        ({"input1": (2, 4)}, "dimension 1 of input 'input1' is 4; .* to be 3"),
        ({"input1": (2, 3), "input2": (3, 2)}, "dimension 0 of input 'input2' is 3"),
    ],
)
def test_shapes_that_an_exported_program_does_not_have(
    exported_for_many_shapes: Path, shapes: dict[str, tuple[int, ...]], message: str
) -> None:
    with pytest.raises(ForgeError, match=message):
        resolve(str(exported_for_many_shapes), shapes=shapes)


def test_only_an_exported_program_takes_shapes() -> None:
    with pytest.raises(ForgeError, match="gpt2 is no exported program"):
        resolve("gpt2", shapes={"input_ids": (1, 8)})


def damage(exported: Path, path: Path, how: str) -> Path:
    whole = exported.read_bytes()
    if how == "absent":
        return path
    if how == "other archive":
        torch.save({"weight": torch.ones(1)}, path)
        return path
    if how != "bad record":
        path.write_bytes({"empty": b"", "text": b"hello", "cut": whole[: len(whole) // 2]}[how])
        return path
    with zipfile.ZipFile(exported) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            record = source.read(name)
            target.writestr(name, record[:9] if name.endswith("model.json") else record)
    return path


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("absent", "there is no file"),
        ("empty", "is empty"),
        ("text", "damaged or cut short"),
        ("cut", "damaged or cut short"),
        ("other archive", "without an exported program"),
        ("bad record", "is a damaged exported program"),
    ],
)
def test_files_that_hold_no_program(exported: Path, tmp_path: Path, how: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        resolve(str(damage(exported, tmp_path / "model.pt2", how)))


def test_options_that_do_not_apply(exported: Path, factories: Path) -> None:
    with pytest.raises(ForgeError, match="cannot take layers, dtype"):
        resolve(str(exported), layers=1, dtype=torch.float32)
    with pytest.raises(ForgeError, match="a factory decides for itself and cannot take tokens"):
        resolve(f"{factories}:pair", tokens=3)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gpt-2", "did you mean gpt2"),
        ("./absent", r"there is nothing at \./absent"),
        ("~/absent/model", "there is nothing at"),
        ("absent.py:f", r"there is no file absent\.py"),
        ("", "no model is named"),
    ],
)
def test_names_that_mean_nothing(spec: str, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        resolve(spec)


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\x08")
    with pytest.raises(ForgeError, match="a file of no kind that holds a model"):
        resolve(str(path))
