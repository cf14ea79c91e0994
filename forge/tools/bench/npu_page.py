"""The tables of `forge bench npu`, and the part of a page that it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp, log

from forge.tools.bench.grid import Grid
from forge.tools.bench.npu_results import Comparison, Figures, Outcome, Results

_NONE = "–"
_LONG = 200
_MARK = "<!-- From here on, forge bench npu --markdown writes this page. -->"
_EXPLANATION = """\
## Predictions for models

This is what one command wrote:

    {command}

Every figure is predicted by Intel's NPU compiler; nothing was measured on silicon. Both sides have
the same inputs and outputs, static shapes, weights in f16, and the better of the compiler's
optimization levels 1 to 3. Level 1 gives what level 2 gives, to the digit, wherever it was tried,
and level 3 something else on `NPU4000` alone: so only there is more than one compiled.

- **OpenVINO** is its own conversion: `torch.export`, `ov.convert_model`, `reshape`. Where the
  compiler does not take that, a star (*) marks the same conversion with boolean masks of attention
  replaced by floats, if that is taken. **Forge** is the default pipeline of the platform, and its
  table of strategies: **by table** is how many layers the compiler then splits just as that says.
- Input **1 after 511** is a step of generation with a cache: `forge compile MODEL --cache 511`.
- Means are geometric; those of the column `without *` leave rows with a star out.
- Latencies and ratios are **without the embedding** unless a column says otherwise; a **ratio**
  below 1 is in Forge's favour.
- The **bound** is what the bytes of weights, inputs and outputs take at the platform's bandwidth,
  or the work of the matrix engines in Forge's schedule, whichever is longer.
- A decoder's last product costs nothing by the compiler's model where its result is f32. It is then
  compiled with a result in f16 as well, for either side, and the slower of the two is shown.
- **Uncharged** nodes have work on the vector processors that the compiler's model has no cost for.
  A side with more of them is slower than it looks.
- **Energy** is an estimate in relative units: milliseconds of one matrix engine at its full power,
  from the busy times of all engines. It is good for comparing the two sides of a row.
"""
_MODEL = ("model", "input", "NPU")


def tables(results: Results) -> list[Grid]:
    """All tables that have a row."""
    found = results.comparisons()
    grids = [_means(found), _latencies(found), _engines(found), _energy(found), _failures(results)]
    return [grid for grid in grids if grid.rows]


def geometric_mean(ratios: Sequence[float]) -> float:
    """The mean of ratios, of which there is at least one."""
    return exp(sum(map(log, ratios)) / len(ratios))


def _means(found: Sequence[Comparison]) -> Grid:
    platforms = list(dict.fromkeys(each.forge.platform for each in found))
    groups = {name: [each for each in found if each.forge.platform == name] for name in platforms}
    rows = [_mean_row(name, group) for name, group in (groups | {"all": found}).items() if group]
    compiled = ("programs", "Forge compiles", "OpenVINO compiles")
    columns = (*compiled, "mean ratio", "without *", "worst ratio")
    return Grid("Geometric means", ("NPU", *columns), rows, names=1)


def _mean_row(name: str, group: Sequence[Comparison]) -> list[str]:
    own = [each for each in group if not each.is_marked]
    ratios, own_ratios = (
        [each.ratio for each in those if each.ratio is not None] for those in (group, own)
    )
    compiled = sum(each.forge.figures is not None for each in group)
    by_openvino = sum(bool(each.other and each.other.figures) for each in own)
    means = [f"{geometric_mean(those):.2f}" if those else _NONE for those in (ratios, own_ratios)]
    worst = f"{max(ratios):.2f}" if ratios else _NONE
    return [name, *map(str, (len(group), compiled, by_openvino)), *means, worst]


def _latencies(found: Sequence[Comparison]) -> Grid:
    rows = [
        [
            *_names(each.forge),
            *(_microseconds(each, "without_embedding", "latency")),
            *(_ratio(each.ratio), _ratio(each.ratio_with_embedding)),
            *_bound(each.forge),
        ]
        for each in found
    ]
    columns = ("OpenVINO µs", "Forge µs", "OpenVINO + embedding", "Forge + embedding")
    rest = ("ratio", "ratio + embedding", "bound µs", "Forge / bound")
    return Grid("Predicted latency", (*_MODEL, *columns, *rest), rows, names=3)


def _microseconds(each: Comparison, *names: str) -> Iterator[str]:
    mark = "*" if each.is_marked else ""
    for name in names:
        for outcome, sign in ((each.other, mark), (each.forge, "")):
            figures = outcome and outcome.figures
            yield f"{getattr(figures, name):,.0f}{sign}" if figures else "fails"


def _bound(outcome: Outcome) -> tuple[str, str]:
    if (figures := outcome.figures) is None:
        return _NONE, _NONE
    bound = outcome.traffic.bound_us(outcome.platform, figures.dpu)
    return f"{bound:,.0f}", f"{figures.without_embedding / bound:.2f}"


def _engines(found: Sequence[Comparison]) -> Grid:
    rows = [
        [*_names(each), each.side, *_work(figures)]
        for comparison in found
        for each in (comparison.other, comparison.forge)
        if each is not None and (figures := each.figures) is not None
    ]
    busy = ("DMA", "DPU", "SHAVE", "uncharged")
    columns = ("side", "level", "by table", *busy, "blob MB", "compile s")
    return Grid("Busy engines, of the whole latency", (*_MODEL, *columns), rows, names=4)


def _work(figures: Figures) -> Iterator[str]:
    yield str(figures.level)
    yield str(figures.strategies)
    for busy in (figures.dma, figures.dpu, figures.shave):
        yield f"{100 * busy / figures.latency:.0f} %"
    yield str(figures.uncharged)
    yield f"{figures.blob_bytes / 1e6:.0f}"
    yield f"{figures.compile_seconds:.0f}"


def _energy(found: Sequence[Comparison]) -> Grid:
    rows: list[list[str]] = []
    for each in found:
        if (figures := each.forge.figures) is None:
            continue
        energy = figures.energy
        parts = (energy.dma, energy.dpu, energy.shave)
        other = each.other.figures if each.other else None
        rows.append(
            [
                *_names(each.forge),
                f"{other.energy.total / 1e3:.2f}" if other else _NONE,
                f"{energy.total / 1e3:.2f}",
                _ratio(each.energy_ratio),
                *(f"{100 * part / energy.total:.0f} %" for part in parts),
            ]
        )
    columns = ("OpenVINO", "Forge", "ratio", "of it DMA", "DPU", "SHAVE")
    return Grid("Estimated energy, in relative units", (*_MODEL, *columns), rows, names=3)


def _failures(results: Results) -> Grid:
    platforms: dict[tuple[str, ...], list[str]] = {}
    for each in results.outcomes:
        if each.failure:
            model, input, platform = _names(each)
            key = (model, input, each.side, _essence(each.failure))
            platforms.setdefault(key, []).append(platform)
    rows = [[*key[:2], ", ".join(names), *key[2:]] for key, names in platforms.items()]
    return Grid("What does not compile", (*_MODEL, "side", "why"), rows, names=5)


def _essence(failure: str) -> str:
    """The compiler's words about the pass that failed, or whatever else was said first."""
    lines = failure.splitlines()
    line = next((line for line in lines[1:] if line.strip()), lines[0])
    text = line.strip().replace("|", "\\|")
    return text if len(text) <= _LONG else f"{text[:_LONG]} …"


def _names(outcome: Outcome) -> tuple[str, str, str]:
    case = outcome.case
    cut = f" ({case.layers} layers)" if case.layers else ""
    return f"{case.model}{cut}", case.input, outcome.platform


def _ratio(ratio: float | None) -> str:
    return _NONE if ratio is None else f"{ratio:.3f}"


def document(results: Results, versions: Mapping[str, str], command: str, page: str = "") -> str:
    """A page with all tables, behind what it says already.

    Args:
        page: its text; what a benchmark wrote there before is replaced.
    """
    parts = [f"{page.partition(_MARK)[0]}{_MARK}\n\n{_EXPLANATION.format(command=command)}"]
    parts += [table.to_markdown() for table in tables(results)]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    parts.append(f"Versions: {named}.\n")
    return "\n".join(parts)
