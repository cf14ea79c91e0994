"""docs/bytecode.md is true: its example is what Forge writes, and its tables are complete."""

import re
from pathlib import Path

from forge.backends.vm import attributes
from forge.backends.vm.bytecode import VERSION, assemble, disassemble
from forge.ir.text import parse_module, print_module

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "bytecode.md").read_text()


def block(kind: str) -> str:
    found = re.search(rf"^```{kind}\n(.*?)^```$", DOCUMENT, re.M | re.S)
    assert found is not None
    return found[1]


def test_the_example_is_what_forge_writes() -> None:
    module = parse_module(block("mlir"), "tiny.mlir")
    lines = [line for line in block("hex").splitlines() if not line.startswith("#")]
    written = [re.match(r"(?:[0-9a-f]{2} )+", line)[0] for line in lines]
    content = bytes.fromhex("".join(written))
    assert content.hex(" ") == assemble(module).hex(" ")
    assert print_module(disassemble(content)) == print_module(module)


def test_the_tables_have_every_tag_and_element_type() -> None:
    assert f"| version | number, now {VERSION} |" in DOCUMENT
    code = re.findall(r"^\| (\d+) +\|", attributes.__doc__ or "", re.M)
    assert re.findall(r"^\| (\d+) \|", DOCUMENT, re.M) == code
    for number, element in enumerate(attributes._ELEMENTS):
        assert f"{number} {element}" in re.sub(r"\s+", " ", DOCUMENT)
