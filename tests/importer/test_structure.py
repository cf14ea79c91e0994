"""Nested arguments and outputs: in the model's own classes, and without them."""

import json
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers.modeling_outputs import BaseModelOutput

from forge.errors import ForgeError
from forge.structure import CallStructure, Outputs, Structure
from tests.importer.checking import assert_equal, check, imported

Pair = namedtuple("Pair", "left right")


@dataclass
class Box:
    content: Tensor
    label: str | None = None


torch.export.register_dataclass(Box, serialized_type_name="tests.importer.Box")


class Nested(nn.Module):
    def forward(self, x: Tensor, d: dict[str, Any], *, scale: float = 1.0) -> dict[str, Any]:
        return {
            "sum": x + d["k"][0] * scale,
            "rest": (None, 3, [x, d["k"][1]]),
            "pair": Pair(x - 1, "name"),
            "ordered": OrderedDict(again=x, box=Box(x * 2)),
            "output": BaseModelOutput(last_hidden_state=x + 2),
        }


def arguments() -> tuple[tuple[Any, ...], dict[str, Any]]:
    return (torch.randn(2, 3), {"k": (torch.randn(3), torch.ones(1))}), {"scale": 2.0}


def test_nested_inputs_and_outputs() -> None:
    args, kwargs = arguments()
    program = check(Nested(), args, kwargs)
    names = [attributes.data["forge.name"].data for attributes in main(program).arg_attrs]
    assert names == ["x", "d_k_0", "d_k_1"]
    results = [attributes.data["forge.name"].data for attributes in main(program).res_attrs]
    assert results == [
        "sum",
        "rest.2.0",
        "rest.2.1",
        "pair.left",
        "ordered.again",
        "ordered.box.content",
        "output.last_hidden_state",
    ]


def main(program: Any) -> Any:
    return program.module.body.block.first_op


def test_outputs_without_the_model_s_classes() -> None:
    args, kwargs = arguments()
    program = imported(Nested(), args, kwargs)
    outputs = Structure.from_json(json.loads(json.dumps(program.outputs.to_json())))
    assert outputs == program.outputs
    tensors = [torch.full((1,), float(index)) for index in range(7)]
    nested = outputs.unflatten(tensors)
    assert nested["rest"] == (None, 3, [tensors[1], tensors[2]])
    assert nested["pair"] == Outputs(left=tensors[3], right="name")
    assert nested["pair"].left is nested["pair"][0] is nested["pair"]["left"] is tensors[3]
    assert nested["ordered"]["box"].content is tensors[5]
    with pytest.raises(AttributeError, match="no output 'logits'; there are last_hidden_state"):
        nested["output"].logits  # noqa: B018
    with pytest.raises(ForgeError, match="expected 7 tensors, got 6"):
        outputs.unflatten(tensors[1:])


def test_calls_are_matched_by_structure() -> None:
    args, kwargs = arguments()
    inputs = imported(Nested(), args, kwargs).inputs
    inputs = CallStructure.from_json(json.loads(json.dumps(inputs.to_json())))
    expected = [args[0], *args[1]["k"]]
    assert_equal(inputs.flatten(args, kwargs), expected)


class TwoInputs(nn.Module):
    def forward(self, x: Tensor, mask: Tensor | None = None, flag: bool = True) -> Tensor:
        return x if mask is None else x * mask


def test_positional_arguments_may_be_named() -> None:
    x, mask = torch.randn(2), torch.ones(2)
    program = check(TwoInputs(), (x, mask))
    assert_equal(program.flatten((), {"mask": mask, "x": x}), [x, mask])


def test_arguments_without_tensors_may_be_left_out() -> None:
    x = torch.randn(2)
    program = check(TwoInputs(), (x, None), {"flag": False})
    assert_equal(program.flatten((x,), {}), [x])
    with pytest.raises(ForgeError, match="mask is a Tensor; expected None"):
        program.flatten((x, x), {})
    with pytest.raises(ForgeError, match="flag is True, but the program was compiled for False"):
        program.flatten((x,), {"flag": True})


class Keywords(nn.Module):
    def forward(self, x: Tensor, a: Tensor, b: Tensor) -> Tensor:
        return x + 2 * a + 3 * b


def test_keywords_may_come_in_any_order() -> None:
    args, a, b = (torch.ones(2),), torch.randn(2), torch.randn(2)
    program = check(Keywords(), args, {"b": b, "a": a})
    assert_equal(program.flatten(args, {"a": a, "b": b}), program.flatten(args, {"b": b, "a": a}))


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((), {}, "no value for x; no value for argument 1"),
        ((None, None, None), {}, "3 positional arguments given; expected 2"),
        ((), {"y": 1}, "no argument called y"),
        ((torch.ones(1),), {"x": 1}, "no value for argument 1; two values for x"),
        ((1, {}), {"scale": 2.0}, "x is a int; expected a tensor"),
        ((torch.ones(1), 3), {"scale": 2.0}, "argument 1 is a int; expected a dict"),
        ((torch.ones(1), {"j": 3}), {"scale": 2.0}, "argument 1 has the keys 'j'; expected 'k'"),
        ((torch.ones(1), {"k": 3}), {"scale": 2.0}, "argument 1.k is a int; expected a tuple"),
        ((torch.ones(1), {"k": (1,)}), {"scale": 2.0}, "argument 1.k has 1 elements; expected 2"),
        (
            (torch.ones(1), {"k": (torch.ones(1), torch.ones(1))}),
            {"scale": 3.0},
            "scale is 3.0, but the program was compiled for 2.0",
        ),
    ],
)
def test_a_call_that_does_not_fit_is_refused(
    args: tuple[Any, ...], kwargs: dict[str, Any], message: str
) -> None:
    example_args, example_kwargs = arguments()
    inputs = imported(Nested(), example_args, example_kwargs).inputs
    with pytest.raises(ForgeError, match=message.replace(".", r"\.")):
        inputs.flatten(args, kwargs)


class Unboxing(nn.Module):
    def forward(self, box: Box) -> Tensor:
        return box.content + 1


def test_objects_are_taken_apart_by_their_fields() -> None:
    program = check(Unboxing(), (Box(torch.ones(2)),))
    with pytest.raises(ForgeError, match="is a Pair; expected a Box with content"):
        program.flatten((Pair(1, 2),), {})


@pytest.mark.parametrize("node", [[], {}, {"kind": "star"}, {"kind": "dict", "keys": ["a"]}])
def test_a_description_that_is_none_is_refused(node: object) -> None:
    with pytest.raises(ForgeError, match="not a structure of inputs or outputs"):
        Structure.from_json(node)
    with pytest.raises(ForgeError, match="not a structure of arguments"):
        CallStructure.from_json({"keyword": node})
