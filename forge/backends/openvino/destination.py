"""Where a program is to run: on a device of this machine, or on the NPU of another one."""

from __future__ import annotations

from dataclasses import dataclass

from forge.backends.extension import Extension, find_extension
from forge.backends.npu.platforms import PLATFORMS, check_platform
from forge.backends.openvino import bindings
from forge.backends.openvino.devices import NPU, default_device, is_npu, resolve_device
from forge.errors import ForgeError


@dataclass(frozen=True)
class Destination:
    """Where a program is to run.

    Attributes:
        device: OpenVINO's name of the device, or `HOST`.
        platform: the generation of an NPU, such as `NPU4000`; `None` for any other device, and for
            an NPU that Forge does not describe.
        is_here: whether this machine has it; if not, it is compiled for another machine.
        reason: why that one, where the user named none.
        extension: the backend of another package whose device it is.
    """

    device: str
    platform: str | None = None
    is_here: bool = True
    reason: str = ""
    extension: Extension | None = None

    def __str__(self) -> str:
        return self.platform or self.device


def find_destination(device: str | None, platform: str | None = None) -> Destination:
    """What a user means by a device and a platform.

    Args:
        device: OpenVINO's name, `host`, an NPU's platform, such as `npu4000`, or a backend of
            another package. By default the NPU if a platform is named or OpenVINO finds one, else
            the CPU.
        platform: one of `PLATFORMS`, in any case, whether this machine has such an NPU or not; by
            default that of the NPU which is here.

    Raises:
        ForgeError: there is no such device here, or no such platform.
    """
    reason = ""
    if device is None:
        device, reason = (NPU, "") if platform is not None else default_device()
    if (named := device.strip().upper()) in PLATFORMS:
        if platform is not None and check_platform(platform) != named:
            raise ForgeError(f"{named} is no {check_platform(platform)}: name one of the two")
        device, platform = NPU, named
    if is_npu(device):
        return _find_npu(device, platform, reason)
    if platform is not None:
        raise ForgeError(
            f"{device} has no platforms: {platform} is one of an NPU",
            hint="the device for it is NPU",
        )
    if (extension := find_extension(device)) is not None:
        return Destination(extension.name, extension=extension)
    return Destination(resolve_device(device), reason=reason)


def _find_npu(device: str, platform: str | None, reason: str) -> Destination:
    here = platform_here()
    if platform is not None:
        wanted = check_platform(platform)
        return Destination(NPU, wanted, here == wanted)
    if here is None:
        raise ForgeError(
            f"OpenVINO has no device {device.strip().upper()} on this machine",
            hint="name the platform to compile for a machine that has one: "
            f"{', '.join(PLATFORMS)}; available are {', '.join(bindings.available_devices())}",
        )
    device = resolve_device(device)
    if here in PLATFORMS:
        return Destination(device, here, reason=reason)
    unknown = f"{here}, which Forge does not describe, so its driver decides everything"
    return Destination(device, reason=f"{reason}: {unknown}" if reason else unknown)


def platform_here() -> str | None:
    """The platform of the NPU that OpenVINO finds on this machine; `None` if it finds none."""
    if not any(is_npu(found) for found in bindings.available_devices()):
        return None
    return f"{NPU}{bindings.device_architecture(NPU).upper().removeprefix(NPU)}"
