"""Real architectures: every block is recognised, and the numbers stay."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest
import torch
from torch import nn

from forge import zoo
from forge.importer import ImportedProgram, capture, import_program
from forge.interpreters import run
from forge.passes import DEFAULT_PIPELINE
from forge.rewriting import RewriteReport
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

FAMILIES = ["gpt2", "granite-350m", "qwen2-0.5b", "llama-3.2-1b", "lfm2-2.6b", "llama-3.1-8b"]
OTHERS = ["bert-base", "vit-base"]


@dataclass(frozen=True)
class Compiled:
    """A model after the default pipeline."""

    model: nn.Module
    program: ImportedProgram
    report: RewriteReport
    before: torch.Tensor | None
    after: torch.Tensor | None

    @property
    def found(self) -> Counter[str]:
        """How many operations there are of each name."""
        return Counter(op.name for op in self.program.module.walk())

    def modules(self, suffix: str) -> int:
        """How many modules of the model have a class whose name ends so."""
        return sum(type(module).__name__.endswith(suffix) for module in self.model.modules())

    def has_aten(self, *names: str) -> bool:
        """Whether one of these operators is left."""
        return any(self.found[f"aten.{name}"] for name in names)


def compiled(
    model: nn.Module, inputs: tuple[torch.Tensor, ...], *, compute: bool = True
) -> Compiled:
    """Apply the default pipeline, and compute the model's answer before and after."""
    program = import_program(capture(model, inputs))
    before = run(program.module, program.weights, list(inputs))[0] if compute else None
    report = apply(program.module, DEFAULT_PIPELINE)
    after = run(program.module, program.weights, list(inputs))[0] if compute else None
    return Compiled(model, program, report, before, after)


@cache
def tiny(name: str, dtype: torch.dtype = torch.float32) -> Compiled:
    # Three layers, so that LFM2 has one with attention.
    return compiled(*tiny_model(name, layers=3, dtype=dtype))


def assert_same_numbers(model: Compiled) -> None:
    assert model.before is not None and model.after is not None
    torch.testing.assert_close(model.after, model.before, rtol=0, atol=1e-5)


@pytest.mark.parametrize("layers", [2, 12])
def test_gpt2_is_recognised_completely(layers: int) -> None:
    # Of all twelve layers only the graph is looked at: no weight is allocated.
    given = layers == 2
    zoo_model = zoo.build("gpt2", layers=layers, tokens=16, weights="given" if given else "fake")
    gpt2 = compiled(zoo_model.module, zoo_model.example_args, compute=given)
    found = gpt2.found
    assert found["transformer.attention"] == gpt2.modules("Attention") == layers
    assert found["transformer.mlp"] == gpt2.modules("MLP") == layers
    assert found["transformer.layer_norm"] == gpt2.modules("LayerNorm") == 2 * layers + 1
    assert found["transformer.embedding"] == gpt2.modules("Embedding") == 2
    # The projections of attention, one in front and one behind, and the language model's head.
    assert found["transformer.linear"] == 2 * layers + 1
    assert not gpt2.has_aten("linear", "addmm", "layer_norm", "embedding", "gelu", "tanh")
    assert not gpt2.has_aten("scaled_dot_product_attention", "pow.Tensor_Scalar", "dropout")
    if given:
        assert_same_numbers(gpt2)


@pytest.mark.parametrize("layers", [2, 6])
def test_minilm_is_recognised_completely(layers: int) -> None:
    zoo_model = zoo.build("minilm", layers=layers)
    minilm = compiled(zoo_model.module, zoo_model.example_args)
    found = minilm.found
    assert found["transformer.attention"] == minilm.modules("SelfAttention") == layers
    assert found["transformer.mlp"] == minilm.modules("BertIntermediate") == layers
    assert found["transformer.layer_norm"] == minilm.modules("LayerNorm") == 2 * layers + 1
    assert found["transformer.embedding"] == minilm.modules("Embedding") == 3
    # Queries, keys, values and the output; the pooler's layer is dead.
    assert found["transformer.linear"] == 4 * layers
    assert not minilm.has_aten("linear", "layer_norm", "embedding", "gelu", "tanh", "dropout")
    assert not minilm.has_aten("scaled_dot_product_attention")
    assert_same_numbers(minilm)


@pytest.mark.parametrize("name", FAMILIES + OTHERS)
def test_an_architecture_keeps_its_numbers(name: str) -> None:
    model = tiny(name)
    assert_same_numbers(model)
    assert not model.has_aten("linear", "addmm", "layer_norm", "embedding", "dropout")
    assert not model.has_aten("scaled_dot_product_attention")


@pytest.mark.parametrize("name", ["gpt2", "llama-3.2-1b", "bert-base"])
def test_written_out_attention_keeps_its_numbers(name: str) -> None:
    model = compiled(*tiny_model(name, attention="eager"))
    assert_same_numbers(model)
    assert not model.has_aten("linear", "addmm", "layer_norm", "rsqrt", "contiguous", "view")


@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b", "bert-base"])
def test_what_pytorch_decomposed_is_put_together(name: str) -> None:
    model, inputs = tiny_model(name, layers=3)
    program = import_program(capture(model, inputs).run_decompositions())
    before = run(program.module, program.weights, list(inputs))[0]
    apply(program.module, DEFAULT_PIPELINE)
    after = run(program.module, program.weights, list(inputs))[0]
    torch.testing.assert_close(after, before, rtol=0, atol=1e-5)
    whole, parts = tiny(name).found, Counter(op.name for op in program.module.walk())
    for recognised in ("linear", "mlp", "gated_mlp", "layer_norm", "rms_norm", "rotary_embedding"):
        assert parts[f"transformer.{recognised}"] == whole[f"transformer.{recognised}"]


@pytest.mark.parametrize("name", FAMILIES[1:])
def test_norms_and_rotary_embeddings_are_recognised(name: str) -> None:
    model = tiny(name)
    attentions = model.modules("Attention")
    assert attentions == (1 if name == "lfm2-2.6b" else 3)
    assert model.found["transformer.attention"] == attentions
    assert model.found["transformer.rms_norm"] == model.modules("RMSNorm")
    assert model.found["transformer.rotary_embedding"] == 2 * attentions
    assert not model.has_aten("rsqrt", "neg", "mean.dim")


@pytest.mark.parametrize("name", ["qwen2-0.5b", "llama-3.2-1b", "lfm2-2.6b", "llama-3.1-8b"])
def test_gated_perceptrons_are_recognised(name: str) -> None:
    model = tiny(name)
    assert model.found["transformer.gated_mlp"] == model.modules("MLP") == 3
    assert not model.has_aten("silu")


@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b"])
def test_sixteen_bits_are_rounded_less_often_at_most(name: str) -> None:
    model = tiny(name, torch.bfloat16)
    assert model.before is not None and model.after is not None
    wide, inputs = tiny_model(name, layers=3, dtype=torch.bfloat16)
    exact = wide.float()(*inputs)
    # Neither is exact; both are as near.
    error, limit = ((answer - exact).abs().mean() for answer in (model.after, model.before))
    assert error < 1.2 * limit
    assert not model.has_aten("rsqrt", "tanh")


def test_the_work_is_linear_in_the_layers() -> None:
    def attempts(layers: int) -> int:
        report = compiled(*tiny_model("qwen2-0.5b", layers), compute=False).report
        return sum(statistics.attempted for statistics in report.patterns.values())

    one, two, four = (attempts(layers) for layers in (1, 2, 4))
    assert four - two == 2 * (two - one)


def test_what_is_recognised_says_where_it_came_from() -> None:
    report = tiny("llama-3.2-1b").report
    rotary = [str(firing) for firing in report.fired if firing.pattern == "FuseRotaryEmbedding"]
    assert len(rotary) == 6
    assert all("model.layers.0.self_attn" in firing for firing in rotary[:2])
    assert all("modeling_llama.py" in firing for firing in rotary)
