"""The model zoo: models with their published configurations, and whatever else a user names.

Listing the zoo imports no torch; `build` and `resolve` do, when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forge.zoo.catalogue import ModelSummary, describe, model_names

if TYPE_CHECKING:
    from forge.zoo.builder import build
    from forge.zoo.model import ZooModel
    from forge.zoo.resolver import resolve

__all__ = ["ModelSummary", "ZooModel", "build", "describe", "model_names", "resolve"]

_LAZY = {
    "ZooModel": "forge.zoo.model",
    "build": "forge.zoo.builder",
    "resolve": "forge.zoo.resolver",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
