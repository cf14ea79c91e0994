"""Files that a user names: read and written with one message, and never half-written."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from forge.errors import ForgeError


def read_bytes(path: Path) -> bytes:
    """What is in a file.

    Raises:
        ForgeError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ForgeError(f"cannot read {path}: {error.strerror}") from error


def read_text(path: Path, *, errors: str = "strict") -> str:
    """The text in a file; `errors` as in `bytes.decode`.

    Raises:
        ForgeError: it cannot be read, or is no text.
    """
    return decoded(read_bytes(path), str(path), errors=errors)


def decoded(content: bytes, name: str, *, errors: str = "strict") -> str:
    """The text that bytes are; `name` is what messages call them.

    Raises:
        ForgeError: they are no text.
    """
    try:
        # As files are read in text mode: with any line ends.
        return StringIO(content.decode(errors=errors), newline=None).read()
    except UnicodeDecodeError as error:
        raise ForgeError(f"{name} is not text in UTF-8: {error.reason}") from error


@contextmanager
def written_beside(path: Path) -> Generator[Path]:
    """A name beside `path` to write to; the file is renamed at the end, and removed on failure.

    Raises:
        ForgeError: it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise ForgeError(f"cannot write {path}: {error.strerror or error}") from error


def write_text(path: Path, text: str) -> None:
    """Write a text file.

    Raises:
        ForgeError: it cannot be written.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        ForgeError: it cannot be written.
    """
    if path.exists() and not path.is_file():
        # A device or a pipe, such as /dev/null, stays what it is.
        _write_in_place(path, content)
        return
    with written_beside(path) as partial:
        partial.write_bytes(content)


def _write_in_place(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ForgeError(f"cannot write {path}: {error.strerror}") from error


def check_can_be_made(directory: Path) -> None:
    """Refuse, before long work, a directory that could not be made or written after it.

    Raises:
        ForgeError: what is there is a file, or is not writable.
    """
    nearest = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise ForgeError(f"cannot write {directory}: {nearest} is a file")
    if not os.access(nearest, os.W_OK):
        raise ForgeError(f"cannot write {directory}: {nearest} is not writable")


def make_directory(path: Path) -> None:
    """Make a directory, and those above it.

    Raises:
        ForgeError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ForgeError(f"cannot write {path}: {error.strerror}") from error


def check_writable(path: Path) -> None:
    """Refuse, before long work, a file that could not be written after it.

    Raises:
        ForgeError: the directory is missing or not writable, or the path is a directory.
    """
    if path.is_dir():
        raise ForgeError(f"cannot write {path}: it is a directory")
    folder = path.parent
    if not folder.is_dir():
        raise ForgeError(f"cannot write {path}: there is no directory {folder}")
    if not os.access(folder, os.W_OK):
        raise ForgeError(f"cannot write {path}: {folder} is not writable")
