"""Running a program before and after each pass, to name the first one that changes its numbers.

The reference interpreter runs it at any level, on random inputs that are the same in every run. Of
a pass that breaks something, the first rewrite that does is found by halving: the pass runs again
on the program from before it, with a limit on the number of rewrites (`limit_rewrites`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, StringAttr, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass

from forge import interpreters
from forge.errors import ForgeError
from forge.interpreters.evaluation import BUFFER_ATTRIBUTE, entry_function
from forge.numerics import Mismatch, find_mismatch
from forge.rewriting import Firing, collect_rewrites, limit_rewrites

if TYPE_CHECKING:
    from forge.pipeline import PassRun
    from forge.weights import WeightStore


@dataclass(frozen=True)
class _Break:
    """What a pass changed: in which function, and what about its output.

    Attributes:
        function: its name.
        problem: which output, or what went wrong.
    """

    function: str
    problem: str

    def __str__(self) -> str:
        return f"@{self.function}: {self.problem}"


@dataclass(frozen=True)
class _Culprit:
    """The first rewrite after which the numbers are wrong.

    Attributes:
        number: which of the pass's rewrites it is, from 1 on.
        total: how many rewrites the pass does.
        firing: the pattern and the place.
    """

    number: int
    total: int
    firing: Firing


class NumericCheck:
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
        self._inputs: dict[str, list[Tensor]] = {}
        self._outputs: dict[str, list[Tensor]] = {}
        for op in module.ops:
            if isinstance(op, FuncOp) and op.body.blocks:
                self._admit(op, seed)
        if not self._outputs:
            reasons = "; ".join(f"@{name}: {reason}" for name, reason in self.skipped.items())
            raise ForgeError(
                f"the numbers cannot be checked: {reasons or 'the program has no function'}"
            )
        self._before = module.clone()

    def after_pass(
        self, module_pass: ModulePass, context: Context, runs: Sequence[PassRun]
    ) -> None:
        """Compare the program after a pass with what it was before.

        Args:
            module_pass: the pass.
            context: what it ran with.
            runs: all passes so far, that one last.

        Raises:
            ForgeError: the numbers are different; the message names the pass, and the pattern.
        """
        outputs, broken = self._compare(self._module)
        if broken is not None:
            culprit = self._find_culprit(module_pass, context)
            raise _error(broken, culprit, runs)
        self._outputs = outputs
        self._before = self._module.clone()

    def _admit(self, function: FuncOp, seed: int) -> None:
        """Run a function for the first time, or say why it is skipped."""
        name = function.sym_name.data
        try:
            inputs = self._inputs_for(function, seed)
            first, second = (self._run(self._module, name, inputs) for _ in range(2))
        except ForgeError as error:
            self.skipped[name] = str(error)
            return
        if any(find_mismatch(a, b) for a, b in zip(first, second, strict=True)):
            self.skipped[name] = "it computes something else in every run"
            return
        self._inputs[name] = inputs
        self._outputs[name] = first

    def _inputs_for(self, function: FuncOp, seed: int) -> list[Tensor]:
        for argument in function.body.block.args:
            # A register's type wraps the tensor's.
            if not isinstance(getattr(argument.type, "tensor", argument.type), TensorType):
                raise ForgeError(f"one of its arguments is {argument.type}, which is no tensor")
        inputs = interpreters.random_inputs(self._module, seed, function.sym_name.data)
        buffers = [_name(a, BUFFER_ATTRIBUTE) for a in _attributes(function.arg_attrs)]
        # Buffers are the last arguments. Their values are known if the model came with weights.
        if all(name is None or name in self._weights for name in buffers):
            return inputs[: len(inputs) - sum(name is not None for name in buffers)]
        return inputs

    def _run(self, module: ModuleOp, name: str, inputs: Sequence[Tensor]) -> list[Tensor]:
        with torch.random.fork_rng(devices=[]):  # pyright: ignore[reportUnknownMemberType]
            outputs = interpreters.run(module, self._weights, inputs, entry=name)
        return [output.clone() for output in outputs]

    def _compare(self, module: ModuleOp) -> tuple[dict[str, list[Tensor]], _Break | None]:
        """What each function computes now, up to the first that computes something else."""
        outputs: dict[str, list[Tensor]] = {}
        for name, inputs in self._inputs.items():
            try:
                outputs[name] = self._run(module, name, inputs)
            except ForgeError as error:
                return outputs, _Break(name, f"it can no longer be run: {error}")
            problem = _problem(module, name, self._outputs[name], outputs[name])
            if problem is not None:
                return outputs, _Break(name, problem)
        return outputs, None

    def _find_culprit(self, module_pass: ModulePass, context: Context) -> _Culprit | None:
        """The first rewrite of the pass that is wrong; `None` if it is none of its patterns."""

        def rewrites_with(limit: int) -> tuple[list[Firing], bool]:
            module = self._before.clone()
            with limit_rewrites(limit), collect_rewrites() as report:
                module_pass.apply(context, module)
            return report.fired, self._compare(module)[1] is not None

        fired, wrong = rewrites_with(_UNLIMITED)
        if not wrong or rewrites_with(0)[1]:
            return None
        # After `low` rewrites the numbers are right, after `high` they are wrong.
        low, high = 0, len(fired)
        while high - low > 1:
            middle = (low + high) // 2
            if rewrites_with(middle)[1]:
                high = middle
            else:
                low = middle
        return _Culprit(high, len(fired), fired[high - 1])


_UNLIMITED = 1 << 62


def _problem(
    module: ModuleOp, name: str, expected: Sequence[Tensor], actual: Sequence[Tensor]
) -> str | None:
    """The output that differs most from what it should be, and how; `None` if all are right."""
    if len(actual) != len(expected):
        return f"it gives {len(actual)} outputs instead of {len(expected)}"
    function = entry_function(module, name)
    names = [_name(attributes, "forge.name") for attributes in _attributes(function.res_attrs)]
    found: list[tuple[Mismatch, str]] = []
    for index, (before, after) in enumerate(zip(expected, actual, strict=True)):
        if (mismatch := find_mismatch(before, after)) is not None:
            label = names[index] if index < len(names) else None
            found.append((mismatch, repr(label) if label is not None else f"#{index}"))
    if not found:
        return None
    worst, label = max(found, key=lambda entry: entry[0].difference)
    return f"output {label} {worst.problem}"


def _error(broken: _Break, culprit: _Culprit | None, runs: Sequence[PassRun]) -> ForgeError:
    *before, run = runs
    message = f"the pass {run.name} changes what the program computes: {broken}"
    passes = ",".join(other.name for other in runs)
    if culprit is None:
        return ForgeError(
            f"{message}; none of its patterns does it",
            hint=f"forge-opt -p '{passes}' leaves the wrong program",
        )
    firing = culprit.firing
    number = culprit.number + sum(len(other.rewrites.fired) for other in before)
    return ForgeError(
        f"{message}; the pattern {firing.pattern} on {firing.op_name} does it, "
        f"in rewrite {culprit.number} of {culprit.total} of the pass",
        location=firing.location,
        hint=f"forge-opt -p '{passes}' --rewrite-limit {number} stops after it, "
        f"--rewrite-limit {number - 1} before it",
    )


def _attributes(attributes: ArrayAttr[DictionaryAttr] | None) -> Sequence[DictionaryAttr]:
    return () if attributes is None else attributes.data


def _name(attributes: DictionaryAttr, key: str) -> str | None:
    name = attributes.data.get(key)
    return name.data if isinstance(name, StringAttr) else None
