"""What a user hands to `forge.compile`: a model, an exported program, or Forge's own text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from xdsl.dialects.builtin import ModuleOp

from forge.errors import ForgeError
from forge.files import read_bytes, read_text
from forge.ir.text import parse_module
from forge.recording import Recorder
from forge.structure import CallStructure, Structure
from forge.weights import ModuleWeights, SafetensorsWeights, WeightStore

if TYPE_CHECKING:
    import torch
    from torch.export import ExportedProgram

    Model = torch.nn.Module | ExportedProgram | ModuleOp | str | Path
    Weights = WeightStore | torch.nn.Module | Mapping[str, torch.Tensor] | str | Path | None


@dataclass(frozen=True)
class LoadedProgram:
    """A program before its passes.

    Attributes:
        module: the program; nobody else holds it.
        weights: the tensors that it names.
        call: how a call's arguments become its tensors; `None` for text, which does not say.
        result: how its tensors become the model's output; `None` for text.
        unflatten: the same, in the model's own classes.
    """

    module: ModuleOp
    weights: WeightStore
    call: CallStructure | None = None
    result: Structure | None = None
    unflatten: Callable[[Sequence[Any]], Any] | None = None


def load_source(
    model: Model,
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None,
    weights: Weights,
    recorder: Recorder,
) -> LoadedProgram:
    """Bring what a user has to Forge's level `aten`, or to the level that its text is at.

    Raises:
        ForgeError: it is nothing that can be compiled, or cannot be read.
    """
    if isinstance(model, ModuleOp):
        with recorder.phase("clone"):
            return LoadedProgram(model.clone(), weight_store(weights))
    if isinstance(model, str | Path):
        return _load_file(Path(model), args, kwargs, weights, recorder)
    if weights is not None:
        raise ForgeError("only Forge programs take weights; a PyTorch model has its own")
    if _is_module(model):
        from forge.importer import capture

        _check_arguments(args)
        with recorder.phase("capture"):
            exported = capture(model, args, kwargs)
        return _import(exported, args, kwargs, recorder)
    if _is_exported_program(model):
        _check_arguments(args)
        return _import(model, args, kwargs, recorder)
    raise ForgeError(
        f"cannot compile a value of type {type(model).__name__}",
        hint="give a torch.nn.Module, an exported program, a Forge module, or a .pt2, .mlir or "
        ".forge file",
    )


def weight_store(weights: Weights) -> WeightStore:
    """The store that a user's weights are, or are put in.

    Raises:
        ForgeError: they are nothing that holds weights, or a file that cannot be read.
    """
    if weights is None:
        return ModuleWeights({})
    if isinstance(weights, WeightStore):
        return weights
    if isinstance(weights, str | Path):
        return SafetensorsWeights(weights)
    if _is_module(weights):
        return ModuleWeights.of(weights)
    if isinstance(weights, Mapping):
        return ModuleWeights(weights)
    raise ForgeError(
        f"a value of type {type(weights).__name__} holds no weights",
        hint="give a weight store, a module, tensors by name, or a safetensors file",
    )


def _import(
    exported: ExportedProgram,
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None,
    recorder: Recorder,
) -> LoadedProgram:
    from forge.importer import import_program

    with recorder.phase("import"):
        imported = import_program(exported, args, kwargs)
    return LoadedProgram(
        imported.module, imported.weights, imported.inputs, imported.outputs, imported.unflatten
    )


def _load_file(
    path: Path,
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None,
    weights: Weights,
    recorder: Recorder,
) -> LoadedProgram:
    if path.suffix == ".pt2":
        if weights is not None:
            raise ForgeError("only Forge programs take weights; a .pt2 file has its own")
        from forge.zoo.exported_file import load_exported_file

        with recorder.phase("read"):
            exported = load_exported_file(path).exported
        assert exported is not None
        return _import(exported, args, kwargs, recorder)
    if path.suffix == ".forge":
        from forge.backends.vm.bytecode import disassemble

        with recorder.phase("read"):
            return LoadedProgram(disassemble(read_bytes(path), str(path)), weight_store(weights))
    if path.suffix != ".mlir":
        raise ForgeError(
            f"cannot compile {path}",
            hint="a .pt2 file holds an exported program, .mlir a Forge one, .forge its bytecode",
        )
    text = read_text(path)
    with recorder.phase("parse"):
        return LoadedProgram(parse_module(text, str(path)), weight_store(weights))


def _check_arguments(args: object) -> None:
    if not isinstance(args, tuple | list):
        raise ForgeError(
            f"the example arguments are a {type(args).__name__}, not a tuple",
            hint="forge.compile(model, (input,))",
        )


def _is_module(value: object) -> TypeGuard[torch.nn.Module]:
    # Whoever has a module has imported torch.
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.nn.Module)


def _is_exported_program(value: object) -> TypeGuard[ExportedProgram]:
    export = sys.modules.get("torch.export")
    return export is not None and isinstance(value, export.ExportedProgram)
