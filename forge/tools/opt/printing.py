"""`--mlir-print-ir-…`: the program before and after passes, on stderr or in files."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.files import make_directory, write_text
from forge.instrumentation import Instrumentation, PassStep
from forge.suggestions import did_you_mean
from forge.tools.arguments import at_least

if TYPE_CHECKING:
    from forge.pipeline import PassRun


Show = Callable[[ModuleOp], str]
"""What gives the text of a program."""


def add_printing_arguments(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group(
        "printing the program as passes change it, to stderr (names and output as in mlir-opt)"
    )
    for when in ("before", "after"):
        group.add_argument(
            f"--mlir-print-ir-{when}",
            metavar="PASS[,PASS]",
            type=_names,
            default=(),
            help=f"print it {when} these passes",
        )
        group.add_argument(
            f"--mlir-print-ir-{when}-all", action="store_true", help=f"print it {when} each pass"
        )
    group.add_argument(
        "--mlir-print-ir-after-change",
        action="store_true",
        help="with the options above, print it after a pass only if that changed it",
    )
    group.add_argument(
        "--mlir-print-ir-after-failure",
        action="store_true",
        help="print it after a pass that failed",
    )
    group.add_argument(
        "--mlir-print-ir-module-scope",
        action="store_true",
        help="name the module in the headings; passes run on modules, so all of it is printed "
        "with and without this option",
    )
    group.add_argument(
        "--mlir-elide-elementsattrs-if-larger",
        metavar="N",
        type=at_least(0),
        help="print constants of more than N elements without them, here and on stdout",
    )
    group.add_argument(
        "--mlir-print-debuginfo",
        dest="print_debuginfo",
        action="store_true",
        help="print locations, here and on stdout (also --print-debuginfo)",
    )
    group.add_argument(
        "--mlir-print-op-generic",
        dest="print_op_generic",
        action="store_true",
        help="print the generic form, here and on stdout (also --print-op-generic)",
    )
    group.add_argument(
        "--mlir-print-ir-tree-dir",
        metavar="FOLDER",
        type=Path,
        help="print into numbered files of this folder",
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def ir_printer(args: Namespace, show: Show, known: Collection[str]) -> list[Instrumentation]:
    """What prints as the options say; nothing if they say nothing.

    Args:
        args: the command line.
        show: gives the text of a program.
        known: the names of all passes.

    Raises:
        ForgeError: an option names a pass that there is not, or means nothing without another.
    """
    before: tuple[str, ...] = args.mlir_print_ir_before
    after: tuple[str, ...] = args.mlir_print_ir_after
    for name in (*before, *after):
        if name not in known:
            raise ForgeError(
                f"there is no pass {name!r} to print the program at",
                hint=did_you_mean(name, known, "forge-opt --list-passes"),
            )
    after_all = args.mlir_print_ir_after_all or args.print_between_passes
    if args.mlir_print_ir_after_change and not (after or after_all):
        raise ForgeError(
            "--mlir-print-ir-after-change needs to know after which passes",
            hint="add --mlir-print-ir-after-all",
        )
    selection = Selection(
        before, after, args.mlir_print_ir_before_all, after_all, args.mlir_print_ir_after_failure
    )
    if not any(vars(selection).values()):
        if args.mlir_print_ir_tree_dir is not None:
            raise ForgeError(
                "--mlir-print-ir-tree-dir needs to know at which passes",
                hint="add --mlir-print-ir-after-all",
            )
        return []
    return [
        PrintIR(
            selection,
            show,
            only_changes=args.mlir_print_ir_after_change,
            module_scope=args.mlir_print_ir_module_scope,
            folder=args.mlir_print_ir_tree_dir,
        )
    ]


@dataclass(frozen=True)
class Selection:
    """At which passes to print."""

    before: Collection[str]
    after: Collection[str]
    before_all: bool
    after_all: bool
    after_failure: bool


class PrintIR(Instrumentation):
    """Prints the program at the passes of a selection.

    The files are called `FOLDER/builtin_module_no-symbol-name/3_fuse-mlp.mlir`, numbered from 0
    over all passes that run; those before a pass, and after one that failed, say so behind its
    name.
    """

    def __init__(
        self,
        selection: Selection,
        show: Show,
        *,
        only_changes: bool = False,
        module_scope: bool = False,
        folder: Path | None = None,
    ) -> None:
        self._selection = selection
        self._show = show
        self._only_changes = only_changes
        self._module_scope = module_scope
        self._folder = folder
        self._number = -1
        self._previous = ""

    def before_pass(self, step: PassStep) -> None:
        self._number += 1
        if self._only_changes:
            self._previous = self._show(step.module)
        if self._selection.before_all or step.module_pass.name in self._selection.before:
            self._print(step, "Before", "", "_before")

    def after_pass(self, step: PassStep, run: PassRun) -> None:
        if not (self._selection.after_all or step.module_pass.name in self._selection.after):
            return
        if self._only_changes and self._show(step.module) == self._previous:
            return
        self._print(step, "After", "", "")

    def after_pass_failed(self, step: PassStep, error: BaseException) -> None:
        if self._selection.after_failure:
            self._print(step, "After", " Failed", "_failed")

    def _print(self, step: PassStep, when: str, state: str, suffix: str) -> None:
        scope = f" ('builtin.module' operation{_symbol(step.module)})" * self._module_scope
        text = (
            f"// -----// IR Dump {when} {_title(step.module_pass)}{state}{scope} //----- //\n"
            f"{self._show(step.module)}\n"
        )
        if self._folder is None:
            sys.stderr.write(text)
            return
        symbol = step.module.sym_name.data if step.module.sym_name else "no-symbol-name"
        folder = self._folder / f"builtin_module_{symbol}"
        make_directory(folder)
        write_text(folder / f"{self._number}_{step.module_pass.name}{suffix}.mlir", text)


def _title(module_pass: ModulePass) -> str:
    return f"{type(module_pass).__name__} ({module_pass.name})"


def _symbol(module: ModuleOp) -> str:
    return f": @{module.sym_name.data}" if module.sym_name else ""
