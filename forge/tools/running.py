"""How a tool ends: with what exit code, and with what on stderr."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType, TracebackType

from forge.diagnostics import diagnose
from forge.errors import ForgeError

USER_ERROR = 1
"""A wrong program, option, file or shape; also what the model or the device does not support."""
BUG = 70
"""Forge itself failed (EX_SOFTWARE of sysexits.h)."""
INTERRUPTED = 130
"""Ctrl-C, as shells report it."""
READER_LEFT = 141
"""Who read our output has closed the pipe (`| head`), as shells report it."""
TERMINATED = 143
"""Told to end (SIGTERM), as shells report it."""


def run_tool(tool: Callable[[], int | None]) -> int:
    """Run a tool, and report what a user can cause in one message.

    Anything else is a bug, and leaves as an exception (see `report_crashes`).

    Returns:
        The exit code: what the tool returns, 0 for `None`.
    """
    try:
        status = tool() or 0
        # What is still buffered may meet a closed pipe, too.
        sys.stdout.flush()
    except ForgeError as error:
        return _fail(str(diagnose(error)))
    except RecursionError:
        return _fail("error: the program is nested too deeply")
    except MemoryError:
        return _fail("error: there is not enough memory")
    except BrokenPipeError:
        # Python flushes stdout once more at exit, which would print a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_LEFT
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def leave_in_order() -> None:
    """When told to end, leave as on Ctrl-C: what this process has started ends with it."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(TERMINATED)


def _fail(message: str) -> int:
    sys.stdout.flush()
    print(message, file=sys.stderr)
    return USER_ERROR


@dataclass
class Activity:
    """What is going on, for the report of a crash inside the `with` block."""

    what: str

    def __enter__(self) -> Activity:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            error.add_note(self.what)


def begin_on_programs(tool: str) -> None:
    """Set this process up for a tool that works on programs as text."""
    # A program is thousands of objects that live to the end: looking for garbage is in vain.
    gc.set_threshold(200_000, 50, 50)
    report_crashes(tool)


def report_crashes(tool: str) -> None:
    """From now on, let an exception that nobody handles end the process with a short message.

    `FORGE_DEBUG=1` shows the traceback as well.
    """

    def report(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if os.environ.get("FORGE_DEBUG"):
            sys.__excepthook__(kind, error, traceback)
        activity = "; ".join(getattr(error, "__notes__", ())) or "working"
        reason = str(error).strip().partition("\n")[0]
        print(
            f"{tool}: internal error while {activity}: {kind.__name__}: {reason}\n"
            "This is a bug in Forge, not in your input: please report it with the command and\n"
            "its input. FORGE_DEBUG=1 in the environment shows the traceback.",
            file=sys.stderr,
        )
        sys.exit(BUG)

    sys.excepthook = report
