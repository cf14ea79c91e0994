"""Gemma: norms before and behind each block that add one to their weights, scaled embeddings."""

from __future__ import annotations

from forge.zoo.configurations.rope import plain_rope
from forge.zoo.entry import CatalogueEntry, Kind

GEMMA_2_2B = CatalogueEntry(
    name="gemma-2-2b",
    description="Gemma 2 2B: soft caps on scores and logits, a window of 4096 in every other layer",
    source=(
        "config.json of google/gemma-2-2b (2,614,341,888 parameters; transformers has only eager "
        "attention for it)"
    ),
    kind=Kind.DECODER,
    config_class="Gemma2Config",
    settings={
        "vocab_size": 256000,
        "hidden_size": 2304,
        "intermediate_size": 9216,
        "num_hidden_layers": 26,
        "layer_types": ["sliding_attention", "full_attention"] * 13,
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "query_pre_attn_scalar": 256,
        "attn_logit_softcapping": 50.0,
        "final_logit_softcapping": 30.0,
        "sliding_window": 4096,
        "max_position_embeddings": 8192,
        "hidden_activation": "gelu_pytorch_tanh",
        "rope_parameters": plain_rope(10000.0),
        "rms_norm_eps": 1e-6,
        "initializer_range": 0.02,
        "bos_token_id": 2,
        "eos_token_id": 1,
        "pad_token_id": 0,
        "tie_word_embeddings": True,
    },
    hidden=2304,
    attention=("eager",),
    norm_mean=0.0,
)

GEMMA_3_1B = CatalogueEntry(
    name="gemma-3-1b",
    description="Gemma 3 1B: normed queries and keys, a window of 512 in five of six layers",
    source="config.json of google/gemma-3-1b-pt (999,885,952 parameters)",
    kind=Kind.DECODER,
    config_class="Gemma3TextConfig",
    settings={
        "vocab_size": 262144,
        "hidden_size": 1152,
        "intermediate_size": 6912,
        "num_hidden_layers": 26,
        "layer_types": [
            "full_attention" if layer % 6 == 5 else "sliding_attention" for layer in range(26)
        ],
        "num_attention_heads": 4,
        "num_key_value_heads": 1,
        "head_dim": 256,
        "query_pre_attn_scalar": 256,
        "sliding_window": 512,
        "max_position_embeddings": 32768,
        "hidden_activation": "gelu_pytorch_tanh",
        "rope_parameters": {
            "sliding_attention": plain_rope(10000.0),
            "full_attention": plain_rope(1000000.0),
        },
        "rms_norm_eps": 1e-6,
        "initializer_range": 0.02,
        "bos_token_id": 2,
        "eos_token_id": 1,
        "pad_token_id": 0,
        "tie_word_embeddings": True,
    },
    hidden=1152,
    norm_mean=0.0,
)
