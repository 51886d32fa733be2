"""One generation, opened: its segments and which of their documents are still live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..errors import IndexCorrupt, IndexIncompatible
from .analysis.stems import analyser_fingerprint
from .arrays import F64, I64, U8, U32, U64, Array, Bool
from .container import Container, pack
from .damage import tells_damage
from .manifest import REBUILT_BY, Manifest
from .planner.listed import ListedTerm, Scratch
from .planner.stored import bitmap
from .segment import Segment
from .storage import Storage

if TYPE_CHECKING:
    from .versions import Validity

__all__ = ["Norms", "Snapshot", "View", "read_deletions", "write_deletions"]

DELETIONS = "deletions"
_ATTEMPTS = 20
_LONGEST = 1 << 16  # tokens: where a paragraph has more, norms are kept for each paragraph


class Norms:
    """BM25's k1 (1 - b + b length / average) of paragraphs, by their length: so what is read is small."""

    __slots__ = ("_lengths", "_table")

    def __init__(self, lengths: Array, k1: float, b: float, average: float) -> None:
        self._lengths = lengths
        longest = int(lengths.max()) if len(lengths) else 0
        self._table: F64 | None = None
        if longest < _LONGEST:
            self._table = k1 * (1 - b + b * (np.arange(longest + 1) / average))
        else:
            self._lengths = k1 * (1 - b + b * (lengths / average))

    def take(self, paragraphs: I64) -> F64:
        """Those of some paragraphs."""
        found = self._lengths.take(paragraphs)
        return found if self._table is None else self._table.take(found)


class View:
    """A segment with its deletions. Masks are None while nothing is deleted."""

    def __init__(self, segment: Segment, deleted: U32) -> None:
        self.segment = segment
        self.deleted = deleted
        self._lengths: dict[str, tuple[int, int]] = {}
        self._norms: dict[str, tuple[tuple[float, float, float], Norms]] = {}
        self._documents: dict[tuple[str, int], U8] = {}
        self._scratch: list[Scratch] = []

    @property
    def where(self) -> str:
        """The file, for messages."""
        return self.segment.file.name

    @cached_property
    @tells_damage
    def live_documents(self) -> Bool | None:
        if not len(self.deleted):
            return None
        live = np.ones(self.segment.documents, np.bool_)
        live[self.deleted] = False
        return live

    @cached_property
    @tells_damage
    def live_paragraphs(self) -> Bool | None:
        live = self.live_documents
        return None if live is None else np.repeat(live, np.diff(self.segment.first_paragraphs))

    @cached_property
    @tells_damage
    def live_sections(self) -> Bool | None:
        live = self.live_documents
        return None if live is None else np.repeat(live, np.diff(self.segment.first_sections))

    @cached_property
    def live_bits(self) -> U64 | None:
        """The paragraphs' mask as a bitmap of the form that `planner.stored` describes."""
        live = self.live_paragraphs
        return None if live is None else bitmap(np.flatnonzero(live), self.segment.paragraphs)

    def is_live(self, document: int) -> bool:
        return self.live_documents is None or bool(self.live_documents[document])

    def find(self, key: str) -> int | None:
        """The live document with this key."""
        document = self.segment.find(key)
        return document if document is not None and self.is_live(document) else None

    def live_keys(self) -> Iterator[str]:
        """Keys of the live documents, in their order."""
        for number, key in enumerate(self.segment.keys()):
            if self.is_live(number):
                yield key.decode()

    def find_all(self, keys: frozenset[str]) -> list[int]:
        """The live documents with these keys."""
        if len(keys) * 16 < self.segment.documents:
            found = (self.segment.find(key) for key in keys)
            return sorted(d for d in found if d is not None and self.is_live(d))
        wanted = {key.encode("utf-8", "surrogatepass") for key in keys}
        numbers = [number for number, key in enumerate(self.segment.keys()) if key in wanted]
        return [number for number in numbers if self.is_live(number)]

    @cached_property
    @tells_damage
    def counts(self) -> tuple[int, int, int]:
        """Live documents, sections, paragraphs."""
        segment = self.segment
        return (
            segment.documents if self.live_documents is None else int(self.live_documents.sum()),
            segment.sections if self.live_sections is None else int(self.live_sections.sum()),
            segment.paragraphs if self.live_paragraphs is None else int(self.live_paragraphs.sum()),
        )

    def languages(self) -> Iterator[tuple[str, int]]:
        """Live paragraphs by language."""
        segment = self.segment
        sizes = np.diff(segment.first_paragraphs)
        if self.live_documents is not None:
            sizes = sizes * self.live_documents
        totals = np.bincount(segment.language_of, sizes, len(segment.languages))
        yield from zip(segment.languages, totals.astype(np.int64).tolist(), strict=True)

    def lengths(self, language: str) -> tuple[int, int]:
        """Tokens of the language's live paragraphs, and the number of these paragraphs."""
        found = self._lengths.get(language)
        if found is None:
            field, live = self.segment.field("text", language), self.live_paragraphs
            count = dict(self.languages()).get(language, 0)
            lengths = np.zeros(0, np.int64) if field is None else field.lengths
            tokens = int(lengths.sum() if live is None or field is None else lengths[live].sum())
            found = self._lengths[language] = (tokens, count)
        return found

    def norms(self, language: str, k1: float, b: float, average: float) -> Norms:
        """BM25's k1 (1 - b + b length / average) of every paragraph, for the language's average length."""
        wanted = (k1, b, average)
        known, norms = self._norms.get(language, (None, None))
        if norms is None or known != wanted:
            field = self.segment.field("text", language)
            lengths = np.zeros(self.segment.paragraphs, np.uint16) if field is None else field.narrow_lengths
            norms = Norms(lengths, k1, b, average)
            self._norms[language] = (wanted, norms)
        return norms

    def documents_of(self, listed: ListedTerm) -> Bool:
        """The live documents in which a long term stands, as a mask."""
        key = (listed.field.name, listed.postings.first)
        found = self._documents.get(key)
        if found is None:
            flags = np.zeros(self.segment.documents, np.bool_)
            flags[self.segment.document_of.take(listed.all_units())] = True
            found = self._documents[key] = np.packbits(flags)
        return np.unpackbits(found, count=self.segment.documents).view(np.bool_)

    def borrow(self) -> Scratch:
        """Scratch arrays for one query; to be given back clean, or not at all."""
        try:
            return self._scratch.pop()
        except IndexError:
            segment = self.segment
            return Scratch(max(segment.paragraphs, segment.sections, segment.documents))

    def give_back(self, scratch: Scratch) -> None:
        self._scratch.append(scratch)


class Snapshot:
    """A generation held open: later commits do not touch what it sees."""

    def __init__(self, storage: Storage, manifest: Manifest) -> None:
        """FileNotFoundError when a later commit has already removed a file of this generation."""
        self.storage = storage
        self.manifest = manifest
        self._catalog = storage.read(manifest.catalog.name)
        deleted = read_deletions(storage, manifest)
        nothing = np.empty(0, np.uint32)
        self.views = tuple(
            View(Segment(storage, entry.file, entry.vectors), deleted.get(entry.file.name, nothing))
            for entry in manifest.segments
        )
        self.kept = tuple(Segment(storage, entry.file) for entry in manifest.versions)
        times = manifest.validity
        self._validity = memoryview(b"") if times is None else storage.read(times.name)

    @cached_property
    def has_our_words(self) -> bool:
        """Whether its words were analysed as this program does."""
        return all(found == analyser_fingerprint(name) for name, found in self.manifest.analysers.items())

    @cached_property
    def validity(self) -> Validity:
        """Since when documents hold; mapped with the snapshot, and checked when first asked for."""
        from .versions import Validity  # here: a search asks for no times

        return Validity(self.manifest.validity, self._validity)

    @cached_property
    def catalog(self) -> Container:
        """The list of sources, mapped since the snapshot was opened, and checked when first asked for."""
        entry = self.manifest.catalog
        container = Container(self._catalog, entry.name, "catalog")
        if container.digest != entry.digest:
            raise IndexCorrupt(
                "the file is not the one that the manifest names",
                path=entry.name,
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            )
        return container

    @classmethod
    @tells_damage
    def open(cls, storage: Storage, *, any_words: bool = False) -> Snapshot:
        """The current generation; IndexMissing, IndexIncompatible or IndexCorrupt when there is none.

        any_words: also one whose words were analysed otherwise than this program does: its texts can be read.
        """
        for _ in range(_ATTEMPTS):
            manifest = Manifest.load(storage)
            if not any_words:
                _check_analysers(manifest, storage)
            try:
                return cls(storage, manifest)
            except FileNotFoundError as error:
                missing = str(error)  # a commit came between: the next manifest names other files
        raise IndexCorrupt(
            "the manifest names a file that is not there",
            path=missing,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )


def _check_analysers(manifest: Manifest, storage: Storage) -> None:
    for language, found in manifest.analysers.items():
        if found != (expected := analyser_fingerprint(language)):
            raise IndexIncompatible(
                f"its words were analysed by {found[:60]!r}; this program has {expected!r}",
                path=str(storage.path or "the index in memory"),
                hint=REBUILT_BY,
            )


def write_deletions(deleted: Mapping[str, Iterable[int]]) -> Iterator[bytes | memoryview]:
    """Deleted documents by the name of their segment's file."""
    arrays = {name: np.array(sorted(numbers), np.uint32) for name, numbers in deleted.items()}
    return pack(DELETIONS, arrays, {})


def read_deletions(storage: Storage, manifest: Manifest) -> dict[str, U32]:
    entry = manifest.deletions
    if entry is None:
        return {}
    container = Container(storage.read(entry.name), entry.name, DELETIONS)
    if container.digest != entry.digest:
        raise IndexCorrupt(
            "the file is not the one that the manifest names",
            path=entry.name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )
    names = [segment.file.name for segment in manifest.segments]
    return {name: container.array(name, "<u4") for name in names if name in container}
