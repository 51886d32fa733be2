"""Mailboxes in one file (mbox): each message is a document of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....errors import Unreadable
from ...members import member_key, read_member
from ...model import Document, Gap, Reading

__all__ = ["read_mailbox"]

# `From ann@towns.example Tue Mar  4 10:00:00 2021`, behind an empty line.
_BORDER = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*[0-9]{4}[^\n]*\n(?=[!-9;-~]+:|>From )")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_IDENTITY = re.compile(rb"^message-id:\s*<([^<>\s]{1,120})>", re.IGNORECASE | re.MULTILINE)
_HEAD = 20_000  # bytes in which a message tells its identity


def read_mailbox(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a mailbox. A reader, as `registry.Reader` says.

    Keys are `box.mbox!/` and the message's own identity, so that messages keep theirs when others go; where
    it has none, or one that was there before, its number.
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    documents: list[Document] = []
    gaps: list[Gap] = []
    seen: set[str] = set()
    for number, message in enumerate(_messages(data), start=1):
        identity = _identity(message)
        if not identity or identity in seen:
            identity = str(number)
        seen.add(identity)
        member = member_key(key, identity)
        reading = read_member(member, f"message {number}", message, media_type="message/rfc822")
        documents.extend(reading.documents)
        gaps.extend(reading.gaps)
    return Reading(tuple(documents), tuple(gaps))


def _messages(data: bytes) -> Iterator[bytes]:
    borders = list(_BORDER.finditer(data))
    if not borders:
        raise Unreadable("no message begins in it: a mailbox has lines `From …` before each")
    ends = [border.start() for border in borders[1:]] + [len(data)]
    for border, end in zip(borders, ends, strict=True):
        yield _ESCAPED.sub(rb"\1", data[border.end() : end])


def _identity(message: bytes) -> str:
    found = _IDENTITY.search(message[:_HEAD].partition(b"\n\n")[0])
    return found[1].decode("ascii", "replace") if found else ""
