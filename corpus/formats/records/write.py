"""Documents of records and of other data: text as text, all else as lines of names and values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...cutting import ROWS
from ...draft import Draft
from ...model import MetaValue
from ..html import write_page
from ..plain import write_plain
from .names import Names

__all__ = ["fields_of", "write_data", "write_record"]

_LONG = 200  # characters; longer values are text
_DEEPEST = 40
_MOST_FIELDS = 100
_MARKUP = re.compile(r"</[a-zA-Z][a-zA-Z0-9]*\s*>|<(?:p|br|div|li)\s*/?>", re.IGNORECASE)


def write_record(record: Mapping[str, object], names: Names, draft: Draft) -> None:
    """Write a record's text, then what else it holds at length under the names of the fields; without any
    text, all that it holds."""
    name, text = names.text_of(record)
    for part in text if isinstance(text, list) else [text] if name else []:
        _write_text(str(part), draft, 0)
    if not name:
        write_data(dict(record), draft)
        return
    for field, value in record.items():
        if field != name and isinstance(value, str) and len(value) > _LONG and value != text:
            draft.heading(field, 1)
            _write_text(value, draft, 1)


def fields_of(record: Mapping[str, object], names: Names) -> dict[str, MetaValue]:
    """The short values of a record, by their names in lower case; those of objects in it as `a.b`."""
    text, _ = names.text_of(record)
    fields: dict[str, MetaValue] = {}
    for name, value in _flat({key: one for key, one in record.items() if key != text}, "", 0):
        if len(fields) < _MOST_FIELDS:
            fields.setdefault(name.lower(), value)
    for alias, meaning in names.aliases:
        if alias in fields:
            fields[meaning] = fields[alias]
    for alias in ("name", "subject", "label"):
        if alias in fields:
            fields.setdefault("title", fields[alias])
    return fields


def _flat(value: Mapping[str, object], above: str, depth: int) -> Iterator[tuple[str, MetaValue]]:
    for name, one in value.items():
        path = f"{above}{name}"
        if isinstance(one, dict) and depth < 3:
            yield from _flat(one, f"{path}.", depth + 1)
        elif isinstance(one, bool | int | float) or (isinstance(one, str) and one and len(one) <= _LONG):
            yield path, _sound(one)
        elif isinstance(one, list) and one and all(isinstance(item, str) for item in one):
            yield path, tuple(_text(item)[:_LONG] for item in one[:50])


def _sound(value: bool | int | float | str) -> MetaValue:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and not abs(value) < 1e300:
        return str(value)
    return value if isinstance(value, bool | float) or abs(value) < 1 << 63 else str(value)


def _text(words: str) -> str:
    return words.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def write_data(value: object, draft: Draft, level: int = 1) -> None:
    """Write any data: names become headings, short values lines beneath them, a list of objects rows."""
    if isinstance(value, dict):
        _write_object(value, draft, level)
    elif isinstance(value, list):
        _write_list(value, draft, level)
    elif value is not None:
        _write_text(_shown(value), draft, level - 1)


def _write_object(value: Mapping[str, object], draft: Draft, level: int) -> None:
    short = [f"{name}: {shown}" for name, one in value.items() if (shown := _short(one))]
    _write_lines(short, draft)
    for name, one in value.items():
        if not _short(one) and one not in (None, "", [], {}):
            draft.heading(name, level)
            if level < _DEEPEST:
                write_data(one, draft, level + 1)
            else:
                _write_lines(list(_leaves(one)), draft)


def _write_list(values: list[object], draft: Draft, level: int) -> None:
    if values and all(isinstance(value, str | int | float) and _short(value) for value in values):
        _write_lines([_shown(value) for value in values], draft)
        return
    for value in values:
        if row := _row(value):
            draft.paragraph(row, "table")
        elif level < _DEEPEST:
            write_data(value, draft, level + 1)
        else:
            _write_lines(list(_leaves(value)), draft)


def _row(value: object) -> str:
    """An object of short values as a row, `Port: North; Depth: 7`, or a list of them; "" for all else."""
    if isinstance(value, list):
        return " | ".join(filter(None, map(_short, value))) if _short(value) else ""
    if not isinstance(value, dict) or not all(
        _short(one) or one in (None, "", [], {}) for one in value.values()
    ):
        return ""
    if len(value) == 1:  # a name for all of them says nothing of each
        return _short(*value.values())
    return "; ".join(f"{name}: {shown}" for name, one in value.items() if (shown := _short(one)))


def _write_lines(lines: list[str], draft: Draft) -> None:
    group: list[str] = []
    size = 0
    for line in lines:
        if group and size + len(line) > ROWS:
            draft.paragraph("\n".join(group), "table")
            group, size = [], 0
        group.append(line)
        size += len(line) + 1
    draft.paragraph("\n".join(group), "table")


def _short(value: object) -> str:
    """A value that fits in a line; "" for all others."""
    if isinstance(value, list):
        items = [_short(one) for one in value] if len(value) <= _LONG else [""]
        shown = ", ".join(items) if all(items) and not any(isinstance(one, list) for one in value) else ""
    else:
        shown = _shown(value) if isinstance(value, str | int | float) else ""
    return shown if len(shown) <= _LONG and "\n" not in shown else ""


def _shown(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _leaves(value: object) -> Iterator[str]:
    """All that is no list or object in what nests too deep for headings."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left.extend(reversed(one.values()))
        elif isinstance(one, list):
            left.extend(reversed(one))
        elif one is not None:
            yield _shown(one)


def _write_text(text: str, draft: Draft, below: int) -> None:
    if _MARKUP.search(text):
        write_page(text, draft)
    else:
        write_plain(text.replace("\r\n", "\n").replace("\r", "\n"), draft, below=below)
