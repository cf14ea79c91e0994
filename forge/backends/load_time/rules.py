"""Which instructions are computed at load time, and by what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from xdsl.ir import Operation

from forge.backends.memory import Array
from forge.dialects import reg
from forge.ir.tensors import Shaped, f32, f64, is_bool, is_complex, is_integer, numpy_dtype

Compute = Callable[[Any, Sequence[Array]], "Array | list[Array]"]
"""From an instruction and its operands, bf16 as its bits in uint16, to its result or results."""

Condition = Callable[[Any], bool]
"""Whether the rule is for an instruction; what it computes with is not known yet."""

ComputeT = TypeVar("ComputeT", bound=Compute)


@dataclass(frozen=True)
class Rule:
    """How instructions of a class are computed, and for which of them that is right."""

    compute: Compute
    admits: Condition


_RULES: dict[type[Operation], Rule] = {}


def computes(*op_classes: type[reg.RegOp], admits: Condition) -> Callable[[ComputeT], ComputeT]:
    """Register the decorated function for instructions of these classes."""

    def register(compute: ComputeT) -> ComputeT:
        for op_class in op_classes:
            _RULES[op_class] = Rule(compute, admits)
        return compute

    return register


def find_rule(op: Operation) -> Rule | None:
    """The rule that computes an instruction; `None` if it is left to the backend."""
    rule = _RULES.get(type(op))
    return rule if rule is not None and rule.admits(op) else None


# -- conditions ----------------------------------------------------------------------------


def types(op: Operation) -> list[Shaped]:
    """The types of operands and results."""
    return [reg.register_shaped(value.type) for value in (*op.operands, *op.results)]


def moves(op: Operation) -> bool:
    """Elements of any type are moved; what they are worth does not matter."""
    return not any(is_complex(type.dtype) for type in types(op))


def is_exact(op: Operation) -> bool:
    """All are integers or booleans."""
    return all(is_integer(type.dtype) or is_bool(type.dtype) for type in types(op))


def compares(op: Operation) -> bool:
    """The last two operands have one type, which is compared as it is."""
    first, second = (reg.register_shaped(operand.type).dtype for operand in op.operands[-2:])
    return first == second and (first in (f32, f64) or is_integer(first) or is_bool(first))


def has_floats(op: Operation) -> bool:
    """All are f32 or f64."""
    return all(type.dtype in (f32, f64) for type in types(op))


def has_numbers(op: Operation) -> bool:
    """All are f32, f64 or integers."""
    return all(type.dtype in (f32, f64) or is_integer(type.dtype) for type in types(op))


def broadcasts(op: reg.RegOp) -> bool:
    """Operands are broadcast as numpy does."""
    return "auto_broadcast" not in op.properties or op.get("auto_broadcast") == "numpy"


def nbytes(type: Shaped) -> int:
    """The size of a tensor in memory."""
    return type.numel * numpy_dtype(type.dtype).itemsize


# -- types ---------------------------------------------------------------------------------


def result_of(op: Operation) -> Shaped:
    """The type of the only result."""
    return reg.register_shaped(op.results[0].type)
