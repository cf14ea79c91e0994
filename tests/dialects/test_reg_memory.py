"""What is said of the memory of kernels is what PyTorch does."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from forge.backends.vm.kernels.aten import out_form
from forge.dialects import reg
from forge.dialects.aten import AtenOp
from forge.dialects.aten.ops import OPERATIONS
from forge.dialects.reg.memory import (
    Layout,
    brings_own_memory,
    may_share,
    overwritable,
    view_layouts,
    viewed,
)
from forge.dialects.reg.memory.views import VIEWS
from forge.errors import ForgeError
from forge.interpreters import run
from forge.interpreters.aten import resolve_call
from forge.ir.shape_functions import ShapeError
from forge.ir.text import make_context
from forge.lowering.convert_to_reg import ConvertToRegPass
from forge.weights import ModuleWeights
from tests.dialects.aten_cases import CASES
from tests.lowering.operators import make_program, tensors_of, values_of
from tests.lowering.test_host_kernels import UNCHECKED

CLASSES: dict[str, type[AtenOp]] = {op_class.name: op_class for op_class in OPERATIONS}
NO_WEIGHTS = ModuleWeights({})
WITH_ALIASES = {name for name, op_class in CLASSES.items() if "Tensor(a" in op_class.SCHEMA}


def examples(name: str, count: int) -> Iterator[tuple[ModuleOp, Operation, list[Tensor]]]:
    """Programs of one kernel, with inputs that it takes."""
    found: list[tuple[ModuleOp, Operation, list[Tensor]]] = []

    def collect(arguments: dict[str, Any]) -> bool:
        if any(0 in info.shape for info in tensors_of(arguments)):
            return False
        try:
            module = make_program(CLASSES[name], arguments)
        except ShapeError:
            return False
        ConvertToRegPass(device="host").apply(make_context(), module)
        (kernel,) = [op for op in module.walk() if isinstance(op, reg.HostOp)]
        # Operands in the order of the arguments, and each of them once.
        found.append((module, kernel, values_of(CLASSES[name], arguments, seed=len(found))))
        return False

    search = settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises(NoSuchExample):
        find(CASES[name], collect, settings=search)
    yield from found


def arguments_of(op: Operation) -> list[SSAValue]:
    assert op.parent is not None
    return list(op.parent.args)


def computed(module: ModuleOp, inputs: list[Tensor]) -> list[Tensor]:
    try:
        return run(module, NO_WEIGHTS, inputs)
    except ForgeError:
        # Stricter than the shape function, or strides that a view does not go with.
        return []


def transposed(x: Tensor) -> Tensor:
    dims = list(reversed(range(x.ndim)))
    return x.permute(dims).contiguous().permute(dims)


def a_part(x: Tensor) -> Tensor:
    whole = torch.zeros([2 * extent + 1 for extent in x.shape], dtype=x.dtype)
    part = whole[tuple(slice(1, None, 2) for _ in x.shape)]
    return part.copy_(x)


def rows(x: Tensor) -> Tensor:
    return torch.cat([x, x, x])[len(x) : 2 * len(x)] if x.ndim else x


def spread(x: Tensor) -> Tensor:
    return x[..., :1].expand(x.shape) if x.ndim else x


PLACEMENTS: list[Callable[[Tensor], Tensor]] = [lambda x: x, transposed, a_part, rows, spread]


def layout_of(tensor: Tensor) -> Layout:
    return Layout(tensor.storage_offset(), tuple(tensor.shape), tuple(tensor.stride()))


def same(layout: Layout, other: Layout) -> bool:
    def steps(x: Layout) -> list[tuple[int, int]]:
        return [(e, s) for e, s in zip(x.shape, x.strides, strict=True) if e != 1]

    return (layout.start, steps(layout)) == (other.start, steps(other)) or 0 in other.shape


def storage(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_views_lie_where_pytorch_has_them(name: str) -> None:
    views = 0
    for module, op, inputs in examples(name, 60):
        index = arguments_of(op).index(op.operands[0])
        for place in PLACEMENTS:
            moved = [place(x) if i == index else x for i, x in enumerate(inputs)]
            results = computed(module, moved)
            operand = viewed(op)
            layouts = None
            if operand is not None:
                assert operand is op.operands[0]
                layouts = view_layouts(op, layout_of(moved[index]))
            for i, result in enumerate(results):
                if layouts is not None:
                    assert storage(result) == storage(moved[index])
                    assert same(layouts[i], layout_of(result))
                    views += 1
                elif not may_share(op):
                    assert storage(result) not in map(storage, moved)
    assert views > 10


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - VIEWS.keys() - UNCHECKED))
def test_other_kernels_share_nothing(name: str) -> None:
    for module, op, inputs in examples(name, 12):
        assert viewed(op) is None
        results = computed(module, inputs)
        if not may_share(op):
            assert not {storage(x) for x in results if x.numel()} & set(map(storage, inputs))
        assert not (may_share(op) and brings_own_memory(op))


def test_pytorch_declares_no_other_aliases() -> None:
    assert VIEWS.keys() >= WITH_ALIASES
    # These are views where PyTorch's schema does not say so.
    assert VIEWS.keys() - WITH_ALIASES == {
        "aten._unsafe_view",
        "aten.conj_physical",
        "aten.dropout",
        "aten.type_as",
    }


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - VIEWS.keys() - UNCHECKED))
def test_results_may_be_written_over_what_is_overwritable(name: str) -> None:
    for module, op, inputs in examples(name, 12):
        for operand in overwritable(op):
            index = arguments_of(op).index(operand)
            expected = computed(module, inputs)
            form = out_form(name)
            if expected and form is not None:
                moved = [x.clone() for x in inputs]
                write(form, op, moved, moved[index])
                torch.testing.assert_close(
                    moved[index], expected[0], rtol=0, atol=0, equal_nan=True
                )


def write(form: Any, op: Operation, inputs: list[Tensor], out: Tensor) -> None:
    assert isinstance(op, reg.HostOp)
    arguments = arguments_of(op)
    tensors = {
        name: [None if v is None else inputs[arguments.index(v)] for v in group]
        if isinstance(group, list)
        else inputs[arguments.index(group)]
        for name, group in op.operands_by_name().items()
    }
    _, positional, keyword = resolve_call(op.kernel.data, {**tensors, **op.static_arguments()})
    writing, names = form
    writing(*positional, **keyword, **dict.fromkeys(names, out))
