"""Tables of forms: reading, writing, and what is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from forge.dialects import transformer
from forge.dialects.transformer.forms import EmittedOp, MlpForm
from forge.errors import ForgeError
from forge.ir.text import parse_module
from forge.targets.forms_table import (
    Entry,
    FormsTable,
    load_forms,
    read_forms,
    shape_of,
    table_platforms,
)

SHAPE = {"rows": 128, "in": 768, "hidden": 3072, "activation": "relu"}
ENTRY = Entry("transformer.mlp", SHAPE, MlpForm(up_slices=4, down_slices=2), "µs, of 1 layer")


def mlp(rows: int, hidden: int, activation: str = "relu", transpose: str = "") -> EmittedOp:
    up, down = f"{hidden}x768", f"768x{hidden}"
    if transpose:
        up, down = down, up
    types = f"(tensor<1x{rows}x768xf32>, tensor<{up}xf32>, tensor<{down}xf32>)"
    module = parse_module(f"""
func.func @main(%x: tensor<1x{rows}x768xf32>, %w: tensor<{up}xf32>, %v: tensor<{down}xf32>)
    -> tensor<1x{rows}x768xf32> {{
  %y = transformer.mlp %x, %w, %v {{activation = {activation}{transpose}}}
      : {types} -> tensor<1x{rows}x768xf32>
  func.return %y : tensor<1x{rows}x768xf32>
}}""")
    return next(op for op in module.walk() if isinstance(op, EmittedOp))


def test_a_table_is_read_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    table = FormsTable([ENTRY, Entry("transformer.rms_norm", {"rows": 4, "size": 8}, NORM)])
    path.write_text(table.text(), encoding="utf-8")
    assert read_forms(path) == table
    assert load_forms(str(path)) == table


NORM = transformer.RmsNormOp.FORM()


def test_an_entry_takes_the_place_of_one_for_its_shape() -> None:
    better = Entry("transformer.mlp", SHAPE, MlpForm(up_slices=2))
    other = Entry("transformer.mlp", SHAPE | {"rows": 512}, MlpForm())
    assert FormsTable([ENTRY]).with_entries([better, other]).entries == [better, other]


@pytest.mark.parametrize("normalized", [False, True])
def test_the_shape_of_attention_says_whether_heads_are_normalized(normalized: bool) -> None:
    norm = "transformer.rms_norm %h {normalized_shape = [4], eps = 1.0e-05} : (tensor<1x2x3x4xf32>)"
    module = parse_module(f"""
func.func @main(%x: tensor<1x3x8xf32>, %w: tensor<8x8xf32>, %k: tensor<1x2x3x4xf32>)
    -> tensor<1x2x3x4xf32> {{
  %l = transformer.linear %x, %w : (tensor<1x3x8xf32>, tensor<8x8xf32>) -> tensor<1x3x8xf32>
  %r = aten.reshape %l {{shape = [1, 3, 2, 4]}} : (tensor<1x3x8xf32>) -> tensor<1x3x2x4xf32>
  %h = aten.permute %r {{dims = [0, 2, 1, 3]}} : (tensor<1x3x2x4xf32>) -> tensor<1x2x3x4xf32>
  %n = {norm} -> tensor<1x2x3x4xf32>
  %y = transformer.attention {"%n" if normalized else "%h"}, %k, %k {{scale = 0.5}}
      : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  func.return %y : tensor<1x2x3x4xf32>
}}""")
    attention = next(op for op in module.walk() if isinstance(op, transformer.AttentionOp))
    assert shape_of(attention).get("normalized", False) is normalized


@pytest.mark.parametrize("transpose", ["", ", transpose_weight = false"])
def test_a_shape_is_what_the_operation_computes(transpose: str) -> None:
    assert shape_of(mlp(128, 3072, transpose=transpose)) == SHAPE


def test_the_nearest_shape_is_found() -> None:
    near = Entry("transformer.mlp", SHAPE | {"rows": 160}, MlpForm(up_slices=8))
    table = FormsTable([ENTRY, near])
    assert table.find(mlp(128, 3072)) == (ENTRY, 0.0)
    found = table.find(mlp(192, 3072))
    assert found is not None and found[0] is near and 0 < found[1] < 1


@pytest.mark.parametrize("op", [mlp(257, 3072), mlp(128, 1024), mlp(128, 3072, "silu")])
def test_a_shape_too_far_is_not_found(op: EmittedOp) -> None:
    assert FormsTable([ENTRY]).find(op) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[", "is no table of forms"),
        ("[['aten.add']]\nform = {}\nshape = {}", "entry 1 of aten.add: only .* have forms"),
        ("[['transformer.mlp']]\nform = {}", "entry 1 of transformer.mlp: 'shape'"),
        ("[['transformer.mlp']]\nform = {}\nshape = {}\nx = 1", "an entry has no x"),
        ("[['transformer.mlp']]\nform = {up_slice = 2}\nshape = {}", "did you mean up_slices"),
        ("['transformer.mlp']\nform = {}\nshape = {}", "is a list of entries"),
        ("[['transformer.mlp']]\nform = {}\nshape = {rows = 1.5}", "rows is 1.5"),
    ],
)
def test_a_wrong_table_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ForgeError, match=message):
        read_forms(path)


def test_shipped_tables_are_as_they_would_be_written() -> None:
    for platform in table_platforms():
        table = load_forms(platform)
        assert FormsTable([]).with_entries(table.entries) == table


@pytest.mark.parametrize(
    "op_class", [op for op in transformer.Transformer.operations if issubclass(op, EmittedOp)]
)
def test_each_emitted_operation_has_a_shape(op_class: type[EmittedOp]) -> None:
    from forge.targets import forms_table

    assert op_class.name in forms_table._SHAPES  # pyright: ignore[reportPrivateUsage]
