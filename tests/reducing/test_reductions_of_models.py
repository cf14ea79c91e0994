"""Reductions of whole models, at each level: whatever is chosen, they end, mostly in a program."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from forge.importer import capture, import_program
from forge.ir.shape_functions import ShapeError
from forge.ir.text import make_context, parse_module, print_module
from forge.ir.verifier import verify_module
from forge.passes import DEFAULT_PIPELINE
from forge.pipeline import build_pipeline, run_pipeline
from forge.reducing.choices import Choices
from forge.reducing.reductions import REDUCTIONS
from tests.passes.tiny_models import tiny_model

LEVELS = {
    "aten": "",
    "transformer": DEFAULT_PIPELINE,
    "reg": f"{DEFAULT_PIPELINE},convert-to-reg",
    "allocated": "convert-to-reg{device=host},allocate-buffers",
}
# What changes no type, nor whether an operand is constant.
ALWAYS_VALID = (
    "functions",
    "results",
    "operations",
    "arguments",
    "earlier-results",
    "equal-arguments",
    "attributes",
)


@cache
def program(level: str) -> ModuleOp:
    model, inputs = tiny_model("qwen2-0.5b", 1, attention="eager")
    module = import_program(capture(model, inputs)).module
    run_pipeline(module, build_pipeline(LEVELS[level]) if LEVELS[level] else [], make_context())
    return module


@pytest.mark.parametrize("level", LEVELS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_choice_ends(level: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(REDUCTIONS)))
    module = program(level).clone()
    count = Choices()
    REDUCTIONS[name](module.clone(), count)
    made = data.draw(st.sets(st.integers(0, max(count.met - 1, 0)), max_size=20))
    if data.draw(st.booleans()):
        made = set(range(count.met)) - made
    try:
        REDUCTIONS[name](module, Choices(made))
    except ShapeError:
        assert name not in ALWAYS_VALID
        return
    if name in ALWAYS_VALID:
        verify_module(module)
        text = print_module(module)
        assert print_module(parse_module(text)) == text
