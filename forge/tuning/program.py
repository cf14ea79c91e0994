"""A model whose operations can be emitted in any form, for the NPU and for the CPU."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import VerifyException

from forge.backends.memory import Array, tensor_to_array
from forge.compiler import compile
from forge.dialects.transformer.forms import EmittedOp, Form
from forge.ir.text import make_context
from forge.passes import DEFAULT_PIPELINE, npu_passes
from forge.passes.select_forms import SelectFormsPass
from forge.pipeline import build_pipeline, run_pipeline
from forge.recording import Recorder
from forge.source import load_source
from forge.targets.forms_table import Entry, FormsTable, shape_of
from forge.targets.shaped_entries import shape_text
from forge.tuning.space import Candidate, Site, Space, Values

if TYPE_CHECKING:
    from forge.weights import WeightStore
    from forge.zoo import ZooModel

_ON_CPU = "apply-forms,convert-to-reg"


@dataclass(frozen=True)
class FormedProgram:
    """A program at level `transformer`, before anything is decided about forms.

    Attributes:
        module: the program; it is left as it is.
        weights: its weights.
        inputs: what the numbers of candidates are computed from.
        expected: what eager PyTorch makes of them.
    """

    module: ModuleOp
    weights: WeightStore
    inputs: Sequence[Any]
    expected: Sequence[Array]

    @staticmethod
    def of(model: ZooModel) -> FormedProgram:
        """The program of a model, with what the model makes of its example inputs.

        Raises:
            ForgeError: it cannot be exported or imported.
        """
        import torch

        call = (model.example_args, model.example_kwargs)
        loaded = load_source(model.compilable, *call, None, Recorder(False))
        run_pipeline(loaded.module, build_pipeline(DEFAULT_PIPELINE), make_context())
        with torch.no_grad():
            result = model.module(*model.example_args, **model.example_kwargs)
        expected = [tensor_to_array(tensor) for tensor in _tensors(result)]
        return FormedProgram(loaded.module, loaded.weights, _tensors(call), expected)

    @cached_property
    def groups(self) -> Mapping[str, Sequence[EmittedOp]]:
        """The operations that have forms, by their site: those of one kind and shape together."""
        return _groups(self.module)

    @cached_property
    def space(self) -> Space:
        """What can be chosen for them."""
        return Space(
            [
                Site(name, ops[0].FORM.candidates(), partial(_admits, ops[0]))
                for name, ops in self.groups.items()
            ]
        )

    def selected(self, table: FormsTable) -> Candidate:
        """What a table says of this program."""
        found = {name: table.find(ops[0]) for name, ops in self.groups.items()}
        return Candidate.of(
            {
                name: entry[0].form.values()
                for name, entry in found.items()
                if entry is not None and _admits(self.groups[name][0], entry[0].form.values())
            }
        )

    def entries(self, candidate: Candidate, found: str) -> Iterator[Entry]:
        """A table's entries for a candidate, also for those that keep the default.

        Args:
            candidate: what is chosen.
            found: how that was found out, for people.
        """
        for name, ops in self.groups.items():
            form = ops[0].FORM.of_values(candidate.at(name))
            yield Entry(ops[0].name, shape_of(ops[0]), form, found)

    def lowered(self, candidate: Candidate, platform: str) -> ModuleOp:
        """The program as instructions for a platform.

        Raises:
            ForgeError: it cannot be lowered in these forms.
        """
        module = self._emitted(candidate)
        # The table has no say here: what the candidate leaves at the default stays there.
        passes = [p for p in build_pipeline(npu_passes(platform)) if p.name != SelectFormsPass.name]
        run_pipeline(module, passes, make_context())
        return module

    def error(self, candidate: Candidate) -> float:
        """How far the numbers are from eager PyTorch's, on OpenVINO's CPU in f32.

        Returns:
            The largest difference as a share of the largest number of that output.

        Raises:
            ForgeError: it cannot be lowered in these forms, or compiled.
        """
        program = compile(
            self._emitted(candidate), device="CPU", pipeline=_ON_CPU, weights=self.weights
        )
        outputs = program.run_flat(self.inputs)
        pairs = zip(outputs, self.expected, strict=True)
        return max((_distance(output, expected) for output, expected in pairs), default=0.0)

    def _emitted(self, candidate: Candidate) -> ModuleOp:
        module = self.module.clone()
        for name, ops in _groups(module).items():
            form = ops[0].FORM.of_values(candidate.at(name))
            for op in ops:
                op.emit_as(form)
        return module


def site_name(op: EmittedOp) -> str:
    """What a kind and shape of operation is called: `transformer.linear rows=128 in=64 …`."""
    return f"{op.name} {shape_text(shape_of(op))}"


def _groups(module: ModuleOp) -> dict[str, list[EmittedOp]]:
    groups: dict[str, list[EmittedOp]] = {}
    for op in module.walk():
        if isinstance(op, EmittedOp):
            groups.setdefault(site_name(op), []).append(op)
    return groups


def _admits(op: EmittedOp, values: Values) -> bool:
    """Whether an operation can be emitted so."""
    try:
        with _emitted_as(op, op.FORM.of_values(values)):
            op.verify_()
    except (ValueError, VerifyException):
        return False
    return True


@contextmanager
def _emitted_as(op: EmittedOp, form: Form) -> Generator[None]:
    before: Form = op.emission
    op.emit_as(form)
    try:
        yield
    finally:
        op.emit_as(before)


def _distance(output: Array, expected: Array) -> float:
    given, wanted = (np.asarray(array, dtype=np.float64) for array in (output, expected))
    if not np.isfinite(given).all():
        return float("inf")
    scale = float(np.abs(wanted).max(initial=0.0)) or 1.0
    return float(np.abs(given - wanted).max(initial=0.0)) / scale


def _tensors(tree: Any) -> list[Any]:
    import torch
    from torch.utils import _pytree as pytree

    return [leaf for leaf in pytree.tree_leaves(tree) if isinstance(leaf, torch.Tensor)]
