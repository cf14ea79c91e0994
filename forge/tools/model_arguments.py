"""The command line's way to name a model, and the model."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.status import Status

from forge.errors import ForgeError
from forge.tools.arguments import at_least, named_shape
from forge.tools.program_files import SUFFIXES
from forge.tools.terminal import stderr_console

if TYPE_CHECKING:
    from forge.zoo import ZooModel

MODEL_HELP = (
    "a name in the zoo (see forge models), a local Hugging Face directory, a hub id "
    "organisation/name, module.py:factory, a .pt2 file of torch.export"
)

MODEL_OPTIONS = ("layers", "tokens", "batch", "cache", "dtype")
"""The options that make another model of the same name; `shapes` is for an exported one."""


def add_model_arguments(parser: ArgumentParser) -> None:
    """Add the options that shape a model before it is exported."""
    group = parser.add_argument_group("the model")
    group.add_argument(
        "--layers", type=at_least(1), metavar="N", help="keep only the first N layers"
    )
    group.add_argument(
        "--tokens",
        type=at_least(1),
        metavar="N",
        help="length of its input, which the program is compiled for (default: 128)",
    )
    group.add_argument(
        "--batch", type=at_least(1), metavar="N", help="size of its batch (default: 1)"
    )
    group.add_argument(
        "--cache",
        type=at_least(1),
        metavar="N",
        help="compile a step of generation: keys and values of N earlier tokens are inputs, those "
        "of the new ones outputs (default: no cache; with one, --tokens is 1)",
    )
    group.add_argument(
        "--shape",
        type=named_shape,
        metavar="INPUT=1x128",
        dest="shapes",
        action="append",
        help="shape of an input, for a .pt2 file that was exported for several (default: those it "
        "was exported with); may be given several times",
    )
    group.add_argument(
        "--dtype",
        choices=("float32", "bfloat16", "float16"),
        help="element type of its weights (default: float32)",
    )


def add_device_arguments(parser: ArgumentParser) -> None:
    """Add the options about where the program runs."""
    group = parser.add_argument_group("the device")
    group.add_argument(
        "--device",
        help="CPU, GPU, NPU, AUTO, HETERO:GPU,CPU, … as OpenVINO calls them; host for kernels of "
        "PyTorch, without OpenVINO (default for models: the NPU if there is one, else the CPU)",
    )
    group.add_argument(
        "--precision",
        help="f32 computes as PyTorch does; f16 and bf16 allow the device that precision; auto "
        "leaves the choice to it (default: f32; the NPU has f16)",
    )


def refuse_model_arguments(args: Namespace, what: str) -> None:
    """Refuse the options of `add_model_arguments` for what is no model any more.

    Raises:
        ForgeError: there are some.
    """
    options = {name: name for name in MODEL_OPTIONS}
    for name, option in {**options, "shapes": "shape"}.items():
        if getattr(args, name) is not None:
            raise ForgeError(
                f"{what} has its shapes already and cannot take --{option}",
                hint="these options are for a model before it is exported",
            )


def load_model(args: Namespace) -> ZooModel:
    """The model that a command line names, while a spinner turns on stderr.

    Raises:
        ForgeError: there is none of that name, it cannot be loaded, or an option does not apply.
    """
    with progress(f"loading {args.model}"):
        import torch

        from forge.zoo import resolve

        return resolve(
            args.model,
            layers=args.layers,
            tokens=args.tokens,
            batch=args.batch,
            cache=args.cache,
            dtype=getattr(torch, args.dtype) if args.dtype is not None else None,
            shapes=dict(args.shapes) if args.shapes else None,
        )


def progress(what: str) -> AbstractContextManager[Status]:
    """Show on a terminal that something goes on; `status.update(…)` says what."""
    return stderr_console().status(f"{what} …")


def is_text(spec: str) -> bool:
    """Whether what the user names is a program's text, or its bytecode."""
    return Path(spec).suffix in SUFFIXES


def is_saved_program(spec: str) -> bool:
    """Whether what the user names is a directory that `forge compile -o` wrote."""
    from forge.saved_program import MANIFEST

    return (Path(spec) / MANIFEST).is_file()
