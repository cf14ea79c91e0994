"""Masks that are added instead of chosen by: the same numbers, also where a query sees nothing."""

from __future__ import annotations

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

from forge.backends.openvino.backend import compile_program, translate_program
from forge.interpreters import run
from forge.ir.text import parse_module
from forge.weights import RandomWeights
from tests.passes.checking import apply

HEADS, QUERIES, KEYS, SIZE = 3, 5, 7, 4
SHAPES = [(1, 1, QUERIES, KEYS), (1, 1, 1, KEYS), (1, HEADS, QUERIES, KEYS)]


def attention(shape: tuple[int, ...], scale: str) -> ModuleOp:
    """Attention under a mask that is an input."""
    mask = "x".join(map(str, shape))
    query, key = (f"tensor<1x{HEADS}x{length}x{SIZE}xf32>" for length in (QUERIES, KEYS))
    module = parse_module(f"""
func.func @main(%q: {query}, %k: {key}, %v: {key}, %m: tensor<{mask}xi1>) -> {query} {{
  %y = transformer.attention %q, %k, %v, mask = %m {{{scale}}}
      : ({query}, {key}, {key}, tensor<{mask}xi1>) -> {query}
  func.return %y : {query}
}}""")
    apply(module, "convert-to-reg{device=cpu}")
    return module


@pytest.mark.parametrize("scale", ["scale = 0.5", "scale = 30.0"])
@pytest.mark.parametrize("shape", SHAPES)
def test_an_added_mask_hides_what_it_hid(shape: tuple[int, ...], scale: str) -> None:
    generator = torch.Generator().manual_seed(0)
    q, k, v = (
        torch.randn(1, HEADS, length, SIZE, generator=generator) for length in (QUERIES, KEYS, KEYS)
    )
    mask = torch.rand(shape, generator=generator) < 0.5
    hidden = mask.clone()
    hidden[..., 0, :] = False
    module = attention(shape, scale)
    apply(module, "legalize-masks")
    assert "attn_mask" in str(module)
    executable = compile_program(translate_program(module, RandomWeights(module)), "CPU").executable
    for seen in (mask, hidden):
        wanted = torch.nn.functional.scaled_dot_product_attention(
            q, k, v, attn_mask=seen, scale=float(scale.split()[-1])
        )
        (meant,) = run(module, RandomWeights(module), [q, k, v, seen])
        torch.testing.assert_close(meant, wanted)
        (computed,) = executable.run([x.numpy() for x in (q, k, v, seen)])
        torch.testing.assert_close(torch.from_numpy(computed), wanted, rtol=1e-5, atol=1e-5)
