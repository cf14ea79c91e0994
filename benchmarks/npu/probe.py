"""Ask compilers which instructions of `reg` they take: Intel's NPU compiler, OpenVINO's CPU plugin.

    python benchmarks/npu/probe.py                      # what has not been asked yet
    python benchmarks/npu/probe.py --only Softmax MVN   # these again

Forms that are in `observations.json` beside this file are not asked for again, unless their
instruction is named. That file holds for each instruction and form the platforms that refuse it, by
the message; `cpu` is the CPU plugin. The descriptions in `forge/targets` rest on it, and
`tests/test_targets.py` holds them to it.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from argparse import RawDescriptionHelpFormatter as RawText
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import forms_of_layers  # noqa: F401 (adds its forms)
import openvino
from forms import Form, forms
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue

from forge.backends.npu import PLATFORMS, require_toolchain
from forge.backends.npu.worker import Verdict, Worker
from forge.backends.openvino.backend import write_openvino_ir
from forge.dialects import reg
from forge.ir.signature import signature_of
from forge.ir.tensors import Shaped
from forge.weights import ModuleWeights

OBSERVATIONS = Path(__file__).with_name("observations.json")
CLASSES = {op.name.removeprefix("reg."): op for op in reg.ops.OPERATIONS}
_LOCATION = re.compile(r"loc\([^)]*\)|0x[0-9a-fA-F]+|Exception from \S+|Check '")
_MESSAGE = 240
_SECONDS = 120
Judge = Callable[[Path], str | None]
Refusals = dict[str, list[str]]
"""Who refuses a form, by the message."""


def program(form: Form) -> ModuleOp:
    """`@main` with the one instruction.

    Raises:
        ShapeError: `reg` itself does not have such a form.
    """
    block = Block()

    def value(operand: Shaped) -> SSAValue:
        if operand.literal is None:
            type = reg.register_type(operand.shape, operand.dtype, "npu")
            return block.insert_arg(type, len(block.args))
        constant = reg.ConstantOp.of(operand.literal, operand.dtype, device="npu")
        block.add_op(constant)
        return constant.result

    operands = [
        value(operand)
        if isinstance(operand, Shaped)
        else [value(member) for member in operand or ()]
        for operand in form.operands
    ]
    op_class = CLASSES[form.instruction]
    names = [spec.name for spec in signature_of(op_class).operands]
    op = op_class(**dict(zip(names, operands, strict=False)), **form.attributes)
    block.add_ops([op, ReturnOp(*op.results)])
    return ModuleOp(
        [FuncOp("main", ([a.type for a in block.args], op.result_types), Region(block))]
    )


def briefly(message: str) -> str:
    """A compiler's message without where in itself it failed, and without line ends."""
    text = _LOCATION.sub("", message.rpartition("Compiler returned msg: ")[2])
    return " ".join(text.split())[:_MESSAGE]


def ask_cpu(path: Path) -> str | None:
    """What OpenVINO's CPU plugin says against a model; `None` if it takes it."""
    try:
        openvino.Core().compile_model(path, "CPU")
    except RuntimeError as error:
        return str(error)
    return None


def ask_npu(worker: Worker, platform: str, path: Path) -> str | None:
    """What Intel's compiler says against a model; `None` if it takes it."""
    properties = {"NPU_COMPILER_TYPE": "PLUGIN", "NPU_PLATFORM": platform}
    answer = worker.compile(path, properties)
    if answer.verdict is Verdict.CRASHED:
        return "the compiler crashed"
    if answer.verdict is Verdict.TIMED_OUT:
        return "the compiler did not come to an end"
    return answer.message or None


def observe(form: Form, judges: Mapping[str, Judge], path: Path) -> Refusals:
    """What those say who refuse a form; the others take it."""
    write_openvino_ir(program(form), ModuleWeights({}), path)
    refusals: Refusals = {}
    for name, judge in judges.items():
        if (message := judge(path)) is not None:
            refusals.setdefault(briefly(message), []).append(name)
    return refusals


def read_observations() -> dict[str, dict[str, Refusals]]:
    """The refusals by instruction and form."""
    return json.loads(OBSERVATIONS.read_text()) if OBSERVATIONS.exists() else {}


def write_observations(found: Mapping[str, Mapping[str, Refusals]]) -> None:
    """Write them, a line a form."""
    blocks = [
        f" {json.dumps(name)}: {{\n"
        + ",\n".join(f"  {json.dumps(label)}: {json.dumps(r)}" for label, r in refused.items())
        + "\n }"
        for name, refused in sorted(found.items())
    ]
    OBSERVATIONS.write_text("{\n" + ",\n".join(blocks) + "\n}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RawText)
    parser.add_argument("--only", nargs="+", default=[], metavar="INSTRUCTION", help="ask again")
    arguments = parser.parse_args()
    found = read_observations()
    for name in arguments.only:
        found.pop(name, None)
    with tempfile.TemporaryDirectory() as folder, Worker(require_toolchain(), _SECONDS) as worker:
        judges: dict[str, Judge] = {"cpu": ask_cpu}
        judges |= {name.lower(): partial(ask_npu, worker, name) for name in PLATFORMS}
        for form in forms():
            known = found.setdefault(form.instruction, {})
            if form.label not in known:
                known[form.label] = observe(form, judges, Path(folder) / "form.xml")
                print(form.instruction, form.label, known[form.label], sep=": ")
                write_observations(found)


if __name__ == "__main__":
    main()
