"""The bundled articles as an index, so that the first query has something to answer from."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from ..errors import DocsearchError, IndexProblem
from ..index.manifest import FORMAT
from ..index.staleness import last_moment
from ..index.storage import FolderStorage, MemoryStorage, Storage
from .facade import Index

if TYPE_CHECKING:
    from ..index.reports import Status

__all__ = ["open_samples"]

_ARTICLES = Path(__file__).parent.parent / "corpus" / "samples"


def open_samples() -> Index:
    """An index of the bundled articles: built once into the user's cache folder, under this program's
    version; in memory when that folder cannot be written."""
    storage = FolderStorage(_cache_folder())
    try:
        index = Index(storage)
        if _is_of_these(index.status()):
            return index
    except DocsearchError:
        pass  # a cache is nobody's only copy: whatever is wrong with it, the articles can be read again
    try:
        return _build(storage)
    except IndexProblem:
        return _build(MemoryStorage())


def _is_of_these(status: Status) -> bool:
    """Whether the index holds the articles as they were installed last."""
    newest = max(article.stat().st_mtime for article in _ARTICLES.iterdir())
    return not status.incomplete and newest <= last_moment(status.updated)


def _build(storage: Storage) -> Index:
    from ..index.update import update  # only when the articles must be read

    update(storage, [_ARTICLES], rebuild=True, allow_removals=True, workers=1)
    return Index(storage)


def _cache_folder() -> Path:
    try:
        release = version("policy-docsearch")
    except PackageNotFoundError:
        release = "source"
    base = os.environ.get("DOCSEARCH_CACHE") or user_cache_path("docsearch")
    return Path(base) / f"samples-{release}-format{FORMAT}"
