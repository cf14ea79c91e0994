"""Chains of whatever moves elements: shorter, and the same numbers."""

import random
from collections.abc import Callable

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue

from forge.dialects import aten
from forge.interpreters import random_inputs, run
from forge.ir.schema_op import SchemaOp
from forge.ir.shape_functions import ShapeError
from forge.ir.tensors import bf16, f32, f64, shaped, tensor_type
from forge.ir.text import print_module
from forge.weights import RandomWeights
from tests.passes.checking import apply

PASS = "optimize-layout"
MAX_RANK = 5


def factors(extent: int) -> list[int]:
    found: list[int] = []
    for prime in (2, 3):
        while extent and extent % prime == 0:
            found.append(prime)
            extent //= prime
    return found


def random_shape(shape: tuple[int, ...], rng: random.Random) -> list[int]:
    """Another shape for as many elements; often one that keeps dimensions together."""
    if 0 in shape:
        return [0, rng.choice([1, 2])]
    rest = [factor for extent in shape for factor in factors(extent)]
    if rng.random() < 0.2:
        rng.shuffle(rest)
    new: list[int] = []
    for factor in rest:
        if new and rng.random() < 0.5:
            new[-1] *= factor
        else:
            new.append(factor)
    if rng.random() < 0.4:
        new.insert(rng.randint(0, len(new)), 1)
    return new


class Drawing:
    """A program of random operations on two inputs and a vector."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        shape = tuple(rng.choice([1, 2, 3, 4, 6]) for _ in range(rng.randint(1, 4)))
        types = [tensor_type(shape, f32), tensor_type(shape, f32), tensor_type(shape[-1:], f32)]
        self.function = FuncOp("main", (types, []))
        self.values: list[SSAValue] = list(self.function.body.block.args)
        for _ in range(rng.randint(1, 10)):
            self._draw()

    def module(self) -> ModuleOp:
        # No operation may have been admitted.
        drawn = self.values[3:]
        others = self.rng.sample(drawn, self.rng.randint(0, min(1, len(drawn))))
        results = [self.values[-1], *others]
        self.function.body.block.add_op(ReturnOp(*results))
        self.function.update_function_type()
        return ModuleOp([self.function])

    def _draw(self) -> None:
        # Mostly the newest value, so that there are chains.
        x = self.values[-1] if self.rng.random() < 0.7 else self.rng.choice(self.values)
        makers: list[Callable[[SSAValue], Operation]] = [
            self._permuted,
            self._transposed,
            self._reshaped,
            self._unsqueezed,
            self._squeezed,
            self._computed,
            self._combined,
            self._converted,
            self._expanded,
            self._taken_apart,
            self._put_together,
        ]
        make = self.rng.choice(makers)
        if self._add(make, x) and self.rng.random() < 0.3:
            # The same to a value of the same type, or to the other parts: they can be moved as one.
            alike = [y for y in self.values if y.type == x.type and y is not x]
            state = self.rng.getstate()
            for y in alike[-2:]:
                self.rng.setstate(state)
                self._add(make, y)
            self._add(self._combined, self.values[-1])

    def _add(self, make: Callable[[SSAValue], Operation], x: SSAValue) -> bool:
        try:
            op = make(x)
        except ShapeError:
            return False
        if any(shaped(result.type).rank > MAX_RANK for result in op.results):
            return False
        self.function.body.block.add_op(op)
        self.values += op.results
        return True

    def _dim(self, x: SSAValue) -> int:
        rank = max(1, shaped(x.type).rank)
        return self.rng.randrange(-rank, rank)

    def _permuted(self, x: SSAValue) -> SchemaOp:
        dims = list(range(shaped(x.type).rank))
        self.rng.shuffle(dims)
        return aten.PermuteOp(x, dims)

    def _transposed(self, x: SSAValue) -> SchemaOp:
        if self.rng.random() < 0.2:
            return self.rng.choice([aten.TOp, aten.MTOp, aten.NumpyTOp])(x)
        return aten.TransposeIntOp(x, self._dim(x), self._dim(x))

    def _reshaped(self, x: SSAValue) -> SchemaOp:
        return aten.ReshapeOp(x, random_shape(shaped(x.type).shape, self.rng))

    def _unsqueezed(self, x: SSAValue) -> SchemaOp:
        return aten.UnsqueezeOp(x, self._dim(x))

    def _squeezed(self, x: SSAValue) -> SchemaOp:
        return aten.SqueezeDimOp(x, self._dim(x))

    def _computed(self, x: SSAValue) -> SchemaOp:
        if self.rng.random() < 0.3:
            return aten.MulScalarOp(x, 2.0)
        return self.rng.choice([aten.NegOp, aten.TanhOp, aten.CloneOp])(x)

    def _combined(self, x: SSAValue) -> SchemaOp:
        alike = [y for y in self.values if shaped(y.type).shape == shaped(x.type).shape]
        y = self.rng.choice(alike if self.rng.random() < 0.6 else self.values)
        pair = [x, y]
        self.rng.shuffle(pair)
        return self.rng.choice([aten.AddTensorOp, aten.MulTensorOp, aten.SubTensorOp])(*pair)

    def _converted(self, x: SSAValue) -> SchemaOp:
        return aten.ToDtypeOp(x, self.rng.choice([f32, f32, f64, f64, bf16]))

    def _expanded(self, x: SSAValue) -> SchemaOp:
        shape = [self.rng.choice([2, 3]) if n == 1 else n for n in shaped(x.type).shape]
        return aten.ExpandOp(x, shape)

    def _taken_apart(self, x: SSAValue) -> SchemaOp:
        if self.rng.random() < 0.3:
            start = self.rng.choice([None, 2])
            return aten.SliceTensorOp(x, self._dim(x), start, None if start else 2)
        return aten.ChunkOp(x, 2, self._dim(x))

    def _put_together(self, x: SSAValue) -> SchemaOp:
        parts = list(x.owner.results) if isinstance(x.owner, Operation) else [x]
        if len(parts) == 1:
            parts += [y for y in self.values if y.type == x.type][:1]
        return aten.CatOp(parts, self._dim(x))


def ops_of(module: ModuleOp) -> int:
    return sum(1 for _ in module.walk())


@settings(deadline=None, max_examples=400, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_a_random_program_moves_less_and_computes_the_same(rng: random.Random) -> None:
    module = Drawing(rng).module()
    module.verify()
    apply(module, "eliminate-dead-code")
    weights, inputs = RandomWeights(module), random_inputs(module)
    before, expected = ops_of(module), run(module, weights, inputs)
    apply(module, PASS)
    assert ops_of(module) <= before
    for result, wanted in zip(run(module, weights, inputs), expected, strict=True):
        assert torch.equal(result, wanted)
    once = print_module(module)
    apply(module, PASS)
    assert print_module(module) == once
