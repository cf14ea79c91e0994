"""`forge-opt --list-passes`: what passes there are, what they do, what options they take."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.table import Table
from xdsl.passes import ModulePass, get_pass_option_infos

from forge.tools.terminal import stdout_console
from forge.universe import FORGE_UNIVERSE


def print_passes(passes: Mapping[str, Callable[[], type[ModulePass]]]) -> None:
    """Print a table of Forge's passes, and the names of those that other packages bring."""
    table = Table(title="passes of Forge", title_justify="left")
    table.add_column("pass", no_wrap=True)
    table.add_column("what it does")
    table.add_column("options", overflow="fold")
    own = [name for name in sorted(passes) if name in FORGE_UNIVERSE.all_passes]
    others = [name for name in sorted(passes) if name not in FORGE_UNIVERSE.all_passes]
    for name in own:
        pass_class = passes[name]()
        table.add_row(name, _summary(pass_class), _options(pass_class))
    console = stdout_console()
    console.print(table)
    console.print(f"{len(others)} passes of xDSL and other packages: {', '.join(others)}")


def _summary(pass_class: type[ModulePass]) -> str:
    """The first sentence of the pass's documentation."""
    paragraph = (pass_class.__doc__ or "").strip().partition("\n\n")[0]
    return " ".join(paragraph.split()).replace("`", "")


def _options(pass_class: type[ModulePass]) -> str:
    return "\n".join(
        option.name.replace("_", "-") + (f"={option.default_value}" if option.default_value else "")
        for option in get_pass_option_infos(pass_class)
    )
