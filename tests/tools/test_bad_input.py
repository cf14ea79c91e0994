"""What a user can get wrong: one message, exit code 1, no traceback, no file left behind."""

import re
from pathlib import Path

import numpy as np
import pytest

from tests.tools.conftest import Outcome, Tool
from tests.tools.programs import LINEAR, RELU

FACTORIES = Path(__file__).with_name("factories.py")
PERCEPTRON = f"{FACTORIES}:perceptron"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("relu.mlir").write_text(RELU)
    Path("linear.mlir").write_text(LINEAR)
    Path("empty.pt2").touch()
    Path("cut.pt2").write_bytes(b"PK\x03\x04 and no more")
    Path("file").touch()
    np.savez("short.npz", x=np.ones(1, np.float32))
    np.savez("wide.npz", x=np.ones(2, np.float64))
    np.savez("other.npz", z=np.ones(2, np.float32))
    np.savez("pair.npz", x=np.ones(2, np.float32), z=np.ones(2, np.float32))
    Path("broken.npz").write_bytes(b"PK\x03\x04 and no more")
    Path("broken.safetensors").write_bytes(b"\x00")
    Path("empty").mkdir()
    Path("saved").mkdir()
    Path("saved/manifest.json").write_text("{")


def files() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*"))


def refused(outcome: Outcome, message: str) -> None:
    assert outcome.code == 1
    assert outcome.out == ""
    assert re.match(r"(\S+:\d+:\d+: )?error: ", outcome.err)
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert len(outcome.err) < 1500


# fmt: off
MALFORMED = {
    "": "stdin:1:1: error: an operation is expected here (the text ends here)",
    RELU[:60]: "(the text ends here)",
    RELU[:150]: "stdin:",
    RELU[:-3]: "the text ends here",
    RELU.replace("aten.relu", "aten.rleu"): "did you mean aten.relu",
    RELU.replace("aten.relu", "attn.relu"): "no dialect is called attn",
    RELU.replace("%0 : tensor<2xf32>", "%1 : tensor<2xf32>"): "%1",
    RELU.replace(
        "-> tensor<2xf32>\n", "-> tensor<3xf32>\n"
    ): "stdin:4:17: error: operand is used with type",
    RELU.replace("x: tensor<2x", "x: tensor<3x").replace(
        "(tensor<2x", "(tensor<3x"
    ): "aten.relu: result #0 has",
    RELU.replace("relu %x", "relu %0"): "operand #0 is used before its definition",
    RELU.replace("2xf32", "2xf33"): "stdin:2",
    RELU.replace('"y"', '"y'): "not closed",
    RELU.replace("func.return %0 : tensor<2xf32>", ""): "not a terminator",
    "\x00\x01": "stdin:1:1",
}


@pytest.mark.parametrize(("text", "message"), MALFORMED.items())
def test_malformed_text(opt: Tool, text: str, message: str) -> None:
    refused(opt(text=text), message)


def test_what_is_no_text(opt: Tool) -> None:
    refused(opt(text=b"\xff\xfe\x00"), "stdin is not text")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("missing.mlir", "cannot read missing.mlir: No such file"),
        ("empty", "cannot tell what empty is"),
        ("-f mlir empty", "cannot read empty: Is a directory"),
        ("relu.mlir --no-such-option", "unrecognized arguments: --no-such-option"),
        ("relu.mlir --seed x", "--seed: invalid int value: 'x'"),
        ("relu.mlir -p fuse-mpl", "no pass 'fuse-mpl'\n  hint: did you mean fuse-mlp"),
        ("relu.mlir -p xyzzy", "forge-opt --list-passes"),
        ("relu.mlir -p fuse-mlp{depth=3}", "no option 'depth'\n  hint: it has no options"),
        ("relu.mlir -p convert-to-reg{dev=cpu}", "no option 'dev'\n  hint: its options are device"),
        ("relu.mlir -p convert-to-reg{host=7}", "pass 'convert-to-reg': Incompatible types"),
        ("relu.mlir -p convert-to-reg{", "cannot parse the pipeline"),
        ("relu.mlir -p ,", "cannot parse the pipeline"),
        ("relu.mlir -t nothing", "no target 'nothing'"),
        ("relu.mlir -t mlir{a=1}", "target 'mlir'"),
        ("relu.mlir -t mlir{", "cannot read the target 'mlir{'"),
        ("relu.mlir -t openvino -o x.xml", "not a register"),
        ("relu.mlir -p convert-to-reg -t openvino -o x.xml --weights none", "cannot read weights"),
        ("relu.mlir -o nowhere/out.mlir", "cannot write nowhere/out.mlir: there is no directory"),
        ("relu.mlir -o empty", "cannot write empty: it is a directory"),
        ("relu.mlir -o file/out.mlir", "there is no directory file"),
        ("relu.mlir --inputs short.npz", "--inputs belongs to a run"),
        ("relu.mlir --run --inputs short.npz", "input 'x' is float32[1]; the program takes"),
        ("relu.mlir --run --inputs wide.npz", "input 'x' is float64[2]; the program takes float32"),
        ("relu.mlir --run --inputs other.npz", "other.npz lacks x"),
        ("relu.mlir --run --inputs pair.npz", "pair.npz has no use for z"),
        ("relu.mlir --run --inputs broken.npz", "broken.npz is not a complete .npz file"),
        ("relu.mlir --run --inputs none.npz", "cannot read none.npz: No such file"),
        ("relu.mlir --run --inputs relu.mlir", "inputs come in a .npz file"),
        ("relu.mlir --run --outputs empty", "cannot write empty: it is a directory"),
        ("relu.mlir --weights broken.safetensors", "not a complete safetensors file"),
        ("relu.mlir --weights-output w.safetensors", "there are no weights to write"),
        ("empty.pt2", "empty.pt2 is empty"),
        ("cut.pt2", "cut.pt2 is damaged or cut short"),
        ("missing.pt2", "cannot read missing.pt2"),
    ],
)
def test_forge_opt(opt: Tool, arguments: str, message: str) -> None:
    before = files()
    refused(opt(*arguments.split()), message)
    assert files() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "the following arguments are required: COMMAND"),
        ("dance", "invalid choice: 'dance'"),
        ("compile", "the following arguments are required: MODEL"),
        ("compile gpt", "no model 'gpt' in the zoo\n  hint: did you mean gpt2"),
        ("compile no/such/place", "there is nothing at no/such/place"),
        ("compile relu.py:f", "relu.py"),
        ("compile file", "file is a file of no kind"),
        ("compile empty.pt2", "empty.pt2 is empty"),
        ("compile gpt2 --shape ids", "argument --shape: ids is not a shape such as input_ids=1x12"),
        ("compile gpt2 --shape ids=1x8", "gpt2 is no exported program, and takes no shapes"),
        ("compile gpt2 --layers 99", "gpt2 has 12 layers and cannot be cut to 99"),
        ("compile gpt2 --layers 0", "--layers: 0 is less than 1"),
        ("compile gpt2 --tokens many", "--tokens: invalid integer value: 'many'"),
        ("compile gpt2 --tokens 99999", "gpt2 cannot take 99999 tokens"),
        ("compile mlp --tokens 4", "mlp reads no tokens"),
        ("compile mlp --device FRIDGE", "no device FRIDGE"),
        ("compile mlp --precision f3", "no precision 'f3'"),
        ("compile mlp -p nothing", "no pass 'nothing'"),
        ("compile mlp -o file", "cannot write file: file is a file"),
        ("compile mlp -o empty/../file/x", "cannot write"),
        ("compile mlp -o .", "holds something else than a saved program"),
        ("compile mlp --emit reg -o nowhere/x.mlir", "there is no directory nowhere"),
        ("compile mlp --emit aten --check", "--emit writes text"),
        ("compile mlp --print-debuginfo", "--print-debuginfo belongs to --emit"),
        ("compile mlp --weights file", "a model has its own"),
        ("compile relu.mlir --emit reg", "text already"),
        ("compile relu.mlir --layers 2", "a program's text has its shapes already"),
        ("run relu.mlir --tokens 2", "a program's text has its shapes already"),
        ("run relu.mlir -p simplify", "--pipeline is for compiling"),
        ("run saved --batch 2", "a saved program has its shapes already"),
        ("run saved -p simplify", "takes no --pipeline"),
        ("compile linear.mlir --weights broken.safetensors", "not a complete safetensors file"),
        ("compile missing.mlir", "cannot read missing.mlir"),
        ("run missing.mlir", "cannot read missing.mlir"),
        ("run empty", "cannot load empty"),
        ("run saved", "manifest.json"),
        ("run relu.mlir --inputs short.npz", "input 'x' is float32[1]"),
        ("run relu.mlir --device CPU --inputs wide.npz", "input 'x' is float64[2]"),
        ("run relu.mlir --compare eager", "cannot be compared with eager"),
        ("run relu.mlir --repeat 0", "--repeat: 0 is less than 1"),
        ("run relu.mlir --text hello", "has no tokenizer"),
        ("run mlp --text hello", "has no tokenizer"),
        ("run minilm --repeat 2 --text hello", "--text takes no --repeat"),
        ("demo -o file", "cannot write file: file is a file"),
    ],
)
def test_forge(cli: Tool, arguments: str, message: str) -> None:
    before = files()
    refused(cli(*arguments.split()), message)
    assert files() == before


@pytest.mark.parametrize(
    ("factory", "message"), [("data_dependent", "factories.py"), ("branching", "factories.py")]
)
def test_a_model_whose_shape_or_path_depends_on_data(cli: Tool, factory: str, message: str) -> None:
    outcome = cli("compile", f"{FACTORIES}:{factory}")
    refused(outcome, message)


@pytest.mark.parametrize("change", ["missing", "shape", "dtype"])
def test_weights_of_another_program(opt: Tool, cli: Tool, change: str) -> None:
    from safetensors.numpy import save_file

    tensors = {"fc.weight": np.ones((3, 4), np.float32), "fc.bias": np.ones(3, np.float32)}
    expected = "weight 'fc.bias'"
    if change == "missing":
        del tensors["fc.bias"]
    else:
        tensors["fc.bias"] = np.ones(4 if change == "shape" else 3, np.float16)
        expected = "weight 'fc.bias' is tensor<"
    save_file(tensors, "other.safetensors")
    weights = ("--weights", "other.safetensors")
    refused(opt("linear.mlir", "--run", *weights), expected)
    openvino = ("-p", "convert-to-reg", "-t", "openvino", "-o", "x.xml")
    refused(opt("linear.mlir", *openvino, *weights), expected)
    refused(cli("run", "linear.mlir", "--device", "CPU", *weights), expected)
    assert not Path("x.xml").exists()


def test_a_failure_leaves_the_old_file_as_it_was(opt: Tool) -> None:
    Path("out.mlir").write_text("precious")
    before = files()
    refused(opt("-o", "out.mlir", text=RELU[:-3]), "the text ends here")
    assert Path("out.mlir").read_text() == "precious"
    assert files() == before


def test_what_a_parser_refuses_can_be_output(opt: Tool) -> None:
    parsing = opt("--parsing-diagnostics", text=RELU[:60])
    assert (parsing.code, parsing.err) == (0, "")
    assert "the text ends here" in parsing.out
    wrong = RELU.replace("aten.relu %x", "aten.relu %0")
    refused(opt("--parsing-diagnostics", text=wrong), "stdin:3:5: error: aten.relu: operand #0")
