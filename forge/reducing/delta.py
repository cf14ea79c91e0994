"""The search: which simplifications can be made together so that a program stays interesting.

Each reduction is tried with all of its simplifications at once, then with halves, quarters, and so
on down to single ones; what was found to be possible is kept. All reductions are repeated until a
round of them finds nothing more. That is delta debugging (Zeller and Hildebrandt, 2002), in the
order of LLVM's reducer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from xdsl.dialects.builtin import ModuleOp

from forge.errors import ForgeError
from forge.ir.shape_functions import ShapeError
from forge.ir.text import print_module
from forge.ir.verifier import verify_module
from forge.reducing.choices import Choices
from forge.reducing.interest import Interest
from forge.reducing.reductions import REDUCTIONS
from forge.reducing.size import Size, size_of

Reduction = Callable[[ModuleOp, Choices], None]
"""Makes a program simpler, in place, in those of its ways that are chosen."""


class Trials:
    """Asks whether programs are interesting, each no more than once.

    Attributes:
        best: the smallest program that is, so far.
        size: of that program.
        made: how many were asked about.
    """

    def __init__(self, module: ModuleOp, interest: Interest) -> None:
        """Start from `module`.

        Raises:
            ForgeError: it is not interesting itself.
        """
        text = print_module(module)
        self._interest = interest
        self._known = {_digest(text)}
        self.best = module
        self.size: Size = size_of(module, text)
        self.made = 1
        if not interest(module.clone()):
            raise ForgeError(
                f"the whole program {interest.absence}, so there is nothing to look for",
                hint="it must show what the reduced program is to show",
            )

    def accept(self, candidate: ModuleOp) -> bool:
        """Whether a program is valid, smaller than the best one and interesting, so the best now.

        The candidate belongs to the trials afterwards.
        """
        try:
            verify_module(candidate)
        except ForgeError:
            return False
        text = print_module(candidate)
        size = size_of(candidate, text)
        if size >= self.size or (digest := _digest(text)) in self._known:
            return False
        self._known.add(digest)
        self.made += 1
        # What is asked runs passes on it.
        if not self._interest(candidate.clone()):
            return False
        self.best, self.size = candidate, size
        return True


def _digest(text: str) -> bytes:
    # Thousands of texts of large programs would take gigabytes.
    return sha256(text.encode()).digest()


Progress = Callable[[str, Trials], None]
"""Called after each reduction that found something, with its name."""


def reduce_program(module: ModuleOp, interest: Interest) -> Trials:
    """Make a program as small as the reductions can, such that it stays interesting.

    Args:
        module: the program, which stays as it is.
        interest: what it must go on showing.

    Returns:
        the trials, with the reduced program as their best one.

    Raises:
        ForgeError: the program is not interesting to begin with.
    """
    trials = Trials(module.clone(), interest)
    search(trials)
    return trials


def search(trials: Trials, progress: Progress = lambda _name, _trials: None) -> None:
    """Try all reductions until none finds anything; what was found stays if this is interrupted."""
    while True:
        start = trials.size
        for name, reduction in REDUCTIONS.items():
            before = trials.size
            _reduce_by(reduction, trials)
            if trials.size < before:
                progress(name, trials)
        if trials.size == start:
            return


def _reduce_by(reduction: Reduction, trials: Trials) -> None:
    base = trials.best
    # Made nowhere, they are only counted.
    count = Choices()
    reduction(base.clone(), count)
    made: frozenset[int] = frozenset()
    for chunk in _chunks(count.met):
        more = made | chunk
        if more == made:
            continue
        candidate = base.clone()
        try:
            reduction(candidate, Choices(more))
        except ShapeError:
            continue
        if trials.accept(candidate):
            made = more


def _chunks(total: int) -> Iterator[frozenset[int]]:
    """All numbers below `total`, then the halves of them, and so on; the last ones first.

    What is last in a program has fewer users.
    """
    size = total
    while size:
        for end in range(total, 0, -size):
            yield frozenset(range(max(end - size, 0), end))
        size //= 2
