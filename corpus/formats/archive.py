"""Archives: each file in one is a document of its own, `archive.zip!/path/file.txt`.

Nothing is written to disk, so that no path can climb out of anything. Members are read one after the other;
what one of them is, and how it is read, is decided as for a file. A compressed file that is no archive
(`act.txt.gz`) is the file within. How much may come out of one file is bounded (see `members`).

Left out without a word is what a folder's walk leaves out, too: hidden names, and the `__MACOSX` of Macs.
"""

from __future__ import annotations

import contextlib
import io
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from typing import IO, cast

from ...errors import CorpusError, Unreadable, Unsupported
from ..magic import is_tar, refusal
from ..members import TooMuch, member_key, read_member, take
from ..model import Document, Gap, Reading
from .packed import Unpacked, bounded, check_size

__all__ = ["read_compressed", "read_tar", "read_zip"]

_MOST = 100_000
_TEXT = 256 << 20  # characters that the documents of one archive may hold
_PIECE = 1 << 18
_SMALL_PIECE = 4_096  # bytes given to unpackers that cannot be told how much may come out
_BLOCK = 512
_SUFFIXES = {
    "application/gzip": ("gz", "tgz", "gzip", "z"),
    "application/x-bzip2": ("bz2", "tbz2", "tbz", "bz"),
    "application/x-xz": ("xz", "txz"),
}
_LEFT_OUT = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
_PASSWORD = "it is encrypted: unpack it with its password, and index what comes out"


class _Gathered:
    """Documents and gaps of the members that were read so far."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._documents: list[Document] = []
        self._gaps: list[Gap] = []
        self._text = 0
        self._met = False

    def gap(self, name: str, reason: str) -> None:
        self._met = True
        self._gaps.append(Gap(member_key(self._key, name), reason))

    def stop(self, reason: str) -> None:
        """What follows cannot be read."""
        self._met = True
        told = f"{reason}; only what comes before was read" if self._documents else reason
        self._gaps.append(Gap(self._key, told))

    def read(self, name: str, data: bytes) -> None:
        """Read a member. TooMuch when all together hold too much text."""
        self._met = True
        reading = read_member(member_key(self._key, name), name.rpartition("/")[2], data)
        self._documents += reading.documents
        self._gaps += reading.gaps
        self._text += sum(len(document.text) for document in reading.documents)
        if self._text > _TEXT:
            raise TooMuch(f"its files hold more than {_TEXT >> 20} MB of text: unpack it into the folder")

    def reading(self) -> Reading:
        gaps = self._gaps if self._met else [Gap(self._key, "the archive holds no files")]
        return Reading(tuple(self._documents), tuple(gaps))


def read_zip(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a ZIP archive. CorpusError when its list of files cannot be read, or is beyond the limit."""
    data = _bytes(content)
    if data.count(b"PK\x01\x02") > _MOST:
        raise TooMuch(f"it holds more than {_MOST:,} files")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as error:
        raise Unreadable(f"the archive is damaged or cut off ({_words(error)})") from error
    gathered = _Gathered(key)
    with archive:
        try:
            for info in archive.infolist():
                _read_zipped(archive, info, gathered)
        except TooMuch as error:
            gathered.stop(error.message)
    return gathered.reading()


def _read_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, gathered: _Gathered) -> None:
    """Read a member, or note why not. TooMuch when the archive is to be read no further."""
    name = _name(info)
    if name.endswith("/") or _is_left_out(name):
        return None
    take(0, 1)
    if stat.S_ISLNK(info.external_attr >> 16):
        return gathered.gap(name, "it is a link, which archives are not trusted with")
    if (reason := refusal(name)) is not None:
        return gathered.gap(name, reason)
    if info.flag_bits & 1:
        return gathered.gap(name, _PASSWORD)
    try:
        check_size(info.file_size)
        data = bounded(_zip_pieces(archive, info), info.compress_size)
    except TooMuch:
        raise
    except CorpusError as error:
        return gathered.gap(name, error.message)
    gathered.read(name, data)
    return None


def _zip_pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    try:
        with archive.open(info) as member:
            while piece := member.read(_PIECE if plain else _SMALL_PIECE):
                take(len(piece))
                yield piece
    except CorpusError:
        raise
    except NotImplementedError as error:
        raise Unsupported("it is packed in a way that cannot be read: unpack it first") from error
    except Exception as error:
        raise Unreadable(f"it is damaged ({_words(error)})") from error


def _name(info: zipfile.ZipInfo) -> str:
    """A member's path. Many programs write UTF-8 without saying so, which is then read as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    with contextlib.suppress(UnicodeError):
        return info.filename.encode("cp437").decode()
    return info.filename


def read_tar(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a tar archive. CorpusError when not even its first member can be read."""
    return _read_tarred(io.BytesIO(_bytes(content)), key)


def _read_tarred(stream: IO[bytes], key: str) -> Reading:
    gathered = _Gathered(key)
    try:
        # "|": from beginning to end, so that a compressed one is never held as a whole.
        with tarfile.open(fileobj=stream, mode="r|", errorlevel=1) as archive:
            end = 0
            while (member := archive.next()) is not None:
                # The list of members that it keeps for looking back would only grow.
                archive.members = []  # type: ignore[attr-defined]
                if member.offset_data < end or member.size < 0:
                    raise Unreadable("a header is damaged")
                end = member.offset_data
                take(0, 1)
                _read_member(archive, member, gathered)
    except CorpusError as error:
        gathered.stop(error.message)
    except Exception as error:  # noqa: BLE001 - tarfile lets errors of many kinds through for damaged headers
        gathered.stop(f"the archive is damaged or cut off ({_words(error)})")
    return gathered.reading()


def _read_member(archive: tarfile.TarFile, member: tarfile.TarInfo, gathered: _Gathered) -> None:
    name = member.name
    if member.isdir() or _is_left_out(name):
        return None
    if member.issym() or member.islnk():
        return gathered.gap(name, f"it is a link to {member.linkname}, which archives are not trusted with")
    if not member.isfile():
        return gathered.gap(name, "it is no file but a device or a pipe")
    if (reason := refusal(name)) is not None:
        return gathered.gap(name, reason)
    file = archive.extractfile(member)
    try:
        check_size(member.size)
    except CorpusError as error:
        gathered.gap(name, error.message)
        # Not left to `tarfile`, which goes on to the end that a header claims, however far off that is.
        while file is not None and file.read(_PIECE):
            pass
        return None
    data = b"" if file is None else file.read(member.size)
    if len(data) < member.size:
        raise Unreadable("the archive is cut off")
    gathered.read(name, data)
    return None


def read_compressed(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a compressed file: the tar archive within it, or else the file within, under the same key."""
    data = _bytes(content)
    stream = Unpacked(data, media_type)
    head = stream.read(_BLOCK)
    stream.unread(head)
    inner = _without_suffix(name, media_type)
    if is_tar(head):
        return _read_tarred(cast(IO[bytes], stream), key)  # it is only read from
    return read_member(key, inner, bounded(_pieces(stream), len(data)))


def _pieces(stream: Unpacked) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _without_suffix(name: str, media_type: str) -> str:
    """What a compressed file is called inside: `act.txt` for `act.txt.gz`.

    >>> _without_suffix("act.txt.gz", "application/gzip"), _without_suffix("acts.tgz", "application/gzip")
    ('act.txt', 'acts')
    """
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and suffix.lower() in _SUFFIXES[media_type] else name


def _is_left_out(name: str) -> bool:
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return not parts or any(part.startswith(".") or part in _LEFT_OUT for part in parts)


def _bytes(content: bytes | str) -> bytes:
    if isinstance(content, str):
        raise CorpusError("an archive is bytes, not text", hint="Hand over the files in it one by one")
    return content


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:100].lower()
