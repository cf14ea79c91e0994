"""What the NPU's compiler is asked for: every instruction of `reg`, by element type and rank.

A form is one instruction on inputs that vary; what a model knows when it is compiled (axes, target
shapes, filters) is constant. Where an instruction fixes ranks or types, only those are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from forge.ir.tensors import ELEMENT_TYPES, Shaped, numpy_dtype

Operand = Shaped | Sequence[Shaped] | None
EXTENTS = (2, 3, 2, 4, 8, 16)
"""A tensor of rank n has the last n of these."""
FLOATS = ("f32", "f16", "bf16", "f64")
INTEGERS = ("i32", "i64", "i8", "ui8")
NUMBERS = (*FLOATS, *INTEGERS)
ANY = (*NUMBERS, "i1")
RANKS = range(1, len(EXTENTS) + 1)


@dataclass(frozen=True)
class Form:
    """One instruction.

    Attributes:
        instruction: OpenVINO's name.
        dtype: the element type of its data.
        rank: the rank of its data.
        variant: what else is special; mostly empty.
        operands: in OpenVINO's order.
        attributes: those that differ from their defaults.
    """

    instruction: str
    dtype: str
    rank: int
    variant: str
    operands: Sequence[Operand]
    attributes: Mapping[str, object]

    @property
    def label(self) -> str:
        """What is unique among the forms of one instruction."""
        return f"{self.dtype} rank {self.rank}" + (f" {self.variant}" if self.variant else "")


Arguments = tuple[Sequence[Operand], Mapping[str, object]] | None
Make = Callable[[str, tuple[int, ...]], Arguments]


@dataclass(frozen=True)
class Family:
    """Instructions whose forms are made alike, from an element type and a shape."""

    names: Sequence[str]
    make: Make
    dtypes: Sequence[str]
    ranks: Sequence[int]
    variant: str = ""


@dataclass
class Families:
    """All families, in the order of their definition."""

    all: list[Family] = field(default_factory=list)

    def add(
        self, names: str, dtypes: Sequence[str], ranks: Sequence[int] = RANKS, variant: str = ""
    ) -> Callable[[Make], Make]:
        """Use the decorated function for the named instructions."""

        def register(make: Make) -> Make:
            self.all.append(Family(names.split(), make, dtypes, ranks, variant))
            return make

        return register


FAMILIES = Families()
add = FAMILIES.add


def forms() -> Iterator[Form]:
    """All forms: f32 at every rank, other element types at one that is common."""
    for family in FAMILIES.all:
        for name in family.names:
            middle = 3 if 3 in family.ranks else family.ranks[0]
            main = family.dtypes[0]
            wanted = [(main, rank) for rank in family.ranks]
            wanted += [(dtype, middle) for dtype in family.dtypes[1:]]
            for dtype, rank in wanted:
                made = family.make(dtype, EXTENTS[len(EXTENTS) - rank :])
                if made is not None:
                    yield Form(name, dtype, rank, family.variant, *made)


def tensor(shape: Sequence[int], dtype: str) -> Shaped:
    """An input."""
    return Shaped(tuple(shape), ELEMENT_TYPES[dtype])


def known(values: Any, dtype: str = "i64") -> Shaped:
    """A constant."""
    array = np.asarray(values).astype(numpy_dtype(ELEMENT_TYPES[dtype]))
    return Shaped(array.shape, ELEMENT_TYPES[dtype], array)


def weights(shape: Sequence[int], dtype: str) -> Shaped:
    """A constant of that shape, with small values."""
    return known(np.random.default_rng(0).integers(0, 3, shape), dtype)


# -- element by element ----------------------------------------------------------------------------


@add(
    "Abs Acos Acosh Asin Asinh Atan Atanh Ceiling Cos Cosh Erf Exp Floor HSigmoid HSwish Log "
    "Negative Relu Sigmoid Sign Sin Sinh Sqrt Tan Tanh Round",
    NUMBERS,
)
@add("ErfInv IsFinite IsNaN IsInf Mish SoftPlus SoftSign Gelu", FLOATS)
@add("Identity ShapeOf", ANY)
@add("LogicalNot", ("i1",))
@add("BitwiseNot", (*INTEGERS, "i1"))
def unary(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)], {}


@add(
    "Add Subtract Multiply Divide FloorMod Mod Power SquaredDifference Maximum Minimum Equal "
    "NotEqual Greater GreaterEqual Less LessEqual",
    NUMBERS,
)
@add("LogicalAnd LogicalOr LogicalXor", ("i1",))
@add("BitwiseAnd BitwiseOr BitwiseXor", (*INTEGERS, "i1"))
@add("BitwiseLeftShift BitwiseRightShift", INTEGERS)
@add("ConvertLike", ANY)
def binary(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)] * 2, {}


@add("Clamp", NUMBERS)
def clamp(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)], {"min": 0.0, "max": 6.0}


@add("Elu", FLOATS)
def elu(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)], {"alpha": 1.0}


@add("Swish", FLOATS)
def swish(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)], {}


@add("Selu HardSigmoid", FLOATS)
def two_numbers(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known(0.5, dtype), known(1, dtype)], {}


@add("PRelu", FLOATS, range(2, 7))
def prelu(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), weights(shape[1:2], dtype)], {}


@add("Select", ANY)
def select(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, "i1"), tensor(shape, dtype), tensor(shape, dtype)], {}


def converter(target: str) -> Make:
    def make(dtype: str, shape: tuple[int, ...]) -> Arguments:
        return [tensor(shape, dtype)], {"destination_type": ELEMENT_TYPES[target]}

    return make


for element_type in ANY:
    dtypes = [dtype for dtype in ANY if dtype != element_type]
    ranks = RANKS if element_type == "f16" else (3,)
    add("Convert", dtypes, ranks, f"to {element_type}")(converter(element_type))


@add("FakeQuantize", ("f32", "f16"))
def fake_quantize(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), *[known(v, dtype) for v in (0, 6, 0, 6)]], {"levels": 256}


@add("FakeConvert", ("f32", "f16"))
def fake_convert(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known(1, dtype)], {}


# -- along axes ------------------------------------------------------------------------------------


@add("ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum", NUMBERS)
@add("ReduceLogicalAnd ReduceLogicalOr", ("i1",))
def reduction(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([len(shape) - 1])], {"keep_dims": True}


@add("Softmax LogSoftmax", FLOATS)
def softmax(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)], {"axis": len(shape) - 1}


@add("CumSum", NUMBERS)
def cumsum(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known(len(shape) - 1)], {}


@add("TopK", NUMBERS)
def topk(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known(2)], {"axis": -1, "mode": "max", "sort": "value"}


@add("MVN", ("f32", "f16", "bf16"))
def mvn(dtype: str, shape: tuple[int, ...]) -> Arguments:
    attributes = {"normalize_variance": True, "eps": 1e-5, "eps_mode": "INSIDE_SQRT"}
    return [tensor(shape, dtype), known([len(shape) - 1])], attributes


@add("NormalizeL2", ("f32", "f16", "bf16"))
def normalize_l2(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([len(shape) - 1])], {"eps": 1e-5, "eps_mode": "add"}


@add("BatchNormInference", ("f32", "f16"), range(2, 7))
def batch_norm(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), *[weights(shape[1:2], dtype)] * 4], {"epsilon": 1e-5}


@add("GroupNormalization", ("f32", "f16"), (3, 4, 5))
def group_norm(dtype: str, shape: tuple[int, ...]) -> Arguments:
    shape = (1, 4, *shape[2:])
    parameters = [weights((4,), dtype)] * 2
    return [tensor(shape, dtype), *parameters], {"num_groups": 2, "epsilon": 1e-5}


@add("GRN", ("f32", "f16"), (2, 3, 4))
def grn(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)], {"bias": 1e-5}


@add("LRN", ("f32", "f16"), (3, 4))
def lrn(dtype: str, shape: tuple[int, ...]) -> Arguments:
    attributes = {"alpha": 1e-4, "beta": 0.75, "bias": 1.0, "size": 3}
    return [tensor(shape, dtype), known([1])], attributes


@add("Bucketize", NUMBERS)
def bucketize(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([0, 1, 2], dtype)], {}


@add("SearchSorted", NUMBERS)
def search_sorted(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)] * 2, {}


# -- rearranging -----------------------------------------------------------------------------------


@add("Reshape", ANY)
def reshape(dtype: str, shape: tuple[int, ...]) -> Arguments:
    target = (*shape[:-1], shape[-1] // 2, 2) if len(shape) < 6 else (-1, *shape[2:])
    return [tensor(shape, dtype), known(target)], {"special_zero": False}


@add("Transpose", ANY, range(2, 7))
def transpose(dtype: str, shape: tuple[int, ...]) -> Arguments:
    order = list(range(len(shape)))
    order[-1], order[-2] = order[-2], order[-1]
    return [tensor(shape, dtype), known(order)], {}


@add("Squeeze", ANY)
def squeeze(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((1, *shape[1:]), dtype), known([0])], {}


@add("Unsqueeze", ANY)
def unsqueeze(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([0])], {}


@add("Concat", ANY)
def concat(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [[tensor(shape, dtype)] * 2], {"axis": len(shape) - 1}


@add("Split", ANY)
def split(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known(len(shape) - 1)], {"num_splits": 2}


@add("VariadicSplit", ANY)
def variadic_split(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known(len(shape) - 1), known([6, 10])], {}


@add("Tile", ANY)
def tile(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([2] * len(shape))], {}


@add("Broadcast", ANY)
def broadcast(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor((*shape[:-1], 1), dtype), known(shape)], {}


@add("Slice", ANY)
def slice_(dtype: str, shape: tuple[int, ...]) -> Arguments:
    bounds = [known([1]), known([9]), known([2]), known([len(shape) - 1])]
    return [tensor(shape, dtype), *bounds], {}


@add("Slice", ANY, RANKS, "every one")
def unit_slice(dtype: str, shape: tuple[int, ...]) -> Arguments:
    bounds = [known([1]), known([9]), known([1]), known([len(shape) - 1])]
    return [tensor(shape, dtype), *bounds], {}


@add("StridedSlice", ANY)
def strided_slice(dtype: str, shape: tuple[int, ...]) -> Arguments:
    rank = len(shape)
    bounds = [known([0] * (rank - 1) + [v]) for v in (1, 9)] + [known([1] * (rank - 1) + [2])]
    mask = [1] * (rank - 1) + [0]
    return [tensor(shape, dtype), *bounds], {"begin_mask": mask, "end_mask": mask}


@add("SliceScatter", ANY)
def slice_scatter(dtype: str, shape: tuple[int, ...]) -> Arguments:
    bounds = [known([0]), known([8]), known([1]), known([len(shape) - 1])]
    return [tensor(shape, dtype), tensor((*shape[:-1], 8), dtype), *bounds], {}


@add("Pad", ANY)
def pad(dtype: str, shape: tuple[int, ...]) -> Arguments:
    pads = known([0] * (len(shape) - 1) + [1])
    return [tensor(shape, dtype), pads, pads, known(0, dtype)], {"pad_mode": "constant"}


@add("Pad", ("f32", "f16"), RANKS, "reflect")
def reflect(dtype: str, shape: tuple[int, ...]) -> Arguments:
    pads = known([0] * (len(shape) - 1) + [1])
    return [tensor(shape, dtype), pads, pads], {"pad_mode": "reflect"}


@add("Roll", ANY)
def roll(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([1]), known([len(shape) - 1])], {}


@add("Reverse", ANY)
def reverse(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([len(shape) - 1])], {"mode": "index"}


@add("ReverseSequence", ANY, range(2, 7))
def reverse_sequence(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), known([1] * shape[0])], {}


@add("ShuffleChannels", ("f32", "f16", "i32", "i8"), (4,))
def shuffle_channels(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype)], {"group": 2}


@add("DepthToSpace", ("f32", "f16", "i32", "i8"), (4, 5))
def depth_to_space(dtype: str, shape: tuple[int, ...]) -> Arguments:
    channels = 2 ** (len(shape) - 2)
    attributes = {"mode": "blocks_first", "block_size": 2}
    return [tensor((1, channels, *shape[2:]), dtype)], attributes


@add("SpaceToDepth", ("f32", "f16", "i32", "i8"), (4, 5))
def space_to_depth(dtype: str, shape: tuple[int, ...]) -> Arguments:
    spatial = [4] * (len(shape) - 2)
    return [tensor((1, 2, *spatial), dtype)], {"mode": "blocks_first", "block_size": 2}


@add("BatchToSpace SpaceToBatch", ("f32", "f16", "i32", "i8"), (4, 5))
def blocks(dtype: str, shape: tuple[int, ...]) -> Arguments:
    rank = len(shape)
    zeros = [known([0] * rank)] * 2
    return [tensor((4, 2, *[4] * (rank - 2)), dtype), known([1, 1, 2, 2, 1][:rank]), *zeros], {}


# -- by index --------------------------------------------------------------------------------------


@add("Gather", ANY)
def gather(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), tensor((4,), "i64"), known(0)], {}


@add("Gather", ("f32",), (2,), "i32 indices of an embedding")
def embedding(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [weights((64, 32), dtype), tensor((1, 8), "i32"), known(0)], {}


@add("GatherElements", ANY)
def gather_elements(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), tensor((*shape[:-1], 4), "i64")], {"axis": len(shape) - 1}


@add("GatherND", ANY)
def gather_nd(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), tensor((4, 1), "i64")], {}


@add("GatherTree", ("i32", "f32"), (3,))
def gather_tree(dtype: str, shape: tuple[int, ...]) -> Arguments:
    ids = tensor(shape, dtype)
    return [ids, ids, tensor(shape[1:2], dtype), tensor((), dtype)], {}


@add("ScatterUpdate", ANY)
def scatter_update(dtype: str, shape: tuple[int, ...]) -> Arguments:
    updates = tensor((1, *shape[1:]), dtype)
    return [tensor(shape, dtype), tensor((1,), "i64"), updates, known(0)], {}


@add("ScatterElementsUpdate", NUMBERS)
def scatter_elements(dtype: str, shape: tuple[int, ...]) -> Arguments:
    index, updates = tensor(shape, "i64"), tensor(shape, dtype)
    return [tensor(shape, dtype), index, updates, known(len(shape) - 1)], {}


@add("ScatterNDUpdate", ANY)
def scatter_nd(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [tensor(shape, dtype), tensor((1, 1), "i64"), tensor((1, *shape[1:]), dtype)], {}


@add("OneHot", ("i64", "i32"), range(1, 6))
def one_hot(dtype: str, shape: tuple[int, ...]) -> Arguments:
    values = [known(1, "f32"), known(0, "f32")]
    return [tensor(shape, dtype), known(4), *values], {"axis": len(shape)}


@add("EmbeddingBagOffsetsSum EmbeddingBagOffsets", ("f32", "f16"), (2,))
def bag_offsets(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [weights(shape, dtype), tensor((4,), "i32"), known([0, 2], "i32")], {}


@add("EmbeddingBagPackedSum EmbeddingBagPacked", ("f32", "f16"), (2,))
def bag_packed(dtype: str, shape: tuple[int, ...]) -> Arguments:
    return [weights(shape, dtype), tensor((2, 3), "i32")], {}


@add("EmbeddingSegmentsSum", ("f32", "f16"), (2,))
def bag_segments(dtype: str, shape: tuple[int, ...]) -> Arguments:
    segments = [known([0, 0, 1, 1], "i32"), known(2, "i32")]
    return [weights(shape, dtype), tensor((4,), "i32"), *segments], {}
