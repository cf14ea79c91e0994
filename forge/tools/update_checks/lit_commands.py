"""What lit would run for a test, and what that prints.

lit itself reads the test: its substitutions, features and environment are those of the suite.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from forge.errors import ForgeError

_PIPELINE = re.compile(r"^(?P<producer>.*?)\|\s*(?:filecheck|FileCheck)(?P<arguments>\s[^|;&<>]*)$")


class UnsupportedTestError(ForgeError):
    """The suite says that the test cannot run here."""


@dataclass(frozen=True)
class Checked:
    """What one RUN line gives filecheck.

    Attributes:
        place: which line it is, for messages.
        prefixes: those of the lines that filecheck reads.
        options: filecheck's other options.
        text: the program; `None` if what it gets is no program, but messages.
    """

    place: str
    prefixes: Sequence[str]
    options: Sequence[str]
    text: str | None


def run_test(path: Path) -> list[Checked]:
    """Run a test's RUN lines, and return what filecheck is to read in each.

    Raises:
        UnsupportedTestError: the suite lacks a feature that the test requires.
        ForgeError: a command fails, or lit cannot read the test.
    """
    with tempfile.TemporaryDirectory() as scratch:
        session = _Session(path, Path(scratch))
        return [
            checked
            for place, command in session.commands()
            if (checked := _run(session, place, command)) is not None
        ]


def _run(session: _Session, place: str, command: str) -> Checked | None:
    pipeline = _PIPELINE.match(command)
    if pipeline is None:
        if re.search(r"\|\s*(filecheck|FileCheck)\b", command):
            raise ForgeError(f"{session.path}: {place}: filecheck is not the last command")
        session.execute(place, command)
        return None
    producer = pipeline["producer"].rstrip()
    text = session.output_of(place, producer)
    try:
        target, prefixes, options = _filecheck_arguments(shlex.split(pipeline["arguments"]))
    except ValueError as error:
        raise ForgeError(f"{session.path}: {place}: filecheck's options: {error}") from error
    messages = "2>&1" in producer or producer.split()[0] in ("not", "!")
    elsewhere = target is None or Path(target).resolve() != session.path
    return Checked(place, prefixes, options, None if messages or elsewhere else text)


def _filecheck_arguments(
    arguments: list[str],
) -> tuple[str | None, list[str], list[str]]:
    """The file with the lines, their prefixes, and what else filecheck is told.

    Raises:
        ValueError: a prefix is missing.
    """
    target: str | None = None
    prefixes: list[str] = []
    options: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        option, sign, value = argument.partition("=")
        if option.lstrip("-") in ("check-prefix", "check-prefixes") and option.startswith("-"):
            prefixes += (value if sign else next(rest, "")).split(",")
            if "" in prefixes:
                raise ValueError("No prefix")
        elif argument.startswith("-"):
            options.append(argument)
        else:
            target = argument
    return target, prefixes or ["CHECK"], options


class _Session:
    """A test as lit sees it; lit has no types, so that all of it is `Any` here."""

    def __init__(self, path: Path, scratch: Path) -> None:
        try:
            self._runner: Any = import_module("lit.TestRunner")
        except ImportError as error:
            raise ForgeError("lit is not installed", hint="pip install 'forge-ugc[dev]'") from error
        self.path = path
        self._scratch = scratch
        self._config: Any = import_module("lit.LitConfig").LitConfig(
            progname="forge-update-checks",
            path=[],
            diagnostic_level="error",
            useValgrind=False,
            valgrindLeakCheck=False,
            valgrindArgs=[],
            noExecute=False,
            debug=False,
            isWindows=os.name == "nt",
            order="lexical",
            params={},
        )
        self._test: Any = self._find_test()

    def _find_test(self) -> Any:
        discovery: Any = import_module("lit.discovery")
        suite, inside = discovery.getTestSuite(str(self.path), self._config, {})
        if suite is None:
            suite, inside = self._suite_of_its_own(), (self.path.name,)
        local = discovery.getLocalConfig(suite, inside[:-1], self._config, {})
        return import_module("lit.Test").Test(suite, inside, local)

    def _suite_of_its_own(self) -> Any:
        """A test outside of any suite finds the tools that stand beside this one."""
        settings: Any = import_module("lit.TestingConfig").TestingConfig.fromdefaults(self._config)
        beside = str(Path(sys.executable).parent)
        settings.environment["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", "")])
        folder = str(self.path.parent)
        suite = import_module("lit.Test").TestSuite
        return suite("tests", folder, str(self._scratch), settings, self._config)

    def commands(self) -> Iterator[tuple[str, str]]:
        """The commands, with what they are called in messages."""
        script = self._runner.parseIntegratedTestScript(self._test)
        if not isinstance(script, list):
            unsupported = script.code.name == "UNSUPPORTED"
            kind = UnsupportedTestError if unsupported else ForgeError
            raise kind(f"{self.path}: {script.output}")
        base = str(self._scratch / self.path.name)
        try:
            lines = self._runner.applySubstitutions(
                script,
                self._runner.getDefaultSubstitutions(self._test, str(self._scratch), base),
                dict.fromkeys(self._test.config.available_features, True),
                recursion_limit=self._test.config.recursiveExpansionLimit,
            )
        except ValueError as error:
            raise ForgeError(f"{self.path}: {error}") from error
        for line in cast("list[str]", lines):
            place, command = re.fullmatch(self._runner.kPdbgRegex, line).groups()  # type: ignore[union-attr]
            yield place, command.strip()

    def output_of(self, place: str, command: str) -> str:
        """What a command prints on stdout.

        Raises:
            ForgeError: it fails.
        """
        output = self._scratch / "stdout"
        self.execute(place, f"{command} > {shlex.quote(str(output))}", command)
        return output.read_text(errors="replace")

    def execute(self, place: str, command: str, shown: str | None = None) -> None:
        """Run a command, which messages show without what was added to it.

        Raises:
            ForgeError: it fails.
        """
        shown = shown or command
        base, folder = str(self._scratch / "script"), str(self._scratch)
        try:
            _, errors, status, *_ = self._runner.executeScriptInternal(
                self._test, self._config, base, [command], folder, debug=False
            )
        except self._runner.ScriptFatal as error:
            raise ForgeError(f"{self.path}: {place}: lit cannot parse {shown!r}") from error
        if status != 0:
            raise ForgeError(f"{self.path}: {place}: {shown} fails\n{errors.rstrip()}")
