"""The blocks of each architecture, counted by hand from its publication."""

import pytest
from torch import nn

from forge.tools.bench.module_tree import present_blocks
from forge.tools.bench.results import Blocks
from forge.zoo import model_names
from forge.zoo.configurations import CATALOGUE
from tests.passes.tiny_models import tiny_model

LAYERS = 3
# Two norms in front of the blocks of each layer and one at the end; queries and keys are rotated.
LLAMA = Blocks(attention=3, norms=7, rotary_embeddings=6, mlps=3)
ENCODER = Blocks(attention=3, norms=7, mlps=3)
EXPECTED = {
    "gpt2": ENCODER,
    "granite-350m": LLAMA,
    "qwen2-0.5b": LLAMA,
    "llama-3.2-1b": LLAMA,
    # Its third layer is the first with attention, which has norms of queries and keys.
    "lfm2-2.6b": Blocks(attention=1, norms=9, rotary_embeddings=2, mlps=3, short_convolutions=2),
    "llama-3.1-8b": LLAMA,
    "mistral-7b": LLAMA,
    # Norms behind the blocks, too; and in Gemma 3, of queries and keys.
    "gemma-2-2b": Blocks(attention=3, norms=13, rotary_embeddings=6, mlps=3),
    "gemma-3-1b": Blocks(attention=3, norms=19, rotary_embeddings=6, mlps=3),
    "phi-3-mini": LLAMA,
    "opt-125m": ENCODER,
    "pythia-160m": LLAMA,
    # One norm for both blocks of a layer.
    "gpt-j-6b": Blocks(attention=3, norms=4, rotary_embeddings=6, mlps=3),
    "bert-base": ENCODER,
    "t5-small-encoder": ENCODER,
    "t5-small-decoder": Blocks(attention=6, norms=10, mlps=3),
    "whisper-tiny-encoder": ENCODER,
    "vit-base": ENCODER,
}


def test_every_transformer_is_counted() -> None:
    transformers = {n for n in model_names() if CATALOGUE[n].config_class.endswith("Config")}
    # MiniLM is BERT with weights.
    assert set(EXPECTED) == transformers - {"minilm"}


@pytest.mark.parametrize("name", EXPECTED)
def test_blocks_of_a_model(name: str) -> None:
    module, _ = tiny_model(name, LAYERS)
    assert present_blocks(module) == EXPECTED[name]


def test_what_is_no_transformer_has_no_blocks() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4, 2))
    assert present_blocks(module) == Blocks()
