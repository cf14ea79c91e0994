"""The blocks of real architectures: whole, however transformers and PyTorch wrote them."""

from dataclasses import dataclass
from functools import cache

import pytest
import torch
from torch import Tensor, nn
from xdsl.dialects.builtin import ModuleOp

import forge
from forge import zoo
from forge.dialects import transformer
from forge.importer import capture, import_program
from forge.interpreters import run
from forge.passes import DEFAULT_PIPELINE
from forge.tools.bench.module_tree import present_blocks
from forge.tools.bench.program_size import recognised_blocks
from forge.zoo.catalogue import find_entry
from tests.passes.checking import apply
from tests.passes.tiny_models import tiny_model

MODELS = [name for name in zoo.model_names() if name not in ("minilm", "mlp", "resnet-block")]
WAYS = [(name, attention) for name in MODELS for attention in find_entry(name).attention]
DECOMPOSED = ["gpt2", "llama-3.2-1b", "gemma-2-2b", "t5-small-decoder"]
PARTS = (
    *("matmul", "bmm", "baddbmm", "softmax.int", "_softmax", "_safe_softmax"),
    *("rsqrt", "mean.dim", "layer_norm", "neg", "silu", "linear", "addmm"),
)


def scale_of(op: transformer.AttentionOp) -> float:
    """What the scores are multiplied with, said or not."""
    scale, (*_, size) = op.get("scale"), op.shaped_operand(op.query).shape
    return size**-0.5 if scale is None else scale


def layers_of(name: str) -> int:
    # LFM2 has attention in its third layer.
    return 3 if name == "lfm2-2.6b" else 2


@dataclass(frozen=True)
class Fused:
    """A model's program behind the default pipeline, and what it computes before and after."""

    model: nn.Module
    module: ModuleOp
    before: Tensor
    after: Tensor

    @property
    def attentions(self) -> list[transformer.AttentionOp]:
        return [op for op in self.module.walk() if isinstance(op, transformer.AttentionOp)]


@cache
def fused(name: str, attention: str, *, decomposed: bool = False) -> Fused:
    model, inputs = tiny_model(name, layers_of(name), attention=attention)
    exported = capture(model, inputs)
    program = import_program(exported.run_decompositions() if decomposed else exported)
    before = run(program.module, program.weights, list(inputs))[0]
    apply(program.module, DEFAULT_PIPELINE)
    after = run(program.module, program.weights, list(inputs))[0]
    return Fused(model, program.module, before, after)


def assert_whole(found: Fused) -> None:
    torch.testing.assert_close(found.after, found.before, rtol=0, atol=1e-5)
    assert recognised_blocks(found.module) == present_blocks(found.model)
    assert found.attentions
    names = {op.name for op in found.module.walk()}
    assert not names & {f"aten.{part}" for part in PARTS}


@pytest.mark.parametrize(("name", "attention"), WAYS)
def test_every_block_is_recognised(name: str, attention: str) -> None:
    assert_whole(fused(name, attention))


@pytest.mark.parametrize(
    ("name", "attention"), [(name, way) for name, way in WAYS if name in DECOMPOSED]
)
def test_every_decomposed_block_is_recognised(name: str, attention: str) -> None:
    assert_whole(fused(name, attention, decomposed=True))


@pytest.mark.parametrize("name", [name for name in MODELS if len(find_entry(name).attention) > 1])
def test_both_ways_of_writing_give_the_same_operations(name: str) -> None:
    eager, sdpa = (fused(name, way).attentions for way in ("eager", "sdpa"))
    for written_out, whole in zip(eager, sdpa, strict=True):
        assert written_out.groups == whole.groups
        assert written_out.get("scale") == pytest.approx(scale_of(whole))
        assert written_out.get("causal") == whole.get("causal")
        assert written_out.get("window") == whole.get("window")


@pytest.mark.parametrize(
    ("name", "groups", "scale", "softcap"),
    [
        ("gemma-2-2b", 2, 12**-0.5, 2.0),
        ("gemma-3-1b", 2, 12**-0.5, None),
        ("t5-small-encoder", 1, 1.0, None),
        ("whisper-tiny-encoder", 1, 8**-0.5, None),
        ("opt-125m", 1, 8**-0.5, None),
        ("mistral-7b", 2, 8**-0.5, None),
    ],
)
def test_what_is_known_of_an_attention(
    name: str, groups: int, scale: float, softcap: float | None
) -> None:
    for op in fused(name, "eager").attentions:
        assert (op.groups, op.get("softcap")) == (groups, softcap)
        assert op.get("scale") == pytest.approx(scale)


@pytest.mark.parametrize("name", [name for name, attention in WAYS if attention == "eager"])
def test_openvino_computes_what_eager_does(name: str) -> None:
    module, inputs = tiny_model(name, layers_of(name), attention="eager")
    expected = module(*inputs)
    program = forge.compile(module, inputs)
    torch.testing.assert_close(program(*inputs), expected, rtol=0, atol=2e-5)
    assert not program.report.host_kernels
