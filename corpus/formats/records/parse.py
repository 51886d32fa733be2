"""JSON from files that nobody vouches for."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ....errors import Unreadable

__all__ = ["Line", "lines", "parse"]

_DIGITS = 300  # of a whole number; longer ones are read as words

Line = tuple[int, object, str]
"""The number of a line, its value, and what is wrong with it ("" for a sound one)."""


def parse(text: str) -> object:
    """The value of a text; Unreadable, with the place, when it is no JSON or nests too deep."""
    try:
        return json.loads(text, strict=False, parse_int=_whole)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"it is no valid JSON at {place} ({error.msg}): correct it there") from error
    except RecursionError as error:
        raise Unreadable("its values nest too deep to be read: flatten it") from error


def lines(text: str) -> Iterator[Line]:
    """The value of each line that is not empty."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line, strict=False, parse_int=_whole), ""
            except json.JSONDecodeError as error:
                yield number, None, f"it is no valid JSON at column {error.colno} ({error.msg})"
            except RecursionError:
                yield number, None, "its values nest too deep to be read"


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _DIGITS else digits
