"""Run a program and show its outputs: a model, a saved program, or a text at any level.

forge run gpt2 --layers 2 --compare eager --repeat 20     compile, compare with PyTorch, time
forge run out/minilm                                      what forge compile -o saved
forge run gpt2.mlir                                       text, by its reference semantics
forge run gpt2.mlir --device host --compare reference     text, compiled for kernels of PyTorch
forge run minilm --text "A cat." "A kitten." "Taxes."     similarities of sentences
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from forge.errors import ForgeError
from forge.files import check_writable
from forge.tools.arguments import at_least
from forge.tools.comparison import Difference, compare, difference_table
from forge.tools.latency import Latency, latency_table, measure
from forge.tools.model_arguments import (
    MODEL_HELP,
    add_device_arguments,
    add_model_arguments,
    is_saved_program,
    is_text,
    load_model,
    progress,
    refuse_model_arguments,
)
from forge.tools.program_files import read_program
from forge.tools.runnable import (
    Runnable,
    compiled_model,
    compiled_text,
    input_values,
    interpreted,
    saved,
    weights_file,
    write_outputs,
)
from forge.tools.tensor_table import tensor_table, tensor_to_json
from forge.tools.terminal import stdout_console

SUMMARY = "run a model, a saved program, or a program's text"

Array = NDArray[Any]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge run`."""
    parser.add_argument(
        "model",
        metavar="WHAT",
        help="a directory that forge compile -o wrote, a program's text (.mlir) or bytecode "
        f"(.forge), or {MODEL_HELP}",
    )
    parser.add_argument("--inputs", metavar="FILE", help=".npz file with the inputs, by name")
    parser.add_argument("--outputs", metavar="FILE", help="write the outputs to a .npz file")
    parser.add_argument(
        "--seed", type=int, default=0, help="seed of random inputs and weights (default: 0)"
    )
    parser.add_argument(
        "--compare",
        choices=("eager", "reference"),
        help="compare the outputs with PyTorch's, or with the reference semantics of the text",
    )
    parser.add_argument(
        "--repeat", type=at_least(1), metavar="N", help="run N times more, and show the latency"
    )
    parser.add_argument(
        "--text", nargs="+", metavar="SENTENCE", help="show how similar sentences are (minilm)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument(
        "-p", "--pipeline", metavar="PASSES", help="the passes to run, as forge-opt -p takes them"
    )
    parser.add_argument(
        "--weights", metavar="FILE", help="the weights of a program's text, a safetensors file"
    )
    add_model_arguments(parser)
    add_device_arguments(parser)


def run(args: Namespace) -> None:
    """Run.

    Raises:
        ForgeError: an option or a file is wrong, or the program cannot be compiled or run.
    """
    if args.text is not None:
        from forge.tools.sentences import show_similarities

        show_similarities(args)
        return
    if args.outputs is not None:
        check_writable(Path(args.outputs))
    runnable = load_runnable(args)
    inputs = input_values(runnable, args.inputs)
    with progress(f"running {args.model}"):
        outputs = runnable.run(inputs)
        differences = _compare(runnable, args.compare, inputs, outputs)
        latency = measure(lambda: runnable.run(inputs), args.repeat) if args.repeat else None
    if args.outputs is not None:
        write_outputs(args.outputs, runnable, outputs)
    if args.json:
        print(json.dumps(_to_json(runnable, outputs, args.compare, differences, latency), indent=2))
        return
    console = stdout_console()
    console.print(tensor_table("outputs", outputs, runnable.outputs))
    if differences is not None:
        console.print(difference_table(f"compared with {args.compare}", differences))
    if latency is not None:
        console.print(latency_table(latency))


def load_runnable(args: Namespace) -> Runnable:
    """What the command line names, compiled where it is not interpreted.

    Raises:
        ForgeError: it cannot be loaded or compiled, or an option does not apply to it.
    """
    if args.weights is not None and not is_text(args.model):
        raise ForgeError("only a program's text takes --weights; a model has its own")
    if is_text(args.model):
        return _load_text(args)
    if is_saved_program(args.model):
        refuse_model_arguments(args, "a saved program")
        if args.pipeline is not None:
            raise ForgeError("a saved program has been compiled already, and takes no --pipeline")
        return saved(Path(args.model), args.device, args.seed)
    _check_device(args.device)
    model = load_model(args)
    with progress(f"compiling {args.model}"):
        return compiled_model(
            model, device=args.device, precision=args.precision, pipeline=args.pipeline
        )


def _check_device(device: str | None) -> None:
    """Refuse, before long work, an NPU that a program could be compiled for but not run on."""
    from forge.backends.openvino.destination import find_destination

    destination = find_destination(device)
    if not destination.is_here:
        raise ForgeError(
            f"there is no {destination} on this machine to run it on",
            hint=f"forge compile MODEL --platform {destination} -o DIR compiles it for another",
        )


def _load_text(args: Namespace) -> Runnable:
    refuse_model_arguments(args, "a program's text")
    if args.device is None and args.pipeline is not None:
        raise ForgeError(
            "--pipeline is for compiling",
            hint="add --device host, or run forge-opt -p PASSES --run",
        )
    module, weights = read_program(Path(args.model)), weights_file(args.weights)
    if args.device is None:
        return interpreted(args.model, module, weights, args.seed)
    _check_device(args.device)
    with progress(f"compiling {args.model}"):
        return compiled_text(
            args.model,
            module,
            weights,
            args.seed,
            device=args.device,
            precision=args.precision,
            pipeline=args.pipeline,
        )


def _compare(
    runnable: Runnable, against: str | None, inputs: Sequence[Array], outputs: Sequence[Array]
) -> list[Difference] | None:
    if against is None:
        return None
    expected_run = runnable.eager if against == "eager" else runnable.reference
    if expected_run is None:
        raise ForgeError(
            f"{runnable.name} cannot be compared with {against}",
            hint="a model can be compared with eager, a compiled text with reference",
        )
    return compare(expected_run(inputs), outputs, runnable.outputs, logits=False)


def _to_json(
    runnable: Runnable,
    outputs: Sequence[Array],
    against: str | None,
    differences: Sequence[Difference] | None,
    latency: Latency | None,
) -> dict[str, Any]:
    pairs = zip(outputs, runnable.outputs, strict=True)
    result: dict[str, Any] = {
        "program": runnable.name,
        "outputs": [tensor_to_json(array, port) for array, port in pairs],
    }
    if differences is not None:
        result["compare"] = {"against": against, "outputs": [d.to_json() for d in differences]}
    if latency is not None:
        result["latency"] = latency.to_json()
    return result
