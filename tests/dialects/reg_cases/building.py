"""A program of one instruction, from a case."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue

from forge.dialects import reg
from forge.dialects.reg import RegOp
from forge.ir.signature import signature_of
from forge.ir.tensors import Shaped
from tests.dialects.reg_cases.drawing import Case


def make_program(
    op_class: type[RegOp], case: Case, device: str = "cpu", *, of_weights: bool = False
) -> ModuleOp:
    """`@main` with the instruction: its operands are arguments, or constants where they are known.

    Args:
        of_weights: weights take the place of the arguments.

    Raises:
        ShapeError: the case does not fit together.
    """
    block = Block()

    def value(operand: Shaped) -> SSAValue:
        if operand.literal is None and of_weights:
            name = f"w{len(block.ops)}"
            weight = reg.WeightOp(name, operand.shape, operand.dtype, device=device)
            block.add_op(weight)
            return weight.result
        if operand.literal is None:
            type = reg.register_type(operand.shape, operand.dtype, device)
            return block.insert_arg(type, len(block.args))
        constant = reg.ConstantOp.of(operand.literal, operand.dtype, device=device)
        block.add_op(constant)
        return constant.result

    operands = [
        operand
        if operand is None
        else value(operand)
        if isinstance(operand, Shaped)
        else [value(member) for member in operand]
        for operand in case.operands
    ]
    names = [spec.name for spec in signature_of(op_class).operands]
    by_name = dict(zip(names, operands, strict=False))
    op = op_class(**by_name, **case.attributes)
    block.add_ops([op, ReturnOp(*op.results)])
    function_type = ([arg.type for arg in block.args], op.result_types)
    return ModuleOp([FuncOp("main", function_type, Region(block))])


def instruction_of(program: ModuleOp, op_class: type[RegOp]) -> RegOp:
    """The instruction that the program is about."""
    return next(op for op in program.walk() if isinstance(op, op_class))
