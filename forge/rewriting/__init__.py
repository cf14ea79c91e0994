"""Patterns and the driver that applies them.

A pattern is a class with one method; the class of operation it starts from stands in its base:

    class FuseReluIntoLinear(Pattern[aten.ReluOp]):
        # relu(x·Wᵀ + b)  →  linear(x, W, b) {activation = relu}

        def match_and_rewrite(self, op: aten.ReluOp, rewriter: Rewriter) -> None:
            if (linear := producer(op.input, transformer.LinearOp)) is None:
                return None
            if not linear.result.has_one_use():
                return rewriter.no_match(op, "the linear layer has other users")
            ...
            return rewriter.replace(op, fused)
"""

from forge.rewriting.culprit import Culprit, find_culprit
from forge.rewriting.driver import apply_patterns
from forge.rewriting.limit import RewriteLimit, limit_rewrites
from forge.rewriting.matching import (
    commuted,
    is_close,
    producer,
    scalar_constant,
    single_user,
    widened,
)
from forge.rewriting.pattern import Pattern, Rewriter
from forge.rewriting.report import (
    Firing,
    PatternStatistics,
    Refusal,
    RewriteReport,
    collect_rewrites,
)

__all__ = [
    "Culprit",
    "Firing",
    "Pattern",
    "PatternStatistics",
    "Refusal",
    "RewriteLimit",
    "RewriteReport",
    "Rewriter",
    "apply_patterns",
    "collect_rewrites",
    "commuted",
    "find_culprit",
    "is_close",
    "limit_rewrites",
    "producer",
    "scalar_constant",
    "single_user",
    "widened",
]
