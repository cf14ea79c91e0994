"""How many operations a program has, and which blocks of a model are one operation in it."""

from __future__ import annotations

from collections import Counter

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation

from forge.analysis.load_time import is_constant, load_time_ops
from forge.tools.bench.results import Blocks, Size


def main_block(module: ModuleOp) -> Block:
    """The body of an imported program."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    (main,) = (function for function in functions if function.sym_name.data == "main")
    return main.body.block


def program_size(module: ModuleOp) -> Size:
    """Count the operations of an imported program, before or after any pass."""
    block = main_block(module)
    at_load = len(load_time_ops(block))
    return Size(sum(map(_counts, block.ops)) - at_load, at_load)


def operations(module: ModuleOp) -> dict[str, int]:
    """How often each operation occurs, by name, of those that run at every call."""
    block = main_block(module)
    at_load = load_time_ops(block)
    counted = (op.name for op in block.ops if _counts(op) and op not in at_load)
    return dict(sorted(Counter(counted).items()))


def recognised_blocks(module: ModuleOp) -> Blocks:
    """Count the operations that stand for whole blocks."""
    found = Counter(operations(module))
    return Blocks(
        attention=found["transformer.attention"],
        norms=found["transformer.layer_norm"] + found["transformer.rms_norm"],
        rotary_embeddings=found["transformer.rotary_embedding"],
        mlps=found["transformer.mlp"] + found["transformer.gated_mlp"],
        short_convolutions=found["transformer.gated_convolution"],
    )


def _counts(op: Operation) -> bool:
    return not is_constant(type(op)) and not isinstance(op, ReturnOp)
