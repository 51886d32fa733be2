"""A segment: some documents with everything that search needs of them, in one file that never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..corpus.model import Document, Gap, Paragraph, Reading, Section, Source
from ..errors import IndexCorrupt
from .acronyms import Stored, stored_acronyms
from .arrays import I64, U64, Array
from .catalog import SourceRow, row_from_json, row_to_json
from .container import Container, pack
from .damage import tells_damage
from .field import Field, field_arrays
from .integers import Integers
from .keys import KEY_ARRAYS, Keys
from .manifest import FileEntry
from .plausible import check_paragraphs, check_sections
from .storage import Storage
from .stream import Stream
from .tables import (
    KINDS,
    PARAGRAPH_COLUMNS,
    SECTION_COLUMNS,
    Recorded,
    TableWriter,
    record_from_json,
    section_paths,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .columns import Column, Columns
    from .inverter import Inverted, Inverter
    from .inverter.lexicon import Lexicon
    from .semantic.vectors import Vectors

__all__ = ["LIKENESS", "UNITS", "BuiltSegment", "Segment", "Terms", "build_segment", "write_segment"]

KIND = "segment"

ROWS_A_BYTE = 8
"""A file holds at most so many documents, sections or paragraphs for each of its bytes, so that a forged one
cannot make its reader fill memory."""

_FEW = 1_000  # paragraphs

LIKENESS = "paragraph/likeness"
"""The array with the sketch of each paragraph: see `inverter.likeness`. Absent where no text has words."""

UNITS = {"text": "paragraphs", "heading": "sections", "title": "documents"}
"""The fields, each once for every language (`text.en`), and what their postings count."""


@dataclass(frozen=True, slots=True)
class BuiltSegment:
    """A segment that is written and flushed, but not yet part of any generation.

    file: None when no reading gave a document; rows: one for every source read, unreadable ones included.
    """

    file: FileEntry | None
    documents: int
    paragraphs: int
    rows: tuple[SourceRow, ...]

    def to_json(self) -> dict[str, Any]:
        file = self.file
        return {
            "file": None if file is None else [file.name, file.size, file.digest],
            "documents": self.documents,
            "paragraphs": self.paragraphs,
            "rows": [row_to_json(row) for row in self.rows],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> BuiltSegment:
        return cls(
            file=None if value["file"] is None else FileEntry(*value["file"]),
            documents=value["documents"],
            paragraphs=value["paragraphs"],
            rows=tuple(row_from_json(row) for row in value["rows"]),
        )


class Terms(Protocol):
    """Where the terms of words come from (see `known.KnownTerms`)."""

    def lexicon(self, language: str) -> Lexicon:
        """What knows them, for one segment after the other."""
        ...


def build_segment(
    storage: Storage, readings: Iterable[tuple[Source, Reading]], terms: Terms | None = None
) -> BuiltSegment:
    """Invert and write what the readings give. Consumes the iterable one reading at a time.

    Of documents with the same key the first counts; the others become gaps.
    terms: spares known words the stemming; the segment is the same without it.
    """
    tables = TableWriter()
    inverters: dict[str, Inverter] = {}
    rows: list[SourceRow] = []
    seen: set[str] = set()
    for source, reading in readings:
        gaps = list(reading.gaps)
        keys: list[str] = []
        for document in reading.documents:
            if document.key in seen:
                gaps.append(Gap(source.key, "another document was read under the same key", document.key))
            elif document.paragraphs:
                _invert(document, tables, inverters, terms)
                tables.add(document, source)
                keys.append(document.key)
                seen.add(document.key)
        rows.append(SourceRow(source, tuple(keys), tuple(gaps)))
    if not tables.documents:
        return BuiltSegment(None, 0, 0, tuple(rows))
    counts = {"paragraphs": tables.paragraphs, "sections": tables.sections, "documents": tables.documents}
    fields: dict[str, Inverted] = {}
    for name, inverter in sorted(inverters.items()):
        inverter.skip(counts[UNITS[name.partition(".")[0]]] - inverter.units)
        inverted = inverter.finish()
        if inverted.surfaces:
            fields[name] = inverted
    columns = tables.columns.columns()
    file = write_segment(storage, counts, tables.languages, tables.arrays(), fields, columns)
    return BuiltSegment(file, tables.documents, tables.paragraphs, tuple(rows))


def _invert(
    document: Document, tables: TableWriter, inverters: dict[str, Inverter], terms: Terms | None
) -> None:
    """Hand the document's words to the inverters of its language, at its unit numbers."""
    language = document.meta.language
    text = document.text
    for kind, first, units in (
        ("text", tables.paragraphs, [text[p.start : p.end].encode() for p in document.paragraphs]),
        ("heading", tables.sections, [section.title.encode() for section in document.sections]),
        ("title", tables.documents, [document.meta.title.encode()]),
    ):
        name = f"{kind}.{language}"
        inverter = inverters.get(name)
        if inverter is None:
            from .inverter import Inverter  # here, since a search inverts nothing

            lexicon = terms.lexicon(language) if terms else None
            inverter = inverters[name] = Inverter(language, lexicon=lexicon, likeness=kind == "text")
        inverter.skip(first - inverter.units)
        inverter.add_all(units)


def write_segment(
    storage: Storage,
    counts: Mapping[str, int],
    languages: Sequence[str],
    tables: Mapping[str, Array | bytes],
    fields: Mapping[str, Inverted],
    columns: Sequence[Column] | None,
    helper: Executor | None = None,
) -> FileEntry:
    """Write one segment file under a fresh name.

    counts: of documents, sections, paragraphs; languages: what the column `doc/language` numbers.
    columns: None when they are not known. helper: a thread that does a part of the work.
    """
    import secrets  # here, since a search, which writes nothing, would load `random` and OpenSSL with it

    name = f"segment-{secrets.token_hex(8)}"
    arrays = dict(tables)
    likeness = [inverted.likeness for inverted in fields.values() if len(inverted.likeness)]
    if likeness:  # a paragraph has words in one language, and in the others a sketch of 0
        arrays[LIKENESS] = np.bitwise_or.reduce(likeness)
    for field, inverted in fields.items():
        arrays |= field_arrays(field, inverted, helper)
    from .columns import column_arrays  # as above

    meta: dict[str, Any] = {**counts, "languages": list(languages), "fields": sorted(fields)}
    if columns is not None:
        meta["columns"], values = column_arrays(columns, counts["documents"])
        arrays |= values
    arrays |= _room(max(counts.values()), arrays)
    storage.write(name, pack(KIND, arrays, meta))
    content = storage.read(name)
    return FileEntry(name, len(content), Container(content, name, KIND).digest)


def _room(rows: int, arrays: Mapping[str, Array | bytes]) -> Mapping[str, bytes]:
    """Padding for a file that would otherwise have too many rows for its size: constant columns take none."""
    size = sum(array.nbytes if isinstance(array, np.ndarray) else len(array) for array in arrays.values())
    missing = rows // ROWS_A_BYTE - size
    return {"room": bytes(missing)} if missing > 0 else {}


class Segment:
    """The reading side of a segment. Numbers of documents, sections and paragraphs count from 0 within it.

    Opening checks the file's contents; columns are checked and made when they are first asked for.
    """

    def __init__(self, storage: Storage, file: FileEntry, vectors: FileEntry | None = None) -> None:
        """vectors: the file beside it that holds those of its paragraphs, if there is one.

        IndexCorrupt when the file is not the one that the manifest names; FileNotFoundError when gone."""
        content = storage.read(file.name)
        self.container = container = Container(content, file.name, KIND)
        if container.digest != file.digest or len(content) != file.size:
            raise IndexCorrupt(
                "the file is not the one that the manifest names",
                path=file.name,
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            )
        self.file = file
        self._read_meta()
        most = ROWS_A_BYTE * len(content)
        if not all(0 <= rows <= most for rows in (self.documents, self.sections, self.paragraphs)):
            raise IndexCorrupt(
                "it says that it holds more than it can",
                path=file.name,
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            )
        self._fields: dict[str, Field] = {}
        self._integers: dict[str, Integers] = {}
        self.vectors_file: FileEntry | None = None
        if vectors is not None:
            self.attach(storage, vectors)

    def attach(self, storage: Storage, vectors: FileEntry) -> None:
        """Let its paragraphs have vectors. The file is mapped, and checked when first asked for."""
        self.vectors_file = vectors
        self._vectors_content = storage.read(vectors.name)
        self.__dict__.pop("vectors", None)

    @cached_property
    def vectors(self) -> Vectors | None:
        """Those of its paragraphs."""
        if self.vectors_file is None:
            return None
        from .semantic.vectors import Vectors  # most searches compare none

        return Vectors(self._vectors_content, self.vectors_file, self.paragraphs)

    def _read_meta(self) -> None:
        meta = self.container.meta
        try:
            counts = [meta[name] for name in ("documents", "sections", "paragraphs")]
            lists = [meta["languages"], meta["fields"]]
            texts = [text for each in lists for text in each]
        except (KeyError, TypeError) as error:
            raise self._meta_corrupt() from error
        right = all(type(each) is list for each in lists) and all(type(text) is str for text in texts)
        if not right or not all(type(count) is int for count in counts):
            raise self._meta_corrupt()
        self.documents: int = counts[0]
        self.sections: int = counts[1]
        self.paragraphs: int = counts[2]
        self.field_names: tuple[str, ...] = tuple(meta["fields"])
        if not all(name.partition(".")[0] in UNITS for name in self.field_names):
            raise self._meta_corrupt()

    def _meta_corrupt(self) -> IndexCorrupt:
        return IndexCorrupt(
            "it does not say what it holds",
            path=self.file.name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )

    @property
    def where(self) -> str:
        """The file, for messages."""
        return self.file.name

    # Fields

    def field(self, kind: str, language: str) -> Field | None:
        """The inverted field, or None when no document of the language stands here."""
        name = f"{kind}.{language}"
        if name not in self.field_names:
            return None
        field = self._fields.get(name)
        if field is None:
            units = {"paragraphs": self.paragraphs, "sections": self.sections, "documents": self.documents}
            field = self._fields[name] = Field(self.container, name, units[UNITS[kind]])
        return field

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Of which kinds there are fields (`text`, `heading`, `title`)."""
        return frozenset(name.partition(".")[0] for name in self.field_names)

    @cached_property
    def has_headings(self) -> bool:
        """Whether any heading or title has words."""
        return bool(self.kinds - {"text"})

    @property
    def languages(self) -> tuple[str, ...]:
        """What `language_of` numbers."""
        return tuple(self.container.meta["languages"])

    @cached_property
    def language_of(self) -> I64:
        """Number in `languages` of each document; shape (documents,)."""
        found = self._numbers("doc/language", self.documents)
        if len(found) and not 0 <= int(found.min()) <= int(found.max()) < len(self.languages):
            raise self.container.corrupt("array 'doc/language' names languages that are not there")
        return found

    # Columns

    @cached_property
    def columns(self) -> Columns:
        """The values of fields by document (see `columns`)."""
        from .columns import Columns  # most searches ask for none

        return Columns(self.container, self.documents)

    def column(self, table: str, name: str) -> Integers:
        """A column of the section or paragraph table (see `tables`)."""
        return self._column(f"{table}/{name}", self.sections if table == "section" else self.paragraphs)

    def stream_ends(self, stream: str) -> Integers:
        """Where each document begins in a stream, and the end; documents + 1 numbers."""
        return self._column(f"doc/{stream}", self.documents + 1)

    def _column(self, name: str, count: int) -> Integers:
        column = self._integers.get(name)
        if column is None:
            column = self._integers[name] = Integers(self.container, name, count)
        return column

    def _numbers(self, name: str, count: int) -> I64:
        """All numbers of a column that is not asked for again."""
        return Integers(self.container, name, count).numbers()

    def _firsts(self, name: str, rows: int) -> I64:
        """Where each document's rows begin, and the end; IndexCorrupt unless that is all rows."""
        firsts = self._numbers(name, self.documents + 1)
        if firsts[0] != 0 or firsts[-1] != rows or (firsts[1:] < firsts[:-1]).any():
            raise self._meta_corrupt()
        return firsts

    @cached_property
    def first_paragraphs(self) -> I64:
        """First paragraph of each document, and the end; shape (documents + 1,)."""
        return self._firsts("doc/paragraphs", self.paragraphs)

    @cached_property
    def first_sections(self) -> I64:
        return self._firsts("doc/sections", self.sections)

    @cached_property
    def document_of(self) -> I64:
        """Document of each paragraph; shape (paragraphs,)."""
        return np.repeat(np.arange(self.documents), np.diff(self.first_paragraphs))

    def documents_among(self, paragraphs: I64) -> int:
        """In how many documents some paragraphs (ascending) lie."""
        if self.documents == self.paragraphs or len(paragraphs) < 2:
            return len(paragraphs)  # one in each
        documents = self.document_of.take(paragraphs)
        return 1 + int(np.count_nonzero(documents[1:] != documents[:-1]))

    @cached_property
    def section_of(self) -> I64:
        """Innermost section of each paragraph; shape (paragraphs,)."""
        return self._numbers("paragraph/section", self.paragraphs)

    @cached_property
    def section_spans(self) -> tuple[I64, I64]:
        """First paragraph of each section's span, and the end of it."""
        first, last = (self._numbers(f"section/{name}", self.sections) for name in ("first", "last"))
        return first, last

    @cached_property
    def likeness(self) -> U64:
        """The sketch of each paragraph, 0 for one that has none; shape (paragraphs,)."""
        if LIKENESS not in self.container:
            return np.zeros(self.paragraphs, np.uint64)
        return self.container.array(LIKENESS, "<u8", self.paragraphs)

    def sketches(self, paragraphs: I64) -> list[int]:
        """Those of some paragraphs. Of a few, only their part of the file is read and verified."""
        if LIKENESS not in self.container:
            return [0] * len(paragraphs)
        stored = self.container.array(LIKENESS, "<u8", self.paragraphs, checked=len(paragraphs) > _FEW)
        region = self.container.region(LIKENESS)
        for paragraph in paragraphs[:_FEW].tolist():
            region.verify(paragraph, paragraph + 1)
        sketches: list[int] = stored.take(paragraphs).tolist()
        return sketches

    @cached_property
    def acronyms(self) -> Stored:
        """The acronyms that its paragraphs explain, deleted or not."""
        return stored_acronyms(self.container, self.paragraphs)

    # Documents

    @cached_property
    def _keys(self) -> Keys:
        return Keys(self.container, self.documents)

    @property
    def by_key(self) -> I64:
        """Document numbers in the order of their keys."""
        return self._keys.by_key

    @property
    def key_rank(self) -> I64:
        """Place of each document in the order of keys."""
        return self._keys.rank

    def check_keys(self) -> None:
        """IndexCorrupt when the keys are not as they were written."""
        if not all(self.container.is_sound(name) for name in KEY_ARRAYS if name in self.container):
            raise IndexCorrupt(
                "the keys of its documents are damaged",
                path=self.file.name,
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            )

    @property
    def sorted_keys(self) -> Sequence[bytes]:
        """The keys of all documents, sorted; whoever goes over them holds few in memory at a time."""
        return self._keys.in_order

    @tells_damage
    def key(self, document: int) -> str:
        return self._keys[document].decode()

    @tells_damage
    def keys_of(self, documents: Sequence[int]) -> list[str]:
        """The keys of some documents; shape of `documents`."""
        return [key.decode() for key in self._keys.take(documents)]

    @tells_damage
    def keys(self) -> list[bytes]:
        """The keys of all documents, in UTF-8."""
        return self._keys.in_document_order()

    def prefixed(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The keys that begin with a prefix, sorted, with the numbers of their documents, deleted or not."""
        for key, document in self._keys.prefixed(prefix.encode("utf-8", "surrogatepass")):
            yield key.decode(), document

    @tells_damage
    def find(self, key: str) -> int | None:
        """The number of the document with this key, deleted or not."""
        return self._keys.find(key.encode("utf-8", "surrogatepass"))

    def record(self, document: int) -> Recorded:
        """What is known of a document and its place."""
        try:
            return record_from_json(self._slice("record", document), self.key(document))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise IndexCorrupt(
                f"the record of document {document} cannot be read",
                path=self.file.name,
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            ) from error

    @tells_damage
    def titles(self, document: int) -> list[str]:
        """The titles of its sections, the lead's empty one first."""
        return self._slice("titles", document).decode().split("\n")

    @tells_damage
    def text(self, document: int) -> str:
        return self._slice("text", document).decode()

    @tells_damage
    def paragraph_text(self, paragraph: int) -> str:
        """A paragraph's words without reading the rest of its document."""
        start, size, before = (
            self.column("paragraph", name)[paragraph] for name in ("start", "byte_length", "extra_before")
        )
        begin = self.stream_ends("text")[int(self.document_of[paragraph])] + start + before
        return self.streams["text"].read(begin, begin + size).decode()

    @tells_damage
    def paragraph(self, paragraph: int) -> Paragraph:
        """The model's value; `section` counts within the document."""
        document = int(self.document_of[paragraph])
        start, size, extra, line, kind, section = (
            self.column("paragraph", name)[paragraph]
            for name in ("start", "byte_length", "extra", "line", "kind", "section")
        )
        if not 0 <= section < self.sections:
            raise self._meta_corrupt()
        first = self.column("section", "first")[section]
        before = self.column("paragraph", "section").numbers(max(first, 0), paragraph)
        return Paragraph(
            start=start,
            end=start + size - extra,
            section=section - int(self.first_sections[document]),
            ordinal=int(np.count_nonzero(before == section)) + 1,
            line=line,
            kind=KINDS[kind],
        )

    @tells_damage
    def section_path(self, document: int, section: int) -> tuple[tuple[int, ...], list[int]]:
        """A section's path, and the sections (numbers within the document) from the top down to it."""
        begin, end = self.first_sections[document : document + 2]
        parents = self.column("section", "parent").numbers(int(begin), int(end)) - 1
        chain: list[int] = []
        path: list[int] = []
        at = section
        while at >= 0 and len(chain) <= section:
            siblings = int(np.count_nonzero(parents[:at] == parents[at]))
            # The lead is no sibling that counts: it is 0, the first heading at the top 1.
            path.append(siblings + (1 if parents[at] >= 0 else 0))
            chain.append(at)
            at = int(parents[at])
        return tuple(reversed(path)), chain[::-1]

    @tells_damage
    def document(self, document: int) -> Document:
        """The whole document as it was handed in."""
        meta, _, _, anchors, _ = self.record(document)
        paragraphs = self._paragraphs(document)
        base = int(self.first_paragraphs[document])
        levels, ups, starts, tails, heads, lengths, firsts, lasts = (
            column.tolist() for column in self._rows(document, "section", SECTION_COLUMNS)
        )
        parents = [parent - 1 if parent else None for parent in ups]
        spans = [
            (starts[at] + heads[at], lengths[at], firsts[at] - base, lasts[at] - base)
            for at in range(len(levels))
        ]
        text = self.text(document)
        check_sections(levels, parents, spans, len(paragraphs))
        check_paragraphs(paragraphs, len(levels), len(text))
        paths = section_paths(parents)
        sections = tuple(
            Section(
                title=title,
                level=levels[at],
                parent=parents[at],
                path=paths[at],
                heading=(starts[at] + heads[at], starts[at] + heads[at] + lengths[at]),
                start=starts[at],
                end=tails[at]
                + (paragraphs[lasts[at] - base - 1].end if lasts[at] > firsts[at] else starts[at]),
                first=firsts[at] - base,
                last=lasts[at] - base,
            )
            for at, title in zip(range(len(levels)), self.titles(document), strict=True)
        )
        return Document(self.key(document), text, sections, paragraphs, meta, anchors)

    def _paragraphs(self, document: int) -> tuple[Paragraph, ...]:
        base = int(self.first_sections[document])
        rows = (column.tolist() for column in self._rows(document, "paragraph", PARAGRAPH_COLUMNS))
        ordinals: dict[int, int] = {}
        paragraphs = []
        for start, size, extra, _, section, line, kind in zip(*rows, strict=True):
            ordinal = ordinals[section] = ordinals.get(section, 0) + 1
            end = start + size - extra
            paragraphs.append(Paragraph(start, end, section - base, ordinal, line, KINDS[kind]))
        return tuple(paragraphs)

    @tells_damage
    def byte_ranges(self, document: int) -> tuple[I64, I64]:
        """Where each paragraph begins in the document's text as UTF-8, and its length there."""
        starts, before, sizes = self._rows(document, "paragraph", ("start", "extra_before", "byte_length"))
        return starts + before, sizes

    def _rows(self, document: int, table: str, names: Iterable[str]) -> list[I64]:
        """A document's part of some columns."""
        firsts = self.first_sections if table == "section" else self.first_paragraphs
        begin, end = firsts[document : document + 2].tolist()
        return [self.column(table, name).numbers(begin, end) for name in names]

    @cached_property
    def streams(self) -> Mapping[str, Stream]:
        return {name: Stream(self.container, name) for name in ("text", "record", "titles")}

    def _slice(self, stream: str, document: int) -> bytes:
        ends = self.stream_ends(stream)
        return self.streams[stream].read(ends[document], ends[document + 1])
