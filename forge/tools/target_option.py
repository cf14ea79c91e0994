"""`-t target{option=value}`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from inspect import signature
from typing import Any, cast

from xdsl.utils.arg_spec import ArgSpec, parse_spec
from xdsl.utils.exceptions import ArgSpecParseError
from xdsl.utils.target import Target

from forge.errors import ForgeError
from forge.foreign_failures import reporting_foreign_failures


def parse_target(text: str, targets: Mapping[str, Callable[..., Any]]) -> ArgSpec:
    """The target that a text names, with options that it takes.

    Args:
        text: what stands after `-t`.
        targets: what makes each target's class; or, in xDSL's older way, writes a program.

    Raises:
        ForgeError: the text cannot be read, or there is no such target or option.
    """
    try:
        spec = parse_spec(text)
    # It derives from BaseException.
    except ArgSpecParseError as error:
        raise ForgeError(f"cannot read the target {text!r}") from error
    if spec.name not in targets:
        known = ", ".join(sorted(targets))
        raise ForgeError(f"there is no target {spec.name!r}", hint=f"targets are {known}")
    make = targets[spec.name]
    if not signature(make).parameters:
        with reporting_foreign_failures("target", spec.name):
            target = cast("type[Target]", make())
        _check_options(target, spec)
    return spec


def _check_options(target: type[Target], spec: ArgSpec) -> None:
    try:
        target.from_spec(spec)
    except ValueError as error:
        options = ", ".join(field.name for field in dataclasses.fields(target))
        raise ForgeError(
            f"target {spec.name!r}: {error}", hint=f"its options are {options or 'none'}"
        ) from error
