"""What every weight store does, and the check of a program against one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Attribute, Operation

from forge.errors import ForgeError
from forge.ir.tensors import Shaped, shaped

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray

WEIGHT_OPS = ("forge.weight", "reg.weight")
"""The operations that name a weight, in their property `weight_name`."""

_NO_ALIASES: Mapping[str, str] = MappingProxyType({})


class WeightStore(ABC):
    """Tensors by name, handed out without a copy.

    A tensor that a model knows under several names is stored once, under its canonical one (the
    first); every method takes any of its names.
    """

    @abstractmethod
    def names(self) -> Sequence[str]:
        """The canonical name of each tensor, in the model's order."""

    @property
    def aliases(self) -> Mapping[str, str]:
        """The further names of tied tensors, each with the canonical name of its tensor."""
        return _NO_ALIASES

    @abstractmethod
    def _shaped(self, name: str) -> Shaped: ...

    @abstractmethod
    def _array(self, name: str) -> NDArray[Any]: ...

    @abstractmethod
    def _contains(self, name: str) -> bool: ...

    def __contains__(self, name: str) -> bool:
        return self._contains(self.aliases.get(name, name))

    def canonical(self, name: str) -> str:
        """The name that the tensor called `name` is stored under.

        Raises:
            ForgeError: there is no such tensor; the message lists names that are close.
        """
        canonical = self.aliases.get(name, name)
        if self._contains(canonical):
            return canonical
        raise ForgeError(f"there is no weight {name!r}", hint=self._suggestion(name))

    def shaped(self, name: str) -> Shaped:
        """The shape and element type of a tensor.

        Raises:
            ForgeError: there is no such tensor, or its element type is none that Forge knows.
        """
        return self._shaped(self.canonical(name))

    def array(self, name: str) -> NDArray[Any]:
        """A tensor as a numpy array over the same memory; bf16 as its bits, in uint16.

        Raises:
            ForgeError: there is no such tensor, or it has no values.
        """
        return self._array(self.canonical(name))

    def tensor(self, name: str) -> torch.Tensor:
        """A tensor as a torch tensor over the same memory.

        Raises:
            ForgeError: there is no such tensor, or it has no values.
        """
        import torch

        from forge.ir.torch_types import torch_dtype

        name = self.canonical(name)
        array = torch.from_numpy(self._array(name))  # pyright: ignore[reportUnknownMemberType]
        return array.view(torch_dtype(self._shaped(name).dtype))

    def require(self, name: str, expected: Shaped, op: Operation | None = None) -> None:
        """Check that a tensor is there and is what a program takes it for.

        Args:
            name: any of its names.
            expected: the shape and element type in the program.
            op: the operation that names it, for the message.

        Raises:
            ForgeError: it is missing, or has another shape or element type.
        """
        if name not in self:
            message = f"the program uses weight {name!r}, which the weight store does not have"
            raise ForgeError(message, op=op, hint=self._suggestion(name))
        if (actual := self.shaped(name)) != expected:
            message = f"weight {name!r} is {actual}, but the program takes it for {expected}"
            raise ForgeError(message, op=op, hint="these weights belong to another program")

    def _suggestion(self, name: str) -> str:
        known = [*self.names(), *self.aliases]
        if not known:
            return "the weight store is empty"
        # A name's tail says more than its head: wrappers put prefixes in front of it.
        same_tail = [o for o in known if o.endswith("." + name) or name.endswith("." + o)]
        close = dict.fromkeys(get_close_matches(name, known, n=3, cutoff=0.75) + same_tail[:3])
        if not close:
            return f"the weight store has {len(known)} names, such as {known[0]!r}"
        return f"did you mean {' or '.join(map(repr, close))}?"


def weight_uses(program: Operation) -> Iterator[tuple[Operation, str, Shaped]]:
    """Every operation in `program` that names a weight, with the name, shape and element type."""
    for op in program.walk():
        if op.name not in WEIGHT_OPS:
            continue
        name = cast(StringAttr, op.properties["weight_name"]).data
        type = op.results[0].type
        # A register's type wraps the tensor's.
        wrapped = getattr(type, "tensor", type)
        yield op, name, shaped(cast(Attribute, wrapped))


def check_weights(program: Operation, weights: WeightStore) -> None:
    """Check that `weights` has every weight of `program`, in the shape and type it expects.

    Raises:
        ForgeError: for the first one that is missing or different.
    """
    for op, name, expected in weight_uses(program):
        weights.require(name, expected, op)
