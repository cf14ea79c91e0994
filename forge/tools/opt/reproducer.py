"""Reproducers: the program before a pass that failed, and the passes to run on it, in one file.

MLIR writes them so, and they are run alike: `forge-opt --run-reproducer FILE`. The passes stand
behind the program, where text has resources that are not part of it:

    {-#
      external_resources: {
        mlir_reproducer: {
          pipeline: "builtin.module(simplify,fuse-mine)",
          disable_threading: true,
          verify_each: true
        }
      }
    #-}
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Self

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.printer import Printer

from forge.errors import ForgeError
from forge.files import check_writable, write_text
from forge.instrumentation import Instrumentation, PassStep
from forge.ir.source_text import SourceText
from forge.ir.text import print_module
from forge.pipeline_text import ANCHOR, pipeline_text, without_anchor

_RESOURCE = "mlir_reproducer"


@dataclass(frozen=True)
class Reproducer:
    """What to run on a program.

    Attributes:
        pipeline: the passes, as `-p` takes them.
        verify_each: whether to verify after each.
    """

    pipeline: str
    verify_each: bool

    @classmethod
    def of(cls, source: SourceText | None) -> Self:
        """The one that a text ends with, once it was parsed.

        Raises:
            ForgeError: there is none, or it does not say what to run.
        """
        entries = source.resources.get(_RESOURCE) if source is not None else None
        if entries is None:
            raise ForgeError(
                "this program is no reproducer: it has no passes of its own to run",
                hint="--mlir-pass-pipeline-crash-reproducer=FILE writes one when a pass fails",
            )
        pipeline, verify_each = entries.get("pipeline"), entries.get("verify_each", True)
        if not isinstance(pipeline, str) or not isinstance(verify_each, bool):
            raise ForgeError(
                f"{_RESOURCE} needs pipeline: a string, and verify_each: true or false"
            )
        return cls(without_anchor(pipeline), verify_each)

    def __str__(self) -> str:
        stream = StringIO()
        Printer(stream).print_string_literal(f"{ANCHOR}({self.pipeline})")
        return f"""
{{-#
  external_resources: {{
    {_RESOURCE}: {{
      pipeline: {stream.getvalue()},
      disable_threading: true,
      verify_each: {str(self.verify_each).lower()}
    }}
  }}
#-}}
"""


class WriteReproducer(Instrumentation):
    """Writes a reproducer when a pass fails: of all passes, or of that one alone."""

    def __init__(self, path: Path, verify_each: bool, *, local: bool) -> None:
        self._path = path
        self._verify_each = verify_each
        self._local = local
        self._start: ModuleOp | None = None
        self._passes: list[ModulePass] = []

    def before_pass(self, step: PassStep) -> None:
        if self._start is None or self._local:
            self._start = step.module.clone()
            self._passes.clear()
        self._passes.append(step.module_pass)

    def after_pass_failed(self, step: PassStep, error: BaseException) -> None:
        assert self._start is not None, "a pass that fails was started"
        # What would have followed belongs to the pipeline, as MLIR writes it.
        rest = () if self._local else step.remaining[1:]
        pipeline = pipeline_text([*self._passes, *rest])
        program = print_module(self._start, debuginfo=True)
        write_text(self._path, program + str(Reproducer(pipeline, self._verify_each)))
        print(
            f"note: the pass {step.module_pass.name} failed; forge-opt --run-reproducer "
            f"{self._path} repeats it",
            file=sys.stderr,
        )


def add_reproducer_arguments(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("about failures of passes")
    group.add_argument(
        "--mlir-pass-pipeline-crash-reproducer",
        metavar="FILE",
        help="if a pass fails, write the program and the passes to a file",
    )
    group.add_argument(
        "--mlir-pass-pipeline-local-reproducer",
        action="store_true",
        help="write the program that the pass failed on, and that pass alone",
    )
    group.add_argument(
        "--run-reproducer", action="store_true", help="run the passes that such a file ends with"
    )


def check_reproducer_arguments(args: Namespace) -> None:
    """Refuse options that mean nothing together, and a file that cannot be written.

    Raises:
        ForgeError: there are some.
    """
    path = args.mlir_pass_pipeline_crash_reproducer
    if path is not None:
        check_writable(Path(path))
    elif args.mlir_pass_pipeline_local_reproducer:
        raise ForgeError(
            "--mlir-pass-pipeline-local-reproducer is a way to write a reproducer",
            hint="add --mlir-pass-pipeline-crash-reproducer=FILE",
        )
    if args.run_reproducer and args.passes:
        raise ForgeError(
            "a reproducer says itself which passes to run", hint="leave -p or --run-reproducer out"
        )


def reproducer_writer(args: Namespace, *, verify_each: bool) -> WriteReproducer | None:
    """What writes the reproducer that the user asked for, of a run that verifies or does not."""
    path = args.mlir_pass_pipeline_crash_reproducer
    if path is None:
        return None
    local = args.mlir_pass_pipeline_local_reproducer
    return WriteReproducer(Path(path), verify_each, local=local)
