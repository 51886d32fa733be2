"""The documents of the hits, a path in each line, for `xargs` and the like."""

from __future__ import annotations

from collections.abc import Mapping

from ...index.root import file_of
from ...search.results import Hit
from ..source import found_below
from .page import Page
from .safe import escape

__all__ = ["render"]


def render(page: Page, roots: Mapping[str, str]) -> str:
    """Each document once, in the order of its best hit: the absolute path of its file, or its key where
    the text did not come from a file.

    roots: absolute path of each root by name.
    """
    paths = dict.fromkeys(_path(hit, roots) for hit in page.results)
    return "".join(f"{escape(path)}\n" for path in paths)


def _path(hit: Hit, roots: Mapping[str, str]) -> str:
    root = roots.get(hit.root)
    if not hit.root or root is None:
        return hit.key
    return found_below(root, hit.path) or file_of(root, hit.path)
