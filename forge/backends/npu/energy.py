"""An estimate of the energy that a schedule takes, from how long each engine works."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from forge.backends.npu.schedule import Schedule
from forge.backends.npu.trace import read_tasks

DPU_POWER = 0.87
"""Of a matrix engine on f16. The unit is what the same engine draws at most, on i8.

This and the next are of Intel's own cost model (github.com/intel/npu-nn-cost-model): its table of
power factors has 0.87 for the most that f16 draws, against i8."""
SHAVE_POWER = 0.025
"""Of a vector processor: a twentieth of a matrix engine's maximum, at an activity of one half."""
DMA_POWER = 1.0
"""Of a channel that moves data: an assumption, for Intel's model leaves transfers out.

33 GB/s, which a channel of NPU4000 has, at 4 pJ a bit of LPDDR5 are 1.1 W; a matrix engine of
4·10¹² multiplications a second at 0.25 pJ, its local memory included, 1.0 W."""


@dataclass(frozen=True)
class Energy:
    """The energy of a run, in microseconds of one matrix engine at its maximal power.

    An estimate for comparing schedules of one platform with each other: no joules, and nothing that
    was measured. Idle engines take none in it.
    """

    dma: float
    dpu: float
    shave: float

    @property
    def total(self) -> float:
        """All engines together."""
        return self.dma + self.dpu + self.shave


def estimate_energy(schedule: Schedule) -> Energy:
    """What a schedule's engines take, every one of a kind counted for itself.

    The embedding is left out: what the compiler's model charges for it is no use.

    Raises:
        ForgeError: the schedule has no trace.
    """
    busy: defaultdict[str, float] = defaultdict(float)
    for task in read_tasks(schedule):
        if task.name not in schedule.embeddings:
            busy[task.engine] += task.end - task.start
    return Energy(DMA_POWER * busy["DMA"], DPU_POWER * busy["DPU"], SHAVE_POWER * busy["Shave"])
