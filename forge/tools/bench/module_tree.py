"""Which blocks a model has, by its modules: what recognition is measured against.

Nothing here looks at a program. A block is known by the submodules that it owns, under the names
that transformers gives them in the models of the zoo.
"""

from __future__ import annotations

from torch import nn

from forge.tools.bench.results import Blocks

_ATTENTION = (
    {"q_proj", "k_proj", "v_proj"},
    {"query", "key", "value"},
    {"q", "k", "v"},
    {"c_attn"},
    {"qkv_proj"},
    {"query_key_value"},
)
_MLP = (
    {"gate_proj", "up_proj", "down_proj"},
    {"gate_up_proj", "down_proj"},
    {"w1", "w2", "w3"},
    {"wi", "wo"},
    {"c_fc", "c_proj"},
    {"fc1", "fc2"},
    {"fc_in", "fc_out"},
    {"dense_h_to_4h", "dense_4h_to_h"},
    {"input_linear", "output_linear"},
    # BERT's layer has the first linear layer in one submodule and the second in another.
    {"intermediate", "output"},
)
_SHORT_CONVOLUTION = ({"conv", "in_proj", "out_proj"},)


def present_blocks(model: nn.Module) -> Blocks:
    """Count the blocks of a model in its tree of modules.

    Queries and keys are rotated apart: two rotary embeddings for each attention, in a model that
    has a module for their angles, or whose attentions have a size to rotate.
    """
    modules = list(model.modules())
    attentions = [module for module in modules if _owns(module, _ATTENTION)]
    has_angles = any(type(module).__name__.endswith("RotaryEmbedding") for module in modules)
    rotating = [module for module in attentions if has_angles or hasattr(module, "rotary_dim")]
    return Blocks(
        attention=len(attentions),
        norms=sum(_is_norm(module) for module in modules),
        rotary_embeddings=2 * len(rotating),
        mlps=sum(_owns(module, _MLP) for module in modules),
        short_convolutions=sum(_owns(module, _SHORT_CONVOLUTION) for module in modules),
    )


def _owns(module: nn.Module, signatures: tuple[set[str], ...]) -> bool:
    names = {name for name, _ in module.named_children()}
    return any(signature <= names for signature in signatures)


def _is_norm(module: nn.Module) -> bool:
    return type(module).__name__.endswith(("LayerNorm", "RMSNorm"))
