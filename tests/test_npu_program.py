"""Programs for an NPU: compiled where it is not, saved as blobs, run where it is."""

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import forge
from forge import ForgeError
from forge.backends.npu import PLATFORMS, NpuCompiler, NpuToolchainError, Schedule
from forge.backends.npu.sequence import in_sequence
from forge.backends.openvino import bindings
from forge.backends.openvino.destination import Destination, find_destination
from forge.pipeline import build_pipeline
from forge.targets import forms_table
from tests import npu_stand_in
from tests.npu_stand_in import StandInCompiler, StandInNpu, schedule

IDS = torch.arange(16)[None]
X = torch.linspace(-1, 1, 8).reshape(2, 4)


class Block(nn.Module):
    """A transformer's parts without its attention."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(64, 32)
        self.up, self.down = nn.Linear(32, 64), nn.Linear(64, 32)
        self.norm = nn.LayerNorm(32)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.embed(ids)
        x = x + self.down(nn.functional.gelu(self.up(x)))
        return self.norm(x) @ self.embed.weight.T


class Elsewhere(nn.Module):
    """Between two layers an operation that the NPU's compiler refuses, and one for the host."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.register_buffer("edges", torch.linspace(-1, 1, 5))

    def forward(self, x: Tensor) -> Tensor:
        return self.second(torch.bucketize(self.first(x), self.edges).float())


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> StandInCompiler:
    return npu_stand_in.install(monkeypatch)


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    npu_stand_in.install(monkeypatch)
    program = forge.compile(Block().eval(), (IDS,), platform="NPU4000")
    program.save(tmp_path / "out")
    return tmp_path / "out"


def assert_close(actual: Any, expected: Any) -> None:
    # The weights are in f16.
    torch.testing.assert_close(actual, expected, atol=2e-2, rtol=2e-2)


def edit(saved: Path, **fields: Any) -> None:
    path = saved / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


# -- where it is to run ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "platform"),
    [("NPU", "NPU4000"), ("npu", "npu4000"), ("npu4000", None), ("NPU4000", "NPU4000")],
)
def test_names_of_a_platform(device: str, platform: str | None) -> None:
    assert find_destination(device, platform) == Destination("NPU", "NPU4000", is_here=False)


def test_a_platform_alone_means_an_npu() -> None:
    assert find_destination(None, "NPU5010") == Destination("NPU", "NPU5010", is_here=False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"device": "NPU"}, r"no device NPU[\s\S]*name the platform[\s\S]*NPU3720, NPU4000"),
        ({"device": "NPU", "platform": "NPU9"}, r"no NPU platform 'NPU9'[\s\S]*NPU3720, NPU4000"),
        ({"device": "CPU", "platform": "NPU4000"}, "CPU has no platforms"),
        ({"device": "host", "platform": "NPU4000"}, "host has no platforms"),
        ({"device": "npu3720", "platform": "NPU4000"}, "NPU3720 is no NPU4000"),
        ({"device": "NPU4000", "precision": "f32"}, "the NPU computes in f16, not in f32"),
        ({"device": "NPU4000", "precision": "f8"}, "no precision 'f8'"),
        ({"device": "NPU4000", "config": {"TURBO": 1}}, "properties are for a device that is here"),
        ({"device": "NPU4000", "pipeline": "assign-devices{target=npu4}"}, r"no target 'npu4'"),
    ],
)
@pytest.mark.usefixtures("compiler")
def test_wrong_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        forge.compile(Block().eval(), (IDS,), **options)


def test_without_a_toolchain_it_says_how_to_get_one_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("forge.backends.npu.toolchain.find_toolchain", lambda: None)
    monkeypatch.setattr("forge.importer.capture", None)
    with pytest.raises(NpuToolchainError, match="make npu-toolchain"):
        forge.compile(Block().eval(), (IDS,), platform="NPU4000")


def test_the_default_pipeline_is_made_for_the_platform() -> None:
    passes = build_pipeline(forge.default_pipeline("NPU", platform="NPU5010"))
    targets = [p.target for p in passes if p.name == "assign-devices"]  # type: ignore[attr-defined]
    assert targets == ["npu5010"]
    names = [p.name for p in passes]
    order = ["apply-forms", "convert-to-reg", "compress-weights", "assign-devices"]
    assert [name for name in names if name in order] == order
    assert names[-1] == "schedule-instructions"


def test_forms_come_from_the_platforms_table_if_it_has_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(forms_table, "_FOLDER", tmp_path)
    assert "select-forms" not in forge.default_pipeline("NPU", platform="NPU4000")
    (tmp_path / "npu4000.toml").touch()
    passes = forge.default_pipeline("NPU", platform="NPU4000")
    assert ",select-forms{platform=npu4000},apply-forms,convert-to-reg" in passes
    # Its compiler alone fails on the heads that keys are repeated for.
    assert ",legalize-grouped-heads,apply-forms" in forge.default_pipeline("npu", 1.0, "NPU3720")
    assert "select-forms" not in forge.default_pipeline("NPU", platform="NPU3720")


# -- an NPU that is elsewhere ------------------------------------------------------------------


def test_a_program_for_elsewhere_has_a_blob_and_a_schedule(compiler: StandInCompiler) -> None:
    program = forge.compile(Block().eval(), (IDS,), device="NPU", platform="NPU4000")
    assert compiler.asked == ["NPU4000"]
    assert program.blob is not None
    assert program.blobs == [program.blob]
    assert program.schedule == schedule("NPU4000", len(program.blob))
    assert [str(port) for port in program.inputs] == ["ids: tensor<1x16xi64>"]
    assert [str(port.type) for port in program.outputs] == ["tensor<1x16x64xf32>"]
    assert repr(program).endswith("on NPU4000)")


@pytest.mark.usefixtures("compiler")
def test_it_says_how_to_run_it() -> None:
    program = forge.compile(Block().eval(), (IDS,), platform="NPU4000")
    with pytest.raises(ForgeError, match=r"for NPU4000, which is not on this[\s\S]*device=\"CPU\""):
        program(IDS)


@pytest.mark.usefixtures("compiler")
def test_the_report_shows_what_is_predicted() -> None:
    report = forge.compile(Block().eval(), (IDS,), platform="NPU4000").report
    assert (report.device, report.platform, report.precision) == ("NPU", "NPU4000", "f16")
    assert "NPU compile" in report.phase_seconds()
    assert "device compile" not in report.phase_seconds()
    text = " ".join(str(report).split())
    assert "NPU, platform NPU4000, which is not on this machine" in text
    assert "10 µs, 6 without the embedding, as predicted by Intel's NPU compiler" in text
    assert "DMA 5, DPU 3, SHAVE 2" in text
    assert "linear in fc (m.py:7)" in text
    assert forge.CompilationReport.from_json(json.loads(json.dumps(report.to_json()))) == report


def test_programs_for_other_devices_have_neither() -> None:
    program = forge.compile(Block().eval(), (IDS,), device="CPU")
    assert (program.blob, program.blobs, program.schedule) == (None, [], None)
    assert program.report.platform == ""


def test_what_the_compiler_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    npu_stand_in.install(monkeypatch, refused=PLATFORMS)
    with pytest.raises(ForgeError, match=r"NPU4000: no room\s+at linear in fc"):
        forge.compile(Block().eval(), (IDS,), platform="NPU4000")


def test_one_compiler_serves_several_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forge.backends.npu.NpuCompiler", None)
    compiler: Any = StandInCompiler()
    for platform in PLATFORMS:
        forge.compile(Block().eval(), (IDS,), platform=platform, npu_compiler=compiler)
    assert compiler.asked == list(PLATFORMS)


@pytest.mark.usefixtures("compiler")
def test_checked_passes_say_what_short_weights_cost() -> None:
    program = forge.compile(Block().eval(), (IDS,), platform="NPU4000", check_numerics=True)
    assert "difference of the outputs, in millionths" in " ".join(str(program.report).split())


# -- parts that run elsewhere ------------------------------------------------------------------


def test_what_the_npu_does_not_take_goes_elsewhere_with_its_reason(
    compiler: StandInCompiler,
) -> None:
    program = forge.compile(Elsewhere().eval(), (X,), platform="NPU4000")
    assert compiler.asked == ["NPU4000"] * 2
    assert len(program.blobs) == 2
    assert program.schedule is not None
    assert program.schedule.predicted_latency_us == 20
    with pytest.raises(ForgeError, match=r"has 2 blobs[\s\S]*program.blobs"):
        _ = program.blob
    text = " ".join(str(program.report).split())
    assert "instructions on cpu: 1; moved, the compiler refuses every form of it" in text


@pytest.mark.usefixtures("compiler")
def test_the_parts_run_together_where_the_npu_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    npu = StandInNpu().plug_in(monkeypatch)
    model = Elsewhere().eval()
    program = forge.compile(model, (X,))
    assert (len(npu.imported), npu.compiled) == (2, 0)
    assert_close(program(X), model(X))
    program.save(tmp_path / "out")
    assert_close(forge.load(tmp_path / "out")(X), model(X))
    assert npu.imported[2:] == program.blobs


def test_schedules_in_sequence_add_up() -> None:
    one = schedule("NPU4000", 7)
    assert in_sequence([one]) is one
    both = in_sequence([one, one])
    assert both.predicted_latency_without_embedding_us == 12
    assert (both.blob_bytes, both.compile_seconds, both.trace) == (14, 3.0, b"")
    assert both.uncharged == {"RMS": 2}
    assert [(layer.start_us, layer.end_us) for layer in both.layers] == [(0, 6), (10, 16)]


def test_a_refusal_of_one_part_is_kept() -> None:
    one = schedule("NPU4000")
    split = replace(one, strategies=3)
    refused = replace(one, strategies_refused="no room")
    both = in_sequence([split, split, refused])
    assert (both.strategies, both.strategies_refused) == (6, "no room")


# -- an NPU that is here -----------------------------------------------------------------------


def test_where_the_npu_is_a_program_runs(
    compiler: StandInCompiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    npu = StandInNpu().plug_in(monkeypatch)
    model = Block().eval()
    program = forge.compile(model, (IDS,))
    assert compiler.asked == ["NPU4000"]
    assert (npu.imported, npu.compiled) == ([program.blob], 0)
    assert program.report.device_reason == "which OpenVINO finds here"
    assert "platform NPU4000, runs on CPU" in " ".join(str(program.report).split())
    assert_close(program(IDS), model(IDS))


@pytest.mark.parametrize("architecture", ["NPU4000", "4000"])
def test_the_platform_comes_from_the_device(
    monkeypatch: pytest.MonkeyPatch, architecture: str
) -> None:
    StandInNpu(architecture).plug_in(monkeypatch)
    assert find_destination("NPU") == Destination("NPU", "NPU4000")
    assert find_destination("NPU", "NPU4000").is_here
    assert not find_destination("NPU", "NPU3720").is_here


def test_another_platform_is_elsewhere(
    compiler: StandInCompiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    npu = StandInNpu().plug_in(monkeypatch)
    program = forge.compile(Block().eval(), (IDS,), platform="NPU3720")
    assert (compiler.asked, npu.imported) == (["NPU3720"], [])
    with pytest.raises(ForgeError, match="NPU3720, which is not on this machine"):
        program(IDS)


def test_a_driver_compiles_where_there_is_no_other_compiler(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    npu = StandInNpu().plug_in(monkeypatch)
    monkeypatch.setattr("forge.compiler.find_toolchain", lambda: None)
    model = Block().eval()
    program = forge.compile(model, (IDS,))
    assert (npu.compiled, program.blob, program.schedule) == (1, None, None)
    assert_close(program(IDS), model(IDS))
    program.save(tmp_path / "out")
    assert_close(forge.load(tmp_path / "out")(IDS), model(IDS))


@pytest.mark.usefixtures("compiler")
def test_properties_of_an_npu_that_is_here_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    StandInNpu().plug_in(monkeypatch)
    with pytest.raises(ForgeError, match="NPU has no property 'TURBO'"):
        forge.compile(Block().eval(), (IDS,), config={"TURBO": 1})
    forge.compile(Block().eval(), (IDS,), config={"PERF_COUNT": True})


# -- saved programs ----------------------------------------------------------------------------


def test_a_saved_program_is_a_blob_beside_its_ir(saved: Path) -> None:
    files = ["manifest.json", "model_0.bin", "model_0.blob", "model_0.trace.json.gz", "model_0.xml"]
    assert sorted(path.name for path in saved.iterdir()) == files
    npu = json.loads((saved / "manifest.json").read_text())["npu"]
    assert npu == {
        "platform": "NPU4000",
        "openvino": bindings.version(),
        "bytes": {"0": (saved / "model_0.blob").stat().st_size},
    }


def test_where_its_npu_is_a_blob_is_imported_and_nothing_compiled(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npu = StandInNpu().plug_in(monkeypatch)
    for device in (None, "NPU", "npu4000"):
        program = forge.load(saved, device)
        assert (npu.imported, npu.compiled) == ([program.blob], 0)
        assert program.report.execution_devices
        assert program.schedule is not None
        assert program.schedule.predicted_latency_us == 10
        assert_close(program(IDS), Block().eval()(IDS))
        npu.imported.clear()


def test_without_its_npu_it_says_what_is_missing(saved: Path) -> None:
    message = rf"NPU4000, and OpenVINO finds no NPU here[\s\S]*OpenVINO {bindings.version()}"
    with pytest.raises(ForgeError, match=message):
        forge.load(saved)
    with pytest.raises(ForgeError, match=message):
        forge.load(saved, device="NPU")


def test_on_another_platform_it_says_which(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    StandInNpu("3720").plug_in(monkeypatch)
    with pytest.raises(ForgeError, match="compiled for NPU4000, and this machine has an NPU3720"):
        forge.load(saved)
    with pytest.raises(ForgeError, match=r"NPU4000 and cannot run on NPU3720[\s\S]*platform='NPU3"):
        forge.load(saved, device="npu3720")


def test_it_moves_to_the_cpu_where_it_is_told_to(saved: Path) -> None:
    program = forge.load(saved, device="CPU")
    report = program.report
    assert (report.device, report.platform, program.schedule) == ("CPU", "", None)
    assert report.execution_precision == "f32"
    assert program.blobs == []
    assert_close(program(IDS), Block().eval()(IDS))


def test_a_program_of_the_cpu_moves_to_the_npu(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge.compile(Block().eval(), (IDS,), device="CPU").save(tmp_path / "out")
    npu = StandInNpu().plug_in(monkeypatch)
    program = forge.load(tmp_path / "out", device="NPU")
    assert npu.compiled == 1
    assert_close(program(IDS), Block().eval()(IDS))


def test_a_blob_that_the_device_refuses_names_the_versions(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    StandInNpu().plug_in(monkeypatch)
    edit(saved, npu=json.loads((saved / "manifest.json").read_text())["npu"] | {"openvino": "1.2"})

    def refuse(*_: Any) -> None:
        raise RuntimeError("the blob is too new")

    monkeypatch.setattr(bindings, "import_model", refuse)
    with pytest.raises(
        ForgeError, match=r"cannot import its blob on NPU: the blob is too new[\s\S]*1\.2"
    ):
        forge.load(saved)


def test_damage_is_named(saved: Path) -> None:
    blob = saved / "model_0.blob"
    blob.write_bytes(blob.read_bytes()[:-1])
    with pytest.raises(ForgeError, match=r"model_0.blob is damaged: it has"):
        forge.load(saved)
    blob.unlink()
    with pytest.raises(ForgeError, match=r"model_0.blob is missing"):
        forge.load(saved)
    edit(saved, npu={"platform": "NPU4000"})
    with pytest.raises(ForgeError, match=r"manifest.json is damaged"):
        forge.load(saved)


# -- Intel's own compiler ----------------------------------------------------------------------


class Attending(nn.Module):
    """One block of a decoder."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed = nn.Embedding(96, 64)
        self.first, self.second = nn.LayerNorm(64), nn.LayerNorm(64)
        self.qkv, self.out = nn.Linear(64, 192), nn.Linear(64, 64)
        self.mlp = nn.Sequential(nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64))

    def forward(self, ids: Tensor) -> Tensor:
        x = self.embed(ids)
        parts = self.qkv(self.first(x)).view(1, 16, 3, 4, 16).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(*parts, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(1, 16, 64))
        return (x + self.mlp(self.second(x))) @ self.embed.weight.T


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_decoders_block_compiles(
    npu_compiler: NpuCompiler, platform: str, tmp_path: Path
) -> None:
    model = Attending().eval()
    program = forge.compile(model, (IDS,), platform=platform, npu_compiler=npu_compiler)
    found: Schedule | None = program.schedule
    assert found is not None
    assert found.platform == platform
    assert 0 < found.predicted_latency_without_embedding_us <= found.predicted_latency_us
    assert any(
        "in qkv" in layer.location and "test_npu" in layer.location for layer in found.layers
    )
    program.save(tmp_path / "out")
    assert (tmp_path / "out" / "model_0.blob").read_bytes() == program.blob
    trace = json.loads(gzip.decompress((tmp_path / "out" / "model_0.trace.json.gz").read_bytes()))
    assert trace["taskStatistics"]["total duration"] == found.predicted_latency_us
    assert_close(forge.load(tmp_path / "out", device="CPU")(IDS), model(IDS))
