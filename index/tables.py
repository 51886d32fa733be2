"""Documents, sections and paragraphs as columns, and back again.

Keys are stored as `keys` says, everything else in packed columns (see `integers`). D documents, S sections
and P paragraphs of one segment; offsets in characters are relative to the document's text, section and
paragraph numbers to the segment:

    doc/sections, doc/paragraphs    first of each document, and the end (D + 1)
    doc/language                number in the file's list of languages (D)
    doc/text, doc/record, doc/titles    byte offsets into the three streams (D + 1)
    section/level, /parent (number + 1 within the document, 0: none), /start, /first, /last
    section/tail                characters from the end of its last paragraph (without one: from its start)
                                to its end
    section/heading, /heading_length    where its heading begins, from its start on
    paragraph/start, /section, /line, /kind
    paragraph/byte_length       its length in UTF-8
    paragraph/extra, /extra_before  how many bytes more than characters it has, and the document's text
                                before it: the length in characters and the offset in bytes follow

These differences are 0 in most places, and then take no room.
"""

from __future__ import annotations

import datetime as dt
import json
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from operator import sub
from typing import Any, NamedTuple, get_args

import numpy as np

from ..corpus.model import (
    Anchor,
    Document,
    Metadata,
    MetaValue,
    Paragraph,
    ParagraphKind,
    PartialDate,
    Source,
)
from .arrays import I64, Array
from .integers import pack_integers
from .keys import key_arrays
from .plausible import check_anchors, check_meta
from .stream import Compress, StreamWriter, at_once

__all__ = [
    "COLUMNS",
    "KINDS",
    "STREAMS",
    "Recorded",
    "TableWriter",
    "record_from_json",
    "record_to_json",
    "section_paths",
]

KINDS: tuple[ParagraphKind, ...] = get_args(ParagraphKind)
_PLAIN_TYPE = "text/plain"
_KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}


# Made once: `json.dumps` makes one at every call, which takes longer than the encoding of a record.
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


class TableWriter:
    """Collects the rows of a segment, document by document."""

    def __init__(self, compress: Compress = at_once) -> None:
        """compress: see `stream.StreamWriter`."""
        self.keys: list[bytes] = []
        self._numbers: dict[str, int] = {}  # of the languages, as they were met
        self._language = array("I")
        self._streams = {name: StreamWriter(compress) for name in STREAMS}
        self._ends = {name: array("Q", [0]) for name in STREAMS}
        self._firsts = {table: array("I", [0]) for table in ("section", "paragraph")}
        self._columns = {
            table: {name: array(kind) for name, kind in columns.items()} for table, columns in COLUMNS.items()
        }
        from .acronym_writer import AcronymWriter  # here, since a search writes none
        from .columns import ColumnWriter

        self.columns = ColumnWriter()
        self.acronyms = AcronymWriter()

    @property
    def documents(self) -> int:
        return len(self.keys)

    @property
    def languages(self) -> list[str]:
        return sorted(self._numbers)

    @property
    def sections(self) -> int:
        return self._firsts["section"][-1]

    @property
    def paragraphs(self) -> int:
        return self._firsts["paragraph"][-1]

    def add(self, document: Document, source: Source) -> None:
        sections, paragraphs = document.sections, document.paragraphs
        titles = "\n".join(" ".join(s.title.split()) for s in sections).encode()
        self._add_documents(document.meta, source.root, document.key.encode())
        encoded = document.text.encode()
        self._add_content("text", encoded)
        self._add_content("record", record_to_json(document, source))
        self._add_content("titles", titles)
        first_section, first_paragraph = self.sections, self.paragraphs
        self._add_rows(
            "section",
            level=[s.level for s in sections],
            parent=[0 if s.parent is None else s.parent + 1 for s in sections],
            start=[s.start for s in sections],
            tail=[s.end - (paragraphs[s.last - 1].end if s.last > s.first else s.start) for s in sections],
            heading=[s.heading[0] - s.start for s in sections],
            heading_length=[s.heading[1] - s.heading[0] for s in sections],
            first=[s.first + first_paragraph for s in sections],
            last=[s.last + first_paragraph for s in sections],
        )
        begins, ends, inner, _, lines, kinds = zip(*paragraphs, strict=True) if paragraphs else _NO_PARAGRAPHS
        starts, sizes = _byte_ranges(document.text, begins, ends)
        self.acronyms.add(encoded, starts, sizes, first_paragraph)
        self._add_rows(
            "paragraph",
            start=begins,
            byte_length=sizes,
            extra=map(sub, sizes, map(sub, ends, begins)),
            extra_before=map(sub, starts, begins),
            section=map(first_section.__add__, inner),
            line=lines,
            kind=map(_KIND_CODES.__getitem__, kinds),
        )
        self._firsts["section"].append(first_section + len(sections))
        self._firsts["paragraph"].append(first_paragraph + len(paragraphs))

    def add_plain(
        self, keys: Sequence[str], texts: Sequence[str], joined: bytes, ends: I64, language: str
    ) -> None:
        """What `add` does for each of some documents of one paragraph, which is the whole text, in the lead,
        with nothing known but the language, that come from records. joined: the texts in UTF-8, NULs between;
        ends: of each there."""
        count = len(keys)
        starts = np.concatenate(([0], ends[:-1] + 1))
        sizes = ends - starts
        section, paragraph = self.sections + np.arange(count), self.paragraphs + np.arange(count)
        record = _encode(_plain_record(language)).encode()
        self._add_documents(_plain_meta(language), "", *map(str.encode, keys))
        self._add_content("text", joined.replace(b"\0", b""), sizes)
        self.acronyms.add(joined, starts, sizes, self.paragraphs)
        self._add_content("record", record * count, np.full(count, len(record)))
        self._add_content("titles", b"", np.zeros(count, np.int64))
        self._add_rows(
            "section",
            **self._same("section", count, "level", "parent", "start", "tail", "heading", "heading_length"),
            first=paragraph,
            last=paragraph + 1,
        )
        extra = sizes - np.fromiter(map(len, texts), np.int64, count)
        self._add_rows(
            "paragraph",
            **self._same("paragraph", count, "start", "extra_before"),
            **self._same("paragraph", count, "kind", number=_KIND_CODES["text"]),
            **self._same("paragraph", count, "line", number=1),
            byte_length=sizes,
            extra=extra,
            section=section,
        )
        _extend(self._firsts["section"], section + 1)
        _extend(self._firsts["paragraph"], paragraph + 1)

    def _add_documents(self, meta: Metadata, root: str, *keys: bytes) -> None:
        self.keys += keys
        self.columns.add(meta, root, len(keys))
        number = self._numbers.setdefault(meta.language, len(self._numbers))
        self._language.extend([number] * len(keys))

    def _add_content(self, stream: str, content: bytes, sizes: I64 | None = None) -> None:
        """To a stream, what one document has in it, or several have, of these sizes."""
        self._streams[stream].add(content)
        ends = self._ends[stream]
        if sizes is None:
            ends.append(ends[-1] + len(content))
        else:
            _extend(ends, ends[-1] + sizes.cumsum())

    def _add_rows(self, table: str, **values: Iterable[int] | I64) -> None:
        """Numbers for all columns of a table."""
        for name, column in self._columns[table].items():
            _extend(column, values[name])

    def _same(self, table: str, count: int, *names: str, number: int = 0) -> dict[str, array[int]]:
        """The same number so many times, for some columns of a table."""
        return {name: array(self._columns[table][name].typecode, [number]) * count for name in names}

    def in_key_order(self) -> list[int]:
        """The numbers of the documents; of equal keys the first added comes first."""
        return sorted(range(len(self.keys)), key=self.keys.__getitem__)

    def end(self) -> None:
        """Begin to compress what is left: `arrays` cannot in a thread that itself compresses."""
        for stream in self._streams.values():
            stream.end()

    def arrays(self, order: Sequence[int] | None = None) -> dict[str, Array | bytes]:
        """The arrays listed above. order: what `in_key_order` gave, where that is known."""
        languages = self.languages
        moved = np.array([languages.index(language) for language in self._numbers], np.int64)
        columns: dict[str, Array] = {
            "doc/language": moved[_array(self._language)],
            **{f"doc/{table}s": _array(firsts) for table, firsts in self._firsts.items()},
            **{f"doc/{name}": _array(ends) for name, ends in self._ends.items()},
        }
        for table, rows in self._columns.items():
            columns |= {f"{table}/{name}": _array(column) for name, column in rows.items()}
        arrays = {**key_arrays(self.keys, self.in_key_order() if order is None else order)}
        for name, column in columns.items():
            arrays |= pack_integers(name, column)
        for name, stream in self._streams.items():
            arrays |= stream.arrays(name)
        return arrays | self.acronyms.arrays()


def _extend(column: array[int], numbers: Iterable[int] | I64) -> None:
    """Append numbers; OverflowError for one that is too large for the column."""
    if isinstance(numbers, np.ndarray):
        if len(numbers) and numbers.max() > np.iinfo(column.typecode).max:
            raise OverflowError(f"a number is too large for its column: {numbers.max()}")
        column.frombytes(numbers.astype(column.typecode).tobytes())
    else:
        column.extend(numbers)


def _array(values: array[int]) -> Array:
    return np.frombuffer(values, values.typecode) if values else np.empty(0, np.int64)


SECTION_COLUMNS = {
    "level": "B",
    "parent": "I",
    "start": "I",
    "tail": "i",
    "heading": "i",
    "heading_length": "I",
    "first": "I",
    "last": "I",
}
PARAGRAPH_COLUMNS = {
    "start": "I",
    "byte_length": "I",
    "extra": "I",
    "extra_before": "I",
    "section": "I",
    "line": "I",
    "kind": "B",
}
COLUMNS = {"section": SECTION_COLUMNS, "paragraph": PARAGRAPH_COLUMNS}
"""The columns of each table, and how the writer holds their numbers (as `array.array` names types)."""
STREAMS = ("text", "record", "titles")


_NO_PARAGRAPHS: tuple[tuple[Any, ...], ...] = ((),) * len(Paragraph._fields)


def _byte_ranges(
    text: str, begins: Sequence[int], ends: Sequence[int]
) -> tuple[Sequence[int], Sequence[int]]:
    """Offset and length in UTF-8 of each paragraph, which begin and end at these characters; they are in
    order and disjoint."""
    if text.isascii():
        return begins, [*map(sub, ends, begins)]
    starts: list[int] = []
    sizes: list[int] = []
    at_char, at_byte = 0, 0
    for begin, end in zip(begins, ends, strict=True):
        at_byte += len(text[at_char:begin].encode())
        size = len(text[begin:end].encode())
        starts.append(at_byte)
        sizes.append(size)
        at_byte += size
        at_char = end
    return starts, sizes


def section_paths(levels_parents: Sequence[int | None]) -> list[tuple[int, ...]]:
    """Paths of a document's sections from their parents (indices; None at the top; the lead first).

    >>> section_paths([None, None, 1, 1, None])
    [(0,), (1,), (1, 1), (1, 2), (2,)]
    """
    counts: dict[int | None, int] = {None: -1}
    paths: list[tuple[int, ...]] = []
    for index, parent in enumerate(levels_parents):
        counts[parent] = counts.get(parent, 0) + 1
        above = () if parent is None else paths[parent]
        paths.append((*above, counts[parent]))
        counts.setdefault(index, 0)
    return paths


def record_to_json(document: Document, source: Source) -> bytes:
    """What is known of a document and its place; what is as in most documents is left out. Caller's fields
    come last (`adapter.values` skips what it has met by that)."""
    meta = document.meta
    record: dict[str, object] = _plain_record(meta.language)
    if (source.root, source.path) != ("", document.key):
        record |= {"root": source.root, "path": source.path}
    if source.root:
        record["size"] = source.size
    if meta.type != _PLAIN_TYPE:
        record["type"] = meta.type
    record |= {name: value for name in ("title", "source", "place") if (value := getattr(meta, name))}
    record |= {
        name: [str(value), value.guessed]
        for name in ("published", "effective", "ended")
        if (value := getattr(meta, name)) is not None
    }
    guessed = [name for name in ("title", "language") if getattr(meta, f"{name}_guessed")]
    if guessed:
        record["guessed"] = guessed
    if document.anchors:
        record["anchors"] = [[a.kind, a.start, a.end, a.index, a.label] for a in document.anchors]
    if meta.extra:
        record["extra"] = {key: _value_to_json(value) for key, value in meta.extra.items()}
    return _encode(record).encode()


@cache
def _plain_meta(language: str) -> Metadata:
    """One object for all passages of a language."""
    return Metadata(title="", language=language, language_guessed=False)


def _plain_record(language: str) -> dict[str, object]:
    """The record of a document that a program handed over as a passage."""
    return {"language": language}


class Recorded(NamedTuple):
    """What is known of a document and its place. size: bytes of its file; None where there is none."""

    meta: Metadata
    root: str
    path: str
    anchors: tuple[Anchor, ...]
    size: int | None


def record_from_json(content: bytes, key: str) -> Recorded:
    """What is known of the document with this key. Raises ValueError, LookupError, AttributeError,
    TypeError or RecursionError on anything that `record_to_json` does not give."""
    record: dict[str, Any] = json.loads(content)
    guessed = record.get("guessed", ())
    meta = Metadata(
        title=record.get("title", ""),
        title_guessed="title" in guessed,
        language=record["language"],
        language_guessed="language" in guessed,
        type=record.get("type", _PLAIN_TYPE),
        source=record.get("source", ""),
        place=record.get("place", ""),
        published=_date_from_json(record.get("published")),
        effective=_date_from_json(record.get("effective")),
        ended=_date_from_json(record.get("ended")),
        extra={name: _value_from_json(value) for name, value in record.get("extra", {}).items()},
    )
    anchors = tuple(Anchor(*anchor) for anchor in record.get("anchors", ()))
    root, path = record.get("root", ""), record.get("path", key)
    check_meta(meta, root, path)
    check_anchors(anchors)
    size = record.get("size")
    return Recorded(meta, root, path, anchors, size if type(size) is int else None)


def _date_from_json(value: Any) -> PartialDate | None:
    return None if value is None else PartialDate.parse(value[0], guessed=bool(value[1]))


def _value_to_json(value: MetaValue) -> object:
    if isinstance(value, dt.date):
        # Of a moment, which is a date to Python, the day: more could not be read back.
        return {"date": dt.date(value.year, value.month, value.day).isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _value_from_json(value: Any) -> MetaValue:
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["date"])
    return tuple(value) if isinstance(value, list) else value
