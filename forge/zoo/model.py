"""What a name in the zoo, a path or a hub id becomes: a module and inputs to run it on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forge.errors import ForgeError

if TYPE_CHECKING:
    from torch import nn
    from torch.export import ExportedProgram

    from forge.zoo.sentences import SentenceTokenizer


@dataclass(frozen=True)
class ZooModel:
    """A model that is ready to be compiled or run.

    Attributes:
        name: the name in the zoo, or what the user wrote.
        module: in evaluation mode; takes the example inputs and returns tensors, mostly one.
        example_args: positional inputs, the same at every call.
        example_kwargs: keyword inputs; only an exported program may have some.
        source: where the architecture, and the weights if there are any, come from.
        parameters: their number, tied ones counted once.
        layers: how many, where that is known.
        tokenizer: turns sentences into the module's inputs, where the zoo has one.
        exported: the program that was exported already, if it was loaded from a `.pt2` file.
    """

    name: str
    module: nn.Module
    example_args: tuple[Any, ...]
    description: str
    source: str
    parameters: int
    layers: int | None = None
    tokenizer: SentenceTokenizer | None = None
    exported: ExportedProgram | None = None
    example_kwargs: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def compilable(self) -> nn.Module | ExportedProgram:
        """What to hand to the compiler: the exported program if there is one, else the module."""
        return self.exported if self.exported is not None else self.module

    def remove_head(self) -> None:
        """Take the layer that makes logits out of the module, which then answers hidden states.

        Raises:
            ForgeError: it has no such layer, or was exported already.
        """
        from torch import nn

        model: Any = getattr(self.module, "model", None)
        if getattr(model, "get_output_embeddings", lambda: None)() is None:
            raise ForgeError(
                f"{self.name} has no head that could be left out",
                hint="a decoder of transformers has: the layer that makes logits",
            )
        model.set_output_embeddings(nn.Identity())

    def run(self) -> Any:
        """The module's answer to the example inputs, without gradients."""
        import torch

        with torch.no_grad():
            return self.module(*self.example_args, **self.example_kwargs)


def number_of_parameters(module: nn.Module) -> int:
    """The number of parameters of a module, tied ones counted once."""
    return sum(parameter.numel() for parameter in module.parameters())
