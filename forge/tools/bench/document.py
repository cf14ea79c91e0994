"""The page that `forge bench passes --markdown` writes."""

from __future__ import annotations

from dataclasses import astuple

from forge.tools.bench.results import Results
from forge.tools.bench.tables import tables

_EXPLANATION = """\
# What the passes recognise

Models of the zoo with their published configurations, exported with the attention code that
transformers writes out (`eager`) and with PyTorch's one operator (`sdpa`), before and after the
passes that work on the levels `aten` and `transformer`.

{summary}

This page is what one command wrote:

    {command}

- **Present** blocks are counted in the model's tree of modules, by the submodules that they own;
  **recognised** ones are single operations of the program after the passes. Queries and keys are
  rotated apart, so an attention has two rotary embeddings. Norms include those of queries and keys.
- **FX calls** are the nodes of the exported graph that call something, which is what the paper
  counts. **Before** and **after** are operations of Forge's program that run at every call.
  Weights and constants are not among them, nor is what no input reaches, such as tables of angles
  and slices of fused weights: that is computed once, **at load**.
- **FGR** is the paper's fusion gain ratio: the operations that remain when nothing is fused
  (aggressiveness 0) over those that remain when everything is (1).
- Times are those of the fastest of several runs, after the **first**, which imports the passes and
  fills their caches. No weight is in memory for them, whatever the model: the **peak** is that of
  the whole process, {base}.
- **Differences** are between the program compiled for the CPU and eager PyTorch, in f32, at full
  width, with random weights (MiniLM's are the trained ones). Large models are cut to the layers
  that fit.
"""


def document(results: Results, command: str) -> str:
    """All tables, with what their columns mean."""
    explanation = _EXPLANATION.format(
        command=command, base=_base(results), summary=_summary(results)
    )
    parts = [explanation, *(table.to_markdown() for table in tables(results))]
    if results.failures:
        failures = "\n".join(f"- {failure}" for failure in results.failures)
        parts.append(f"## What failed\n\n{failures}\n")
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    parts.append(f"Versions: {versions}.\n")
    return "\n".join(parts)


def _summary(results: Results) -> str:
    found = results.recognitions
    seen = sum(sum(astuple(each.recognised)) for each in found)
    there = sum(sum(astuple(each.present)) for each in found)
    complete = sum(each.complete for each in found)
    return (
        f"**Of {there} blocks, {seen} are recognised; {complete} of {len(found)} programs are "
        "recognised completely.**"
    )


def _base(results: Results) -> str:
    known = [each.base_memory for each in results.recognitions if each.base_memory is not None]
    if not known:
        return "the libraries that it imports included"
    return f"of which the libraries that it imports take {min(known) / 1e6:.0f} MB"
