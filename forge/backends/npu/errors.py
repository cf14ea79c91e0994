"""What is raised where the NPU compiler does not take a model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forge.errors import ForgeError
from forge.ir.locations import make_location

_QUOTED_LINES = 6
_NO_REASON = "Compilation failed"
# `[ERROR] 18:25:05.015 [vpux-compiler] 'IE.Acos' op operand …`
_ERROR = re.compile(r"\[ERROR\]\s+[\d:.]+\s+(?:\[[^\]]*\]\s*)?(.*)")
_WRAPPING = re.compile(r"^.*Compiler returned msg:\s*", re.DOTALL)


class NpuCompilationError(ForgeError):
    """Intel's NPU compiler did not compile a model.

    Args:
        platform: for which NPU.
        level: at which optimization level.
        said: what it says.
        log: what it printed meanwhile.
        location: where the node comes from that it speaks of; empty where that is not known.

    Attributes:
        platform: for which NPU.
        level: at which optimization level.
        log: what the compiler printed.
    """

    def __init__(
        self, platform: str, level: int, said: str, log: Sequence[str], location: str = ""
    ) -> None:
        self.platform, self.level, self.log = platform, level, tuple(log)
        lines = [_WRAPPING.sub("", said).strip(), *quotable(log)]
        # What says least goes where there is more.
        lines = [line for line in lines if line and line != _NO_REASON] or [_NO_REASON]
        super().__init__(
            f"Intel's NPU compiler does not compile this for {platform}: " + "\n  ".join(lines),
            location=make_location(location) if location else None,
        )


def quotable(log: Sequence[str]) -> list[str]:
    """The errors that the compiler printed first, each once; its last lines if it marked none."""
    errors = dict.fromkeys(m[1].strip() for line in log if (m := _ERROR.match(line)))
    reasons = [error for error in errors if not error.startswith("Failed Pass ")]
    return reasons[:_QUOTED_LINES] or [line.strip() for line in log][-_QUOTED_LINES:]
