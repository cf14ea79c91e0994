"""`forge compile --platform`: one model for several generations of the NPU."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from forge.backends.npu.platforms import PLATFORMS, check_platform
from forge.errors import ForgeError
from forge.tools.model_arguments import is_text, load_model, progress
from forge.tools.running import USER_ERROR
from forge.tools.terminal import stderr_console, stdout_console
from forge.tools.timed_progress import timed_progress

if TYPE_CHECKING:
    from forge.backends.npu import NpuCompiler
    from forge.program import Program
    from forge.report import CompilationReport

ALL = "all"

CompileFor = Callable[[str, "NpuCompiler"], "Program"]
"""Compiles the model for a platform."""


def named_platforms(text: str | None) -> list[str]:
    """The platforms that `--platform` names: one, several with commas between them, or all.

    Raises:
        ForgeError: one of them does not exist.
    """
    if text is None:
        return []
    if text.strip().lower() == ALL:
        return list(PLATFORMS)
    return list(dict.fromkeys(check_platform(name) for name in text.split(",")))


@dataclass(frozen=True)
class Outcome:
    """What came of a platform.

    Attributes:
        report: how the program was compiled; `None` if it was not.
        error: why not, or why it could not be saved; empty if all went well.
        folder: where it is saved, if it is.
    """

    platform: str
    report: CompilationReport | None = None
    error: str = ""
    folder: Path | None = None

    def summary(self) -> str:
        """A few words while others are still compiled."""
        if self.report is None:
            return "does not compile"
        total = sum(schedule.predicted_latency_us for schedule in self.report.schedules)
        return f"compiled in {self.report.total_seconds:,.0f} s, {total:,.0f} µs predicted"

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "platform": self.platform,
            "compiles": self.report is not None,
            "error": self.error or None,
            "saved": str(self.folder) if self.folder is not None else None,
            "report": self.report.to_json() if self.report is not None else None,
        }


def compile_platforms(args: Namespace, platforms: Sequence[str]) -> int:
    """Compile a model for each platform, save each program in a folder of its own, print a table.

    A platform that fails does not keep the others from being tried; its folder is left alone.

    Returns:
        The exit code: 1 if one of them fails.

    Raises:
        ForgeError: the model or an option is wrong, or there is no NPU compiler.
    """
    from forge.backends.npu import NpuCompiler

    with NpuCompiler() as compiler:
        compile_for = _text_compiler(args) if is_text(args.model) else _model_compiler(args)
        outcomes: list[Outcome] = []
        for platform in platforms:
            outcomes.append(_compile(args, platform, compile_for, compiler))
            stderr_console().print(f"{platform}: {outcomes[-1].summary()}", soft_wrap=True)
    show_platforms(outcomes, {"model": args.model}, as_json=args.json)
    if not args.json and any(outcome.folder is not None for outcome in outcomes):
        saved = f"saved to {args.output}: forge report {args.output}"
        stdout_console().print(saved, soft_wrap=True)
    return USER_ERROR if any(outcome.error for outcome in outcomes) else 0


def _compile(
    args: Namespace, platform: str, compile_for: CompileFor, compiler: NpuCompiler
) -> Outcome:
    from forge.recording import observe_phases

    folder = None if args.output is None else Path(args.output) / platform
    what = f"compiling {args.model} for {platform}"
    report = None
    try:
        with timed_progress(what) as show, observe_phases(show):
            program = compile_for(platform, compiler)
            report = program.report
            if folder is not None:
                show("saving")
                program.save(folder)
    except ForgeError as error:
        return Outcome(platform, report, str(error))
    return Outcome(platform, report, folder=folder)


def _model_compiler(args: Namespace) -> CompileFor:
    """Compiles a model that is exported once."""
    from forge.compiler import compile
    from forge.importer import capture

    model = load_model(args)
    with progress(f"exporting {args.model}"):
        exported = model.exported or capture(model.module, model.example_args, model.example_kwargs)
    return lambda platform, compiler: compile(
        exported, platform=platform, npu_compiler=compiler, **_options(args)
    )


def _text_compiler(args: Namespace) -> CompileFor:
    from forge.compiler import compile
    from forge.tools.program_files import read_program
    from forge.tools.runnable import weights_file, weights_for

    module = read_program(Path(args.model))
    weights = weights_for(module, weights_file(args.weights), 0)
    return lambda platform, compiler: compile(
        module, platform=platform, npu_compiler=compiler, weights=weights, **_options(args)
    )


def _options(args: Namespace) -> dict[str, Any]:
    return {
        "device": args.device,
        "precision": args.precision,
        "pipeline": args.pipeline,
        "aggressiveness": args.aggressiveness,
        "rounds": args.rounds,
        "check_numerics": args.check_numerics,
        "strategies": args.strategies,
    }


def saved_platforms(directory: Path) -> list[Outcome]:
    """The programs that `compile_platforms` saved in a directory.

    Raises:
        ForgeError: one of them is damaged.
    """
    from forge.saved_program import MANIFEST, read_report

    folders = [directory / platform for platform in PLATFORMS]
    return [
        Outcome(folder.name, read_report(folder), folder=folder)
        for folder in folders
        if (folder / MANIFEST).is_file()
    ]


def show_platforms(outcomes: Sequence[Outcome], about: Mapping[str, str], *, as_json: bool) -> None:
    """Print a table of platforms and why some fail, or the same for machines.

    Args:
        outcomes: one a platform.
        about: what else machines are told.
        as_json: whether it is for them.
    """
    if as_json:
        found = [outcome.to_json() for outcome in outcomes]
        print(json.dumps({**about, "platforms": found}, indent=2))
        return
    console = stdout_console()
    console.print(platform_table(outcomes))
    for outcome in outcomes:
        if outcome.error:
            console.print(f"{outcome.platform}: {outcome.error}", soft_wrap=True)
        elif outcome.report is not None and (free := _uncharged(outcome.report)):
            console.print(
                f"{outcome.platform}: only transfers are charged for {free}: Intel's cost model "
                "knows no matrix engine that writes f32",
                soft_wrap=True,
            )


def _uncharged(report: CompilationReport) -> str:
    """The products that a prediction leaves out, by the places that they come from."""
    return ", ".join(
        layer.location or layer.name
        for schedule in report.schedules
        for layer in schedule.layers
        if layer.name in schedule.uncharged_products
    )


def platform_table(outcomes: Sequence[Outcome]) -> Table:
    """A row for each platform."""
    title = "predicted by Intel's NPU compiler, in µs; not measured"
    table = Table(title=title, title_justify="left")
    table.add_column("platform", no_wrap=True)
    table.add_column("compiles")
    for column in ("latency", "without embedding", "DMA", "DPU", "SHAVE"):
        table.add_column(column, justify="right")
    for column in ("blobs", "MB", "compile s"):
        table.add_column(column, justify="right")
    for outcome in outcomes:
        if outcome.report is None:
            table.add_row(outcome.platform, "no")
        else:
            table.add_row(outcome.platform, "yes", *_figures(outcome.report))
    return table


def _figures(report: CompilationReport) -> list[str]:
    from forge.backends.npu.sequence import in_sequence

    if not report.schedules:
        return ["nothing of it runs on the NPU"]
    schedule = in_sequence(report.schedules)
    times = (
        schedule.predicted_latency_us,
        schedule.predicted_latency_without_embedding_us,
        schedule.dma_us,
        schedule.dpu_us,
        schedule.shave_us,
    )
    return [
        *(f"{time:,.0f}" for time in times),
        str(len(report.schedules)),
        f"{schedule.blob_bytes / 1e6:,.1f}",
        f"{schedule.compile_seconds:,.1f}",
    ]
