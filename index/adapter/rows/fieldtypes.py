"""A caller's schema as JSON: Whoosh's stock field types with their options, analysers and columns.

    {"version": 1, "fields": {"path": {"type": "ID", "stored": true, …}}, "dynamic": {"*_date": {…}}}

A description counts only if the field made from it is the same as the original, attribute by attribute; what
is not in the tables below is refused when the schema is handed over, not when it is read back.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from whoosh import columns, fields, formats
from whoosh.analysis import StandardAnalyzer
from whoosh.fields import FieldType, Schema, SpellField, ensure_schema

from ....errors import IndexCorrupt, IndexIncompatible, IndexProblem
from .components import describe_part, make_part, same

__all__ = ["copied", "schema_from_plain", "schema_to_plain"]

_VERSION = 1
_HINT = "Restore the index from a copy, or build it again"

_OPTIONS: Final[Mapping[str, type]] = {
    "stored": bool,
    "unique": bool,
    "scorable": bool,
    "indexed": bool,
    "multitoken_query": str,
    "spelling": bool,
    "spelling_prefix": str,
    "queryor": bool,
}
"""Attributes of any field that are kept as they are."""

_NUMERIC: Final = ("bits", "decimal_places", "shift_step", "signed")

_FORMATS: Final[Mapping[str, Any]] = {
    kind.__name__: kind
    for kind in (formats.Existence, formats.Frequency, formats.Positions, formats.Characters)
}
_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "VarBytesColumn": {"allow_offsets": "allow_offsets", "write_offsets_cutoff": "write_offsets_cutoff"},
    "FixedBytesColumn": {"fixedlen": "_fixedlen", "default": "_default"},
    "RefBytesColumn": {"fixedlen": "_fixedlen", "default": "_default"},
    "NumericColumn": {"typecode": "_typecode", "default": "_default"},
    "BitColumn": {"compress_at": "_compressat"},
    "CompressedBytesColumn": {"level": "_level", "module": "_module"},
}
"""Columns that can be kept: argument -> attribute."""


_TYPES: Final[Mapping[str, Callable[..., FieldType]]] = {
    "FieldType": lambda **_: FieldType(formats.Existence(), StandardAnalyzer()),
    "ID": lambda **_: fields.ID(),
    "IDLIST": lambda **_: fields.IDLIST(),
    "KEYWORD": lambda **_: fields.KEYWORD(),
    "TEXT": lambda **_: fields.TEXT(),
    "NGRAM": lambda **_: fields.NGRAM(),
    "NGRAMWORDS": lambda **_: fields.NGRAMWORDS(),
    "NUMERIC": lambda numtype, **given: fields.NUMERIC({"int": int, "float": float}[numtype], **given),
    "DATETIME": lambda **_: fields.DATETIME(),
    "BOOLEAN": lambda **_: fields.BOOLEAN(),
    "STORED": lambda **_: fields.STORED(),
    "COLUMN": lambda **_: fields.COLUMN(),
}


def schema_to_plain(schema: Any) -> dict[str, Any]:
    """The schema (an instance or a SchemaClass) as JSON values; IndexProblem for what cannot be kept."""
    schema = ensure_schema(schema)
    # Fields for spelling come into being with the fields that they belong to.
    dynamic = [(name, field) for name, (_, field) in sorted(schema._dyn_fields.items())]
    named, globs = (
        {name: _describe_field(name, field) for name, field in items if not isinstance(field, SpellField)}
        for items in (schema.items(), dynamic)
    )
    return {"version": _VERSION, "fields": named, "dynamic": globs}


def schema_from_plain(described: Any) -> Schema:
    """The schema that `schema_to_plain` described.

    IndexIncompatible for a version, type or part that this program does not know, IndexCorrupt for anything
    else that is not as it was written.
    """
    try:
        if described["version"] != _VERSION:
            raise IndexIncompatible(
                f"a schema of version {str(described['version'])[:20]}, where this program knows {_VERSION}",
                hint="Open the index with the program that made it",
            )
        schema = Schema()
        for key, glob in (("fields", False), ("dynamic", True)):
            for name, field in described[key].items():
                schema.add(name, _make_field(field), glob=glob)
    except (
        ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError, re.error,
        fields.FieldConfigurationError,
    ) as error:  # fmt: skip
        raise IndexCorrupt("the schema is not as it was written", hint=_HINT) from error
    return schema


def copied(schema: Schema) -> Schema:
    """A copy that shares nothing with the original (Whoosh's `Schema.copy` fails where a field has
    spelling)."""
    return schema_from_plain(schema_to_plain(schema))


def _describe_field(name: str, field: FieldType) -> dict[str, Any]:
    kind = type(field).__name__
    if kind not in _TYPES or type(field) is not getattr(fields, kind):
        raise _unkept(name, f"has the type {kind}")
    has = vars(field)
    described: dict[str, Any] = {"type": kind, **{key: has[key] for key in _OPTIONS if key in has}}
    try:
        if has.get("analyzer") is not None:
            described["analyzer"] = describe_part(has["analyzer"])
        for key in ("format", "vector"):
            if has.get(key):
                described[key] = _describe_format(has[key])
        if has.get("column_type") is not None:
            described["column"] = _describe_column(has["column_type"])
        if kind == "NUMERIC":
            given = {key: has[key] for key in _NUMERIC}
            described["numeric"] = {"numtype": has["numtype"].__name__, **given}
            described["default"] = _plain(has["default"])
        again = _make_field(json.loads(json.dumps(described, allow_nan=False, sort_keys=True)))
    except IndexProblem as problem:
        raise _unkept(name, problem.message) from problem
    except (ValueError, TypeError, KeyError, AttributeError, re.error) as error:
        raise _unkept(name, f"has options that it cannot keep ({error})") from error
    if not same(_kept(again), _kept(field)):
        raise _unkept(name, "has options that it cannot keep")
    if field.vector and not _derivable(field):
        raise _unkept(name, "has vectors that hold more than its postings")
    return described


def _kept(field: FieldType) -> dict[str, Any]:
    return {key: value for key, value in vars(field).items() if key != "_struct"}


def _derivable(field: FieldType) -> bool:
    """Whether vectors of the field's kind can be read off its postings."""
    order = list(_FORMATS.values())
    return order.index(type(field.vector)) <= order.index(type(field.format))


def _unkept(name: str, what: str) -> IndexProblem:
    return IndexProblem(
        f"the field {name!r} cannot be kept in an index: {what}",
        hint="Use Whoosh's own field types, analysers and columns (docs/whoosh.md lists them)",
    )


def _make_field(described: Any) -> FieldType:
    kind = described["type"]
    if kind not in _TYPES:
        raise IndexIncompatible(
            f"the unknown field type {str(kind)[:60]!r}", hint="Open the index with the program that made it"
        )
    field = _TYPES[kind](**_numeric(described.get("numeric", {})))
    if isinstance(field, fields.NUMERIC) and "default" in described:
        # Not handed to the constructor: Whoosh-Reloaded refuses there the default that it makes itself.
        field.default = _value(described["default"])
    for key, value in described.items():
        if key in _OPTIONS:
            if value is not None and type(value) is not _OPTIONS[key]:
                raise TypeError(key)
            setattr(field, key, value)
    if "analyzer" in described:
        field.analyzer = make_part(described["analyzer"])
    if "format" in described:
        field.format = _make_format(described["format"])
    if "vector" in described:
        field.vector = _make_format(described["vector"])
    if "column" in described:
        field.column_type = _make_column(described["column"])
    return field


def _numeric(given: dict[str, Any]) -> dict[str, Any]:
    """The options of a field of numbers; ValueError for what Whoosh would fail on, perhaps only later."""
    fits = {
        "bits": lambda value: value in (8, 16, 32, 64),
        "decimal_places": lambda value: 0 <= value <= 64,
        "shift_step": lambda value: 0 <= value <= 64,
    }
    for name, fit in fits.items():
        if name in given and not (type(given[name]) is int and fit(given[name])):
            raise ValueError(name)
    return given


def _describe_format(format_: Any) -> list[Any]:
    name = type(format_).__name__
    if _FORMATS.get(name) is not type(format_) or format_.options:
        raise ValueError(f"the format {name}")
    return [name, float(format_.field_boost)]


def _make_format(described: Any) -> Any:
    name, boost = described
    if type(boost) is not float or not math.isfinite(boost):
        raise TypeError("boost")
    return _FORMATS[name](field_boost=boost)


def _describe_column(column: Any) -> dict[str, Any]:
    name = type(column).__name__
    if name not in _COLUMNS or type(column) is not getattr(columns, name):
        raise ValueError(f"the column {name}")
    return {"column": name, **{key: _plain(getattr(column, at)) for key, at in _COLUMNS[name].items()}}


def _make_column(described: Any) -> Any:
    given = {key: _value(value) for key, value in described.items() if key != "column"}
    if given.keys() != _COLUMNS[described["column"]].keys() or given.get("module", "zlib") != "zlib":
        raise ValueError("column")
    if given.get("typecode", "i") not in tuple("bBhHiIqQfd"):
        raise ValueError("numbers of no known type")
    return getattr(columns, described["column"])(**given)


def _plain(value: Any) -> Any:
    """A number, text or bytes for JSON, which has neither bytes nor every float."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    return {"float": repr(value)} if type(value) is float else value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    return bytes.fromhex(plain["hex"]) if "hex" in plain else float(plain["float"])
