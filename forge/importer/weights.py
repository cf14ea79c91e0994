"""The tensors that come with an exported program: their names, and the store that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch._subclasses.fake_tensor import FakeTensor
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind, TensorArgument
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr

from forge.ir.attributes import dense
from forge.ir.tensors import is_complex
from forge.weights import ModuleWeights

MAX_INLINE_ELEMENTS = 16
"""The size up to which a constant of the model's code stands in the text."""

_WEIGHT_KINDS = (InputKind.PARAMETER, InputKind.BUFFER, InputKind.CONSTANT_TENSOR)


@dataclass(frozen=True)
class ProgramWeights:
    """What an exported program's placeholders stand for, apart from the user's inputs.

    Attributes:
        store: parameters, buffers and constants; tied ones once.
        names: the canonical name by placeholder.
        constants: the value by placeholder, of small constants that the model's code makes.
    """

    store: ModuleWeights
    names: dict[str, str]
    constants: dict[str, DenseIntOrFPElementsAttr]


def program_weights(program: ExportedProgram) -> ProgramWeights:
    """Find the tensors of an exported program."""
    tensors: dict[str, torch.Tensor] = {}
    names: dict[str, str] = {}
    lifted: set[str] = set()
    for spec in program.graph_signature.input_specs:
        if spec.kind not in _WEIGHT_KINDS or not isinstance(spec.arg, TensorArgument):
            continue
        name = cast(str, spec.target)
        # Buffers that a state dict leaves out (`persistent=False`) are among the constants.
        stored = program.state_dict.get(name)
        tensor = stored if stored is not None else program.constants[name]
        tensors[name] = cast(torch.Tensor, tensor)
        names[spec.arg.name] = name
        if spec.kind is InputKind.CONSTANT_TENSOR:
            lifted.add(spec.arg.name)
    store = ModuleWeights(tensors)
    names = {placeholder: store.canonical(name) for placeholder, name in names.items()}
    constants = {
        placeholder: dense(store.array(name), store.shaped(name).dtype)
        for placeholder, name in names.items()
        if placeholder in lifted and _is_small(store, name, tensors[name])
    }
    return ProgramWeights(store, names, constants)


def _is_small(store: ModuleWeights, name: str, tensor: torch.Tensor) -> bool:
    if isinstance(tensor, FakeTensor) or tensor.is_meta:
        return False
    # xDSL's dense<…> has no complex elements.
    return tensor.numel() <= MAX_INLINE_ELEMENTS and not is_complex(store.shaped(name).dtype)
