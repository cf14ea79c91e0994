"""Models of each family, small: the imported program equals the module bit for bit."""

import io
from collections.abc import Callable
from functools import cache

import pytest
import torch
from torch import Tensor, nn
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
    ViTConfig,
    ViTForImageClassification,
)

from forge import zoo
from forge.importer import capture, import_program
from forge.interpreters import run
from forge.ir.text import parse_module, print_module
from forge.ir.verifier import verify_module
from tests.importer.checking import assert_equal, check, operations

TOKENS = torch.arange(24).reshape(2, 12) % 50
MASK = torch.ones(2, 12, dtype=torch.long)
MASK[1, 8:] = 0
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
DECODER = SIZES | {"intermediate_size": 64, "num_key_value_heads": 2, "vocab_size": 50}


def gpt2(attention: str) -> nn.Module:
    sizes = {"n_embd": 32, "n_layer": 2, "n_head": 4, "vocab_size": 50}
    return GPT2LMHeadModel(GPT2Config(**sizes, use_cache=False, attn_implementation=attention))


def qwen2(attention: str) -> nn.Module:
    config = Qwen2Config(**DECODER, use_cache=False, attn_implementation=attention)
    return Qwen2ForCausalLM(config)


def llama(attention: str) -> nn.Module:
    config = LlamaConfig(**DECODER, use_cache=False, attn_implementation=attention)
    return LlamaForCausalLM(config).bfloat16()


def bert(attention: str) -> nn.Module:
    config = BertConfig(**SIZES, vocab_size=50, attn_implementation=attention)
    return BertModel(config)


def vit(attention: str) -> nn.Module:
    config = ViTConfig(**SIZES, image_size=32, patch_size=8, attn_implementation=attention)
    return ViTForImageClassification(config)


@cache
def example(build: Callable[[str], nn.Module], attention: str) -> tuple[nn.Module, Tensor]:
    torch.manual_seed(0)
    inputs = torch.randn(1, 3, 32, 32) if build is vit else TOKENS
    return build(attention).eval(), inputs


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("build", [gpt2, qwen2, llama, bert, vit])
def test_a_transformer(build: Callable[[str], nn.Module], attention: str) -> None:
    module, inputs = example(build, attention)
    program = check(module, (inputs,))
    assert "aten.operator" not in operations(program)


@pytest.mark.parametrize("build", [gpt2, qwen2, bert])
def test_a_transformer_with_a_mask(build: Callable[[str], nn.Module]) -> None:
    module, inputs = example(build, "sdpa")
    program = check(module, (inputs,), {"attention_mask": MASK})
    assert program.inputs.keyword.keys == ("attention_mask",)


def test_text_in_every_form_reads_back() -> None:
    module, inputs = example(gpt2, "sdpa")
    program = import_program(capture(module, (inputs,)))
    for options in ({"generic": True}, {"debuginfo": True}, {"generic": True, "debuginfo": True}):
        text = print_module(program.module, **options)
        assert print_module(parse_module(text), **options) == text


def test_a_resnet_whose_activations_are_in_place() -> None:
    model = zoo.build("resnet-block")
    program = check(model.module, model.example_args)
    # By functional variants: the batch norms are as export left them.
    assert operations(program).count("aten.relu") == 4
    assert operations(program).count("aten.batch_norm") == 5


def test_a_program_from_a_file_is_the_same_program() -> None:
    model = zoo.build("resnet-block")
    exported = capture(model.module, model.example_args)
    file = io.BytesIO()
    torch.export.save(exported, file)
    file.seek(0)
    loaded = import_program(torch.export.load(file))
    expected = print_module(import_program(exported).module, debuginfo=True)
    assert print_module(loaded.module, debuginfo=True) == expected


@pytest.mark.parametrize("strict", [True, False])
def test_programs_exported_and_decomposed_elsewhere(strict: bool) -> None:
    module, inputs = example(bert, "sdpa")
    with torch.no_grad():
        exported = torch.export.export(module, (inputs,), strict=strict)
        if not strict:
            exported = exported.run_decompositions()
        expected = module(inputs)
    program = import_program(exported)
    verify_module(program.module)
    outputs = program.unflatten(run(program.module, program.weights, [inputs]))
    torch.testing.assert_close(outputs[0], expected[0])


def test_regions_that_switch_gradients_off_are_inlined() -> None:
    module, inputs = example(qwen2, "sdpa")
    with torch.enable_grad():
        exported = torch.export.export(module, (inputs,), strict=False)
    assert any("wrap_with_set_grad_enabled" in str(node.target) for node in exported.graph.nodes)
    program = import_program(exported)
    verify_module(program.module)
    outputs = run(program.module, program.weights, [inputs])
    with torch.no_grad():
        assert_equal(program.unflatten(outputs), module(inputs))
