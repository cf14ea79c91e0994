"""The application to blame: whichever it is, and whatever it does wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from forge.dialects import aten
from forge.errors import ForgeError
from forge.ir.text import parse_module
from forge.rewriting import (
    Culprit,
    Pattern,
    Rewriter,
    apply_patterns,
    collect_rewrites,
    find_culprit,
    limit_rewrites,
)

T = "tensor<2xf32>"


def chain(*names: str) -> ModuleOp:
    lines = [f"%{i + 1} = aten.{name} %{i} : ({T}) -> {T}" for i, name in enumerate(names)]
    body = "\n".join(lines).replace("%0 ", "%x ")
    return parse_module(
        f"func.func @main(%x: {T}) -> {T} {{\n{body}\nfunc.return %{len(names)} : {T}\n}}",
        "chain.mlir",
    )


class SinToCos(Pattern[aten.SinOp]):
    # sin(x)  →  cos(x)

    def match_and_rewrite(self, op: aten.SinOp, rewriter: Rewriter) -> None:
        rewriter.replace(op, aten.CosOp(op.input))


class ExpToTan(Pattern[aten.ExpOp]):
    # exp(x)  →  tan(x)

    def match_and_rewrite(self, op: aten.ExpOp, rewriter: Rewriter) -> None:
        rewriter.replace(op, aten.TanOp(op.input))


class FailOnNeg(Pattern[aten.NegOp]):
    def match_and_rewrite(self, op: aten.NegOp, rewriter: Rewriter) -> None:
        raise ForgeError("no negations, please", op=op)


PATTERNS = (SinToCos(), ExpToTan(), FailOnNeg())


def blame(module: ModuleOp, wrong: str) -> Culprit | None:
    """What makes `wrong` appear in the program, or a pattern fail."""

    def is_wrong() -> bool:
        candidate = module.clone()
        try:
            apply_patterns(candidate, PATTERNS)
        except ForgeError:
            return True
        return any(op.name == wrong for op in candidate.walk())

    return find_culprit(is_wrong)


@settings(max_examples=60, deadline=None)
@given(before=st.integers(0, 9), after=st.integers(0, 9))
def test_it_is_found_among_any_number_of_right_ones(before: int, after: int) -> None:
    culprit = blame(chain(*["sin"] * before, "exp", *["sin"] * after), "aten.tan")
    assert culprit is not None
    assert (culprit.number, culprit.total) == (before + 1, before + after + 1)
    assert culprit.firing.pattern == "ExpToTan"
    assert culprit.firing.op_name == "aten.exp"


@settings(max_examples=30, deadline=None)
@given(before=st.integers(0, 9))
def test_one_that_raises_an_error_is_the_last(before: int) -> None:
    culprit = blame(chain(*["sin"] * before, "neg", "exp"), "nothing")
    assert culprit is not None
    assert (culprit.number, culprit.total) == (before + 1, before + 1)
    assert culprit.firing.pattern == "FailOnNeg"
    assert str(culprit.firing) == f"FailOnNeg at chain.mlir:{before + 2}:1"


def test_there_is_none_where_nothing_is_wrong_or_everything() -> None:
    assert blame(chain("sin", "exp"), "aten.neg") is None
    assert blame(chain("sin", "cos"), "aten.cos") is None


def test_what_happened_before_an_error_is_known() -> None:
    with collect_rewrites(), limit_rewrites(10) as limit, pytest.raises(ForgeError):
        apply_patterns(chain("sin", "sin", "neg"), PATTERNS)
    assert [firing.pattern for firing in limit.fired] == ["SinToCos", "SinToCos"]
    assert limit.trying is not None
    assert limit.trying.op_name == "aten.neg"
