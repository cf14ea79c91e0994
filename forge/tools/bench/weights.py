"""Hold the weights of models in f16, i8 and i4, and compare the outputs with those of the weights
as they are, on OpenVINO's CPU in f32; beside them what Intel's NPU compiler predicts, for the NPUs
named by --platforms. No NPU is needed, and nothing runs on one: the latencies are predictions.
"""

from __future__ import annotations

import json
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from forge.backends.npu import PLATFORMS, NpuCompiler
from forge.backends.openvino.backend import compile_program, translate_program
from forge.compiler import default_pipeline, translated_for
from forge.errors import ForgeError
from forge.files import write_text
from forge.ir.text import make_context
from forge.passes import DEFAULT_PIPELINE
from forge.pipeline import build_pipeline, run_pipeline
from forge.recording import Recorder
from forge.source import load_source
from forge.tools.bench.options import (
    add_model_options,
    add_output_options,
    check_outputs,
    npu_platforms,
)
from forge.tools.bench.weights_page import Row, document, table
from forge.tools.comparison import compare
from forge.tools.model_arguments import progress
from forge.tools.terminal import stdout_console
from forge.zoo.catalogue import checked_depth, find_entry
from forge.zoo.entry import Kind

SUMMARY = "what compressed weights cost in accuracy, and what they save"

MODELS = ("minilm", "bert-base", "gpt2")
"""What is measured where no model is named."""

FORMS = {
    "f32": "",
    "f16": "type=f16",
    "i8": "type=i8",
    "i4": "type=i4",
    "i4, groups of 128": "type=i4 group_size=128",
}
"""The options of `compress-weights` by what the page calls them; none for weights as they are."""

_F16 = "compress-weights{type=f16}"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge bench weights`."""
    add_model_options(parser, ", ".join(MODELS))
    parser.add_argument(
        "--platforms",
        type=npu_platforms,
        default=(),
        metavar="NPU,…",
        help=f"predict latencies for these of {', '.join(PLATFORMS)} (default: none)",
    )
    add_output_options(parser)


def run(args: Namespace) -> None:
    """Measure, and print the table.

    Raises:
        ForgeError: there is no such model or platform, it cannot be cut so, there is no NPU
            compiler, or a file cannot be read or written.
    """
    check_outputs(args)
    rows: list[Row] = []
    with ExitStack() as stack:
        compiler = stack.enter_context(NpuCompiler()) if args.platforms else None
        status = stack.enter_context(progress("measuring"))
        for name in args.models or MODELS:
            for row in _measure(name, args.layers, args.tokens, args.platforms, compiler):
                rows.append(row)
                status.update(f"{row.model}, {row.form} …")
    stdout_console().print(table(rows).to_rich())
    if args.json is not None:
        write_text(args.json, json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    if args.markdown is not None:
        page = args.markdown.read_text() if args.markdown.is_file() else ""
        write_text(args.markdown, document(rows, _command(args), page))


def _measure(
    name: str,
    layers: int | None,
    tokens: int | None,
    platforms: Sequence[str],
    compiler: NpuCompiler | None,
) -> Iterator[Row]:
    from forge.importer import capture
    from forge.zoo import build

    entry = find_entry(name)
    layers = checked_depth(entry, layers)
    model = build(name, layers, tokens if entry.kind.reads_tokens else None)
    exported = capture(model.module, model.example_args)
    inputs = [tensor.numpy() for tensor in model.example_args]
    is_logits = entry.kind in (Kind.DECODER, Kind.CROSS_DECODER, Kind.IMAGE_CLASSIFIER)
    expected: Sequence[Any] | None = None
    for form, options in FORMS.items():
        outputs, weight_bytes, ports = _outputs(exported, options, inputs)
        if expected is None:
            expected = outputs
        difference = compare(expected, outputs, ports, logits=is_logits)[0]
        agreement = (
            float((expected[0].argmax(-1) == outputs[0].argmax(-1)).mean()) if is_logits else None
        )
        yield Row(
            name,
            layers,
            form,
            weight_bytes,
            difference.max_abs / difference.largest,
            difference.kl_divergence,
            agreement,
            {p: _predicted(exported, options, p, compiler) for p in platforms if options},
        )


def _outputs(
    exported: Any, options: str, inputs: Sequence[Any]
) -> tuple[list[Any], int, Sequence[Any]]:
    """What the program computes on the CPU, the bytes of its weights, and its outputs' names."""
    compress = f",compress-weights{{{options}}}" if options else ""
    loaded = load_source(exported, (), None, None, Recorder(False))
    passes = build_pipeline(f"{DEFAULT_PIPELINE},convert-to-reg{{device=cpu}}{compress}")
    runs = run_pipeline(loaded.module, passes, make_context())
    figures = runs[-1].rewrites.figures
    whole = sum(loaded.weights.array(name).nbytes for name in loaded.weights.names())
    saved = figures.get("bytes of weights before", 0) - figures.get("bytes of weights after", 0)
    translated = translate_program(loaded.module, loaded.weights)
    outputs = compile_program(translated, "CPU").executable.run(inputs)
    return outputs, whole - saved, translated.outputs


def _predicted(
    exported: Any, options: str, platform: str, compiler: NpuCompiler | None
) -> float | None:
    """The predicted latency without the embedding, in µs; `None` if the compiler refuses."""
    assert compiler is not None
    pipeline = default_pipeline("NPU", platform=platform)
    compressing = pipeline.replace(_F16, f"compress-weights{{{options}}}")
    model = translated_for(platform, exported, pipeline=compressing).single_model()
    try:
        schedule = compiler.compile(model, platform).schedule
    except ForgeError:
        return None
    return schedule.predicted_latency_without_embedding_us


def _command(args: Namespace) -> str:
    options: list[str] = []
    for name in ("layers", "tokens"):
        if (value := getattr(args, name)) is not None:
            options += [f"--{name}", str(value)]
    if args.platforms:
        options += ["--platforms", ",".join(args.platforms)]
    command = ["forge", "bench", "weights", *args.models, *options]
    return shlex.join([*command, "--markdown", str(args.markdown)])
