"""Reading, verifying and printing programs as text: forge-opt beside xdsl-opt.

    python benchmarks/text.py                 # 10,000 operations
    python benchmarks/text.py --ops 1000 --turns 9

Both tools read the same file, which holds layers of a transformer at level `aten`, and write it to
nowhere, in turns. `start` is the same for one operation. The best turn counts; the processor's time
is given, too, since it depends less on what else the machine does. The steps are those of
`forge-opt`, by themselves in one process.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from forge.ir.text import make_context, parse_unverified, print_module
from forge.ir.verifier import verify_module

T = TypeVar("T")
TOOLS = ("forge-opt", "xdsl-opt")

SHAPES = {
    "X": "tensor<1x128x768xf32>",
    "N": "tensor<768xf32>",
    "H": "tensor<1x128x3072xf32>",
    "B": "tensor<3072xf32>",
    "U": "tensor<3072x768xf32>",
    "D": "tensor<768x3072xf32>",
    "R": "tensor<1x128x12x64xf32>",
    "T": "tensor<1x12x128x64xf32>",
}
# `I` is the layer's number, `J` the next one's; capital letters after a colon are shapes.
LAYER = """\
  %nI = forge.weight "h.I.ln.weight" : N
  %uI = forge.weight "h.I.fc.weight" : U
  %bI = forge.weight "h.I.fc.bias" : B
  %dI = forge.weight "h.I.proj.weight" : D
  %pI = aten.layer_norm %xI, weight = %nI {normalized_shape = [768]} : (X, N) -> X
  %qI = aten.linear %pI, %uI, bias = %bI : (X, U, B) -> H
  %rI = aten.gelu %qI {approximate = "tanh"} : (H) -> H
  %sI = aten.linear %rI, %dI : (H, D) -> X
  %tI = aten.view %sI {size = [1, 128, 12, 64]} : (X) -> R
  %vI = aten.transpose.int %tI {dim0 = 1, dim1 = 2} : (R) -> T
  %wI = aten.transpose.int %vI {dim0 = 1, dim1 = 2} : (T) -> R
  %yI = aten.view %wI {size = [1, 128, 768]} : (R) -> X
  %xJ = aten.add.Tensor %xI, %yI : (X, X) -> X
"""
OPS_IN_LAYER = LAYER.count("\n")


def program(ops: int) -> str:
    """A program of about so many operations."""
    layers = -(-ops // OPS_IN_LAYER)
    lines: list[str] = []
    for line in LAYER.splitlines():
        text, colon, types = line.rpartition(" : ")
        lines.append(text + colon + "".join(SHAPES.get(letter, letter) for letter in types))
    layer = "\n".join(lines)
    body = "\n".join(
        layer.replace("I", str(number)).replace("J", str(number + 1)) for number in range(layers)
    )
    x = SHAPES["X"]
    return f"func.func @main(%x0: {x}) -> {x} {{\n{body}\n  func.return %x{layers} : {x}\n}}\n"


def run_tool(tool: str, file: Path) -> tuple[float, float]:
    """How long a process takes, on the clock and on the processor, in seconds."""
    command = [Path(sys.executable).with_name(tool), file, "-o", os.devnull]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(name: str, file: Path, turns: int) -> None:
    """Print the best times of both tools."""
    times = {tool: [run_tool(tool, file)] for tool in TOOLS}
    for _ in range(turns - 1):
        for tool in TOOLS:
            times[tool].append(run_tool(tool, file))
    for tool in TOOLS:
        wall, processor = (min(values) for values in zip(*times[tool], strict=True))
        print(f"{name:<12} {tool:<10} {wall:7.2f} s   processor {processor:6.2f} s")


def timed(name: str, turns: int, step: Callable[[], T]) -> T:
    """Print the best time of a step, and return what it gives."""
    best = float("inf")
    result = step()
    for _ in range(turns):
        start = time.process_time()
        result = step()
        best = min(best, time.process_time() - start)
    print(f"{'step':<12} {name:<10} {'':7}     processor {best:6.2f} s")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Reading, verifying and printing programs as text."
    )
    parser.add_argument("--ops", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=5)
    args = parser.parse_args()
    text = program(args.ops)
    with tempfile.TemporaryDirectory() as folder:
        whole, one = Path(folder) / "program.mlir", Path(folder) / "one.mlir"
        whole.write_text(text)
        one.write_text("func.func @main() {\n  func.return\n}\n")
        print(f"{args.ops:,} operations, {len(text) / 1e6:.1f} MB of text, best of {args.turns}")
        compare("start", one, args.turns)
        compare("read, write", whole, args.turns)
    # As in the tools: what is read lives to the end.
    gc.set_threshold(200_000, 50, 50)
    context = make_context()
    module = timed("parse", args.turns, lambda: parse_unverified(text, "program.mlir", context))
    timed("verify", args.turns, lambda: verify_module(module))
    timed("print", args.turns, lambda: print_module(module))


if __name__ == "__main__":
    main()
