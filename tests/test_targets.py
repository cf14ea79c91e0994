"""Descriptions of targets: that they are complete, what they refuse, and what is wrong with one."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from xdsl.dialects.builtin import ModuleOp

from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.text import parse_module
from forge.targets import Refusal, Target, load_target, target_names

BENCHMARK = Path(__file__).resolve().parent.parent / "benchmarks" / "npu"
INSTRUCTIONS = [op.name.removeprefix("reg.") for op in reg.ops.OPERATIONS]
HEAD = """
title = "a test"
device = "npu"
fallback = "cpu"
source = "the test"
element_types = ["f32", "i64", "i1"]
max_rank = 3
"""


def group(names: list[str], **entries: Any) -> str:
    lines = [f"{key} = {json.dumps(value)}" for key, value in entries.items()]
    return "\n".join(["[[group]]", 'heading = "some"', f"takes = {json.dumps(names)}", *lines, ""])


def description(folder: Path, text: str = "", head: str = HEAD, **special: str) -> Path:
    """A file that takes all instructions; those in `special` have a text of their own."""
    ordinary = [name for name in INSTRUCTIONS if name not in special]
    path = folder / "some.toml"
    path.write_text("\n".join([head, group(ordinary), *special.values(), text]))
    return path


def refused(name: str, reason: str = "it does not") -> str:
    return f'[[group]]\nheading = "some"\nrefuses = ["{name}"]\nreason = "{reason}"\n'


def target(folder: Path, text: str = "", **special: str) -> Target:
    return load_target(str(description(folder, text, **special)))


def instruction(text: str, *types: str, result: str | None = None) -> reg.RegOp:
    """An instruction on arguments %0, %1, … of the given types; the result has the first's."""
    registers = [f"!reg.reg<{type}, npu>" for type in types]
    arguments = ", ".join(f"%{index}: {type}" for index, type in enumerate(registers))
    written = f"!reg.reg<{result or types[0]}, npu>"
    module: ModuleOp = parse_module(
        f"func.func @main({arguments}) -> {written} {{\n"
        f"%r = {text} : ({', '.join(registers)}) -> {written}\nfunc.return %r : {written}\n}}"
    )
    return next(op for op in module.walk() if isinstance(op, reg.RegOp))


# -- what is described -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", target_names())
def test_forge_s_own_descriptions_can_be_read(name: str) -> None:
    found = load_target(name)
    assert found.name == name
    assert found is load_target(name)
    assert sorted(n for group in found.groups for n in group.instructions) == sorted(INSTRUCTIONS)


def test_what_is_no_instruction_is_taken() -> None:
    found = load_target("forge-ugc")
    assert found.refusal(instruction("reg.copy %0", "4xf32", result="4xf32")) is None


# -- refusals, one for each guard ------------------------------------------------------------------


def test_what_meets_no_condition_is_taken(tmp_path: Path) -> None:
    assert target(tmp_path).refusal(instruction("reg.Abs %0", "2x3xf32")) is None


def test_an_instruction(tmp_path: Path) -> None:
    found = target(tmp_path, Abs=refused("Abs", "it is not made for that"))
    refusal = found.refusal(instruction("reg.Abs %0", "2x3xf32"))
    assert refusal == Refusal("it is not made for that", "the test")
    assert str(refusal) == "it is not made for that (the test)"
    assert found.refusal(instruction("reg.Exp %0", "2x3xf32")) is None


def test_what_nobody_has_tried(tmp_path: Path) -> None:
    text = refused("Abs").replace("refuses", "unverified") + 'source = "nobody"\n'
    refusal = target(tmp_path, Abs=text).refusal(instruction("reg.Abs %0", "2xf32"))
    assert str(refusal) == "unverified: it does not (nobody)"


def test_an_element_type_that_nobody_has_tried(tmp_path: Path) -> None:
    refusal = target(tmp_path).refusal(instruction("reg.Abs %0", "2xi16"))
    assert str(refusal) == "unverified: nobody has tried elements of type i16 (the test)"


def test_a_rank(tmp_path: Path) -> None:
    refusal = target(tmp_path).refusal(instruction("reg.Abs %0", "1x1x1x2xf32"))
    assert str(refusal) == "Abs is known to take registers of up to 3 dimensions (the test)"


def test_a_group_has_element_types_and_ranks_of_its_own(tmp_path: Path) -> None:
    found = target(tmp_path, Abs=group(["Abs"], element_types=["f32"], max_rank=4))
    assert found.refusal(instruction("reg.Abs %0", "1x1x1x2xf32")) is None
    refusal = found.refusal(instruction("reg.Abs %0", "2xi64"))
    assert str(refusal) == "Abs is known to take data of types f32, not i64 (the test)"


def test_the_data_of_a_group(tmp_path: Path) -> None:
    found = target(tmp_path, Select=group(["Select"], element_types=["f32"], data="arg1"))
    select = "reg.Select %0, %1, %2"
    assert found.refusal(instruction(select, "2xi1", "2xf32", "2xf32", result="2xf32")) is None
    refusal = found.refusal(instruction(select, "2xi1", "2xi64", "2xi64", result="2xi64"))
    assert str(refusal) == "Select is known to take data of types f32, not i64 (the test)"


LIMITS = {
    'element_types = ["i64"]': ("reg.Add %0, %1", ["2xi64", "2xi64"], ["2xf32", "2xf32"]),
    "ranks = [2, 3]": ("reg.Add %0, %1", ["2x2xf32", "2x2xf32"], ["2xf32", "2xf32"]),
    "empty = true": ("reg.Add %0, %1", ["0xf32", "0xf32"], ["2xf32", "2xf32"]),
    'operands = ["arg1"]\nranks = [1]': ("reg.Add %0, %1", ["2xf32", "2xf32"], ["2xf32", "f32"]),
}


@pytest.mark.parametrize("condition", LIMITS)
def test_a_limit_on_registers(condition: str, tmp_path: Path) -> None:
    text, bad, good = LIMITS[condition]
    limit = f'[[limit]]\ninstructions = ["Add"]\n{condition}\nreason = "too much"\nsource = "me"\n'
    found = target(tmp_path, limit)
    assert str(found.refusal(instruction(text, *bad))) == "too much (me)"
    assert found.refusal(instruction(text, *good)) is None


def test_a_limit_on_static_arguments(tmp_path: Path) -> None:
    limit = (
        '[[limit]]\ninstructions = ["Gelu"]\nattributes = {approximation_mode = "ERF"}\n'
        'reason = "too exact"\n'
    )
    found = target(tmp_path, limit)
    assert str(found.refusal(instruction("reg.Gelu %0", "2xf32"))) == "too exact (the test)"
    tanh = instruction('reg.Gelu %0 {approximation_mode = "TANH"}', "2xf32")
    assert found.refusal(tanh) is None


def test_a_limit_on_a_conversion(tmp_path: Path) -> None:
    limit = (
        '[[limit]]\ninstructions = ["Convert"]\nattributes = {destination_type = "i64"}\n'
        'element_types = ["i1"]\nreason = "no"\n'
    )
    found = target(tmp_path, limit)
    convert = "reg.Convert %0 {destination_type = i64}"
    assert found.refusal(instruction(convert, "2xi1", result="2xi64")) is not None
    assert found.refusal(instruction(convert, "2xf32", result="2xi64")) is None


def test_a_limit_on_what_computes_an_operand(tmp_path: Path) -> None:
    limit = '[[limit]]\ninstructions = ["Exp"]\nfollows = ["Abs"]\nreason = "no"\n'
    found = target(tmp_path, limit)
    first = instruction("reg.Abs %0", "2xf32")
    assert found.refusal(reg.ExpOp(first.results[0])) is not None
    assert found.refusal(instruction("reg.Exp %0", "2xf32")) is None


def test_a_limit_on_all_instructions(tmp_path: Path) -> None:
    found = target(tmp_path, '[[limit]]\nempty = true\nreason = "there is nothing"\n')
    assert found.refusal(instruction("reg.Exp %0", "0xf32")) is not None


def test_a_limit_with_exceptions(tmp_path: Path) -> None:
    limit = '[[limit]]\nelement_types = ["i64"]\nexceptions = ["Exp"]\nreason = "no"\n'
    found = target(tmp_path, limit)
    assert found.refusal(instruction("reg.Exp %0", "2xi64")) is None
    assert found.refusal(instruction("reg.Abs %0", "2xi64")) is not None


# -- what can be wrong with a description ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hint"),
    [("npu372", "did you mean npu3720"), ("accelerator", "it has cpu, forge-ugc, npu3720")],
)
def test_a_name_that_forge_does_not_know(name: str, hint: str) -> None:
    with pytest.raises(ForgeError, match=rf"describes no target '{name}'[\s\S]*{hint}"):
        load_target(name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=r"cannot read .*missing\.toml: No such file"):
        load_target(str(tmp_path / "missing.toml"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"device = ", "is no description of a target: "),
        (b"[group\n", "is no description of a target: "),
        (b"\xff\xfe", "is not text in UTF-8: "),
    ],
)
def test_a_file_that_is_no_toml(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(ForgeError, match=rf"bad\.toml {reason}"):
        load_target(str(path))


WRONG_HEADS = [
    ('title = "a test"', "", "title is missing"),
    ('title = "a test"', "title = 3", "title is 3, which is not a text"),
    ('title = "a test"', 'title = " "', "title is empty"),
    ('device = "npu"', 'device = "NPU"', "device is no device: a device's name is in lower case"),
    ('device = "npu"', 'device = "host"', "device is host, where kernels run"),
    ('fallback = "cpu"', 'fallback = ""', "fallback is empty"),
    ("max_rank = 3", "max_rank = true", "max_rank is True, which is not a number"),
    ("max_rank = 3", "max_ranks = 3", "max_ranks is no key of a description"),
    ('["f32", "i64", "i1"]', '"f32"', "element_types is 'f32', which is not a list"),
    ('["f32", "i64", "i1"]', "[]", "element_types names none"),
    ('["f32", "i64", "i1"]', '["f32", "f23"]', "element_types has 'f23'.*[\\s\\S]*did you mean"),
    ('["f32", "i64", "i1"]', '["f32", "f32"]', "element_types has 'f32' 2 times"),
    ('["f32", "i64", "i1"]', "[[]]", "element_types has \\[\\], which Forge does not know"),
    ('["f32", "i64", "i1"]', "[32]", "element_types has 32, which Forge does not know"),
]


@pytest.mark.parametrize(("entry", "wrong", "message"), WRONG_HEADS)
def test_a_wrong_entry(entry: str, wrong: str, message: str, tmp_path: Path) -> None:
    path = description(tmp_path, head=HEAD.replace(entry, wrong))
    with pytest.raises(ForgeError, match=rf"some\.toml: {message}"):
        load_target(str(path))


WRONG_GROUPS = [
    ("", r"group says nothing of Abs[\s\S]*unverified"),
    (group(["Abs", "Exp"]), "group has Exp 2 times"),
    (group(["Abz"]), r"group 2: takes has 'Abz', which Forge does not know[\s\S]*did you mean Abs"),
    (refused("Abs").replace("reason", "reasons"), "group 2: reasons is no key"),
    (refused("Abs", ""), "group 2: reason is empty"),
    (
        refused("Abs").replace("refuses", "source"),
        "group 2: takes or refuses or unverified must be",
    ),
    (refused("Abs") + 'takes = ["Abs"]\n', "group 2: takes or refuses or unverified must be"),
    (group(["Abs"], data="x"), r"group 2: data has 'x', but Abs has no such[\s\S]*it has arg"),
    (group(["Abs"], element_types=["f23"]), "group 2: element_types has 'f23'"),
    (group(["Abs"], max_rank="3"), "group 2: max_rank is '3', which is not a number"),
]


@pytest.mark.parametrize(("text", "message"), WRONG_GROUPS)
def test_a_wrong_group(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=rf"some\.toml: {message}"):
        target(tmp_path, Abs=text)


def test_groups_that_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "some.toml"
    path.write_text(HEAD + "group = [1]\n")
    with pytest.raises(ForgeError, match=r"group is not a list of tables, each of which begins"):
        load_target(str(path))


WRONG_LIMITS = [
    ('reason = "no"', "limit 1: operands or element_types or .* must be there"),
    ("empty = true", "limit 1: reason is missing"),
    ('empty = 1\nreason = "no"', "limit 1: empty is 1, which is not true or false"),
    ('ranks = 1\nreason = "no"', "limit 1: ranks is 1, which is not a list of numbers"),
    ('ranks = [true]\nreason = "no"', "limit 1: ranks is .True., which is not a list of numbers"),
    ('rank = 1\nempty = true\nreason = "no"', "limit 1: rank is no key"),
    ('operands = ["arg"]\nreason = "no"', "limit 1: operands belongs to instructions"),
    (
        'instructions = ["Abs"]\noperands = ["arg0"]\nreason = "no"',
        "limit 1: operands has 'arg0', but Abs",
    ),
    ('instructions = ["Abs"]\nattributes = {a = 1}\nreason = "no"', "limit 1: attributes has 'a'"),
    ('instructions = ["Abs"]\nattributes = 1\nreason = "no"', "limit 1: attributes is no table"),
    ('instructions = ["Abs"]\noperands = ["nix"]\nreason = "no"', "limit 1: operands has 'nix'"),
    ('follows = ["Abz"]\nreason = "no"', "limit 1: follows has 'Abz'"),
]


@pytest.mark.parametrize(("text", "message"), WRONG_LIMITS)
def test_a_wrong_limit(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ForgeError, match=rf"some\.toml: {message}"):
        target(tmp_path, f"[[limit]]\n{text}\n")


# -- what compilers said ---------------------------------------------------------------------------


STRICTER = {
    "Convert bf16 rank 3 to f16": "the only conversion from bf16",
    "Convert f32 rank 3 to bf16": "the only conversion to bf16",
    "ScaledDotProductAttention f16 rank 5": "over one batch, or with keys of its own for each head",
    "ScaledDotProductAttention f32 rank 5": "the same",
    "Slice f32 rank 5 every one": "with a step it fails, and steps are not looked at",
    " f64 rank 3": "taken, and computed in fewer bits",
    " to f64": "the same",
}
"""Forms that compilers take, and descriptions do not."""


def forms_of_benchmark(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, reg.RegOp]]:
    monkeypatch.syspath_prepend(str(BENCHMARK))
    probe, forms = import_module("probe"), import_module("forms")
    found: list[tuple[str, str, reg.RegOp]] = []
    for form in forms.forms():
        name = f"reg.{form.instruction}"
        op = next(op for op in probe.program(form).walk() if op.name == name)
        found.append((form.instruction, form.label, op))
    return found


def test_descriptions_say_what_the_compilers_said(monkeypatch: pytest.MonkeyPatch) -> None:
    observed = json.loads((BENCHMARK / "observations.json").read_text())
    wrong: list[str] = []
    for instruction_name, label, op in forms_of_benchmark(monkeypatch):
        refused = observed[instruction_name][label]
        form = f"{instruction_name} {label}"
        for platform in ("cpu", "npu3720", "npu4000", "npu5010", "npu5020"):
            refusal = load_target(platform).refusal(op)
            taken = not any(platform in platforms for platforms in refused.values())
            stricter = taken and any(known in form for known in STRICTER)
            if taken == (refusal is None) or stricter:
                continue
            wrong.append(f"{platform} {'takes' if taken else 'refuses'} {form}: {refusal}")
    assert not wrong
