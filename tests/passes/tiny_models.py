"""The architectures of the zoo, small and with few layers: the same graphs, in milliseconds."""

from typing import Any

import torch
import transformers
from torch import Tensor, nn

from forge.zoo.catalogue import find_entry
from forge.zoo.entry import Kind
from forge.zoo.wrappers import Decoder, ImageModel, TextEncoder

TOKENS = 8

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
    "Lfm2Config": _GROUPED,
    "BertConfig": _SMALL | {"max_position_embeddings": 16},
    "ViTConfig": _SMALL | {"image_size": 32, "patch_size": 16, "num_labels": 7},
}
_WRAPPERS: dict[Kind, tuple[Any, type[nn.Module]]] = {
    Kind.DECODER: (transformers.AutoModelForCausalLM, Decoder),
    Kind.TEXT_ENCODER: (transformers.AutoModel, TextEncoder),
    Kind.IMAGE_CLASSIFIER: (transformers.AutoModelForImageClassification, ImageModel),
}


def tiny_model(
    name: str, layers: int = 2, dtype: torch.dtype = torch.float32, attention: str = "sdpa"
) -> tuple[nn.Module, tuple[Tensor, ...]]:
    """A small model of the named architecture, and inputs for it; the same at every call."""
    entry = find_entry(name)
    settings = entry.cut(layers) | _SETTINGS[entry.config_class]
    auto_class, wrapper = _WRAPPERS[entry.kind]
    torch.manual_seed(0)
    config = getattr(transformers, entry.config_class)(**settings)
    model = auto_class.from_config(config, dtype=dtype, attn_implementation=attention)
    for parameter_name, parameter in model.named_parameters():
        # Norms start as ones and biases as zeros, which would hide a lost one.
        if parameter.ndim == 1:
            nn.init.normal_(parameter, float(parameter_name.endswith("weight")), 0.2)
    return wrapper(model).eval().requires_grad_(False), _inputs(entry.kind, dtype)


def _inputs(kind: Kind, dtype: torch.dtype) -> tuple[Tensor, ...]:
    if kind is Kind.IMAGE_CLASSIFIER:
        return (torch.randn(1, 3, 32, 32, dtype=dtype),)
    ids = torch.randint(3, 97, (1, TOKENS))
    if kind is Kind.DECODER:
        return (ids,)
    mask = torch.ones(1, TOKENS, dtype=torch.int64)
    mask[:, TOKENS - 2 :] = 0
    return ids, mask
