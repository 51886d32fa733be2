"""The catalog: every source that the index knows, with what it gave and what could not be read of it.

Queries never open it. It is rewritten whole at each commit (some 100 bytes a source).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..corpus.model import Gap, Source
from ..errors import IndexCorrupt
from .container import Container, pack

__all__ = [
    "SourceRow",
    "read_catalog",
    "read_passages",
    "read_renames",
    "row_from_json",
    "row_to_json",
    "write_catalog",
]

KIND = "catalog"
_LIMIT = 1 << 31
_RATIO = 100
"""Rows hold hashes and keys, and so unpack to some few times their bytes: more than this is a bomb."""


class SourceRow(NamedTuple):
    """A file or record that the index knows. (A tuple for the same reason as `Source`.)

    documents: keys of the documents that it gave; empty when nothing of it could be read.
    tried: by what a source with gaps was read (see `tried`); empty where nothing but the source matters.
    """

    source: Source
    documents: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()
    tried: str = ""


def row_to_json(row: SourceRow) -> list[object]:
    source = row.source
    fields: list[object] = [
        source.key,
        source.root,
        source.path,
        source.size,
        source.mtime_ns,
        source.sha256.hex(),
        # Most sources give one document under their own key.
        1 if row.documents == (source.key,) else list(row.documents),
        [[gap.key, gap.reason, gap.part] for gap in row.gaps],
    ]
    return [*fields, row.tried] if row.tried else fields


def row_from_json(value: list[object]) -> SourceRow:
    """ValueError or TypeError when it is not what `row_to_json` gives."""
    key, root, path, size, mtime_ns, sha256, documents, gaps, *tried = value
    if len(tried) > 1 or not all(type(each) is str for each in tried):
        raise TypeError("by what a source was tried is one string")
    # Compared by identity, which is fast: there is one of these for every file of the index.
    if not (type(key) is type(root) is type(path) is str):
        raise TypeError("a source needs a key, a root and a path")
    if not (type(size) is type(mtime_ns) is int and type(sha256) is str):
        raise TypeError("a source needs a size, a time and a hash")
    if not isinstance(gaps, list):
        raise TypeError("gaps are a list")
    keys = (key,) if documents == 1 else tuple(str(k) for k in documents)  # type: ignore[attr-defined]
    return SourceRow(
        Source(key, root, path, size, mtime_ns, bytes.fromhex(sha256)),
        keys,
        tuple(Gap(str(k), str(reason), str(part)) for k, reason, part in gaps) if gaps else (),
        str(tried[0]) if tried else "",
    )


def write_catalog(
    rows: Iterable[SourceRow], renamed: Mapping[str, str], passages: int = 0
) -> Iterator[bytes | memoryview]:
    """renamed: new key by former key, for citations of documents that have moved. passages: how many live
    documents have no row (see `rows`)."""
    content = json.dumps(
        [row_to_json(row) for row in rows], ensure_ascii=True, separators=(",", ":")
    ).encode()
    meta = {"size": len(content), "renamed": dict(renamed), "passages": passages}
    return pack(KIND, {"rows": zlib.compress(content, 1)}, meta)


def read_renames(container: Container) -> dict[str, str]:
    """What `write_catalog` was given; reads no rows."""
    renamed = container.meta.get("renamed")
    return {str(old): str(new) for old, new in renamed.items()} if isinstance(renamed, dict) else {}


def read_passages(container: Container) -> int:
    """How many live documents have no row."""
    passages = container.meta.get("passages", 0)
    return passages if type(passages) is int and passages > 0 else 0


def read_catalog(container: Container) -> Mapping[str, SourceRow]:
    """Rows by source key, in the order in which they were written."""
    try:
        size = int(container.meta["size"])
        packed = container.blob("rows")
        if not 0 <= size < min(_LIMIT, _RATIO * len(packed) + (1 << 20)):
            raise ValueError("size")
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, size)
        if len(content) != size or not unpacker.eof:
            raise ValueError("length")
        rows = [row_from_json(value) for value in json.loads(content)]
    except (ValueError, TypeError, KeyError, OverflowError, zlib.error, RecursionError) as error:
        raise IndexCorrupt(
            "the list of sources cannot be read", path=container.name, hint="Run `docsearch index --rebuild`"
        ) from error
    return {row.source.key: row for row in rows}
