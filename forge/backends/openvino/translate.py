"""A segment of `reg` instructions to OpenVINO's model, instruction by instruction.

There is nothing to decide here: an instruction is named like OpenVINO's operation, has its
attributes and its operands. What an operation of PyTorch means in OpenVINO is lowering's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from xdsl.ir import Attribute, Operation, SSAValue, TypeAttribute

from forge.analysis.load_time import DECOMPRESSION
from forge.backends.memory import Array
from forge.backends.openvino import bindings
from forge.backends.openvino.bindings import Model, Node, Output
from forge.backends.openvino.element_types import openvino_name
from forge.backends.openvino.naming import FriendlyNames
from forge.backends.segments import Plan, Segment
from forge.dialects import reg
from forge.dialects.reg.types import RegisterType
from forge.errors import ForgeError
from forge.ir.attributes import from_attribute
from forge.ir.locations import describe_location
from forge.ir.signature import SEGMENTS

LOCATION = "forge_location"
"""The run-time information with an instruction's full location."""

KEPT_SHORT = "decompression_0"
"""OpenVINO's mark on a Convert: its constant operand is to stay in its own element type.

It does not survive a file. There the NPU's compiler predicts the same without it (2026.4.1), and
the CPU plugin widens the constant when it compiles the model.
"""


@dataclass(frozen=True)
class TranslatedSegment:
    """A model, and the arrays whose memory it uses: they must live as long as it does."""

    model: Model
    memory: Sequence[Array]


def translate(
    plan: Plan,
    segment: Segment,
    input_names: Sequence[str],
    output_names: Sequence[str],
) -> TranslatedSegment:
    """OpenVINO's model for a segment.

    Args:
        plan: the program that the segment is of.
        segment: which one.
        input_names: what to call the segment's inputs.
        output_names: what to call its outputs, those that it only passes last.

    Raises:
        ForgeError: a weight is missing, or OpenVINO refuses an instruction.
    """
    return _Translation(plan).run(segment, input_names, output_names)


@dataclass
class _Translation:
    plan: Plan
    outputs: dict[SSAValue, Output] = field(default_factory=dict[SSAValue, Output])
    friendly_names: FriendlyNames = field(default_factory=FriendlyNames)
    locations: dict[int, str] = field(default_factory=dict[int, str])
    memory: list[Array] = field(default_factory=list[Array])

    def run(
        self, segment: Segment, input_names: Sequence[str], output_names: Sequence[str]
    ) -> TranslatedSegment:
        parameters = [
            self._parameter(value, name)
            for value, name in zip(segment.inputs, input_names, strict=True)
        ]
        for op in segment.ops:
            self._instruction(cast(reg.RegOp, op))
        results = [
            bindings.make_result(output, self.friendly_names.unique(name))
            for output, name in zip(self._results(segment), output_names, strict=True)
        ]
        model = bindings.make_model(parameters, results, "main")
        return TranslatedSegment(model, self.memory)

    def _parameter(self, value: SSAValue, name: str) -> Node:
        type = cast(RegisterType, value.type)
        node = bindings.make_parameter(type.shape, type.dtype, self.friendly_names.unique(name))
        self.outputs[value] = node.output(0)
        return node

    def _results(self, segment: Segment) -> list[Output]:
        # With a result directly behind a parameter, one of the two loses its name, and the CPU
        # plugin ignores output tensors that are set.
        copies = [
            bindings.make_node("opset16", "Identity", [self._input(value)], {}).output(0)
            for value in segment.passed
        ]
        return [*map(self._input, segment.outputs), *copies]

    def _instruction(self, op: reg.RegOp) -> None:
        kind = op.name.removeprefix("reg.")
        inputs = [self._input(operand) for operand in op.operands]
        try:
            node = bindings.make_node(op.OPSET, kind, inputs, openvino_attributes(op))
        except RuntimeError as error:
            raise ForgeError(f"OpenVINO refuses it: {bindings.reason(error)}", op=op) from error
        self._describe(node, op, kind)
        if DECOMPRESSION in op.attributes:
            node.rt_info[KEPT_SHORT] = ""
        for index, result in enumerate(op.results):
            self.outputs[result] = node.output(index)

    def _input(self, operand: SSAValue) -> Output:
        value = self.plan.origin(operand)
        if (output := self.outputs.get(value)) is None:
            # What is known comes when it is first used.
            output = self.outputs[value] = self._known(value).output(0)
        return output

    def _known(self, value: SSAValue) -> Node:
        op = cast(Operation, value.owner)
        array = self.plan.known.array(value)
        self.memory.append(array)
        node = bindings.make_constant(array, cast(RegisterType, value.type).dtype)
        self._describe(node, op, "Constant")
        return node

    def _describe(self, node: Node, op: Operation, kind: str) -> None:
        if isinstance(op, reg.WeightOp):
            node.set_friendly_name(self.friendly_names.unique(op.weight_name.data))
            return
        node.set_friendly_name(self.friendly_names.of(op, kind))
        if kind == "Constant":
            return
        # By identity, as in `FriendlyNames`.
        location = self.locations.get(id(op.location))
        if location is None:
            location = self.locations[id(op.location)] = describe_location(op.location)
        if location:
            node.rt_info[LOCATION] = location


def openvino_attributes(op: reg.RegOp) -> dict[str, object]:
    """An instruction's static arguments under OpenVINO's names, as OpenVINO's values."""
    return {
        op.OPENVINO_NAMES.get(name, name): _value(attribute)
        for name, attribute in op.properties.items()
        if name != SEGMENTS
    }


def _value(attribute: Attribute) -> Any:
    if isinstance(attribute, TypeAttribute):
        return openvino_name(attribute)
    return from_attribute(attribute)
