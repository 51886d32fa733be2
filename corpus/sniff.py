"""Formats that are text themselves, told by their first lines: mail, mailboxes, XML."""

from __future__ import annotations

import re

__all__ = ["text_format"]

_HEAD = 16_384  # bytes: the headers of mail that went a long way
_FIRST = frozenset(b"<\xef \t\r\n" + bytes(range(ord("A"), ord("Z") + 1)))
_HEADERS = re.compile(rb"(?>(?:[!-9;-~]{1,60}+:[^\n]*\n(?>(?:[ \t][^\n]*\n)*))+)")
_NAME = re.compile(rb"^([!-9;-~]{1,60}+):", re.MULTILINE)
_MAILBOX = re.compile(rb"From \S[^\n]* (?:19|20)[0-9]{2}(?: [-+][0-9]{4})?\r?\n[!-9;-~]{1,60}+:")
_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[\s?]|<(?:[\w-]+:)?(?:akomaNtoso|uscDoc|lawDoc|rss|feed|RDF)[\s>])"
)
_SENT = (b"message-id", b"received", b"mime-version", b"return-path")


def text_format(data: bytes) -> str | None:
    """The media type of text whose first lines leave no doubt; None for all other text.

    A memo that begins with `From:` and `Date:` is no mail: these lack what mail programs write.
    """
    if not data or data[0] not in _FIRST:
        return None
    head = data[:_HEAD]
    if _XML.match(head):
        return "application/xml"
    if head.startswith(b"From ") and _MAILBOX.match(head):
        return "application/mbox"
    headers = _HEADERS.match(head)
    names = {name.lower() for name in _NAME.findall(headers[0])} if headers else frozenset()
    if b"from" in names and b"date" in names and any(name in names for name in _SENT):
        return "message/rfc822"
    return None
