"""From the bytes of a text file to its canonical text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .magic import byte_order_mark, format_of, is_binary, unsupported, wide_encoding

__all__ = ["Decoded", "canonical", "decode"]

_SAMPLE = 65_536  # bytes from the first undecodable one that are shown to the detector

# Encodings in use for policy texts. The detector may choose among these only: left free, it
# finds rare ones for short texts, where it has little to go by.
_PLAUSIBLE = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15", "koi8_r", "mac_roman", "cp850", "cp437"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]

# The letters beyond ASCII of one language after another. Where the bytes read in an encoding as letters
# of a single alphabet they are that: read in a wrong one they mix several, and marks stand inside words.
_WESTERN = ("äöüß", "áéíóúüñçªº", "àâæçéèêëîïôœùûüÿ", "àèéìíòóùú", "áàâãçéêíóôõúüªº", "åäöæøéü", "ëïéèöüáó")
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž")
_ALPHABETS = tuple(
    (encoding, tuple(frozenset(letters + letters.upper()) for letters in alphabets))
    for encoding, alphabets in (
        ("cp1252", _WESTERN),
        ("cp1250", _CENTRAL),
        ("iso8859_2", _CENTRAL),
        ("mac_roman", _WESTERN),
        ("cp850", _WESTERN),
    )
)
_MARKS = frozenset("‘’“”‚„‹›«»–—…•·€£¥©®™°§¶¿¡±×÷½¼¾¹²³µ´¨†‡\xa0\xad")
_NOT_INSIDE_WORDS = re.compile(r"[^\W\d_][‚„†‡¢¤¡¿«»±¹²³µ™¶¨´][^\W\d_]")
_BEYOND_ASCII = bytes(range(128, 256))
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The canonical text of a file.

    encoding: Python's name of the codec. problems: what could not be kept, as sentences without a final
    stop; empty for a clean file.
    """

    text: str
    encoding: str
    problems: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode the bytes of a text file: any bytes, any size, in linear time.

    A byte order mark decides; else the pattern of NULs (UTF-16, UTF-32), else UTF-8 where the bytes are
    that, a few damaged ones apart; else an encoding in which a sample has the letters of one European
    language, else what charset_normalizer makes of the sample.

    Unsupported for bytes that are not text, naming what they look like.
    """
    encoding, mark = byte_order_mark(data)
    if not mark:
        known = format_of(data)
        if known is not None:
            raise unsupported(known)
        encoding = wide_encoding(data)
    if encoding.startswith(("utf-16", "utf-32")):
        return _wide(data[mark:], encoding)
    if is_binary(data):
        raise unsupported()
    try:
        return _normalised(data[mark:].decode("utf-8") if mark else data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    return _legacy(data[mark:], first)


def canonical(text: str) -> Decoded:
    """The canonical form of a text that a program hands over: as `decode` leaves it.

    Lone surrogates, which no decoder lets through, become U+FFFD, one for one.
    """
    problems: tuple[str, ...] = ()
    if not text.isascii() and (lone := _SURROGATES.search(text)):
        text, count = _SURROGATES.subn("\ufffd", text)
        problems = (f"{_many(count, 'lone surrogate')} replaced, the first at character {lone.start()}",)
    return _normalised(text, "utf-8", problems)


def _normalised(text: str, encoding: str, problems: tuple[str, ...] = ()) -> Decoded:
    r"""CR LF, CR, NEL, LINE SEPARATOR and PARAGRAPH SEPARATOR become "\n"; form feeds stay (the plain text
    reader takes them for page ends). NULs become spaces, one for one, with a problem that counts them."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for border in "\x85\u2028\u2029":
        if border in text:
            text = text.replace(border, "\n")
    if nuls := text.count("\0"):
        text = text.replace("\0", " ")
        problems += (
            f"{_many(nuls, 'NUL byte')} in the text, read as {'a space' if nuls == 1 else 'spaces'}",
        )
    return Decoded(text, encoding, problems)


def _wide(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    sample = text[:_SAMPLE]
    if is_binary(sample.encode("utf-8", "replace")) or sample.count("\ufffd") > 0.1 * len(sample):
        raise unsupported()
    return _normalised(text, encoding, _lost(text, encoding))


def _legacy(data: bytes, first: int) -> Decoded:
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - broken - len(data.translate(None, _BEYOND_ASCII))
    # Text in another encoding hardly ever holds a well-formed UTF-8 sequence.
    if sound > broken:
        return _normalised(text, "utf-8", _lost(text, "UTF-8"))
    if is_binary(data, legacy=True):
        raise unsupported()
    sample = _sample(data, first)
    encoding = _by_alphabet(sample) or _detected(sample)
    text = data.decode(encoding or "cp1252", "replace")
    problems = _lost(text, encoding or "cp1252")
    if not encoding:
        problems += ("its encoding is not known; read as Western European (cp1252)",)
    return _normalised(text, encoding or "cp1252", problems)


def _lost(text: str, encoding: str) -> tuple[str, ...]:
    count = text.count("\ufffd")
    if not count:
        return ()
    place = text.index("\ufffd")
    return (f"{_many(count, 'character')} not valid in {encoding}, the first at character {place}",)


def _sample(data: bytes, first: int) -> bytes:
    """A stretch around the first byte that is not UTF-8, cut at line ends where there are any."""
    start = data.rfind(b"\n", 0, first) + 1 if first else 0
    start = max(start, first - _SAMPLE)
    stop = start + _SAMPLE
    if stop >= len(data):
        return data[start:]
    return data[start : data.rfind(b"\n", first, stop) + 1 or stop]


def _by_alphabet(sample: bytes) -> str:
    """The encoding in which the sample reads as one language; "" when there is none."""
    return next((encoding for encoding, alphabets in _ALPHABETS if _fits(sample, encoding, alphabets)), "")


def _fits(sample: bytes, encoding: str, alphabets: tuple[frozenset[str], ...]) -> bool:
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    beyond = {char for char in text if char > "\x7f"} - _MARKS
    return any(beyond <= alphabet for alphabet in alphabets) and not _NOT_INSIDE_WORDS.search(text)


def _detected(sample: bytes) -> str:
    # Loaded only for the few files that need it: it takes longer than all else here together.
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_PLAUSIBLE, preemptive_behaviour=False).best()
    return best.encoding if best is not None else ""


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
