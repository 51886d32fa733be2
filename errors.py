"""Every error that docsearch raises on purpose.

```
DocsearchError
├── CorpusError                a source could not be read as a document
│   ├── SourceMissing          a file or folder that was named is not there
│   ├── Unreadable             it is there, but its bytes are not text we can read
│   └── Unsupported            no reader is registered for its media type
├── IndexProblem               something is wrong with an index
│   ├── IndexMissing           no index stands at the path
│   ├── IndexLocked            another process is writing
│   ├── IndexIncompatible      written by another format version or analyser
│   ├── IndexCorrupt           a file of the index is not what its manifest says
│   └── RemovalsRefused        an update would remove more than the safety limit allows
└── QueryError
    ├── QuerySyntax            a query that cannot be read even leniently
    ├── QueryTooCostly         a query beyond the limits
    └── CitationUnresolved     a citation that is malformed or points at nothing
```

Each carries what was found and the next step to take. Errors of the libraries beneath are
translated where they arise and never leak.
"""

from __future__ import annotations

__all__ = [
    "CitationUnresolved",
    "CorpusError",
    "DocsearchError",
    "IndexCorrupt",
    "IndexIncompatible",
    "IndexLocked",
    "IndexMissing",
    "IndexProblem",
    "QueryError",
    "QuerySyntax",
    "QueryTooCostly",
    "RemovalsRefused",
    "SourceMissing",
    "Unreadable",
    "Unsupported",
]


class DocsearchError(Exception):
    """Root of all errors raised on purpose.

    Attributes:
        message: what was found, in one sentence without a final stop.
        hint: the next step to take, as a whole sentence; empty when there is none.
        path: the file, folder or document key concerned; empty when there is none.
        position: character offset (queries) or byte offset (files); None when there is none.
    """

    def __init__(self, message: str, *, hint: str = "", path: str = "", position: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path
        self.position = position

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        hint = f". {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint}"

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders on their way back from reading workers.
        return (_rebuild, (type(self), self.message, self.hint, self.path, self.position))


def _rebuild(
    kind: type[DocsearchError], message: str, hint: str, path: str, position: int | None
) -> DocsearchError:
    return kind(message, hint=hint, path=path, position=position)


class CorpusError(DocsearchError):
    """A source could not be read as a document."""


class SourceMissing(CorpusError):
    """A file or folder that was named is not there."""


class Unreadable(CorpusError):
    """The bytes are there, but they are not text that we can read."""


class Unsupported(CorpusError):
    """No reader is registered for the media type."""


class IndexProblem(DocsearchError):
    """Something is wrong with an index, or stands in the way of using it."""


class IndexMissing(IndexProblem):
    """No index stands at the path."""


class IndexLocked(IndexProblem):
    """Another process is writing to the index."""


class IndexIncompatible(IndexProblem):
    """The index was written by another format version or with another analyser."""


class IndexCorrupt(IndexProblem):
    """A file of the index is not what its manifest says it is."""


class RemovalsRefused(IndexProblem):
    """An update would remove more documents than the safety limit allows."""


class QueryError(DocsearchError):
    """A query or citation cannot be answered."""


class QuerySyntax(QueryError):
    """A query that cannot be read even leniently; `position` is its column from 0."""


class QueryTooCostly(QueryError):
    """A query beyond the limits that protect the machine."""


class CitationUnresolved(QueryError):
    """A citation that is malformed, or that points at nothing in this index."""
