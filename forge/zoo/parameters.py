"""How many parameters a configuration has, by arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

Settings = Mapping[str, Any]


def count_parameters(config_class: str, settings: Settings, *, cross: bool = False) -> int:
    """The number of parameters of the model that the settings describe, tied ones counted once.

    Args:
        cross: count the decoder of an encoder and a decoder, not the encoder.
    """
    return (_CROSS_COUNTERS if cross else _COUNTERS)[config_class](settings)


def _linear(inputs: int, outputs: int) -> int:
    return inputs * outputs + outputs


def _head(s: Settings) -> int:
    return 0 if s["tie_word_embeddings"] else s["vocab_size"] * s["hidden_size"]


def _grouped_attention(s: Settings, *, bias: bool) -> int:
    hidden = s["hidden_size"]
    head = s.get("head_dim", hidden // s["num_attention_heads"])
    queries, keys = s["num_attention_heads"] * head, s["num_key_value_heads"] * head
    biases = queries + 2 * keys if bias else 0
    return hidden * queries + 2 * hidden * keys + queries * hidden + biases


def _gated_mlp(s: Settings, inner: str = "intermediate_size") -> int:
    return 3 * s["hidden_size"] * s[inner]


def _gpt2(s: Settings) -> int:
    hidden = s["n_embd"]
    attention = _linear(hidden, 3 * hidden) + _linear(hidden, hidden)
    mlp = _linear(hidden, 4 * hidden) + _linear(4 * hidden, hidden)
    layer = attention + mlp + 2 * 2 * hidden
    return (s["vocab_size"] + s["n_positions"]) * hidden + s["n_layer"] * layer + 2 * hidden


def _llama(s: Settings, *, bias: bool = False, inner: str = "intermediate_size") -> int:
    hidden = s["hidden_size"]
    layer = _grouped_attention(s, bias=bias) + _gated_mlp(s, inner) + 2 * hidden
    return s["vocab_size"] * hidden + s["num_hidden_layers"] * layer + hidden + _head(s)


def _qwen2(s: Settings) -> int:
    return _llama(s, bias=True)


def _granite(s: Settings) -> int:
    return _llama(s, inner="shared_intermediate_size")


def _lfm2(s: Settings) -> int:
    hidden = s["hidden_size"]
    head_norms = 2 * (hidden // s["num_attention_heads"])
    convolution = hidden * 3 * hidden + hidden * hidden + hidden * s["conv_L_cache"]
    attention = _grouped_attention(s, bias=False) + head_norms
    mixers = sum(convolution if kind == "conv" else attention for kind in s["layer_types"])
    rest = s["num_hidden_layers"] * (_gated_mlp(s) + 2 * hidden)
    return s["vocab_size"] * hidden + mixers + rest + hidden + _head(s)


def _gemma(s: Settings) -> int:
    # Norms before and behind both blocks.
    return _llama(s) + s["num_hidden_layers"] * 2 * s["hidden_size"]


def _gemma3(s: Settings) -> int:
    return _gemma(s) + s["num_hidden_layers"] * 2 * s["head_dim"]


def _opt(s: Settings) -> int:
    hidden, inner = s["hidden_size"], s["ffn_dim"]
    # Its table of positions has two rows in front that are never read.
    rows = s["vocab_size"] + s["max_position_embeddings"] + 2
    return rows * hidden + _encoder_layers({**s, "intermediate_size": inner}) + 2 * hidden


def _gpt_neox(s: Settings) -> int:
    hidden = s["hidden_size"]
    return s["vocab_size"] * hidden + _encoder_layers(s) + 2 * hidden + _head(s)


def _gptj(s: Settings) -> int:
    hidden, vocabulary = s["n_embd"], s["vocab_size"]
    mlp = _linear(hidden, 4 * hidden) + _linear(4 * hidden, hidden)
    layer = 4 * hidden * hidden + mlp + 2 * hidden  # one norm in front of both blocks
    head = _linear(hidden, vocabulary)
    return vocabulary * hidden + s["n_layer"] * layer + 2 * hidden + head


def _t5_layers(s: Settings, attentions: int) -> int:
    """Tokens, layers of so many attentions and an MLP, a norm in front of each, and the last."""
    hidden = s["d_model"]
    attention = 4 * hidden * s["num_heads"] * s["d_kv"]
    layer = attentions * (attention + hidden) + 2 * hidden * s["d_ff"] + hidden
    distances = s["relative_attention_num_buckets"] * s["num_heads"]
    return s["vocab_size"] * hidden + s["num_layers"] * layer + distances + hidden


def _t5_encoder(s: Settings) -> int:
    return _t5_layers(s, attentions=1)


def _t5_decoder(s: Settings) -> int:
    return _t5_layers(s, attentions=2)


def _whisper_encoder(s: Settings) -> int:
    hidden, inner, layers = s["d_model"], s["encoder_ffn_dim"], s["encoder_layers"]
    sizes = {"hidden_size": hidden, "intermediate_size": inner, "num_hidden_layers": layers}
    without_key_biases = _encoder_layers(sizes) - layers * hidden
    convolutions = _linear(3 * s["num_mel_bins"], hidden) + _linear(3 * hidden, hidden)
    return convolutions + s["max_source_positions"] * hidden + without_key_biases + 2 * hidden


def _encoder_layers(s: Settings) -> int:
    hidden, inner = s["hidden_size"], s["intermediate_size"]
    layer = 4 * _linear(hidden, hidden) + _linear(hidden, inner) + _linear(inner, hidden)
    return s["num_hidden_layers"] * (layer + 2 * 2 * hidden)


def _bert(s: Settings) -> int:
    hidden = s["hidden_size"]
    rows = s["vocab_size"] + s["max_position_embeddings"] + s["type_vocab_size"]
    pooler = _linear(hidden, hidden)
    return rows * hidden + 2 * hidden + _encoder_layers(s) + pooler


def _vit(s: Settings) -> int:
    hidden = s["hidden_size"]
    patches = (s["image_size"] // s["patch_size"]) ** 2
    projection = _linear(s["num_channels"] * s["patch_size"] ** 2, hidden)
    positions = (patches + 1) * hidden + hidden
    classifier = _linear(hidden, s["num_labels"])
    return projection + positions + _encoder_layers(s) + 2 * hidden + classifier


def _resnet_block(s: Settings) -> int:
    width, outputs = s["width"], s["width"] * s["expansion"]

    def convolution(inputs: int, features: int, kernel: int) -> int:
        return inputs * features * kernel**2 + 2 * features  # and a batch norm's two vectors

    stem = convolution(s["num_channels"], width, 7)
    main = convolution(width, width, 1) + convolution(width, width, 3)
    block = main + convolution(width, outputs, 1) + convolution(width, outputs, 1)
    return stem + block + _linear(outputs, s["num_labels"])


def _mlp(s: Settings) -> int:
    sizes = [s["features"], *[s["hidden"]] * (s["linears"] - 1), s["num_labels"]]
    return sum(_linear(a, b) for a, b in pairwise(sizes))


_COUNTERS: Mapping[str, Callable[[Settings], int]] = {
    "GPT2Config": _gpt2,
    "GraniteMoeHybridConfig": _granite,
    "Qwen2Config": _qwen2,
    "LlamaConfig": _llama,
    "Lfm2Config": _lfm2,
    "MistralConfig": _llama,
    "Phi3Config": _llama,
    "Gemma2Config": _gemma,
    "Gemma3TextConfig": _gemma3,
    "OPTConfig": _opt,
    "GPTNeoXConfig": _gpt_neox,
    "GPTJConfig": _gptj,
    "BertConfig": _bert,
    "T5Config": _t5_encoder,
    "WhisperConfig": _whisper_encoder,
    "ViTConfig": _vit,
    "ResNetBlock": _resnet_block,
    "MLP": _mlp,
}

_CROSS_COUNTERS: Mapping[str, Callable[[Settings], int]] = {"T5Config": _t5_decoder}
