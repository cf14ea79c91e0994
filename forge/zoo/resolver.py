"""From what a user writes to a model: the one place that decides what the text means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from forge.errors import ForgeError
from forge.zoo.builder import build
from forge.zoo.catalogue import model_names, suggest_names
from forge.zoo.exported_file import load_exported_file
from forge.zoo.factory import call_factory
from forge.zoo.hugging_face import load_pretrained
from forge.zoo.model import ZooModel

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")

_WHAT_TO_NAME = (
    "a model is a name in the zoo, a local Hugging Face directory, a hub id organisation/name, "
    "module.py:factory, or a .pt2 file"
)


@dataclass(frozen=True)
class _Choices:
    """The options given with a spec, for those that cannot take them."""

    layers: int | None
    tokens: int | None
    attn_implementation: str | None
    dtype: torch.dtype | None
    batch: int | None
    cache: int | None

    def refuse_for(self, what: str) -> None:
        given = [name for name, value in vars(self).items() if value is not None]
        if given:
            raise ForgeError(
                f"{what} decides for itself and cannot take {', '.join(given)}",
                hint="leave these options out",
            )


def resolve(
    spec: str,
    *,
    layers: int | None = None,
    tokens: int | None = None,
    attn_implementation: str | None = None,
    dtype: torch.dtype | None = None,
    batch: int | None = None,
    cache: int | None = None,
    shapes: Mapping[str, Sequence[int]] | None = None,
) -> ZooModel:
    """Load what a user names.

    Args:
        spec: a name in the zoo; a local Hugging Face directory; a hub id `organisation/name`;
            `path/module.py:factory`, see `forge.zoo.factory`; or a `.pt2` file.
        layers: keep only the first so many layers; zoo and Hugging Face models.
        tokens: length of the example input, 128 unless given; zoo and Hugging Face models.
        attn_implementation: `sdpa` or `eager`; zoo and Hugging Face models.
        dtype: of the weights, float32 unless given; zoo and Hugging Face models.
        batch: size of the example input, 1 unless given; zoo and Hugging Face models.
        cache: a step of generation after so many tokens; decoders of the zoo and of Hugging Face.
        shapes: of inputs by name, for a `.pt2` file that was exported for several.

    Raises:
        ForgeError: nothing is found there, or it cannot be loaded, or an option does not apply.
    """
    choices = _Choices(layers, tokens, attn_implementation, dtype, batch, cache)
    if not spec:
        raise ForgeError("no model is named", hint=_WHAT_TO_NAME)
    path = Path(spec).expanduser()
    if path.suffix == ".pt2":
        choices.refuse_for("an exported program")
        return load_exported_file(path, shapes)
    if shapes:
        raise ForgeError(
            f"{spec} is no exported program, and takes no shapes of inputs",
            hint="--batch and --tokens say how long its input is",
        )
    if ".py:" in spec or path.suffix == ".py":
        choices.refuse_for("a factory")
        return call_factory(spec)
    if spec not in model_names() and not path.exists() and not _HUB_ID.fullmatch(spec):
        raise _not_found(spec)
    weights_dtype = dtype or torch.float32
    if path.is_file():
        raise ForgeError(f"{path} is a file of no kind that holds a model", hint=_WHAT_TO_NAME)
    if spec in model_names():
        return build(
            spec, layers, tokens, attn_implementation, weights_dtype, batch=batch or 1, cache=cache
        )
    return load_pretrained(
        path if path.exists() else spec,
        layers,
        tokens,
        attn_implementation or "sdpa",
        weights_dtype,
        batch=batch or 1,
        cache=cache,
    )


def _not_found(spec: str) -> ForgeError:
    if "/" in spec or spec.startswith(("~", ".")):
        return ForgeError(f"there is nothing at {spec}", hint=_WHAT_TO_NAME)
    return ForgeError(
        f"there is no model {spec!r} in the zoo", hint=f"{suggest_names(spec)} ({_WHAT_TO_NAME})"
    )
