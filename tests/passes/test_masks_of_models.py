"""The masks that real models compute of positions become bands; those of padding stay."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import forge
from forge.dialects import transformer
from forge.importer import capture, import_program
from forge.passes import DEFAULT_PIPELINE
from tests.passes.checking import apply
from tests.passes.tiny_models import WINDOW, tiny_model

CAUSAL, IN_A_WINDOW = (True, None), (True, WINDOW)
BANDS = {
    "gpt2": {CAUSAL},
    "llama-3.2-1b": {CAUSAL},
    "mistral-7b": {IN_A_WINDOW},
    "phi-3-mini": {IN_A_WINDOW},
    "gemma-2-2b": {CAUSAL, IN_A_WINDOW},
    "gemma-3-1b": {CAUSAL, IN_A_WINDOW},
    "opt-125m": {CAUSAL},
    "pythia-160m": {CAUSAL},
}


def attentions(
    name: str, attention: str, dtype: torch.dtype = torch.float32
) -> list[transformer.AttentionOp]:
    program = import_program(capture(*tiny_model(name, attention=attention, dtype=dtype)))
    apply(program.module, DEFAULT_PIPELINE)
    return [op for op in program.module.walk() if isinstance(op, transformer.AttentionOp)]


@pytest.mark.parametrize("name", BANDS)
@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_positions_become_a_band(name: str, attention: str) -> None:
    if (name, attention) == ("gemma-2-2b", "sdpa"):
        # Transformers has no such form of it: sdpa knows no cap of the scores.
        attention = "eager"
    found = attentions(name, attention)
    assert found and all(op.mask is None for op in found)
    assert {(op.get("causal"), op.get("window")) for op in found} == BANDS[name]


def test_the_smallest_bf16_hides_as_well() -> None:
    found = attentions("llama-3.2-1b", "eager", torch.bfloat16)
    assert found and all(op.mask is None and op.get("causal") for op in found)


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_padding_stays(attention: str) -> None:
    found = attentions("bert-base", attention)
    assert found and all(op.mask is not None and not op.get("causal") for op in found)


def test_a_fused_weight_is_saved_once(tmp_path: Path) -> None:
    model, inputs = tiny_model("phi-3-mini")
    program = forge.compile(model, inputs)
    # Four slices of two layers' weights, which are views, and the tables of the rotary embedding.
    assert program.report.computed_at_load > 4
    tables = program.report.computed_bytes
    assert tables < 4096
    program.save(tmp_path / "phi")
    saved = sum(file.stat().st_size for file in (tmp_path / "phi").glob("*.bin"))
    assert saved < program.report.weight_bytes + tables + 2048
    loaded = torch.as_tensor(forge.load(tmp_path / "phi")(*inputs))
    assert torch.equal(loaded, program(*inputs))
    torch.testing.assert_close(loaded, model(*inputs), rtol=0, atol=1e-5)
