"""From a caller's documents to columns: what the schema's analysers and formats make of them, collected.

A document here is a *row*. All analysis is Whoosh's own; only what its formats encode (with pickle) is kept
as numbers instead.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from whoosh.fields import FieldType, Schema, UnknownFieldError
from whoosh.formats import Characters, Existence, Positions, tokens

from ...stream import StreamWriter
from .columns import ColumnRows
from .flat import Flat
from .values import stored_to_json

__all__ = ["Occurrence", "Row", "RowBuilder", "analysed"]

Occurrence = tuple[int, int, int]
"""Position, first character and last character (half-open) of a token; zeros where the format keeps none."""


class Term:
    """What a document says of one term in one field."""

    __slots__ = ("frequency", "occurrences", "weight")

    def __init__(self) -> None:
        self.frequency = 0
        self.weight = 0.0
        self.occurrences: list[Occurrence] = []


class Row:
    """A document, analysed: nothing of it is in the index yet, so that a bad value leaves nothing behind.

    stored: values by field. terms: by field and term. lengths: tokens by field, for fields that are scored by
    length. columns: values as the fields' columns hold them.
    """

    def __init__(self) -> None:
        self.stored: dict[str, Any] = {}
        self.terms: dict[str, dict[bytes, Term]] = {}
        self.lengths: dict[str, int] = {}
        self.columns: dict[str, Any] = {}
        self.content = b""

    def seal(self, schema: Schema) -> Row:
        """The row, with what is stored of it as `content`; IndexProblem for values that cannot be kept."""
        self.content = stored_to_json(self.stored)
        for name, value in self.columns.items():
            ColumnRows.check(name, schema[name].column_type, value)
        return self

    def post(
        self,
        name: str,
        text: bytes,
        frequency: int,
        weight: float,
        occurrences: Iterable[Occurrence] = (),
    ) -> None:
        terms = self.terms.setdefault(name, {})
        term = terms.get(text)
        if term is None:
            term = terms[text] = Term()
        term.frequency += frequency
        term.weight += weight
        term.occurrences += occurrences


def analysed(schema: Schema, given: Mapping[str, Any]) -> Row:
    """The keyword arguments of `add_document` as a row, by the rules of Whoosh's documentation.

    `_stored_x` replaces the stored value of x, `_x_boost` and `_boost` multiply the weights of its terms.
    UnknownFieldError for a name that the schema does not have; IndexProblem for a value that cannot be kept;
    whatever the analyser raises.
    """
    row = Row()
    boost = float(given.get("_boost", 1.0))
    names = sorted(name for name in given if not name.startswith("_"))
    for name in names:
        if name not in schema:
            raise UnknownFieldError(f"No field named {name!r} in {schema}")
    for name in names:
        value = given[name]
        if value is None:
            continue
        field = schema[name]
        if field.indexed:
            _index(row, name, field, value, float(given.get(f"_{name}_boost", boost)))
        kept = given.get(f"_stored_{name}", value)
        if field.stored and kept is not None:
            row.stored[name] = kept
        if field.column_type and kept is not None:
            row.columns[name] = field.to_column_value(kept)
    return row.seal(schema)


def _index(row: Row, name: str, field: FieldType, value: Any, boost: float) -> None:
    if type(field).index is FieldType.index:
        _index_text(row, name, field, value, boost)
    else:
        for text, frequency, weight, _ in field.index(value):
            row.post(name, text, frequency, weight * boost)
    if field.scorable:
        row.lengths[name] = sum(term.frequency for term in row.terms.get(name, {}).values())
    if field.separate_spelling():
        for word in field.spellable_words(value):
            row.post(field.spelling_fieldname(name), word.encode(), 1, 1.0)


def _index_text(row: Row, name: str, field: FieldType, value: Any, boost: float) -> None:
    """As `Format.word_values` reads the tokens."""
    if not isinstance(value, str | list | tuple):
        raise ValueError(f"{value!r} is not unicode or sequence")
    format_: Any = field.format
    places, spans = isinstance(format_, Positions), isinstance(format_, Characters)
    wanted: dict[str, Any] = {"mode": "index"}
    wanted |= {"boosts": True} if not isinstance(format_, Existence) else {}
    wanted |= {"positions": True} if places else {}
    wanted |= {"chars": True} if spans else {}
    sums: dict[str, float] = {}
    occurrences: dict[str, list[Occurrence]] = {}
    for token in tokens(value, field.analyzer, wanted):
        text = token.text
        sums[text] = sums.get(text, 0.0) + token.boost
        at = (token.pos if places else 0, token.startchar if spans else 0, token.endchar if spans else 0)
        occurrences.setdefault(text, []).append(at)
    for text, weight in sums.items():
        if isinstance(format_, Existence):
            row.post(name, text.encode(), 1, format_.field_boost * boost)
        else:
            weight *= format_.field_boost
            row.post(name, text.encode(), len(occurrences[text]), weight * boost, occurrences[text])


class RowBuilder:
    """Collects rows in memory, until they are written as one segment.

    size: bytes of what was stored and postings, roughly. stored_names: fields of which something is stored.
    """

    def __init__(self) -> None:
        self.count = 0
        self.size = 0
        self.stored_names: set[str] = set()
        self._stored = StreamWriter()
        self._ends = array("Q", [0])
        self._fields: dict[str, _FieldRows] = {}
        self._columns: dict[str, ColumnRows] = {}

    def add(self, schema: Schema, row: Row) -> None:
        """Take in a row that was sealed."""
        self.stored_names |= row.stored.keys()
        self._stored.add(row.content)
        self._ends.append(self._stored.length)
        for name, terms in row.terms.items():
            rows = self._fields.get(name)
            if rows is None:
                rows = self._fields[name] = _FieldRows(schema[name])
            self.size += rows.add(self.count, terms, row.lengths.get(name, 0))
        for name, value in row.columns.items():
            if name not in self._columns:
                self._columns[name] = ColumnRows(schema[name].column_type)
            self._columns[name].add(self.count, value)
        self.size += len(row.content) + 16 * len(row.columns)
        self.count += 1

    def stored_arrays(self) -> dict[str, Any]:
        return {"doc/stored": np.array(self._ends, np.uint64), **self._stored.arrays("stored")}

    def flats(self) -> dict[str, Flat]:
        return {name: rows.flat(self.count) for name, rows in self._fields.items()}

    def columns(self) -> Mapping[str, ColumnRows]:
        return self._columns


class _FieldRows:
    """The postings of one field as they come, document by document."""

    def __init__(self, field: FieldType) -> None:
        self._scorable = bool(field.scorable)
        self._places = isinstance(field.format, Positions)
        self._characters = isinstance(field.format, Characters)
        self._numbers: dict[bytes, int] = {}
        self._terms, self._units, self._frequencies = array("I"), array("I"), array("I")
        self._weights = array("f")
        self._positions, self._starts, self._ends = array("I"), array("I"), array("I")
        self._lengths = array("I")

    def add(self, unit: int, terms: Mapping[bytes, Term], length: int) -> int:
        """Take in the terms of the next document; roughly how many bytes that are."""
        for text, term in terms.items():
            self._terms.append(self._numbers.setdefault(text, len(self._numbers)))
            self._units.append(unit)
            self._frequencies.append(term.frequency)
            self._weights.append(term.weight)
            if self._places:
                self._place(term.occurrences)
            elif term.frequency:
                self._positions.extend(range(term.frequency))
        if length:
            self._lengths.extend([0] * (unit - len(self._lengths)))
            self._lengths.append(length)
        return 24 * len(terms)

    def _place(self, occurrences: Sequence[Occurrence]) -> None:
        for position, start, end in sorted(occurrences):
            self._positions.append(position)
            if self._characters:
                self._starts.append(start)
                self._ends.append(end)

    def flat(self, units: int) -> Flat:
        lengths = np.zeros(units, np.int64)
        lengths[: len(self._lengths)] = self._lengths
        return Flat(
            terms=list(self._numbers),
            term_of=np.array(self._terms, np.int64),
            units=np.array(self._units, np.int64),
            frequencies=np.array(self._frequencies, np.int64),
            weights=np.array(self._weights, np.float32),
            positions=np.array(self._positions, np.int64),
            spans=(np.array(self._starts, np.int64), np.array(self._ends, np.int64))
            if self._characters
            else None,
            lengths=lengths,
            scorable=self._scorable,
            placed=self._places,
        )
