"""What bytes look like before anyone reads them: a known format, text of one of the wide encodings, or
neither. Only the first kilobytes are looked at (and two more places, for control bytes)."""

from __future__ import annotations

import contextlib
import re
import zlib
from dataclasses import dataclass

from ..errors import Unsupported

__all__ = [
    "Format",
    "byte_order_mark",
    "format_of",
    "is_binary",
    "is_tar",
    "refusal",
    "unsupported",
    "wide_encoding",
]


@dataclass(frozen=True, slots=True)
class Format:
    """A format that is not plain text. name: with its article, for messages (`a PDF document`)."""

    media_type: str
    name: str


_SIGNATURES: tuple[tuple[int, bytes, Format], ...] = tuple(
    (offset, signature, Format(media_type, name))
    for offset, signature, media_type, name in (
        (0, b"%PDF-", "application/pdf", "a PDF document"),
        (0, b"%!PS", "application/postscript", "a PostScript document"),
        (0, b"{\\rtf", "application/rtf", "an RTF document"),
        (0, b"PK\x03\x04", "application/zip", "a ZIP archive"),
        (0, b"PK\x05\x06", "application/zip", "an empty ZIP archive"),
        (
            0,
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "application/x-ole-storage",
            "an older Microsoft Office file",
        ),
        (0, b"\x1f\x8b", "application/gzip", "a gzip archive"),
        (0, b"BZh", "application/x-bzip2", "a bzip2 archive"),
        (0, b"\xfd7zXZ\x00", "application/x-xz", "an xz archive"),
        (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "a 7-Zip archive"),
        (0, b"\x28\xb5\x2f\xfd", "application/zstd", "a Zstandard archive"),
        (0, b"Rar!\x1a\x07", "application/vnd.rar", "a RAR archive"),
        (257, b"ustar", "application/x-tar", "a tar archive"),
        (0, b"\x89PNG\r\n", "image/png", "a PNG image"),
        (0, b"\xff\xd8\xff", "image/jpeg", "a JPEG image"),
        (0, b"GIF87a", "image/gif", "a GIF image"),
        (0, b"GIF89a", "image/gif", "a GIF image"),
        (0, b"II*\x00", "image/tiff", "a TIFF image"),
        (0, b"MM\x00*", "image/tiff", "a TIFF image"),
        (8, b"WEBP", "image/webp", "a WebP image"),
        (8, b"WAVEfmt", "audio/wav", "a sound recording"),
        (8, b"AVI LIST", "video/x-msvideo", "a video"),
        (4, b"ftyp", "video/mp4", "a video, sound or image in an MP4 container"),
        (0, b"\x1a\x45\xdf\xa3", "video/x-matroska", "a video"),
        (0, b"OggS\x00", "audio/ogg", "a sound recording"),
        (0, b"fLaC\x00", "audio/flac", "a sound recording"),
        (0, b"ID3\x03", "audio/mpeg", "a sound recording"),
        (0, b"ID3\x04", "audio/mpeg", "a sound recording"),
        (0, b"\x7fELF", "application/x-elf", "a program (ELF)"),
        (0, b"MZ\x90\x00", "application/vnd.microsoft.portable-executable", "a Windows program"),
        (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary", "a macOS program"),
        (0, b"\xca\xfe\xba\xbe", "application/java-vm", "a compiled program"),
        (0, b"SQLite format 3\x00", "application/vnd.sqlite3", "an SQLite database"),
        (0, b"PAR1\x15", "application/vnd.apache.parquet", "a Parquet table"),
        (0, b"wOFF", "font/woff", "a font"),
        (0, b"OTTO\x00", "font/otf", "a font"),
        (0, b"\x00\x01\x00\x00\x00", "font/ttf", "a font"),
        (0, b"!<arch>\n", "application/x-archive", "a program library"),
    )
)

# By first byte, so that text, which mostly has none of these, is soon done with.
_BEGINNINGS = {
    first: tuple(known for known in _SIGNATURES if known[0] or known[1][0] == first)
    for first in (-1, *sorted({signature[0] for offset, signature, _ in _SIGNATURES if not offset}))
}

# Office and book formats are ZIP archives; the names of their first members tell them apart.
_ZIPPED = tuple(
    (marker, Format(media_type, name))
    for marker, media_type, name in (
        (b"mimetypeapplication/epub+zip", "application/epub+zip", "an EPUB book"),
        (
            b"mimetypeapplication/vnd.oasis.opendocument.text",
            "application/vnd.oasis.opendocument.text",
            "an OpenDocument text",
        ),
        (
            b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "application/vnd.oasis.opendocument.spreadsheet",
            "an OpenDocument workbook",
        ),
        (
            b"mimetypeapplication/vnd.oasis.opendocument.presentation",
            "application/vnd.oasis.opendocument.presentation",
            "an OpenDocument presentation",
        ),
        (b"mimetypeapplication/vnd.oasis", "application/vnd.oasis.opendocument", "an OpenDocument file"),
        (
            b"word/",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "a Word document",
        ),
        (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "an Excel workbook"),
        (
            b"ppt/",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "a PowerPoint presentation",
        ),
    )
)

_MAIN_PARTS = (b"word/document.xml", b"xl/workbook.xml", b"ppt/presentation.xml")

# Older Office files are containers of streams, whose names tell them apart.
_OLE = tuple(
    (marker.encode("utf-16-le"), Format(media_type, name))
    for marker, media_type, name in (
        ("EncryptedPackage", "application/x-ole-encrypted", "an Office file with a password"),
        ("__properties_version1.0", "application/vnd.ms-outlook", "an Outlook message"),
        ("WordDocument", "application/msword", "an old Word document (.doc)"),
        ("Workbook", "application/vnd.ms-excel", "an old Excel workbook (.xls)"),
        ("Book\0", "application/vnd.ms-excel", "an old Excel workbook (.xls)"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint", "an old PowerPoint presentation (.ppt)"),
    )
)
_OLE_DIRECTORY = 8_192  # bytes of a directory that are looked at: the main streams come first

_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?>(?:<\?xml[^>]*+>\s*+)?)(?>(?:(?><!--.*?-->)\s*+)*)<(?:!doctype\s++html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_HTML_FORMAT = Format("text/html", "an HTML page")
_TAR_FORMAT = Format("application/x-tar", "a tar archive")

# Longer marks first: UTF-32 in little-endian order begins as UTF-16 does.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_TAR_HEADER = 512
_ZIP_TAIL = 66_000  # bytes at the end in which the end of an archive's directory stands
_HEAD = 4_096  # bytes looked at for signatures and for the pattern of NULs
_SAMPLE = 65_536  # bytes looked at for control bytes, at the start, in the middle and at the end
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
_FEW = 4  # control bytes that even a very short text may hold
_BINARY_SHARE = 0.1  # random or compressed bytes hold 0.105 control bytes, text of any encoding next to none
_BINARY_SHARE_LEGACY = 0.04  # where the bytes are not even UTF-8

# What makes a text of them, for those that hold one.
_REMEDIES = {
    "application/pdf": "convert it to text first, for example with pdftotext",
    "application/postscript": "convert it to text first, for example with ps2ascii",
    **dict.fromkeys(
        (
            "application/epub+zip",
            "application/rtf",
            "application/vnd.oasis.opendocument.text",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "text/html",
        ),
        "convert it to text first, for example with pandoc",
    ),
    **dict.fromkeys(
        (
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/x-ole-storage",
        ),
        "save it as plain text first",
    ),
    "application/x-ole-encrypted": "save it without a password",
    "application/msword": "save it as .docx, for example with soffice --convert-to docx",
    "application/vnd.ms-excel": "save it as .xlsx, for example with soffice --convert-to xlsx",
    "application/vnd.ms-powerpoint": "save it as .pptx, for example with soffice --convert-to pptx",
    "application/vnd.ms-outlook": "save it as .eml",
    "application/vnd.oasis.opendocument": "save it as plain text or CSV first",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "save it as CSV first",
    **dict.fromkeys(
        (
            "application/zip",
            "application/gzip",
            "application/x-bzip2",
            "application/x-xz",
            "application/x-7z-compressed",
            "application/zstd",
            "application/vnd.rar",
            "application/x-tar",
        ),
        "unpack it first",
    ),
}

# By name alone: never text, and often so large that opening them all would be noticed.
_REFUSED = {
    suffix: f"it is {name} by its name; it holds no text that docsearch reads"
    for name, suffixes in (
        ("an image", "png jpg jpeg gif tif tiff bmp webp ico heic psd"),
        ("a video", "mp4 m4v mov avi mkv webm wmv mpg mpeg"),
        ("a sound recording", "mp3 m4a wav ogg flac aac wma"),
        ("a program", "exe dll so dylib o a class pyc pyd whl jar bin iso dmg img"),
        ("a font", "ttf otf woff woff2 eot"),
        ("a database", "sqlite sqlite3 db mdb accdb parquet"),
    )
    for suffix in suffixes.split()
}


def byte_order_mark(data: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark states and the mark's length in bytes; ("", 0) without one."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    return "", 0


def format_of(data: bytes) -> Format | None:
    """The format whose signature the bytes begin with; None when none is known (text mostly has none)."""
    for offset, signature, known in _BEGINNINGS.get(data[0] if data else -1, _BEGINNINGS[-1]):
        if data.startswith(signature, offset):
            if known.media_type == "application/zip":
                return _zipped(data)
            return _ole(data, known) if known.media_type == "application/x-ole-storage" else known
    if b"\0" in data[100:_TAR_HEADER] and is_tar(data):
        return _TAR_FORMAT
    if b"<" in data[:_HEAD] and _HTML.match(data[:_HEAD]):
        return _HTML_FORMAT
    return None


def is_tar(data: bytes) -> bool:
    """Whether bytes begin with the header of a tar archive: its checksum is right, or it has the mark that
    all but the oldest have."""
    header = data[:_TAR_HEADER]
    if header[257:262] == b"ustar":
        return True
    digits = header[148:156].strip(b" \0")
    if len(header) < _TAR_HEADER or not header[0] or not digits or digits.strip(b"01234567"):
        return False
    return int(digits, 8) == sum(header[:148]) + sum(header[156:]) + 8 * ord(" ")


def _zipped(data: bytes) -> Format:
    """By the names in the archive's directory; by its start, where it was cut short and that is missing."""
    names = _directory(data)
    if b"[Content_Types].xml" in names or not names.isdisjoint(_MAIN_PARTS):
        inside = b"\n".join(name.partition(b"/")[0] + b"/" for name in names)
    elif b"META-INF/container.xml" in names:
        inside = _ZIPPED[0][0]
    else:
        inside = _beginning(data) if not names or data[30:38] == b"mimetype" else b""
    found = (known for marker, known in _ZIPPED if marker in inside)
    return next(found, Format("application/zip", "a ZIP archive"))


def _beginning(data: bytes) -> bytes:
    """The start of an archive; where its first member is a packed `mimetype`, which it should not be, but is
    where people packed the file anew, its name and content."""
    start = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    if data[30:38] == b"mimetype" and data[8:10] == b"\x08\x00":
        with contextlib.suppress(zlib.error):
            return b"mimetype" + zlib.decompressobj(-zlib.MAX_WBITS).decompress(
                data[start : start + _HEAD], _HEAD
            )
    return data[:_HEAD]


def _ole(data: bytes, otherwise: Format) -> Format:
    """By the first stream with a telling name in the container's directory."""
    size = 1 << min(int.from_bytes(data[30:32], "little"), 16)
    start = size * (int.from_bytes(data[48:52], "little") + 1)
    directory = data[start : start + _OLE_DIRECTORY]
    found = ((directory.find(marker), known) for marker, known in _OLE)
    return min(
        ((at, known) for at, known in found if at >= 0), key=lambda one: one[0], default=(0, otherwise)
    )[1]


def _directory(data: bytes) -> set[bytes]:
    """The names of an archive's first thousand members; empty when its directory cannot be found."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - _ZIP_TAIL))
    if end < 0 or len(data) < end + 20:
        return set()
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    place = end - size
    names: set[bytes] = set()
    while place >= 0 and len(names) < 1_000 and data[place : place + 4] == b"PK\x01\x02":
        name, extra, comment = (
            int.from_bytes(data[place + at : place + at + 2], "little") for at in (28, 30, 32)
        )
        names.add(data[place + 46 : place + 46 + name])
        place += 46 + name + extra + comment
    return names


def wide_encoding(data: bytes) -> str:
    """`utf-16-le`, `utf-16-be`, `utf-32-le` or `utf-32-be` when the pattern of NUL bytes says so; else "".

    In UTF-16 every second byte of Latin text is NUL, in UTF-32 three of four are. Text without any
    Latin letter, digit or space is not recognised: it needs a byte order mark.
    """
    head = data[: _HEAD - _HEAD % 4]
    if len(head) < 4 or b"\0" not in head:
        return ""
    quarter = len(head) // 4
    share = [head[place::4].count(0) / quarter for place in range(4)]
    if min(share[1:]) > 0.9 and share[0] < 0.1:
        return "utf-32-le"
    if min(share[:3]) > 0.9 and share[3] < 0.1:
        return "utf-32-be"
    even, odd = share[0::2], share[1::2]
    if min(odd) > 0.3 and max(even) < 0.05:
        return "utf-16-le"
    if min(even) > 0.3 and max(odd) < 0.05:
        return "utf-16-be"
    return ""


def is_binary(data: bytes, *, legacy: bool = False) -> bool:
    """Whether control bytes are too frequent for text. legacy: the bytes are known not to be UTF-8."""
    middle = max(_SAMPLE, len(data) // 2)
    sample = (
        data[:_SAMPLE] + data[middle : middle + _SAMPLE] + data[max(middle + _SAMPLE, len(data) - _SAMPLE) :]
    )
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > _FEW + len(sample) * (_BINARY_SHARE_LEGACY if legacy else _BINARY_SHARE)


def unsupported(known: Format | None = None) -> Unsupported:
    """The error for bytes that no text reader takes: of a known format, or of none."""
    return Unsupported(
        f"it looks like {known.name}, which cannot be read yet: {_remedy(known)}"
        if known
        else "it looks like binary data of an unknown format: too many control bytes for text",
        hint="Convert it to plain text or Markdown to search in it",
    )


def _remedy(known: Format) -> str:
    return _REMEDIES.get(known.media_type, "if it holds words, save them as plain text")


def refusal(name: str) -> str | None:
    """Why no reader will read a file of this name, whatever it holds; None when it may be tried.

    For names of formats that never hold text, so that a folder of videos need not be opened one by one.
    """
    return _REFUSED.get(name.rpartition(".")[2].lower()) if "." in name else None
