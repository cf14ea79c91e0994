"""The generations of the NPU that Intel's compiler knows, and how hard it may try."""

from __future__ import annotations

from forge.errors import ForgeError

PLATFORMS = ("NPU3720", "NPU4000", "NPU5010", "NPU5020")
"""Meteor Lake and Arrow Lake, Lunar Lake, and two of Panther Lake."""

LEVELS = {"NPU3720": (2,), "NPU4000": (2, 3), "NPU5010": (2,), "NPU5020": (2,)}
"""The optimization levels worth asking for: 1 gives what 2 gives everywhere, and 3 gives something
else on `NPU4000` alone."""


def check_platform(name: str) -> str:
    """OpenVINO's name of a platform: `NPU4000` for `npu4000`.

    Raises:
        ForgeError: there is no such platform.
    """
    if (known := name.strip().upper()) in PLATFORMS:
        return known
    raise ForgeError(
        f"there is no NPU platform {name!r}", hint=f"the platforms are {', '.join(PLATFORMS)}"
    )
