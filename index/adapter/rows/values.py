"""Stored values as JSON: what JSON knows, bytes, dates and decimals; tuples stay tuples.

What JSON does not know becomes an object of one entry that names its kind, and so does every object itself:
`{"bytes": "AAE="}`, `{"object": {"a": 1}}`.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ....errors import IndexProblem

__all__ = ["stored_from_json", "stored_to_json"]

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


def stored_to_json(values: dict[str, Any]) -> bytes:
    """The stored values of a document, by field. IndexProblem for a value that cannot be kept."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        try:
            plain[name] = _plain(value)
        except (TypeError, RecursionError) as error:
            raise IndexProblem(
                f"the field {name!r} cannot store this value ({error})",
                hint="Store text, numbers, truth values, None, bytes, dates, and lists, tuples and"
                " dictionaries of these",
            ) from error
    return _encode(plain).encode()


def stored_from_json(content: bytes) -> dict[str, Any]:
    """The reverse; ValueError, KeyError, TypeError, ArithmeticError or RecursionError for anything else."""
    return {name: _value(plain) for name, plain in json.loads(content).items()}


def _plain(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int, str) or (kind is float and math.isfinite(value)):
        return value
    if kind is list:
        return [_plain(item) for item in value]
    if kind is tuple:
        return {"tuple": [_plain(item) for item in value]}
    if kind is dict and all(type(key) is str for key in value):
        return {"object": {key: _plain(item) for key, item in value.items()}}
    if kind is bytes:
        return {"bytes": base64.b64encode(value).decode()}
    if kind is float or kind is Decimal:
        return {kind.__name__.lower(): str(value)}
    if kind in (dt.datetime, dt.date, dt.time):
        return {kind.__name__: value.isoformat()}
    raise TypeError(f"of the type {kind.__name__}")


def _value(plain: Any) -> Any:
    if isinstance(plain, list):
        return [_value(item) for item in plain]
    if not isinstance(plain, dict):
        return plain
    ((kind, value),) = plain.items()
    if kind == "object":
        return {key: _value(item) for key, item in value.items()}
    if kind == "tuple":
        return tuple(_value(item) for item in value)
    return _KINDS[kind](value)


_KINDS: Mapping[str, Callable[[str], Any]] = {
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "float": float,
    "decimal": Decimal,
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
}
