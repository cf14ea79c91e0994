"""The search: what it finds, that it ends, and that it finds the same again."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from forge.errors import ForgeError
from forge.ir.text import parse_module, print_module
from forge.ir.verifier import verify_module
from forge.reducing import Interest, Trials, reduce_program, search

UNARY = ("abs", "cos", "exp", "neg", "relu", "sin", "tanh")


def chain(names: list[str]) -> ModuleOp:
    """A program that applies one operation after the other."""
    lines = [
        f"%{i + 1} = aten.{name} %{i} : (tensor<4x6xf32>) -> tensor<4x6xf32>"
        for i, name in enumerate(names)
    ]
    body = "\n".join(lines).replace("%0", "%x")
    result = f"%{len(names)}" if names else "%x"
    return parse_module(
        f"func.func @main(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {{\n{body}\n"
        f"func.return {result} : tensor<4x6xf32>\n}}"
    )


@dataclass
class Mentions(Interest):
    """Its text has these words, in this order; everything that is asked about must be valid."""

    words: tuple[str, ...]
    asked: int = 0

    @property
    def absence(self) -> str:
        return f"does not mention {self.words}"

    def __call__(self, module: ModuleOp) -> bool:
        verify_module(module)
        self.asked += 1
        return re.search(".*".join(self.words), print_module(module), re.DOTALL) is not None


def test_what_is_not_needed_goes() -> None:
    trials = reduce_program(chain(["abs", "neg", "sin", "cos", "exp"]), Mentions(("neg", "cos")))
    assert [op.name for op in trials.best.walk()][2:-1] == ["aten.neg", "aten.cos"]
    assert trials.size.operations == 2
    # No value has more than one element, and none is returned.
    assert trials.size.elements == 3


def test_each_program_is_asked_about_once() -> None:
    interest = Mentions(("sin",))
    trials = reduce_program(chain(["abs", "neg", "sin", "cos"]), interest)
    assert trials.made == interest.asked


def test_the_program_stays_as_it_is() -> None:
    module = chain(["abs", "sin"])
    text = print_module(module)
    reduce_program(module, Mentions(("sin",)))
    assert print_module(module) == text


def test_a_program_that_is_not_interesting_is_refused() -> None:
    with pytest.raises(ForgeError, match=r"the whole program does not mention \('sin',\)"):
        reduce_program(chain(["abs"]), Mentions(("sin",)))


def test_the_reductions_that_found_something_are_reported() -> None:
    found: list[str] = []
    trials = Trials(chain(["abs", "sin"]), Mentions(("sin",)))
    search(trials, lambda name, _: found.append(name))
    assert "operations" in found
    assert "regions" not in found


@settings(max_examples=30, deadline=None)
@given(names=st.lists(st.sampled_from(UNARY), min_size=1, max_size=12), data=st.data())
def test_exactly_what_is_needed_stays(names: list[str], data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(names) - 1), min_size=1))
    words = tuple(rf"aten\.{names[place]} " for place in sorted(places))
    runs = [reduce_program(chain(names), Mentions(words)) for _ in range(2)]
    assert runs[0].size.operations == len(words)
    assert print_module(runs[0].best) == print_module(runs[1].best)
    assert runs[0].made == runs[1].made


def test_what_was_found_stays_when_it_is_interrupted() -> None:
    @dataclass
    class Impatient(Mentions):
        def __call__(self, module: ModuleOp) -> bool:
            if self.asked == 6:
                raise KeyboardInterrupt
            return super().__call__(module)

    trials = Trials(chain(["abs", "neg", "sin", "cos"]), Impatient(("sin",)))
    size = trials.size
    with pytest.raises(KeyboardInterrupt):
        search(trials)
    assert trials.size < size
    assert "aten.sin" in print_module(trials.best)
