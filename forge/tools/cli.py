"""`forge`: compile and run models. Each subcommand is a module of its own name in this package.

Such a module has `SUMMARY`, `add_arguments(parser)` and `run(args)`. It imports torch and OpenVINO
only when it runs, so that `--help` and mistakes on the command line cost nothing.
"""

from __future__ import annotations

from argparse import Action, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Protocol, cast

from forge.tools import bench, compile, demo, disasm, models, report, run, tune
from forge.tools.arguments import ToolParser
from forge.tools.running import leave_in_order, report_crashes, run_tool

_SUBCOMMANDS: dict[str, ModuleType] = {
    "compile": compile,
    "run": run,
    "report": report,
    "disasm": disasm,
    "models": models,
    "demo": demo,
    "bench": bench,
    "tune": tune,
}

_EXAMPLES = """\
examples:
  forge models                                    what the zoo has
  forge compile gpt2 --layers 2 --check           compile two layers of GPT-2, compare with PyTorch
  forge compile gpt2 --emit reg -o gpt2.mlir      write the program as text
  forge run gpt2.mlir                             run the text
  forge run gpt2 --device host --compare eager    run on kernels of PyTorch, without OpenVINO
  forge compile gpt2 --platform all -o out/       blobs for every NPU, with predicted schedules
  forge run minilm --text "A cat." "A kitten."    similarities of sentences
  forge tune gpt2 --layers 2 --platform npu4000   which forms Intel's NPU compiler likes best
  forge bench passes gpt2                         what the passes recognise, save and take
  forge bench registers gpt2                      how registers share memory, and devices the work
  forge-opt --list-passes                         for those who work on the compiler
"""


class _Subcommand(Protocol):
    SUMMARY: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int | None]


class _ShowVersion(Action):
    """Looking versions up takes long, so it waits until it is asked for."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option_string: Any = None
    ) -> None:
        from importlib.metadata import version

        print(f"forge {version('forge-ugc')}")
        parser.exit()


def main(args: Sequence[str] | None = None) -> int:
    """The process `forge`.

    Returns:
        The exit code.
    """
    report_crashes("forge")
    leave_in_order()
    return forge(args)


def forge(args: Sequence[str] | None = None) -> int:
    """Run the tool in this process; `args` are those of the process by default.

    Returns:
        The exit code: 0, or 1 for what a user can cause, with a message on stderr.
    """
    return run_tool(lambda: _run(args))


def _run(args: Sequence[str] | None) -> int | None:
    parser = ToolParser(
        "forge",
        description="Compile PyTorch models for OpenVINO devices or the host, and run them.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "-v", "--version", action=_ShowVersion, nargs=0, help="print the version, and stop"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in _SUBCOMMANDS.items():
        subcommand = cast(_Subcommand, module)
        command_parser = commands.add_parser(
            name,
            help=subcommand.SUMMARY,
            description=module.__doc__,
            formatter_class=RawDescriptionHelpFormatter,
        )
        subcommand.add_arguments(command_parser)
        command_parser.set_defaults(run=subcommand.run)
    chosen = parser.parse_args(args)
    return chosen.run(chosen)
