"""A step of generation: what the zoo builds of a decoder whose cache is an input and an output."""

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from torch import Tensor
from torch.utils import _pytree as pytree

import forge
from forge.backends.npu import PLATFORMS
from forge.dialects import aten, transformer
from forge.errors import ForgeError
from forge.targets.forms_table import load_forms
from forge.tools.cli import forge as tool
from forge.tuning.program import FormedProgram
from forge.zoo import ZooModel, build, resolve
from forge.zoo.configurations import CATALOGUE
from forge.zoo.entry import Kind

HYBRIDS = {"lfm2-2.6b"}
DECODERS = sorted(n for n, e in CATALOGUE.items() if e.kind is Kind.DECODER and n not in HYBRIDS)
MAX_DIFFERENCE = 2.1e-5


def step_after(model: ZooModel, ids: Tensor) -> tuple[Any, ...]:
    """The model's inputs for the last token, the cache filled with the others in another order."""
    free = model.example_args[3][0].shape[2] - (ids.shape[1] - 1)
    with torch.no_grad():
        answer = model.module.get_submodule("model")(ids[:, :-1], use_cache=True)
    order = torch.randperm(ids.shape[1] - 1 + free, generator=torch.Generator().manual_seed(0))

    def rows(filled: Tensor) -> Tensor:
        shape = (*filled.shape[:2], free, filled.shape[3])
        return torch.cat([filled, torch.full(shape, 5.0)], dim=2)[:, :, order]

    layers = answer.past_key_values.layers
    mask = torch.cat([(order < ids.shape[1] - 1).long(), torch.ones(1, dtype=torch.int64)])
    position = torch.tensor([[ids.shape[1] - 1]])
    keys, values = (tuple(rows(getattr(x, name)) for x in layers) for name in ("keys", "values"))
    return ids[:, -1:], mask[None], position, keys, values


@pytest.mark.parametrize("name", DECODERS)
def test_a_step_of_each_decoder_exports(name: str) -> None:
    model = build(name, layers=2, cache=15, weights="fake")
    program = torch.export.export(model.module, model.example_args)
    (output,) = program.graph.find_nodes(op="output")
    logits, *new = [tuple(node.meta["val"].shape) for node in output.args[0]]
    assert logits == (1, 1, CATALOGUE[name].settings["vocab_size"])
    assert new == [
        (*past.shape[:2], 1, past.shape[3])
        for past in pytree.arg_tree_leaves(*model.example_args[3:])
    ]


@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b"])
def test_a_step_answers_as_the_whole_model_does(name: str) -> None:
    whole, step = build(name, layers=1, tokens=9), build(name, layers=1, cache=12)
    (ids,) = whole.example_args
    with torch.no_grad():
        logits, new_keys, new_values = step.module(*step_after(step, ids))
        after = step.module.get_submodule("model")(ids, use_cache=True).past_key_values.layers[0]
    torch.testing.assert_close(logits[:, -1], whole.run()[:, -1], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(new_keys[0], after.keys[:, :, -1:], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(new_values[0], after.values[:, :, -1:], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b"])
def test_a_step_is_recognised_and_agrees_with_eager(name: str, attention: str) -> None:
    model = build(name, layers=2, attn_implementation=attention, cache=15)
    program = forge.compile(model.module, model.example_args, device="CPU", keep_ir=True)
    ops = [type(op) for op in program.ir["transformer"].walk()]
    assert ops.count(transformer.AttentionOp) == 2
    assert aten.SoftmaxIntOp not in ops
    actual, expected = program(*model.example_args), model.run()
    for ours, theirs in zip(*map(pytree.tree_leaves, (actual, expected)), strict=True):
        assert (ours - theirs).abs().max() < MAX_DIFFERENCE * theirs.abs().max()


@pytest.mark.parametrize("name", ["gpt2", "qwen2-0.5b"])
def test_a_step_in_the_forms_of_each_npu_agrees_with_eager(name: str) -> None:
    # As many earlier tokens as the tables of forms have entries for.
    program = FormedProgram.of(build(name, layers=1, cache=511))
    for platform in PLATFORMS:
        forms = program.selected(load_forms(platform))
        assert program.error(forms) < MAX_DIFFERENCE


def test_a_step_may_have_several_tokens() -> None:
    model = build("gpt2", layers=1, tokens=4, cache=12)
    ids, mask, positions, *_ = model.example_args
    assert mask.shape == (1, 16)
    assert positions.tolist() == [[11, 12, 13, 14]]
    logits, keys, _ = model.run()
    assert logits.shape == (1, 4, 50257)
    assert keys[0].shape == (1, 12, 4, 64)
    # A token sees none behind it.
    with torch.no_grad():
        changed = model.module(
            ids.roll(1).index_copy(1, torch.tensor([0]), ids[:, :1]), mask, *model.example_args[2:]
        )
    torch.testing.assert_close(changed[0][:, 0], logits[:, 0])


def test_a_pretrained_decoder(tmp_path: Path) -> None:
    sizes = {"n_layer": 2, "n_embd": 32, "n_head": 2, "vocab_size": 64, "n_positions": 16}
    transformers.GPT2LMHeadModel(transformers.GPT2Config(**sizes)).save_pretrained(tmp_path)
    logits, keys, _ = resolve(str(tmp_path), cache=15).run()
    assert logits.shape == (1, 1, 64)
    assert [key.shape for key in keys] == [(1, 2, 1, 16)] * 2
    with pytest.raises(ForgeError, match="cannot take 17 tokens"):
        resolve(str(tmp_path), cache=16)


def test_a_pretrained_encoder_has_no_cache(tmp_path: Path) -> None:
    sizes = {"num_hidden_layers": 1, "hidden_size": 32, "num_attention_heads": 2, "vocab_size": 64}
    transformers.BertModel(transformers.BertConfig(**sizes)).save_pretrained(tmp_path)
    with pytest.raises(ForgeError, match="no cache of keys and values"):
        resolve(str(tmp_path), cache=15)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--layers", "1", "--cache", "15", "--device", "CPU", "--check"]
    assert tool(["compile", "gpt2", *options]) == 0
    assert "the numbers are the same up to rounding" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "bert-base", "cache": 15}, "bert-base .* has no cache"),
        ({"name": "lfm2-2.6b", "cache": 15}, "layers of type conv"),
        ({"name": "gpt2", "cache": 0}, "cannot take 1 tokens after 0"),
        ({"name": "gpt2", "cache": 1024}, "cannot take 1 tokens after 1024"),
        ({"name": "gpt2", "cache": 1000, "tokens": 25}, "cannot take 25 tokens after 1000"),
    ],
)
def test_what_has_no_such_step(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        build(**arguments)
