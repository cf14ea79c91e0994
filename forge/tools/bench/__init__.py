"""Measure Forge on the models of the zoo. Each benchmark is a module of its own name here."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter

from forge.tools.bench import npu, passes, registers, weights

SUMMARY = "measure the compiler on the models of the zoo"

_BENCHMARKS = {"npu": npu, "passes": passes, "registers": registers, "weights": weights}


def add_arguments(parser: ArgumentParser) -> None:
    """Add a subcommand for each benchmark."""
    benchmarks = parser.add_subparsers(dest="benchmark", metavar="BENCHMARK", required=True)
    for name, module in _BENCHMARKS.items():
        benchmark = benchmarks.add_parser(
            name,
            help=module.SUMMARY,
            description=module.__doc__,
            formatter_class=RawDescriptionHelpFormatter,
        )
        module.add_arguments(benchmark)
        benchmark.set_defaults(run_benchmark=module.run)


def run(args: Namespace) -> int | None:
    """Run the benchmark that the command line names."""
    return args.run_benchmark(args)
