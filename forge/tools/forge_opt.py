"""`forge-opt`: read a program, run passes on it, write it; or run it.

All options of `xdsl-opt` work here. What stands on stdout is the program alone; timings, notes,
remarks and errors go to stderr. The parts are in `forge/tools/opt/`.
"""

from __future__ import annotations

from collections.abc import Sequence

from forge.tools.opt.driver import ForgeOpt
from forge.tools.running import USER_ERROR, begin_on_programs, run_tool


def main(args: Sequence[str] | None = None) -> int:
    """The process `forge-opt`.

    Returns:
        The exit code.
    """
    begin_on_programs("forge-opt")
    return forge_opt(args)


def forge_opt(args: Sequence[str] | None = None) -> int:
    """Run the tool in this process; `args` are those of the process by default.

    Returns:
        The exit code: 0, or 1 for what a user can cause, with a message on stderr.
    """

    def run() -> int:
        tool = ForgeOpt(args)
        tool.run()
        return USER_ERROR if tool.failed else 0

    return run_tool(run)
