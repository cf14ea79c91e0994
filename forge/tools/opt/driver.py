"""The run of `forge-opt`: from the command line over the passes to what is written."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import IO, TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute
from xdsl.passes import ModulePass, PassPipeline
from xdsl.utils.diagnostic import Diagnostic
from xdsl.utils.exceptions import ShrinkException
from xdsl.xdsl_opt_main import xDSLOptMain

from forge.diagnostics import Places, diagnose
from forge.errors import ForgeError
from forge.files import check_writable, write_text
from forge.foreign_failures import reporting_foreign_failures
from forge.instrumentation import Instrumentation, PassStep
from forge.ir.text import print_module
from forge.ir.verifier import verify_module
from forge.pipeline_text import pipeline_text, with_anchor
from forge.tools.arguments import ToolParser, with_values
from forge.tools.opt.arguments import (
    VALUES_ALONE,
    add_forge_arguments,
    check_combination,
    settle_pipeline,
    shorten_help,
)
from forge.tools.opt.diagnostics import ONLY_EXPECTED, Reporter, Verifier
from forge.tools.opt.printing import ir_printer
from forge.tools.opt.reading import Reader
from forge.tools.opt.remarks import EmitRemarks
from forge.tools.opt.reproducer import Reproducer, reproducer_writer
from forge.tools.opt.statistics import statistics_report
from forge.tools.opt.timing import TimePasses, Timer, timing_report
from forge.tools.opt.writing import run_program, write_bytecode, write_openvino, write_weights
from forge.tools.pass_options import note_skipped, print_explanation, write_report
from forge.tools.program_files import Chunk
from forge.tools.running import Activity
from forge.tools.target_option import parse_target
from forge.universe import multiverse

if TYPE_CHECKING:
    from forge.numeric_check import NumericCheck
    from forge.pipeline import PassRun


class NamedActivity(Instrumentation):
    """Names the pass at work, for the report of a crash."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity

    def before_pass(self, step: PassStep) -> None:
        self._activity.what = f"running the pass {step.module_pass.name}"


_READING = "reading the program"


class ForgeOpt(xDSLOptMain):
    """xDSL's driver, with Forge's parser, verifier, errors and options.

    Attributes:
        failed: whether something was wrong with the program, which has been reported.
    """

    failed = False
    _reproducer: Reproducer | None = None

    def __init__(self, args: Sequence[str] | None = None) -> None:
        """Read the command line, and build the pipeline that it asks for.

        Raises:
            ForgeError: an option, a pass or a target is wrong.
        """
        # The base class reads the command line with argparse's own exit codes and messages.
        self.available_frontends = {}
        self.available_passes = {}
        self.available_targets = {}
        self.ctx = Context()
        self._timer = Timer("forge-opt")
        self.register_all_dialects()
        self.register_all_frontends()
        self.register_all_passes()
        self.register_all_targets()
        parser = ToolParser(
            "forge-opt",
            conflict_handler="resolve",
            description="Read a program, run passes on it, and write it; or run it.",
            epilog="forge-opt --list-passes shows the passes, --dump-pipeline the default pipeline",
        )
        self.register_all_arguments(parser)
        self.args = parser.parse_args(
            with_values(sys.argv[1:] if args is None else args, VALUES_ALONE)
        )
        self._settle_arguments()
        self.setup_pipeline()

    # -- the command line --------------------------------------------------------------------

    def register_all_arguments(self, arg_parser: ArgumentParser) -> None:
        super().register_all_arguments(arg_parser)
        shorten_help(arg_parser)
        add_forge_arguments(arg_parser)

    # Once for all three, and with the name of a package that is broken.

    def register_all_dialects(self) -> None:
        for name, factory in multiverse().all_dialects.items():
            self.ctx.register_dialect(name, factory)

    def register_all_passes(self) -> None:
        self.available_passes.update(multiverse().all_passes)

    def register_all_targets(self) -> None:
        self.available_targets.update(multiverse().all_targets)

    def register_all_frontends(self) -> None:
        # The reader needs the command line, which needs their names.
        for kind in ("mlir", "forge", "pt2"):
            self.available_frontends[kind] = lambda stream, kind=kind: self._reader.chunk(
                stream, kind
            ).parse()

    def _settle_arguments(self) -> None:
        args = self.args
        self._target = parse_target(args.target, self.available_targets)
        settle_pipeline(args)
        check_combination(args, self._target.name)
        if args.input_file == "-":
            args.input_file = None
        # Who names stdout wants on it whatever it is, even on a terminal.
        self._forced = args.output_file == "-"
        if self._forced:
            args.output_file = None
        for path in (args.output_file, args.outputs, args.weights_output, args.report):
            if path is not None:
                check_writable(Path(path))
        self._reader = Reader(args, self.ctx, self.get_input_name())
        self.ctx.allow_unregistered = args.allow_unregistered_dialect
        Diagnostic.colored = args.syntax_highlight
        if args.disable_verify:
            Attribute.__post_init__ = _accept

    def _load_plugins(self) -> None:
        if not self.args.plugins:
            return
        from forge.plugins import load_pass_plugin

        for path in self.args.plugins:
            self.available_passes |= load_pass_plugin(path)

    def setup_pipeline(self) -> None:
        self._load_plugins()
        passes: list[ModulePass] = []
        if self.args.apply_pdl:
            from forge.passes.apply_pdl_patterns import ApplyPdlPatternsPass

            passes += map(ApplyPdlPatternsPass, self.args.apply_pdl)
        if self.args.passes:
            from forge.pipeline import build_pipeline

            passes += build_pipeline(self.args.passes)
        self.pipeline = PassPipeline(tuple(passes))
        self._printers = ir_printer(self.args, self._show, self.available_passes)
        if self.args.dump_pass_pipeline:
            print(f"Pass Manager with {len(passes)} passes:", file=sys.stderr)
            print(with_anchor(passes), file=sys.stderr)

    # -- the run -----------------------------------------------------------------------------

    def run(self) -> None:
        """Do what the command line asks for.

        Raises:
            ForgeError: the program is wrong, or a file cannot be read or written.
        """
        if self.args.list_passes:
            from forge.tools.pass_table import print_passes

            print_passes(self.available_passes)
        elif self.args.show_dialects:
            print("Available Dialects:", ",".join(sorted(self.ctx.registered_dialect_names)))
        elif self.args.dump_pipeline:
            print(self._pipeline_text())
        else:
            self._process_timed()

    def _process_timed(self) -> None:
        start = perf_counter()
        try:
            self._process_input()
        finally:
            self._timer.seconds = perf_counter() - start
            if self.args.mlir_timing or self.args.time_passes:
                # xDSL's option has a line for each pass.
                display = self.args.mlir_timing_display if self.args.mlir_timing else "list"
                print(timing_report(self._timer, display), file=sys.stderr)

    def _pipeline_text(self) -> str:
        if self.pipeline.passes:
            return pipeline_text(self.pipeline.passes)
        from forge.compiler import default_pipeline

        share = self.args.aggressiveness
        return default_pipeline("CPU", 1.0 if share is None else share)

    def _process_input(self) -> None:
        chunks, kind = self.prepare_input()
        texts: list[str | None] = []
        try:
            for stream, line_offset in chunks:
                texts.append(self._process(self._reader.chunk(stream, kind, line_offset)))
        except ShrinkException:
            if not self.args.shrink:
                raise
            print("Success, can shrink")
            return
        if self.args.shrink:
            print("Failure, can't shrink")
            self.failed = True
        elif not self.failed and (written := [text for text in texts if text is not None]):
            self._write("// -----\n".join(written))

    def _process(self, chunk: Chunk) -> str | None:
        """The text to write for one program, if there is one."""
        reporter = self._reporter(chunk)
        with Activity(_READING) as activity:
            try:
                text = self._result_of(chunk, activity, reporter)
            except ForgeError as error:
                diagnostic = diagnose(error, chunk.source)
                if self.args.parsing_diagnostics and activity.what == _READING:
                    return f"{diagnostic}\n"
                reporter.emit(diagnostic)
                text = None
            reporter.finish()
        self.failed |= reporter.failed
        return text

    def _reporter(self, chunk: Chunk) -> Reporter:
        level = self.args.verify_diagnostics
        if level is None:
            return Reporter()
        return Verifier(chunk.source, only_expected=level == ONLY_EXPECTED)

    def _result_of(self, chunk: Chunk, activity: Activity, reporter: Reporter) -> str | None:
        with self._timer.measure("Parser"):
            module = chunk.parse()
        activity.what = "verifying the program"
        with self._timer.measure("Verifier"):
            self._verify(module)
        if self.args.run_reproducer:
            self._take(Reproducer.of(chunk.source))
        self._apply_passes(module, activity, reporter, chunk.source)
        activity.what = "writing the program"
        with self._timer.measure("Output"):
            return self._result(module)

    def _take(self, reproducer: Reproducer) -> None:
        from forge.pipeline import build_pipeline

        self.pipeline = PassPipeline(tuple(build_pipeline(reproducer.pipeline)))
        self._reproducer = reproducer

    @property
    def _verify_each(self) -> bool:
        """Whether to verify after each pass: unless the command line, or a reproducer, says no."""
        asked = self._reproducer is None or self._reproducer.verify_each
        return asked and self.args.verify_each == "true" and not self.args.disable_verify

    def _verify(self, module: ModuleOp) -> None:
        if not self.args.disable_verify:
            verify_module(module)

    # -- reading -----------------------------------------------------------------------------

    def get_input_stream(self) -> tuple[IO[bytes], str]:
        if self.args.input_file is None and sys.stdin.isatty():
            print("note: reading a program from the terminal; ctrl-D ends it", file=sys.stderr)
        return super().get_input_stream()

    def prepare_input(self) -> tuple[list[tuple[IO[bytes], int]], str]:
        kind = self.args.frontend or Path(self.args.input_file or "stdin.mlir").suffix[1:]
        if kind not in self.available_frontends:
            raise ForgeError(
                f"cannot tell what {self.args.input_file} is from its name",
                hint="-f mlir reads it as text",
            )
        try:
            return super().prepare_input()
        except OSError as error:
            raise ForgeError(f"cannot read {self.args.input_file}: {error.strerror}") from error

    # -- passes ------------------------------------------------------------------------------

    def _apply_passes(
        self, module: ModuleOp, activity: Activity, reporter: Reporter, places: Places | None
    ) -> None:
        if not self.pipeline.passes:
            self._report_passes([])
            return
        from forge.pipeline import run_pipeline

        watching = [NamedActivity(activity), *self._instrumentations(module, reporter, places)]
        with self._rewrite_limit():
            runs = run_pipeline(
                module,
                self.pipeline.passes,
                self.ctx,
                rounds=self.args.rounds,
                verify_each=self._verify_each,
                instrumentations=watching,
            )
        self._report_passes(runs)

    def _instrumentations(
        self, module: ModuleOp, reporter: Reporter, places: Places | None
    ) -> Iterator[Instrumentation]:
        """What the command line asks to watch the passes, from the outermost in."""
        args = self.args
        yield TimePasses(self._timer)
        yield from self._printers
        if args.remarks is not None:
            yield EmitRemarks(args.remarks, reporter, places)
        if args.check_numerics:
            yield self._numeric_check(module)
        if (writer := reproducer_writer(args, verify_each=self._verify_each)) is not None:
            yield writer

    def _numeric_check(self, module: ModuleOp) -> NumericCheck:
        from forge.numeric_check import NumericCheck
        from forge.tools.runnable import weights_for

        check = NumericCheck(
            module, weights_for(module, self._reader.weights, self.args.seed), self.args.seed
        )
        note_skipped(check)
        return check

    def _rewrite_limit(self) -> AbstractContextManager[object]:
        if self.args.rewrite_limit is None:
            return nullcontext()
        from forge.rewriting import limit_rewrites

        return limit_rewrites(self.args.rewrite_limit)

    def _report_passes(self, runs: Sequence[PassRun]) -> None:
        if self.args.mlir_pass_statistics:
            display = self.args.mlir_pass_statistics_display
            print(statistics_report(runs, display), file=sys.stderr)
        if self.args.rewrite_limit is not None:
            firings = [firing for run in runs for firing in run.rewrites.fired]
            last = f"; the last is {firings[-1]}" if firings else ""
            plural = "rewrite" if len(firings) == 1 else "rewrites"
            print(f"note: {len(firings)} {plural}{last}", file=sys.stderr)
        if self.args.explain or self.args.report is not None:
            from importlib.metadata import version

            from forge.pass_report import PipelineReport

            versions = {"forge": version("forge-ugc")}
            report = PipelineReport([run.report() for run in runs], versions)
            print_explanation(self.args, report.passes)
            write_report(self.args, report.to_json())

    # -- writing -----------------------------------------------------------------------------

    def _result(self, module: ModuleOp) -> str | None:
        text = self._text(module)
        if self.args.weights_output is not None:
            write_weights(module, self._reader.weights, self.args.weights_output)
        return text

    def _text(self, module: ModuleOp) -> str | None:
        args, weights = self.args, self._reader.weights
        if args.run:
            run_program(module, self.get_input_name(), weights, args)
            if args.output_file is None:
                return None
        if self._target.name == "openvino":
            write_openvino(module, self._target, args.output_file, weights)
            return None
        if self._target.name == "bytecode":
            write_bytecode(module, self._target, args.output_file, self.ctx, forced=self._forced)
            return None
        return self.output_resulting_program(module)

    def _show(self, module: ModuleOp) -> str:
        args = self.args
        return print_module(
            module,
            generic=args.print_op_generic,
            debuginfo=args.print_debuginfo,
            elide_larger=args.mlir_elide_elementsattrs_if_larger,
            dialects=tuple(self.ctx.loaded_dialects),
        )

    def output_resulting_program(self, prog: ModuleOp) -> str:
        special = self.args.print_no_properties or self.args.syntax_highlight
        if self._target.name == "mlir" and not self._target.parameters and not special:
            return self._show(prog)
        with reporting_foreign_failures("target", self._target.name):
            # xDSL ends a module with an empty line; printed again, a text would grow by one.
            return super().output_resulting_program(prog).rstrip("\n") + "\n"

    def _write(self, text: str) -> None:
        if self.args.output_file is None:
            sys.stdout.write(text)
        else:
            write_text(Path(self.args.output_file), text)


def _accept(self: Attribute) -> None:
    """What `--disable-verify` puts in the place of the verification of attributes."""
