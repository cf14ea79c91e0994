"""Cutting a program where its device changes."""

import pytest

from forge.backends.ports import input_ports, main_function, output_ports
from forge.backends.segments import Plan, cut, host_ops
from forge.errors import ForgeError
from forge.ir.tensors import Shaped
from forge.ir.text import parse_module
from forge.weights import ModuleWeights

NO_WEIGHTS = ModuleWeights({})
CPU, HOST = "!reg.reg<2x3xf32, cpu>", "!reg.reg<2x3xf32, host>"


def plan_of(body: str, returned: str = "%y", types: str = CPU) -> Plan:
    text = (
        f"func.func @main(%x: {CPU}) -> ({types}) {{\n{body}\nfunc.return {returned} : {types}\n}}"
    )
    return cut(main_function(parse_module(text)), NO_WEIGHTS)


def unary(result: str, name: str, operand: str) -> str:
    return f"{result} = reg.{name} {operand} : ({CPU}) -> {CPU}\n"


def to_host(result: str, operand: str) -> str:
    return f"{result} = reg.copy {operand} : ({CPU}) -> {HOST}\n"


def from_host(result: str, operand: str) -> str:
    return f"{result} = reg.copy {operand} : ({HOST}) -> {CPU}\n"


def kernel(result: str, operand: str, name: str = "aten.erf") -> str:
    return f'{result} = reg.host "{name}"(input = {operand}) : ({HOST}) -> {HOST}\n'


def names(plan: Plan) -> list[tuple[str, list[str]]]:
    return [(segment.device, [op.name for op in segment.ops]) for segment in plan.segments]


def test_one_device_is_one_segment() -> None:
    plan = plan_of(unary("%a", "Relu", "%x") + unary("%y", "Abs", "%a"))
    assert names(plan) == [("cpu", ["reg.Relu", "reg.Abs"])]
    assert len(plan.segments[0].inputs) == 1
    assert plan.segments[0].outputs == plan.returned


def test_a_kernel_on_the_host_cuts_the_program() -> None:
    plan = plan_of(
        unary("%a", "Relu", "%x")
        + to_host("%h", "%a")
        + kernel("%k", "%h")
        + from_host("%b", "%k")
        + unary("%y", "Abs", "%b")
    )
    assert names(plan) == [("cpu", ["reg.Relu"]), ("host", ["reg.host"]), ("cpu", ["reg.Abs"])]
    assert [op.kernel.data for op in host_ops(plan.segments)] == ["aten.erf"]


def test_what_does_not_need_the_host_stays_in_one_segment() -> None:
    # Abs stands between the kernels in the text, but waits for neither.
    plan = plan_of(
        unary("%a", "Relu", "%x")
        + to_host("%h", "%x")
        + kernel("%k", "%h")
        + unary("%c", "Abs", "%a")
        + kernel("%l", "%k")
        + from_host("%b", "%l")
        + f"%y = reg.Add %b, %c : ({CPU}, {CPU}) -> {CPU}"
    )
    assert names(plan) == [
        ("cpu", ["reg.Relu", "reg.Abs"]),
        ("host", ["reg.host", "reg.host"]),
        ("cpu", ["reg.Add"]),
    ]


def test_the_order_of_the_text_stays_where_it_has_no_more_segments() -> None:
    # Exp could run before all others, in a segment of its own.
    npu = "!reg.reg<2x3xf32, npu>"
    plan = plan_of(
        unary("%a", "Relu", "%x")
        + f"%n = reg.copy %a : ({CPU}) -> {npu}\n"
        + f"%m = reg.Abs %n : ({npu}) -> {npu}\n"
        + f"%b = reg.copy %m : ({npu}) -> {CPU}\n"
        + f"%k = reg.copy %x : ({CPU}) -> {npu}\n"
        + f"%l = reg.Exp %k : ({npu}) -> {npu}\n"
        + f"%c = reg.copy %l : ({npu}) -> {CPU}\n"
        + f"%y = reg.Add %b, %c : ({CPU}, {CPU}) -> {CPU}"
    )
    assert names(plan) == [
        ("cpu", ["reg.Relu"]),
        ("npu", ["reg.Abs", "reg.Exp"]),
        ("cpu", ["reg.Add"]),
    ]


def test_kernels_keep_their_order() -> None:
    plan = plan_of(
        unary("%a", "Relu", "%x")
        + to_host("%h", "%a")
        + kernel("%k", "%h", "aten.erf")
        + to_host("%g", "%x")
        + kernel("%l", "%g", "aten.sin")
        + from_host("%y", "%k")
        + from_host("%z", "%l"),
        "%y, %z",
        f"{CPU}, {CPU}",
    )
    assert [op.kernel.data for op in host_ops(plan.segments)] == ["aten.erf", "aten.sin"]


def test_devices_have_segments_of_their_own() -> None:
    npu = "!reg.reg<2x3xf32, npu>"
    plan = plan_of(
        unary("%a", "Relu", "%x")
        + f"%n = reg.copy %a : ({CPU}) -> {npu}\n"
        + f"%m = reg.Abs %n : ({npu}) -> {npu}\n"
        + f"%y = reg.copy %m : ({npu}) -> {CPU}"
    )
    assert names(plan) == [("cpu", ["reg.Relu"]), ("npu", ["reg.Abs"])]


def test_constants_and_weights_belong_to_their_users() -> None:
    body = f'%w = reg.weight "w" : {CPU}\n%y = reg.Add %x, %w : ({CPU}, {CPU}) -> {CPU}'
    plan = plan_of(body)
    assert names(plan) == [("cpu", ["reg.Add"])]
    assert len(plan.segments[0].inputs) == 1


@pytest.mark.parametrize("returned", ["%x", "%w"])
def test_what_is_returned_as_it_came_passes_through_a_model(returned: str) -> None:
    body = f'%w = reg.weight "w" : {CPU}\n' + unary("%y", "Relu", "%x")
    plan = plan_of(body, f"%y, {returned}", f"{CPU}, {CPU}")
    assert len(plan.segments) == 1
    assert plan.segments[0].passed == [plan.returned[1]]


def test_a_program_without_instructions_is_a_model_that_passes() -> None:
    plan = plan_of("", "%x")
    assert names(plan) == [("cpu", [])]
    assert plan.segments[0].passed == plan.segments[0].inputs


def test_a_program_before_lowering_is_refused_with_its_operation() -> None:
    text = """
        func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
          %y = aten.relu %x : (tensor<2xf32>) -> tensor<2xf32>
          func.return %y : tensor<2xf32>
        }"""
    function = main_function(parse_module(text))
    with pytest.raises(ForgeError, match=r"aten.relu: is not an instruction[\s\S]*convert-to-reg"):
        cut(function, NO_WEIGHTS)
    with pytest.raises(ForgeError, match="input #0 is a tensor<2xf32>, not a register"):
        input_ports(function)


def test_ports_have_the_names_in_the_text() -> None:
    text = f"""
        func.func @main(%x: {CPU} {{forge.name = "ids"}}, %s: {CPU} {{forge.buffer = "step"}})
            -> ({CPU}, {CPU} {{forge.name = "step", forge.buffer = "step"}}) {{
          func.return %x, %s : {CPU}, {CPU}
        }}"""
    function = main_function(parse_module(text))
    type = Shaped((2, 3), input_ports(function)[0].type.dtype)
    assert [(p.name, p.type, p.buffer) for p in input_ports(function)] == [
        ("ids", type, None),
        ("input_1", type, "step"),
    ]
    assert [(p.name, p.buffer) for p in output_ports(function)] == [
        ("output_0", None),
        ("step", "step"),
    ]


def test_a_program_needs_a_main_function() -> None:
    module = parse_module("func.func @other() { func.return }")
    with pytest.raises(ForgeError, match="no function @main"):
        main_function(module)


WIDEN = f"""%w = reg.weight "w" : !reg.reg<2x3xf16, cpu>
%c = reg.Convert %w {{destination_type = f32}} attributes {{forge.decompression}}
  : (!reg.reg<2x3xf16, cpu>) -> {CPU}
%d = reg.Abs %c : ({CPU}) -> {CPU}
"""


def add(result: str, first: str, second: str) -> str:
    return f"{result} = reg.Add {first}, {second} : ({CPU}, {CPU}) -> {CPU}\n"


def test_each_segment_widens_the_weights_that_it_reads() -> None:
    plan = plan_of(
        WIDEN
        + add("%a", "%x", "%d")
        + to_host("%h", "%a")
        + kernel("%k", "%h")
        + from_host("%b", "%k")
        + add("%y", "%b", "%d")
    )
    part = ("cpu", ["reg.Convert", "reg.Abs", "reg.Add"])
    assert names(plan) == [part, ("host", ["reg.host"]), part]
    assert [len(segment.inputs) for segment in plan.segments] == [1, 1, 1]
    assert [len(segment.outputs) for segment in plan.segments] == [1, 1, 1]


def test_a_widened_weight_that_the_host_reads_is_computed_once() -> None:
    plan = plan_of(WIDEN + to_host("%h", "%d") + kernel("%k", "%h") + from_host("%y", "%k"))
    assert names(plan) == [("cpu", ["reg.Convert", "reg.Abs"]), ("host", ["reg.host"])]


def test_a_widened_weight_can_be_returned() -> None:
    plan = plan_of(WIDEN, "%d")
    assert names(plan) == [("cpu", ["reg.Convert", "reg.Abs"])]
    assert plan.segments[0].outputs == plan.returned
