"""Making a program that breaks something small: delta debugging on verified programs.

    reduced = reduce_program(module, same_failure(module, passes, context))

`delta.py` is the search, `reductions/` has what it tries, one idea a file, and `interest.py` what
a program must keep showing: a failure of passes, wrong numbers, or what a script says.
"""

from forge.reducing.delta import Trials, reduce_program, search
from forge.reducing.interest import Interest, PassesFail, Script, same_failure, wrong_numbers
from forge.reducing.size import Size, size_of

__all__ = [
    "Interest",
    "PassesFail",
    "Script",
    "Size",
    "Trials",
    "reduce_program",
    "same_failure",
    "search",
    "size_of",
    "wrong_numbers",
]
