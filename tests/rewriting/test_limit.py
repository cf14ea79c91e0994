"""A limit on rewrites: the first ones happen, in order, and nothing after them is tried."""

import pytest

from forge.rewriting import apply_patterns, collect_rewrites, limit_rewrites
from tests.rewriting.test_driver import CancelNegations, chain, names


@pytest.mark.parametrize(("allowed", "left"), [(0, 8), (1, 6), (3, 2), (4, 0), (9, 0)])
def test_only_the_first_rewrites_happen(allowed: int, left: int) -> None:
    module = chain(8)
    with limit_rewrites(allowed) as limit:
        report = apply_patterns(module, [CancelNegations()])
    assert names(module).count("aten.neg") == left
    assert report.matched("CancelNegations") == limit.done == min(allowed, 4)
    assert limit.reached == (allowed <= 4)


def test_a_limit_is_for_all_passes_together() -> None:
    first, second = chain(4), chain(4)
    with limit_rewrites(3), collect_rewrites() as report:
        apply_patterns(first, [CancelNegations()])
        apply_patterns(second, [CancelNegations()])
    assert len(report.fired) == 3
    assert (names(first).count("aten.neg"), names(second).count("aten.neg")) == (0, 2)


def test_without_a_limit_there_is_none_afterwards() -> None:
    with limit_rewrites(0):
        pass
    assert apply_patterns(chain(4), [CancelNegations()]).matched("CancelNegations") == 2


def test_a_firing_names_the_operation_that_it_started_from() -> None:
    report = apply_patterns(chain(2), [CancelNegations()])
    assert [firing.op_name for firing in report.fired] == ["aten.neg"]
