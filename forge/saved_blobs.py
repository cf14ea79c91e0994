"""Blobs in the directory of a saved program, and what a machine must have to run them.

    out/model_0.blob           what an NPU runs of model 0: `core.import_model` takes it
    out/model_0.trace.json.gz  the schedule that Intel's NPU compiler predicts; Perfetto shows it

The manifest names the platform and the version of OpenVINO whose compiler made them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forge.backends.npu.platforms import PLATFORMS
from forge.backends.openvino import bindings
from forge.backends.openvino.backend import CompiledProgram, TranslatedProgram, compile_program
from forge.backends.openvino.destination import platform_here
from forge.backends.openvino.devices import NPU, is_npu
from forge.errors import ForgeError

if TYPE_CHECKING:
    from forge.backends.npu import CompiledBlob

JSON = dict[str, Any]


def write_blobs(directory: Path, blobs: Mapping[int, CompiledBlob]) -> JSON | None:
    """Write blobs and their traces.

    Args:
        directory: of the program.
        blobs: by the positions of their models.

    Returns:
        What the manifest says of them; `None` if there are none.

    Raises:
        OSError, ForgeError: a file cannot be written.
    """
    if not blobs:
        return None
    sizes: dict[str, int] = {}
    for index, compiled in blobs.items():
        assert compiled.blob is not None, "what a program runs keeps its blob"
        path = _blob_path(directory, index)
        sizes[str(index)] = path.write_bytes(compiled.blob)
        if compiled.schedule.trace:
            compiled.schedule.write_trace(path.with_suffix(".trace.json.gz"))
    platform = next(iter(blobs.values())).platform
    return {"platform": platform, "openvino": bindings.version(), "bytes": sizes}


@dataclass(frozen=True)
class SavedBlobs:
    """What an NPU runs of a saved program.

    Attributes:
        directory: of the program.
        platform: the generation of NPU that it takes.
        openvino_version: of the compiler that made them.
        models: the positions of their models.
    """

    directory: Path
    platform: str
    openvino_version: str
    models: Iterable[int]

    @classmethod
    def from_json(cls, fields: JSON | None, directory: Path) -> SavedBlobs | None:
        """What `write_blobs` wrote, if there was something.

        Raises:
            KeyError, TypeError, ValueError: the manifest says something else.
            ForgeError: a file is missing, or longer or shorter than it was.
        """
        if fields is None:
            return None
        sizes = {int(index): int(size) for index, size in fields["bytes"].items()}
        for index, size in sizes.items():
            check_size(_blob_path(directory, index), size)
        return cls(directory, str(fields["platform"]), str(fields["openvino"]), list(sizes))

    @property
    def paths(self) -> list[Path]:
        """Their files, in the order in which they run."""
        return [_blob_path(self.directory, index) for index in self.models]

    def are_for(self, device: str | None) -> bool:
        """Whether a device that a user names is the NPU that they are for; `None` is.

        Raises:
            ForgeError: it is another platform's NPU.
        """
        if device is None or is_npu(device):
            return True
        if (named := device.strip().upper()) in PLATFORMS and named != self.platform:
            raise ForgeError(
                f"{self.directory} is compiled for {self.platform} and cannot run on {named}",
                hint=f"forge.compile(model, args, platform={named!r}) makes one that can",
            )
        return named == self.platform

    def bring_to_device(
        self, program: TranslatedProgram, precision: str, config: Mapping[str, Any]
    ) -> CompiledProgram:
        """Import the blobs on this machine's NPU, and compile what runs on other devices.

        Raises:
            ForgeError: there is no such NPU here, or it does not take them.
        """
        if (here := platform_here()) != self.platform:
            found = f"this machine has an {here}" if here else "OpenVINO finds no NPU here"
            raise ForgeError(
                f"{self.directory} is compiled for {self.platform}, and {found}",
                hint=f"it runs on a machine with an {self.platform} and OpenVINO "
                f'{self.openvino_version}; forge.load(directory, device="CPU") runs it on the CPU',
            )
        blobs = {index: _blob_path(self.directory, index).read_bytes() for index in self.models}
        try:
            return compile_program(program, NPU, precision, config, blobs)
        except ForgeError as error:
            raise ForgeError(
                error.message,
                hint=f"it was compiled by OpenVINO {self.openvino_version}, and here is "
                f"{bindings.version()}: compile it again, or bring driver and OpenVINO up to date",
            ) from error


def check_size(path: Path, size: int) -> None:
    """Check that a file of a saved program is there and whole.

    Raises:
        ForgeError: it is missing, or longer or shorter.
    """
    if not path.is_file():
        raise ForgeError(f"{path} is missing", hint="copy the directory again")
    if (actual := path.stat().st_size) != size:
        raise ForgeError(
            f"{path} is damaged: it has {actual} bytes instead of {size}",
            hint="copy the directory again",
        )


def _blob_path(directory: Path, index: int) -> Path:
    return directory / f"model_{index}.blob"
