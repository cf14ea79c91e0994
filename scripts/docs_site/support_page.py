"""What becomes of each operator of PyTorch: a table made by compiling each as a lit test has it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markdown.extensions.toc import slugify
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region

from forge.dialects import reg
from forge.dialects.aten import AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.ir.text import make_context, parse_module
from forge.lowering.convert_to_reg import PATTERNS, REASON
from forge.pipeline import build_pipeline, run_pipeline
from forge.targets import Target, load_target, target_names
from forge.universe import FORGE_UNIVERSE
from scripts.docs_site.lit_programs import LIT_TESTS, chunks
from scripts.docs_site.markdown import code, table


class Support(NamedTuple):
    """What becomes of one operator.

    Attributes:
        fused: the passes that replace it where it is part of something larger.
        instructions: OpenVINO's operations that it is lowered to; `None` if it stays on the host.
        reason: why it does, if that lies in the arguments.
        npus: the platforms that take all of its instructions.
        host: whether it can be a kernel of PyTorch.
    """

    fused: tuple[str, ...]
    instructions: tuple[str, ...] | None
    reason: str
    npus: tuple[str, ...]
    host: bool


def operator_support() -> Mapping[str, Support]:
    """The operators of `aten`, each compiled in a form in which a lit test shows it."""
    fused = _fusing_passes()
    chosen = _chosen_uses()
    compiled = _results(chosen, "convert-to-reg{device=cpu}")
    on_npu = _results(chosen, "convert-to-reg{device=npu},legalize-bfloat16,legalize-masks")
    on_host = _results(chosen, "convert-to-reg{device=host}")
    targets = [load_target(name) for name in target_names() if name.startswith("npu")]
    return {
        op.name: Support(
            fused=tuple(fused.get(op.name, ())),
            instructions=_instructions(steps),
            reason=_reason(steps) if type(op) in PATTERNS else "",
            npus=tuple(t.name.upper() for t in targets if _takes(t, npu_steps)),
            host=any(isinstance(step, reg.HostOp) for step in host_steps),
        )
        for op, steps, npu_steps, host_steps in zip(chosen, compiled, on_npu, on_host, strict=True)
    }


def _chosen_uses() -> list[AtenOp]:
    """A use of each operator: the first that has a lowering, or the first if none has."""
    uses = list(_uses())
    compiled = zip(uses, _results(uses, "convert-to-reg{device=cpu}"), strict=True)
    lowered = [use for use, steps in compiled if not _needs_host(steps)]
    chosen = {use.name: use for use in [*reversed(uses), *reversed(lowered)]}
    return [chosen[op_class.name] for op_class in OPERATIONS]


def _uses() -> Iterator[AtenOp]:
    """All operations in the lit tests of the dialect and of its lowering."""
    for folder in ("dialects/aten", "lowering/convert_to_reg"):
        for file in sorted((LIT_TESTS / folder).glob("*.mlir")):
            if "diagnostics" in file.stem:
                continue
            for chunk in chunks(file.read_text()):
                yield from (op for op in parse_module(chunk).walk() if isinstance(op, AtenOp))


def _results(uses: Sequence[AtenOp], pipeline: str) -> list[list[Operation]]:
    """What a pipeline makes of each operation alone."""
    module = ModuleOp([_alone(op, f"use{index}") for index, op in enumerate(uses)])
    run_pipeline(module, build_pipeline(pipeline), make_context())
    return [
        [step for step in op.body.block.ops if not isinstance(step, ReturnOp)]
        for op in module.ops
        if isinstance(op, FuncOp)
    ]


def _alone(op: AtenOp, name: str) -> FuncOp:
    """A function that has this operation alone."""
    types = [operand.type for operand in op.operands]
    block = Block(arg_types=types)
    copy = op.clone(dict(zip(op.operands, block.args, strict=True)))
    block.add_ops([copy, ReturnOp(*copy.results)])
    return FuncOp(name, (types, [result.type for result in op.results]), Region(block))


def _needs_host(steps: Iterable[Operation]) -> bool:
    return any(isinstance(step, reg.HostOp) for step in steps)


def _instructions(steps: Sequence[Operation]) -> tuple[str, ...] | None:
    if _needs_host(steps):
        return None
    names = dict.fromkeys(step.name.removeprefix("reg.") for step in steps)
    # What is constant says something only where there is nothing else.
    return tuple(name for name in names if name != "Constant" or len(names) == 1)


def _reason(steps: Iterable[Operation]) -> str:
    reasons = (step.attributes.get(REASON) for step in steps)
    return next((reason.data for reason in reasons if isinstance(reason, StringAttr)), "")


def _takes(target: Target, steps: Sequence[Operation]) -> bool:
    return not _needs_host(steps) and all(target.refusal(step) is None for step in steps)


def _fusing_passes() -> Mapping[str, list[str]]:
    """For each operator the passes whose lit tests have fewer of it after them."""
    fused: dict[str, list[str]] = defaultdict(list)
    for name, load in FORGE_UNIVERSE.all_passes.items():
        if not (name.startswith("fuse-") or name == "convert-aten-to-transformer"):
            continue
        path = "/".join(load().__module__.split(".")[1:])
        gone: Counter[str] = Counter()
        for chunk in chunks((LIT_TESTS / f"{path}.mlir").read_text()):
            module = parse_module(chunk)
            gone.update(_counts(module))
            run_pipeline(module, build_pipeline(name), make_context())
            gone.subtract(_counts(module))
        for operator in gone:
            if gone[operator] > 0:
                fused[operator].append(name)
    return fused


def _counts(module: ModuleOp) -> Counter[str]:
    return Counter(op.name for op in module.walk() if isinstance(op, AtenOp))


_TEXT = """\
# Operator support

The {total} operators of PyTorch that `aten` has. {lowered} of them have a lowering to OpenVINO's
instructions, and the NPUs' compiler takes those of {everywhere}. The others run on the host, in
PyTorch. An operator that is not here is decomposed by PyTorch when it is imported, or kept as
`aten.operator`, which runs on the host, too.

The table was made when this page was built, by compiling each operator alone, with the arguments
that a lit test has. With others, such as another element type, a cell may differ; the report of a
compilation says what ran where, and why.

- **fused**: the passes that replace the operator where it is part of something larger, as their lit
  tests show.
- **instructions**: what `convert-to-reg` makes of it, for OpenVINO's CPU and GPU plugins; *none* if
  it costs nothing. *Host only* is a kernel of PyTorch; where other arguments have a lowering, the
  reason stands there.
- **NPU**: the platforms whose [description](../targets.md) takes each instruction.
- **host**: whether `convert-to-reg{{device=host}}` makes a kernel of it.

"""


def support_page() -> str:
    """The page with the table."""
    support = operator_support()
    platforms = [name.upper() for name in target_names() if name.startswith("npu")]
    text = _TEXT.format(
        total=len(support),
        lowered=sum(e.instructions is not None or bool(e.reason) for e in support.values()),
        everywhere=sum(len(e.npus) == len(platforms) for e in support.values()),
    )
    header = ["operator", "fused", "instructions", "NPU", "host"]
    return text + table(header, _rows(support, platforms)) + "\n"


def _rows(support: Mapping[str, Support], platforms: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for name, entry in sorted(support.items(), key=lambda item: item[0].lower()):
        fused = ", ".join(f"[{fuse}](passes/{fuse}.md)" for fuse in entry.fused)
        npu = "all" if len(entry.npus) == len(platforms) else ", ".join(entry.npus) or "no"
        host = "yes" if entry.host else "no"
        operator = f"[{code(name)}](dialects/aten.md#{anchor(name)})"
        yield operator, fused, _shown(entry), npu, host


def _shown(entry: Support) -> str:
    if entry.instructions is not None:
        return ", ".join(entry.instructions) or "*none*"
    return f"*host*: {entry.reason}" if entry.reason else "*host only*"


def anchor(name: str) -> str:
    """Where an operation stands on its dialect's page."""
    return slugify(name, "-")
