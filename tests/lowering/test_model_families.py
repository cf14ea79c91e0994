"""The models of the zoo: they lower without the host, and compute what eager does."""

import pytest
import torch

from forge.importer import capture, import_program
from forge.passes import DEFAULT_PIPELINE
from forge.zoo import build, model_names
from forge.zoo.catalogue import find_entry
from tests.lowering.models import check, lowered
from tests.passes.tiny_models import tiny_model

WITHOUT_LAYERS = {"resnet-block", "mlp"}
TRANSFORMERS = sorted(set(model_names()) - WITHOUT_LAYERS)
# The two Llamas differ in width only. MiniLM is small as it is.
SMALL = sorted(set(TRANSFORMERS) - {"llama-3.1-8b", "minilm"})
# LFM2's third layer is its first with attention; the two before are convolutions.
LAYERS = {"lfm2-2.6b": 3}
WAYS = [(name, attention) for name in SMALL for attention in find_entry(name).attention]
LEVELS = pytest.mark.parametrize("passes", ["", DEFAULT_PIPELINE], ids=["aten", "transformer"])


@pytest.mark.parametrize(("name", "attention"), WAYS)
@LEVELS
def test_small_models_of_the_architectures(name: str, attention: str, passes: str) -> None:
    module, inputs = tiny_model(name, LAYERS.get(name, 2), attention=attention)
    check(module, inputs, passes)


@pytest.mark.parametrize("name", SMALL)
def test_small_models_in_bf16(name: str) -> None:
    module, inputs = tiny_model(name, LAYERS.get(name, 2), dtype=torch.bfloat16)
    # Eager itself is as far from what it computes in f32.
    check(module, inputs, DEFAULT_PIPELINE, allowed=0.05)


@pytest.mark.parametrize("name", sorted(WITHOUT_LAYERS | {"minilm"}))
@LEVELS
def test_models_that_are_small_already(name: str, passes: str) -> None:
    model = build(name, layers=2 if name == "minilm" else None)
    check(model.module, model.example_args, passes)


@pytest.mark.parametrize("name", TRANSFORMERS)
@LEVELS
def test_models_of_true_width_lower_completely(name: str, passes: str) -> None:
    model = build(name, layers=LAYERS.get(name, 2), weights="fake")
    program = import_program(capture(model.module, model.example_args))
    names = {op.name for op in lowered(program, passes).walk()}
    assert not {name for name in names if name.startswith(("aten.", "transformer.", "forge."))}
    assert "reg.host" not in names


def test_a_mask_with_padding_on_the_left() -> None:
    # Queries before the first token have no key at all.
    model = build("minilm", layers=2)
    ids, mask = model.example_args
    mask = torch.ones_like(mask)
    mask[:, :5] = 0
    check(model.module, (ids, mask), DEFAULT_PIPELINE)
