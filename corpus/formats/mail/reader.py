"""The reader of single messages: the message is a document, and each attachment another."""

from __future__ import annotations

from collections.abc import Iterator

from ...decode import decode_stated
from ...draft import Draft
from ...members import TooMuch, member_key, read_member, take
from ...model import Gap, Reading
from ...reading import EMPTY
from ..html import decode_page, write_page
from .body import write_text
from .headers import fields_of
from .message import Part, parse, parts

__all__ = ["members", "read_mail"]

_LARGEST = 64 << 20  # bytes of an attachment


def read_mail(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a message. A reader, as `registry.Reader` says."""
    message = parse(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    fields = fields_of(message)
    draft = Draft()
    gaps: list[Gap] = []
    attached: list[Part] = []
    for part in parts(message):
        if part.kind in ("plain", "html"):
            _write(part, draft)
        elif part.kind == "sealed":
            gaps.append(Gap(key, "it is encrypted: save it decrypted from a mail program", part="message"))
        else:
            attached.append(part)
    if not draft:  # a message that only carries files is found by its subject
        draft.heading(str(fields.get("title", "")), 1)
    document = draft.document(key=key, name=name, media_type=media_type, fields=fields)
    documents = [document] if document else []
    for reading in members(key, attached, gaps):
        documents.extend(reading.documents)
        gaps.extend(reading.gaps)
    return Reading(tuple(documents), tuple(gaps) if documents or gaps else (Gap(key, EMPTY),))


def _write(part: Part, draft: Draft) -> None:
    is_page = part.kind == "html"
    decoded = (
        decode_stated(part.content, part.charset)
        if part.charset or not is_page
        else decode_page(part.content)
    )
    if is_page:
        write_page(decoded.text, draft)
    else:
        write_text(decoded.text, draft, flowed=part.flowed)


def members(key: str, attached: list[Part], gaps: list[Gap]) -> Iterator[Reading]:
    """What the attachments hold; those that are too large or too many are gaps."""
    seen: set[str] = set()
    for place, part in enumerate(attached, start=1):
        name = part.name or f"attachment-{place}"
        if name in seen:
            name = f"{place}-{name}"
        seen.add(name)
        if len(part.content) > _LARGEST:
            gaps.append(Gap(key, f"it is larger than {_LARGEST >> 20} MB: save it as a file", part=name))
            continue
        try:
            take(len(part.content), 1)
        except TooMuch as error:
            gaps.append(Gap(key, error.message, part=name))
            return
        yield _member(member_key(key, name), name, part)


def _member(key: str, name: str, part: Part) -> Reading:
    media_type = part.media_type if part.kind == "message" else None
    return read_member(key, name.rpartition("/")[2], part.content, media_type=media_type)
