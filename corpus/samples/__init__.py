"""The bundled sample articles: policy texts written for docsearch, true in their facts, free to copy.

They make the first run worth looking at, and the tests have real prose to search. Each is of another
form: news with a dateline, numbered brief, act, rules, questions and answers, tables, hard-wrapped
text; one is in Spanish and one in German. They are UTF-8, Markdown (`.md`) or plain text (`.txt`).
"""

from __future__ import annotations

from importlib.resources import files as package_files
from importlib.resources.abc import Traversable

__all__ = ["files"]

_ENDINGS = (".md", ".txt")


def files() -> list[Traversable]:
    """The articles, sorted by name. Each has `name`, `read_bytes()` and `read_text("utf-8")`.

    They need not be files on disk (the package may be imported from an archive): read them through
    these methods, or ask `importlib.resources.as_file` for a path.

    >>> [article.name for article in files()][:2]
    ['agua-potable.md', 'anti-money-laundering.md']
    """
    here = package_files(__name__).iterdir()
    return sorted((entry for entry in here if entry.name.endswith(_ENDINGS)), key=lambda entry: entry.name)
