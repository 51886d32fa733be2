"""The manifest: the small JSON file whose replacement is the commit.

It names every file of a generation with its digest, and checks itself. Opening an index is reading it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from ..corpus.digest import blake2b
from ..errors import IndexCorrupt, IndexIncompatible, IndexMissing
from .root import Root
from .storage import Storage

__all__ = [
    "FORMAT",
    "NAME",
    "REBUILT_BY",
    "FileEntry",
    "Manifest",
    "SegmentEntry",
    "check_counts",
    "check_file",
    "checks",
    "placed",
    "portable",
    "read_manifest",
    "root_from_json",
]

NAME = "MANIFEST"
FORMAT = 2
REBUILT_BY = "Run `docsearch index`: it rebuilds the index from its sources"
"""The next step where an earlier version of the program made the index."""
_OWN_SCHEMA = "It has a schema of its own: a program opens it with `docsearch.whoosh_index.open_dir`"
_MADE_LATER = (
    "Use the later version of this program that made it; or, if all of it came from files, run "
    "`docsearch index --rebuild --allow-removals` with the folders it was made from"
)
_LARGEST = 1 << 26
"""Bytes of a manifest: some hundred thousand segments."""
_MOST = 1 << 48
_FILE = re.compile(r"[a-z]{1,20}-[0-9a-f-]{1,60}")
_REBUILD = "Run `docsearch index --rebuild`, or restore the index from a copy"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file that counts: its name, its size in bytes, the digest of its contents (hex)."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment: its file, what it was written with, how many of its documents are deleted, and the file
    with vectors of its paragraphs (see `semantic`), if there is one."""

    file: FileEntry
    documents: int
    paragraphs: int
    deleted: int = 0
    vectors: FileEntry | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation. created, updated: ISO 8601, UTC. deletions: None while nothing is deleted.

    keep_versions: whether replaced and removed documents are kept; versions: the segments that hold those
    which are; validity: since when documents hold, None when there is nothing to tell (see `versions`).

    semantic: whether paragraphs have vectors, and new ones are given some.

    documents, sections, paragraphs: live ones; languages: live paragraphs by language.
    """

    generation: int
    created: str
    updated: str
    complete: bool
    roots: tuple[Root, ...]
    analysers: dict[str, str]
    segments: tuple[SegmentEntry, ...]
    catalog: FileEntry
    deletions: FileEntry | None
    documents: int
    sections: int
    paragraphs: int
    gaps: int
    languages: dict[str, int] = field(default_factory=dict)
    keep_versions: bool = False
    versions: tuple[SegmentEntry, ...] = ()
    validity: FileEntry | None = None
    semantic: bool = False

    def files(self) -> frozenset[str]:
        """Names of all files that this generation needs."""
        return frozenset(entry.name for entry in self.entries())

    def entries(self) -> tuple[FileEntry, ...]:
        """All files that this generation needs."""
        segments = (*self.segments, *self.versions)
        vectors = (segment.vectors for segment in self.segments)
        sides = (side for side in (self.deletions, self.validity, *vectors) if side is not None)
        return (*(entry.file for entry in segments), self.catalog, *sides)

    def to_bytes(self) -> bytes:
        body = {"format": FORMAT, **asdict(self)}
        if not self.semantic:  # as it was before there were vectors
            del body["semantic"]
            for segment in (*body["segments"], *body["versions"]):
                del segment["vectors"]
        return _dump({**body, "check": _check(body)}, indent=1)

    @classmethod
    def from_bytes(cls, content: bytes, path: str) -> Manifest:
        """IndexIncompatible for another format; IndexCorrupt when it does not check or cannot be read."""
        try:
            body: dict[str, Any] = json.loads(content)
            check = body.pop("check")
            version = body.pop("format")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IndexCorrupt("the manifest cannot be read", path=path, hint=_REBUILD) from error
        if version != FORMAT:
            later = type(version) is int and version > FORMAT
            hint = _OWN_SCHEMA if str(version).startswith("whoosh-") else REBUILT_BY
            raise IndexIncompatible(
                f"this index has format {str(version)[:20]}; this program reads format {FORMAT}",
                path=path,
                hint=_MADE_LATER if later else hint,
            )
        if check != _check({"format": version, **body}):
            raise IndexCorrupt("the manifest does not match its own checksum", path=path, hint=_REBUILD)
        try:
            manifest = cls(
                **{
                    **body,
                    "roots": tuple(map(root_from_json, body["roots"])),
                    "segments": _segments(body["segments"]),
                    "versions": _segments(body.get("versions", ())),
                    "catalog": FileEntry(**body["catalog"]),
                    "deletions": FileEntry(**body["deletions"]) if body["deletions"] else None,
                    "validity": FileEntry(**body["validity"]) if body.get("validity") else None,
                }
            )
            _check_values(manifest)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise IndexCorrupt("the manifest lacks what it must hold", path=path, hint=_REBUILD) from error
        return manifest

    @classmethod
    def load(cls, storage: Storage) -> Manifest:
        """The current generation, its roots as absolute paths. IndexMissing when there is none."""
        where = str(storage.path or "the index in memory")
        try:
            content = read_manifest(storage)
        except FileNotFoundError:
            raise IndexMissing(
                "no index stands here", path=where, hint="Make one with `docsearch index FOLDER`"
            ) from None
        manifest = cls.from_bytes(content, where)
        return replace(manifest, roots=tuple(placed(root, storage.path) for root in manifest.roots))


def read_manifest(storage: Storage) -> bytes:
    """The file, of any kind of index. FileNotFoundError when there is none; IndexCorrupt for one that is too
    large to be one."""
    content = storage.read(NAME)
    if len(content) > _LARGEST:
        raise IndexCorrupt("the manifest is too large to be one", path=str(storage.path or ""), hint=_REBUILD)
    return bytes(content)


def _check_values(manifest: Manifest) -> None:
    """ValueError or TypeError unless everything is of its type and in its range: all else relies on that."""
    names = [check_file(entry.name, entry.size, entry.digest) for entry in manifest.entries()]
    if len(set(names)) < len(names):
        raise ValueError("a file is listed twice")
    counts = [manifest.generation, manifest.documents, manifest.sections, manifest.paragraphs, manifest.gaps]
    for segment in (*manifest.segments, *manifest.versions):
        counts += [segment.documents, segment.paragraphs, segment.deleted]
    check_counts(*counts, *manifest.languages.values())
    for time in (manifest.created, manifest.updated):
        if dt.datetime.fromisoformat(time).tzinfo is None:
            raise ValueError("a time without its zone")
    if not (type(manifest.complete) is type(manifest.keep_versions) is type(manifest.semantic) is bool):
        raise TypeError("true or false")
    texts = [*manifest.languages, *manifest.analysers, *manifest.analysers.values()]
    for root in manifest.roots:
        texts += [root.name, root.path, *root.include, *root.exclude]
    for text in texts:
        if type(text) is not str or "\0" in text:
            raise TypeError("no text, or one that no file name can be")


def check_file(name: object, size: object, digest: object) -> str:
    """The name of a file of an index. ValueError or TypeError for one that no commit gave, such as one that
    leads to another folder."""
    if not (isinstance(name, str) and isinstance(digest, str) and _FILE.fullmatch(name)):
        raise ValueError("no file of an index")
    check_counts(size)
    return name


def check_counts(*counts: object) -> None:
    """ValueError unless all are whole numbers that count something."""
    if not all(type(count) is int and 0 <= count < _MOST for count in counts):
        raise ValueError("no count")


def root_from_json(entry: dict[str, Any]) -> Root:
    """TypeError or the like for what is no root."""
    patterns = {name: tuple(map(str, entry.get(name, ()))) for name in ("include", "exclude")}
    return Root(**{**entry, **patterns, "language": str(entry.get("language", ""))})


def _segments(entries: Iterable[dict[str, Any]]) -> tuple[SegmentEntry, ...]:
    return tuple(
        SegmentEntry(
            **{
                **entry,
                "file": FileEntry(**entry["file"]),
                "vectors": FileEntry(**entry["vectors"]) if entry.get("vectors") else None,
            }
        )
        for entry in entries
    )


def portable(root: Root, index: Path | None) -> Root:
    """The root as it is stored: relative to the index's folder when the two lie in one folder, so that this
    folder can be moved as a whole; else absolute."""
    if index is None:
        return root
    folder = os.path.realpath(index)
    around = os.path.join(os.path.dirname(folder), "")
    if not os.path.join(root.path, "").startswith(around):
        return root
    return replace(root, path=Path(os.path.relpath(root.path, folder)).as_posix())


def placed(root: Root, index: Path | None) -> Root:
    """The root with its absolute path, the reverse of `portable`."""
    if index is None or os.path.isabs(root.path):
        return root
    return replace(root, path=os.path.normpath(os.path.join(os.path.realpath(index), root.path)))


def _dump(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, indent=indent, allow_nan=False).encode()


def checks(body: dict[str, Any]) -> bool:
    """Whether a manifest of any format matches its own checksum."""
    return body.get("check") == _check({name: value for name, value in body.items() if name != "check"})


def _check(body: dict[str, Any]) -> str:
    return blake2b(_dump(body), digest_size=16).hexdigest()
