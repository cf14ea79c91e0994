"""Random programs of PyTorch: drawn step by step, kept where eager can compute them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from torch import Tensor, nn

Draw = Callable[[st.SearchStrategy[Any]], Any]
Apply = Callable[..., Tensor]

# Beyond this, one rounding more or less shows.
_LARGEST = 1e4


@dataclass
class Step:
    """One call: a function of earlier values, by number, with its static arguments bound."""

    name: str
    function: Apply
    operands: Sequence[int]


@dataclass(repr=False)
class Program(nn.Module):
    """Inputs, steps and the values that are returned."""

    inputs: list[Tensor]
    steps: list[Step] = field(default_factory=list)
    outputs: int = 1

    def __post_init__(self) -> None:
        super().__init__()

    # As a dataclass it has no hash, which a module needs.
    __hash__ = nn.Module.__hash__

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        values = list(inputs)
        for step in self.steps:
            values.append(step.function(*(values[place] for place in step.operands)))
        return tuple(values[-self.outputs :])

    def __repr__(self) -> str:
        inputs = ", ".join(f"{tuple(x.shape)} {x.dtype}" for x in self.inputs)
        steps = "; ".join(f"{step.name}{list(step.operands)}" for step in self.steps)
        return f"Program({inputs} | {steps} | {self.outputs} outputs)"


def is_float(x: Tensor) -> bool:
    return x.dtype == torch.float32


def is_bool(x: Tensor) -> bool:
    return x.dtype == torch.bool


def _axis(draw: Draw, x: Tensor) -> int:
    return draw(st.integers(-x.dim(), x.dim() - 1))


def _unary(draw: Draw, x: Tensor) -> tuple[str, Apply]:
    functions: dict[str, Apply] = {"neg": torch.neg, "abs": torch.abs, "square": torch.square}
    if is_float(x):
        functions |= {
            "relu": torch.relu,
            "gelu": F.gelu,
            "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
            "silu": F.silu,
            "tanh": torch.tanh,
            "sigmoid": torch.sigmoid,
            "exp": lambda x: torch.exp(x.clamp(-3, 3)),
            "rsqrt": lambda x: torch.rsqrt(x * x + 1),
            "erf": torch.erf,
            "softplus": F.softplus,
            "clamp": lambda x: x.clamp(-0.5, 0.75),
            "cube": lambda x: x**3,
        }
    if is_bool(x):
        functions = {"not": torch.logical_not, "float": lambda x: x.float(), "int": lambda x: x * 1}
    name = draw(st.sampled_from(sorted(functions)))
    return name, functions[name]


def _binary(draw: Draw, x: Tensor) -> tuple[str, Apply]:
    functions: dict[str, Apply] = {
        "add": torch.add,
        "sub": torch.sub,
        "mul": torch.mul,
        "maximum": torch.maximum,
        "minimum": torch.minimum,
        "div": lambda x, y: x / (y.abs() + 1),
        "lt": torch.lt,
        "ge": torch.ge,
        "where": lambda x, y: torch.where(x > 0.25, x, y),
        "addcmul": lambda x, y: torch.addcmul(x.float(), y.float(), y.float(), value=0.5),
        "floor_divide": lambda x, y: (x * 3 if not is_float(x) else x.sign()) // 2 + y,
    }
    if is_bool(x):
        functions = {"and": torch.logical_and, "or": torch.logical_or, "xor": torch.logical_xor}
        functions |= {"where": lambda x, y: torch.where(x, y, 1), "mul": torch.mul}
    name = draw(st.sampled_from(sorted(functions)))
    return name, functions[name]


def _scalar(draw: Draw, x: Tensor) -> tuple[str, Apply]:
    number = draw(st.sampled_from([2, -3, 0.5, 1.25, True]))
    functions: dict[str, Apply] = {
        "add": lambda x: x + number,
        "rsub": lambda x: number - x,
        "mul": lambda x: x * number,
        "alpha": lambda x: torch.add(x, x, alpha=2),
        "eq": lambda x: x == number,
    }
    if is_bool(x):
        functions = {"mul": lambda x: x * number, "eq": lambda x: x == number}
    name = draw(st.sampled_from(sorted(functions)))
    return f"{name}({number})", functions[name]


def _reduction(draw: Draw, x: Tensor) -> tuple[str, Apply]:
    axis, keep = _axis(draw, x), draw(st.booleans())
    functions: dict[str, Apply] = {
        "sum": lambda x: x.sum(axis, keepdim=keep),
        "cumsum": lambda x: x.cumsum(axis),
        "any": lambda x: (x != 0).any(axis, keepdim=keep),
        "all": lambda x: x.all(axis, keepdim=keep),
    }
    if not is_bool(x):
        functions |= {
            "amax": lambda x: x.amax(axis, keepdim=keep),
            "amin": lambda x: x.amin(axis, keepdim=keep),
            "max": lambda x: x.max(axis, keepdim=keep).values,
        }
    if is_float(x):
        functions |= {
            "mean": lambda x: x.mean(axis, keepdim=keep),
            "softmax": lambda x: x.softmax(axis),
            "log_softmax": lambda x: x.log_softmax(axis),
            "logsumexp": lambda x: x.logsumexp(axis, keepdim=keep),
            "var": lambda x: x.var(axis, correction=0, keepdim=keep),
            "norm": lambda x: torch.linalg.vector_norm(x, 2, axis, keepdim=keep),
            "layer_norm": lambda x: F.layer_norm(x, x.shape[-1:], eps=1e-2),
            "rms_norm": lambda x: F.rms_norm(x, x.shape[-1:], eps=1e-2),
            "sort": lambda x: x.sort(axis).values,
        }
    name = draw(st.sampled_from(sorted(functions)))
    return f"{name}({axis}, {keep})", functions[name]


def _layout(draw: Draw, x: Tensor) -> tuple[str, Apply]:
    axis, other = _axis(draw, x), _axis(draw, x)
    extent = x.shape[axis]
    start = draw(st.integers(0, extent - 1))
    step = draw(st.integers(1, 2))
    order = draw(st.permutations(range(x.dim())))
    places = torch.tensor(draw(st.lists(st.integers(0, extent - 1), min_size=1, max_size=3)))
    functions: dict[str, Apply] = {
        "transpose": lambda x: x.transpose(axis, other),
        "permute": lambda x: x.permute(order),
        "flatten": lambda x: x.flatten(min(axis % x.dim(), other % x.dim())),
        "unsqueeze": lambda x: x.unsqueeze(axis),
        "squeeze": lambda x: x.squeeze(),
        "slice": lambda x: x.narrow(axis, start, extent - start),
        "steps": lambda x: x[..., start % x.shape[-1] :: step],
        "select": lambda x: x.select(axis, start),
        "expand": lambda x: x.unsqueeze(0).expand(2, *x.shape),
        "repeat": lambda x: x.repeat(2, *[1] * (x.dim() - 1)),
        "repeat_interleave": lambda x: x.repeat_interleave(2, axis),
        "cat": lambda x: torch.cat([x, x], axis),
        "stack": lambda x: torch.stack([x, x], axis),
        "flip": lambda x: x.flip(axis),
        "roll": lambda x: x.roll(1, axis),
        "pad": lambda x: F.pad(x, (1, 2)),
        "chunk": lambda x: x.chunk(2, axis)[-1],
        "unbind": lambda x: x.unbind(axis)[0],
        "tril": lambda x: x.tril(),
        "index": lambda x: x.index_select(axis, places),
        "diagonal": lambda x: x.diagonal(),
    }
    name = draw(st.sampled_from(sorted(functions)))
    return f"{name}({axis}, {other}, {start}, {step}, {order})", functions[name]


def _product(draw: Draw, _: Tensor) -> tuple[str, Apply]:
    functions: dict[str, Apply] = {
        "gram": lambda x, y: x.float() @ y.float().mT,
        "matmul": lambda x, y: torch.matmul(x.float(), y.float()),
        "linear": lambda x, y: F.linear(x.float(), y.float()),
        "outer": lambda x, y: torch.einsum("...i,...j->...ij", x.float(), y.float()),
        "attention": lambda x, y: F.scaled_dot_product_attention(
            x.float(), y.float(), y.float(), is_causal=True
        ),
    }
    name = draw(st.sampled_from(sorted(functions)))
    return name, functions[name]


_KINDS = {
    "unary": (_unary, 1),
    "binary": (_binary, 2),
    "scalar": (_scalar, 1),
    "reduction": (_reduction, 1),
    "layout": (_layout, 1),
    "product": (_product, 2),
}
_REFUSALS = (RuntimeError, IndexError, ValueError, TypeError)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program of 3 to 10 steps over one to three inputs."""
    seed = draw(st.integers(0, 2**16))
    generator = torch.Generator().manual_seed(seed)
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    program = Program([_input(draw, shape, generator) for _ in range(draw(st.integers(1, 3)))])
    values = list(program.inputs)
    wanted = draw(st.integers(3, 10))
    for _ in range(3 * wanted):
        if len(program.steps) == wanted:
            break
        _extend(draw, program, values)
    program.outputs = draw(st.integers(1, max(1, min(3, len(program.steps)))))
    return program


def _input(draw: st.DrawFn, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    # One that broadcasts to the common shape.
    kept = draw(st.integers(0, len(shape) - 1))
    extents = [extent if draw(st.booleans()) else 1 for extent in shape[kept:]]
    dtype = draw(st.sampled_from([torch.float32] * 4 + [torch.int64, torch.bool]))
    if dtype == torch.float32:
        return torch.randn(extents, generator=generator)
    numbers = torch.randint(-4, 5, extents, generator=generator)
    return numbers if dtype == torch.int64 else numbers > 0


def _extend(draw: st.DrawFn, program: Program, values: list[Tensor]) -> None:
    """Add a step, if what is drawn can be computed and stays in bounds."""
    make, count = _KINDS[draw(st.sampled_from(sorted(_KINDS)))]
    # Late values more often, so that programs are deep.
    operands = [
        max(draw(st.integers(0, len(values) - 1)), draw(st.integers(0, len(values) - 1)))
        for _ in range(count)
    ]
    if values[operands[0]].dim() == 0:
        return
    name, function = make(draw, values[operands[0]])
    try:
        value = function(*(values[place] for place in operands))
    except _REFUSALS:
        return
    numbers = value.double()
    bounded = bool(numbers.isfinite().all()) and bool((numbers.abs() <= _LARGEST).all())
    if value.numel() in range(1, 2000) and value.dim() <= 5 and bounded:
        program.steps.append(Step(name, function, operands))
        values.append(value)
