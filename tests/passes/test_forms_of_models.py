"""Models whose operations all have other forms than the default, against eager PyTorch in f32."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

import forge
from forge import zoo
from forge.backends.npu import PLATFORMS
from forge.dialects import transformer
from forge.dialects.transformer.forms import (
    AttentionForm,
    EmittedOp,
    Form,
    GatedMlpForm,
    LinearForm,
    MlpForm,
    NormForm,
    RotaryForm,
)
from forge.importer import capture, import_program
from forge.passes import DEFAULT_PIPELINE, npu_passes
from forge.source import weight_store
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

MAX_DIFFERENCE = 2.1e-5
MODELS = [name for name in zoo.model_names() if name not in ("minilm", "mlp", "resnet-block")]

FORMS: tuple[Mapping[type[EmittedOp], Form], ...] = (
    {
        transformer.LayerNormOp: NormForm(scale="folded"),
        transformer.RmsNormOp: NormForm(scale="folded"),
        transformer.LinearOp: LinearForm(sections="apart"),
        transformer.MlpOp: MlpForm(up_slices=4, down_slices=2),
        transformer.GatedMlpOp: GatedMlpForm(2, 2, "columns"),
        transformer.AttentionOp: AttentionForm(
            "decomposed", "projection", "numbers", "token_rows", projections="per_group"
        ),
        transformer.RotaryEmbeddingOp: RotaryForm("before_transpose"),
    },
    {
        transformer.LinearOp: LinearForm("columns"),
        transformer.MlpOp: MlpForm(2, 4, "columns", residual="first"),
        transformer.GatedMlpOp: GatedMlpForm(4, 2),
        transformer.AttentionOp: AttentionForm(
            mask="numbers", kv="token_rows", query_chunks=2, projections="stacked", value="columns"
        ),
    },
    {
        transformer.LayerNormOp: NormForm(statistics="products"),
        transformer.RmsNormOp: NormForm(scale="folded", statistics="products"),
        transformer.AttentionOp: AttentionForm("products", "projection", "numbers"),
    },
    {transformer.AttentionOp: AttentionForm("decomposed", kv="blocks", value="product")},
)


def emit_as(module: ModuleOp, forms: Mapping[type[EmittedOp], Form]) -> None:
    for op in module.walk():
        if isinstance(op, EmittedOp) and (form := forms.get(type(op))) is not None:
            op.emit_as(form)


def layers_of(name: str) -> int:
    # LFM2 has attention in its third layer.
    return 3 if name == "lfm2-2.6b" else 2


@pytest.mark.parametrize("name", MODELS)
def test_models_agree_with_eager_in_every_form(name: str) -> None:
    model, inputs = tiny_model(name, layers_of(name))
    with torch.no_grad():
        expected: Any = model(*inputs)
    imported = import_program(capture(model, inputs))
    apply(imported.module, DEFAULT_PIPELINE)
    for forms in FORMS:
        module = imported.module.clone()
        emit_as(module, forms)
        apply(module, "apply-forms,convert-to-reg")
        actual = forge.compile(module, weights=weight_store(model))(*inputs)
        assert (actual - expected).abs().max() < MAX_DIFFERENCE * expected.abs().max()


@pytest.mark.parametrize(
    ("name", "norms"), [("gpt2", 4), ("bert-base", 0), ("vit-base", 4), ("llama-3.2-1b", 4)]
)
def test_norms_before_layers_are_folded(name: str, norms: int) -> None:
    # Those behind residuals, as BERT has them, are read by the next residual, too; the last ones
    # are not read by a layer that is alone.
    model, inputs = tiny_model(name)
    module = import_program(capture(model, inputs)).module
    apply(module, DEFAULT_PIPELINE)
    emit_as(module, FORMS[0])
    report = apply(module, "apply-forms")
    assert report.matched("FoldNormScale") >= norms
    assert (report.matched("FoldNormScale") == 0) == (norms == 0)
    assert report.matched("SplitProjection") == (2 if name == "gpt2" else 0)


def test_patches_are_rows_of_a_linear_layer() -> None:
    model, inputs = tiny_model("vit-base")
    with torch.no_grad():
        expected: Any = model(*inputs)
    module = import_program(capture(model, inputs)).module
    passes = f"{DEFAULT_PIPELINE},convert-convolution-to-linear,optimize-layout,convert-to-reg"
    assert apply(module, passes).matched("TilesAsRows") == 1
    actual = forge.compile(module, weights=weight_store(model))(*inputs)
    assert (actual - expected).abs().max() < MAX_DIFFERENCE * expected.abs().max()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_npu_takes_patches_as_rows(platform: str) -> None:
    model, inputs = tiny_model("vit-base")
    module = import_program(capture(model, inputs)).module
    apply(module, f"{DEFAULT_PIPELINE},{npu_passes(platform)}")
    names = [op.name for op in module.walk()]
    assert "reg.MatMul" in names
    # Nothing is copied to another device and back.
    assert not {"reg.Convolution", "reg.copy"} & set(names)
