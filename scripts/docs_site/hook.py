"""What mkdocs asks while it builds the site: pages that are made of the code, and the navigation.

Nothing of it is committed, so nothing of it can be stale.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.docs_site.dialect_pages import dialect_names, dialect_page  # noqa: E402
from scripts.docs_site.error_messages import message_tables  # noqa: E402
from scripts.docs_site.mlir_lexer import register  # noqa: E402
from scripts.docs_site.pass_pages import (  # noqa: E402
    pass_index,
    pass_names,
    pass_page,
    pipelines_page,
)
from scripts.docs_site.support_page import support_page  # noqa: E402

register()

_DEVELOPMENT = ("architecture.md", "contributing.md", "bytecode.md", "npu-compiler.md")
_FIRST = ("tutorial.md", "forge-opt.md", "debugging.md", "testing.md", "extending.md")
_REFERENCE = ("errors.md",)
_REPOSITORY_PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md"}
"""Files outside of docs/ that are pages of the site."""
_LINK = re.compile(
    r"(?<!!)\[(?P<label>[^\]]+)\]\((?P<path>(?!\w+:|#)[^)#\s]+)(?P<anchor>#[^)]*)?\)"
)
_MESSAGES = "<!-- every message, from the code -->"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Order the pages; a new one in docs/ is a guide."""
    written = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    guides = [page for page in written if page not in (*_FIRST, *_REFERENCE, *_DEVELOPMENT)]
    dialects = [f"reference/dialects/{name}.md" for name in dialect_names()]
    passes = [f"reference/passes/{name}.md" for name in ("index", "pipelines", *pass_names())]
    reference: list[Any] = ["reference/support.md", *_REFERENCE]
    config.nav = [
        {"Overview": "index.md"},
        {"Guides": [*_FIRST, *guides]},
        {"Reference": [*reference, {"Dialects": dialects}, {"Passes": passes}]},
        {"Development": list(_DEVELOPMENT)},
    ]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made of the code, and the repository's own."""
    for path, content in _made_pages().items():
        files.append(File.generated(config, path, content=content))
    for name, page in _REPOSITORY_PAGES.items():
        text = (ROOT / name).read_text()
        files.append(File.generated(config, page, content=_with_links(text, ROOT, page)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Let links between files of the repository lead to pages."""
    if page.file.generated_by is not None:
        return markdown
    if page.file.src_uri in _REFERENCE:
        markdown = markdown.replace(_MESSAGES, message_tables())
    return _with_links(markdown, ROOT / "docs", page.file.src_uri)


@cache
def _made_pages() -> Mapping[str, str]:
    pages = {f"reference/dialects/{name}.md": dialect_page(name) for name in dialect_names()}
    pages |= {f"reference/passes/{name}.md": pass_page(name) for name in pass_names()}
    pages["reference/passes/index.md"] = pass_index()
    pages["reference/passes/pipelines.md"] = pipelines_page()
    pages["reference/support.md"] = support_page()
    return pages


def _with_links(markdown: str, folder: Path, page: str) -> str:
    """The text of a file in `folder`, with links as the site has them.

    What is in the repository and not on the site loses its link; what is nowhere keeps it, so that
    the build fails.
    """

    def replaced(link: re.Match[str]) -> str:
        target = (folder / link["path"]).resolve()
        if not target.exists():
            return link[0]
        name = str(target.relative_to(ROOT))
        if name not in _REPOSITORY_PAGES and not name.startswith("docs/"):
            return link["label"]
        path = _REPOSITORY_PAGES.get(name, name.removeprefix("docs/"))
        relative = os.path.relpath(path, Path(page).parent)
        return f"[{link['label']}]({relative}{link['anchor'] or ''})"

    return _LINK.sub(replaced, markdown)
