"""TOML files: those that Forge ships in a folder, by name, and a user's own, by path."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from forge.errors import ForgeError
from forge.files import read_text
from forge.suggestions import did_you_mean

SUFFIX = ".toml"


def shipped_names(folder: Path) -> tuple[str, ...]:
    """The names of the files in a folder, sorted."""
    return tuple(sorted(path.stem for path in folder.glob(f"*{SUFFIX}")))


def shipped_file(folder: Path, name: str, problem: str) -> Path:
    """The file of that name in a folder.

    Args:
        problem: what to say if there is none; the name stands behind it.

    Raises:
        ForgeError: there is none.
    """
    known = shipped_names(folder)
    if name not in known:
        hint = did_you_mean(name, known, f"it has {', '.join(known)}")
        raise ForgeError(
            f"{problem} {name!r}", hint=f"{hint}; your own is a path to a {SUFFIX} file"
        )
    return folder / f"{name}{SUFFIX}"


def read_toml(path: Path, kind: str) -> dict[str, Any]:
    """What is in a file.

    Args:
        kind: what it should be, for the message.

    Raises:
        ForgeError: it cannot be read, or is no TOML.
    """
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ForgeError(f"{path} is no {kind}: {error}") from error
