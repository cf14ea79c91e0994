"""Architectures that are not in the zoo: they lower without the host all the same."""

from typing import Any

import pytest
import torch
import transformers
from torch import Tensor, nn

from forge.passes import DEFAULT_PIPELINE
from tests.lowering.models import check

TEXT = {
    "vocab_size": 97,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "pad_token_id": 0,
}
T5 = {"vocab_size": 97, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4}
WHISPER = {
    "vocab_size": 97,
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "num_mel_bins": 8,
    "max_source_positions": 16,
    "max_target_positions": 16,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "decoder_start_token_id": 1,
}
SWIN = {
    "image_size": 32,
    "patch_size": 4,
    "embed_dim": 16,
    "depths": [2, 2],
    "num_heads": [2, 4],
    "window_size": 4,
}


class Named(nn.Module):
    """A model that takes its inputs by name, and gives its last hidden state."""

    def __init__(self, model: nn.Module, names: tuple[str, ...]) -> None:
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *inputs: Tensor) -> Tensor:
        arguments: dict[str, Any] = dict(zip(self.names, inputs, strict=True))
        if "input_ids" in arguments or "decoder_input_ids" in arguments:
            arguments["use_cache"] = False
        return self.model(**arguments).last_hidden_state


def ids(length: int = 8) -> Tensor:
    return torch.randint(3, 97, (1, length))


@pytest.mark.parametrize(
    ("architecture", "settings", "inputs"),
    [
        ("T5", T5, {"input_ids": ids(), "decoder_input_ids": ids(5)}),
        ("Whisper", WHISPER, {"input_features": torch.randn(1, 8, 32), "decoder_input_ids": ids()}),
        ("Swin", SWIN, {"pixel_values": torch.randn(1, 3, 32, 32)}),
        # A window of four tokens; capped scores, norms that add one to their weights.
        ("Gemma2", TEXT | {"sliding_window": 4}, {"input_ids": ids()}),
        # Neighbours are rotated, and not all of them.
        ("GPTJ", {"n_embd": 32, "n_layer": 2, "n_head": 4, "rotary_dim": 4}, {"input_ids": ids()}),
        ("Mamba", TEXT | {"state_size": 4}, {"input_ids": ids()}),
    ],
)
def test_an_architecture(
    architecture: str, settings: dict[str, Any], inputs: dict[str, Tensor]
) -> None:
    torch.manual_seed(0)
    config = getattr(transformers, f"{architecture}Config")(**settings)
    model = Named(transformers.AutoModel.from_config(config), tuple(inputs)).eval()
    check(model, tuple(inputs.values()), DEFAULT_PIPELINE)
