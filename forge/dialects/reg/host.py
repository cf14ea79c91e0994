"""`reg.host`: a kernel that runs in PyTorch on the host, called with its operands by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar, cast

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, LocationAttr, StringAttr
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import irdl_op_definition, prop_def, var_operand_def, var_result_def
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from forge.dialects.reg.base import RegOp
from forge.dialects.reg.types import RegisterType, register_shaped, register_type
from forge.ir.assembly import parse_function_type, parse_value, print_properties
from forge.ir.attributes import from_attribute, to_attribute
from forge.ir.schema_op import OperandGroup
from forge.ir.shape_functions import ShapeError, find_shape_function
from forge.ir.tensors import Shaped

HOST = "host"
"""The device on which kernels of PyTorch run."""

Argument = SSAValue | list[SSAValue | None]
T = TypeVar("T", SSAValue, UnresolvedOperand)


@irdl_op_definition
class HostOp(RegOp):
    """A kernel on the host: an ATen operator, or a fused one of the transformer dialect.

    Operands are given by name; a list operand keeps its absent elements. Everything static stands
    in `arguments`.

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
        """Call `kernel` with operands and static arguments by name; absent ones are `None`.

        Raises:
            ShapeError: no result types are given, and the kernel's shape function refuses the
                arguments, or it has none.
        """
        groups: dict[str, Argument] = {}
        for name, group in operands.items():
            if isinstance(group, SSAValue | Operation):
                groups[name] = SSAValue.get(group)
            elif group is not None:
                groups[name] = [None if v is None else SSAValue.get(v) for v in group]
        static = {
            name: to_attribute(value)
            for name, value in (arguments or {}).items()
            if value is not None
        }
        if result_types is None:
            inferred = infer_kernel(kernel, groups, static)
            result_types = [register_type(info.shape, info.dtype, HOST) for info in inferred]
        Operation.__init__(
            self,
            operands=_present(groups.values()),
            result_types=result_types,
            properties={
                "kernel": StringAttr(kernel),
                "operand_names": _names(groups),
                "arguments": DictionaryAttr(static),
            },
            location=location,
        )

    def operands_by_name(self) -> dict[str, Argument]:
        """The operands: a value, or a list with `None` where an element is absent."""
        values = iter(self.operands)
        groups: dict[str, Argument] = {}
        for entry in self.operand_names:
            if isinstance(entry, StringAttr):
                groups[entry.data] = next(values)
            else:
                name, present = from_attribute(entry)
                groups[name] = [next(values) if here else None for here in present]
        return groups

    def static_arguments(self) -> dict[str, Any]:
        """The static arguments as Python values."""
        return {name: from_attribute(value) for name, value in self.arguments.data.items()}

    def verify_(self) -> None:
        """Operands and results are on the host, and each operand has a name.

        Raises:
            VerifyException: they are not, or they do not fit the kernel's shape function.
        """
        for value in (*self.operands, *self.results):
            if (device := cast(RegisterType, value.type).device) != HOST:
                raise VerifyException(f"{self.kernel.data} runs on {HOST}, not on {device}")
        entries = [from_attribute(entry) for entry in self.operand_names]
        count = sum(1 if isinstance(entry, str) else sum(entry[1]) for entry in entries)
        if count != len(self.operands):
            raise VerifyException(f"{count} operands have names, of {len(self.operands)}")

    def print(self, printer: Printer) -> None:
        """Print kernel, operands by name and static arguments."""
        printer.print_string(" ")
        printer.print_attribute(self.kernel)
        with printer.in_parens():
            printer.print_list(
                self.operands_by_name().items(), lambda item: _print_operand(printer, *item)
            )
        print_properties(printer, self.arguments.data.items())
        printer.print_op_attributes(self.attributes, print_keyword=True)
        printer.print_string(" : ")
        printer.print_function_type(self.operand_types, self.result_types)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        """Parse what `print` prints."""
        start = parser.pos
        kernel = StringAttr(parser.parse_str_literal())
        groups = parser.parse_comma_separated_list(
            Parser.Delimiter.PAREN, lambda: _parse_operand(parser)
        )
        static = parser.parse_optional_comma_separated_list(
            Parser.Delimiter.BRACES, lambda: _parse_argument(parser)
        )
        attributes = parser.parse_optional_attr_dict_with_keyword()
        parser.parse_punctuation(":")
        function_type = parse_function_type(parser)
        operands = _present(group for _, group in groups)
        return cls.create(
            operands=parser.resolve_operands(operands, function_type.inputs.data, start),
            result_types=function_type.outputs.data,
            properties={
                "kernel": kernel,
                "operand_names": _names(dict(groups)),
                "arguments": DictionaryAttr(dict(static or [])),
            },
            attributes=attributes.data if attributes is not None else {},
        )


def infer_kernel(
    kernel: str, operands: Mapping[str, Argument], arguments: Mapping[str, Attribute]
) -> tuple[Shaped, ...]:
    """Apply a kernel's shape function.

    Raises:
        ShapeError: the arguments do not fit together, or there is no shape function.
    """
    function = find_shape_function(kernel)
    if function is None:
        raise ShapeError(f"{kernel} has no shape function, so its result types must be given")
    tensors: dict[str, Any] = {}
    for name, group in operands.items():
        if isinstance(group, list):
            tensors[name] = [None if v is None else register_shaped(v.type) for v in group]
        else:
            tensors[name] = register_shaped(group.type)
    static = {name: from_attribute(value) for name, value in arguments.items()}
    inferred = function(**tensors, **static)
    return (inferred,) if isinstance(inferred, Shaped) else tuple(inferred)


def _names(groups: Mapping[str, object]) -> ArrayAttr[Attribute]:
    names: list[Attribute] = []
    for name, group in groups.items():
        if isinstance(group, list):
            present = [value is not None for value in cast("list[object]", group)]
            names.append(to_attribute([name, to_attribute(present)]))
        else:
            names.append(StringAttr(name))
    return ArrayAttr(names)


def _present(groups: Iterable[T | list[T | None]]) -> list[T]:
    present: list[T] = []
    for group in groups:
        if isinstance(group, list):
            present.extend(value for value in group if value is not None)
        else:
            present.append(group)
    return present


def _print_operand(printer: Printer, name: str, group: Argument) -> None:
    printer.print_string(f"{name} = ")
    if isinstance(group, SSAValue):
        printer.print_ssa_value(group)
        return
    with printer.in_square_brackets():
        for index, value in enumerate(group):
            printer.print_string(", " if index else "")
            if value is None:
                printer.print_string("none")
            else:
                printer.print_ssa_value(value)


ParsedOperand = UnresolvedOperand | list[UnresolvedOperand | None]


def _parse_operand(parser: Parser) -> tuple[str, ParsedOperand]:
    name = parser.parse_identifier()
    parser.parse_punctuation("=")
    group = parser.parse_optional_comma_separated_list(
        Parser.Delimiter.SQUARE, lambda: _parse_element(parser)
    )
    return name, group if group is not None else parser.parse_unresolved_operand()


def _parse_element(parser: Parser) -> UnresolvedOperand | None:
    if parser.parse_optional_keyword("none") is not None:
        return None
    return parser.parse_unresolved_operand()


def _parse_argument(parser: Parser) -> tuple[str, Attribute]:
    name = parser.parse_identifier()
    parser.parse_punctuation("=")
    return name, parse_value(parser)
