"""The values that a program has before it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
from xdsl.ir import Block, Operation, SSAValue

from forge.analysis.load_time import load_time_ops
from forge.backends.load_time.rules import find_rule, nbytes
from forge.backends.memory import Array
from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.tensors import bit_width, is_float, numpy_dtype
from forge.weights import WeightStore

MAX_GROWTH = 16 << 20
"""How many bytes an instruction's results may take more than its operands."""

MAX_WIDENING = 1 << 20
"""The same for floats that are widened and kept so: a wider weight is for the backend to make."""


_GIVEN = (reg.ConstantOp, reg.WeightOp)


class LoadTimeValues:
    """Constants, weights, and what is computed of them, each when it is first asked for.

    What only leads to other results is dropped with the last of these, so that no more than one
    weight is copied at a time.

    Attributes:
        ops: the instructions that need not run; `reg.copy` is none of them.
        computed: how many of them were computed so far.
        computed_bytes: the memory that their results take besides the store's, as far as they
            were asked for.
    """

    def __init__(
        self, block: Block, weights: WeightStore, origin: Callable[[SSAValue], SSAValue]
    ) -> None:
        """Find what can be computed in `block`; nothing is, yet.

        Args:
            block: the body of a function at level `reg`.
            weights: where the weights are.
            origin: the value that `reg.copy` moved, for any value.
        """
        self.ops: set[Operation] = set()
        self.computed = 0
        self.computed_bytes = 0
        self._weights = weights
        self._origin = origin
        self._done: set[Operation] = set()
        self._results: dict[SSAValue, Array] = {}
        self._views: set[SSAValue] = set()
        self._given: dict[SSAValue, Array] = {}
        self._choose(block, load_time_ops(block))
        self._uses = Counter(operand for op in self.ops for operand in self._operands(op))

    def __contains__(self, value: SSAValue) -> bool:
        """Whether a value is known before the program runs."""
        owner = self._origin(value).owner
        return type(owner) in _GIVEN or owner in self.ops

    def array(self, value: SSAValue) -> Array:
        """A known value as a contiguous array (bf16 as its bits, in uint16).

        It is the memory of the weight store where that can be, else a new array.

        Raises:
            ForgeError: a weight is missing or of another type, or an index is out of range.
        """
        value = self._origin(value)
        if (given := self._given.get(value)) is None:
            owner = value.owner
            assert isinstance(owner, Operation)
            if owner in self.ops:
                self._compute(owner)
            found = self._value(value)
            # OpenVINO takes contiguous memory only: a transposed weight is the one that is copied.
            given = self._given[value] = np.ascontiguousarray(found).reshape(found.shape)
            if owner in self.ops and not (value in self._views and _share(given, found)):
                self.computed_bytes += given.nbytes
            if owner in self.ops:
                # Not what it was a part of.
                self._results[value] = given
        return given

    def _choose(self, block: Block, candidates: set[Operation]) -> None:
        """Find what is computed, again and again without what would take too much memory."""
        too_large = {*candidates}
        while too_large:
            self.ops.clear()
            for op in block.ops if candidates else ():
                if op in candidates and type(op) is not reg.CopyOp and self._is_computed(op):
                    self.ops.add(op)
            too_large = self._too_large(block)
            candidates -= too_large

    def _is_computed(self, op: Operation) -> bool:
        if find_rule(op) is None or not all(operand in self for operand in op.operands):
            return False
        # A weight that is widened may be made short again, and then only that is kept.
        return _is_widening(op) or _result_bytes(op) <= MAX_GROWTH + sum(
            nbytes(reg.register_shaped(operand.type)) for operand in op.operands
        )

    def _too_large(self, block: Block) -> set[Operation]:
        """What something that runs reads, though it takes much more than what it is made of."""
        found: set[Operation] = set()
        # What each result is made of, in bytes, and whether floats were widened on the way.
        sources: dict[SSAValue, tuple[int, bool]] = {}
        for op in block.ops:
            if op not in self.ops:
                continue
            made_of = [self._source(operand, sources) for operand in op.operands]
            size = sum(given for given, _ in made_of)
            widened = _is_widening(op) or any(was for _, was in made_of)
            sources |= dict.fromkeys(op.results, (min(size, _result_bytes(op)), widened))
            limit = size + (MAX_WIDENING if widened else MAX_GROWTH)
            if _result_bytes(op) > limit and any(map(self._is_asked_for, op.results)):
                found.add(op)
        return found

    def _source(
        self, operand: SSAValue, sources: dict[SSAValue, tuple[int, bool]]
    ) -> tuple[int, bool]:
        value = self._origin(operand)
        return sources.get(value) or (nbytes(reg.register_shaped(value.type)), False)

    def _operands(self, op: Operation) -> set[SSAValue]:
        return {self._origin(operand) for operand in op.operands}

    def _value(self, value: SSAValue) -> Array:
        owner = value.owner
        if isinstance(owner, reg.ConstantOp):
            return owner.array()
        if isinstance(owner, reg.WeightOp):
            name = owner.weight_name.data
            self._weights.require(name, reg.register_shaped(value.type), owner)
            return self._weights.array(name)
        return self._results[value]

    def _compute(self, op: Operation) -> None:
        """Compute an instruction and what it needs, that first."""
        pending = [op]
        while pending:
            current = pending[-1]
            owners = {operand.owner for operand in self._operands(current)}
            missing = [o for o in owners if o in self.ops and o not in self._done]
            if missing and current not in self._done:
                pending += [o for o in missing if isinstance(o, Operation)]
                continue
            pending.pop()
            if current not in self._done:
                self._evaluate(current)

    def _evaluate(self, op: Operation) -> None:
        rule = find_rule(op)
        assert rule is not None, "only what has a rule is among the instructions"
        operands = {o: self._value(o) for o in map(self._origin, op.operands)}
        with np.errstate(all="ignore"):
            computed = rule.compute(op, [operands[self._origin(o)] for o in op.operands])
        results = computed if isinstance(computed, list) else [np.asarray(computed)]
        sources = [a for o, a in operands.items() if o in self._views or o.owner not in self.ops]
        for result, array in zip(op.results, results, strict=True):
            expected = reg.register_shaped(result.type)
            if array.shape != expected.shape or array.dtype != numpy_dtype(expected.dtype):
                raise ForgeError(
                    f"computed {array.dtype}{list(array.shape)} instead of {expected}", op=op
                )
            self._results[result] = array
            if any(_share(array, source) for source in sources):
                self._views.add(result)
        self._done.add(op)
        self.computed += 1
        for operand in self._operands(op):
            self._uses[operand] -= 1
            if not self._uses[operand] and not self._is_asked_for(operand):
                self._results.pop(operand, None)

    def _is_asked_for(self, value: SSAValue) -> bool:
        """Whether something that runs needs a value."""
        return any(use.operation not in self.ops for use in value.uses)


def _is_widening(op: Operation) -> bool:
    """Whether floats become longer ones."""
    if type(op) is not reg.ConvertOp:
        return False
    source, result = (reg.register_shaped(value.type).dtype for value in (op.arg, op.result))
    return is_float(source) and is_float(result) and bit_width(result) > bit_width(source)


def _result_bytes(op: Operation) -> int:
    return sum(nbytes(reg.register_shaped(result.type)) for result in op.results)


def _share(first: Array, second: Array) -> bool:
    # Whether their memory overlaps, which views of one array may do without a common element.
    return np.may_share_memory(first, second)
