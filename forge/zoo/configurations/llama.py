"""Llama and its relatives: RMS norms, rotary embeddings, grouped heads, gated MLPs."""

from __future__ import annotations

from forge.zoo.configurations.rope import llama3_rope, plain_rope
from forge.zoo.entry import CatalogueEntry, Kind

_LFM2_ATTENTION_LAYERS = (2, 5, 9, 13, 17, 21, 24, 27)

GRANITE_350M = CatalogueEntry(
    name="granite-350m",
    description="Granite 4.0 350M, dense: grouped heads, fused gate and up, four multipliers",
    source=(
        "config.json of ibm-granite/granite-4.0-350m (28 layers and 352,379,904 parameters, "
        "the size of its checkpoint; the paper's table counts 24 layers)"
    ),
    kind=Kind.DECODER,
    config_class="GraniteMoeHybridConfig",
    settings={
        "vocab_size": 100352,
        "hidden_size": 1024,
        "intermediate_size": 2048,
        "shared_intermediate_size": 2048,
        "num_hidden_layers": 28,
        "layer_types": ["attention"] * 28,
        "num_attention_heads": 16,
        "num_key_value_heads": 4,
        "num_local_experts": 0,
        "num_experts_per_tok": 0,
        "max_position_embeddings": 32768,
        "position_embedding_type": "rope",
        "rope_parameters": plain_rope(10000000.0),
        "rms_norm_eps": 1e-5,
        "initializer_range": 0.1,
        "embedding_multiplier": 12.0,
        "attention_multiplier": 0.015625,
        "residual_multiplier": 0.263,
        "logits_scaling": 4.0,
        "bos_token_id": 100257,
        "eos_token_id": 100257,
        "pad_token_id": 100256,
        "tie_word_embeddings": True,
    },
    hidden=1024,
)

QWEN2_0_5B = CatalogueEntry(
    name="qwen2-0.5b",
    description="Qwen2 0.5B: 14 query heads on 2 key/value heads, biased projections",
    source="config.json of Qwen/Qwen2-0.5B (494,032,768 parameters)",
    kind=Kind.DECODER,
    config_class="Qwen2Config",
    settings={
        "vocab_size": 151936,
        "hidden_size": 896,
        "intermediate_size": 4864,
        "num_hidden_layers": 24,
        "num_attention_heads": 14,
        "num_key_value_heads": 2,
        "max_position_embeddings": 131072,
        "rope_parameters": plain_rope(1000000.0),
        "rms_norm_eps": 1e-6,
        "initializer_range": 0.02,
        "bos_token_id": 151643,
        "eos_token_id": 151643,
        "tie_word_embeddings": True,
    },
    hidden=896,
)

LLAMA_3_2_1B = CatalogueEntry(
    name="llama-3.2-1b",
    description="Llama 3.2 1B: 32 query heads on 8 key/value heads, stretched rotary embedding",
    source="config.json of meta-llama/Llama-3.2-1B (1,235,814,400 parameters)",
    kind=Kind.DECODER,
    config_class="LlamaConfig",
    settings={
        "vocab_size": 128256,
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 16,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 64,
        "max_position_embeddings": 131072,
        "rope_parameters": llama3_rope(32.0),
        "rms_norm_eps": 1e-5,
        "initializer_range": 0.02,
        "bos_token_id": 128000,
        "eos_token_id": 128001,
        "tie_word_embeddings": True,
    },
    hidden=2048,
)

LFM2_2_6B = CatalogueEntry(
    name="lfm2-2.6b",
    description=(
        "LFM2 2.6B: gated short convolutions, attention in layers "
        + ", ".join(map(str, _LFM2_ATTENTION_LAYERS))
    ),
    source=(
        "model card of LiquidAI/LFM2-2.6B (30 layers, 22 of them convolutions, and "
        "2,569,272,320 parameters; the paper's table has transformers' default of 32 layers of "
        "2560)"
    ),
    kind=Kind.DECODER,
    config_class="Lfm2Config",
    settings={
        "vocab_size": 65536,
        "hidden_size": 2048,
        "intermediate_size": 10752,
        "block_auto_adjust_ff_dim": False,
        "num_hidden_layers": 30,
        "layer_types": [
            "full_attention" if layer in _LFM2_ATTENTION_LAYERS else "conv" for layer in range(30)
        ],
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "max_position_embeddings": 128000,
        "rope_parameters": plain_rope(1000000.0),
        "conv_L_cache": 3,
        "conv_bias": False,
        "norm_eps": 1e-5,
        "initializer_range": 0.02,
        "bos_token_id": 1,
        "eos_token_id": 7,
        "pad_token_id": 0,
        "tie_word_embeddings": True,
    },
    hidden=2048,
)

LLAMA_3_1_8B = CatalogueEntry(
    name="llama-3.1-8b",
    description="Llama 3.1 8B: 32 query heads on 8 key/value heads, a head of its own",
    source="config.json of meta-llama/Llama-3.1-8B (8,030,261,248 parameters)",
    kind=Kind.DECODER,
    config_class="LlamaConfig",
    settings={
        "vocab_size": 128256,
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "max_position_embeddings": 131072,
        "rope_parameters": llama3_rope(8.0),
        "rms_norm_eps": 1e-5,
        "initializer_range": 0.02,
        "bos_token_id": 128000,
        "eos_token_id": 128001,
        "tie_word_embeddings": False,
    },
    hidden=4096,
)

MISTRAL_7B = CatalogueEntry(
    name="mistral-7b",
    description="Mistral 7B v0.1: a token attends to itself and the 4095 before it",
    source="config.json of mistralai/Mistral-7B-v0.1 (7,241,732,096 parameters)",
    kind=Kind.DECODER,
    config_class="MistralConfig",
    settings={
        "vocab_size": 32000,
        "hidden_size": 4096,
        "intermediate_size": 14336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "max_position_embeddings": 32768,
        "sliding_window": 4096,
        "rope_parameters": plain_rope(10000.0),
        "rms_norm_eps": 1e-5,
        "initializer_range": 0.02,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "tie_word_embeddings": False,
    },
    hidden=4096,
)

PHI_3_MINI = CatalogueEntry(
    name="phi-3-mini",
    description="Phi-3 mini, 4k context: one QKV projection, fused gate and up, a window of 2047",
    source="config.json of microsoft/Phi-3-mini-4k-instruct (3,821,079,552 parameters)",
    kind=Kind.DECODER,
    config_class="Phi3Config",
    settings={
        "vocab_size": 32064,
        "hidden_size": 3072,
        "intermediate_size": 8192,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "max_position_embeddings": 4096,
        "original_max_position_embeddings": 4096,
        "sliding_window": 2047,
        "rope_parameters": plain_rope(10000.0),
        "rms_norm_eps": 1e-5,
        "initializer_range": 0.02,
        "bos_token_id": 1,
        "eos_token_id": 32000,
        "pad_token_id": 32000,
        "tie_word_embeddings": False,
    },
    hidden=3072,
)
