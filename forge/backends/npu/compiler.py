"""Intel's NPU compiler as a Python object: models in, blobs and predicted schedules out."""

from __future__ import annotations

import os
import queue
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from forge.backends.npu import model_files
from forge.backends.npu.charging import write_with_f16_results
from forge.backends.npu.errors import NpuCompilationError
from forge.backends.npu.model_files import Node
from forge.backends.npu.platforms import LEVELS, check_platform
from forge.backends.npu.results import Compiled, Refusal, ResultCache
from forge.backends.npu.schedule import Schedule
from forge.backends.npu.scratch import ScratchFolder
from forge.backends.npu.strategies import (
    READ,
    WRITTEN,
    Layer,
    better_strategies,
    followed,
    read_layers,
    strategies_text,
)
from forge.backends.npu.toolchain import Toolchain, npu_cache, require_toolchain
from forge.backends.npu.trace import read_schedule
from forge.backends.npu.worker import Answer, Verdict, Worker
from forge.targets.strategies_table import Strategy, StrategyTable

if TYPE_CHECKING:
    from forge.backends.openvino.bindings import Model

_MODE = "enable-schedule-trace=true optimization-level={level}"
_WRITE_STRATEGIES = " write-strategy-to-json=true"
_READ_STRATEGIES = " read-strategy-from-json=true"
_OUT_OF_MEMORY = ("bad alloc", "bad_alloc", "out of memory", "not enough memory")
_KILLED = -9
"""The status of a process that the system ended, as it does where memory is short."""


@dataclass(frozen=True)
class CompiledBlob:
    """A model that the NPU compiler took.

    Attributes:
        platform: for which NPU, such as `NPU4000`.
        level: at which optimization level.
        blob: what the NPU loads (`core.import_model`), where it was asked for.
        schedule: what the compiler predicts.
    """

    platform: str
    level: int
    blob: bytes | None
    schedule: Schedule


class NpuCompiler:
    """Compiles models for any generation of the NPU, with none on this machine.

    A model is compiled once: what the compiler said is kept on disk, also what it refuses. What
    took too long, or ran out of memory, is tried again when it is asked for again.

        with NpuCompiler() as compiler:
            schedule = compiler.compile(model, "NPU4000").schedule
            print(schedule.predicted_latency_us)

    Args:
        toolchain: the way to the compiler; that of this machine by default.
        workers: how many models are compiled at once; as many as there are processors by default.
        timeout: after so many seconds a compilation counts as failed.
        cache: the folder of results; the user's by default.

    Raises:
        NpuToolchainError: there is no compiler on this machine.
    """

    def __init__(
        self,
        toolchain: Toolchain | None = None,
        workers: int | None = None,
        timeout: float = 900.0,
        cache: Path | None = None,
    ) -> None:
        self._toolchain = toolchain or require_toolchain()
        self._timeout = timeout
        self._results = ResultCache(npu_cache() / "results" if cache is None else cache)
        self._threads = ThreadPoolExecutor(workers or os.cpu_count() or 1, "npu-compiler")
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        self._workers: list[Worker] = []
        self._lock = threading.Lock()
        self._scratch = ScratchFolder()

    def __enter__(self) -> NpuCompiler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give up what is not compiled yet, and end all processes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for worker in self._workers:
                worker.close()
        self._threads.shutdown(wait=True)
        self._scratch.close()

    def compile(
        self,
        model: Model | Path,
        platform: str,
        level: int | None = None,
        keep_blob: bool = False,
        strategies: StrategyTable | None = None,
        charged: bool = False,
    ) -> CompiledBlob:
        """Compile a model, and wait for it.

        Args:
            model: a model of OpenVINO with static shapes, or its `.xml` file. It is compiled as it
                is, its weights in the types they have.
            platform: one of `PLATFORMS`.
            level: the compiler's optimization level; by default the one of the platform's `LEVELS`
                that predicts the lower latency without the embedding.
            keep_blob: whether the result has the blob.
            strategies: how layers are better split than the compiler would by itself. It compiles
                the model first without them, to see what layers there are; the result is what it
                predicts to be faster, as far as it charges for what is done.
            charged: whether a program with matrix products that cost nothing is compiled again,
                just so, with results in f16, to be charged for them; the result is then the slower
                of the two. See `forge.backends.npu.charging`.

        Raises:
            ForgeError: there is no such platform, or the model cannot be read.
            NpuCompilationError: the compiler does not take the model, or does not come to an end.
        """
        return self.submit(model, platform, level, keep_blob, strategies, charged).result()

    def layers(self, model: Path, platform: str) -> tuple[list[Layer], dict[str, Node]]:
        """The layers that the compiler makes of a model, and the model's nodes.

        Args:
            model: its `.xml` file.
            platform: one of `PLATFORMS`; the layers are those of the first of its `LEVELS`.

        Raises:
            ForgeError: as `compile`.
        """
        platform = check_platform(platform)
        job = _Job(model, platform, LEVELS[platform][0], False, {}, strategies={})
        digest = model_files.digest(model)
        layers = self._threads.submit(self._answer, job, digest).result()[1]
        return layers, model_files.read_nodes(model)

    def submit(
        self,
        model: Model | Path,
        platform: str,
        level: int | None = None,
        keep_blob: bool = False,
        strategies: StrategyTable | None = None,
        charged: bool = False,
    ) -> Future[CompiledBlob]:
        """Compile a model in the background; what `compile` would return or raise.

        The model may be changed or dropped at once.
        """
        platform = check_platform(platform)
        if isinstance(model, Path):
            path, locations, folder = model, {}, None
        else:
            folder = Path(tempfile.mkdtemp(prefix="model-", dir=self._scratch.path))
            path = model_files.write_model(model, folder)
            locations = model_files.locations(model)
        jobs = [
            _Job(path, platform, wanted, keep_blob, locations, charged=charged)
            for wanted in (LEVELS[platform] if level is None else (level,))
        ]
        result = _best_of([self._threads.submit(self._run, job, strategies) for job in jobs])
        if folder is not None:
            result.add_done_callback(lambda _: shutil.rmtree(folder, ignore_errors=True))
        return result

    def _run(self, job: _Job, table: StrategyTable | None) -> CompiledBlob:
        """Compile a model, and with a table once more as that says; the better of the two."""
        digest = model_files.digest(job.model)
        if table is None:
            return self._judged(self._answer(job, digest)[0], job)
        job = replace(job, strategies={})
        own, layers = self._answer(job, digest)
        better = better_strategies(layers, model_files.read_nodes(job.model), table)
        if not better:
            return self._judged(own, job)
        nodes = {layer.node for layer in layers if layer.name in better}
        told_job = replace(job, strategies=better)
        try:
            told, layers = self._answer(told_job, digest)
            told = _with_schedule(told, strategies=followed(better, layers))
            ways = (own, job), (told, told_job)
            # Of how products that cost nothing are best split, their prediction says nothing.
            contested = not nodes.isdisjoint(own.schedule.uncharged_products)
            judged = self._charged(*ways) if contested else [own, told]
        except NpuCompilationError as error:
            # What is best for one program need not fit into another.
            reason = " ".join(error.message.split())
            return self._judged(_with_schedule(own, strategies_refused=reason), job)
        seconds = own.schedule.compile_seconds + told.schedule.compile_seconds
        judge, (best, job) = min(zip(judged, ways, strict=True), key=lambda each: _latency(each[0]))
        if contested and job.charged:
            return _with_schedule(judge, compile_seconds=seconds)
        return self._judged(_with_schedule(best, compile_seconds=seconds), job)

    def _judged(self, compiled: CompiledBlob, job: _Job) -> CompiledBlob:
        """What came of a job, charged for all its products if it is to be."""
        return self._charged((compiled, job))[0] if job.charged else compiled

    def _charged(self, *ways: tuple[CompiledBlob, _Job]) -> list[CompiledBlob]:
        """What came of jobs for one model, or of the same with results in f16 where that is slower.

        Raises:
            NpuCompilationError: the compiler does not take it so.
        """
        first, job = ways[0]
        if not first.schedule.uncharged_products:
            return [compiled for compiled, _ in ways]
        with tempfile.TemporaryDirectory(prefix="charged-", dir=self._scratch.path) as folder:
            twin = write_with_f16_results(job.model, Path(folder))
            digest = model_files.digest(twin)
            twins = [
                self._answer(replace(job, model=twin, keep_blob=False), digest)[0]
                for _, job in ways
            ]
        return [
            max(compiled, _told_as(compiled, other), key=_latency)
            for (compiled, _), other in zip(ways, twins, strict=True)
        ]

    def _answer(self, job: _Job, digest: str) -> tuple[CompiledBlob, list[Layer]]:
        """What the compiler makes of a job, and of which layers, if it is to say that.

        Args:
            digest: of the job's model.

        Raises:
            NpuCompilationError: it does not take the model.
        """
        key = ResultCache.key(
            digest,
            job.properties,
            self._toolchain.openvino_version,
            strategies_text(job.strategies) if job.strategies else "",
        )
        result = self._results.find(key, job.keep_blob)
        if result is None:
            result = self._with_worker(lambda worker: self._compile(worker, job, key))
        if isinstance(result, Refusal):
            raise job.error(result)
        schedule = result.schedule.located(job.locations)
        blob = CompiledBlob(job.platform, job.level, result.blob, schedule)
        return blob, read_layers(result.strategies)

    def _with_worker(self, work: Callable[[Worker], Compiled | Refusal]) -> Compiled | Refusal:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            with self._lock:
                worker = Worker(self._toolchain, self._timeout, self._scratch.path)
                self._workers.append(worker)
        try:
            return work(worker)
        finally:
            self._idle.put(worker)

    def _compile(self, worker: Worker, job: _Job, key: str) -> Compiled | Refusal:
        blob, written = worker.folder / "model.blob", worker.folder / WRITTEN
        written.unlink(missing_ok=True)
        if job.strategies:
            (worker.folder / READ).write_text(strategies_text(job.strategies))
        answer = worker.compile(job.model, job.properties, blob)
        if answer.verdict is Verdict.CRASHED:
            # Once more in a fresh process: the one before may have had its own reasons.
            answer = worker.compile(job.model, job.properties, blob)
        if answer.verdict is not Verdict.COMPILED:
            refusal = Refusal(answer.message, answer.log)
            if _is_lasting(answer):
                self._results.store(key, refusal)
            return refusal
        try:
            schedule = read_schedule(
                worker.trace.read_bytes(),
                job.platform,
                job.level,
                blob.stat().st_size,
                round(answer.seconds, 3),
                model_files.table_lookups(job.model),
            )
            result = Compiled(
                schedule,
                blob.read_bytes() if job.keep_blob else None,
                # A driver's compiler may be of a time that has no such file.
                written.read_bytes() if written.exists() else b"",
            )
        except FileNotFoundError as error:
            name = Path(error.filename).name
            return Refusal(f"it says that it is done, but has not written {name}", answer.log)
        finally:
            blob.unlink(missing_ok=True)
        self._results.store(key, result)
        return result


@dataclass(frozen=True)
class _Job:
    """A model to compile for one platform at one level.

    Attributes:
        strategies: how to split layers, by their names; `None` if the compiler need not even say
            how it does.
        charged: whether products that cost nothing are to be charged by a second compilation.
    """

    model: Path
    platform: str
    level: int
    keep_blob: bool
    locations: Mapping[str, str]
    strategies: Mapping[str, Strategy] | None = None
    charged: bool = False

    @property
    def properties(self) -> dict[str, str]:
        mode = _MODE.format(level=self.level)
        if self.strategies is not None:
            mode += _WRITE_STRATEGIES
        if self.strategies:
            mode += _READ_STRATEGIES
        return {
            "NPU_COMPILER_TYPE": "PLUGIN",
            "NPU_PLATFORM": self.platform,
            "NPU_COMPILATION_MODE_PARAMS": mode,
            # It then says which of its passes failed, and on what.
            "LOG_LEVEL": "LOG_ERROR",
        }

    def error(self, refusal: Refusal) -> NpuCompilationError:
        """What to raise, with the operation that the compiler speaks of."""
        said = "\n".join([refusal.message, *refusal.log])
        node = model_files.find_node(self.model, said)
        location = "" if node is None else self.locations.get(node, node)
        return NpuCompilationError(
            self.platform, self.level, refusal.message, refusal.log, location
        )


def _is_lasting(answer: Answer) -> bool:
    """Whether the same model would fail again, also on a machine that has more time and memory."""
    if answer.verdict is Verdict.TIMED_OUT or _lacked_memory(answer):
        return False
    return answer.verdict is Verdict.REFUSED or answer.exit_status not in (None, _KILLED)


def _lacked_memory(answer: Answer) -> bool:
    said = " ".join([answer.message, *answer.log]).lower()
    return any(words in said for words in _OUT_OF_MEMORY)


def _best_of(attempts: Sequence[Future[CompiledBlob]]) -> Future[CompiledBlob]:
    """What the best of some compilations gives when all have ended; the first error if none did."""
    best: Future[CompiledBlob] = Future()
    lock = threading.Lock()
    open_attempts = set(attempts)

    def settle(attempt: Future[CompiledBlob]) -> None:
        with lock:
            open_attempts.discard(attempt)
            if open_attempts or best.done():
                return
            if any(a.cancelled() for a in attempts):
                best.cancel()
                best.set_running_or_notify_cancel()
                return
            results = [a.result() for a in attempts if a.exception() is None]
            if results:
                best.set_result(min(results, key=_latency))
            else:
                best.set_exception(attempts[0].exception())

    for attempt in attempts:
        attempt.add_done_callback(settle)
    return best


def _with_schedule(compiled: CompiledBlob, **changes: Any) -> CompiledBlob:
    return replace(compiled, schedule=replace(compiled.schedule, **changes))


def _told_as(compiled: CompiledBlob, twin: CompiledBlob) -> CompiledBlob:
    """The twin of a program, with what became of its table and how long that took."""
    own = compiled.schedule
    return _with_schedule(
        twin,
        strategies=own.strategies,
        strategies_refused=own.strategies_refused,
        compile_seconds=own.compile_seconds,
    )


def _latency(compiled: CompiledBlob) -> float:
    return compiled.schedule.predicted_latency_without_embedding_us
