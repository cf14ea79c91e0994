"""What kernels make of known tensors, once for a program: weights in oneDNN's own layout, masks."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

import torch


@dataclass
class PackedWeights:
    """The packed weights of one program; several threads may ask for them at once.

    Kernels of one program also share here what else they derive from what is known.

    Attributes:
        count: how many weights are packed.
        nbytes: what the packed ones occupy, in bytes; the originals are still there.
        seconds: how long packing them took.
        reasons: why large known weights were left to PyTorch.
    """

    count: int = 0
    nbytes: int = 0
    seconds: float = 0.0
    reasons: set[str] = field(default_factory=set[str])
    _weights: dict[Hashable, PackedWeight] = field(
        default_factory=dict[Hashable, "PackedWeight"], repr=False
    )
    _derived: dict[Hashable, tuple[torch.Tensor | None, object]] = field(
        default_factory=dict[Hashable, "tuple[torch.Tensor | None, object]"], repr=False
    )
    _lock: Lock = field(default_factory=Lock, repr=False)

    def accepts(self, dtype: torch.dtype) -> bool:
        """Whether oneDNN computes with weights of this type here; otherwise `reasons` says why."""
        if not torch.backends.mkldnn.is_available() or not torch.backends.mkldnn.enabled:
            self.reasons.add("PyTorch has no oneDNN")
            return False
        if not _has_type(dtype):
            self.reasons.add(f"oneDNN has no {dtype} on this processor")
            return False
        return True

    def request(self, weight: torch.Tensor) -> PackedWeight:
        """A weight that is going to be packed; the same object for the same memory.

        Args:
            weight: `[out, in]`, of any strides. It must not change any more.
        """
        return self._weights.setdefault(_identity(weight), PackedWeight(self, weight))

    def derived(
        self,
        how: Hashable,
        derive: Callable[[], torch.Tensor | None],
        *sources: torch.Tensor | None,
    ) -> torch.Tensor | None:
        """What instructions derive from known tensors in the same way: one object.

        Args:
            how: says together with the sources all that the result depends on.
            derive: computes it.
            sources: the tensors, which must not change any more.
        """
        key = (how, *(None if source is None else _identity(source) for source in sources))
        if key not in self._derived:
            # With its sources, whose memory must not become another tensor's.
            self._derived[key] = derive(), sources
        return self._derived[key][0]

    def prepare(self) -> None:
        """Pack now what has been requested, and not at the first run."""
        with torch.no_grad():
            for weight in self._weights.values():
                weight.get()

    def pack(self, weight: PackedWeight) -> torch.Tensor:
        """Pack a weight, unless another thread has done it meanwhile."""
        with self._lock:
            if weight.packed is not None:
                return weight.packed
            start = perf_counter()
            packed: torch.Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.original)
            self.seconds += perf_counter() - start
            self.count += 1
            self.nbytes += weight.original.numel() * weight.original.element_size()
            weight.packed = packed
            return packed


@dataclass
class PackedWeight:
    """A weight as oneDNN wants it, once it has been asked for."""

    owner: PackedWeights = field(repr=False)
    original: torch.Tensor
    packed: torch.Tensor | None = None

    def get(self) -> torch.Tensor:
        """The packed weight; the first call packs it."""
        return self.owner.pack(self) if self.packed is None else self.packed


def _identity(tensor: torch.Tensor) -> Hashable:
    return tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor.stride()


def _has_type(dtype: torch.dtype) -> bool:
    match dtype:
        case torch.float32:
            return True
        case torch.bfloat16:
            return torch.ops.mkldnn._is_mkldnn_bf16_supported()
        case torch.float16:
            return torch.ops.mkldnn._is_mkldnn_fp16_supported()
        case _:
            return False
