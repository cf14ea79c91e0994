"""Memory planning: offsets in one arena for what is live at different times.

The planners are plain functions. They run on the same requests, and the smallest arena wins.
"""

from forge.allocation.arenas import ALIGNMENT, Arena, plan_arenas
from forge.allocation.linear_scan import assign_buffers
from forge.allocation.planning import OFFLINE, PLANNERS, plan
from forge.allocation.request import Plan, Planner, Request

__all__ = [
    "ALIGNMENT",
    "OFFLINE",
    "PLANNERS",
    "Arena",
    "Plan",
    "Planner",
    "Request",
    "assign_buffers",
    "plan",
    "plan_arenas",
]
