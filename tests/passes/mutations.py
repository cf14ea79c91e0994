"""Programs that differ from a given one in a single thing.

A mutation changes an operand, a static argument, a constant, an operator or the results. The types
behind it are inferred again, and what does not verify any more is no program.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.irdl import OptPropertyDef
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import VerifyException

from forge.dialects import aten
from forge.dialects.forge import ConstantOp
from forge.dialects.transformer.activation import Activation, ActivationAttr
from forge.ir.attributes import dense, dense_array, from_attribute, to_attribute
from forge.ir.schema_op import SchemaOp
from forge.ir.shape_functions import ShapeError
from forge.ir.signature import signature_of
from forge.ir.tensors import bf16, is_bool, is_complex, is_float, shaped

Change = Callable[[Operation], None]

# Each of these is mistaken for its partner by a pattern that looks at shapes only.
_LOOKALIKES: tuple[tuple[type[SchemaOp], type[SchemaOp]], ...] = (
    (aten.AddTensorOp, aten.SubTensorOp),
    (aten.AddTensorOp, aten.MulTensorOp),
    (aten.AddScalarOp, aten.SubScalarOp),
    (aten.BitwiseAndTensorOp, aten.BitwiseOrTensorOp),
    (aten.CosOp, aten.SinOp),
    (aten.DivTensorOp, aten.MulTensorOp),
    (aten.ErfOp, aten.TanhOp),
    (aten.GeTensorOp, aten.GtTensorOp),
    (aten.LeTensorOp, aten.LtTensorOp),
    (aten.LeTensorOp, aten.GeTensorOp),
    (aten.LogicalAndOp, aten.LogicalOrOp),
    (aten.MeanDimOp, aten.SumDimIntListOp),
    (aten.MulScalarOp, aten.AddScalarOp),
    (aten.ReluOp, aten.SiluOp),
    (aten.RsqrtOp, aten.SqrtOp),
    (aten.RsqrtOp, aten.ReciprocalOp),
    (aten.SigmoidOp, aten.TanhOp),
    (aten.TrilOp, aten.TriuOp),
)
NEIGHBOURS = 4
"""How many other values of its type are tried in the place of an operand."""


@dataclass(frozen=True)
class Mutation:
    """One change of one operation.

    Attributes:
        what: the change, in words.
        place: the operation's index in its block.
        change: applies it.
    """

    what: str
    place: int
    change: Change

    def apply(self, function: FuncOp) -> ModuleOp | None:
        """The program with this change; `None` if it is none any more."""
        mutant = function.clone()
        # Their names say nothing of results and arguments that were added.
        mutant.properties.pop("res_attrs", None)
        mutant.properties.pop("arg_attrs", None)
        module = ModuleOp([mutant])
        block = mutant.body.block
        try:
            self.change(list(block.ops)[self.place])
            _infer_types(block)
            mutant.update_function_type()
            module.verify()
        except (ShapeError, VerifyException):
            return None
        return module


def mutations(function: FuncOp) -> Iterator[Mutation]:
    """All mutations of a function; not all of them give programs."""
    known: list[SSAValue] = list(function.body.block.args)
    for place, op in enumerate(function.body.block.ops):
        for what, change in _changes(op, known):
            yield Mutation(f"{op.name}: {what}", place, change)
        known += op.results


def _infer_types(block: Block) -> None:
    for op in block.ops:
        if not isinstance(op, SchemaOp) or op.OPAQUE:
            continue
        inferred = type(op).infer(op.operand_groups(), op.properties)
        types = op.wrap_results(inferred, op.operands)
        if len(types) != len(op.results):
            raise ShapeError("there would be more or fewer results")
        for result, type_ in zip(tuple(op.results), types, strict=True):
            if result.type != type_:
                Rewriter.replace_value_with_new_type(result, type_)


def _changes(op: Operation, known: Sequence[SSAValue]) -> Iterator[tuple[str, Change]]:
    if isinstance(op, ReturnOp):
        return
    yield from _of_results(op)
    if isinstance(op, ConstantOp):
        yield from _of_constants(op)
    if isinstance(op, SchemaOp):
        yield from _of_operands(op, known)
        yield from _of_properties(op)
        yield from _of_operators(op)


# -- results and constants -----------------------------------------------------------------


def _of_results(op: Operation) -> Iterator[tuple[str, Change]]:
    for index in range(len(op.results)):

        def change(op: Operation, index: int = index) -> None:
            block = op.parent
            assert block is not None
            last = block.last_op
            assert isinstance(last, ReturnOp)
            Rewriter.replace_op(last, ReturnOp(*last.operands, op.results[index]))

        yield f"return result {index}, too", change


def _of_constants(op: ConstantOp) -> Iterator[tuple[str, Change]]:
    def become_argument(op: Operation) -> None:
        assert op.parent is not None
        argument = op.parent.insert_arg(op.results[0].type, len(op.parent.args))
        op.results[0].replace_all_uses_with(argument)

    yield "depend on an input", become_argument
    dtype = shaped(op.value.type).dtype
    if dtype == bf16 or is_complex(dtype):
        return
    for what, array in _arrays(dense_array(op.value)):
        if array.size:
            yield what, _set_constant(dense(array, dtype))


def _arrays(array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    if array.dtype == np.bool_:
        yield "the opposite", ~array
        other = array.copy()
        other.flat[-1] = not other.flat[-1]
    else:
        yield "one more", array + array.dtype.type(1)
        yield "half of it", (array / 2).astype(array.dtype)
        other = array.copy()
        other.flat[-1] += 1
    yield "another last element", other
    if array.ndim >= 2:
        yield "transposed", np.ascontiguousarray(np.swapaxes(array, -1, -2))
        yield "upside down", np.ascontiguousarray(np.flip(array, -2))


def _set_constant(value: DenseIntOrFPElementsAttr) -> Change:
    def change(op: Operation) -> None:
        Rewriter.replace_op(op, ConstantOp(value))

    return change


# -- operands ------------------------------------------------------------------------------


def _of_operands(op: SchemaOp, known: Sequence[SSAValue]) -> Iterator[tuple[str, Change]]:
    for index, operand in enumerate(op.operands):
        others = [value for value in known if value.type == operand.type and value is not operand]
        for place in [known.index(value) for value in others[-NEIGHBOURS:]]:
            yield f"operand {index} is value {place}", _replace_operand(index, place)
        for what, make in _disturbances(operand):
            yield f"operand {index} {what}", _disturb(index, make)
    for index in range(len(op.operands) - 1):
        yield f"operands {index} and {index + 1} swapped", _swap(index, index + 1)


def _replace_operand(index: int, place: int) -> Change:
    def change(op: Operation) -> None:
        assert op.parent is not None
        known: list[SSAValue] = list(op.parent.args)
        for other in op.parent.ops:
            known += other.results
        op.operands[index] = known[place]

    return change


def _swap(first: int, second: int) -> Change:
    def change(op: Operation) -> None:
        operands = op.operands
        operands[first], operands[second] = operands[second], operands[first]

    return change


def _disturb(index: int, make: Callable[[SSAValue], Sequence[Operation]]) -> Change:
    def change(op: Operation) -> None:
        new = make(op.operands[index])
        Rewriter.insert_op(new, InsertPoint.before(op))
        op.operands[index] = new[-1].results[0]

    return change


def _disturbances(
    operand: SSAValue,
) -> Iterator[tuple[str, Callable[[SSAValue], Sequence[Operation]]]]:
    type_ = shaped(operand.type)
    if is_float(type_.dtype):
        yield "negated", lambda x: [aten.NegOp(x)]
        yield "rounded", lambda x: _rounded(x)
    if is_bool(type_.dtype):
        yield "negated", lambda x: [aten.LogicalNotOp(x)]
    for dim in range(1, type_.rank):
        yield (
            f"with dimensions {dim - 1} and {dim} swapped",
            lambda x, dim=dim: [aten.TransposeIntOp(x, dim - 1, dim)],
        )
    if type_.rank:
        yield "turned round", lambda x: [aten.FlipOp(x, [-1])]
        yield "moved along", lambda x: [aten.RollOp(x, [1], [-1])]


def _rounded(x: SSAValue) -> list[Operation]:
    narrow = aten.ToDtypeOp(x, bf16)
    return [narrow, aten.ToDtypeOp(narrow.result, shaped(x.type).dtype)]


# -- static arguments and operators --------------------------------------------------------


def _of_properties(op: SchemaOp) -> Iterator[tuple[str, Change]]:
    definitions = op.get_irdl_definition().properties
    for name in signature_of(type(op)).properties:
        if (attribute := op.properties.get(name)) is None:
            continue
        for other in _other_values(attribute):
            yield f"{name} = {other}", _set_property(name, other)
        if isinstance(definitions[name], OptPropertyDef):
            yield f"no {name}", _set_property(name, None)


def _set_property(name: str, value: Attribute | None) -> Change:
    def change(op: Operation) -> None:
        if value is None:
            del op.properties[name]
        else:
            op.properties[name] = value

    return change


def _other_values(attribute: Attribute) -> Iterator[Attribute]:
    if isinstance(attribute, ActivationAttr):
        for other in (Activation.NONE, Activation.RELU, Activation.GELU_ERF, Activation.GELU_TANH):
            if other is not attribute.data:
                yield ActivationAttr(other)
        return
    for other in _other_plain_values(from_attribute(attribute)):
        yield to_attribute(other)


def _other_plain_values(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1, -value - 1)
    elif isinstance(value, float):
        yield from (value + 0.5, 2 * value, -value)
    elif isinstance(value, str):
        yield "none" if value == "tanh" else "tanh"
    elif isinstance(value, list) and value and all(type(v) in (int, float) for v in value):
        yield value[::-1]
        yield [*value[:-1], value[-1] + 1]
        yield [*value[1:], value[0]]
        if len(value) > 1:
            yield value[1:]


def _of_operators(op: SchemaOp) -> Iterator[tuple[str, Change]]:
    for pair in _LOOKALIKES:
        for mine, other in (pair, pair[::-1]):
            if type(op) is mine:
                yield f"be {other.name}", _become(other)


def _become(other: type[SchemaOp]) -> Change:
    def change(op: Operation) -> None:
        signature = signature_of(other)
        shared = {
            name: op.properties[name] for name in op.properties if name in signature.properties
        }
        new = other.create(
            operands=op.operands,
            result_types=op.result_types,
            properties={**signature.defaults, **shared},
        )
        Rewriter.replace_op(op, new)

    return change
