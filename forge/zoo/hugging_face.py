"""Loading pretrained models in transformers' format, from a directory or the Hugging Face hub."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import torch
from safetensors import SafetensorError
from torch import nn

from forge.errors import ForgeError
from forge.zoo.builder import CACHED_LAYERS, import_transformers
from forge.zoo.entry import DEFAULT_TOKENS
from forge.zoo.example_inputs import cached_inputs, padding_mask, random_image, random_token_ids
from forge.zoo.model import ZooModel, number_of_parameters
from forge.zoo.wrappers import CachedDecoder, Decoder, ImageModel, TextEncoder


def load_pretrained(
    origin: Path | str,
    layers: int | None,
    tokens: int | None,
    attn_implementation: str,
    dtype: torch.dtype,
    *,
    batch: int = 1,
    cache: int | None = None,
) -> ZooModel:
    """Load a model with its trained weights, as the class that its `config.json` names.

    Args:
        origin: a directory with `config.json` and weights, or the id of one on the hub.
        layers: keep only the first so many.
        tokens: length of the example input; 128, or less for a model that takes less.
        cache: a step of generation after so many tokens, of one token unless `tokens` says else.

    Raises:
        ForgeError: it cannot be found, reached, read, or lacks weights; or it is no decoder,
            encoder or image model.
    """
    transformers = import_transformers()
    options: dict[str, Any] = {"local_files_only": isinstance(origin, Path) or not _hub_answers()}
    with _reported(origin), _quiet(transformers):
        config = transformers.AutoConfig.from_pretrained(str(origin), **options)
    depth = _cut(origin, config, layers)
    model_class = _model_class(transformers, origin, config)
    with _reported(origin), _quiet(transformers):
        model, loaded = model_class.from_pretrained(
            str(origin),
            config=config,
            dtype=dtype,
            attn_implementation=attn_implementation,
            output_loading_info=True,
            **options,
        )
    _check_weights(origin, loaded)
    wrapper, example_args = _interface(origin, model, tokens, dtype, batch, cache)
    return ZooModel(
        name=Path(origin).name,
        module=wrapper.eval().requires_grad_(False),
        example_args=example_args,
        description=f"{model_class.__name__} with the weights it was trained to",
        source=str(origin),
        parameters=number_of_parameters(model),
        layers=depth,
    )


@contextmanager
def _reported(origin: Path | str) -> Generator[None]:
    """What transformers raises for a missing, malformed or unreachable model, in one sentence."""
    strict_errors = import_module("huggingface_hub.errors")
    try:
        yield
    except (
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        SafetensorError,
        strict_errors.StrictDataclassError,
    ) as error:
        reason = str(error).strip().partition("\n")[0]
        hint = "a directory needs config.json and model.safetensors; is it the right one?"
        if isinstance(origin, str):
            hint = "check the id and the network, or download the model and name its directory"
        raise ForgeError(f"cannot load {origin}: {reason}", hint=hint) from error


@contextmanager
def _quiet(transformers: Any) -> Generator[None]:
    """Silence the report of unused weights: a cut model has some, and the rest is checked here."""
    logger = transformers.utils.logging
    verbosity = logger.get_verbosity()
    logger.set_verbosity_error()
    try:
        yield
    finally:
        logger.set_verbosity(verbosity)


def _hub_answers() -> bool:
    """Whether the hub's address can be found. Without this, being offline takes 23 s to notice."""
    if any(os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY")):
        return True  # the proxy looks addresses up
    endpoint: str = import_module("huggingface_hub.constants").ENDPOINT
    try:
        socket.getaddrinfo(urlsplit(endpoint).hostname, 443)
    except OSError:
        return False
    return True


def _cut(origin: Path | str, config: Any, layers: int | None) -> int | None:
    depth: int | None = getattr(config, "num_hidden_layers", None)
    if layers is None:
        return depth
    if depth is None or not 1 <= layers <= depth:
        has = "an unknown number of layers" if depth is None else f"{depth} layers"
        raise ForgeError(f"{origin} has {has} and cannot be cut to {layers}")
    config.num_hidden_layers = layers
    if getattr(config, "layer_types", None) is not None:
        config.layer_types = config.layer_types[:layers]
    return layers


def _model_class(transformers: Any, origin: Path | str, config: Any) -> Any:
    if config.is_encoder_decoder:
        raise ForgeError(
            f"{origin} is an encoder and a decoder ({config.model_type}), which run in turns",
            hint="write a factory for the half that is to be compiled: module.py:factory",
        )
    names: list[str] = config.architectures or ["AutoModel"]
    model_class = getattr(transformers, names[0], None)
    if model_class is None:
        raise ForgeError(
            f"transformers has no architecture {names[0]}, which {origin} asks for",
            hint="write a factory that builds it: module.py:factory",
        )
    return model_class


def _check_weights(origin: Path | str, loaded: dict[str, Any]) -> None:
    """transformers gives what a checkpoint lacks random values; a compiled model must not."""
    lacking = sorted(loaded["missing_keys"]) + [str(key[0]) for key in loaded["mismatched_keys"]]
    if lacking:
        raise ForgeError(
            f"{origin} lacks {len(lacking)} weights of its architecture, such as {lacking[0]}",
            hint="is the checkpoint complete, and does its config.json belong to it?",
        )


def _interface(
    origin: Path | str,
    model: Any,
    tokens: int | None,
    dtype: torch.dtype,
    batch: int,
    cache: int | None,
) -> tuple[nn.Module, tuple[Any, ...]]:
    """The model as a module of tensors, and inputs for it."""
    config, generator = model.config, torch.Generator().manual_seed(0)
    is_decoder = type(model).__name__ in _causal_classes()
    if cache is not None and not (is_decoder and _keeps_keys_and_values(config)):
        raise ForgeError(f"{origin} has no cache of keys and values", hint="leave the cache out")
    if model.main_input_name == "pixel_values":
        if tokens is not None:
            raise ForgeError(f"{origin} reads no tokens", hint="leave the number of tokens out")
        height, width = _image_size(config)
        shape = (batch, config.num_channels, height, width)
        return ImageModel(model), (random_image(shape, dtype, generator),)
    if model.main_input_name != "input_ids":
        raise ForgeError(
            f"{origin} reads {model.main_input_name}, not token ids or images",
            hint="write a factory that returns it with its inputs: module.py:factory",
        )
    text = config.get_text_config()
    limit: int | None = getattr(text, "max_position_embeddings", None)
    default = 1 if cache is not None else DEFAULT_TOKENS
    length = tokens or min(default, limit or default)
    if limit is not None and length + (cache or 0) > limit:
        raise ForgeError(
            f"{origin} cannot take {length + (cache or 0)} tokens", hint=f"it takes up to {limit}"
        )
    ids = random_token_ids((batch, length), text.vocab_size, generator)
    if cache is not None:
        return CachedDecoder(model), cached_inputs(text, ids, cache, dtype, generator)
    if is_decoder:
        return Decoder(model), (ids,)
    return TextEncoder(model), (ids, padding_mask((batch, length)))


def _keeps_keys_and_values(config: Any) -> bool:
    return set(getattr(config, "layer_types", None) or ()) <= CACHED_LAYERS


def _image_size(config: Any) -> tuple[int, int]:
    size: Any = getattr(config, "image_size", 224)
    return (size, size) if isinstance(size, int) else (size[0], size[1])


def _causal_classes() -> set[str]:
    auto = import_module("transformers.models.auto.modeling_auto")
    return set(auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values())
