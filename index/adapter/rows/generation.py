"""The manifest of an index with a caller's schema: the file whose replacement is the commit.

The same file, the same self-check and the same rename as for docsearch's own indexes (`index/manifest.py`),
with the schema where these have roots and languages.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from whoosh.fields import Schema

from ....errors import IndexCorrupt, IndexIncompatible
from ...arrays import U32
from ...container import Container
from ...manifest import NAME, FileEntry, check_counts, check_file, read_manifest
from ...snapshot import DELETIONS, write_deletions
from ...storage import Storage
from ..locking import WhooshIndexMissing
from .fieldtypes import schema_from_plain
from .segment import RowSegment

__all__ = ["FORMAT", "Generation", "RowSnapshot", "SegmentEntry", "replace_manifest"]

FORMAT = "whoosh-1"
_HINT = "Restore the index from a copy, or build it again"
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment: its file, and the fields that were removed after it was written."""

    file: FileEntry
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation. created, updated: ISO 8601, UTC. schema: as `fieldtypes.schema_to_plain` gives it."""

    generation: int
    created: str
    updated: str
    schema: dict[str, Any]
    segments: tuple[SegmentEntry, ...]
    deletions: FileEntry | None

    def files(self) -> frozenset[str]:
        """Names of all files that this generation needs."""
        names = {entry.file.name for entry in self.segments}
        return frozenset(names | ({self.deletions.name} if self.deletions else set()))

    def to_bytes(self) -> bytes:
        body = {"format": FORMAT, **asdict(self)}
        return _dump({**body, "check": _check(body)}, indent=1)

    @classmethod
    def from_bytes(cls, content: bytes, path: str) -> Generation:
        """IndexIncompatible for another format; IndexCorrupt when it does not check or cannot be read."""
        try:
            body: dict[str, Any] = json.loads(content)
            check, version = body.pop("check"), body.pop("format")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IndexCorrupt("the manifest cannot be read", path=path, hint=_HINT) from error
        if version != FORMAT:
            raise IndexIncompatible(
                f"an index of the format {str(version)[:20]!r} stands here, not one with a schema of its own",
                path=path,
                hint="Open it with `docsearch.open(...).whoosh`",
            )
        if check != _check({"format": version, **body}):
            raise IndexCorrupt("the manifest does not match its own checksum", path=path, hint=_HINT)
        try:
            segments = tuple(
                SegmentEntry(FileEntry(**entry["file"]), tuple(entry["hidden"])) for entry in body["segments"]
            )
            deletions = FileEntry(**body["deletions"]) if body["deletions"] else None
            generation = cls(**{**body, "segments": segments, "deletions": deletions})
            _check_values(generation)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise IndexCorrupt("the manifest lacks what it must hold", path=path, hint=_HINT) from error
        return generation


class RowSnapshot:
    """A generation held open: later commits do not touch what it sees."""

    def __init__(self, storage: Storage, content: bytes) -> None:
        """content: of the manifest. FileNotFoundError when a later commit has removed a file it needs."""
        self.content = content
        self.generation = Generation.from_bytes(content, where(storage))
        self.schema: Schema = schema_from_plain(self.generation.schema)
        self.segments = self.open_segments(storage, self.schema)

    @classmethod
    def open(cls, storage: Storage, known: RowSnapshot | None = None) -> RowSnapshot:
        """The current generation: `known` when it still is. WhooshIndexMissing when there is none."""
        for _ in range(_ATTEMPTS):
            try:
                content = read_manifest(storage)
            except FileNotFoundError:
                raise WhooshIndexMissing(
                    "no index stands here", path=where(storage), hint="Make one with `create_in`"
                ) from None
            if known is not None and known.content == content:
                return known
            try:
                return cls(storage, content)
            except FileNotFoundError as error:
                missing = str(error)  # a commit came between: the next manifest names other files
        raise IndexCorrupt("the manifest names a file that is not there", path=missing, hint=_HINT)

    def open_segments(self, storage: Storage, schema: Schema) -> list[RowSegment]:
        """The segments anew, with their deletions."""
        deleted = self._read_deletions(storage)
        nothing = np.empty(0, np.uint32)
        return [
            RowSegment(
                storage,
                entry.file,
                schema,
                deleted=deleted.get(entry.file.name, nothing),
                hidden=entry.hidden,
            )
            for entry in self.generation.segments
        ]

    def _read_deletions(self, storage: Storage) -> dict[str, U32]:
        entry = self.generation.deletions
        if entry is None:
            return {}
        container = Container(storage.read(entry.name), entry.name, DELETIONS)
        if container.digest != entry.digest:
            raise IndexCorrupt("the file is not the one that the manifest names", path=entry.name, hint=_HINT)
        names = [segment.file.name for segment in self.generation.segments]
        return {name: container.array(name, "<u4") for name in names if name in container}


def replace_manifest(storage: Storage, generation: Generation) -> None:
    """The commit: from here on the generation counts."""
    storage.replace(NAME, generation.to_bytes())


def written_deletions(storage: Storage, name: str, segments: Sequence[RowSegment]) -> FileEntry | None:
    """The file of the deletions; None when nothing is deleted."""
    deleted = {each.file.name: each.deleted.tolist() for each in segments if each.has_deletions()}
    if not deleted:
        return None
    storage.write(name, write_deletions(deleted))
    content = storage.read(name)
    return FileEntry(name, len(content), Container(content, name, DELETIONS).digest)


def stands(storage: Storage) -> bool:
    """Whether an index with a schema of its own stands here; IndexProblem for one of docsearch's."""
    with contextlib.suppress(WhooshIndexMissing, IndexCorrupt):
        RowSnapshot.open(storage)
        return True
    return False


def where(storage: Storage) -> str:
    return str(storage.path or "the index in memory")


def _check_values(generation: Generation) -> None:
    """ValueError or TypeError unless everything is of its type and in its range."""
    files = [segment.file for segment in generation.segments]
    files += [generation.deletions] if generation.deletions else []
    names = [check_file(file.name, file.size, file.digest) for file in files]
    if len(set(names)) < len(names):
        raise ValueError("a file is listed twice")
    check_counts(generation.generation)
    dt.datetime.fromisoformat(generation.updated)
    if not isinstance(generation.schema, dict):
        raise TypeError("no schema")
    if not all(type(name) is str for segment in generation.segments for name in segment.hidden):
        raise TypeError("no name")


def _dump(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, indent=indent, allow_nan=False).encode()


def _check(body: dict[str, Any]) -> str:
    return hashlib.blake2b(_dump(body), digest_size=16).hexdigest()
