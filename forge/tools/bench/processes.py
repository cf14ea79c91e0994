"""Running jobs, each in a process of its own, and collecting what they find."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any, TypeVar

from forge.tools.bench.results import DepthTimes, Failure, Job, Numerics, Recognition, Results

Answer = TypeVar("Answer")

_WORKER = "forge.tools.bench.worker"
_VERSIONS = {
    "forge": "forge-ugc",
    "torch": "torch",
    "transformers": "transformers",
    "openvino": "openvino",
}
_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], Recognition | Numerics | DepthTimes]] = {
    "recognition": Recognition.from_json,
    "numerics": Numerics.from_json,
    "depths": DepthTimes.from_json,
}


def run_jobs(jobs: Sequence[Job], before_job: Callable[[Job, int], None]) -> Results:
    """Run jobs one after the other, so that they do not disturb each other's times.

    Args:
        before_job: called with each job and its number, from 1 on.

    Returns:
        What the jobs found, and which of them failed.
    """
    found = answers_of(jobs, _ANSWERS, before_job)
    return Results(
        recognitions=[result for result in found if isinstance(result, Recognition)],
        numerics=[result for result in found if isinstance(result, Numerics)],
        depths=[result for result in found if isinstance(result, DepthTimes)],
        failures=[result for result in found if isinstance(result, Failure)],
        versions=versions(),
    )


def answers_of(
    jobs: Sequence[Job],
    readers: Mapping[str, Callable[[Mapping[str, Any]], Answer]],
    before_job: Callable[[Job, int], None],
) -> list[Answer | Failure]:
    """What each job found, or why it failed, in their order.

    Args:
        readers: what makes an answer of its JSON, by task.
        before_job: called with each job and its number, from 1 on.
    """
    found: list[Answer | Failure] = []
    for number, job in enumerate(jobs, start=1):
        before_job(job, number)
        command = [sys.executable, "-m", _WORKER, json.dumps(asdict(job))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found.append(
            Failure(job.task, job.model, job.attention, _reason(done))
            if done.returncode
            else readers[job.task](json.loads(done.stdout))
        )
    return found


def versions() -> dict[str, str]:
    """The versions of the packages that figures depend on."""
    return {name: version(package) for name, package in _VERSIONS.items()}


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode < 0:
        return f"its process was ended by signal {-done.returncode}; did it run out of memory?"
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("error: ")]
    said = errors[0].removeprefix("error: ") if errors else "".join(lines[-1:])
    return said or f"its process ended with exit code {done.returncode}"
