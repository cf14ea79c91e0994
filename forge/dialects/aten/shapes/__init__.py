"""Shape functions of the `aten` operators; importing this package registers all of them.

A function is registered for one operator or for a family that shares its rules. Its arguments are
the schema's; what it refuses is what PyTorch's own kernels refuse.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
