"""Columns: the values of a field by document, for filters, sorting and counting.

A column holds the values of one type (`Kind`) that one field has in a segment. Arrays of column number `i`,
in a segment of D documents, with n values in m of them (`meta["columns"]` lists [name, kind, m, n], sorted):

    column/i/documents   the m documents that have values, ascending (u4); absent when all D have
    column/i/starts      where the values of each begin, and the end (u4, m + 1); absent when each has one
    column/i/values      bool: 0 or 1 (u1); float (f8); int; date: the first day that it can mean (1 is
                         0001-01-01); string: the number of the word. When all n are the same, only the first
                         is stored. All but floats are less `base`, and of the narrowest of u1, u2, u4, u8
    column/i/base        the least value, of ints and dates (i8, 1)
    column/i/lasts       of dates: the last day, like `values`; absent where none differs from the first
    column/i/words, column/i/word_ends    of strings: the distinct words, sorted, end to end (UTF-8)

The language is a column of the documents' table, the key another: both can be asked for like these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Protocol, get_args

import numpy as np

from ..corpus.model import Metadata, MetaValue, PartialDate
from ..errors import IndexCorrupt, IndexIncompatible
from .arrays import I64, U64, Array, first_of_runs, spread
from .container import Container
from .field import WordList

__all__ = [
    "BUILT_IN",
    "Column",
    "ColumnWriter",
    "Columns",
    "Kind",
    "Words",
    "column_arrays",
    "merge_columns",
    "partial_date",
    "typed",
]

Kind = Literal["bool", "date", "float", "int", "string"]
BUILT_IN = ("effective", "ended", "key", "language", "place", "published", "root", "source", "type")
"""Fields of every document; a caller's field of such a name is found as `extra.NAME`."""

_TYPES: Mapping[Kind, str] = {"bool": "|u1", "int": "<i8", "float": "<f8", "date": "<i8"}
_NARROW = ("|u1", "<u2", "<u4", "<u8")
_LAST_DAY = dt.date.max.toordinal()
_INT64 = 1 << 63


class Words(Protocol):
    """Sorted distinct words."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one type that a field has.

    documents: of each value its document, ascending; values, lasts: as long (of dates the first and the last
    day, of strings numbers of words), less `base`. full: every document has exactly one value, at its own
    number.
    """

    name: str
    kind: Kind
    documents: I64
    values: Array
    lasts: Array | None = None
    words: Words = ()
    base: int = 0
    full: bool = False

    def restored(self) -> Column:
        """The same without a base."""
        if self.kind not in ("int", "date"):
            return self
        # Always signed: numpy joins uint64 and int64 to float64, which would round.
        values = self.values.astype(np.int64) + self.base
        lasts = None if self.lasts is None else self.lasts.astype(np.int64) + self.base
        return Column(self.name, self.kind, self.documents, values, lasts, self.words)

    def value(self, at: int) -> str | int | float | bool | PartialDate:
        """The value at an index, as it was handed in (dates as partial dates)."""
        stored = self.values[at].item() + self.base
        if self.kind == "string":
            return _text(self.words[stored])
        if self.kind == "date":
            last = stored if self.lasts is None else self.lasts[at].item() + self.base
            return partial_date(stored, last)
        return bool(stored) if self.kind == "bool" else stored


def partial_date(first: int, last: int) -> PartialDate:
    """The date that can mean the days from one to another (numbers of days, 1 is 0001-01-01)."""
    day, end = dt.date.fromordinal(first), dt.date.fromordinal(last)
    if day == end:
        return PartialDate(day.year, day.month, day.day)
    return PartialDate(day.year, day.month) if day.month == end.month else PartialDate(day.year)


def _text(word: bytes) -> str:
    try:
        return word.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # a forged index may mislead
        return word.decode("utf-8", "replace")


def typed(value: MetaValue | PartialDate) -> tuple[Kind, Any]:
    """What a single value is stored as. Integers beyond 64 bits are kept as text."""
    if isinstance(value, str):
        return "string", value.encode("utf-8", "surrogatepass")
    if isinstance(value, bool):
        return "bool", int(value)
    if isinstance(value, int):
        return ("int", value) if -_INT64 <= value < _INT64 else ("string", str(value).encode())
    if isinstance(value, float):
        return "float", value
    if isinstance(value, PartialDate):
        return "date", (value.first_day.toordinal(), value.last_day.toordinal())
    if isinstance(value, dt.date):
        return "date", (value.toordinal(),) * 2
    raise TypeError(f"no column holds a {type(value).__name__}")


# Writing


class ColumnWriter:
    """Collects the values of a segment. Each metadata object is looked at once, however many documents
    share it."""

    def __init__(self) -> None:
        self._metas: list[tuple[Metadata, str]] = []
        self._known: dict[tuple[int, str], int] = {}
        self._numbers: list[int] = []
        self._sizes: list[int] = []

    def add(self, meta: Metadata, root: str, count: int = 1) -> None:
        """The next `count` documents have this metadata and root."""
        number = self._known.setdefault((id(meta), root), len(self._metas))
        if number == len(self._metas):
            self._metas.append((meta, root))
        self._numbers.append(number)
        self._sizes.append(count)

    def columns(self) -> list[Column]:
        gathered: dict[tuple[str, Kind], tuple[list[int], list[Any]]] = {}
        for number, (meta, root) in enumerate(self._metas):
            for name, value in _values(meta, root):
                kind, stored = typed(value)
                numbers, values = gathered.setdefault((name, kind), ([], []))
                numbers.append(number)
                values.append(stored)
        meta_of = np.repeat(np.array(self._numbers, np.int64), np.array(self._sizes, np.int64))
        return [
            self._column(name, kind, np.array(numbers, np.int64), values, meta_of)
            for (name, kind), (numbers, values) in gathered.items()
        ]

    def _column(self, name: str, kind: Kind, numbers: I64, values: list[Any], meta_of: I64) -> Column:
        """The column of values of metadata objects, by the object of each document."""
        counts = np.bincount(numbers, minlength=len(self._metas))
        mine = counts[meta_of]
        documents = np.repeat(np.arange(len(meta_of)), mine)
        which = spread((counts.cumsum() - counts)[meta_of], mine)
        if kind == "string":
            words = sorted(set(values))
            codes = {word: code for code, word in enumerate(words)}
            coded = np.fromiter(map(codes.__getitem__, values), np.int64, len(values))
            return Column(name, kind, documents, coded[which], words=words)
        if kind == "date":
            days = np.array(values, np.int64)[which]
            return Column(name, kind, documents, days[:, 0], days[:, 1])
        return Column(name, kind, documents, np.array(values, _TYPES[kind])[which])


def _values(meta: Metadata, root: str) -> Iterator[tuple[str, MetaValue | PartialDate]]:
    """Names and single values of all fields that have some."""
    yield "type", meta.type
    yield "root", root
    if meta.source:
        yield "source", meta.source
    if meta.place:
        yield "place", meta.place
    for name, date in (("published", meta.published), ("effective", meta.effective), ("ended", meta.ended)):
        if date is not None:
            yield name, date
    for name, value in meta.extra.items():
        field = f"extra.{name}" if name in BUILT_IN else name
        for each in dict.fromkeys(value) if isinstance(value, tuple) else (value,):
            yield field, each


def column_arrays(columns: Iterable[Column], documents: int) -> tuple[list[list[Any]], dict[str, Any]]:
    """The list for the file's `meta`, and the arrays. The same values give the same bytes."""
    listed: list[list[Any]] = []
    arrays: dict[str, Any] = {}
    for column in sorted(columns, key=lambda each: (each.name, each.kind)):
        if len(column.values):
            prefix = f"column/{len(listed)}/"
            at = first_of_runs(column.documents)
            listed.append([column.name, column.kind, len(at), len(column.values)])
            if len(at) < documents:
                arrays[f"{prefix}documents"] = column.documents[at].astype(np.uint32)
            if len(at) < len(column.values):
                arrays[f"{prefix}starts"] = np.append(at, len(column.values)).astype(np.uint32)
            arrays |= {f"{prefix}{name}": array for name, array in _packed(column).items()}
    return listed, arrays


def _packed(column: Column) -> dict[str, Any]:
    if column.kind == "string":
        return _packed_words(column)
    values, lasts = column.values, column.lasts
    if column.kind in ("bool", "float"):
        return {"values": _shrunk(values.astype(_TYPES[column.kind]))}
    base = int(values.min())
    dtype = _narrow(int((values if lasts is None else lasts).max()) - base)
    packed = {"base": np.array([base], np.int64), "values": _shrunk(_less(values, base).astype(dtype))}
    if lasts is not None and (lasts != values).any():
        packed["lasts"] = _shrunk(_less(lasts, base).astype(dtype))
    return packed


def _less(values: I64, base: int) -> U64:
    """Differences, also those that int64 cannot hold."""
    return values.astype(np.uint64) - np.array(base, np.int64).astype(np.uint64)


def _packed_words(column: Column) -> dict[str, Any]:
    """Without words that no document has any more."""
    used = np.zeros(len(column.words), np.bool_)
    used[column.values] = True
    words = [column.words[at] for at in np.flatnonzero(used).tolist()]
    codes = (used.cumsum() - 1)[column.values]
    return {
        "values": _shrunk(codes.astype(_narrow(len(words) - 1))),
        "words": b"".join(words),
        "word_ends": np.cumsum([0, *map(len, words)]).astype(np.uint32),
    }


def _narrow(greatest: int) -> str:
    """The narrowest type that holds a number."""
    return next(dtype for dtype in _NARROW if greatest < 1 << 8 * np.dtype(dtype).itemsize)


def _shrunk(values: Array) -> Array:
    bits = values.view(np.uint64) if values.dtype.kind == "f" else values  # 0.0 and -0.0 are two values
    return values[:1] if (bits == bits[0]).all() else values


# Merging


def merge_columns(parts: Sequence[tuple[Columns, I64]]) -> list[Column] | None:
    """The columns of the kept documents of several segments, laid end to end; None when one of them was
    written without columns.

    parts: of each segment its columns, and how many kept documents stand before each (and before the end).
    """
    if not all(columns.known for columns, _ in parts):
        return None
    names = sorted({name for columns, _ in parts for name in columns.listed})
    return [_merged(name, kind, parts) for name, kind in names]


def _merged(name: str, kind: Kind, parts: Sequence[tuple[Columns, I64]]) -> Column:
    documents: list[I64] = []
    values: list[Array] = []
    lasts: list[Array] = []
    words: list[list[bytes]] = []
    base = 0
    for columns, before in parts:
        found = columns.get(name, kind)
        if found is not None:
            column = found.restored()
            keep = np.diff(before)[column.documents].nonzero()[0]
            documents.append(before[column.documents[keep]] + base)
            values.append(column.values[keep])
            lasts.append((column.values if column.lasts is None else column.lasts)[keep])
            words.append([column.words[at] for at in range(len(column.words))])
        base += int(before[-1])
    if kind != "string":
        return Column(
            name,
            kind,
            np.concatenate(documents),
            np.concatenate(values),
            np.concatenate(lasts) if kind == "date" else None,
        )
    union = sorted({word for each in words for word in each})
    numbers = {word: number for number, word in enumerate(union)}
    codes = [
        np.fromiter(map(numbers.__getitem__, mine), np.int64, len(mine))[each]
        for mine, each in zip(words, values, strict=True)
    ]
    return Column(name, kind, np.concatenate(documents), np.concatenate(codes), words=union)


# Reading


class Columns:
    """The columns of one segment; each is checked when it is first asked for."""

    def __init__(self, container: Container, documents: int) -> None:
        self._container = container
        self._documents = documents
        self._read: dict[tuple[str, Kind], Column] = {}

    @property
    def known(self) -> bool:
        """Whether the segment was written with columns."""
        return "columns" in self._container.meta

    @cached_property
    def listed(self) -> dict[tuple[str, Kind], tuple[int, int, int]]:
        """By name and kind: the column's number, how many documents have values, and how many these are."""
        if not self.known:
            raise IndexIncompatible(
                "it was written by a version that kept no columns, so nothing can be filtered, sorted or "
                "counted by field",
                path=self._container.name,
                hint="Run `docsearch index --rebuild` with this program",
            )
        try:
            return {
                (name, kind): (number, *self._counts(name, kind, having, values))
                for number, (name, kind, having, values) in enumerate(self._container.meta["columns"])
            }
        except (TypeError, ValueError) as error:
            raise self._corrupt("its list of columns cannot be read") from error

    def of(self, name: str) -> list[Column]:
        """The columns of a field, one for each type of value."""
        found = (self.get(name, kind) for kind in get_args(Kind))
        return [column for column in found if column is not None]

    def get(self, name: str, kind: Kind) -> Column | None:
        column = self._read.get((name, kind))
        if column is None and (entry := self.listed.get((name, kind))) is not None:
            column = self._read[name, kind] = self._column(name, kind, *entry)
        return column

    def _counts(self, name: object, kind: object, having: object, values: object) -> tuple[int, int]:
        if type(name) is not str or kind not in get_args(Kind) or type(having) is not int:
            raise ValueError("no column")
        if type(values) is not int or not 1 <= having <= min(values, self._documents):
            raise ValueError("bad counts")
        return having, values

    def _column(self, name: str, kind: Kind, number: int, having: int, count: int) -> Column:
        prefix = f"column/{number}/"
        documents = self._having(prefix, having)
        if count > having:
            documents = np.repeat(documents, self._sizes(f"{prefix}starts", having, count))
        values = self._values(f"{prefix}values", kind, count, alike=count == having)
        lasts, words, base = None, None, 0
        if kind == "string":
            words = self._words(prefix)
            self._require(int(values.max()) < len(words), prefix)
        elif kind == "float":
            self._require(bool(np.isfinite(values).all()), prefix)
        elif kind in ("int", "date"):
            base = int(self._container.array(f"{prefix}base", "<i8", 1)[0])
            self._require(base + int(values.max()) < _INT64, prefix)
        if kind == "date":
            if f"{prefix}lasts" in self._container:
                lasts = self._values(f"{prefix}lasts", kind, count, alike=count == having)
            ends = values if lasts is None else lasts
            sound = base >= 1 and base + int(ends.max()) <= _LAST_DAY and bool((values <= ends).all())
            self._require(sound, prefix)
        full = having == count == self._documents
        return Column(name, kind, documents, values, lasts, words or (), base, full)

    def _having(self, prefix: str, having: int) -> I64:
        if having == self._documents:
            return np.arange(having)
        documents = self._container.array(f"{prefix}documents", "<u4", having).astype(np.int64)
        ascending = bool((documents[1:] > documents[:-1]).all()) and documents[-1] < self._documents
        self._require(ascending, prefix)
        return documents

    def _sizes(self, name: str, having: int, count: int) -> I64:
        starts = self._container.array(name, "<u4", having + 1).astype(np.int64)
        sizes = np.diff(starts)
        self._require(starts[0] == 0 and starts[-1] == count and bool((sizes > 0).all()), name)
        return sizes

    def _values(self, name: str, kind: Kind, count: int, *, alike: bool) -> Array:
        """alike: one value may stand for all."""
        dtypes = (_TYPES[kind],) if kind in ("bool", "float") else _NARROW
        values = self._container.any_array(name, dtypes)
        self._require(len(values) == count or (alike and len(values) == 1), name)
        return values if len(values) == count else np.broadcast_to(values, (count,))

    def _words(self, prefix: str) -> WordList:
        blob, ends = (
            self._container.blob(f"{prefix}words"),
            self._container.array(f"{prefix}word_ends", "<u4"),
        )
        sound = len(ends) > 1 and ends[0] == 0 and ends[-1] == len(blob)
        self._require(sound and bool((ends[1:] >= ends[:-1]).all()), prefix)
        return WordList(blob, ends)

    def _require(self, sound: bool, name: str) -> None:
        if not sound:
            raise self._corrupt(f"{name} does not hold what it must")

    def _corrupt(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(
            what,
            path=self._container.name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )
