"""The schema in which Whoosh sees an index: stock field types only, describable as JSON.

A Whoosh document is a paragraph. Its fields (`xx`: each language that the index holds):

    text_xx            words of the paragraph
    heading_xx         words of the headings that open right before it
    title_xx           words of the document's title, at the document's first paragraph
    key, title, root, path, source, place, type, language       whole values, as they are written
    published, effective, ended                                 first day of what the date can mean
    paragraph          index in the document, from 0
    line               first source line, from 1
    meta_name          front-matter and caller's fields; of the type that all their values have, else keywords

All are stored. All but words and truth values are sortable; where a paragraph has none, numbers and dates
sort last (as the greatest of their type) and text sorts first (as empty).
"""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from whoosh.columns import NumericColumn
from whoosh.fields import BOOLEAN, DATETIME, ID, KEYWORD, NUMERIC, TEXT, FieldType, Schema

from ...errors import IndexCorrupt, IndexIncompatible, IndexProblem
from ..analysis.analyser import PolicyAnalyzer

__all__ = ["FIXED", "WORDS", "build_schema", "schema_from_json", "schema_to_json"]

WORDS: Final = ("text", "heading", "title")
"""Kinds of the fields of words, each once for every language: `text_en`."""

FIXED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("key", "title", "root", "path", "source", "place", "type", "language"), "id"),
    **dict.fromkeys(("published", "effective", "ended"), "date"),
    **dict.fromkeys(("paragraph", "line"), "integer"),
}
"""Type of each field that every index has."""

_VERSION = 1
_NAME = re.compile(r"[^\W_]\w*")
_OPTIONS = (
    "analyzer",
    "format",
    "scorable",
    "stored",
    "unique",
    "vector",
    "multitoken_query",
    "spelling",
    "numtype",
    "bits",
    "signed",
    "shift_step",
    "decimal_places",
)


def _words(language: str) -> FieldType:
    # A word of several tokens (48-904.01) is asked for as a phrase, as in docsearch's own grammar.
    return TEXT(PolicyAnalyzer(language), phrase=True, stored=True, multitoken_query="phrase")


def _numeric(field: NUMERIC, greatest: object) -> FieldType:
    # Whoosh's own default cannot always be read back: for dates it lies beyond the last year.
    field.set_sortable(NumericColumn(field.sortable_typecode, default=field.to_column_value(greatest)))
    return field


_TYPES: Final[Mapping[str, Callable[[], FieldType]]] = {
    "id": lambda: ID(stored=True, sortable=True),
    "keywords": lambda: KEYWORD(stored=True, commas=True, sortable=True),
    "integer": lambda: _numeric(NUMERIC(int, 64, stored=True), 2**63 - 1),
    "number": lambda: _numeric(NUMERIC(float, stored=True), float("inf")),
    "date": lambda: _numeric(DATETIME(stored=True), dt.datetime.max),
    "boolean": lambda: BOOLEAN(stored=True),
}


def build_schema(languages: Iterable[str], extra: Mapping[str, str]) -> Schema:
    """The schema of an index that holds these languages. extra: types of further fields, by name."""
    types = {**FIXED, **extra}
    return Schema(
        **{f"{kind}_{language}": _words(language) for kind in WORDS for language in languages},
        **{name: _TYPES[kind]() for name, kind in types.items()},
    )


def schema_to_json(schema: Schema) -> str:
    """A schema as JSON: `{"version": 1, "fields": {name: {"type": …}}}`; words have their "language" too.

    IndexProblem for a field that is not as `build_schema` makes it.
    """
    fields = {name: _describe(name, field) for name, field in schema.items()}
    return json.dumps({"version": _VERSION, "fields": fields}, sort_keys=True)


def schema_from_json(content: str | bytes) -> Schema:
    """The schema that `schema_to_json` described.

    IndexIncompatible for a version or type that this program does not know, IndexCorrupt for anything else
    that is not as it was written.
    """
    hint = "Describe the schema of the index again with `schema_to_json`"
    try:
        described = json.loads(content)
        version = described["version"]
        fields = {
            name: (str(field["type"]), field.get("language")) for name, field in described["fields"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexCorrupt("the description of a schema cannot be read", hint=hint) from error
    if version != _VERSION:
        raise IndexIncompatible(
            f"a schema of version {str(version)[:20]}, where this program knows 1", hint=hint
        )
    schema = Schema()
    for name, (kind, language) in fields.items():
        if not _NAME.fullmatch(name) or (kind == "words") is not isinstance(language, str):
            raise IndexCorrupt(f"the field {name[:60]!r} is not described as it was written", hint=hint)
        if kind != "words" and kind not in _TYPES:
            raise IndexIncompatible(f"the field {name!r} has the unknown type {kind[:60]!r}", hint=hint)
        schema.add(name, _words(language) if kind == "words" else _TYPES[kind]())
    return schema


def _describe(name: str, field: FieldType) -> dict[str, str]:
    if isinstance(field.analyzer, PolicyAnalyzer):
        language = field.analyzer.language
        if _alike(field, _words(language)):
            return {"type": "words", "language": language}
    for kind, make in _TYPES.items():
        if _alike(field, make()):
            return {"type": kind}
    raise IndexProblem(
        f"the field {name!r} has a type or options that an index of docsearch does not hold",
        hint="Take the schema from `Index.whoosh`",
    )


def _alike(one: FieldType, other: FieldType) -> bool:
    return type(one) is type(other) and all(
        _option(one, option) == _option(other, option) for option in (*_OPTIONS, "column_type")
    )


def _option(field: FieldType, name: str) -> Any:
    value = getattr(field, name, None)
    # Columns do not compare: of the same type and options they have the same attributes.
    return (type(value), vars(value)) if name == "column_type" and value is not None else value
