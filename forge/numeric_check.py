"""Running a program before and after each pass, to name the first one that changes its numbers.

The reference interpreter runs it at any level, on random inputs that are the same in every run;
16-bit floats are computed in f32 (see `widening.py`), unless the program cannot be run so. Of a
pass that breaks something, the first rewrite that does is found by halving: the pass runs again on
the program from before it, with a limit on the number of rewrites (`limit_rewrites`).

A pass whose class says `rounds_weights = True` is meant to change numbers. How far it moves them is
among its figures, and later passes are held to the numbers that it leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass

from forge import interpreters
from forge.errors import ForgeError
from forge.instrumentation import Instrumentation, PassStep
from forge.interpreters.evaluation import BUFFER_ATTRIBUTE, entry_function
from forge.numerics import ROUNDING_WHEN_WIDENED, Mismatch, find_mismatch, relative_difference
from forge.rewriting import Culprit, find_culprit
from forge.widening import WidenedWeights, narrow_types, widen

if TYPE_CHECKING:
    from forge.pipeline import PassRun
    from forge.weights import WeightStore


ROUNDS_WEIGHTS = "rounds_weights"
"""The class attribute of a pass that is meant to change numbers."""


@dataclass(frozen=True)
class _Form:
    """A program as it is run: as it stands, or widened.

    Attributes:
        rounding: what rounding may change; `None` for what it may for each element type.
    """

    module: ModuleOp
    weights: WeightStore
    rounding: float | None = None

    def run(self, name: str, inputs: Sequence[Tensor]) -> list[Tensor]:
        """What a function computes."""
        with torch.random.fork_rng(devices=[]):  # pyright: ignore[reportUnknownMemberType]
            # What is random must differ from run to run, or it would not be found.
            torch.seed()
            outputs = interpreters.run(self.module, self.weights, inputs, entry=name)
        return [output.clone() for output in outputs]


@dataclass(frozen=True)
class _Function:
    """A function that is checked: what it gets, what it should compute, and how it is run."""

    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    widened: bool


class NumbersChanged(ForgeError):
    """A pass changes what the program computes.

    Attributes:
        runs: the passes so far, that one last.
        problem: what is wrong about which output.
        culprit: which of its rewrites does it; `None` if it is none of its patterns.
    """

    def __init__(self, problem: str, culprit: Culprit | None, runs: Sequence[PassRun]) -> None:
        self.runs = runs
        self.problem = problem
        self.culprit = culprit
        *before, run = runs
        message = f"the pass {run.name} changes what the program computes: {problem}"
        passes = ",".join(other.name for other in runs)
        if culprit is None:
            super().__init__(
                f"{message}; none of its patterns does it",
                hint=f"forge-opt -p '{passes}' leaves the wrong program",
            )
            return
        firing = culprit.firing
        number = culprit.number + sum(len(other.rewrites.fired) for other in before)
        super().__init__(
            f"{message}; the pattern {firing.pattern} on {firing.op_name} does it, "
            f"in rewrite {culprit.number} of {culprit.total} of the pass",
            location=firing.location,
            hint=f"forge-opt -p '{passes}' --rewrite-limit {number} stops after it, "
            f"--rewrite-limit {number - 1} before it",
        )


_Judge = Callable[[_Form, str, Sequence[Tensor], Sequence[Tensor]], str | None]
"""What is wrong about the outputs of a function that are now, beside those that were."""


class NumericCheck(Instrumentation):
    """Compares what the functions of a program compute, before and after each pass.

    Attributes:
        skipped: for each function that cannot be compared, why not.
    """

    def __init__(self, module: ModuleOp, weights: WeightStore, seed: int = 0) -> None:
        """Run the program as it is.

        Args:
            module: the program, before the first pass; the passes change it in place.
            weights: the tensors that it names.
            seed: of the inputs.

        Raises:
            ForgeError: no function can be run, or none gives the same numbers in every run.
        """
        self.skipped: dict[str, str] = {}
        self._module = module
        self._weights = weights
        self._narrow = narrow_types(module)
        self._functions: dict[str, _Function] = {}
        self._runs: list[PassRun] = []
        forms = self._forms(module)
        for op in module.ops:
            if isinstance(op, FuncOp) and op.body.blocks:
                self._admit(op.sym_name.data, forms, seed)
        if not self._functions:
            reasons = "; ".join(f"@{name}: {reason}" for name, reason in self.skipped.items())
            raise ForgeError(
                f"the numbers cannot be checked: {reasons or 'the program has no function'}"
            )
        self._before = module.clone()

    def after_pass(self, step: PassStep, run: PassRun) -> None:
        """Compare the program after a pass with what it was before.

        Raises:
            NumbersChanged: by more than rounding; the message names the pass, and the pattern.
        """
        self._runs.append(run)
        functions, problem = self._compare(self._module)
        if problem is not None and getattr(step.module_pass, ROUNDS_WEIGHTS, False):
            functions, problem = self._measure(run)
        if problem is not None:
            culprit = self._find_culprit(step.module_pass, step.context)
            raise NumbersChanged(problem, culprit, self._runs)
        self._functions = functions
        self._before = self._module.clone()

    def _forms(self, module: ModuleOp) -> dict[bool, _Form]:
        """The program as it stands (`False`), and with f32 for 16-bit floats if there are any."""
        forms = {False: _Form(module, self._weights)}
        if self._narrow:
            rounding = max(ROUNDING_WHEN_WIDENED[dtype] for dtype in self._narrow)
            forms[True] = _Form(widen(module), WidenedWeights(self._weights), rounding)
        return forms

    def _admit(self, name: str, forms: dict[bool, _Form], seed: int) -> None:
        """Run a function for the first time, or say why it is skipped."""
        # Widened if it can be run so: a reinterpretation of bits, for one, cannot.
        for widened in sorted(forms, reverse=True):
            form = forms[widened]
            try:
                inputs = self._inputs(form.module, name, seed)
                first, second = (form.run(name, inputs) for _ in range(2))
            except ForgeError as error:
                self.skipped[name] = str(error)
                continue
            if any(find_mismatch(a, b) for a, b in zip(first, second, strict=True)):
                self.skipped[name] = "it computes something else in every run"
                return
            self.skipped.pop(name, None)
            self._functions[name] = _Function(inputs, first, widened)
            return

    def _inputs(self, module: ModuleOp, name: str, seed: int) -> list[Tensor]:
        function = entry_function(module, name)
        for argument in function.body.block.args:
            # A register's type wraps the tensor's.
            if not isinstance(getattr(argument.type, "tensor", argument.type), TensorType):
                raise ForgeError(f"one of its arguments is {argument.type}, which is no tensor")
        inputs = interpreters.random_inputs(module, seed, name)
        buffers = [_name(a, BUFFER_ATTRIBUTE) for a in _attributes(function.arg_attrs)]
        # Buffers are the last arguments. Their values are known if the model came with weights.
        if all(buffer is None or buffer in self._weights for buffer in buffers):
            return inputs[: len(inputs) - sum(buffer is not None for buffer in buffers)]
        return inputs

    def _compare(
        self, module: ModuleOp, judge: _Judge | None = None
    ) -> tuple[dict[str, _Function], str | None]:
        """What each function computes now, and what is wrong about the first that is."""
        functions: dict[str, _Function] = {}
        forms = self._forms(module)
        for name, function in self._functions.items():
            form = forms[function.widened]
            try:
                outputs = form.run(name, function.inputs)
            except ForgeError as error:
                return functions, f"@{name}: it can no longer be run: {error}"
            problem = (judge or _problem)(form, name, function.outputs, outputs)
            if problem is not None:
                return functions, f"@{name}: {problem}"
            functions[name] = replace(function, outputs=outputs)
        return functions, None

    def _measure(self, run: PassRun) -> tuple[dict[str, _Function], str | None]:
        """What each function computes after a pass that rounds weights, and what rounding is not.

        The difference becomes one of the pass's figures.
        """
        moved = 0.0

        def beyond_rounding(
            form: _Form, _name: str, expected: Sequence[Tensor], actual: Sequence[Tensor]
        ) -> str | None:
            nonlocal moved
            for index, (before, after) in enumerate(zip(expected, actual, strict=True)):
                mismatch = find_mismatch(before, after, form.rounding)
                if mismatch is not None and mismatch.difference == inf:
                    return f"output #{index} {mismatch.problem}"
                moved = max(moved, relative_difference(before, after))
            return None

        measured = self._compare(self._module, beyond_rounding)
        if measured[1] is None:
            run.rewrites.figures[_MOVED] = round(moved * 1e6)
        return measured

    def _find_culprit(self, module_pass: ModulePass, context: Context) -> Culprit | None:
        """The first rewrite of the pass that is wrong; `None` if it is none of its patterns."""

        def is_wrong() -> bool:
            module = self._before.clone()
            module_pass.apply(context, module)
            return self._compare(module)[1] is not None

        return find_culprit(is_wrong)


_MOVED = "difference of the outputs, in millionths of the largest"


def _problem(
    form: _Form, name: str, expected: Sequence[Tensor], actual: Sequence[Tensor]
) -> str | None:
    """The output that differs most from what it should be, and how; `None` if all are right."""
    if len(actual) != len(expected):
        return f"it gives {len(actual)} outputs instead of {len(expected)}"
    function = entry_function(form.module, name)
    names = [_name(attributes, "forge.name") for attributes in _attributes(function.res_attrs)]
    found: list[tuple[Mismatch, str]] = []
    for index, (before, after) in enumerate(zip(expected, actual, strict=True)):
        if (mismatch := find_mismatch(before, after, form.rounding)) is not None:
            label = names[index] if index < len(names) else None
            found.append((mismatch, repr(label) if label is not None else f"#{index}"))
    if not found:
        return None
    worst, label = max(found, key=lambda entry: entry[0].difference)
    return f"output {label} {worst.problem}"


def _attributes(attributes: ArrayAttr[DictionaryAttr] | None) -> Sequence[DictionaryAttr]:
    return () if attributes is None else attributes.data


def _name(attributes: DictionaryAttr, key: str) -> str | None:
    name = attributes.data.get(key)
    return name.data if isinstance(name, StringAttr) else None
