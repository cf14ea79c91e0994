"""Running an allocated program as its text says: every register at its bytes of one arena."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor
from xdsl.dialects.func import ReturnOp
from xdsl.ir import Block, Operation, SSAValue

from forge.dialects import reg
from forge.dialects.reg.memory import Layout, overwritable, view_layouts, viewed
from forge.interpreters import Values
from forge.interpreters.registry import meaning_of
from forge.ir.torch_types import torch_dtype
from forge.weights import WeightStore

ARENA_BYTES = 1 << 16
_GARBAGE = 255


def run_in_arena(block: Block, weights: WeightStore, inputs: Sequence[Tensor]) -> list[Tensor]:
    """What a program returns whose registers are where their types say.

    Kernels are as careless as they may be: one that is elementwise writes each element as soon as
    it has read those in its place, and any other destroys its results' bytes before it reads.
    """
    return _Arena(block, weights, inputs).run()


class _Arena:
    def __init__(self, block: Block, weights: WeightStore, inputs: Sequence[Tensor]) -> None:
        self._block = block
        self._bytes = torch.zeros(ARENA_BYTES, dtype=torch.uint8)
        self._values = Values(weights, dict(zip(block.args, inputs, strict=True)))
        self._layouts: dict[SSAValue, Layout] = {}

    def run(self) -> list[Tensor]:
        for op in self._block.ops:
            if not isinstance(op, ReturnOp):
                self._step(op)
        last = self._block.last_op
        assert isinstance(last, ReturnOp)
        # What the caller got must not change when the program runs again.
        self._bytes.fill_(_GARBAGE)
        return [self._values[value] for value in last.operands]

    def _step(self, op: Operation) -> None:
        operand = viewed(op)
        if operand is not None and (layout := self._layouts.get(operand)) is not None:
            layouts = view_layouts(op, layout)
            if layouts is not None:
                for result, layout in zip(op.results, layouts, strict=True):
                    self._values.tensors[result] = self._place(result, layout)
                return
        places = [self._dense(result) for result in op.results]
        if overwritable(op) and places[0] is not None:
            self._elementwise(op, places[0])
            return
        for result in op.results:
            type = cast(reg.RegisterType, result.type)
            if type.offset is not None:
                self._bytes[type.offset :][: type.num_bytes].fill_(_GARBAGE)
        self._compute(op, places)

    def _compute(self, op: Operation, places: Sequence[Tensor | None]) -> None:
        computed = meaning_of(op)(op, self._values)
        results = [computed] if isinstance(computed, Tensor) else computed
        for result, place, tensor in zip(op.results, places, results, strict=True):
            self._values.tensors[result] = tensor if place is None else place.copy_(tensor)

    def _elementwise(self, op: Operation, place: Tensor) -> None:
        tensors = {value: self._values[value] for value in op.operands}
        spread = {value: x.expand(place.shape) for value, x in tensors.items()}
        # In an order that no other kernel has: it must not matter.
        for index in reversed(torch.ones(place.shape).nonzero().tolist()):
            at = tuple(index)
            self._values.tensors |= {value: x[at].clone() for value, x in spread.items()}
            place[at] = cast(Tensor, meaning_of(op)(op, self._values))
        self._values.tensors |= {**tensors, op.results[0]: place}

    def _dense(self, value: SSAValue) -> Tensor | None:
        type = cast(reg.RegisterType, value.type)
        return None if type.offset is None else self._place(value, Layout.dense(type.shape))

    def _place(self, value: SSAValue, layout: Layout) -> Tensor:
        type = cast(reg.RegisterType, value.type)
        assert type.offset is not None
        self._layouts[value] = layout
        elements = self._bytes[type.offset :]
        elements = elements[: elements.numel() // 16 * 16].view(torch_dtype(type.dtype))
        return elements.as_strided(
            layout.shape, layout.strides, elements.storage_offset() + layout.start
        )
