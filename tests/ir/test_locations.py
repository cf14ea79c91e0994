"""Locations: how they are written, read by people, and merged."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import CallSiteLoc, FileLineColLoc, IntAttr, StringAttr

from forge.errors import ForgeError
from forge.ir.locations import (
    UNKNOWN,
    describe_location,
    fuse_locations,
    location_name,
    make_location,
    module_path,
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
