"""A page for each pass: its documentation, options, patterns, and what it does to a program."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from xdsl.passes import ModulePass, get_pass_option_infos

from forge.compiler import default_pipeline
from forge.targets import target_names
from forge.universe import FORGE_UNIVERSE
from scripts.docs_site.lit_programs import pass_example
from scripts.docs_site.markdown import code, documentation, fence, summary, table

_COMMENT = re.compile(r"^\s*# ?(.*)$")


def pass_names() -> list[str]:
    """Forge's passes, sorted."""
    return sorted(FORGE_UNIVERSE.all_passes)


def pass_page(name: str) -> str:
    """The page of a pass."""
    pass_class = FORGE_UNIVERSE.all_passes[name]()
    module = pass_class.__module__
    source = Path(module.replace(".", "/") + ".py")
    parts = [f"# `{name}`", documentation(pass_class), *_options(pass_class), *_patterns(module)]
    if (example := pass_example("/".join(module.split(".")[1:]))) is not None:
        parts += ["## Before and after", f"The first function of `{example.file}`:"]
        parts += [fence(example.before), f"`forge-opt -p '{example.pipeline}'` makes of it:"]
        parts += [fence(example.after)]
    parts += [f"Source: `{source}`"]
    return "\n\n".join(parts) + "\n"


def _options(pass_class: type[ModulePass]) -> Iterator[str]:
    rows = [
        (code(option.name), code(option.expected_type.strip("'")), _default(option.default_value))
        for option in get_pass_option_infos(pass_class)
    ]
    if rows:
        yield "## Options"
        yield table(["option", "type", "default"], rows)


def _default(value: str | None) -> str:
    return code(value) if value else "must be given"


def _patterns(module: str) -> Iterator[str]:
    """The patterns that stand in the pass's own file, with the equations above them."""
    source = Path(str(sys.modules[module].__file__)).read_text()
    lines = source.splitlines()
    rows: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and any("Pattern" in ast.unparse(b) for b in node.bases):
            equation = "\n".join(_comment(lines[node.lineno :]))
            rows.append(f"### `{node.name}`")
            rows.append(fence(equation, "text") if equation else ast.get_docstring(node) or "")
    if rows:
        yield "## Patterns"
        yield from rows


def _comment(lines: list[str]) -> Iterator[str]:
    """The comment that a class begins with."""
    for line in lines:
        if (match := _COMMENT.match(line)) is None:
            return
        yield match[1]


def pass_index() -> str:
    """The page that lists the passes."""
    rows = [
        (f"[{name}]({name}.md)", summary(FORGE_UNIVERSE.all_passes[name]()))
        for name in pass_names()
    ]
    return (
        "# Passes\n\nA pass is named on the command line with its options: "
        "`forge-opt -p 'fold-constants,convert-to-reg{device=cpu}'`. "
        "[Pipelines](pipelines.md) has those that run by default.\n\n"
        + table(["pass", "what it does"], rows)
        + "\n"
    )


def pipelines_page() -> str:
    """The page of the default pipelines."""
    pipelines = dict(_pipelines())
    specs = {title: _specs(pipeline) for title, pipeline in pipelines.items()}
    rows = [
        (f"[{step[0]}]({step[0]}.md)", *(_cell(spec.get(step)) for spec in specs.values()))
        for step in _merged(specs.values())
    ]
    parts = [
        "# Default pipelines",
        "What `forge.compile` and `forge compile` run when they are given no passes, in order. "
        "`forge-opt --dump-pipeline` prints a pipeline; `--aggressiveness` leaves fusions out.",
        table(["pass", *specs], rows),
        "As `forge-opt -p` takes them:",
    ]
    for title, pipeline in pipelines.items():
        parts += [f"## {title}", fence(pipeline, "text")]
    return "\n\n".join(parts) + "\n"


def _pipelines() -> Iterator[tuple[str, str]]:
    yield "CPU", default_pipeline("CPU")
    yield "GPU", default_pipeline("GPU")
    yield "host", default_pipeline("host")
    for platform in (name.upper() for name in target_names() if name.startswith("npu")):
        yield platform, default_pipeline("NPU", platform=platform)
    yield "no fusions", default_pipeline("CPU", 0.0)


Step = tuple[str, int]
"""A pass, and how often it ran before in the same pipeline."""


def _specs(pipeline: str) -> dict[Step, str]:
    """The passes of a pipeline, with the options of each as text."""
    counts: Counter[str] = Counter()
    specs: dict[Step, str] = {}
    for name, options in re.findall(r"([a-z][a-z0-9-]*)(?:\{([^}]*)\})?(?:,|$)", pipeline):
        specs[name, counts[name]] = options
        counts[name] += 1
    return specs


def _merged(orders: Iterable[Iterable[Step]]) -> list[Step]:
    """The steps of all orders in one that agrees with each."""
    merged: list[Step] = []
    for order in orders:
        place = 0
        for step in order:
            if step not in merged:
                merged.insert(place, step)
            place = merged.index(step) + 1
    return merged


def _cell(options: str | None) -> str:
    if options is None:
        return ""
    return code(options) if options else "yes"
