"""Which form of an operation is best on a platform: a table by the operation's shape.

A table is a TOML file, one entry an operation and shape, as `forge tune` writes it:

    [["transformer.mlp"]]
    shape = { rows = 128, in = 768, hidden = 3072, activation = "gelu_tanh" }
    form = { up_slices = 4, down_slices = 2 }
    found = "GPT-2, 2 layers: 894 µs instead of 1027"

An operation of another shape gets the form of the nearest one; see `forge.targets.shaped_entries`.
`normalized = true` stands only in shapes of attention whose heads have a norm of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

from forge.dialects import transformer
from forge.dialects.transformer.forms import EmittedOp, Form, Value
from forge.rewriting.head_projections import head_projection
from forge.targets.shaped_entries import (
    Shape,
    ShapedTable,
    entry_fields,
    entry_text,
    nearest,
    read_entries,
)
from forge.targets.toml_files import SUFFIX, shipped_file, shipped_names

_FOLDER = Path(__file__).parent / "forms"
_OP_CLASSES: Mapping[str, type[EmittedOp]] = {
    op.name: op for op in transformer.Transformer.operations if issubclass(op, EmittedOp)
}


@dataclass(frozen=True)
class Entry:
    """A form, and what it is for.

    Attributes:
        op: the operation's name.
        shape: what `shape_of` says of such an operation.
        form: how it is to be emitted.
        found: how that was found out, for people.
    """

    op: str
    shape: Shape
    form: Form
    found: str = ""

    @property
    def name(self) -> str:
        """The operation's, as tables have it."""
        return self.op

    def text(self) -> str:
        """The entry as TOML."""
        return entry_text(self.op, self.shape, "form", self.form.values(), self.found)


@dataclass(frozen=True)
class FormsTable(ShapedTable[Entry]):
    """The entries of a platform."""

    def find(self, op: EmittedOp) -> tuple[Entry, float] | None:
        """The entry for the shape nearest to an operation's, and how far that is."""
        return nearest((entry for entry in self.entries if entry.op == op.name), shape_of(op))


def shape_of(op: EmittedOp) -> Shape:
    """What the best form of an operation may depend on: its extents and kind, by name."""
    return _SHAPES[op.name](op)


def table_platforms() -> tuple[str, ...]:
    """The platforms that Forge has a table for, sorted."""
    return shipped_names(_FOLDER)


def load_forms(platform: str) -> FormsTable:
    """The table of a platform, by its name or by the path of a `.toml` file.

    Raises:
        ForgeError: there is no such table, or it is wrong; the message names the entry.
    """
    if platform.endswith(SUFFIX):
        return read_forms(Path(platform))
    return _known_forms(platform.lower())


@cache
def _known_forms(platform: str) -> FormsTable:
    return read_forms(shipped_file(_FOLDER, platform, "Forge has no forms for a platform"))


def read_forms(path: Path) -> FormsTable:
    """The table in a file.

    Raises:
        ForgeError: it cannot be read, or is wrong.
    """
    return FormsTable(read_entries(path, "table of forms", _entry))


def _entry(name: str, table: Mapping[str, Any]) -> Entry:
    if name not in _OP_CLASSES:
        raise ValueError(f"only {', '.join(_OP_CLASSES)} have forms")
    shape, values, found = entry_fields(table, "form")
    return Entry(name, shape, _OP_CLASSES[name].FORM.of_values(values), found)


# -- shapes ----------------------------------------------------------------------------------------

_NORMS = (transformer.LayerNormOp, transformer.RmsNormOp)


def _attention(op: transformer.AttentionOp) -> Shape:
    query, key = (op.shaped_operand(value).shape for value in (op.query, op.key))
    shape: dict[str, Value] = {
        "queries": query[-2],
        "keys": key[-2],
        "heads": query[-3],
        "kv_heads": key[-3],
        "size": query[-1],
        "causal": bool(op.get("causal")),
        "masked": op.mask is not None,
    }
    # A norm of each head stands between a layer and what forms do with its outputs.
    layer = head_projection(op.query)
    if not isinstance(layer, str) and any(isinstance(step, _NORMS) for step in layer.steps):
        shape["normalized"] = True
    return shape


def _rotary_embedding(op: transformer.RotaryEmbeddingOp) -> Shape:
    *_, heads, tokens, size = (1, *op.shaped_operand(op.x).shape)
    return {"tokens": tokens, "heads": heads, "size": size}


def _linear(op: transformer.LinearOp) -> Shape:
    *rows, inputs = op.shaped_operand(op.input).shape
    return {
        "rows": prod(rows),
        "in": inputs,
        "out": op.shaped_operand(op.result).shape[-1],
        "activation": str(op.activation.data),
    }


def _mlp(op: transformer.MlpOp | transformer.GatedMlpOp) -> Shape:
    *rows, inputs = op.shaped_operand(op.input).shape
    return {
        "rows": prod(rows),
        "in": inputs,
        "hidden": op.hidden,
        "activation": str(op.activation.data),
    }


def _norm(op: transformer.LayerNormOp | transformer.RmsNormOp) -> Shape:
    shape = op.shaped_operand(op.input).shape
    size = prod(op.get("normalized_shape"))
    return {"rows": prod(shape) // size, "size": size}


_SHAPES: Mapping[str, Callable[[Any], Shape]] = {
    transformer.AttentionOp.name: _attention,
    transformer.GatedMlpOp.name: _mlp,
    transformer.LayerNormOp.name: _norm,
    transformer.LinearOp.name: _linear,
    transformer.MlpOp.name: _mlp,
    transformer.RmsNormOp.name: _norm,
    transformer.RotaryEmbeddingOp.name: _rotary_embedding,
}
