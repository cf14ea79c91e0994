"""Packages that look installed, for tests of entry points."""

from pathlib import Path


def install(folder: Path, name: str, group: str, entry_point: str, module: str) -> None:
    """Make a package that Python finds once `folder` is on its path.

    Args:
        folder: where packages are.
        name: the package's, with underscores; it is also that of its one module.
        group: the group of its entry point.
        entry_point: `name = module:attribute`.
        module: the module's text.
    """
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n"
    )
    (metadata / "entry_points.txt").write_text(f"[{group}]\n{entry_point}\n")
    (folder / f"{name}.py").write_text(module)
