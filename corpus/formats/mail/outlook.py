"""Outlook messages (`.msg`): a message, its words and its attachments as streams of an OLE container."""

from __future__ import annotations

import datetime as dt
import io
import struct
from collections.abc import Iterator
from email.parser import HeaderParser
from email.utils import format_datetime

from olefile import OleFileIO

from ....errors import CorpusError, Unreadable
from ...decode import decode_stated
from ...draft import Draft
from ...model import Document, Gap, MetaValue, Reading
from ...reading import EMPTY
from ..html import decode_page, write_page
from ..rtf import write_rtf
from .body import write_text
from .compressed import unpack_rtf
from .headers import fields_of
from .message import Part
from .reader import members

__all__ = ["read_outlook"]

_DEEPEST = 5  # messages attached to messages
_FAILURES = (
    *(OSError, AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError),
    struct.error,
)
# Properties of [MS-OXPROPS] by their numbers.
_SUBJECT, _HEADERS, _SENDER, _ADDRESS, _TO, _CC, _IDENTITY = (
    "0037",
    "007D",
    "0C1A",
    "5D01",
    "0E04",
    "0E03",
    "1035",
)
_TEXT, _HTML, _RICH = "1000", "1013", "1009"
_DATA, _LONG_NAME, _SHORT_NAME = "3701", "3707", "3704"
_SENT, _CODE_PAGE = 0x0039_0040, 0x3FFD_0003
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)


def read_outlook(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a message. A reader, as `registry.Reader` says."""
    data = content if isinstance(content, bytes) else content.encode("latin-1", "replace")
    try:
        with OleFileIO(io.BytesIO(data)) as container:
            return _Message(container, (), key).reading(name=name, media_type=media_type)
    except _FAILURES as error:
        raise Unreadable("its container is damaged: open it in Outlook and save it as .eml") from error


class _Message:
    """A message in a container. path: of the storage that it stands in."""

    def __init__(self, container: OleFileIO[str], path: tuple[str, ...], key: str) -> None:
        self._container = container
        self._path = path
        self._key = key
        self._fixed = self._properties()
        self._encoding = f"windows-{int.from_bytes(self._fixed.get(_CODE_PAGE, b'')[:4], 'little') or 1252}"

    def reading(self, *, name: str, media_type: str) -> Reading:
        fields = self.fields()
        gaps: list[Gap] = []
        document = self._draft(fields, gaps).document(
            key=self._key, name=name, media_type=media_type, fields=fields
        )
        documents: list[Document] = [document] if document else []
        for reading in members(self._key, list(self.attached()), gaps):
            documents.extend(reading.documents)
            gaps.extend(reading.gaps)
        return Reading(tuple(documents), tuple(gaps) if documents or gaps else (Gap(self._key, EMPTY),))

    def fields(self) -> dict[str, MetaValue]:
        headers = HeaderParser().parsestr(self.words(_HEADERS))
        address, sender = self.words(_ADDRESS), self.words(_SENDER)
        stated: dict[str, MetaValue] = {
            "title": self.words(_SUBJECT),
            "published": moment.date().isoformat() if (moment := self.moment()) else "",
            "author": sender,
            "from": f"{sender} <{address}>" if address else sender,
            "to": self.words(_TO),
            "cc": self.words(_CC),
            "message_id": self.words(_IDENTITY).strip("<>"),
        }
        return {**fields_of(headers), **{name: value for name, value in stated.items() if value}}

    def _draft(self, fields: dict[str, MetaValue], gaps: list[Gap]) -> Draft:
        draft = Draft()
        if (text := self.words(_TEXT)).strip():
            write_text(text.replace("\r\n", "\n"), draft, flowed=False)
        elif html := self._stream(f"{_HTML}0102"):
            write_page(decode_page(html).text, draft)
        elif page := self.words(_HTML):
            write_page(page, draft)
        elif rich := self._stream(f"{_RICH}0102"):
            try:
                write_rtf(unpack_rtf(rich), draft)
            except CorpusError as error:
                gaps.append(
                    Gap(self._key, f"{error.message}: open it in Outlook and save it as .eml", "text")
                )
        if not draft:
            draft.heading(str(fields.get("title", "")), 1)
        return draft

    def plain(self) -> str:
        """The text alone, from whichever form there is."""
        if text := self.words(_TEXT):
            return text
        document = self._draft({}, []).document(key="", name="", media_type="", fields={})
        return document.text if document else ""

    def attached(self) -> Iterator[Part]:
        for number in range(5_000):
            path = (*self._path, f"__attach_version1.0_#{number:08X}")
            if not self._container.exists(list(path)):
                return
            part = _Message(self._container, path, self._key)
            name = part.words(_LONG_NAME) or part.words(_SHORT_NAME)
            inner = (*path, f"__substg1.0_{_DATA}000D")
            if self._container.exists(list(inner)):
                yield from _attached_message(self._container, inner)
            else:
                yield Part("file", part._stream(f"{_DATA}0102"), name=name.replace("/", "-")[-200:])

    def words(self, number: str) -> str:
        """A property that is text; "" without it."""
        if data := self._stream(f"{number}001F"):
            return data.decode("utf-16-le", "replace").rstrip("\0")
        return decode_stated(data, self._encoding).text if (data := self._stream(f"{number}001E")) else ""

    def moment(self) -> dt.datetime | None:
        """When it was sent."""
        ticks = int.from_bytes(self._fixed.get(_SENT, b""), "little")
        try:
            return _EPOCH + dt.timedelta(microseconds=ticks // 10) if ticks else None
        except OverflowError:
            return None

    def _properties(self) -> dict[int, bytes]:
        """The properties of fixed size: 16 bytes each, the last eight their value. What stands before them is
        of another length for messages, attachments and messages in these, but of the same rest."""
        data = self._stream("", "__properties_version1.0")
        rows = (data[at : at + 16] for at in range(len(data) % 16, len(data) - 15, 16))
        return {int.from_bytes(row[:4], "little"): row[8:] for row in rows}

    def _stream(self, number: str, name: str = "") -> bytes:
        path = [*self._path, name or f"__substg1.0_{number}"]
        if not self._container.exists(path) or self._container.get_type(path) != 2:
            return b""
        data = self._container.openstream(path).read()
        return data if isinstance(data, bytes) else b""


def _attached_message(container: OleFileIO[str], path: tuple[str, ...]) -> Iterator[Part]:
    """A message within a message, written out as plain mail, so that it is read as any other."""
    if len(path) > 2 * _DEEPEST:
        return
    inner = _Message(container, path, "")
    fields = inner.fields()
    mail = "".join(
        f"{header}: {' '.join(str(fields[name]).split())}\n"
        for header, name in (("Subject", "title"), ("From", "from"), ("To", "to"), ("Cc", "cc"))
        if name in fields
    )
    if moment := inner.moment():
        mail += f"Date: {format_datetime(moment)}\n"
    text = f"{mail}Content-Type: text/plain; charset=utf-8\nMIME-Version: 1.0\n\n{inner.plain()}"
    name = str(fields.get("title", "message")).replace("/", "-")
    yield Part(
        "message", text.encode("utf-8", "replace"), name=f"{name[:190]}.eml", media_type="message/rfc822"
    )
    yield from inner.attached()
