"""What OpenVINO calls our instructions: where they come from, so that its tools speak our names."""

from __future__ import annotations

from collections import Counter

from xdsl.ir import Attribute, Operation

from forge.ir.locations import location_name, module_path


class FriendlyNames:
    """Hands out one name per instruction of a model, none of them twice.

    An instruction is named after the FX node and the module it comes from, and its kind:
    `linear_3 in transformer.h.0.mlp/MatMul`. A second one of the same kind gets `#2`.
    """

    def __init__(self) -> None:
        # By identity: operations of one origin share the location, and hashing one is slow.
        self._origins: dict[int, str] = {}
        self._used: Counter[str] = Counter()

    def of(self, op: Operation, kind: str) -> str:
        """The name of an instruction."""
        origin = self._origins.get(id(op.location))
        if origin is None:
            origin = self._origins[id(op.location)] = _origin(op.location)
        return self.unique(f"{origin or _hint(op)}/{kind}".lstrip("/"))

    def unique(self, name: str) -> str:
        """`name`, or `name#2` if it is taken."""
        self._used[name] += 1
        while (count := self._used[name]) > 1:
            if not self._used[numbered := f"{name}#{count}"]:
                self._used[numbered] = 1
                return numbered
            self._used[name] += 1
        return name


def _origin(location: Attribute) -> str:
    name, path = location_name(location), module_path(location)
    return f"{name} in {path}" if name and path else name


def _hint(op: Operation) -> str:
    return (op.results[0].name_hint or "") if op.results else ""
