"""What a compilation did: how long each phase took, what fired, what runs where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import fields as dataclass_fields
from io import StringIO
from typing import TYPE_CHECKING, Any

from forge.pass_report import PassReport

if TYPE_CHECKING:
    from forge.backends.npu.schedule import Schedule

PASSES = "passes"
"""The phase in which all passes run; what each of them did stands in `CompilationReport.passes`."""

NPU_COMPILE = "NPU compile"
"""The phase in which Intel's NPU compiler works."""

TOP_LAYERS = 10
"""How many layers of a schedule are shown."""


@dataclass(frozen=True)
class Phase:
    """A step of a compilation.

    Attributes:
        name: `capture`, `import`, `passes`, `translation`, `device compile`, ….
        seconds: how long it took.
    """

    name: str
    seconds: float


@dataclass(frozen=True)
class HostKernel:
    """A kernel that runs on the host instead of on the device.

    Attributes:
        name: the operator, such as `aten.sort`.
        count: how many instructions call it.
        reason: why it does not run on the device; empty if nobody said.
    """

    name: str
    count: int
    reason: str


@dataclass(frozen=True)
class CompilationReport:
    """How a program was compiled.

    Attributes:
        phases: in the order in which they ran.
        passes: each pass, in the order in which they ran; together they are the phase `passes`.
        device: OpenVINO's name of the device; `HOST` for kernels of PyTorch alone.
        device_reason: why that one, where the user named none.
        platform: the generation of the NPU that it is compiled for; empty for other devices.
        schedules: what Intel's NPU compiler predicts for each part that runs on the NPU, in order.
        precision: what was asked for.
        execution_precision: what the device says it computes in; empty if it says nothing.
        execution_devices: where it says it runs; nowhere if the NPU is not on this machine.
        instructions: the number of instructions that run; constants and weights are none.
        computed_at_load: how many more were computed once, from constants and weights alone.
        computed_bytes: what their results take besides the weights that they are views of.
        host_kernels: what runs on the host instead, and why.
        arena_bytes: the memory of one call at a time for what kernels of the host compute, and for
            what devices exchange.
        crossings: how many values are computed on one device and read on another.
        crossing_bytes: their size; devices see the same memory.
        copied_bytes: how much of it is copied all the same, for a device that reads strided memory.
        prepared_weights: how many weights the first run brought into the layout of their kernels.
        prepared_bytes: the memory of these layouts.
        prepared_seconds: how long that took.
        weights: the number of weights that the program uses; tied ones count once.
        weight_bytes: their size.
        versions: of what took part, by name.
    """

    phases: Sequence[Phase]
    passes: Sequence[PassReport]
    device: str
    device_reason: str
    platform: str
    schedules: Sequence[Schedule]
    precision: str
    execution_precision: str
    execution_devices: Sequence[str]
    instructions: int
    computed_at_load: int
    computed_bytes: int
    host_kernels: Sequence[HostKernel]
    arena_bytes: int
    crossings: int
    crossing_bytes: int
    copied_bytes: int
    prepared_weights: int
    prepared_bytes: int
    prepared_seconds: float
    weights: int
    weight_bytes: int
    versions: Mapping[str, str]

    def phase_seconds(self) -> dict[str, float]:
        """Seconds by phase, in order, with each pass as one; if it ran again, it is `name#2`."""
        seconds: dict[str, float] = {}
        for phase in self.phases:
            if phase.name != PASSES:
                seconds[phase.name] = phase.seconds
                continue
            names = numbered([run.name for run in self.passes])
            seconds |= dict(zip(names, (run.seconds for run in self.passes), strict=True))
        return seconds

    @property
    def total_seconds(self) -> float:
        """All phases together."""
        return sum(phase.seconds for phase in self.phases)

    @property
    def ops_on_host(self) -> int:
        """The number of instructions that run on the host."""
        return sum(kernel.count for kernel in self.host_kernels)

    def host_summary(self) -> str:
        """What runs on the host, in one line."""
        if not self.host_kernels:
            return "nothing"
        kernels = ", ".join(
            f"{kernel.count} × {kernel.name}" + (f" ({kernel.reason})" if kernel.reason else "")
            for kernel in self.host_kernels
        )
        if self.device == "HOST":
            return f"everything: {kernels}"
        plural = "op" if self.ops_on_host == 1 else "ops"
        return f"{self.ops_on_host} {plural} on the host: {kernels}"

    def _device_summary(self) -> str:
        where = f"{self.device}, platform {self.platform}" if self.platform else self.device
        executes = ", ".join(self.execution_devices)
        if self.platform and not executes:
            where += ", which is not on this machine"
        elif executes not in ("", self.device):
            where += f", runs on {executes}"
        return f"{where}, {self.device_reason}" if self.device_reason else where

    def _crossing_summary(self) -> str:
        copied = (
            f"{self.copied_bytes / 1e6:,.2f} MB of it copied" if self.copied_bytes else "no copy"
        )
        return f"{self.crossings} values, {self.crossing_bytes / 1e6:,.2f} MB, {copied}"

    def _preparation_summary(self) -> str:
        size, time = self.prepared_bytes / 1e6, self.prepared_seconds * 1e3
        return f"at the first run: {self.prepared_weights} weights, {size:,.1f} MB, {time:,.0f} ms"

    def to_json(self) -> dict[str, Any]:
        """The report as dictionaries, lists, strings and numbers."""
        return {
            "device": self.device,
            "device_reason": self.device_reason,
            "platform": self.platform,
            "schedules": [schedule.to_json() for schedule in self.schedules],
            "execution_devices": list(self.execution_devices),
            "precision": self.precision,
            "execution_precision": self.execution_precision,
            "instructions": self.instructions,
            "computed_at_load": self.computed_at_load,
            "computed_bytes": self.computed_bytes,
            "host_kernels": [asdict(kernel) for kernel in self.host_kernels],
            "arena_bytes": self.arena_bytes,
            "crossings": self.crossings,
            "crossing_bytes": self.crossing_bytes,
            "copied_bytes": self.copied_bytes,
            "prepared_weights": self.prepared_weights,
            "prepared_bytes": self.prepared_bytes,
            "prepared_seconds": self.prepared_seconds,
            "weights": self.weights,
            "weight_bytes": self.weight_bytes,
            "total_seconds": self.total_seconds,
            "versions": dict(self.versions),
            "phases": [asdict(phase) for phase in self.phases],
            "passes": [run.to_json() for run in self.passes],
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> CompilationReport:
        """The report that `to_json` wrote.

        Raises:
            KeyError, TypeError: it is something else.
        """
        rest = {field.name: fields[field.name] for field in dataclass_fields(cls)}
        rest["phases"] = [Phase(**phase) for phase in fields["phases"]]
        rest["passes"] = [PassReport.from_json(run) for run in fields["passes"]]
        rest["schedules"] = _schedules(fields["schedules"])
        rest["host_kernels"] = [HostKernel(**kernel) for kernel in fields["host_kernels"]]
        return cls(**rest)

    def __str__(self) -> str:
        """The report as a table of plain text, 100 columns wide."""
        from rich.console import Console

        stream = StringIO()
        console = Console(file=stream, width=100, color_system=None)
        console.print(self)
        return stream.getvalue().rstrip()

    def __rich__(self) -> Any:
        """The report for a rich console."""
        return self.tables()

    def tables(self, layers: int = TOP_LAYERS) -> Any:
        """The report for a rich console, with so many layers of each schedule at most."""
        from rich.console import Group

        return Group(self._phase_table(), self._facts(), *self._schedule_tables(layers))

    def _phase_table(self) -> Any:
        from rich.table import Table

        table = Table(title="compilation", title_justify="left")
        table.add_column("phase", overflow="fold")
        for column in ("ms", "ops before", "ops after"):
            table.add_column(column, justify="right")
        table.add_column("fired", overflow="fold")
        for phase in self.phases:
            if phase.name == PASSES:
                self._add_passes(table)
            else:
                table.add_row(phase.name, f"{phase.seconds * 1e3:.1f}")
        table.add_section()
        table.add_row("total", f"{self.total_seconds * 1e3:.1f}")
        return table

    def _add_passes(self, table: Any) -> None:
        names = numbered([run.name for run in self.passes])
        for name, run in zip(names, self.passes, strict=True):
            fired = ", ".join(f"{name} ×{count}" for name, count in run.fired_counts().items())
            before, after = str(run.ops_before), str(run.ops_after)
            table.add_row(name, f"{run.seconds * 1e3:.1f}", before, after, fired)

    def _schedule_tables(self, layers: int) -> list[Any]:
        if not self.schedules:
            return []
        from forge.backends.npu.schedule_table import schedule_table

        return [schedule_table(schedule, layers) for schedule in self.schedules]

    def _facts(self) -> Any:
        from rich.table import Table

        computed = f", computes in {self.execution_precision}" if self.execution_precision else ""
        facts = Table.grid(padding=(0, 2))
        facts.add_row("device", self._device_summary())
        for schedule in self.schedules:
            facts.add_row("schedule", _schedule_summary(schedule))
        facts.add_row("precision", f"{self.precision}{computed}")
        facts.add_row("instructions", str(self.instructions))
        if self.computed_at_load:
            size = f"{self.computed_bytes / 1e6:,.1f} MB"
            facts.add_row("at load time", f"{self.computed_at_load} more, {size}")
        for run in self.passes:
            if run.figures:
                counted = (f"{name}: {figure:,}" for name, figure in run.figures.items())
                facts.add_row(run.name.partition("{")[0], "; ".join(counted))
        facts.add_row("on the host", self.host_summary())
        if self.arena_bytes:
            facts.add_row("arena", f"{self.arena_bytes / 1e6:,.2f} MB for each call at a time")
        if self.crossings:
            facts.add_row("between devices", self._crossing_summary())
        facts.add_row("weights", f"{self.weights}, {self.weight_bytes / 1e6:,.1f} MB")
        if self.prepared_weights:
            facts.add_row("prepared", self._preparation_summary())
        facts.add_row("versions", ", ".join(f"{n} {v}" for n, v in self.versions.items()))
        return facts


def _schedules(fields: Sequence[Mapping[str, Any]]) -> list[Schedule]:
    if not fields:
        return []
    from forge.backends.npu.schedule import Schedule

    return [Schedule.from_json(schedule) for schedule in fields]


def _schedule_summary(schedule: Schedule) -> str:
    total = schedule.predicted_latency_us
    rest = schedule.predicted_latency_without_embedding_us
    engines = (("DMA", schedule.dma_us), ("DPU", schedule.dpu_us), ("SHAVE", schedule.shave_us))
    busy = ", ".join(f"{name} {time:,.0f}" for name, time in engines)
    split = f"; {schedule.strategies} layers split by table" if schedule.strategies else ""
    if schedule.strategies_refused:
        split = f"; layers not split by table: {schedule.strategies_refused}"
    return (
        f"{total:,.0f} µs, {rest:,.0f} without the embedding, as predicted by Intel's NPU compiler "
        f"at level {schedule.optimization_level}{split}; busy {busy}; blob of "
        f"{schedule.blob_bytes / 1e6:,.1f} MB"
    )


def numbered(names: Sequence[str]) -> list[str]:
    """The names with `#2`, `#3`, … behind those that were there before."""
    seen: Counter[str] = Counter()
    result: list[str] = []
    for name in names:
        seen[name] += 1
        result.append(f"{name}#{seen[name]}" if seen[name] > 1 else name)
    return result
