"""The energy that a processor's package takes, as its own counters (RAPL) say.

Linux shows them under `/sys/class/powercap`, in most installations to root alone, and virtual
machines rarely have them. They count all that runs on the package, not one program, and no memory
outside of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

POWERCAP = Path("/sys/class/powercap")


@dataclass(frozen=True)
class Counters:
    """The packages' counters at one time.

    Attributes:
        microjoules: by zone, such as `intel-rapl:0`.
        ranges: at what value each starts again from zero.
    """

    microjoules: Mapping[str, int]
    ranges: Mapping[str, int]

    def joules_until(self, later: Counters) -> float:
        """What was taken since; each counter has started again at most once."""
        return 1e-6 * sum(
            (later.microjoules[zone] - before) % (self.ranges[zone] + 1)
            for zone, before in self.microjoules.items()
        )


def read_counters(folder: Path = POWERCAP) -> Counters | None:
    """The counters of all packages now; `None` where there are none, or none that may be read."""
    microjoules: dict[str, int] = {}
    ranges: dict[str, int] = {}
    # Their parts have other names, and intel-rapl-mmio:0 is the same package once more.
    for zone in sorted(folder.glob("intel-rapl:*")):
        try:
            if (zone / "name").read_text().startswith("package-"):
                microjoules[zone.name] = int((zone / "energy_uj").read_text())
                ranges[zone.name] = int((zone / "max_energy_range_uj").read_text())
        except (OSError, ValueError):
            return None
    return Counters(microjoules, ranges) if microjoules else None
