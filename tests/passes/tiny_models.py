"""The architectures of the zoo, small and with few layers: the same graphs, in milliseconds."""

from typing import Any

import torch
import transformers
from torch import Tensor, nn

from forge.zoo.catalogue import find_entry
from forge.zoo.configurations.rope import plain_rope
from forge.zoo.entry import Kind
from forge.zoo.wrappers import AudioEncoder, CrossDecoder, Decoder, ImageModel, TextEncoder

TOKENS = 8
SOURCE_TOKENS = 6
"""What a decoder attends to across is not as long as what it decodes."""
WINDOW = 4
"""Shorter than the input, so that it matters."""

_SMALL: dict[str, Any] = {
    "vocab_size": 97,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_attention_heads": 4,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
    # Larger than the true ones, so that the activations are not all in the linear part.
    "initializer_range": 0.2,
}
_GROUPED = _SMALL | {"num_key_value_heads": 2}
_SETTINGS: dict[str, dict[str, Any]] = {
    "GPT2Config": _SMALL | {"n_embd": 32, "n_head": 4, "n_positions": 16},
    "GraniteMoeHybridConfig": _GROUPED | {"shared_intermediate_size": 48, "mamba_n_heads": 4},
    "Qwen2Config": _GROUPED,
    "LlamaConfig": _GROUPED | {"head_dim": 8},
    "MistralConfig": _GROUPED | {"sliding_window": WINDOW},
    "Phi3Config": _GROUPED | {"sliding_window": WINDOW},
    "Gemma2Config": _GROUPED
    | {"head_dim": 8, "sliding_window": WINDOW, "query_pre_attn_scalar": 12}
    # Caps that bend the scores and logits of such a small model.
    | {"attn_logit_softcapping": 2.0, "final_logit_softcapping": 3.0},
    "Gemma3TextConfig": _GROUPED
    | {"head_dim": 8, "sliding_window": WINDOW, "query_pre_attn_scalar": 12}
    # Every other layer, so that few layers have both kinds of attention.
    | {"layer_types": None, "sliding_window_pattern": 2},
    "Lfm2Config": _GROUPED,
    "OPTConfig": _SMALL
    | {"ffn_dim": 48, "word_embed_proj_dim": 32, "max_position_embeddings": 16, "init_std": 0.2},
    "GPTNeoXConfig": _SMALL
    | {"rope_parameters": plain_rope(10000.0) | {"partial_rotary_factor": 0.5}},
    "GPTJConfig": _SMALL | {"n_embd": 32, "n_head": 4, "n_positions": 16, "rotary_dim": 4},
    "BertConfig": _SMALL | {"max_position_embeddings": 16},
    "T5Config": {"vocab_size": 97, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_heads": 4}
    # Distances of these inputs reach the buckets that several share.
    | {"relative_attention_num_buckets": 8, "relative_attention_max_distance": 6},
    "WhisperConfig": _SMALL
    | {"d_model": 32, "encoder_ffn_dim": 48, "encoder_attention_heads": 4, "num_mel_bins": 8}
    | {"max_source_positions": TOKENS, "init_std": 0.2}
    # The decoder is made, too, and thrown away.
    | {"decoder_layers": 1, "decoder_attention_heads": 4, "decoder_start_token_id": 1},
    "ViTConfig": _SMALL | {"image_size": 32, "patch_size": 16, "num_labels": 7},
}
_WRAPPERS: dict[Kind, tuple[Any, type[nn.Module]]] = {
    Kind.DECODER: (transformers.AutoModelForCausalLM, Decoder),
    Kind.TEXT_ENCODER: (transformers.AutoModelForTextEncoding, TextEncoder),
    Kind.CROSS_DECODER: (transformers.AutoModelForSeq2SeqLM, CrossDecoder),
    Kind.AUDIO_ENCODER: (transformers.AutoModel, AudioEncoder),
    Kind.IMAGE_CLASSIFIER: (transformers.AutoModelForImageClassification, ImageModel),
}


def tiny_model(
    name: str, layers: int = 2, dtype: torch.dtype = torch.float32, attention: str | None = None
) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """A small model of the named architecture, and inputs for it; the same at every call.

    Args:
        attention: how transformers computes it, which must be one of the entry's.
    """
    entry = find_entry(name)
    settings = entry.cut(layers) | _SETTINGS[entry.config_class]
    auto_class, wrapper = _WRAPPERS[entry.kind]
    torch.manual_seed(0)
    config = getattr(transformers, entry.config_class)(**settings)
    model = auto_class.from_config(
        config, dtype=dtype, attn_implementation=attention or entry.attention[0]
    )
    for parameter_name, parameter in model.named_parameters():
        # Norms start as ones and biases as zeros, which would hide a lost one.
        if parameter.ndim == 1:
            mean = entry.norm_mean if parameter_name.endswith("weight") else 0.0
            nn.init.normal_(parameter, mean, 0.2)
    return wrapper(model).eval().requires_grad_(False), _inputs(entry.kind, dtype)


def _inputs(kind: Kind, dtype: torch.dtype) -> tuple[Tensor, ...]:
    if kind is Kind.IMAGE_CLASSIFIER:
        return (torch.randn(1, 3, 32, 32, dtype=dtype),)
    if kind is Kind.AUDIO_ENCODER:
        return (torch.randn(1, 8, 2 * TOKENS, dtype=dtype),)
    ids = torch.randint(3, 97, (1, TOKENS))
    if kind is Kind.DECODER:
        return (ids,)
    if kind is Kind.CROSS_DECODER:
        states = torch.randn(1, SOURCE_TOKENS, 32, dtype=dtype)
        return ids, states, _padding_mask(SOURCE_TOKENS)
    return ids, _padding_mask(TOKENS)


def _padding_mask(tokens: int) -> Tensor:
    mask = torch.ones(1, tokens, dtype=torch.int64)
    mask[:, tokens - 2 :] = 0
    return mask
