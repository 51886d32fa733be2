"""Documents, sections and paragraphs as columns, and back again.

Arrays (D documents, S sections, P paragraphs of one segment; "u4" unless said otherwise; offsets in
characters are relative to the document's text, section and paragraph numbers to the segment):

    doc/keys, doc/key_ends      keys end to end (UTF-8) and where each ends
    doc/by_key                  document numbers in the order of their keys (bytes)
    doc/sections, doc/paragraphs    first of each document, and the end (D + 1)
    doc/language                number in the file's list of languages
    doc/text, doc/record, doc/titles    byte offsets into the three streams (u8, D + 1)
    section/level (u1), section/parent (number + 1 within the document, 0: none), section/start, /end,
    /heading, /heading_length, /first, /last
    paragraph/start, /length, /bytes (offset in UTF-8), /byte_length, /section, /line, /kind (u1)
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

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
from .arrays import Array
from .stream import StreamWriter

__all__ = ["KINDS", "TableWriter", "record_from_json", "record_to_json", "section_paths"]

KINDS: tuple[ParagraphKind, ...] = get_args(ParagraphKind)
_KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}


# Made once: `json.dumps` makes one at every call, which takes longer than the encoding of a record.
_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


class TableWriter:
    """Collects the rows of a segment, document by document."""

    def __init__(self) -> None:
        self.keys: list[bytes] = []
        self._language: list[str] = []
        self.text = StreamWriter()
        self._record = StreamWriter()
        self._titles = StreamWriter()
        self._offsets: dict[str, list[int]] = {"text": [0], "record": [0], "titles": [0]}
        self._firsts: dict[str, list[int]] = {"sections": [0], "paragraphs": [0]}
        self._sections: list[tuple[int, ...]] = []
        self._paragraphs: list[tuple[int, ...]] = []
        from .columns import ColumnWriter  # here, since a search writes none

        self.columns = ColumnWriter()

    @property
    def documents(self) -> int:
        return len(self.keys)

    @property
    def languages(self) -> list[str]:
        return sorted(set(self._language))

    @property
    def sections(self) -> int:
        return len(self._sections)

    @property
    def paragraphs(self) -> int:
        return len(self._paragraphs)

    def add(self, document: Document, source: Source) -> None:
        first_section, first_paragraph = len(self._sections), len(self._paragraphs)
        self.keys.append(document.key.encode())
        self._language.append(document.meta.language)
        self.columns.add(document.meta, source.root)
        self.text.add(document.text.encode())
        self._record.add(record_to_json(document.meta, source, document.anchors))
        self._titles.add("\n".join(" ".join(s.title.split()) for s in document.sections).encode())
        for name, stream in (("text", self.text), ("record", self._record), ("titles", self._titles)):
            self._offsets[name].append(stream.length)
        self._sections += [
            (
                s.level,
                0 if s.parent is None else s.parent + 1,
                s.start,
                s.end,
                s.heading[0],
                s.heading[1] - s.heading[0],
                s.first + first_paragraph,
                s.last + first_paragraph,
            )
            for s in document.sections
        ]
        byte_ranges = _byte_ranges(document.text, document.paragraphs)
        self._paragraphs += [
            (p.start, p.end - p.start, at, size, p.section + first_section, p.line, _KIND_CODES[p.kind])
            for p, (at, size) in zip(document.paragraphs, byte_ranges, strict=True)
        ]
        self._firsts["sections"].append(len(self._sections))
        self._firsts["paragraphs"].append(len(self._paragraphs))

    def arrays(self) -> dict[str, Array | bytes]:
        order = sorted(range(len(self.keys)), key=self.keys.__getitem__)
        ends = np.cumsum([0, *map(len, self.keys)]).astype(np.uint32)
        number = {language: code for code, language in enumerate(self.languages)}
        arrays: dict[str, Array | bytes] = {
            "doc/keys": b"".join(self.keys),
            "doc/key_ends": ends,
            "doc/by_key": np.array(order, np.uint32),
            "doc/language": np.array([number[language] for language in self._language], np.uint32),
            **{f"doc/{name}": np.array(firsts, np.uint32) for name, firsts in self._firsts.items()},
            **{f"doc/{name}": np.array(offsets, np.uint64) for name, offsets in self._offsets.items()},
            **self.text.arrays("text"),
            **self._record.arrays("record"),
            **self._titles.arrays("titles"),
        }
        arrays |= _columns(self._sections, SECTION_COLUMNS, "section")
        arrays |= _columns(self._paragraphs, PARAGRAPH_COLUMNS, "paragraph")
        return arrays


SECTION_COLUMNS: Mapping[str, str] = {
    "level": "|u1",
    "parent": "<u4",
    "start": "<u4",
    "end": "<u4",
    "heading": "<u4",
    "heading_length": "<u4",
    "first": "<u4",
    "last": "<u4",
}
PARAGRAPH_COLUMNS: Mapping[str, str] = {
    "start": "<u4",
    "length": "<u4",
    "bytes": "<u4",
    "byte_length": "<u4",
    "section": "<u4",
    "line": "<u4",
    "kind": "|u1",
}


def _columns(rows: Sequence[tuple[int, ...]], columns: Mapping[str, str], table: str) -> dict[str, Array]:
    values = list(zip(*rows, strict=True)) or [() for _ in columns]
    return {
        f"{table}/{name}": np.array(column, dtype)
        for (name, dtype), column in zip(columns.items(), values, strict=True)
    }


def _byte_ranges(text: str, paragraphs: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """Offset and length in UTF-8 of each paragraph; they are in order and disjoint."""
    if text.isascii():
        return [(p.start, p.end - p.start) for p in paragraphs]
    ranges: list[tuple[int, int]] = []
    at_char, at_byte = 0, 0
    for p in paragraphs:
        at_byte += len(text[at_char : p.start].encode())
        size = len(text[p.start : p.end].encode())
        ranges.append((at_byte, size))
        at_byte += size
        at_char = p.end
    return ranges


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


def record_to_json(meta: Metadata, source: Source, anchors: Sequence[Anchor]) -> bytes:
    record = {
        "title": meta.title,
        "language": meta.language,
        "type": meta.type,
        "root": source.root,
        "path": source.path,
        "guessed": [
            name
            for name, guessed in (("title", meta.title_guessed), ("language", meta.language_guessed))
            if guessed
        ],
        **{name: value for name in ("source", "place") if (value := getattr(meta, name))},
        **{
            name: [str(value), value.guessed]
            for name in ("published", "effective", "ended")
            if (value := getattr(meta, name)) is not None
        },
        "extra": {key: _value_to_json(value) for key, value in meta.extra.items()},
        "anchors": [[a.kind, a.start, a.end, a.index, a.label] for a in anchors],
    }
    return _encode(record).encode()


def record_from_json(content: bytes) -> tuple[Metadata, str, str, tuple[Anchor, ...]]:
    """Metadata, root, path and anchors. Raises ValueError, KeyError or TypeError on anything else."""
    record: dict[str, Any] = json.loads(content)
    meta = Metadata(
        title=record["title"],
        title_guessed="title" in record["guessed"],
        language=record["language"],
        language_guessed="language" in record["guessed"],
        type=record["type"],
        source=record.get("source", ""),
        place=record.get("place", ""),
        published=_date_from_json(record.get("published")),
        effective=_date_from_json(record.get("effective")),
        ended=_date_from_json(record.get("ended")),
        extra={key: _value_from_json(value) for key, value in record["extra"].items()},
    )
    return meta, record["root"], record["path"], tuple(Anchor(*anchor) for anchor in record["anchors"])


def _date_from_json(value: Any) -> PartialDate | None:
    return None if value is None else PartialDate.parse(value[0], guessed=bool(value[1]))


def _value_to_json(value: MetaValue) -> object:
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _value_from_json(value: Any) -> MetaValue:
    if isinstance(value, dict):
        return dt.date.fromisoformat(value["date"])
    return tuple(value) if isinstance(value, list) else value
