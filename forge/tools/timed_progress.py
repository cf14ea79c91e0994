"""What goes on while a user waits for minutes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

from forge.report import NPU_COMPILE
from forge.tools.terminal import stderr_console


@contextmanager
def timed_progress(what: str) -> Generator[Callable[[str], None]]:
    """Show on stderr what goes on, and for how long.

    Args:
        what: goes on.

    Yields:
        What to call with the name of a phase when it starts. On a terminal each of them is shown
        behind a spinner, elsewhere a line says when Intel's NPU compiler starts, which takes long.
    """
    console = stderr_console()
    if not console.is_terminal:

        def note(phase: str) -> None:
            if phase == NPU_COMPILE:
                console.print(f"{what}: Intel's NPU compiler …", soft_wrap=True)

        yield note
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"{what} …")
        yield lambda phase: progress.update(task, description=f"{what}: {phase} …")
