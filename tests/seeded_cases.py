"""The bugs of `seeded_bugs.py`, each in a pipeline and on a model that shows it."""

from dataclasses import dataclass
from pathlib import Path

from forge.passes import DEFAULT_PIPELINE
from forge.plugins import load_pass_plugin

PLUGIN = Path(__file__).with_name("seeded_bugs.py")


@dataclass(frozen=True)
class SeededCase:
    """One bug.

    Attributes:
        bug: the pass, without `seeded-`.
        pattern: the wrong pattern.
        model: of the zoo.
        layers: how many layers of it.
        pipeline: the passes, with `BUG` for the wrong one.
        numbers: whether it shows in numbers; others show as failures.
        attention: how transformers computes it.
    """

    bug: str
    pattern: str
    model: str
    layers: int
    pipeline: str
    numbers: bool
    attention: str = "eager"

    @property
    def passes(self) -> str:
        """The pipeline as the tools take it."""
        return self.pipeline.replace("BUG", self.pass_name)

    @property
    def pass_name(self) -> str:
        """The name of the wrong pass."""
        return f"seeded-{self.bug}"


_EARLY = "eliminate-common-subexpressions,BUG,simplify"
_LATE = f"{DEFAULT_PIPELINE},BUG,eliminate-dead-code"

CASES = (
    SeededCase("wrong-permutation", "FoldKeyTranspose", "qwen2-0.5b", 1, _EARLY, True),
    SeededCase("missing-guard", "ScaleAddmm", "gpt2", 2, _EARLY, True),
    SeededCase("wrong-axis", "CountAxisFromFront", "gpt2", 2, _EARLY, True),
    SeededCase("dropped-scale", "ForgetScale", "qwen2-0.5b", 1, _EARLY, True),
    SeededCase("off-by-one", "SplitToSlices", "gpt2", 2, _EARLY, True),
    SeededCase("lost-residual", "ForgetResidual", "qwen2-0.5b", 1, _LATE, True),
    SeededCase("ignored-type", "SkipAnyCast", "qwen2-0.5b", 1, _EARLY, False),
    SeededCase("crash-on-vectors", "PreferWideRows", "gpt2", 2, _EARLY, False),
    SeededCase("invalid-program", "NormalizeView", "gpt2", 2, _EARLY, False),
    SeededCase("endless", "SwapFactors", "qwen2-0.5b", 1, _EARLY, False),
)

load_pass_plugin(PLUGIN)
