"""Compile a model for a device: check it, save it, or write the program as text.

forge compile gpt2 --tokens 128                 how long each phase takes, what fired
forge compile gpt2 --layers 2 --check           compare its numbers with PyTorch's
forge compile minilm -o out/minilm              save it; forge run out/minilm runs it
forge compile gpt2 --platform all -o out/       for every NPU, here or not; forge report out/NPU4000
forge compile gpt2 --emit aten -o gpt2.mlir     the program as text, for forge-opt
forge compile gpt2.mlir --weights w.safetensors compile text
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forge.errors import ForgeError
from forge.files import check_can_be_made, check_writable
from forge.plugins import load_pass_plugin
from forge.tools.comparison import Difference, compare, difference_table
from forge.tools.model_arguments import (
    MODEL_HELP,
    add_device_arguments,
    add_model_arguments,
    is_text,
    load_model,
    progress,
    refuse_model_arguments,
)
from forge.tools.npu_platforms import ALL, PLATFORMS, compile_platforms, named_platforms
from forge.tools.pass_options import add_pass_arguments, print_explanation, write_report
from forge.tools.program_files import read_program
from forge.tools.runnable import (
    CompileOptions,
    Runnable,
    compiled_model,
    compiled_text,
    weights_file,
)
from forge.tools.running import USER_ERROR
from forge.tools.tensor_table import port_to_json
from forge.tools.terminal import stdout_console
from forge.tools.timed_progress import timed_progress

SUMMARY = "compile a model for a device, and check, save or print it"

# A difference of outputs that is more than this share of the largest of them is a wrong program;
# rounding differs by far less: f32 has 24 bits, f16 11 and bf16 8.
_TOLERANCE = 1e-4
_TOLERANCE_OF_16_BITS = 5e-2


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge compile`."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help=f"{MODEL_HELP}, or a program's text (.mlir) or bytecode (.forge)",
    )
    parser.add_argument(
        "-o", "--output", metavar="PATH", help="directory to save to; with --emit, the text's file"
    )
    parser.add_argument(
        "-p", "--pipeline", metavar="PASSES", help="the passes to run, as forge-opt -p takes them"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="compare the outputs with PyTorch's; exit code 1 if"
        " they are not the same up to rounding",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--emit",
        choices=("aten", "transformer", "reg"),
        help="write the program's text at this level, and compile no further",
    )
    parser.add_argument(
        "--print-debuginfo", action="store_true", help="with --emit: print locations, too"
    )
    parser.add_argument(
        "--weights-output",
        metavar="FILE",
        help="with --emit: write the weights to a safetensors file",
    )
    parser.add_argument(
        "--weights", metavar="FILE", help="the weights of a program's text, a safetensors file"
    )
    parser.add_argument(
        "--platform",
        metavar="NAME",
        help=f"the NPU to compile for, here or not: {', '.join(PLATFORMS)}, several of them with "
        f"commas, or {ALL}; of several each has a folder of its own in PATH",
    )
    parser.add_argument(
        "--strategies",
        metavar="TABLE",
        help="how Intel's NPU compiler is to split its layers: a table (.toml), or none to let it"
        " decide (default: Forge's table of the platform)",
    )
    add_pass_arguments(parser)
    add_model_arguments(parser)
    add_device_arguments(parser)


def run(args: Namespace) -> int:
    """Compile.

    Raises:
        ForgeError: an option, the model or the device is wrong, or a file cannot be written.
    """
    platforms = named_platforms(args.platform)
    _check_combination(args)
    _check_destinations(args, platforms)
    for path in args.plugins:
        load_pass_plugin(path)
    if len(platforms) > 1:
        return compile_platforms(args, platforms)
    if args.emit is not None:
        from forge.tools.emission import emit

        emit(args)
        return 0
    runnable = _compile(args)
    program = runnable.program
    assert program is not None, "what is compiled has a program"
    print_explanation(args, program.report.passes)
    write_report(args, program.report.to_json())
    check = None
    with progress(f"finishing {args.model}") as status:
        if args.output is not None:
            status.update(f"saving {args.model} …")
            program.save(args.output)
        if args.check:
            status.update(f"running {args.model} …")
            check = check_numbers(runnable, program.report.precision)
    if args.json:
        print(json.dumps(_to_json(runnable, args, check), indent=2))
    else:
        _print_report(runnable, args, check)
    return USER_ERROR if check is not None and not check.passed else 0


def _check_combination(args: Namespace) -> None:
    only_with_emit = {
        "--print-debuginfo": args.print_debuginfo,
        "--weights-output": args.weights_output,
    }
    for option, value in only_with_emit.items():
        if value and args.emit is None:
            raise ForgeError(f"{option} belongs to --emit", hint="forge compile MODEL --emit aten")
    if args.emit is not None and (args.check or args.json):
        raise ForgeError(
            "--emit writes text, and has no report", hint="leave --check and --json out"
        )
    if args.weights is not None and not is_text(args.model):
        raise ForgeError("only a program's text takes --weights; a model has its own")
    if is_text(args.model):
        refuse_model_arguments(args, "a program's text")
    if args.output is not None and args.emit is None:
        check_can_be_made(Path(args.output))
    elif args.output not in (None, "-"):
        check_writable(Path(args.output))
    if args.report is not None:
        check_writable(Path(args.report))


def _check_destinations(args: Namespace, platforms: Sequence[str]) -> None:
    """Refuse, before long work, devices that are not there and folders that cannot be written."""
    from forge.backends.openvino.destination import find_destination
    from forge.compiler import check_compiler, check_options

    if len(platforms) > 1:
        for option in ("check", "emit", "explain", "report"):
            if getattr(args, option):
                raise ForgeError(
                    f"--{option} is about one program, and {len(platforms)} platforms are named",
                    hint=f"--platform {platforms[0]}",
                )
    destinations = [find_destination(args.device, name) for name in platforms or [None]]
    for destination in destinations:
        check_options(destination, args.precision, None)
        if args.emit is None:
            check_compiler(destination)
        if args.check and not destination.is_here:
            raise ForgeError(
                f"--check runs the program, and there is no {destination} on this machine",
                hint="leave --check out, or check the model on this machine with --device CPU",
            )
    if args.output is None or args.emit is not None:
        return
    from forge.saved_program import check_replaceable

    folders = [Path(args.output) / name for name in platforms] if len(platforms) > 1 else []
    for folder in folders or [Path(args.output)]:
        check_replaceable(folder)


def _compile(args: Namespace) -> Runnable:
    from forge.recording import observe_phases

    model = None if is_text(args.model) else load_model(args)
    with timed_progress(f"compiling {args.model}") as show, observe_phases(show):
        options: CompileOptions = {
            "device": args.device,
            "platform": args.platform,
            "precision": args.precision,
            "pipeline": args.pipeline,
            "aggressiveness": args.aggressiveness,
            "rounds": args.rounds,
            "check_numerics": args.check_numerics,
            "strategies": args.strategies,
        }
        if model is not None:
            return compiled_model(model, **options)
        module = read_program(Path(args.model))
        return compiled_text(args.model, module, weights_file(args.weights), 0, **options)


@dataclass(frozen=True)
class Check:
    """The outputs beside those of PyTorch, or of the reference semantics for text."""

    against: str
    differences: Sequence[Difference]
    passed: bool


def check_numbers(runnable: Runnable, precision: str) -> Check:
    """Run a compiled program and what it was made from, and compare.

    Raises:
        ForgeError: one of them cannot be run.
    """
    expected_run = runnable.eager or runnable.reference
    assert expected_run is not None, "a model or a text can be run by PyTorch"
    expected = expected_run(runnable.defaults)
    differences = compare(expected, runnable.run(runnable.defaults), runnable.outputs, logits=False)
    narrow = any(str(port.type.dtype) in ("f16", "bf16") for port in runnable.outputs)
    tolerance = _TOLERANCE if precision == "f32" and not narrow else _TOLERANCE_OF_16_BITS
    passed = all(d.max_abs <= tolerance * max(1.0, d.largest) for d in differences)
    return Check("PyTorch" if runnable.eager else "the reference", differences, passed)


def _print_report(runnable: Runnable, args: Namespace, check: Check | None) -> None:
    assert runnable.program is not None
    console = stdout_console()
    console.print(runnable.program.report)
    if check is not None:
        console.print(difference_table(f"compared with {check.against}", check.differences))
        console.print(
            "the numbers are the same up to rounding"
            if check.passed
            else "the numbers are WRONG: they differ by more than rounding"
        )
    if args.output is not None:
        runs = runnable.program.report.execution_devices
        console.print(f"saved to {args.output}: forge {'run' if runs else 'report'} {args.output}")


def _to_json(runnable: Runnable, args: Namespace, check: Check | None) -> dict[str, Any]:
    assert runnable.program is not None
    result: dict[str, Any] = {
        "model": runnable.name,
        "inputs": [port_to_json(port) for port in runnable.inputs],
        "outputs": [port_to_json(port) for port in runnable.outputs],
        "report": runnable.program.report.to_json(),
    }
    if check is not None:
        result["check"] = {
            "against": check.against,
            "passed": check.passed,
            "outputs": [difference.to_json() for difference in check.differences],
        }
    if args.output is not None:
        result["saved"] = args.output
    return result
