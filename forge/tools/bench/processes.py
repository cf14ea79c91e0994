"""Running jobs, each in a process of its own, and collecting what they find."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from forge.tools.bench.results import DepthTimes, Failure, Job, Numerics, Recognition, Results

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
    found: list[Recognition | Numerics | DepthTimes | Failure] = []
    for number, job in enumerate(jobs, start=1):
        before_job(job, number)
        found.append(_run_job(job))
    return Results(
        recognitions=[result for result in found if isinstance(result, Recognition)],
        numerics=[result for result in found if isinstance(result, Numerics)],
        depths=[result for result in found if isinstance(result, DepthTimes)],
        failures=[result for result in found if isinstance(result, Failure)],
        versions={name: version(package) for name, package in _VERSIONS.items()},
    )


def _run_job(job: Job) -> Recognition | Numerics | DepthTimes | Failure:
    command = [sys.executable, "-m", _WORKER, json.dumps(asdict(job))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return Failure(job.task, job.model, job.attention, _reason(done))
    return _ANSWERS[job.task](json.loads(done.stdout))


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode < 0:
        return f"its process was ended by signal {-done.returncode}; did it run out of memory?"
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("error: ")]
    said = errors[0].removeprefix("error: ") if errors else "".join(lines[-1:])
    return said or f"its process ended with exit code {done.returncode}"
