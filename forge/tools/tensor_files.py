"""Inputs and outputs of a program as `.npz` files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forge.errors import ForgeError
from forge.files import written_beside

Array = NDArray[Any]


def read_arrays(path: Path, names: Sequence[str]) -> list[Array]:
    """The arrays of a `.npz` file, one for each name, in the order of `names`.

    An array is found by its name; a file that `numpy.savez(path, a, b, …)` wrote without names
    holds them in order.

    Raises:
        ForgeError: the file cannot be read, or has not exactly these arrays.
    """
    arrays = _load(path)
    positional = [f"arr_{index}" for index in range(len(arrays))]
    if set(arrays) == set(positional) and len(arrays) == len(names):
        return [arrays[key] for key in positional]
    missing = [name for name in names if name not in arrays]
    unknown = [name for name in arrays if name not in names]
    if missing or unknown:
        problem = f"lacks {', '.join(missing)}" if missing else f"has no use for {unknown[0]}"
        raise ForgeError(
            f"{path} {problem}",
            hint=f"the program takes {', '.join(names)}; the file has {', '.join(arrays)}",
        )
    return [arrays[name] for name in names]


def _load(path: Path) -> dict[str, Array]:
    if path.suffix != ".npz":
        raise ForgeError(
            f"cannot read {path}: inputs come in a .npz file, as numpy.savez writes it"
        )
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except OSError as error:
        raise ForgeError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ForgeError(f"{path} is not a complete .npz file: {error}") from error


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays to a `.npz` file under their names.

    Raises:
        ForgeError: it cannot be written.
    """
    with written_beside(path) as partial, partial.open("wb") as file:
        np.savez(file, **arrays)  # pyright: ignore[reportArgumentType] numpy types **kwds as one bool
