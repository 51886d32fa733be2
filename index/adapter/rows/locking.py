"""Errors of docsearch that are Whoosh's too, so that programs which catch these go on working."""

# mypy: allow-subclassing-any

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from whoosh.index import EmptyIndexError, LockError
from whoosh.writing import IndexingError

from ....errors import IndexLocked, IndexMissing, IndexProblem
from ...storage import Storage

__all__ = ["RowIndexLocked", "RowIndexMissing", "WriterClosed", "writing"]


class RowIndexMissing(IndexMissing, EmptyIndexError):
    """No index stands at the path."""


class RowIndexLocked(IndexLocked, LockError):
    """Another writer holds the index."""


class WriterClosed(IndexProblem, IndexingError):
    """The writer has committed or cancelled already."""


@contextmanager
def writing(storage: Storage, wait: float) -> Iterator[None]:
    """Hold the lock of the index; RowIndexLocked when `wait` seconds have passed."""
    try:
        held = storage.writing(wait)
        held.__enter__()
    except IndexLocked as error:
        raise RowIndexLocked(error.message, hint=error.hint, path=error.path) from error
    try:
        yield
    finally:
        held.__exit__(None, None, None)
