"""`forge.compile` and `Program`: what goes in, what comes out, and what is refused how."""

import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from transformers.modeling_outputs import BaseModelOutput

import forge
from forge import ForgeError
from forge.ir.text import parse_module, print_module
from forge.source import weight_store
from forge.structure import Outputs

X = torch.linspace(-1, 1, 6).reshape(2, 3)


class Pair(NamedTuple):
    first: Tensor
    second: Tensor


class Nested(nn.Module):
    """Nested inputs and outputs, and a constant among both."""

    def forward(self, x: Tensor, state: dict[str, Any], scale: float = 2.0) -> Any:
        return {
            "pair": Pair(x * scale, state["h"] + x),
            "rest": [None, 3, (x - 1,)],
            "output": BaseModelOutput(last_hidden_state=x + state["more"][0]),
        }


class Tied(nn.Module):
    """One tensor under two names."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(5, 3)
        self.head = nn.Linear(3, 5, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids: Tensor) -> Tensor:
        return self.head(self.embed(ids).relu())


class Counter(nn.Module):
    """A buffer that the model modifies."""

    total: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(3))

    def forward(self, x: Tensor) -> Tensor:
        self.total.add_(x)
        return self.total * 2


class Scaled(nn.Module):
    """One input in any element type."""

    def forward(self, x: Tensor) -> Tensor:
        return x + x


@pytest.fixture(scope="module")
def tied() -> forge.Program:
    return forge.compile(Tied().eval(), (torch.tensor([[1, 2]]),), keep_ir=True)


@pytest.fixture(scope="module")
def doubled() -> forge.Program:
    return forge.compile(Scaled(), (X,))


# -- structures ----------------------------------------------------------------------------


def test_outputs_have_the_models_own_structure() -> None:
    model = Nested()
    arguments: dict[str, Any] = {"state": {"h": X, "more": [X * 3]}, "scale": 2.0}
    program = forge.compile(model, (X,), arguments)
    expected, actual = model(X, **arguments), program(X, **arguments)
    assert isinstance(actual["pair"], Pair)
    assert isinstance(actual["output"], BaseModelOutput)
    assert actual["rest"][:2] == [None, 3]
    torch.testing.assert_close(actual["pair"], expected["pair"])
    torch.testing.assert_close(actual["rest"][2], expected["rest"][2])
    torch.testing.assert_close(
        actual["output"].last_hidden_state, expected["output"].last_hidden_state
    )
    assert [port.name for port in program.inputs] == ["x", "state_h", "state_more_0"]


def test_arguments_may_be_given_by_name(tied: forge.Program) -> None:
    ids = torch.tensor([[3, 4]])
    assert torch.equal(tied(ids=ids), tied(ids))


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((), {}, "no value for ids"),
        ((torch.tensor([[1, 2]]), X), {}, "2 positional arguments given; expected 1"),
        ((torch.tensor([[1, 2]]),), {"mask": X}, "no argument called mask"),
        ((torch.tensor([[1, 2, 3]]),), {}, r"input 'ids' has shape \(1, 3\).*\(1, 2\)"),
        ((torch.tensor([[1.0, 2.0]]),), {}, "input 'ids' holds f32.*for i64"),
        ((np.array([[1, 2]], np.int32),), {}, "input 'ids' holds i32.*for i64"),
        ((np.array([["a", "b"]]),), {}, "input 'ids' holds <U1.*for i64"),
        (([[1, 2]],), {}, "ids is a list; expected a tensor"),
    ],
)
def test_wrong_arguments_are_named(
    tied: forge.Program, args: tuple[Any, ...], kwargs: dict[str, Any], message: str
) -> None:
    with pytest.raises(ForgeError, match=message):
        tied(*args, **kwargs)


# -- element types and memory --------------------------------------------------------------


@pytest.mark.parametrize(
    "dtype",
    [
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "int8",
        "uint8",
        "int16",
        "int32",
        "int64",
        "complex64",
    ],
)
def test_element_types_stay(dtype: str) -> None:
    x = torch.tensor([[1, 2, 3], [4, 5, 100]]).to(getattr(torch, dtype))
    program = forge.compile(Scaled(), (x,))
    y = program(x)
    assert y.dtype == x.dtype
    assert torch.equal(y, x + x)


def test_booleans_stay() -> None:
    class Not(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return ~x

    x = torch.tensor([True, False])
    assert forge.compile(Not(), (x,))(x).tolist() == [False, True]


def test_numpy_in_numpy_out(doubled: forge.Program) -> None:
    y = doubled(X.numpy())
    assert isinstance(y, np.ndarray)
    assert np.array_equal(y, (X + X).numpy())


def test_numpy_has_bf16_as_its_bits() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    x = X.bfloat16()
    program = forge.compile(Scaled(), (x,))
    bits = x.view(torch.uint16).numpy()
    expected = (x + x).view(torch.uint16).numpy()
    assert np.array_equal(program(bits), expected)
    assert np.array_equal(program(bits.view(ml_dtypes.bfloat16)), expected)


def test_layout_and_gradients_of_inputs_do_not_matter(doubled: forge.Program) -> None:
    strided = X.t().contiguous().t()
    assert not strided.is_contiguous()
    assert torch.equal(doubled(strided), X + X)
    assert torch.equal(doubled(X.clone().requires_grad_()), X + X)
    assert np.array_equal(doubled(np.asfortranarray(X.numpy())), (X + X).numpy())
    frozen = X.numpy().copy()
    frozen.flags.writeable = False
    assert np.array_equal(doubled(frozen), (X + X).numpy())


def test_the_next_call_does_not_overwrite_outputs(doubled: forge.Program) -> None:
    first = doubled(X)
    second = doubled(X * 10)
    assert torch.equal(first, X + X)
    assert torch.equal(second, X * 20)


def test_threads_do_not_mix(doubled: forge.Program) -> None:
    wrong: list[int] = []

    def work(index: int) -> None:
        for _ in range(20):
            if not torch.equal(doubled(X * index), X * index * 2):
                wrong.append(index)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_tied_weights_are_one(tied: forge.Program) -> None:
    assert tied.report.weights == 1
    assert tied.report.weight_bytes == 5 * 3 * 4


def test_a_model_that_keeps_state_keeps_it_in_the_program() -> None:
    model = Counter()
    program = forge.compile(model, (torch.ones(3),))
    outputs = [program(torch.ones(3)).tolist() for _ in range(2)]
    assert outputs == [[2, 2, 2], [4, 4, 4]]
    assert program.buffers["total"].tolist() == [2, 2, 2]
    assert model.total.tolist() == [0, 0, 0]


def test_state_is_consistent_between_threads() -> None:
    program = forge.compile(Counter(), (torch.ones(3),))
    threads = [threading.Thread(target=program, args=(torch.ones(3),)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert program.buffers["total"].tolist() == [16, 16, 16]


# -- the host ------------------------------------------------------------------------------


def test_what_runs_on_the_host_is_reported() -> None:
    class Double(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return (x.relu().double() * 3).float() + x

    program = forge.compile(Double(), (X,))
    assert torch.allclose(program(X), Double()(X))
    assert program.report.ops_on_host == 1
    assert re.search(r"1 op on the host: 1 × aten.mul.Scalar \(.*f64.*\)", str(program.report))


def test_nothing_runs_on_the_host_in_silence(doubled: forge.Program) -> None:
    assert doubled.report.host_summary() == "nothing"


# -- levels --------------------------------------------------------------------------------


def test_each_level_reads_back_and_gives_the_same_bits(tied: forge.Program) -> None:
    assert list(tied.ir) == ["aten", "transformer", "reg"]
    ids = torch.tensor([[3, 4]])
    weights = Tied().eval()
    expected = forge.compile(weights, (ids,))(ids)
    for level, module in tied.ir.items():
        for generic in (False, True):
            text = print_module(module, generic=generic, debuginfo=True)
            read = parse_module(text)
            assert print_module(read, generic=generic, debuginfo=True) == text
            assert level in text
            program = forge.compile(read, weights=weights)
            assert torch.equal(program(ids), expected), level


def test_levels_are_kept_on_demand_only(doubled: forge.Program) -> None:
    with pytest.raises(ForgeError, match=r"did not keep its IR[\s\S]*keep_ir=True"):
        _ = doubled.ir


def test_a_level_that_the_program_was_not_at_is_named(tied: forge.Program) -> None:
    program = forge.compile(tied.ir["transformer"], weights=Tied(), keep_ir=True)
    with pytest.raises(ForgeError, match=r"no level 'aten'[\s\S]*at transformer, reg"):
        _ = program.ir["aten"]


def test_a_module_is_not_changed_by_compiling_it(tied: forge.Program) -> None:
    module = tied.ir["aten"]
    before = print_module(module)
    forge.compile(module, weights=Tied())
    assert print_module(module) == before


def test_locations_name_the_models_own_lines(tied: forge.Program) -> None:
    text = print_module(tied.ir["reg"], debuginfo=True)
    assert '"head"' in text
    assert "test_compile.py" in text


# -- sources -------------------------------------------------------------------------------


def test_exported_programs_and_their_files_compile(tmp_path: Path) -> None:
    model, ids = Tied().eval(), torch.tensor([[1, 2]])
    exported = torch.export.export(model, (ids,))
    torch.export.save(exported, tmp_path / "model.pt2")
    expected = model(ids)
    torch.testing.assert_close(forge.compile(exported)(ids), expected)
    torch.testing.assert_close(forge.compile(tmp_path / "model.pt2")(ids), expected)


def test_text_compiles_with_weights_of_every_kind(tmp_path: Path, tied: forge.Program) -> None:
    path = tmp_path / "model.mlir"
    path.write_text(print_module(tied.ir["transformer"]))
    model, ids = Tied().eval(), torch.tensor([[1, 2]])
    tensors = {"embed.weight": model.embed.weight}
    from forge.weights import ModuleWeights, save_weights

    save_weights(ModuleWeights(tensors), tmp_path / "weights.safetensors")
    for weights in (model, tensors, ModuleWeights(tensors), tmp_path / "weights.safetensors"):
        torch.testing.assert_close(forge.compile(path, weights=weights)(ids), model(ids))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pt2", None, "there is no file"),
        ("a.pt2", b"", "is empty"),
        ("a.pt2", b"PK\x03\x04 and nothing else", "damaged or cut short"),
        ("a.mlir", None, "cannot read .*No such file"),
        ("a.mlir", b"\xff\xfe\x00", r"a\.mlir is not text in UTF-8: invalid start byte"),
        ("a.mlir", b"func.func @main(", r"a.mlir:1:\d+"),
        ("a.onnx", b"", "cannot compile .*a.onnx"),
    ],
)
def test_wrong_files_are_named(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ForgeError, match=message):
        forge.compile(tmp_path / name)


def test_missing_weights_are_named(tied: forge.Program) -> None:
    with pytest.raises(ForgeError, match=r"uses weight 'embed.weight'[\s\S]*is empty"):
        forge.compile(tied.ir["aten"])
    with pytest.raises(ForgeError, match="holds no weights"):
        weight_store(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"device": "NPU"}, r"no device NPU[\s\S]*available are CPU"),
        ({"precision": "f8"}, "no precision 'f8'"),
        ({"config": {"NUM_STREEMS": 1}}, "no property 'NUM_STREEMS'"),
        ({"config": {"NUM_STREAMS": "many"}}, "cannot compile it for CPU"),
        ({"pipeline": "fuse-everything"}, "no pass 'fuse-everything'"),
        ({"pipeline": "simplify{times=2}"}, "no option 'times'"),
        ({"pipeline": "simplify,,"}, r"cannot parse the pipeline[\s\S]*\^"),
        ({"pipeline": "simplify"}, r"not a register[\s\S]*convert-to-reg"),
        ({"weights": {}}, "only Forge programs take weights"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        forge.compile(Scaled(), (X,), **options)


@pytest.mark.parametrize(
    ("model", "args", "message"),
    [
        (3, (), "cannot compile a value of type int"),
        (Scaled(), X, "the example arguments are a Tensor, not a tuple"),
    ],
)
def test_what_cannot_be_compiled_is_named(model: Any, args: Any, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        forge.compile(model, args)


def test_a_model_that_decides_by_values_is_refused_at_its_line() -> None:
    class Deciding(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x + 1 if x.sum() > 0 else x

    with pytest.raises(ForgeError, match=r"Deciding[\s\S]*test_compile.py"):
        forge.compile(Deciding(), (X,))


# -- precision and report ------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["f32", "f16", "bf16", "auto"])
def test_precisions(precision: str) -> None:
    program = forge.compile(nn.Linear(64, 64), (torch.ones(4, 64),), precision=precision)
    assert program.report.precision == precision
    if precision == "f32":
        assert program.report.execution_precision == "f32"


def test_the_report_lists_every_phase(tied: forge.Program) -> None:
    phases = list(tied.report.phase_seconds())
    assert phases[:3] == ["capture", "import", "verify aten"]
    assert phases[-3:] == ["verify reg", "translation", "device compile"]
    assert "convert-to-reg" in phases
    assert all(seconds >= 0 for seconds in tied.report.phase_seconds().values())
    assert tied.report.total_seconds == pytest.approx(sum(tied.report.phase_seconds().values()))
    text = str(tied.report)
    assert all(word in text for word in ("convert-to-reg", "nothing", "CPU", "ConvertLinear ×1"))
    restored = forge.CompilationReport.from_json(tied.report.to_json())
    assert restored == tied.report


def test_importing_forge_is_light() -> None:
    code = (
        "import forge, sys; print([m for m in ('torch', 'openvino', 'xdsl') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_public_names_are_there() -> None:
    for name in forge.__all__:
        assert getattr(forge, name) is not None
    assert "compile" in dir(forge)
    with pytest.raises(AttributeError, match="no attribute 'compyle'"):
        _ = forge.compyle  # type: ignore[attr-defined]


def test_outputs_of_loaded_objects_read_like_the_models() -> None:
    outputs = Outputs(logits=1, loss=2)
    assert (outputs.logits, outputs["loss"], outputs[0]) == (1, 2, 1)
