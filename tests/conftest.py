"""What every test shares: a fixed seed, hypothesis profiles, no network."""

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from forge.backends.npu import NpuCompiler, find_toolchain

# Before transformers is imported: a test that would fetch a model must fail instead.
os.environ["HF_HUB_OFFLINE"] = "1"
if "PYTEST_XDIST_WORKER" in os.environ:
    # Several workers, each with as many threads as there are cores, slow each other down.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# Compiling a model has no steady duration, so no deadline. A CI run is repeatable; a run at a desk
# explores.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(autouse=True)
def _seed() -> None:
    # Only for tests that use torch already: those on text must not pay for its import.
    if (torch := sys.modules.get("torch")) is not None:
        torch.manual_seed(0)


@pytest.fixture(scope="session")
def npu_compiler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NpuCompiler]:
    """Intel's NPU compiler, which starts without results of other days."""
    if find_toolchain() is None:
        pytest.skip("no NPU compiler on this machine: `make npu-toolchain` sets it up")
    with NpuCompiler(workers=1, cache=tmp_path_factory.mktemp("npu")) as compiler:
        yield compiler
