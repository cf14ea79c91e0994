"""GPT-2 and its relatives: layer norms, and an MLP of two linear layers."""

from __future__ import annotations

from forge.zoo.configurations.rope import plain_rope
from forge.zoo.entry import CatalogueEntry, Kind

GPT2 = CatalogueEntry(
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
)

OPT_125M = CatalogueEntry(
    name="opt-125m",
    description="OPT 125M: learned positions, ReLU between two linear layers",
    source="config.json of facebook/opt-125m (125,239,296 parameters)",
    kind=Kind.DECODER,
    config_class="OPTConfig",
    settings={
        "vocab_size": 50272,
        "hidden_size": 768,
        "word_embed_proj_dim": 768,
        "ffn_dim": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "max_position_embeddings": 2048,
        "activation_function": "relu",
        "do_layer_norm_before": True,
        "init_std": 0.02,
        "bos_token_id": 2,
        "eos_token_id": 2,
        "pad_token_id": 1,
        "tie_word_embeddings": True,
    },
    hidden=768,
)

PYTHIA_160M = CatalogueEntry(
    name="pythia-160m",
    description="Pythia 160M (GPT-NeoX): a quarter of each head rotated, attention beside the MLP",
    source="config.json of EleutherAI/pythia-160m (162,322,944 parameters)",
    kind=Kind.DECODER,
    config_class="GPTNeoXConfig",
    settings={
        "vocab_size": 50304,
        "hidden_size": 768,
        "intermediate_size": 3072,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "max_position_embeddings": 2048,
        "rope_parameters": {**plain_rope(10000.0), "partial_rotary_factor": 0.25},
        "hidden_act": "gelu",
        "use_parallel_residual": True,
        "layer_norm_eps": 1e-5,
        "initializer_range": 0.02,
        "bos_token_id": 0,
        "eos_token_id": 0,
        "tie_word_embeddings": False,
    },
    hidden=768,
)

GPT_J_6B = CatalogueEntry(
    name="gpt-j-6b",
    description="GPT-J 6B: pairs of neighbours rotated in 64 of each head's 256 features",
    source="config.json of EleutherAI/gpt-j-6b (transformers has only eager attention for it)",
    kind=Kind.DECODER,
    config_class="GPTJConfig",
    settings={
        "vocab_size": 50400,
        "n_positions": 2048,
        "n_embd": 4096,
        "n_layer": 28,
        "n_head": 16,
        "rotary_dim": 64,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5,
        "initializer_range": 0.02,
        "bos_token_id": 50256,
        "eos_token_id": 50256,
        "tie_word_embeddings": False,
    },
    hidden=4096,
    depth_setting="n_layer",
    max_tokens_setting="n_positions",
    attention=("eager",),
)
