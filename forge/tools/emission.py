"""`forge compile --emit`: the text of a model's program at one level."""

from __future__ import annotations

import sys
from argparse import Namespace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.passes import ModulePass

from forge.errors import ForgeError
from forge.files import write_text
from forge.ir.text import make_context, print_module
from forge.ir.verifier import verify_module
from forge.tools.model_arguments import is_text, load_model, progress
from forge.tools.pass_options import print_explanation, write_report
from forge.weights import save_weights, weight_uses

if TYPE_CHECKING:
    from forge.importer import ImportedProgram


def emit(args: Namespace) -> None:
    """Write the text to a file or stdout, and its weights to a file if one is named.

    Raises:
        ForgeError: the model cannot be exported, imported or lowered, or a file cannot be written.
    """
    if is_text(args.model):
        raise ForgeError(
            f"{args.model} is a program's text already", hint=f"forge-opt {args.model} -p PASSES"
        )
    from forge.backends.openvino.destination import find_destination
    from forge.compiler import chosen_pipeline
    from forge.importer import capture, import_program
    from forge.pipeline import build_pipeline

    destination = find_destination(args.device, args.platform)
    passes = build_pipeline(chosen_pipeline(destination, args.pipeline, args.aggressiveness))
    model = load_model(args)
    with progress(f"exporting {args.model}") as status:
        exported = model.exported or capture(model.module, model.example_args, model.example_kwargs)
        status.update(f"importing {args.model} …")
        imported = import_program(exported)
        _run_passes(imported, _passes_to(args.emit, passes), args)
        verify_module(imported.module)
        if args.weights_output is not None:
            status.update("writing the weights …")
            names = [name for _, name, _ in weight_uses(imported.module)]
            save_weights(imported.weights, args.weights_output, names)
    text = print_module(imported.module, debuginfo=args.print_debuginfo)
    if args.output is None or args.output == "-":
        sys.stdout.write(text)
    else:
        write_text(Path(args.output), text)


def _run_passes(imported: ImportedProgram, passes: list[ModulePass], args: Namespace) -> None:
    from forge.pass_report import PipelineReport
    from forge.pipeline import run_pipeline

    checks: list[NumericCheck] = []
    if args.check_numerics:
        from forge.numeric_check import NumericCheck

        checks.append(NumericCheck(imported.module, imported.weights))
    runs = run_pipeline(
        imported.module, passes, make_context(), rounds=args.rounds, instrumentations=checks
    )
    report = PipelineReport([run.report() for run in runs], {"forge": version("forge-ugc")})
    print_explanation(args, report.passes)
    write_report(args, report.to_json())


def _passes_to(level: str, passes: list[ModulePass]) -> list[ModulePass]:
    from forge.passes import LOWERING

    if level == "aten":
        return []
    if level == "reg":
        return passes
    names = [module_pass.name for module_pass in passes]
    return passes[: names.index(LOWERING)] if LOWERING in names else passes
