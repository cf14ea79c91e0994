"""Take GPT-2 (124M, real size) and a pretrained sentence encoder from PyTorch to OpenVINO, and the
former to kernels of PyTorch alone, show how long each step takes, that the numbers are right, and
what the programs look like on the way.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from forge.files import check_can_be_made, make_directory, write_text
from forge.ir.text import print_module
from forge.tools.arguments import at_least
from forge.tools.comparison import Difference, compare
from forge.tools.excerpt import excerpt
from forge.tools.latency import Latency, measure
from forge.tools.model_arguments import progress
from forge.tools.models import readable_count
from forge.tools.phase_table import phase_table
from forge.tools.runnable import Runnable, compiled_model
from forge.tools.running import USER_ERROR
from forge.tools.sentences import cosine_similarities, similarity_table
from forge.tools.terminal import stdout_console

if TYPE_CHECKING:
    from forge.program import Program
    from forge.zoo import ZooModel

SUMMARY = "compile and run GPT-2 and MiniLM, and show every step"

Array = NDArray[Any]

# The accuracy that the paper behind Forge publishes for its models: how far the outputs may be
# from eager f32, and the distributions of the next token in nats.
MAX_ABS_DIFFERENCE = 2.1e-5
MAX_KL_DIVERGENCE = 8.4e-9

_TIMED_RUNS = 5
_EXCERPT_MODULE = "h.0.mlp"
_EXCERPT_LINES = 8


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of `forge demo`."""
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        default="out",
        help="where to save the texts (default: out)",
    )
    parser.add_argument(
        "--layers", type=at_least(1), metavar="N", help="only the first N layers of each model"
    )
    parser.add_argument(
        "--tokens", type=at_least(1), default=128, metavar="N", help="length of the inputs"
    )


def run(args: Namespace) -> int:
    """Run the demonstration.

    Returns:
        0 if all numbers are right, else 1.

    Raises:
        ForgeError: the directory cannot be written, or a package that a model needs is missing.
    """
    folder = Path(args.output)
    check_can_be_made(folder)
    right = _show_gpt2(args, folder / "gpt2")
    right &= _show_minilm(args, folder / "minilm")
    _show_what_next(folder)
    return 0 if right else USER_ERROR


def _show_gpt2(args: Namespace, folder: Path) -> bool:
    model, runnable = _compile("gpt2", args)
    _show_compilation(model, runnable)
    with progress("running GPT-2 in OpenVINO"):
        difference = _difference(runnable, runnable.defaults, logits=True)
    right = _show_numbers(difference)
    console = stdout_console()
    console.print("\nThe same with device=host, on kernels of PyTorch, without OpenVINO:\n")
    with progress("compiling and running GPT-2 on the host"):
        host = compiled_model(model, device="host", precision="f32", pipeline=None)
        difference = _difference(host, host.defaults, logits=True)
    console.print(phase_table(_program(host).report))
    right &= _show_numbers(difference)
    with progress("timing GPT-2"):
        latencies = _latencies(runnable, host)
    console.print()
    for name, latency in latencies.items():
        console.print(f"  {name:18} {latency.statistics()['median']:8.1f} ms a run")
    console.print(f"\nThe first layer's MLP ({_EXCERPT_MODULE}) at each level:\n")
    for level, module in _program(runnable).ir.items():
        console.print(level, style="bold")
        console.print(excerpt(module, _EXCERPT_MODULE, _EXCERPT_LINES, console.width))
        console.print()
    _save_texts(runnable, folder)
    return right


def _latencies(runnable: Runnable, host: Runnable) -> dict[str, Latency]:
    assert runnable.eager is not None, "a model of the zoo runs in PyTorch"
    eager = runnable.eager
    return {
        "Forge on OpenVINO": measure(lambda: runnable.run(runnable.defaults), _TIMED_RUNS),
        "Forge on the host": measure(lambda: host.run(host.defaults), _TIMED_RUNS),
        "PyTorch eager": measure(lambda: eager(runnable.defaults), _TIMED_RUNS),
    }


def _show_minilm(args: Namespace, folder: Path) -> bool:
    from forge.zoo.sentences import EXAMPLE_SENTENCES

    model, runnable = _compile("minilm", args)
    assert model.tokenizer is not None
    _show_compilation(model, runnable)
    with progress("running MiniLM"):
        differences = [
            _difference(runnable, model.tokenizer.encode(sentence, args.tokens), logits=False)
            for sentence in EXAMPLE_SENTENCES
        ]
        similarities = cosine_similarities(
            runnable.run, model.tokenizer, EXAMPLE_SENTENCES, args.tokens
        )
    right = _show_numbers(max(differences, key=lambda difference: difference.max_abs))
    stdout_console().print()
    stdout_console().print(similarity_table(EXAMPLE_SENTENCES, similarities))
    _save_texts(runnable, folder)
    _program(runnable).save(folder / "program")
    return right


def _compile(name: str, args: Namespace) -> tuple[ZooModel, Runnable]:
    from forge.recording import observe_phases
    from forge.zoo import build

    with progress(f"building {name}") as status:
        model = build(name, layers=args.layers, tokens=args.tokens)
        with observe_phases(lambda phase: status.update(f"compiling {name}: {phase} …")):
            return model, compiled_model(
                model, device="CPU", precision="f32", pipeline=None, keep_ir=True
            )


def _program(runnable: Runnable) -> Program:
    assert runnable.program is not None, "what is compiled has a program"
    return runnable.program


def _show_compilation(model: ZooModel, runnable: Runnable) -> None:
    console = stdout_console()
    layers = f"{model.layers} layers" if model.layers else "a model"
    console.print(
        Rule(Text(f"{model.name}, {readable_count(model.parameters)} parameters", "bold"))
    )
    console.print(f"{model.description}; {layers}, input {runnable.inputs[0].type}\n")
    console.print(phase_table(_program(runnable).report))


def _difference(runnable: Runnable, inputs: Sequence[Array], *, logits: bool) -> Difference:
    assert runnable.eager is not None, "a model of the zoo runs in PyTorch"
    expected, actual = runnable.eager(inputs), runnable.run(inputs)
    return compare(expected, actual, runnable.outputs, logits=logits)[0]


def _show_numbers(difference: Difference) -> bool:
    """Print how far the outputs are from PyTorch's, and whether that is near enough."""
    checks = [("max absolute difference to PyTorch", difference.max_abs, MAX_ABS_DIFFERENCE)]
    if (kl := difference.kl_divergence) is not None:
        # It is never negative; in f64 its own rounding is near 1e-16.
        checks.append(("KL divergence of the next token", abs(kl), MAX_KL_DIVERGENCE))
    table = Table.grid(padding=(0, 2))
    for name, value, limit in checks:
        verdict = Text("✓", "green") if value <= limit else Text("✗", "red")
        table.add_row(verdict, name, f"{value:.2e}", f"(at most {limit:.1e})")
    stdout_console().print()
    stdout_console().print(table)
    return all(value <= limit for _, value, limit in checks)


def _save_texts(runnable: Runnable, folder: Path) -> None:
    make_directory(folder)
    for level, module in _program(runnable).ir.items():
        write_text(folder / f"{level}.mlir", print_module(module))


def _show_what_next(folder: Path) -> None:
    gpt2, minilm = folder / "gpt2", folder / "minilm"
    commands = {
        f"forge-opt {gpt2}/aten.mlir -p fuse-activation --explain -o {gpt2}/mine.mlir": (
            "run a pass; say what fired where"
        ),
        f'forge-opt {gpt2}/aten.mlir -p "$(forge-opt --dump-pipeline)" -o {gpt2}/mine.mlir': (
            "the whole way to reg"
        ),
        f"forge-opt {minilm}/transformer.mlir --run": "run a text, with random weights",
        f"forge run {minilm}/program": "run the compiled program; starts without torch",
        'forge run minilm --text "A cat sat." "A kitten lay."': "compare sentences of your own",
    }
    console = stdout_console()
    console.print(Rule(Text("how to go on", "bold")))
    texts = ", ".join(f"{level}.mlir" for level in ("aten", "transformer", "reg"))
    console.print(
        f"The programs are in {gpt2}/ and {minilm}/: {texts}. Read them, edit them, and:\n"
    )
    for command, purpose in commands.items():
        console.print(f"  # {purpose}", style="dim")
        console.print(f"  {command}", soft_wrap=True)
