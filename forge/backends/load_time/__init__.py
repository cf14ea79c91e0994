"""What a program computes from weights and constants alone, computed once with numpy.

Slices, reshapes and whatever else numpy has a view for use the memory of the weight store: half of
a fused weight takes no memory of its own. Everything else is one new array, which goes as soon as
nobody needs it any more.

What is left to the backend:

- arithmetic on f16 and bf16, where a library may round more or less often;
- sums of products and of floats, whose order is the library's, and so the last digits; but a
  matrix times a vector is computed in f64 and rounded once, and needs no order;
- what would be kept and takes much more memory than what it is made of, such as a weight that is
  widened to f32: the program that is saved should hold the weight.

Everything else is exact, or rounded as IEEE 754 has it, as in PyTorch. Sines, cosines, exponentials
and the like are computed in f64 and rounded once, so they are within 1 ulp of PyTorch's.
"""

from forge.backends.load_time import arithmetic, movement
from forge.backends.load_time.rules import find_rule
from forge.backends.load_time.values import LoadTimeValues

__all__ = ["LoadTimeValues", "arithmetic", "find_rule", "movement"]
