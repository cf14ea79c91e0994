"""OpenVINO's IR as files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from forge.backends.openvino import bindings
from forge.backends.openvino.bindings import Model
from forge.errors import ForgeError


def write_ir(model: Model, path: Path) -> None:
    """Write a model to `path` (.xml) and the .bin beside it; both appear when they are complete.

    Raises:
        ForgeError: they cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.stem}.", dir=path.parent) as folder:
            partial = Path(folder) / path.with_suffix(".xml").name
            bindings.write_model(model, partial)
            # The weights first: an .xml file never stands there without them.
            for suffix in (".bin", ".xml"):
                partial.with_suffix(suffix).replace(path.with_suffix(suffix))
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else bindings.reason(error)
        raise ForgeError(f"cannot write {path}: {reason}") from error


def read_ir(path: Path) -> Model:
    """Read a model from its .xml file and the .bin beside it.

    Raises:
        ForgeError: a file is missing or damaged.
    """
    for file in (path, path.with_suffix(".bin")):
        if not file.is_file():
            raise ForgeError(f"{file} is missing")
    try:
        return bindings.read_model(path)
    except RuntimeError as error:
        raise ForgeError(f"cannot read {path}: {bindings.reason(error)}") from error
