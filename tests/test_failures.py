"""When two failures are the same, so that a reduction does not slip from one bug to another."""

from dataclasses import dataclass

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from forge.dialects import aten
from forge.errors import ForgeError
from forge.failures import Failure, first_failure
from forge.ir.attributes import to_attribute
from forge.ir.text import make_context, parse_module, print_module
from forge.reducing import reduce_program, same_failure


@dataclass(frozen=True)
class FragilePass(ModulePass):
    """Fail in several ways, by what the program has; the worst comes first."""

    name = "fragile"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for inner in op.walk():
            if isinstance(inner, aten.SinOp):
                raise ForgeError(f"no sine of {inner.result.type}, please", op=inner)
        for inner in op.walk():
            if isinstance(inner, aten.CosOp):
                raise ForgeError(f"no cosine of {inner.result.type}, please", op=inner)
            if isinstance(inner, aten.ExpOp):
                raise KeyError(inner.name)
            if isinstance(inner, aten.ReshapeOp):
                inner.properties["shape"] = to_attribute([5])


class OtherPass(FragilePass):
    """The same under another name."""

    name = "other"


def program(*names: str, type: str = "tensor<2x3xf32>") -> ModuleOp:
    lines = [f"%{i} = aten.{name} %x : ({type}) -> {type}" for i, name in enumerate(names)]
    body = "\n".join(lines)
    return parse_module(f"func.func @main(%x: {type}) {{\n{body}\nfunc.return\n}}")


def failure(module: ModuleOp, *passes: ModulePass) -> Failure:
    found = first_failure(module, passes or (FragilePass(),), make_context())
    assert found is not None
    return found


def test_the_same_failure_of_other_types_is_the_same() -> None:
    assert failure(program("sin")) == failure(program("neg", "sin", type="tensor<7xf16>"))


def test_another_message_is_another_failure() -> None:
    assert failure(program("sin")) != failure(program("cos"))
    assert failure(program("cos")) != failure(program("exp"))


def test_another_pass_is_another_failure() -> None:
    first, second = failure(program("sin")), failure(program("sin"), OtherPass())
    assert first != second
    assert first.message == second.message


def test_the_failing_pass_is_counted_from_the_start() -> None:
    found = failure(program("sin"), *[NothingPass()] * 3, FragilePass())
    assert (found.index, found.pass_name) == (3, "fragile")


@dataclass(frozen=True)
class NothingPass(ModulePass):
    """Leave the program as it is."""

    name = "nothing"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        pass


def test_where_nothing_fails_there_is_none() -> None:
    assert first_failure(program("neg"), [FragilePass()], make_context()) is None


def test_an_invalid_program_is_a_failure_if_it_is_verified() -> None:
    def text() -> ModuleOp:
        return parse_module(
            "func.func @main(%x: tensor<2x3xf32>) {\n"
            "%0 = aten.reshape %x {shape = [6]} : (tensor<2x3xf32>) -> tensor<6xf32>\n"
            "func.return\n}"
        )

    assert "left an invalid program" in failure(text()).message
    passes, context = [FragilePass()], make_context()
    assert first_failure(text(), passes, context, verify_each=False) is None


@pytest.mark.parametrize("name", ["sin", "cos", "exp"])
def test_a_reduction_does_not_slip_to_another_failure(name: str) -> None:
    # Without the operation that fails, one of the others does.
    others = {"sin": (), "cos": ("exp",), "exp": ("cos",)}[name]
    module = program("neg", name, *others, "tanh")
    interest = same_failure(module, [NothingPass(), FragilePass()], make_context())
    reduced = print_module(reduce_program(module, interest).best)
    assert f"aten.{name} " in reduced
    assert not any(f"aten.{other} " in reduced for other in others)
