"""The documentation site: what its pages are made of. `make docs` builds it, strictly."""

import re
from pathlib import Path

import pytest

from forge.tools import running
from forge.tools.forge_opt import forge_opt
from forge.universe import FORGE_UNIVERSE
from scripts.docs_site.dialect_pages import dialect_page
from scripts.docs_site.error_messages import messages
from scripts.docs_site.lit_programs import operation_examples
from scripts.docs_site.markdown import documentation
from scripts.docs_site.pass_pages import pass_page, pipelines_page

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_errors_that_are_explained_are_those_of_the_code() -> None:
    known = [message.text for message in messages()]
    explained = re.findall(r"^\| `([^`]+)` \|", (DOCS / "errors.md").read_text(), re.MULTILINE)
    assert len(explained) > 10
    assert [text for text in explained if not any(text in message for message in known)] == []


def test_the_exit_codes_are_those_of_the_tools() -> None:
    text = (DOCS / "errors.md").read_text()
    rows = re.findall(r"^\| (\d[\d, ]*) \|", text, re.MULTILINE)
    shown = {int(code) for row in rows for code in row.split(", ")}
    codes = {value for name, value in vars(running).items() if name.isupper()}
    assert shown == {0} | {code for code in codes if isinstance(code, int)}


def test_the_example_of_an_error_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", (DOCS / "errors.md").read_text(), re.DOTALL)
    operation = shown.splitlines()[1]
    (tmp_path / "program.mlir").write_text(
        f"func.func @main(%x: tensor<2xf32>) {{\n{operation}\n  func.return\n}}\n"
    )
    monkeypatch.chdir(tmp_path)
    assert forge_opt(["program.mlir"]) == 1
    assert capsys.readouterr().err == shown


@pytest.mark.parametrize("name", sorted(FORGE_UNIVERSE.all_passes))
def test_every_pass_has_a_page_with_what_its_lit_test_shows(name: str) -> None:
    page = pass_page(name)
    assert page.startswith(f"# `{name}`\n\n")
    _, _, example = page.partition("## Before and after")
    before, after = re.findall(r"```mlir\n(.*?)```", example, re.DOTALL)
    assert before.startswith("func.func @")
    assert before != after


@pytest.mark.parametrize("name", FORGE_UNIVERSE.all_dialects)
def test_every_operation_has_a_section_and_an_example(name: str) -> None:
    operations = {op.name for op in FORGE_UNIVERSE.all_dialects[name]().operations}
    sections = re.split(r"^## `", dialect_page(name), flags=re.MULTILINE)[1:]
    shown = {section.partition("`")[0] for section in sections}
    assert operations - shown == set()
    assert operations - operation_examples().keys() == set()


def test_the_pipelines_name_their_passes_in_order() -> None:
    page = pipelines_page()
    header, _, *rows = [line.split(" | ") for line in page.splitlines() if line.startswith("|")]
    pipelines = re.findall(r"^## (.*)\n\n```text\n(.*)\n```", page, re.MULTILINE)
    assert len(pipelines) == len(header) - 1
    for column, (title, pipeline) in enumerate(pipelines, start=1):
        assert header[column].strip(" |") == title
        named = [row[0].split("](")[0][3:] for row in rows if row[column].strip(" |")]
        assert named == re.sub(r"\{[^}]*\}", "", pipeline).split(",")


def test_docstrings_become_markdown() -> None:
    text = """Do it.

    Where %x is used:

        %0 = aten.relu %x

    Args:
        x: what is used, on
            two lines.
    """
    assert documentation(text) == (
        "Do it.\n\nWhere %x is used:\n\n```mlir\n%0 = aten.relu %x\n```\n\n"
        "**Args**\n\n- `x`: what is used, on\n  two lines."
    )
