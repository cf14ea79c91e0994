"""What becomes of diagnostics: printed, or compared with those that the text says to expect."""

from __future__ import annotations

import re
import sys
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from forge.diagnostics import ERROR, Diagnostic, Place
from forge.ir.source_text import SourceText

ONLY_EXPECTED = "only-expected"
"""The level of verification that leaves what is not expected alone."""


class Reporter:
    """Prints diagnostics to stderr.

    Attributes:
        failed: whether there was an error.
    """

    def __init__(self) -> None:
        self.failed = False

    def emit(self, diagnostic: Diagnostic) -> None:
        """Print a diagnostic."""
        self.failed |= diagnostic.severity == ERROR
        # What comes on stdout comes before it.
        sys.stdout.flush()
        print(diagnostic, file=sys.stderr)

    def finish(self) -> None:
        """All of a text has been processed."""


@dataclass(frozen=True)
class Expectation:
    """A diagnostic that a comment in a text says to expect.

    Attributes:
        severity: what it is.
        text: what its message contains.
        pattern: what matches a part of its message.
        line: where it must be; `None` for a diagnostic with no place in the text.
        place: the comment.
    """

    severity: str
    text: str
    pattern: re.Pattern[str]
    line: int | None
    place: Place

    def meets(self, diagnostic: Diagnostic) -> bool:
        """Whether a diagnostic is what was expected."""
        line = diagnostic.place.line if diagnostic.place is not None else None
        return (
            diagnostic.severity == self.severity
            and line == self.line
            and self.pattern.search(diagnostic.message) is not None
        )


class Verifier(Reporter):
    """Compares diagnostics with those that comments in the text say to expect, as MLIR does."""

    def __init__(self, source: SourceText | None, *, only_expected: bool = False) -> None:
        """Read the comments of a text; no text expects nothing.

        Args:
            only_expected: do not report what is not expected.
        """
        super().__init__()
        self._file = source.name if source is not None else None
        self._only_expected = only_expected
        self._unmet = list(expectations(source)) if source is not None else []
        self._expected = tuple(self._unmet)

    def emit(self, diagnostic: Diagnostic) -> None:
        """Compare a diagnostic, and its notes; what is not expected is an error."""
        place = diagnostic.place
        if place is not None and place.file != self._file:
            diagnostic = replace(diagnostic, place=None)
        met = [expected for expected in self._expected if expected.meets(diagnostic)]
        if met:
            self._unmet = [expected for expected in self._unmet if expected not in met[:1]]
        elif not self._only_expected:
            message = f"unexpected {diagnostic.severity}: {diagnostic.message}"
            super().emit(Diagnostic(ERROR, message, place, diagnostic.details))
        for note in diagnostic.notes:
            self.emit(note)

    def finish(self) -> None:
        """Report what was expected and did not come."""
        for expected in self._unmet:
            message = f'expected {expected.severity} "{expected.text}" was not produced'
            super().emit(Diagnostic(ERROR, message, expected.place))


_EXPECTATION = re.compile(
    r"expected-(error|warning|remark|note)(-re)? *(?:@([+-]\d+|above|below|unknown))? *"
    r"\{\{(.*)\}\}$"
)


def expectations(source: SourceText) -> Iterator[Expectation]:
    """What the comments of a text say to expect: `// expected-error @+1 {{the reason}}`.

    `@above` and `@below` are the nearest lines without such a comment.
    """
    lines = source.content.split("\n")
    found = {
        index: match
        for index, line in enumerate(lines)
        if (match := _EXPECTATION.search(line.rstrip()))
    }
    start = 0
    for index, line in enumerate(lines):
        if (match := found.get(index)) is not None:
            severity, is_pattern, where, text = match.groups()
            place = source.place(start + match.start(), match.end() - match.start())
            at = _line(where, index, found)
            yield Expectation(
                severity,
                text,
                _with_patterns(text) if is_pattern else re.compile(re.escape(text)),
                None if at is None else place.line + at - index,
                place,
            )
        start += len(line) + 1


def _line(where: str | None, index: int, comments: Container[int]) -> int | None:
    """The index of the line that a comment is about."""
    if where == "unknown":
        return None
    if where in ("above", "below"):
        step = 1 if where == "below" else -1
        index += step
        while index in comments:
            index += step
        return index
    return index + int(where or 0)


def _with_patterns(text: str) -> re.Pattern[str]:
    """What `{{…}}` encloses is a regular expression, all else stands for itself."""
    parts = re.split(r"\{\{(.*?)\}\}", text)
    return re.compile(
        "".join(f"(?:{part})" if index % 2 else re.escape(part) for index, part in enumerate(parts))
    )
