"""What a wrong `reg` program is told: one message that names the instruction and what to do."""

import pytest
from xdsl.dialects.builtin import f32, i64

from forge.dialects import reg
from forge.errors import ForgeError
from forge.ir.shape_functions import ShapeError
from forge.ir.text import make_context, parse_module

CONTEXT = make_context()


def refusal(*lines: str) -> str:
    """The message about a program of these lines."""
    arguments = (
        "%x: !reg.reg<2x4xf32, cpu>, %n: !reg.reg<2x4xf32, npu>, %h: !reg.reg<2x4xf32, host>, "
        "%i: !reg.reg<2xi64, cpu>, %q: !reg.reg<1x2x4xf32, cpu>, %s: !reg.reg<f32, cpu>"
    )
    text = "\n".join([f"func.func @main({arguments}) {{", *lines, "func.return", "}"])
    with pytest.raises(ForgeError) as error:
        parse_module(text, "t.mlir", CONTEXT)
    return str(error.value)


X = "!reg.reg<2x4xf32, cpu>"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            f"%0 = reg.Relu %x : ({X}) -> !reg.reg<2x5xf32, cpu>",
            "reg.Relu: result #0 holds tensor<2x5xf32>, expected tensor<2x4xf32>",
        ),
        (
            f"%0 = reg.Relu %x : ({X}) -> !reg.reg<2x4xf16, cpu>",
            "reg.Relu: result #0 holds tensor<2x4xf16>, expected tensor<2x4xf32>",
        ),
        (
            f"%0 = reg.Add %x, %n : ({X}, !reg.reg<2x4xf32, npu>) -> {X}",
            "reg.Add: runs on cpu, but operand #1 is on npu; reg.copy moves it",
        ),
        (
            f"%0 = reg.Relu %x : ({X}) -> !reg.reg<2x4xf32, npu>",
            "reg.Relu: runs on npu, but operand #0 is on cpu; reg.copy moves it",
        ),
        (
            f'%0:2 = reg.TopK %x, %k {{axis = 1, mode = "max", sort = "value"}} : '
            f"({X}, !reg.reg<i64, cpu>) -> (!reg.reg<2x1xf32, cpu>, !reg.reg<2x1xi32, npu>)",
            "reg.TopK: runs on cpu, but result #1 is on npu",
        ),
        (
            f"%0 = reg.Reshape %x, %i {{special_zero = false}} : "
            f"({X}, !reg.reg<2xi64, cpu>) -> {X}",
            "reg.Reshape: shape_pattern must be a reg.Constant: the result's shape depends on it",
        ),
        (
            f'%0 = reg.Gelu %x {{approximation_mode = "tanh"}} : ({X}) -> {X}',
            "reg.Gelu: approximation_mode is 'tanh'; it is one of ERF, TANH",
        ),
        (
            f"%0 = reg.Convert %x {{destination_type = {X}}} : ({X}) -> {X}",
            f"reg.Convert: destination_type is {X}, which is not an element type",
        ),
        (f"%0 = reg.Elu %x : ({X}) -> {X}", "property 'alpha' expected in operation 'reg.Elu'"),
        (
            f"%0 = reg.Elu %x {{alpha = 1}} : ({X}) -> {X}",
            "reg.Elu: 1 : i64 should be of base attribute float",
        ),
        (
            f"%0 = reg.Softmax %x {{axis = 2}} : ({X}) -> {X}",
            "reg.Softmax: axis 2 is out of range for rank 2",
        ),
        (
            "%0 = reg.ScaledDotProductAttention %q, %q, %q, scale = %s : "
            "(!reg.reg<1x2x4xf32, cpu>, !reg.reg<1x2x4xf32, cpu>, !reg.reg<1x2x4xf32, cpu>, "
            "!reg.reg<f32, cpu>) -> !reg.reg<1x2x4xf32, cpu>",
            "scale is given, but attn_mask, which stands before it, is not",
        ),
        (
            f"%0 = reg.copy %x : ({X}) -> !reg.reg<4x2xf32, npu>",
            "reg.copy: copies a tensor<2x4xf32> into a tensor<4x2xf32>",
        ),
        (
            f'%0 = reg.host "aten.relu"(self = %x) : ({X}) -> !reg.reg<2x4xf32, host>',
            "reg.host: aten.relu runs on host, not on cpu; reg.copy moves a register",
        ),
        (
            '%0 = reg.host "aten.relu"(input = %h) : '
            "(!reg.reg<2x4xf32, host>) -> !reg.reg<4x2xf32, host>",
            "reg.host: result #0 holds tensor<4x2xf32>, expected tensor<2x4xf32>",
        ),
        (
            '%0 = reg.host "aten.relu"(inputs = %h) : '
            "(!reg.reg<2x4xf32, host>) -> !reg.reg<2x4xf32, host>",
            "reg.host: aten.relu: missing a required argument: 'input'",
        ),
        (
            '%0 = reg.host "aten.permute"(input = %h) {dims = "x"} : '
            "(!reg.reg<2x4xf32, host>) -> !reg.reg<4x2xf32, host>",
            'reg.host: aten.permute: dims cannot be "x"',
        ),
        (
            '%0 = reg.host "aten.permute"(input = %h) {dims = unit} : '
            "(!reg.reg<2x4xf32, host>) -> !reg.reg<4x2xf32, host>",
            "reg.host: aten.permute: dims cannot be unit",
        ),
        (
            '%0 = reg.host "transformer.linear"(input = %h, weight = %h) {activation = "exp"} : '
            "(!reg.reg<2x4xf32, host>, !reg.reg<2x4xf32, host>) -> !reg.reg<2x2xf32, host>",
            'reg.host: transformer.linear: activation cannot be "exp"',
        ),
        (
            '%0 = reg.host "aten.relu"(input = %h) {input = 1} : '
            "(!reg.reg<2x4xf32, host>) -> !reg.reg<2x4xf32, host>",
            "reg.host: input is an operand and a static argument",
        ),
        ('%0 = reg.weight "" : !reg.reg<4xf32, cpu>', "reg.weight: the weight's name is empty"),
        (
            "%0 = reg.Constant {value = dense<[1, 2]> : tensor<2xi64>} : () -> "
            "!reg.reg<3xi64, cpu>",
            "reg.Constant: result #0 holds tensor<3xi64>, expected tensor<2xi64>",
        ),
    ],
)
def test_a_wrong_instruction_is_named(line: str, message: str) -> None:
    constant = "%k = reg.Constant {value = dense<1> : tensor<i64>} : () -> !reg.reg<i64, cpu>"
    assert message in refusal(constant, line)


@pytest.mark.parametrize(
    ("type", "message"),
    [
        ("!reg.reg<2x?xf32, cpu>", "a register has a static shape, got tensor<2x?xf32>"),
        ("!reg.reg<*xf32, cpu>", "a register has a ranked shape"),
        ("!reg.reg<2xi7, cpu>", "a register cannot hold elements of type i7"),
        ("!reg.reg<2xf32, CPU>", "a device's name is in lower case, got 'CPU'"),
        ("!reg.reg<2xf32>", "Expected ','"),
        ("!reg.reg<2xf32, cpu, offset = -1>", "an offset is not negative, got -1"),
        ("!reg.reg<2xf32, cpu, 3>", "offset"),
    ],
)
def test_a_wrong_register_type_is_named(type: str, message: str) -> None:
    assert message in refusal(f'%0 = reg.weight "w" : {type}')


def test_an_operand_that_is_no_register_is_named() -> None:
    text = """
    func.func @main(%x: tensor<2xf32>) {
      %0 = reg.Relu %x : (tensor<2xf32>) -> !reg.reg<2xf32, cpu>
      func.return
    }
    """
    with pytest.raises(ForgeError, match=r"reg\.Relu: operand 'arg' .*\ntensor<2xf32> should be"):
        parse_module(text, "t.mlir", CONTEXT)


def test_builders_refuse_what_the_verifier_refuses() -> None:
    weight = reg.WeightOp("w", (2, 4), f32, device="cpu")
    with pytest.raises(ShapeError, match="axis 3 is out of range for rank 2"):
        reg.SoftmaxOp(weight, axis=3)
    index = reg.WeightOp("i", (2,), i64, device="cpu")
    with pytest.raises(ShapeError, match=r"must be a reg\.Constant"):
        reg.ReshapeOp(weight, index, special_zero=False)
    with pytest.raises(ShapeError, match="has no shape function"):
        reg.HostOp("any.kernel.default", {"x": weight})


def test_constants_give_shapes() -> None:
    weight = reg.WeightOp("w", (2, 4), f32, device="npu")
    pattern = reg.ConstantOp.of([-1, 2], i64, device="npu")
    reshaped = reg.ReshapeOp(weight, pattern, special_zero=False)
    assert reshaped.result.type == reg.register_type((4, 2), f32, "npu")
    assert reshaped.device == "npu"
    host = reg.HostOp("aten.relu", {"input": reg.CopyOp(weight, device=reg.HOST)})
    assert host.outputs[0].type == reg.register_type((2, 4), f32, "host")
