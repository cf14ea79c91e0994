"""Loading a program that torch.export saved."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind

from forge.errors import ForgeError
from forge.zoo.model import ZooModel, number_of_parameters

# What reading an archive with a bad record, JSON, pickle or zip entry raises.
_DAMAGE = (
    RuntimeError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    EOFError,
    zipfile.BadZipFile,
    pickle.UnpicklingError,
)

_HOW_TO_SAVE = "write it with torch.export.save(torch.export.export(model, args), path)"


def load_exported_file(path: Path) -> ZooModel:
    """The program in a `.pt2` file, with the inputs it was exported with.

    Raises:
        ForgeError: there is no such file, or it holds no exported program, or is damaged.
    """
    _check_archive(path)
    try:
        program = torch.export.load(path)
    except _DAMAGE as error:
        raise ForgeError(
            f"{path} is a damaged exported program: {_first_line(error)}", hint=_HOW_TO_SAVE
        ) from error
    module = program.module()
    args, kwargs = program.example_inputs or (_random_inputs(path, program), {})
    return ZooModel(
        name=path.stem,
        module=module,
        example_args=args,
        example_kwargs=kwargs,
        description="a program exported by torch.export",
        source=str(path),
        parameters=number_of_parameters(module),
        exported=program,
    )


def _check_archive(path: Path) -> None:
    """What can be told without torch, which logs a traceback before it raises."""
    if not path.is_file():
        raise ForgeError(f"there is no file {path}", hint=_HOW_TO_SAVE)
    if path.stat().st_size == 0:
        raise ForgeError(f"{path} is empty", hint=_HOW_TO_SAVE)
    if not zipfile.is_zipfile(path):
        raise ForgeError(
            f"{path} is damaged or cut short: it is not the archive that a .pt2 file is",
            hint=_HOW_TO_SAVE,
        )
    with zipfile.ZipFile(path) as archive:
        members = archive.namelist()
    if not any(member.endswith("archive_format") for member in members):
        raise ForgeError(f"{path} is an archive without an exported program", hint=_HOW_TO_SAVE)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__


def _random_inputs(path: Path, program: ExportedProgram) -> tuple[Any, ...]:
    """Inputs of the right shapes, for a program that was saved without its own."""
    wanted = {
        spec.arg.name
        for spec in program.graph_signature.input_specs
        if spec.kind is InputKind.USER_INPUT
    }
    placeholders = program.graph.find_nodes(op="placeholder")
    values = [node.meta["val"] for node in placeholders if node.name in wanted]
    generator = Generator().manual_seed(0)
    return tuple(_random_like(path, value, generator) for value in values)


def _random_like(path: Path, value: Any, generator: Generator) -> Tensor:
    sizes: list[Any] = list(value.shape) if isinstance(value, Tensor) else [None]
    if not all(isinstance(size, int) for size in sizes):
        raise ForgeError(
            f"{path} was saved without example inputs, and takes one of no fixed shape",
            hint="export it with example inputs of fixed sizes",
        )
    if value.dtype.is_floating_point:
        return torch.randn(value.shape, generator=generator).to(value.dtype)
    return torch.ones(value.shape, dtype=value.dtype)  # a mask that hides nothing, or a token id
