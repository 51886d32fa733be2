"""Rows of another reader's documents: what it keeps of each, without analysing anything again."""

# mypy: allow-untyped-calls

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whoosh.columns import TranslatingColumnReader
from whoosh.fields import Schema
from whoosh.formats import Characters, Positions
from whoosh.reading import IndexReader

from .build import Row

__all__ = ["rows_of"]


def rows_of(reader: IndexReader, schema: Schema) -> Iterator[Row]:
    """The live documents of the reader in their order, with the fields that the schema has."""
    for leaf, _ in reader.leaf_readers():
        yield from _leaf_rows(leaf, schema)


def _leaf_rows(reader: IndexReader, schema: Schema) -> Iterator[Row]:
    rows: dict[int, Row] = {}
    for number, stored in reader.iter_docs():
        row = rows[number] = Row()
        row.stored = {name: value for name, value in stored.items() if name in schema}
    names = [name for name in reader.indexed_field_names() if name in schema]
    for name in names:
        _post_all(reader, schema, name, rows)
    for name, field in schema.items():
        if field.column_type and name in reader.schema and reader.has_column(name):
            column: Any = reader.column_reader(name, field.column_type)
            column = column.raw_column() if isinstance(column, TranslatingColumnReader) else column
            for number, row in rows.items():
                row.columns[name] = column[number]
    yield from (row.seal(schema) for row in rows.values())


def _post_all(reader: IndexReader, schema: Schema, name: str, rows: dict[int, Row]) -> None:
    field: Any = schema[name]
    places, spans = isinstance(field.format, Positions), isinstance(field.format, Characters)
    for text in reader.lexicon(name):
        matcher = reader.postings(name, text)
        while matcher.is_active():
            occurrences: list[tuple[int, int, int]] = []
            if spans:
                occurrences = matcher.value_as("characters")
            elif places:
                occurrences = [(at, 0, 0) for at in matcher.value_as("positions")]
            frequency = matcher.value_as("frequency") if field.format.posting_size else 1
            row = rows.get(matcher.id())
            if row is not None:
                row.post(name, text, frequency, matcher.weight(), occurrences)
            matcher.next()
    if field.scorable:
        for number, row in rows.items():
            if length := reader.doc_field_length(number, name):
                row.lengths[name] = length
