"""What stands above a message, made readable: encoded words, names, dates, as far as they are sound.

The library's own structured headers are not used: crafted ones make them take minutes, or fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import TypeVar

from ...draft import clean
from ...model import MetaValue

__all__ = ["fields_of", "header", "tamed"]

_LONGEST = 4_000  # characters of a header
_MOST = 50  # addresses of a header
_NAMED = re.compile(r"([^<>,]+?) <[^<>]*>")
_ID = re.compile(r"<?([^<>\s]{1,200})>?")

_T = TypeVar("_T")
_U = TypeVar("_U")
Mail = Message

_FAILURES = (
    *(MessageError, AttributeError, AssertionError, IndexError, KeyError, LookupError, OverflowError),
    *(RecursionError, TypeError, ValueError),
)


def tamed(ask: Callable[[], _T], otherwise: _U) -> _T | _U:
    """What the library answers; `otherwise` where a message makes it fail."""
    try:
        return ask()
    except _FAILURES:
        return otherwise


def header(message: Mail, name: str) -> str:
    """A header in one line, encoded words decoded; "" without it."""
    raw = tamed(lambda: str(message.get(name, "")), "")[:_LONGEST]
    decoded = tamed(lambda: str(make_header(decode_header(raw))), raw) if "=?" in raw else raw
    return clean(decoded.encode("utf-8", "replace").decode("utf-8")).replace("\n", " ")


def fields_of(message: Mail) -> dict[str, MetaValue]:
    """Fields by the names of front matter; what is not stated is not there."""
    sender = _people(message, "from") or _people(message, "sender")
    found: dict[str, MetaValue] = {
        "title": header(message, "subject"),
        "published": _date(message),
        "author": _NAMED.sub(r"\1", sender),
        "from": sender,
        "to": _people(message, "to"),
        "cc": _people(message, "cc"),
        "list": header(message, "list-id"),
        "organization": header(message, "organization"),
        "message_id": _identity(header(message, "message-id")),
        "in_reply_to": _identity(header(message, "in-reply-to")),
        "keywords": header(message, "keywords"),
        "language": header(message, "content-language").partition(",")[0],
    }
    return {name: value for name, value in found.items() if value}


def _people(message: Mail, name: str) -> str:
    """`Ann Lee <ann@towns.example>, …`."""
    written = header(message, name)
    pairs = (tamed(lambda: getaddresses([written]), None) or [])[:_MOST]
    shown = [f"{who} <{where}>" if who and where else who or where for who, where in pairs]
    return ", ".join(filter(None, shown)) or written


def _date(message: Mail) -> str:
    written = header(message, "date")
    moment = tamed(lambda: parsedate_to_datetime(written), None) if written else None
    return moment.date().isoformat() if moment is not None else ""


def _identity(written: str) -> str:
    found = _ID.search(written)
    return found[1] if found else ""
