"""What `host.c` does, with the OpenVINO of this Python: `python -m forge.backends.npu.host`.

A process of its own, since a model may crash the compiler.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

from forge.backends.openvino import bindings


def compile_model(job: str) -> None:
    """Do a job: the model (.xml), where to write the blob (`-` for nowhere), properties; by tabs.

    Raises:
        RuntimeError: OpenVINO refuses it.
        ValueError: it has no such fields.
    """
    model, blob, *settings = job.split("\t")
    properties = dict(setting.split("=", 1) for setting in settings)
    compiled = bindings.compile_model(bindings.read_model(Path(model)), "NPU", properties)
    if blob != "-":
        Path(blob).write_bytes(compiled.export_model().getvalue())


def serve(jobs: TextIO, answers: TextIO) -> None:
    """Do a job a line: answer `ok`, or `failed` and why, on one line."""
    for line in jobs:
        try:
            compile_model(line.rstrip("\r\n"))
            answer = "ok"
        except (RuntimeError, OSError, ValueError) as error:
            answer = "failed " + " ".join(str(error).split())
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout)
