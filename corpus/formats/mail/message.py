"""A message taken apart: what is its text, what is attached to it, what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from typing import Literal

from ....errors import Unreadable
from .headers import Mail, header, tamed

__all__ = ["Part", "parse", "parts"]

_DEEPEST = 30  # parts in parts
_MOST = 5_000  # parts of one message
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_IGNORED = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "text/x-amp-html",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """kind: `plain` and `html` are the message's own text; `message` is another one attached to this;
    `sealed` cannot be opened. name: an attachment's, "" where it has none."""

    kind: Literal["plain", "html", "file", "message", "sealed"]
    content: bytes
    charset: str = ""
    name: str = ""
    media_type: str = ""
    flowed: bool = False


def parse(content: bytes) -> Mail:
    """A message; Unreadable where the library gives up."""
    message: Mail | None = tamed(lambda: message_from_bytes(content), None)
    if message is None:
        raise Unreadable("its parts nest too deep, or its headers are damaged: open it in a mail program")
    return message


def parts(message: Mail) -> Iterator[Part]:
    """The parts that count, in their order; of alternatives the best."""
    yield from _Walk().parts(message, 0)


class _Walk:
    def __init__(self) -> None:
        self._count = 0

    def parts(self, message: Mail, depth: int) -> Iterator[Part]:
        self._count += 1
        if self._count > _MOST or depth > _DEEPEST:
            raise Unreadable(f"it has more than {_MOST:,} parts, or they nest more than {_DEEPEST} deep")
        kind = tamed(message.get_content_type, "text/plain")
        if kind == "multipart/encrypted" or kind in _SEALED:
            yield Part("sealed", b"", media_type=kind)
        elif kind == "message/rfc822":
            yield _attached(message)
        elif message.is_multipart() and not kind.startswith("message/"):
            yield from self._several(message, kind, depth)
        elif kind not in _IGNORED:
            yield _leaf(message, kind)

    def _several(self, message: Mail, kind: str, depth: int) -> Iterator[Part]:
        children = [child for child in message.get_payload() if not isinstance(child, str)]
        if kind == "multipart/alternative":
            yield from _best([list(self.parts(child, depth + 1)) for child in children])
            return
        for place, child in enumerate(children):
            for part in self.parts(child, depth + 1):
                # What a page shows inline, logos for the most part, is no document of its own.
                if kind != "multipart/related" or not place or not part.media_type.startswith("image/"):
                    yield part


def _best(choices: list[list[Part]]) -> list[Part]:
    """Of alternatives the plain text, unless it says much less than another."""
    texts = [choice for choice in choices if any(part.kind in ("plain", "html") for part in choice)]
    if not texts:
        return choices[-1] if choices else []
    plain = next((choice for choice in texts if any(part.kind == "plain" for part in choice)), None)
    others = [choice for choice in texts if any(part.kind == "html" for part in choice)]
    # A page has several times the bytes of its words.
    if plain is not None and (not others or 20 * _size(plain) >= _size(others[-1])):
        extra = [part for choice in choices if choice is not plain for part in choice if part.kind == "file"]
        return [*plain, *extra]
    return others[-1] if others else texts[-1]


def _size(choice: list[Part]) -> int:
    return sum(len(part.content.split()) for part in choice if part.kind in ("plain", "html"))


def _attached(message: Mail) -> Part:
    inner = message.get_payload(0) if message.is_multipart() else None
    content = tamed(inner.as_bytes, b"") if isinstance(inner, type(message)) else _payload(message)
    name = header(inner, "subject") if isinstance(inner, type(message)) else ""
    return Part(
        "message",
        content,
        name=_name(message) or f"{name.replace('/', '-') or 'message'}.eml",
        media_type="message/rfc822",
    )


def _leaf(message: Mail, kind: str) -> Part:
    name = _name(message)
    own = not name and tamed(message.get_content_disposition, None) != "attachment"
    if own and kind.startswith("message/"):
        return Part("plain", tamed(message.as_bytes, b""), media_type=kind)
    charset = str(tamed(message.get_content_charset, None) or "")
    if own and kind in ("text/html", "application/xhtml+xml"):
        return Part("html", _payload(message), charset, media_type=kind)
    if own and kind.startswith("text/"):
        flowed = str(tamed(lambda: message.get_param("format"), "")).lower() == "flowed"
        return Part("plain", _payload(message), charset, media_type=kind, flowed=flowed)
    return Part("file", _payload(message), charset, name, kind)


def _payload(message: Mail) -> bytes:
    content = tamed(lambda: message.get_payload(decode=True), b"")
    return content if isinstance(content, bytes) else b""


def _name(message: Mail) -> str:
    written = str(tamed(message.get_filename, None) or "")[:1_000]
    if "=?" in written:
        from email.header import decode_header, make_header

        written = tamed(lambda: str(make_header(decode_header(written))), written)
    last = written.replace("\\", "/").rpartition("/")[2]
    return " ".join(last.encode("utf-8", "replace").decode("utf-8").split())[-200:]
