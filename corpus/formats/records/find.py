"""Where the records are in a value of JSON."""

from __future__ import annotations

from collections.abc import Mapping

from .names import Names

__all__ = ["Record", "records_of"]

Record = Mapping[str, object]

_WITHIN = ("_source", "properties", "fields", "attributes", "resource", "doc", "document")
_SHORT = 500  # characters; what stands beside a list of records is no text of its own
_DEEPEST = 3  # objects around the list


def records_of(value: object, names: Names) -> list[Record] | None:
    """The records that a value lists, or is; None for data that is neither.

    A list of objects is one of records when most have a text or a title; an object that holds such a list
    (`results`, `hits.hits`, `features`) stands for it, when there is no other text in it.
    """
    if isinstance(value, list):
        return _listed(value, names)
    if not isinstance(value, dict):
        return None
    if names.text_of(value)[0]:
        return [value]
    return _held(value, names, 0)


def _listed(values: list[object], names: Names) -> list[Record] | None:
    objects = [_opened(value) for value in values if isinstance(value, dict)]
    telling = sum(1 for one in objects if _is_record(one, names))
    return objects if objects and len(objects) == len(values) and 2 * telling >= len(objects) else None


def _held(value: Record, names: Names, depth: int) -> list[Record] | None:
    if depth > _DEEPEST or any(isinstance(one, str) and len(one) > _SHORT for one in value.values()):
        return None
    found = [one for one in value.values() if isinstance(one, list | dict) and one]
    lists = [one for one in found if isinstance(one, list) and any(isinstance(item, dict) for item in one)]
    if len(lists) == 1:
        return _listed(lists[0], names)
    inner = [_held(one, names, depth + 1) for one in found if isinstance(one, dict)] if not lists else []
    held = [one for one in inner if one]
    return held[0] if len(held) == 1 else None


def _opened(value: Record) -> Record:
    """A record that lies in an envelope, with what is written on it."""
    for name in _WITHIN:
        inner = value.get(name)
        if isinstance(inner, dict) and inner:
            beside = {key: one for key, one in value.items() if isinstance(one, str | int | float)}
            return {**beside, **inner}
    return value


def _is_record(value: Record, names: Names) -> bool:
    return bool(names.text_of(value)[0]) or any(
        name.lower() in ("title", "headline", "subject", "name", "titel", "título", "titre") for name in value
    )
