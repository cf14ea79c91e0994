"""Programs of any length, to see how analyses grow with it."""

from __future__ import annotations

from random import Random

from xdsl.dialects.builtin import ModuleOp, f32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue

from forge.dialects import reg
from forge.dialects.reg import RegisterType, RegOp, register_type

_CHAINS = 16
_REACH = 8


def synthetic_program(instructions: int, devices: tuple[str, ...] = ("npu", "cpu")) -> ModuleOp:
    """A program of so many instructions, and copies between its devices besides.

    Chains of registers of different sizes run beside each other; each instruction reads one or two
    of the latest registers of its chain. Four of five are on the first device. The same arguments
    give the same program.
    """
    rng = Random(instructions)
    types = [register_type((chain + 1, 1024), f32, devices[0]) for chain in range(_CHAINS)]
    block = Block(arg_types=types)
    chains: list[list[SSAValue]] = [[argument] for argument in block.args]
    elsewhere: dict[tuple[SSAValue, str], SSAValue] = {}
    for _ in range(instructions):
        chain = rng.choice(chains)
        device = devices[0] if rng.random() < 0.8 else rng.choice(devices[1:])
        operands = [rng.choice(chain[-_REACH:]) for _ in range(rng.choice((1, 2)))]
        here = [_copied(block, operand, device, elsewhere) for operand in operands]
        op = _instruction(here)
        block.add_op(op)
        chain.append(op.results[0])
    returned = [_copied(block, chain[-1], devices[0], elsewhere) for chain in chains]
    block.add_op(ReturnOp(*returned))
    return ModuleOp([FuncOp("main", (types, types), Region(block))])


def _instruction(operands: list[SSAValue]) -> RegOp:
    return reg.ReluOp(operands[0]) if len(operands) == 1 else reg.AddOp(*operands)


def _copied(
    block: Block, value: SSAValue, device: str, elsewhere: dict[tuple[SSAValue, str], SSAValue]
) -> SSAValue:
    assert isinstance(value.type, RegisterType)
    if value.type.device == device:
        return value
    if (value, device) not in elsewhere:
        copy = reg.CopyOp(value, device=device)
        block.add_op(copy)
        elsewhere[value, device] = copy.result
    return elsewhere[value, device]
