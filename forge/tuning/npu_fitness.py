"""What a candidate is worth on an NPU: inferences a second, as predicted by Intel's compiler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from xdsl.dialects.builtin import ModuleOp

from forge.backends.npu import CompiledBlob, NpuCompiler, Schedule
from forge.backends.npu.sequence import in_sequence
from forge.backends.openvino.backend import translate_program
from forge.backends.openvino.devices import NPU, register_device
from forge.errors import ForgeError
from forge.tuning.graph import Evaluation
from forge.tuning.program import FormedProgram
from forge.tuning.space import Candidate

MAX_ERROR = 2.1e-5
"""So far numbers may be from PyTorch's, as a share of the outputs' largest: rounding is less."""

_NPU = register_device(NPU)

# Not all that costs nothing is work: masks of constants are made without an end, and so on.
_WORK = (
    "ScaledDotProductAttention",
    "Softmax",
    "Power",
    "MVN",
    "Gelu",
    "Swish",
    "Sigmoid",
    "Tanh",
    "Exp",
)
# A form may divide this among several nodes; it is more work only where the default has none.
_DIVISIBLE = ("Select",)


@dataclass(frozen=True)
class NpuFitness:
    """Tries candidates with Intel's NPU compiler; the better of its optimization levels counts.

    A candidate is worth nothing where the compiler does not take it; where its numbers on
    OpenVINO's CPU, in f32, are not PyTorch's up to rounding; where more of its parts than of the
    default's run elsewhere; and where it has more work than the default for which the compiler's
    cost model charges nothing: that looks faster, and is not.

    Attributes:
        program: what is tuned.
        platform: for which NPU.
        compiler: compiles several candidates at once.
    """

    program: FormedProgram
    platform: str
    compiler: NpuCompiler

    def evaluate(self, candidates: Sequence[Candidate]) -> Sequence[Evaluation]:
        """Try candidates; the compiler works on all of them while their numbers are compared."""
        attempts = [self._attempt(candidate) for candidate in candidates]
        return [
            attempt if isinstance(attempt, Evaluation) else self._known(attempt)
            for attempt in attempts
        ]

    @cached_property
    def _evaluations(self) -> dict[str, Evaluation]:
        return {}

    @cached_property
    def _default(self) -> _Attempt:
        """The default, for what the others are compared with.

        Raises:
            ForgeError: it cannot be lowered.
        """
        return self._submit(Candidate(), self.program.lowered(Candidate(), self.platform))

    @cached_property
    def _uncharged(self) -> Mapping[str, int] | None:
        """What costs nothing by default; `None` where the default does not compile."""
        try:
            return self._default.schedule().uncharged
        except ForgeError:
            return None

    def _attempt(self, candidate: Candidate) -> _Attempt | Evaluation:
        try:
            module = self.program.lowered(candidate, self.platform)
            if (known := self._evaluations.get(_digest(module))) is not None:
                return known
            attempt = self._submit(candidate, module)
        except ForgeError as error:
            return Evaluation(0.0, message=_in_a_line(error))
        if not attempt.jobs or attempt.elsewhere > self._default.elsewhere:
            return Evaluation(0.0, message="what the NPU could run of it runs elsewhere")
        return attempt

    def _submit(self, candidate: Candidate, module: ModuleOp) -> _Attempt:
        translated = translate_program(module, self.program.weights)
        models = [step.model for step in translated.models if step.device == _NPU]
        jobs = [self.compiler.submit(model, self.platform, charged=True) for model in models]
        return _Attempt(candidate, _digest(module), jobs, len(translated.steps) - len(models))

    def _known(self, attempt: _Attempt) -> Evaluation:
        if attempt.program not in self._evaluations:
            self._evaluations[attempt.program] = self._evaluate(attempt)
        return self._evaluations[attempt.program]

    def _evaluate(self, attempt: _Attempt) -> Evaluation:
        program = attempt.program
        try:
            error = self.program.error(attempt.candidate)
            schedule = attempt.schedule()
        except ForgeError as failure:
            return Evaluation(0.0, None, _in_a_line(failure), program)
        latency = schedule.predicted_latency_without_embedding_us
        if error > MAX_ERROR:
            return Evaluation(0.0, latency, f"its numbers differ by {error:.1e}", program)
        if kinds := _more(schedule.uncharged, self._uncharged):
            return Evaluation(0.0, latency, f"nothing is charged for its {kinds}", program)
        return Evaluation(1e6 / latency, latency, program=program)


@dataclass(frozen=True)
class _Attempt:
    """A candidate that is being compiled.

    Attributes:
        program: a digest of its instructions.
        jobs: the compilations of what the NPU runs of it.
        elsewhere: how many parts of it do not run on the NPU.
    """

    candidate: Candidate
    program: str
    jobs: Sequence[Future[CompiledBlob]]
    elsewhere: int

    def schedule(self) -> Schedule:
        """Wait for the compilations.

        Raises:
            ForgeError: the compiler does not take it.
        """
        return in_sequence([job.result().schedule for job in self.jobs])


def _digest(module: ModuleOp) -> str:
    return sha256(str(module).encode()).hexdigest()[:16]


def _in_a_line(error: ForgeError) -> str:
    return " ".join(error.message.split())


def _more(uncharged: Mapping[str, int], default: Mapping[str, int] | None) -> str:
    """The types of nodes that cost nothing, and are more of them than by default."""
    if default is None:
        return ""
    more = [kind for kind in _WORK if uncharged.get(kind, 0) > default.get(kind, 0)]
    more += [kind for kind in _DIVISIBLE if kind in uncharged and kind not in default]
    return ", ".join(more)
