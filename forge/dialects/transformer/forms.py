"""Forms: how an operation is to be emitted, where several programs compute the same.

A form never changes what an operation means: fusions, interpreters and kernels of the host do not
look at it. It says what a lowering is to make of the operation, for a compiler of a device does not
find the fastest program by itself. In text it is the dictionary of what differs from the default:

    transformer.mlp %x, %w1, %w2 {activation = relu, form = {up_slices = 4, down_slices = 2}} : …

Some fields are read by `convert-to-reg`. Those marked *structural* need the operation's neighbours:
pass `apply-forms` rewrites these and leaves the field out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Self, cast

from xdsl.dialects.builtin import DictionaryAttr
from xdsl.irdl import opt_prop_def
from xdsl.utils.exceptions import VerifyException

from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.schema_op import SchemaOp
from forge.suggestions import did_you_mean

Value = str | int | bool

_OPTIONS = "options"
_EXAMPLES = "examples"


def choice(*options: str) -> Any:
    """A field of a form that is one of some words, the first by default."""
    return field(default=options[0], metadata={_OPTIONS: options})


def flag() -> Any:
    """A field of a form that is false by default."""
    return field(default=False, metadata={_OPTIONS: (False, True)})


def count(*examples: int) -> Any:
    """A field of a form that is a whole number, 1 by default.

    Args:
        examples: what a search tries besides 1; any number from 1 on is admissible.
    """
    return field(default=1, metadata={_EXAMPLES: (1, *examples)})


@dataclass(frozen=True)
class Form:
    """The base of all forms; fields are made with `choice`, `flag` and `count`."""

    @classmethod
    def of(cls, attribute: DictionaryAttr | None) -> Self:
        """The form that an attribute holds; the default one for `None`.

        Raises:
            ValueError: there is no such field, or it cannot have that value.
        """
        return cls() if attribute is None else cls.of_values(_plain(attribute))

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> Self:
        """The form with these fields.

        Raises:
            ValueError: there is no such field, or it cannot have that value.
        """
        declared = {f.name: f for f in fields(cls)}
        for name, value in values.items():
            if name not in declared:
                known = did_you_mean(name, declared, f"it has {', '.join(declared)}", most=1)
                raise ValueError(f"the form has no field {name}; {known}")
            _check(name, value, declared[name].metadata)
        return cls(**values)

    @classmethod
    def candidates(cls) -> dict[str, tuple[Value, ...]]:
        """What a search may try for each field, the default first."""
        return {f.name: f.metadata.get(_OPTIONS) or f.metadata[_EXAMPLES] for f in fields(cls)}

    def values(self) -> dict[str, Value]:
        """The fields that differ from the default."""
        return {f.name: v for f in fields(self) if (v := getattr(self, f.name)) != f.default}

    def attribute(self) -> DictionaryAttr | None:
        """The form as an attribute; `None` for the default one."""
        values = self.values()
        return DictionaryAttr({k: to_attribute(v) for k, v in values.items()}) if values else None


def _plain(attribute: DictionaryAttr) -> dict[str, Any]:
    return {name: from_attribute(value) for name, value in attribute.data.items()}


def _check(name: str, value: Any, metadata: Mapping[str, Any]) -> None:
    options = metadata.get(_OPTIONS)
    if options is None:
        if type(value) is not int or value < 1:
            raise ValueError(f"{name} is {value}, which is not a whole number from 1 on")
    elif value not in options or type(value) is not type(options[0]):
        words = " or ".join(str(option).lower() for option in options)
        raise ValueError(f"{name} is {value}, which is not {words}")


SLICE_ALIGNMENT = 16
"""Slices of a dimension begin at multiples of this, as an NPU's matrix units have it."""


def slice_bounds(size: int, count: int) -> list[int]:
    """Where slices of a dimension begin, and where the last one ends.

    They are of one size where the dimension can be divided, else of about one size, and begin at
    multiples of `SLICE_ALIGNMENT` where the dimension is long enough for that.

    Args:
        size: the extent of the dimension, at least `count`.
        count: how many slices.

    Returns:
        `count + 1` numbers, from 0 to `size`.
    """
    exact = size % count == 0
    step = 1 if exact or size < SLICE_ALIGNMENT * count else SLICE_ALIGNMENT
    return [size * index // (count * step) * step for index in range(count)] + [size]


class EmittedOp(SchemaOp):
    """An operation that can be emitted in several forms."""

    FORM: ClassVar[type[Form]]

    form = opt_prop_def(DictionaryAttr)

    @property
    def emission(self) -> Any:
        """How the operation is to be emitted: an instance of its class's `FORM`."""
        return self.FORM.of(cast("DictionaryAttr | None", self.properties.get("form")))

    def emit_as(self, form: Form) -> None:
        """Set how the operation is to be emitted."""
        if (attribute := form.attribute()) is None:
            self.properties.pop("form", None)
        else:
            self.properties["form"] = attribute

    def verify_(self) -> None:
        """Check the form besides what every operation checks.

        Raises:
            VerifyException: the form or a type is wrong.
        """
        try:
            self.FORM.of(cast("DictionaryAttr | None", self.properties.get("form")))
        except ValueError as error:
            raise VerifyException(str(error)) from error
        super().verify_()


# -- the forms ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class AttentionForm(Form):
    """How attention is emitted.

    Attributes:
        scores: as the one instruction that OpenVINO has, or written out as two products and a
            softmax, or with the softmax as products, too (`products`): a matrix engine's work.
        scale: whether the scores are multiplied with the scale, the queries, or the weights of
            the layer that makes the queries (`projection`, structural).
        mask: whether booleans and causality are emitted as they are given, or as finite numbers
            that are added to the scores.
        kv: what query heads do that share one of keys and values. It is repeated by a gather or by
            a broadcast, or in the weights of its layer (`weights`, structural); there is an
            attention for each (`separate`); or the queries have a dimension of their own for it
            (`grouped`), or are those of one head, head by head (`rows`), or token by token, which
            leaves them as a layer computes them (`token_rows`, structural). With `blocks`, all
            heads are multiplied with the keys of all, rows of one matrix, and what is on the
            diagonal is read: few instructions for few queries (where attention is written out;
            else as `rows`; no value may be infinite).
        query_chunks: in how many parts, one after the other, the queries are computed.
        head_groups: in how many parts of as many consecutive heads attention is computed.
        projections: whether the layers of queries, keys and values compute all heads, or there is
            one for each group of heads: of which there are as many attentions (`per_group`,
            structural), or one of all together (`stacked`, structural).
        output: whether the layer behind attention reads all heads, or it is one for each group of
            heads, whose results are summed (`summed`, structural, with `per_group`).
        value: x·Wᵀ, or (W·xᵀ)ᵀ, which needs no transposition where attention is written out
            (`columns`, structural), or transposed there by a product with the identity (`product`;
            no value may be infinite).
    """

    scores: str = choice("fused", "decomposed", "products")
    scale: str = choice("scores", "query", "projection")
    mask: str = choice("given", "numbers")
    kv: str = choice(
        "gather", "broadcast", "weights", "separate", "grouped", "rows", "token_rows", "blocks"
    )
    query_chunks: int = count(2, 4)
    head_groups: int = count(2, 3, 4)
    projections: str = choice("whole", "per_group", "stacked")
    output: str = choice("joined", "summed")
    value: str = choice("rows", "columns", "product")


@dataclass(frozen=True)
class RotaryForm(Form):
    """How a rotary embedding is emitted.

    Attributes:
        place: whether the rotation stays behind the transposition that brings heads before tokens,
            or goes before it (structural).
    """

    place: str = choice("after_transpose", "before_transpose")


@dataclass(frozen=True)
class LinearForm(Form):
    """How a linear layer is emitted.

    Attributes:
        orientation: x·Wᵀ, or (W·xᵀ)ᵀ; or the last slice so, and the others not (`mixed`). A
            compiler may put slices of one row together again, but not if one is another product.
        sections: whether one layer computes all its outputs, or each section that is read of them
            (query, key and value) has a layer of its own (structural).
        slices: in how many parts the outputs are computed, to be put together.
    """

    orientation: str = choice("rows", "columns", "mixed")
    sections: str = choice("together", "apart")
    slices: int = count(2, 4, 24, 96, 384)


@dataclass(frozen=True)
class MlpForm(Form):
    """How a perceptron is emitted, its hidden layer in slices.

    Attributes:
        up_slices: in how many parts the hidden layer is computed.
        down_slices: how many products of a part of the hidden layer are summed to the result. One
            of the two numbers divides the other: parts are put together, or taken apart.
        up_orientation: whether the hidden layer is x·Wᵀ, or (W·xᵀ)ᵀ.
        residual: whether it is added to the sum of the products, or the products to it, one by one.
    """

    up_slices: int = count(2, 3, 4, 6, 8)
    down_slices: int = count(2, 3, 4, 6, 8)
    up_orientation: str = choice("rows", "columns")
    residual: str = choice("last", "first")

    def __post_init__(self) -> None:
        """Refuse parts that do not end where others do."""
        if self.slices % self.up_slices or self.slices % self.down_slices:
            raise ValueError(
                f"neither of up_slices, {self.up_slices}, and down_slices, {self.down_slices}, "
                "divides the other"
            )

    @property
    def slices(self) -> int:
        """In how many parts the hidden layer is divided."""
        return max(self.up_slices, self.down_slices)


@dataclass(frozen=True)
class GatedMlpForm(MlpForm):
    """How a gated perceptron is emitted: its gate in the slices of the hidden layer.

    Attributes:
        up_slices: in how many parts the hidden layer and its gate are computed.
        down_slices: as there.
        up_orientation: as there, of both.
        residual: as there.
    """

    up_slices: int = count(2, 4, 6, 8)
    down_slices: int = count(2, 4, 6, 8)


@dataclass(frozen=True)
class NormForm(Form):
    """How a normalization is emitted.

    Attributes:
        scale: whether its weight and bias are applied on their own, or by the linear layers that
            read it, folded into their weights (structural).
        statistics: whether mean and variance are those of the one instruction, or matrix products.
    """

    scale: str = choice("own", "folded")
    statistics: str = choice("instruction", "products")
