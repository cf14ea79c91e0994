"""The driver: what is tried, what is erased, which locations survive, and that it ends."""

from collections.abc import Callable

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from forge.dialects import aten, transformer
from forge.errors import ForgeError
from forge.ir.attributes import to_attribute
from forge.ir.locations import describe_location, make_location
from forge.ir.text import parse_module
from forge.ir.verifier import verify_module
from forge.rewriting import Pattern, Rewriter, apply_patterns, collect_rewrites, producer

NEGATIONS = """
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = aten.neg %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = aten.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = aten.relu %1 : (tensor<4xf32>) -> tensor<4xf32>
  func.return %2 : tensor<4xf32>
}
"""


def chain(length: int, operator: str = "aten.neg") -> ModuleOp:
    lines = [
        f"%{i} = {operator} %{i - 1 if i else 'x'} : (tensor<4xf32>) -> tensor<4xf32>"
        for i in range(length)
    ]
    return parse_module(
        "func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {\n"
        + "\n".join(lines)
        + f"\nfunc.return %{length - 1} : tensor<4xf32>\n}}"
    )


def body(module: ModuleOp) -> list[Operation]:
    function = module.body.block.first_op
    assert isinstance(function, FuncOp)
    return list(function.body.block.ops)


def names(module: ModuleOp) -> list[str]:
    return [op.name for op in body(module)]


class CancelNegations(Pattern[aten.NegOp]):
    # −(−x)  →  x

    def match_and_rewrite(self, op: aten.NegOp, rewriter: Rewriter) -> None:
        if (inner := producer(op.input, aten.NegOp)) is None:
            return rewriter.no_match(op, "what is negated is not negated")
        return rewriter.replace(op, inner.input)


class FuseReluOfNegation(Pattern[aten.ReluOp]):
    # relu(−x)  →  abs(x), which is wrong but easy to see

    def match_and_rewrite(self, op: aten.ReluOp, rewriter: Rewriter) -> None:
        if (inner := producer(op.input, aten.NegOp)) is None:
            return None
        if not inner.result.has_one_use():
            return rewriter.no_match(op, "the negation has other users")
        return rewriter.replace(op, aten.AbsOp(inner.input))


def test_a_pattern_knows_its_roots() -> None:
    class Union(Pattern[aten.ReluOp | aten.SiluOp]):
        def match_and_rewrite(self, op: Operation, rewriter: Rewriter) -> None: ...

    assert CancelNegations.roots == (aten.NegOp,)
    assert Union.roots == (aten.ReluOp, aten.SiluOp)


def test_what_is_dead_after_a_match_is_erased() -> None:
    module = parse_module(NEGATIONS)
    report = apply_patterns(module, [CancelNegations()])
    verify_module(module)
    assert names(module) == ["aten.relu", "func.return"]
    assert report.matched("CancelNegations") == 1


def test_what_has_other_users_is_not_erased() -> None:
    module = parse_module(
        """
        func.func @main(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
          %0 = aten.neg %x : (tensor<4xf32>) -> tensor<4xf32>
          %1 = aten.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
          func.return %0, %1 : tensor<4xf32>, tensor<4xf32>
        }
        """
    )
    apply_patterns(module, [CancelNegations()])
    assert names(module) == ["aten.neg", "func.return"]


def test_what_is_made_carries_the_locations_of_all_that_it_replaces() -> None:
    module = parse_module(NEGATIONS)
    for op, node in zip(body(module), ("neg", "neg_1", "relu"), strict=False):
        op.location = make_location(node, "layer.0", "model.py", 7)
    report = apply_patterns(module, [FuseReluOfNegation()])
    first, fused, _ = body(module)
    where = "neg_1, relu in layer.0 (model.py:7)"
    assert describe_location(first.location) == "neg in layer.0 (model.py:7)"
    assert describe_location(fused.location) == where
    assert [str(firing) for firing in report.fired] == [f"FuseReluOfNegation at {where}"]


def test_a_refusal_says_where_and_why() -> None:
    module = chain(1)
    body(module)[0].location = make_location("neg", "layer.0", "model.py", 7)
    (refusal,) = apply_patterns(module, [CancelNegations()]).refused
    assert refusal.reason == "what is negated is not negated"
    assert str(refusal) == (
        "CancelNegations: aten.neg at neg in layer.0 (model.py:7): what is negated is not negated"
    )


def test_what_matched_in_the_end_was_not_refused() -> None:
    # The relu is tried first while the negation has two users; the other one then goes.
    module = parse_module(
        """
        func.func @main(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
          %0 = aten.neg %x : (tensor<4xf32>) -> tensor<4xf32>
          %1 = aten.relu %0 : (tensor<4xf32>) -> tensor<4xf32>
          %2 = aten.neg %0 : (tensor<4xf32>) -> tensor<4xf32>
          func.return %1, %2 : tensor<4xf32>, tensor<4xf32>
        }
        """
    )
    report = apply_patterns(module, [CancelNegations(), FuseReluOfNegation()])
    assert names(module) == ["aten.abs", "func.return"]
    assert [refusal.pattern for refusal in report.refused] == []


def test_the_earlier_pattern_is_tried_first() -> None:
    class AlsoCancelNegations(CancelNegations, Pattern[aten.NegOp]):
        pass

    report = apply_patterns(parse_module(NEGATIONS), [CancelNegations(), AlsoCancelNegations()])
    assert (report.matched("CancelNegations"), report.matched("AlsoCancelNegations")) == (1, 0)


def test_reports_are_collected_and_blocks_nest() -> None:
    with collect_rewrites() as outer:
        apply_patterns(chain(2), [CancelNegations()])
        with collect_rewrites() as inner:
            apply_patterns(chain(4), [CancelNegations()])
    apply_patterns(chain(6), [CancelNegations()])
    assert inner.matched("CancelNegations") == 2
    assert outer.matched("CancelNegations") == 3
    assert outer.statistics("CancelNegations").seconds > 0
    assert outer.statistics("CancelNegations").attempted >= 6


def test_the_work_is_linear_in_the_operations() -> None:
    def attempts(length: int) -> int:
        report = apply_patterns(chain(length), [CancelNegations()])
        return report.statistics("CancelNegations").attempted

    assert attempts(800) <= 2 * attempts(400) + 8


def test_operations_that_no_pattern_starts_from_are_not_tried() -> None:
    report = apply_patterns(chain(50, "aten.abs"), [CancelNegations()])
    assert report.statistics("CancelNegations").attempted == 0


def test_an_operation_may_be_changed_in_place() -> None:
    class FlipLayout(Pattern[transformer.LinearOp]):
        def match_and_rewrite(self, op: transformer.LinearOp, rewriter: Rewriter) -> None:
            if op.get("transpose_weight"):
                op.properties["transpose_weight"] = to_attribute(False)
                rewriter.modified(op)

    type = "tensor<4x4xf32>"
    module = parse_module(
        f"func.func @main(%x: {type}) -> {type} {{\n"
        f"%0 = transformer.linear %x, %x : ({type}, {type}) -> {type}\n"
        f"func.return %0 : {type}\n}}"
    )
    assert apply_patterns(module, [FlipLayout()]).matched("FlipLayout") == 1


class NegateForever(Pattern[aten.NegOp]):
    def match_and_rewrite(self, op: aten.NegOp, rewriter: Rewriter) -> None:
        rewriter.replace(op, aten.NegOp(op.input))


class ReplaceByHalves(Pattern[aten.NegOp]):
    def match_and_rewrite(self, op: aten.NegOp, rewriter: Rewriter) -> None:
        rewriter.replace(op, aten.UnsqueezeOp(op.input, 0))


class MakeNonsense(Pattern[aten.NegOp]):
    def match_and_rewrite(self, op: aten.NegOp, rewriter: Rewriter) -> None:
        rewriter.replace(op, transformer.LinearOp(op.input, op.input))


class MakeNonsenseTooLate(MakeNonsense, Pattern[aten.NegOp]):
    def match_and_rewrite(self, op: aten.NegOp, rewriter: Rewriter) -> None:
        rewriter.insert(aten.AbsOp(op.input), before=op)
        super().match_and_rewrite(op, rewriter)


def test_what_a_new_operation_does_not_admit_is_a_reason() -> None:
    module = chain(1)
    report = apply_patterns(module, [MakeNonsense()])
    assert [refusal.reason for refusal in report.refused] == [
        "weight must have two dimensions, got tensor<4xf32>"
    ]
    assert names(module) == ["aten.neg", "func.return"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        (NegateForever, "do not come to an end: NegateForever matched once more"),
        (ReplaceByHalves, r"ReplaceByHalves: .*result #0 of type tensor<4xf32> is replaced by"),
        (MakeNonsenseTooLate, "MakeNonsenseTooLate stopped half-way: weight must have two dim"),
    ],
)
def test_a_broken_pattern_is_named(pattern: Callable[[], Pattern], message: str) -> None:
    module = parse_module(NEGATIONS)
    body(module)[0].location = make_location("neg", "layer.0", "model.py", 7)
    with pytest.raises(ForgeError, match=message) as error:
        apply_patterns(module, [pattern()])
    assert "neg in layer.0 (model.py:7)" in str(error.value) or pattern is NegateForever
