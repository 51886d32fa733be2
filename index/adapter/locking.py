"""Errors of docsearch that are Whoosh's too, so that programs which catch these go on working."""

# mypy: allow-subclassing-any

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from whoosh.index import EmptyIndexError, LockError
from whoosh.writing import IndexingError

from ...errors import IndexLocked, IndexMissing, IndexProblem
from ..storage import Storage

__all__ = ["WhooshIndexLocked", "WhooshIndexMissing", "WriterClosed", "hold", "locked_for_whoosh"]


class WhooshIndexMissing(IndexMissing, EmptyIndexError):
    """No index stands at the path."""


class WhooshIndexLocked(IndexLocked, LockError):
    """Another writer holds the index."""


class WriterClosed(IndexProblem, IndexingError):
    """The writer has committed or cancelled already."""


@contextmanager
def locked_for_whoosh() -> Iterator[None]:
    """Let programs that wait for Whoosh's LockError have it."""
    try:
        yield
    except IndexLocked as error:
        raise WhooshIndexLocked(error.message, hint=error.hint, path=error.path) from error


def hold(stack: ExitStack, storage: Storage, wait: float) -> None:
    """Take the lock of the index until the stack is closed; WhooshIndexLocked when `wait` seconds have
    passed."""
    with locked_for_whoosh():
        stack.enter_context(storage.writing(wait))
