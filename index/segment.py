"""A segment: some documents with everything that search needs of them, in one file that never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ..corpus.model import Anchor, Document, Gap, Metadata, Paragraph, Reading, Section, Source
from ..errors import IndexCorrupt
from .analysis.stems import Stem, term
from .arrays import I64, Array
from .catalog import SourceRow, row_from_json, row_to_json
from .container import Container, pack
from .field import Field, WordList, field_arrays
from .manifest import FileEntry
from .storage import Storage
from .stream import Stream
from .tables import KINDS, TableWriter, record_from_json, section_paths

if TYPE_CHECKING:
    from .columns import Column, Columns
    from .inverter import Inverted, Inverter

__all__ = ["UNITS", "BuiltSegment", "Segment", "Terms", "build_segment", "write_segment"]

KIND = "segment"

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

    def table(self, language: str) -> Mapping[str, str]:
        """Terms by surface that are known."""
        ...

    def stem(self, language: str) -> Stem:
        """What makes terms of other surfaces."""
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

            known, unknown = (terms.table(language), terms.stem) if terms else ({}, term)
            inverter = inverters[name] = Inverter(language, known=known, unknown=unknown)
        inverter.skip(first - inverter.units)
        inverter.add_all(units)


def write_segment(
    storage: Storage,
    counts: Mapping[str, int],
    languages: Sequence[str],
    tables: Mapping[str, Array | bytes],
    fields: Mapping[str, Inverted],
    columns: Sequence[Column] | None,
) -> FileEntry:
    """Write one segment file under a fresh name.

    counts: of documents, sections, paragraphs; languages: what the column `doc/language` numbers.
    columns: None when they are not known.
    """
    import secrets  # here, since a search, which writes nothing, would load `random` and OpenSSL with it

    name = f"segment-{secrets.token_hex(8)}"
    arrays = dict(tables)
    for field, inverted in fields.items():
        arrays |= field_arrays(field, inverted)
    from .columns import column_arrays  # as above

    meta: dict[str, Any] = {**counts, "languages": list(languages), "fields": sorted(fields)}
    if columns is not None:
        meta["columns"], values = column_arrays(columns, counts["documents"])
        arrays |= values
    storage.write(name, pack(KIND, arrays, meta))
    content = storage.read(name)
    return FileEntry(name, len(content), Container(content, name, KIND).digest)


class Segment:
    """The reading side of a segment. Numbers of documents, sections and paragraphs count from 0 within it.

    Opening checks the file's contents; columns are checked and made when they are first asked for.
    """

    def __init__(self, storage: Storage, file: FileEntry) -> None:
        """IndexCorrupt when the file is not the one that the manifest names; FileNotFoundError when gone."""
        content = storage.read(file.name)
        self.container = container = Container(content, file.name, KIND)
        if container.digest != file.digest or len(content) != file.size:
            raise IndexCorrupt(
                "the file is not the one that the manifest names",
                path=file.name,
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            )
        self.file = file
        self.documents = int(container.meta["documents"])
        self.sections = int(container.meta["sections"])
        self.paragraphs = int(container.meta["paragraphs"])
        self.field_names: tuple[str, ...] = tuple(container.meta["fields"])
        self._fields: dict[str, Field] = {}
        self.text_ends = container.array("doc/text", "<u8", self.documents + 1)

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
        return self.container.array("doc/language", "<u4", self.documents).astype(np.int64)

    # Columns

    @cached_property
    def columns(self) -> Columns:
        """The values of fields by document (see `columns`)."""
        from .columns import Columns  # most searches ask for none

        return Columns(self.container, self.documents)

    def column(self, table: str, name: str) -> Array:
        """A column of the section or paragraph table (see `tables`)."""
        dtype = "|u1" if name in ("level", "kind") else "<u4"
        count = self.sections if table == "section" else self.paragraphs
        return self.container.array(f"{table}/{name}", dtype, count)

    @cached_property
    def first_paragraphs(self) -> I64:
        """First paragraph of each document, and the end; shape (documents + 1,)."""
        return self.container.array("doc/paragraphs", "<u4", self.documents + 1).astype(np.int64)

    @cached_property
    def first_sections(self) -> I64:
        return self.container.array("doc/sections", "<u4", self.documents + 1).astype(np.int64)

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
        return self.column("paragraph", "section").astype(np.int64)

    @cached_property
    def section_spans(self) -> tuple[I64, I64]:
        """First paragraph of each section's span, and the end of it."""
        return (
            self.column("section", "first").astype(np.int64),
            self.column("section", "last").astype(np.int64),
        )

    # Documents

    @cached_property
    def _keys(self) -> WordList:
        return WordList(
            self.container.blob("doc/keys"),
            self.container.array("doc/key_ends", "<u4", self.documents + 1),
        )

    @cached_property
    def by_key(self) -> I64:
        """Document numbers in the order of their keys."""
        return self.container.array("doc/by_key", "<u4", self.documents).astype(np.int64)

    @cached_property
    def key_rank(self) -> I64:
        """Place of each document in the order of keys."""
        rank = np.empty(self.documents, np.int64)
        rank[self.by_key] = np.arange(self.documents)
        return rank

    @cached_property
    def sorted_keys(self) -> Sequence[bytes]:
        return _Sorted(self._keys, self.by_key)

    def key(self, document: int) -> str:
        return self._keys[document].decode()

    def find(self, key: str) -> int | None:
        """The number of the document with this key, deleted or not."""
        wanted = key.encode("utf-8", "surrogatepass")
        low, high = 0, self.documents
        while low < high:
            middle = (low + high) // 2
            if self._keys[int(self.by_key[middle])] < wanted:
                low = middle + 1
            else:
                high = middle
        if low < self.documents and self._keys[found := int(self.by_key[low])] == wanted:
            return found
        return None

    def record(self, document: int) -> tuple[Metadata, str, str, tuple[Anchor, ...]]:
        """Metadata, root, path and anchors."""
        try:
            return record_from_json(self._slice("record", document))
        except (ValueError, KeyError, TypeError) as error:
            raise IndexCorrupt(
                f"the record of document {document} cannot be read",
                path=self.file.name,
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            ) from error

    def titles(self, document: int) -> list[str]:
        """The titles of its sections, the lead's empty one first."""
        return self._slice("titles", document).decode().split("\n")

    def text(self, document: int) -> str:
        return self._slice("text", document).decode()

    def paragraph_text(self, paragraph: int) -> str:
        """A paragraph's words without reading the rest of its document."""
        begin = int(self.text_ends[self.document_of[paragraph]]) + int(
            self.column("paragraph", "bytes")[paragraph]
        )
        size = int(self.column("paragraph", "byte_length")[paragraph])
        return self.streams["text"].read(begin, begin + size).decode()

    def paragraph(self, paragraph: int) -> Paragraph:
        """The model's value; `section` counts within the document."""
        document = int(self.document_of[paragraph])
        section = int(self.section_of[paragraph])
        start = int(self.column("paragraph", "start")[paragraph])
        before = self.section_of[int(self.section_spans[0][section]) : paragraph]
        return Paragraph(
            start=start,
            end=start + int(self.column("paragraph", "length")[paragraph]),
            section=section - int(self.first_sections[document]),
            ordinal=int(np.count_nonzero(before == section)) + 1,
            line=int(self.column("paragraph", "line")[paragraph]),
            kind=KINDS[int(self.column("paragraph", "kind")[paragraph])],
        )

    def section_path(self, document: int, section: int) -> tuple[tuple[int, ...], list[int]]:
        """A section's path, and the sections (numbers within the document) from the top down to it."""
        begin, end = self.first_sections[document : document + 2]
        parents = self.column("section", "parent")[begin:end].astype(np.int64) - 1
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

    def document(self, document: int) -> Document:
        """The whole document as it was handed in."""
        meta, _, _, anchors = self.record(document)
        begin, end = self.first_sections[document : document + 2]
        base = int(self.first_paragraphs[document])
        columns = [
            self.column("section", name)[begin:end].tolist()
            for name in ("level", "parent", "start", "end", "heading", "heading_length", "first", "last")
        ]
        parents = [parent - 1 if parent else None for parent in columns[1]]
        sections = tuple(
            Section(title, level, parent, path, (head, head + length), start, stop, first - base, last - base)
            for title, level, parent, path, start, stop, head, length, first, last in zip(
                self.titles(document), columns[0], parents, section_paths(parents), *columns[2:], strict=True
            )
        )
        return Document(
            self.key(document), self.text(document), sections, self._paragraphs(document), meta, anchors
        )

    def _paragraphs(self, document: int) -> tuple[Paragraph, ...]:
        begin, end = self.first_paragraphs[document : document + 2]
        base = int(self.first_sections[document])
        starts, lengths, sections, lines, kinds = (
            self.column("paragraph", name)[begin:end].tolist()
            for name in ("start", "length", "section", "line", "kind")
        )
        ordinals: dict[int, int] = {}
        paragraphs = []
        for start, length, section, line, kind in zip(starts, lengths, sections, lines, kinds, strict=True):
            ordinal = ordinals[section] = ordinals.get(section, 0) + 1
            paragraphs.append(Paragraph(start, start + length, section - base, ordinal, line, KINDS[kind]))
        return tuple(paragraphs)

    @cached_property
    def streams(self) -> Mapping[str, Stream]:
        return {name: Stream(self.container, name) for name in ("text", "record", "titles")}

    def _slice(self, stream: str, document: int) -> bytes:
        ends = self.container.array(f"doc/{stream}", "<u8", self.documents + 1)
        return self.streams[stream].read(int(ends[document]), int(ends[document + 1]))


class _Sorted(Sequence[bytes]):
    """Words in another order than the one they are stored in."""

    def __init__(self, words: WordList, order: I64) -> None:
        self._words = words
        self._order = order

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, at: Any) -> Any:
        return self._words[int(self._order[at])]
