"""The weights of a PyTorch module, in place."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from forge.errors import ForgeError
from forge.ir.tensors import Shaped
from forge.weights.store import WeightStore

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray


class ModuleWeights(WeightStore):
    """Parameters, buffers and constants of a module, over the module's own memory.

    Tensors are tied when they cover the same elements in the same way (storage, offset, strides,
    shape, dtype), whatever objects or names they go by. The first name is the canonical one.
    """

    def __init__(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Hold `tensors`, by fully qualified name."""
        self._tensors: dict[str, torch.Tensor] = {}
        self._aliases: dict[str, str] = {}
        self._types: dict[str, Shaped] = {}
        first_names: dict[Hashable, str] = {}
        for name, tensor in tensors.items():
            canonical = first_names.setdefault(_identity(tensor), name)
            if canonical == name:
                self._tensors[name] = tensor
            else:
                self._aliases[name] = canonical

    @classmethod
    def of(cls, module: torch.nn.Module) -> ModuleWeights:
        """The parameters and buffers of a module."""
        # Without duplicates removed: each further name becomes an alias.
        parameters = module.named_parameters(remove_duplicate=False)
        buffers = module.named_buffers(remove_duplicate=False)
        return cls({**dict(parameters), **dict(buffers)})

    def names(self) -> Sequence[str]:
        return self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self._tensors)

    @property
    def aliases(self) -> Mapping[str, str]:
        return self._aliases

    def _contains(self, name: str) -> bool:
        return name in self._tensors

    def _shaped(self, name: str) -> Shaped:
        from forge.ir.torch_types import element_type

        if (known := self._types.get(name)) is not None:
            return known
        tensor = self._tensors[name]
        type = Shaped(tuple(tensor.shape), element_type(tensor.dtype, f"weight {name!r}"))
        self._types[name] = type
        return type

    def _array(self, name: str) -> NDArray[Any]:
        import torch

        tensor = self.tensor(name)
        if tensor.dtype == torch.bfloat16:
            # numpy has none: its bits travel as 16-bit words.
            tensor = tensor.view(torch.uint16)
        return tensor.numpy()

    def tensor(self, name: str) -> torch.Tensor:
        import torch
        from torch._subclasses.fake_tensor import FakeTensor

        tensor = self._tensors[self.canonical(name)].detach()
        if isinstance(tensor, FakeTensor) or tensor.is_meta:
            raise ForgeError(
                f"weight {name!r} has a shape but no values",
                hint="build the model outside of FakeTensorMode and of the meta device to run it",
            )
        if tensor.layout != torch.strided or tensor.is_quantized:
            layout = "quantized" if tensor.is_quantized else str(tensor.layout)
            raise ForgeError(f"weight {name!r} is a {layout} tensor; only dense ones are supported")
        # The one copy there can be: from another device, or of a lazily conjugated tensor.
        return tensor.cpu().resolve_conj().resolve_neg()


def _identity(tensor: torch.Tensor) -> Hashable:
    """A key that two tensors share exactly if they cover the same elements in the same way."""
    import torch
    from torch._subclasses.fake_tensor import FakeTensor

    if tensor.layout != torch.strided or tensor.numel() == 0:
        return id(tensor)
    storage = tensor.untyped_storage()
    # A fake tensor's memory has no address, but still an identity.
    pointer = None if isinstance(tensor, FakeTensor) or tensor.is_meta else storage.data_ptr()
    key = pointer or ("storage", storage._cdata)  # pyright: ignore[reportPrivateUsage]
    return key, tensor.storage_offset(), tensor.stride(), tensor.shape, tensor.dtype
