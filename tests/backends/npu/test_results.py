"""Results on disk: what is kept, what is forgotten."""

import os
from pathlib import Path

import pytest

from forge.backends.npu.results import Compiled, Refusal, ResultCache
from forge.backends.npu.trace import read_schedule

TRACE = Path(__file__).with_name("small_trace.json").read_bytes()
SCHEDULE = read_schedule(TRACE, "NPU4000", 2)


def test_a_schedule_comes_back_whole(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    cache.store("key", Compiled(SCHEDULE, None))
    found = cache.find("key", with_blob=False)
    assert found == Compiled(SCHEDULE, None)
    assert isinstance(found, Compiled)
    assert found.schedule.trace == SCHEDULE.trace


def test_a_result_without_the_blob_that_is_wanted_does_not_count(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    cache.store("key", Compiled(SCHEDULE, None))
    assert cache.find("key", with_blob=True) is None
    cache.store("key", Compiled(SCHEDULE, b"blob"))
    assert cache.find("key", with_blob=True) == Compiled(SCHEDULE, b"blob")
    assert cache.find("key", with_blob=False) == Compiled(SCHEDULE, None)


def test_a_refusal_comes_back(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path)
    cache.store("key", Refusal("no", ("because",)))
    assert cache.find("key", with_blob=True) == Refusal("no", ("because",))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"layers": [{}]}', '{"message": 1}'])
def test_a_damaged_result_is_none(tmp_path: Path, content: str) -> None:
    cache = ResultCache(tmp_path)
    cache.store("key", Compiled(SCHEDULE, None))
    (tmp_path / "key.json").write_text(content)
    assert cache.find("key", with_blob=False) is None


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = ResultCache(tmp_path / "file" / "results")
    cache.store("key", Compiled(SCHEDULE, None))
    assert cache.find("key", with_blob=False) is None


def test_nothing_partial_stays(tmp_path: Path) -> None:
    ResultCache(tmp_path).store("key", Compiled(SCHEDULE, b"blob"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "key.blob",
        "key.json",
        "key.trace.gz",
    ]


def test_the_oldest_results_make_room(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, max_bytes=100_000)
    for age, key in enumerate(["oldest", "asked for", "newest"]):
        cache.store(key, Compiled(SCHEDULE, b"0" * 40_000))
        for path in tmp_path.glob(f"{key}.*"):
            os.utime(path, (age, age))
    assert cache.find("asked for", with_blob=True) is not None
    cache.store("last", Compiled(SCHEDULE, b"0" * 40_000))
    found = {key for key in ("oldest", "asked for", "newest", "last") if cache.find(key, True)}
    assert found == {"asked for", "last"}


def test_keys_depend_on_everything() -> None:
    keys = {
        ResultCache.key(model, {"NPU_PLATFORM": platform}, version)
        for model in ("a", "b")
        for platform in ("NPU3720", "NPU4000")
        for version in ("1", "2")
    }
    assert len(keys) == 8
