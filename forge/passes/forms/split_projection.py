"""Compute what is read of a linear layer's outputs by layers of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from xdsl.ir import Operation, SSAValue

from forge.dialects import aten, transformer
from forge.dialects.transformer.forms import LinearForm
from forge.ir.tensors import Shaped, shaped
from forge.passes.forms.weights import is_known
from forge.rewriting import Pattern, Rewriter, single_user
from forge.rewriting.views import Regrouping, Section, section

_Step = Regrouping | aten.PermuteOp


class SplitProjection(Pattern[transformer.LinearOp]):
    # split(W·x + b)  →  W₁·x + b₁, W₂·x + b₂, …  also where heads are arranged before the split

    def match_and_rewrite(self, op: transformer.LinearOp, rewriter: Rewriter) -> None:
        if op.emission.sections != "apart":
            return None
        groups = _last_groups(op)
        parts = _parts(groups.value)
        if (reason := _unfit(op, groups, parts)) is not None:
            return rewriter.no_match(op, reason)
        layers: dict[tuple[int, int], SSAValue] = {}
        for result, part in parts.items():
            if (part.start, part.stop) not in layers:
                layer = _layer(op, part.start * groups.unit, part.stop * groups.unit, rewriter)
                layers[part.start, part.stop] = _arranged(layer, groups, op, rewriter)
            value = layers[part.start, part.stop]
            if value.type != result.type:
                # Of `unbind` and `select`, which drop the dimension.
                shape = aten.ReshapeOp(value, shaped(result.type).shape, location=op.location)
                value = rewriter.insert(shape, before=op).result
            result.replace_all_uses_with(value)
        for reader in {use.operation: None for use in groups.value.uses}:
            rewriter.erase(reader)
        return None


@dataclass(frozen=True)
class _Groups:
    """A layer's outputs, each so many of them counted by one dimension.

    Attributes:
        value: the layer's result, or what reshapes and permutations made of it.
        axis: the dimension; `None` if none of them counts the outputs any more.
        unit: how many outputs, one after another, are in a group.
        before: what `value` was made of, by its owner; `None` for the layer's result.
    """

    value: SSAValue
    axis: int | None
    unit: int
    before: _Groups | None = None


def _last_groups(op: transformer.LinearOp) -> _Groups:
    groups = _Groups(op.result, _shaped(op.result).rank - 1, 1)
    while isinstance(step := single_user(groups.value), _Step):
        groups = _after(groups, step)
    return groups


def _after(groups: _Groups, step: _Step) -> _Groups:
    after = replace(groups, value=step.result, before=groups)
    if groups.axis is None:
        return after
    before, now = _shaped(groups.value).shape, _shaped(step.result).shape
    if isinstance(step, aten.PermuteOp):
        dims = [dim % len(now) for dim in step.get("dims")]
        return replace(after, axis=dims.index(groups.axis))
    # A dimension of heads may be made of that of outputs, behind what stays as it is.
    if now[: groups.axis] != before[: groups.axis] or len(now) <= groups.axis:
        return replace(after, axis=None)
    count, size = before[groups.axis], now[groups.axis]
    if not size or count % size:
        return replace(after, axis=None)
    return replace(after, unit=groups.unit * (count // size))


def _parts(value: SSAValue) -> dict[SSAValue, Section]:
    """What splits of a value give, and which section of it; nothing if anything else reads it."""
    parts: dict[SSAValue, Section] = {}
    for reader in {use.operation: None for use in value.uses}:
        for index, result in enumerate(reader.results):
            if (part := _section(reader, result, index)) is None:
                return {}
            parts[result] = part
        if not reader.results:
            return {}
    return parts


def _section(reader: Operation, result: SSAValue, index: int) -> Section | None:
    if not isinstance(reader, aten.UnbindIntOp | aten.SelectIntOp):
        return section(result)
    whole = _shaped(reader.input)
    axis: int = reader.get("dim") % whole.rank
    chosen: int = index
    if isinstance(reader, aten.SelectIntOp):
        chosen = reader.get("index") % whole.shape[axis]
    return Section(reader.input, axis, chosen, chosen + 1)


def _unfit(op: transformer.LinearOp, groups: _Groups, parts: dict[SSAValue, Section]) -> str | None:
    """Why a layer cannot be split as its result is; `None` if it can."""
    if not parts:
        return "its result is not split"
    if any(part.axis != groups.axis for part in parts.values()):
        return "its result is split along another dimension than that of its outputs"
    if op.residual is not None:
        return "it has a residual"
    if not is_known(op.weight):
        return "its weight is computed at run time"
    return None


def _layer(op: transformer.LinearOp, start: int, stop: int, rewriter: Rewriter) -> SSAValue:
    """The layer that computes some of the outputs."""

    def sliced(value: SSAValue, dim: int) -> SSAValue:
        part = aten.SliceTensorOp(value, dim, start, stop, location=op.location)
        return rewriter.insert(part, before=op).result

    layer = transformer.LinearOp(
        op.input,
        sliced(op.weight, 0 if op.get("transpose_weight") else 1),
        None if op.bias is None else sliced(op.bias, 0),
        activation=op.activation.data,
        transpose_weight=op.get("transpose_weight"),
        location=op.location,
    )
    layer.emit_as(LinearForm.of_values(op.emission.values() | {"sections": "together"}))
    return rewriter.insert(layer, before=op).result


def _arranged(
    layer: SSAValue, groups: _Groups, op: transformer.LinearOp, rewriter: Rewriter
) -> SSAValue:
    """The outputs of a layer arranged as those of the one that it is a part of."""
    if groups.before is None or groups.axis is None:
        return layer
    value = _arranged(layer, groups.before, op, rewriter)
    step = groups.value.owner
    if isinstance(step, aten.PermuteOp):
        new = aten.PermuteOp(value, step.get("dims"), location=step.location)
        return rewriter.insert(new, before=op).result
    shape = list(_shaped(groups.value).shape)
    shape[groups.axis] = _shaped(layer).shape[-1] // groups.unit
    assert isinstance(step, Operation)
    new = aten.ReshapeOp(value, shape, location=step.location)
    return rewriter.insert(new, before=op).result


def _shaped(value: SSAValue) -> Shaped:
    return shaped(value.type)
