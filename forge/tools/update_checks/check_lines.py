"""CHECK lines for a printed program: the text as it is, but for the names of its values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count

SEPARATOR = "// -----"

# What defines a symbol at the top of a module, in the readable form and in the generic one.
_DEFINITION = re.compile(
    r"^\s*(?:[\w.]+ (?:\w+ )?@(?P<name>[\w.$-]+|\"[^\"]+\")"
    r"|\"[\w.]+\".*\bsym_name = \"(?P<generic>[^\"]+)\")"
)
_BRACKETS = re.compile(
    r"^\s*(?:\"?(?:builtin\.)?module\"?(?:\(\))? \(?\{|\}(?:\) : \(\) -> \(\))?(?: loc\(.*\))?)?$"
)
_TOKEN = re.compile(r'(?P<string>"(?:[^"\\]|\\.)*")|%(?P<value>[\w.$-]+)|(?P<marker>\[\[|\{\{)')
_OPERATION = re.compile(r"= \"?(?:\w+\.)?(\w+)")


@dataclass(frozen=True)
class Section:
    """What stands at the top of a module: a function, or anything else.

    Attributes:
        part: which of the programs between `// -----` it is in.
        name: the symbol that it defines, if it does.
    """

    part: int
    name: str | None
    lines: tuple[str, ...]


def symbol_of(line: str) -> str | None:
    """The symbol that a line of a program defines, if it does."""
    match = _DEFINITION.match(line)
    return match and (match["name"] or match["generic"])


def sections_of(text: str) -> list[Section]:
    """What stands at the top of the modules of `text`, in its order."""
    sections: list[Section] = []
    part = 0
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith(SEPARATOR):
            part += 1
        elif not _BRACKETS.match(line) and not line.lstrip().startswith("//"):
            body = tuple(_body(line, lines)) if line.endswith("{") else ()
            sections.append(Section(part, symbol_of(line), (line, *body)))
    return sections


def _body(head: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines after `head`, to the bracket that closes what it opens."""
    closing = head[: len(head) - len(head.lstrip())] + "}"
    for line in lines:
        yield line
        if line.startswith(closing):
            return


def check_lines(section: Section, prefix: str, own_path: str) -> list[str]:
    """The lines, without `//`, that hold a program to `section`.

    Args:
        section: what was printed.
        prefix: that of the lines, such as `CHECK`.
        own_path: the test's path; where locations name it, only its last part is compared, and no
            line number, since writing the lines moves the program.
    """
    names = _Names(own_path)
    head, *rest = section.lines
    if section.name is None:
        lines = [f"{prefix}:       {names.pattern(head)}"]
    else:
        lines = list(_label(head, prefix, names))
    for line in rest:
        kind = f"{prefix}-NEXT:  {names.pattern(line)}" if line.strip() else f"{prefix}-EMPTY:"
        lines.append(kind)
    return lines


def _label(head: str, prefix: str, names: _Names) -> Iterator[str]:
    """A label has no variables, so that each argument follows on a line of its own."""
    first, *arguments = re.split(r"(?=%[\w.$-]+:)", head)
    label = first if arguments else names.pattern(first)
    yield f"{prefix}-LABEL: {label.strip()}"
    for argument in arguments:
        yield f"{prefix}-SAME:      {names.pattern(argument)}"


@dataclass
class _Names:
    """The variables of a function: arguments by number, results by the operation they are of."""

    own_path: str
    variables: dict[str, str] = field(default_factory=dict[str, str])

    def pattern(self, line: str) -> str:
        """The pattern of a line: its text, with variables for values."""
        line = line.rstrip()
        operation = _OPERATION.search(line) if line.lstrip().startswith("%") else None
        results_end = operation.start() if operation is not None else 0
        parts: list[str] = []
        end = 0
        for token in _TOKEN.finditer(line):
            parts.append(line[end : token.start()])
            end = token.end()
            if token["value"]:
                name = operation[1] if operation and token.start() < results_end else None
                parts.append(self._value(token["value"], name))
            elif token["marker"]:
                parts.append(_escaped(token["marker"]))
            else:
                text, end = self._string(line, token)
                parts.append(text)
        parts.append(line[end:])
        # A name or a number could go on where the line ends.
        bound = "{{$}}" if re.search(r"[\w.$-]$", line) else ""
        return "".join(parts) + bound

    def _value(self, value: str, operation: str | None) -> str:
        if (known := self.variables.get(value)) is not None:
            return f"%[[{known}]]"
        variable = self._fresh(operation)
        self.variables[value] = variable
        return f"%[[{variable}:[^ ,:]+]]"

    def _fresh(self, operation: str | None) -> str:
        """ARG0, ARG1, … for arguments; MATMUL, MATMUL_1, … for results."""
        taken = set(self.variables.values())
        names = (f"ARG{n}" for n in count())
        if operation is not None:
            base = operation.upper()
            names = chain([base], (f"{base}_{n}" for n in count(1)))
        return next(name for name in names if name not in taken)

    def _string(self, line: str, token: re.Match[str]) -> tuple[str, int]:
        if token["string"][1:-1] != self.own_path:
            return re.sub(r"\[\[|\{\{", lambda m: _escaped(m[0]), token["string"]), token.end()
        place = re.compile(r":\d+:(\d+)").match(line, token.end())
        text = '"{{[^"]*}}' + self.own_path.rpartition("/")[2] + '"'
        if place is None:
            return text, token.end()
        return f"{text}:{{{{[0-9]+}}}}:{place[1]}", place.end()


def _escaped(marker: str) -> str:
    """Two brackets that filecheck is to take as they are."""
    return f"{{{{\\{marker[0]}\\{marker[1]}}}}}"
