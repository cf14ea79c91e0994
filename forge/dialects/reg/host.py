"""`reg.host`: a kernel that runs in PyTorch on the host, called with its operands by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from inspect import Signature, signature
from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, LocationAttr, StringAttr, UnitAttr
from xdsl.ir import Attribute, Operation
from xdsl.irdl import irdl_op_definition, prop_def, var_operand_def, var_result_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from forge.dialects.reg.base import RegOp
from forge.dialects.reg.kernel_arguments import check_static_arguments
from forge.dialects.reg.types import RegisterType, device_of, register_shaped, register_type
from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.named_operands import (
    NamedOperand,
    group_by_name,
    named_operands,
    names_attribute,
    parse_call,
    present,
    print_call,
    verify_names,
)
from forge.ir.schema_op import OperandGroup
from forge.ir.shape_functions import ShapeError, find_shape_function
from forge.ir.tensors import Shaped

HOST = "host"
"""The device on which kernels of PyTorch run."""

_DIALECTS_OF_KERNELS = frozenset({"aten", "transformer"})


@irdl_op_definition
class HostOp(RegOp):
    """A kernel on the host, named after the operation of `aten` or `transformer` that it computes.

    Operands are given by name; a list operand keeps its absent elements. Everything static stands
    in `arguments`, where `unit` is an explicit `None`. An operator without a class in `aten` is
    named in full, `namespace.name.overload`, and its result types are taken as given.

    ```mlir
    %1 = reg.host "aten.layer_norm"(input = %x, weight = %w) {normalized_shape = [768]}
        : (!reg.reg<2x768xf32, host>, !reg.reg<768xf32, host>) -> !reg.reg<2x768xf32, host>
    ```
    """

    name = "reg.host"
    OPAQUE: ClassVar[bool] = True

    inputs = var_operand_def(RegisterType)
    kernel = prop_def(StringAttr)
    # One entry an operand: its name, or [name, which elements are there] for a list.
    operand_names = prop_def(ArrayAttr[Attribute])
    arguments = prop_def(DictionaryAttr)
    outputs = var_result_def(RegisterType)

    def __init__(
        self,
        kernel: str,
        operands: Mapping[str, OperandGroup],
        arguments: Mapping[str, object] | None = None,
        result_types: Sequence[Attribute] | None = None,
        location: LocationAttr | None = None,
    ) -> None:
        """Call `kernel`.

        Operands that are `None` are absent; a static argument that is `None` is an explicit `None`.

        Raises:
            ShapeError: no result types are given, and the kernel's shape function refuses the
                arguments, or it has none.
        """
        groups = named_operands(operands)
        static = {
            name: UnitAttr() if value is None else to_attribute(value)
            for name, value in (arguments or {}).items()
        }
        if result_types is None:
            inferred = _infer(kernel, groups, static)
            if inferred is None:
                raise ShapeError(f"{kernel} has no shape function, so its result types are needed")
            result_types = [register_type(info.shape, info.dtype, HOST) for info in inferred]
        Operation.__init__(
            self,
            operands=present(groups.values()),
            result_types=result_types,
            properties={
                "kernel": StringAttr(kernel),
                "operand_names": names_attribute(groups),
                "arguments": DictionaryAttr(static),
            },
            location=location,
        )

    @property
    def device(self) -> str:
        """Where kernels run."""
        return HOST

    def operands_by_name(self) -> dict[str, NamedOperand]:
        """The operands: a value, or a list with `None` where an element is absent."""
        return group_by_name(self.operand_names, self.operands)

    def static_arguments(self) -> dict[str, Any]:
        """The static arguments as Python values."""
        return {name: _python_value(value) for name, value in self.arguments.data.items()}

    def verify_(self) -> None:
        """Operands and results are on the host, each operand has a name, and the kernel takes them.

        Raises:
            VerifyException: that is not so.
        """
        for value in (*self.operands, *self.results):
            if (device := device_of(value.type)) != HOST:
                raise VerifyException(
                    f"{self.kernel.data} runs on {HOST}, not on {device}; reg.copy moves a register"
                )
        verify_names(self.operand_names, self.operands)
        operands = self.operands_by_name()
        if both := operands.keys() & self.arguments.data.keys():
            raise VerifyException(f"{', '.join(sorted(both))} is an operand and a static argument")
        try:
            inferred = _infer(self.kernel.data, operands, self.arguments.data)
        except ShapeError as error:
            raise VerifyException(f"{self.kernel.data}: {error}") from error
        if inferred is not None:
            self.verify_results(inferred)

    def print(self, printer: Printer) -> None:
        """Print the kernel, its operands by name and its static arguments."""
        print_call(printer, self, self.kernel, self.operands_by_name(), self.arguments)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """Parse what `print` prints."""
        call = parse_call(parser)
        return cls.create(
            operands=call.operands,
            result_types=call.result_types,
            properties={"kernel": call.name, **call.properties},
            attributes=call.attributes,
        )


def _infer(
    kernel: str, operands: Mapping[str, NamedOperand], arguments: Mapping[str, Attribute]
) -> tuple[Shaped, ...] | None:
    """What a kernel's shape function gives; `None` if it has none."""
    dialect = kernel.partition(".")[0]
    if dialect in _DIALECTS_OF_KERNELS:
        # Its shape functions may not be registered yet: a program on the host has no aten left.
        import_module(f"forge.dialects.{dialect}")
    function = find_shape_function(kernel)
    if function is None:
        return None
    check_static_arguments(kernel, arguments)
    tensors: dict[str, Any] = {}
    for name, group in operands.items():
        if isinstance(group, list):
            tensors[name] = [None if v is None else register_shaped(v.type) for v in group]
        else:
            tensors[name] = register_shaped(group.type)
    static = {name: _python_value(value) for name, value in arguments.items()}
    try:
        _signature(function).bind(**tensors, **static)
    except TypeError as error:
        raise ShapeError(str(error)) from error
    inferred = function(**tensors, **static)
    return (inferred,) if isinstance(inferred, Shaped) else tuple(inferred)


@cache
def _signature(function: Callable[..., Any]) -> Signature:
    return signature(function)


def _python_value(attribute: Attribute) -> Any:
    return None if isinstance(attribute, UnitAttr) else from_attribute(attribute)
