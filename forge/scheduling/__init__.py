"""Scheduling: orders of instructions on several devices in which the device changes rarely.

The algorithms are plain functions of a graph. `SCHEDULERS` has them by name.
"""

from forge.scheduling.cheap_instructions import instructions_to_move, is_cheap
from forge.scheduling.convex_segments import convex_segments
from forge.scheduling.graph import Graph, Value
from forge.scheduling.instructions import Instructions, read_instructions
from forge.scheduling.measures import carried_bytes, segments, transitions
from forge.scheduling.orders import device_affinity, fx_order
from forge.scheduling.schedulers import SCHEDULERS, Scheduler
from forge.scheduling.turns import Turns, find_turns

__all__ = [
    "SCHEDULERS",
    "Graph",
    "Instructions",
    "Scheduler",
    "Turns",
    "Value",
    "carried_bytes",
    "convex_segments",
    "device_affinity",
    "find_turns",
    "fx_order",
    "instructions_to_move",
    "is_cheap",
    "read_instructions",
    "segments",
    "transitions",
]
