"""What `forge-opt` makes of a program that is no text: OpenVINO's IR, bytecode, weights, a run."""

from __future__ import annotations

import dataclasses
import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.arg_spec import ArgSpec

from forge.errors import ForgeError

if TYPE_CHECKING:
    from forge.weights import WeightStore

# What brings numpy is imported in the functions that need it: it would double the start-up time.


def run_program(module: ModuleOp, name: str, weights: WeightStore | None, args: Namespace) -> None:
    """Run a program in PyTorch, and print its outputs; `name` is what messages call it.

    Raises:
        ForgeError: it cannot be run, or a file of inputs or outputs is wrong.
    """
    from forge.tools.runnable import input_values, interpreted, write_outputs
    from forge.tools.tensor_table import tensor_table
    from forge.tools.terminal import stdout_console

    runnable = interpreted(name, module, weights, args.seed)
    outputs = runnable.run(input_values(runnable, args.inputs))
    if args.outputs is not None:
        write_outputs(args.outputs, runnable, outputs)
    stdout_console().print(tensor_table("outputs", outputs, runnable.outputs))


def write_openvino(
    module: ModuleOp, target: ArgSpec, file: str | None, weights: WeightStore | None
) -> None:
    """Write OpenVINO's IR to the file that is named, or that `target` names.

    Raises:
        ForgeError: the program is none of registers, or cannot be written.
    """
    from forge.backends.openvino.target import OpenVINOTarget

    openvino = OpenVINOTarget.from_spec(target)
    if file is not None:
        openvino = dataclasses.replace(openvino, file=file)
    openvino.write(module, weights)


def write_bytecode(
    module: ModuleOp, target: ArgSpec, file: str | None, context: Context, *, forced: bool
) -> None:
    """Write bytecode to the file that is named, or that `target` names; otherwise to stdout.

    Args:
        forced: write it to stdout even if that is a terminal.

    Raises:
        ForgeError: the program cannot be written, or not to a terminal.
    """
    from forge.backends.vm.bytecode import assemble
    from forge.backends.vm.target import BytecodeTarget

    bytecode = BytecodeTarget.from_spec(target)
    if file is not None:
        bytecode = dataclasses.replace(bytecode, file=file)
    if bytecode.file:
        bytecode.emit(context, module, sys.stdout)
    elif sys.stdout.isatty() and not forced:
        raise ForgeError(
            "bytecode is nothing for a terminal",
            hint="-o program.forge writes a file; -o - writes it here all the same",
        )
    else:
        sys.stdout.buffer.write(assemble(module))


def write_weights(module: ModuleOp, weights: WeightStore | None, file: str) -> None:
    """Write the weights that a program uses to a safetensors file.

    Raises:
        ForgeError: there are none, or the file cannot be written.
    """
    from forge.weights import save_weights, weight_uses

    if weights is None:
        raise ForgeError("there are no weights to write", hint="--weights names a file")
    names = [name for _, name, _ in weight_uses(module)]
    save_weights(weights, file, names)
