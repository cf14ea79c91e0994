"""The models of the zoo with their published hyper-parameters, a file for each family."""

from __future__ import annotations

from collections.abc import Mapping

from forge.zoo.configurations import encoders, gemma, gpt, images, llama
from forge.zoo.entry import CatalogueEntry

_PAPER = (
    gpt.GPT2,
    llama.GRANITE_350M,
    llama.QWEN2_0_5B,
    llama.LLAMA_3_2_1B,
    llama.LFM2_2_6B,
    llama.LLAMA_3_1_8B,
)
_DECODERS = (
    llama.MISTRAL_7B,
    gemma.GEMMA_2_2B,
    gemma.GEMMA_3_1B,
    llama.PHI_3_MINI,
    gpt.OPT_125M,
    gpt.PYTHIA_160M,
    gpt.GPT_J_6B,
)
_ENCODERS = (
    encoders.MINILM,
    encoders.BERT_BASE,
    encoders.T5_SMALL_ENCODER,
    encoders.T5_SMALL_DECODER,
    encoders.WHISPER_TINY_ENCODER,
)
_OTHERS = (images.VIT_BASE, images.RESNET_BLOCK, images.MLP)

CATALOGUE: Mapping[str, CatalogueEntry] = {
    entry.name: entry for entry in (*_PAPER, *_DECODERS, *_ENCODERS, *_OTHERS)
}
"""Every model by its name, those of the paper first."""
