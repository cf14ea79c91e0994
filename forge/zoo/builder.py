"""Building a model of the zoo."""

from __future__ import annotations

import os
from contextlib import ExitStack
from importlib import import_module
from logging import ERROR, getLogger
from typing import Any, Literal, cast

import torch
from torch import Generator, Tensor, nn

from forge.errors import ForgeError
from forge.zoo import torch_models
from forge.zoo.catalogue import checked_depth, find_entry
from forge.zoo.entry import DEFAULT_TOKENS, CatalogueEntry, Kind
from forge.zoo.example_inputs import (
    cached_inputs,
    padding_mask,
    random_hidden_states,
    random_image,
    random_speech,
    random_token_ids,
)
from forge.zoo.model import ZooModel
from forge.zoo.random_weights import fill_with_random_weights
from forge.zoo.sentences import (
    EXAMPLE_SENTENCES,
    SentenceTokenizer,
    load_minilm_weights,
    minilm_tokenizer,
)
from forge.zoo.wrappers import (
    AudioEncoder,
    CachedDecoder,
    CrossDecoder,
    Decoder,
    ImageModel,
    SentenceEncoder,
    TextEncoder,
)

CACHED_LAYERS = {"attention", "full_attention", "sliding_attention"}
"""Layers whose only state is keys and values, as configurations call them."""
_DTYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64)

# What transformers builds a model of this kind with, and what makes its answer a plain tensor.
_AUTO_CLASSES: dict[Kind, tuple[str, type[nn.Module]]] = {
    Kind.DECODER: ("AutoModelForCausalLM", Decoder),
    Kind.TEXT_ENCODER: ("AutoModelForTextEncoding", TextEncoder),
    Kind.SENTENCE_ENCODER: ("AutoModel", SentenceEncoder),
    Kind.CROSS_DECODER: ("AutoModelForSeq2SeqLM", CrossDecoder),
    Kind.AUDIO_ENCODER: ("AutoModel", AudioEncoder),
    Kind.IMAGE_CLASSIFIER: ("AutoModelForImageClassification", ImageModel),
}


def build(
    name: str,
    layers: int | None = None,
    tokens: int | None = None,
    attn_implementation: str | None = None,
    dtype: torch.dtype = torch.float32,
    *,
    batch: int = 1,
    cache: int | None = None,
    seed: int = 0,
    weights: Literal["given", "fake"] = "given",
) -> ZooModel:
    """Build a model of the zoo with its true configuration.

    The same arguments give the same weights and inputs everywhere: random ones drawn from the
    seed, or the pretrained ones and real sentences for `minilm`.

    Args:
        layers: keep only so many layers, the first ones.
        tokens: length of the example input, 128 unless given; only for models that read tokens.
            With a cache, 1 unless given.
        attn_implementation: `sdpa` (one operator) or `eager` (matrix products and a softmax);
            `sdpa` unless given, where the model has it.
        batch: how many sequences, images or vectors the example input has.
        cache: build the decoder as a step of generation, on keys and values of so many earlier
            tokens; see `forge.zoo.wrappers.CachedDecoder`.
        weights: `fake` allocates no weight, for exporting a model of any size: parameters have
            shapes and no values.

    Raises:
        ForgeError: no such model, or an argument that the model cannot take, or no memory for it.
    """
    entry = find_entry(name)
    depth = checked_depth(entry, layers)
    length = _checked_tokens(entry, tokens, cache)
    attention = attn_implementation or entry.attention[0]
    _check_choices(entry, attention, dtype, batch)
    if weights == "given":
        _check_memory(entry, depth, dtype)
    module = _build_module(entry, depth, attention, dtype, seed, fake=weights == "fake")
    if cache is not None:
        module = CachedDecoder(module.get_submodule("model"))
    tokenizer = minilm_tokenizer() if entry.kind is Kind.SENTENCE_ENCODER else None
    return ZooModel(
        name=name,
        module=module.eval().requires_grad_(False),
        example_args=_example_args(entry, module, length, dtype, batch, cache, seed, tokenizer),
        description=entry.description,
        source=entry.source,
        parameters=entry.parameters(depth),
        layers=depth,
        tokenizer=tokenizer,
    )


def import_transformers() -> Any:
    """The package transformers, which Forge itself does not depend on.

    Raises:
        ForgeError: it is not installed.
    """
    try:
        transformers = import_module("transformers")
    except ModuleNotFoundError:
        raise ForgeError(
            "the package transformers, which builds this model, is not installed",
            hint="pip install 'forge-ugc[transformers]'",
        ) from None
    # It recommends CUDA packages for models that are about to be compiled.
    getLogger("transformers.integrations.hub_kernels").setLevel(ERROR)
    return transformers


def _checked_tokens(entry: CatalogueEntry, tokens: int | None, cache: int | None) -> int:
    if cache is not None:
        return _checked_step(entry, 1 if tokens is None else tokens, cache)
    limit = entry.max_tokens
    if limit is None:
        if tokens is not None:
            raise ForgeError(f"{entry.name} reads no tokens", hint="leave the number of tokens out")
        return 0
    length = DEFAULT_TOKENS if tokens is None else tokens
    if not 1 <= length <= limit:
        raise ForgeError(
            f"{entry.name} cannot take {length} tokens", hint=f"it takes from 1 to {limit}"
        )
    return length


def _checked_step(entry: CatalogueEntry, tokens: int, cache: int) -> int:
    others = set(entry.settings.get("layer_types", ())) - CACHED_LAYERS
    if entry.kind is not Kind.DECODER or others:
        kept = f"layers of type {others.pop()}" if others else "no cache"
        raise ForgeError(
            f"{entry.name} cannot take earlier keys and values: it has {kept}",
            hint="leave the cache out, or choose a decoder all of whose layers are attention",
        )
    limit = entry.max_tokens or 0
    if min(tokens, cache) < 1 or tokens + cache > limit:
        raise ForgeError(
            f"{entry.name} cannot take {tokens} tokens after {cache}",
            hint=f"it takes at least one of each, and {limit} together",
        )
    return tokens


def _check_choices(entry: CatalogueEntry, attention: str, dtype: torch.dtype, batch: int) -> None:
    if attention not in entry.attention:
        raise ForgeError(
            f"{entry.name} has no attention implementation {attention!r}",
            hint=f"choose {' or '.join(entry.attention)}",
        )
    if dtype not in _DTYPES:
        names = ", ".join(str(known) for known in _DTYPES)
        raise ForgeError(f"a model cannot have weights of {dtype}", hint=f"choose one of {names}")
    if batch < 1:
        raise ForgeError(f"a batch of {batch} is no input", hint="choose 1 or more")


def _check_memory(entry: CatalogueEntry, depth: int, dtype: torch.dtype) -> None:
    """Refuse before the machine starts to swap, or kills the process."""
    if not hasattr(os, "sysconf"):  # Windows, which grows its page file instead
        return
    needed = entry.parameters(depth) * dtype.itemsize
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if needed > installed:
        raise ForgeError(
            f"the weights of {entry.name} with {depth} layers in {dtype} take "
            f"{needed / 2**30:.1f} GiB, and this machine has {installed / 2**30:.1f} GiB",
            hint="cut it to fewer layers, or take a narrower dtype",
        )


def _build_module(
    entry: CatalogueEntry,
    depth: int,
    attn_implementation: str,
    dtype: torch.dtype,
    seed: int,
    *,
    fake: bool,
) -> nn.Module:
    settings = entry.cut(depth)
    with ExitStack() as stack:
        if fake:
            from torch._subclasses.fake_tensor import FakeTensorMode

            stack.enter_context(FakeTensorMode())
        else:  # layers draw first values from the caller's random state, which is not ours to move
            stack.callback(torch.set_rng_state, torch.get_rng_state())
        if entry.kind in _AUTO_CLASSES and entry.config_class.endswith("Config"):
            module = _build_transformer(entry, settings, attn_implementation, dtype)
        else:
            module = _build_plain(entry, settings, dtype)
    if fake:
        return module
    if entry.kind is Kind.SENTENCE_ENCODER:
        load_minilm_weights(module.get_submodule("model"))
        return module.to(dtype)
    fill_with_random_weights(
        module, seed, entry.initial_deviation, entry.norm_mean, entry.query_scale
    )
    return module


def _build_transformer(
    entry: CatalogueEntry, settings: dict[str, Any], attn_implementation: str, dtype: torch.dtype
) -> nn.Module:
    transformers = import_transformers()
    initialization = import_module("transformers.initialization")
    auto_class, wrapper = _AUTO_CLASSES[entry.kind]
    config = getattr(transformers, entry.config_class)(**settings)
    # Its own initialisation would take longer than the rest, and ties weights as its last step.
    with initialization.no_init_weights():
        model = getattr(transformers, auto_class).from_config(
            config, dtype=dtype, attn_implementation=attn_implementation
        )
    model.tie_weights()
    return wrapper(model)


def _build_plain(entry: CatalogueEntry, settings: dict[str, Any], dtype: torch.dtype) -> nn.Module:
    default = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        return getattr(torch_models, entry.config_class)(**settings)
    finally:
        torch.set_default_dtype(default)


def _example_args(
    entry: CatalogueEntry,
    module: nn.Module,
    length: int,
    dtype: torch.dtype,
    batch: int,
    cache: int | None,
    seed: int,
    tokenizer: SentenceTokenizer | None,
) -> tuple[Tensor, ...]:
    settings = entry.settings
    generator = Generator().manual_seed(seed)
    if tokenizer is not None:
        sentences = [EXAMPLE_SENTENCES[row % len(EXAMPLE_SENTENCES)] for row in range(batch)]
        ids, mask = tokenizer.encode(sentences, length)
        return torch.as_tensor(ids), torch.as_tensor(mask)
    if entry.kind is Kind.IMAGE_CLASSIFIER:
        size = settings["image_size"]
        return (random_image((batch, settings["num_channels"], size, size), dtype, generator),)
    if entry.kind is Kind.AUDIO_ENCODER:
        # The second convolution reads every other frame.
        frames = 2 * settings["max_source_positions"]
        return (random_speech((batch, settings["num_mel_bins"], frames), dtype, generator),)
    if entry.kind is Kind.FEED_FORWARD:
        return (torch.randn(batch, settings["features"], generator=generator).to(dtype),)
    ids = random_token_ids((batch, length), settings["vocab_size"], generator)
    if cache is not None:
        config = cast("Any", module).model.config
        return cached_inputs(config, ids, cache, dtype, generator)
    if entry.kind is Kind.DECODER:
        return (ids,)
    if entry.kind is Kind.CROSS_DECODER:
        states = random_hidden_states((batch, length, entry.hidden), dtype, generator)
        return ids, states, padding_mask((batch, length))
    return ids, padding_mask((batch, length))
