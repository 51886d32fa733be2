"""Files that are ZIP archives of parts: Office, OpenDocument, EPUB. Nothing that the archive claims of itself
is believed: what really comes out of a part is counted while it is unpacked."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from ...errors import Unreadable
from ..members import MOST, TooMuch, take

__all__ = ["Package", "beside"]

_PIECE = 1 << 20
_PART = 512 << 20  # bytes that one part may unpack to
_RATIO = 300  # bytes unpacked for each packed one; XML of real workbooks reaches 60
_SMALL = 32 << 20  # bytes that may come out of a part whatever the ratio
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # NotImplementedError too: what the archive asks for is unknown to `zipfile`
    OverflowError,
    MemoryError,
)


class Package:
    """The parts of a file by their names. what: the file's kind, for messages (`a Word document`).

    Unreadable when it is no archive (cut short, damaged), TooMuch when it has too many parts.
    """

    def __init__(self, content: bytes | str, what: str) -> None:
        self.what = what
        if isinstance(content, str):
            raise Unreadable(f"{what} is bytes, not text")
        # Before `zipfile` makes an object of each entry.
        if content.count(b"PK\x01\x02") > MOST:
            raise TooMuch(f"it holds more than {MOST:,} files")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._entries = {entry.filename.lstrip("/"): entry for entry in self._archive.infolist()}
        except (*_DAMAGE, UnicodeError) as error:
            raise Unreadable(
                f"it looks like {what}, but is damaged or cut short: get a sound copy"
            ) from error
        take(0, members=len(self._entries))

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str, longest: int) -> bytes:
        """A part as a whole; errors as `pieces` has them. longest: bytes, above which it is TooMuch."""
        whole = bytearray()
        for piece in self.pieces(name):
            whole += piece
            if len(whole) > longest:
                raise TooMuch(f"its part {name} unpacks to more than {longest >> 20} MB")
        return bytes(whole)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, piece by piece.

        Unreadable when it is missing, encrypted or damaged; TooMuch when it unpacks to more than the limits.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise Unreadable(
                f"{self.what} without its part {name}: it is damaged, or made by a faulty program"
            )
        if entry.flag_bits & 1:
            raise Unreadable(f"it is encrypted: save {self.what} without a password")
        if entry.compress_type not in _METHODS:
            raise Unreadable(f"its part {name} is packed by a method that {self.what} cannot use")
        size = 0
        for piece in self._unpacked(entry):
            size += len(piece)
            take(len(piece))
            if size > _PART or (size > _SMALL and size > _RATIO * max(1, entry.compress_size)):
                raise TooMuch(
                    f"its part {name} unpacks to {size >> 20} MB and more: it looks like a zip bomb"
                )
            yield piece

    def _unpacked(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._archive.open(entry) as part:
                while piece := part.read(_PIECE):
                    yield piece
        except _DAMAGE as error:
            name = entry.filename
            raise Unreadable(f"its part {name} is damaged: get a sound copy") from error


def beside(part: str, target: str) -> str:
    """The name of the part that `target` names, seen from `part`.

    >>> beside("word/document.xml", "../docProps/core.xml"), beside("word/document.xml", "/word/styles.xml")
    ('docProps/core.xml', 'word/styles.xml')
    """
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
