"""Locations: how they are written, read by people, and merged."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import CallSiteLoc, FileLineColLoc, IntAttr, StringAttr

from forge.errors import ForgeError
from forge.ir.locations import (
    UNKNOWN,
    describe_location,
    enclosing_module,
    fuse_locations,
    location_name,
    make_location,
    module_path,
    source_line,
)
from tests.ir.sample_dialect import PickOp

FULL = make_location("linear_3", "encoder.layer.0", "bert.py", 52)
BARE = make_location("add_1")


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (FULL, "linear_3 in encoder.layer.0 (bert.py:52)"),
        (make_location("x", "", "bert.py", 52), "x (bert.py:52)"),
        (make_location("x", "encoder"), "x in encoder"),
        (BARE, "add_1"),
        (UNKNOWN, ""),
        (None, ""),
        (FileLineColLoc(StringAttr("a.mlir"), IntAttr(3), IntAttr(7)), "a.mlir:3:7"),
        (CallSiteLoc(BARE, FULL), "add_1, called at linear_3 in encoder.layer.0 (bert.py:52)"),
    ],
)
def test_a_location_reads_as_a_person_would_say_it(location: object, text: str) -> None:
    assert describe_location(location) == text  # pyright: ignore[reportArgumentType]


def test_fusing_keeps_each_location_once_and_in_order() -> None:
    fused = fuse_locations([FULL, UNKNOWN, BARE, FULL])
    assert describe_location(fused) == f"{describe_location(FULL)}; add_1"
    assert fuse_locations([fused, BARE]) == fused
    assert fuse_locations([FULL, UNKNOWN]) == FULL
    assert fuse_locations([]) == UNKNOWN


def test_a_fused_operation_is_named_after_the_value_it_computes() -> None:
    fused = fuse_locations([BARE, FULL])
    assert location_name(fused) == "linear_3"
    assert module_path(fused) == "encoder.layer.0"
    assert location_name(UNKNOWN) == module_path(UNKNOWN) == ""
    assert module_path(BARE) == ""


def test_an_error_names_the_operation_its_place_and_what_to_do() -> None:
    op = PickOp.create(location=FULL)
    error = ForgeError("cannot be lowered", op=op, hint="use another")
    assert str(error) == (
        "sample.pick: cannot be lowered\n"
        "  at linear_3 in encoder.layer.0 (bert.py:52)\n"
        "  hint: use another"
    )
    assert str(ForgeError("no file")) == "no file"


def test_the_nodes_of_one_line_stand_together() -> None:
    first, second = (make_location(node, "norm", "bert.py", 9) for node in ("pow_1", "mean"))
    fused = fuse_locations([first, BARE, second])
    assert describe_location(fused) == "pow_1, mean in norm (bert.py:9); add_1"


@pytest.mark.parametrize(
    ("modules", "enclosing"),
    [
        (["h.0.mlp.up", "h.0.mlp.act", "h.0.mlp.down"], "h.0.mlp"),
        (["h.0.mlp.up", "h.0.mlp", "h.0.mlp.down"], "h.0.mlp"),
        (["", "model", "model.h.0.attn"], "model.h.0.attn"),
        (["h.0.attn.out", "h.0"], "h.0"),
        (["h.1", "h.10"], "h"),
        (["a", "b"], ""),
        ([""], ""),
    ],
)
def test_what_is_fused_belongs_to_the_innermost_module_around_it(
    modules: list[str], enclosing: str
) -> None:
    parts = [make_location(f"n{i}", path, "m.py", i + 1) for i, path in enumerate(modules)]
    assert enclosing_module(fuse_locations(parts)) == enclosing
    assert source_line(fuse_locations(parts)) == f"m.py:{len(modules)}"


def test_text_has_lines_but_no_modules() -> None:
    line = FileLineColLoc(StringAttr("a.mlir"), IntAttr(3), IntAttr(5))
    assert (enclosing_module(line), source_line(line)) == ("", "a.mlir:3:5")
    assert (enclosing_module(UNKNOWN), source_line(UNKNOWN)) == ("", "")
