"""The search, on a space whose fitness is known: no compiler, no model."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forge.errors import ForgeError
from forge.tuning.graph import CandidateGraph, Evaluation, Node
from forge.tuning.search import Budget, ChangeFields, GeometricSelection, Search
from forge.tuning.session import confirmed, simplified, tune
from forge.tuning.space import Candidate, Site, Space, Values


def even_slices(values: Values) -> bool:
    return int(values.get("up", 1)) % int(values.get("down", 1)) == 0


SPACE = Space(
    [
        Site("mlp", {"up": (1, 2, 4, 8), "down": (1, 2, 4, 8)}, even_slices),
        Site("linear", {"columns": (False, True), "unused": ("a", "b", "c")}, lambda _: True),
        Site("norm", {"scale": ("own",)}, lambda _: True),
    ]
)
BEST = Candidate.of({"mlp": {"up": 4, "down": 2}, "linear": {"columns": True}})


class FakeFitness:
    """Likes `BEST`; `unused` makes no difference, and eight parts do not compile.

    Attributes:
        batches: what it was asked for.
    """

    def __init__(self) -> None:
        self.batches: list[list[Candidate]] = []

    def evaluate(self, candidates: Sequence[Candidate]) -> Sequence[Evaluation]:
        self.batches.append(list(candidates))
        return [self._evaluate(candidate) for candidate in candidates]

    def _evaluate(self, candidate: Candidate) -> Evaluation:
        mlp, linear = candidate.at("mlp"), candidate.at("linear")
        if 8 in mlp.values():
            return Evaluation(0.0, message="too many parts")
        fitness = 100.0
        fitness -= 5 * abs(int(mlp.get("up", 1)) - 4) + 5 * abs(int(mlp.get("down", 1)) - 2)
        fitness += 10 * bool(linear.get("columns"))
        # What makes the same program has the same fitness.
        return Evaluation(fitness, 1e6 / fitness, program=f"{mlp} {linear.get('columns')}")


def nothing(graph: CandidateGraph) -> None:
    """Shows nothing."""


def search(budget: int, seed: int = 0, **options: object) -> tuple[Search, FakeFitness]:
    fitness = FakeFitness()
    return Search(SPACE, fitness, Budget(budget), seed=seed, **options), fitness  # type: ignore[arg-type]


def nodes_after(budget: int, seed: int = 0) -> list[Node]:
    graph = CandidateGraph()
    search(budget, seed)[0].run(graph, nothing)
    return graph.nodes


@pytest.mark.parametrize("seed", range(4))
def test_the_best_is_found(seed: int) -> None:
    graph = CandidateGraph()
    tuned = tune(search(26, seed)[0], graph, "a fake", nothing)
    assert tuned.best == BEST
    assert tuned.default.fitness == 80
    assert tuned.evaluation.fitness == 110
    assert tuned.found == "a fake: 9091 µs instead of 12500"
    assert tuned.ratio == pytest.approx(80 / 110)


def test_the_default_is_tried_first_and_alone() -> None:
    (first, *others) = nodes_after(8)
    assert (first.number, first.parent, first.candidate) == (0, None, Candidate())
    assert all(node.parent is not None for node in others)


def test_nothing_is_tried_twice_and_nothing_that_a_site_does_not_admit() -> None:
    candidates = [node.candidate for node in nodes_after(26)]
    assert len(set(candidates)) == len(candidates)
    assert all(SPACE.admits(candidate) for candidate in candidates)


def test_parents_were_worth_something() -> None:
    nodes = nodes_after(26)
    assert all(nodes[n.parent].fitness > 0 for n in nodes if n.parent is not None)


def test_the_budget_counts_programs() -> None:
    graph = CandidateGraph()
    search(10)[0].run(graph, nothing)
    assert graph.tried == 10
    assert len(graph.nodes) > 10


def test_a_search_ends_when_nothing_is_left() -> None:
    graph = CandidateGraph()
    one = Space([Site("linear", {"columns": (False, True)}, lambda _: True)])
    Search(one, FakeFitness(), Budget(50)).run(graph, nothing)
    assert len(graph.nodes) == 2
    graph = CandidateGraph()
    Search(Space([]), FakeFitness(), Budget(50)).run(graph, nothing)
    assert len(graph.nodes) == 1


@given(st.integers(0, 1000))
def test_the_same_seed_does_the_same(seed: int) -> None:
    assert nodes_after(12, seed) == nodes_after(12, seed)


def test_another_seed_does_something_else() -> None:
    assert nodes_after(12, 1) != nodes_after(12, 2)


@pytest.mark.parametrize("stop", range(1, 5))
def test_an_interrupted_search_goes_on_as_if_it_were_not(tmp_path: Path, stop: int) -> None:
    path = tmp_path / "log.jsonl"

    def interrupt(graph: CandidateGraph) -> None:
        batches.append(len(graph.nodes))
        if len(batches) > stop:
            raise KeyboardInterrupt

    batches: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        search(16)[0].run(CandidateGraph.open(path, {"model": "m"}), interrupt)
    # It may be interrupted while it writes.
    with path.open("a") as file:
        file.write('[{"number": 5, "par')
    graph = CandidateGraph.open(path, {"model": "m"})
    assert len(graph.nodes) == batches[-1]
    again, fitness = search(16)
    again.run(graph, nothing)
    assert graph.nodes == nodes_after(16)
    assert sum(map(len, fitness.batches)) == len(graph.nodes) - batches[-1]
    assert CandidateGraph.open(path, {"model": "m"}).nodes == graph.nodes


def test_a_log_is_of_one_search(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    CandidateGraph.open(path, {"seed": 1})
    with pytest.raises(ForgeError, match="another search"):
        CandidateGraph.open(path, {"seed": 2})


@pytest.mark.parametrize("line", ["no JSON", "[1]", "[{}]"])
def test_a_damaged_log_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "log.jsonl"
    CandidateGraph.open(path, {})
    with path.open("a") as file:
        file.write(f"{line}\n[]\n")
    with pytest.raises(ForgeError, match="not the log of a search"):
        CandidateGraph.open(path, {})


def test_a_log_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ForgeError, match="cannot use"):
        CandidateGraph.open(tmp_path / "file" / "log.jsonl", {})


def test_a_log_is_lines_of_json(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    search(6)[0].run(CandidateGraph.open(path, {"model": "m"}), nothing)
    header, *batches = map(json.loads, path.read_text().splitlines())
    assert header == {"search": {"model": "m"}}
    assert [node["candidate"] for node in batches[0]] == [[]]


def test_what_brings_nothing_is_left_out() -> None:
    graph, fitness = CandidateGraph(), FakeFitness()
    candidate = SPACE.change(BEST, "linear", "unused", "b")
    (node,) = graph.add([(None, candidate, fitness.evaluate([candidate])[0])])
    assert simplified(node, fitness, graph).candidate == BEST


def test_small_gains_that_do_not_carry_over_are_not_confirmed() -> None:
    tuned = tune(search(26)[0], CandidateGraph(), "two layers", nothing)

    class Whole(FakeFitness):
        def _evaluate(self, candidate: Candidate) -> Evaluation:
            return Evaluation(50.0 if candidate == BEST else 60.0, 1.0, program=str(candidate))

    assert confirmed(tuned, [], Whole(), "all layers").best == Candidate()


def test_where_nothing_is_worth_anything_the_reason_is_said() -> None:
    class Refusing(FakeFitness):
        def _evaluate(self, candidate: Candidate) -> Evaluation:
            return Evaluation(0.0, message="the compiler says no")

    searching = Search(SPACE, Refusing(), Budget(3))
    with pytest.raises(ForgeError, match=r"none of 3 candidates .*: the compiler says no"):
        tune(searching, CandidateGraph(), "a fake", nothing)


def test_selection_prefers_the_best_and_knows_the_others() -> None:
    graph, random = CandidateGraph(nodes=nodes_after(16)), Random(0)
    chosen = [GeometricSelection().select(graph, random).number for _ in range(400)]
    ranking = [node.number for node in graph.ranking]
    assert 150 < chosen.count(ranking[0]) < 250
    assert 60 < chosen.count(ranking[1]) < 140
    assert len(set(chosen)) > 4


def proposals(count: int) -> Iterator[Candidate]:
    random, root = Random(0), Node(0, None, Candidate(), Evaluation(1.0))
    for _ in range(count):
        yield ChangeFields().propose(root, SPACE, random)


def test_proposals_reach_all_fields() -> None:
    found = {choice[:2] for candidate in proposals(200) for choice in candidate.choices}
    assert found == {(site, name) for site, name, _ in SPACE.choices}


def test_a_default_is_no_choice() -> None:
    changed = SPACE.change(Candidate(), "mlp", "up", 4)
    assert changed.choices == (("mlp", "up", 4),)
    assert SPACE.change(changed, "mlp", "up", 1) == Candidate()
