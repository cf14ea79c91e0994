"""The zoo: each model is what its publication says, is reproducible, and can be exported."""

import os
import subprocess
import sys

import pytest
import torch
import transformers

from forge.errors import ForgeError
from forge.zoo import build, describe, model_names
from forge.zoo.configurations import CATALOGUE
from forge.zoo.sentences import minilm_tokenizer

# From the model cards, and for GPT-2 and BERT from the checkpoints.
PUBLISHED_PARAMETERS = {
    "gpt2": 124_439_808,
    "granite-350m": 352_379_904,
    "qwen2-0.5b": 494_032_768,
    "llama-3.2-1b": 1_235_814_400,
    "lfm2-2.6b": 2_569_272_320,
    "llama-3.1-8b": 8_030_261_248,
    "mistral-7b": 7_241_732_096,
    "gemma-2-2b": 2_614_341_888,
    "gemma-3-1b": 999_885_952,
    "phi-3-mini": 3_821_079_552,
    "opt-125m": 125_239_296,
    "pythia-160m": 162_322_944,
    "t5-small-encoder": 35_330_816,
    "whisper-tiny-encoder": 8_208_384,
    "minilm": 22_713_216,
    "bert-base": 109_482_240,
    "vit-base": 86_567_656,
}

# A layer of each kind; models of which even one layer is large have no weights in these tests.
SMALL_CUTS = {
    "gpt2": 2,
    "granite-350m": 1,
    "qwen2-0.5b": 1,
    "minilm": 2,
    "bert-base": 1,
    "opt-125m": 1,
    "pythia-160m": 1,
    "t5-small-encoder": 1,
    "t5-small-decoder": 1,
    "whisper-tiny-encoder": 1,
    "vit-base": 1,
    "resnet-block": 1,
    "mlp": 2,
}
LARGE_CUTS = {
    "llama-3.2-1b": 2,
    "lfm2-2.6b": 3,
    "llama-3.1-8b": 2,
    "mistral-7b": 1,
    "gemma-2-2b": 2,
    "gemma-3-1b": 6,
    "phi-3-mini": 1,
    "gpt-j-6b": 1,
}


def tokens_for(name: str) -> int | None:
    return 8 if CATALOGUE[name].kind.reads_tokens else None


def first(answer: torch.Tensor | tuple) -> torch.Tensor:
    return answer[0] if isinstance(answer, tuple) else answer


def targets(program: torch.export.ExportedProgram) -> set[str]:
    return {str(node.target) for node in program.graph.nodes if node.op == "call_function"}


def test_every_model_is_tested() -> None:
    assert set(model_names()) == {*SMALL_CUTS, *LARGE_CUTS}


@pytest.mark.parametrize("name", SMALL_CUTS)
def test_a_cut_of_each_model_runs_and_exports(name: str) -> None:
    model = build(name, layers=SMALL_CUTS[name], tokens=tokens_for(name))
    expected = model.run()
    assert isinstance(expected, torch.Tensor)
    assert expected.isfinite().all()
    assert 0.01 < expected.std() < 10
    assert not model.module.training
    assert sum(p.numel() for p in model.module.parameters()) == model.parameters

    program = torch.export.export(model.module, model.example_args)
    torch.testing.assert_close(program.module()(*model.example_args), expected)


@pytest.mark.parametrize("name", LARGE_CUTS)
def test_a_cut_of_each_large_model_exports_without_weights(name: str) -> None:
    model = build(name, layers=LARGE_CUTS[name], tokens=8, weights="fake")
    program = torch.export.export(model.module, model.example_args)
    assert sum(p.numel() for p in model.module.parameters()) == model.parameters
    one_operator = "aten.scaled_dot_product_attention.default" in targets(program)
    assert one_operator == ("sdpa" in CATALOGUE[name].attention)


def test_both_kinds_of_lfm2_layers_are_exported() -> None:
    model = build("lfm2-2.6b", layers=3, tokens=8, weights="fake")
    program = torch.export.export(model.module, model.example_args)
    assert "aten.conv1d.default" in targets(program)


@pytest.mark.parametrize("name", model_names())
def test_sizes_are_those_of_the_whole_model(name: str) -> None:
    model = build(name, weights="fake")
    summary = next(row for row in describe() if row.name == name)
    assert sum(p.numel() for p in model.module.parameters()) == summary.parameters
    assert summary.parameters == PUBLISHED_PARAMETERS.get(name, summary.parameters)
    assert model.layers == summary.layers


def test_the_table_needs_no_torch() -> None:
    code = (
        "import sys, forge.zoo; rows = forge.zoo.describe(); "
        "print(len(rows), {'torch', 'transformers', 'openvino'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert result.stdout.split(maxsplit=1) == [str(len(model_names())), "set()\n"]


def test_the_same_seed_gives_the_same_model() -> None:
    first, second = build("gpt2", layers=1, tokens=4), build("gpt2", layers=1, tokens=4)
    assert torch.equal(first.run(), second.run())
    other = build("gpt2", layers=1, tokens=4, seed=1)
    assert not torch.equal(first.run(), other.run())


def test_a_cut_has_the_layers_of_the_longer_one() -> None:
    short = build("bert-base", layers=1).module.state_dict()
    longer = build("bert-base", layers=2).module.state_dict()
    assert all(torch.equal(value, longer[name]) for name, value in short.items())


def test_no_bias_is_zero_and_no_norm_is_one() -> None:
    for name, value in build("resnet-block").module.named_parameters():
        assert value.abs().min() > 0, name
        assert not torch.all(value == 1), name


def test_the_seed_of_torch_is_left_alone() -> None:
    state = torch.get_rng_state()
    build("mlp")
    assert torch.equal(state, torch.get_rng_state())


def test_gpt2_ties_its_embedding_and_its_head() -> None:
    module = build("gpt2", layers=1).module
    embedding = module.get_parameter("model.transformer.wte.weight")
    assert module.get_parameter("model.lm_head.weight") is embedding


@pytest.mark.parametrize("cache", [None, 7])
def test_without_its_head_a_decoder_answers_what_logits_are_made_of(cache: int | None) -> None:
    model = build("gpt2", layers=1, tokens=None if cache else 8, cache=cache)
    head = model.module.model.get_output_embeddings()
    logits = first(model.run())
    model.remove_head()
    hidden = first(model.run())
    assert hidden.shape[-1] == 768
    torch.testing.assert_close(head(hidden), logits)


@pytest.mark.parametrize("name", ["minilm", "vit-base", "mlp"])
def test_a_model_without_logits_of_tokens_has_no_head_to_leave_out(name: str) -> None:
    with pytest.raises(ForgeError, match=f"{name} has no head that could be left out"):
        build(name, layers=1).remove_head()


def test_eager_attention_is_spelled_out() -> None:
    model = build("gpt2", layers=1, tokens=4, attn_implementation="eager")
    names = targets(torch.export.export(model.module, model.example_args))
    assert "aten.softmax.int" in names
    assert "aten.scaled_dot_product_attention.default" not in names
    expected = build("gpt2", layers=1, tokens=4).run()
    torch.testing.assert_close(model.run(), expected, atol=1e-5, rtol=1e-5)


def test_the_decoder_alone_answers_as_the_whole_model_does() -> None:
    decoder = build("t5-small-decoder", layers=1, tokens=8)
    config = transformers.T5Config(**CATALOGUE["t5-small-decoder"].cut(1))
    whole = transformers.T5ForConditionalGeneration(config).eval()
    whole.load_state_dict(decoder.module.get_submodule("model").state_dict(), strict=False)
    ids, mask = torch.tensor([[3, 5, 7, 0]]), torch.tensor([[1, 1, 1, 0]])
    targets = torch.tensor([[0, 11, 13]])
    with torch.no_grad():
        answer = whole(input_ids=ids, attention_mask=mask, decoder_input_ids=targets)
        actual = decoder.module(targets, answer.encoder_last_hidden_state, mask)
    torch.testing.assert_close(actual, answer.logits)


def test_a_decoder_ignores_the_padding_of_what_it_attends_to() -> None:
    model = build("t5-small-decoder", layers=1, tokens=16)
    ids, states, mask = model.example_args
    changed = torch.where(mask.bool().unsqueeze(-1), states, torch.randn_like(states))
    assert not torch.equal(changed, states)
    with torch.no_grad():
        torch.testing.assert_close(model.module(ids, changed, mask), model.run())


@pytest.mark.parametrize("name", ["bert-base", "mlp", "t5-small-decoder", "whisper-tiny-encoder"])
def test_weights_and_inputs_take_the_dtype(name: str) -> None:
    model = build(name, layers=1, tokens=tokens_for(name), dtype=torch.bfloat16)
    assert all(p.dtype == torch.bfloat16 for p in model.module.parameters())
    assert model.run().dtype == torch.bfloat16


def test_a_batch_reaches_the_inputs() -> None:
    model = build("vit-base", layers=1, batch=2)
    assert model.run().shape == (2, 1000)


def test_minilm_scores_a_paraphrase_above_another_topic() -> None:
    model = build("minilm", batch=3, tokens=32)
    vectors = model.run()
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(3))
    similarity = vectors @ vectors.T
    assert similarity[0, 1] > 0.6
    assert similarity[0, 2] < 0.2


def test_minilm_ignores_padding() -> None:
    model = build("minilm", tokens=16)
    assert model.tokenizer is not None
    ids, mask = model.tokenizer.encode("Rain is expected.", 64)
    with torch.no_grad():
        padded = model.module(torch.as_tensor(ids), torch.as_tensor(mask))
        bare = model.module(torch.as_tensor(ids[:, :16]), torch.as_tensor(mask[:, :16]))
    torch.testing.assert_close(padded, bare, atol=1e-6, rtol=1e-5)


def test_the_tokenizer_pads_and_truncates() -> None:
    ids, mask = minilm_tokenizer().encode(["short", "a much longer sentence than that"], 6)
    assert ids.shape == mask.shape == (2, 6)
    assert mask[0].tolist() == [1, 1, 1, 0, 0, 0]
    assert mask[1].all()
    assert ids[0, 0] == ids[1, 0] == 101  # [CLS]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "gtp2"}, "did you mean gpt2"),
        ({"name": "zzz"}, "the zoo has gpt2"),
        ({"name": "gpt2", "layers": 13}, "12 layers and cannot be cut to 13"),
        ({"name": "gpt2", "layers": 0}, "cannot be cut to 0"),
        ({"name": "gpt2", "tokens": 1025}, "cannot take 1025 tokens"),
        ({"name": "vit-base", "tokens": 8}, "reads no tokens"),
        ({"name": "gpt2", "attn_implementation": "flash"}, "no attention implementation 'flash'"),
        ({"name": "gpt-j-6b", "attn_implementation": "sdpa"}, "gpt-j-6b has no .* 'sdpa'"),
        ({"name": "t5-small-decoder", "tokens": 513}, "cannot take 513 tokens"),
        ({"name": "whisper-tiny-encoder", "tokens": 8}, "reads no tokens"),
        ({"name": "gpt2", "dtype": torch.int8}, "cannot have weights of torch.int8"),
        ({"name": "gpt2", "batch": 0}, "batch of 0"),
    ],
)
def test_bad_arguments_are_named(arguments: dict, message: str) -> None:
    with pytest.raises(ForgeError, match=message):
        build(**arguments)


def test_a_model_larger_than_the_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 2**20}
    monkeypatch.setattr(os, "sysconf", pages.__getitem__)
    with pytest.raises(ForgeError, match=r"take 29\.9 GiB, and this machine has 4\.0 GiB"):
        build("llama-3.1-8b")


def test_transformers_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ForgeError, match=r"pip install 'forge-ugc\[transformers\]'"):
        build("gpt2", layers=1)
