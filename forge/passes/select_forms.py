"""Say how operations are to be emitted, as is best on a platform."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import VerifyException

from forge.dialects.transformer.forms import EmittedOp
from forge.rewriting.report import Firing, Refusal, RewriteReport, publish
from forge.targets.forms_table import FormsTable, load_forms


@dataclass(frozen=True)
class SelectFormsPass(ModulePass):
    """Give operations the form that the platform's table has for their shape.

    The table is made by `forge tune`, which asks the platform's compiler. An operation of a shape
    that is not in it gets the form of the nearest one, if no extent is more than half as much again
    as the other; `--explain` says which were left as they are. Operations that have a form keep it.

        %0 = transformer.mlp %x, %up, %down {activation = gelu_tanh} : …

    becomes

        %0 = transformer.mlp %x, %up, %down {activation = gelu_tanh, form = {up_slices = 4}} : …

    Args:
        platform: a name, such as `npu4000`, or the path of a table, which ends in `.toml`.
    """

    name = "select-forms"

    platform: str

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        table = load_forms(self.platform)
        report, found = RewriteReport(), Counter[str]()
        for candidate in op.walk():
            if isinstance(candidate, EmittedOp) and "form" not in candidate.properties:
                found[_select(candidate, table, report)] += 1
        report.figures.update(sorted(found.items()))
        publish(report)


def _select(op: EmittedOp, table: FormsTable, report: RewriteReport) -> str:
    """Give an operation its form; say how that was found."""
    name = SelectFormsPass.name
    if (found := table.find(op)) is None:
        reason = "the table has no shape near its own"
        report.refused.append(Refusal(name, op.name, op.location, reason))
        return "forms not in the table"
    entry, distance = found
    op.emit_as(entry.form)
    try:
        op.verify_()
    except VerifyException as error:
        op.properties.pop("form")
        report.refused.append(Refusal(name, op.name, op.location, str(error)))
        return "forms that do not fit"
    report.fired.append(Firing(name, op.name, op.location))
    return "forms of a near shape" if distance else "forms of the same shape"
