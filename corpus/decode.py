"""From the bytes of a text file to its canonical text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .magic import byte_order_mark, format_of, is_binary, unsupported, wide_encoding

__all__ = ["Decoded", "canonical", "decode", "decode_stated"]

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


# Names that documents state, as browsers understand them (WHATWG's Encoding): `latin-1` is Windows-1252.
_STATED = {
    name: encoding
    for encoding, names in (
        ("utf-8", "utf-8 utf8 unicode-1-1-utf-8"),
        ("cp1252", "windows-1252 cp1252 iso-8859-1 iso8859-1 latin1 latin-1 l1 ascii us-ascii ansi"),
        ("cp1250", "windows-1250 cp1250"),
        ("cp1251", "windows-1251 cp1251"),
        ("cp1253", "windows-1253 cp1253"),
        ("cp1254", "windows-1254 cp1254 iso-8859-9 latin5"),
        ("cp1255", "windows-1255 cp1255"),
        ("cp1256", "windows-1256 cp1256"),
        ("cp1257", "windows-1257 cp1257"),
        ("cp1258", "windows-1258 cp1258"),
        ("iso8859-2", "iso-8859-2 latin2 latin-2"),
        ("iso8859-5", "iso-8859-5"),
        ("iso8859-6", "iso-8859-6"),
        ("iso8859-7", "iso-8859-7"),
        ("iso8859-8", "iso-8859-8"),
        ("iso8859-15", "iso-8859-15 latin9 latin-9"),
        ("koi8-r", "koi8-r koi8 koi"),
        ("koi8-u", "koi8-u"),
        ("mac-roman", "macintosh mac x-mac-roman"),
        ("cp437", "ibm437 cp437"),
        ("cp850", "ibm850 cp850"),
        ("cp852", "ibm852 cp852"),
        ("cp855", "ibm855 cp855"),
        ("cp866", "ibm866 cp866"),
        ("mac-cyrillic", "x-mac-cyrillic maccyrillic"),
        ("gb18030", "gb18030 gb2312 gbk x-gbk"),
        ("big5hkscs", "big5 big5-hkscs"),
        ("cp932", "shift-jis sjis x-sjis windows-31j"),
        ("euc_jp", "euc-jp x-euc-jp"),
        ("iso2022_jp", "iso-2022-jp"),
        ("cp949", "euc-kr ks-c-5601-1987 ks-c-5601-1989"),
        ("cp874", "windows-874 tis-620"),
    )
    for name in names.split()
}


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


def decode_stated(data: bytes, stated: str) -> Decoded:
    """Decode text of a format that is known already, and that may state its encoding.

    A byte order mark decides, else the pattern of NULs, else UTF-8 where the bytes are that, whatever is
    stated; else the stated encoding, as browsers take its name; else as `decode` guesses. Any bytes.
    """
    encoding, mark = byte_order_mark(data)
    encoding = encoding or wide_encoding(data)
    if encoding.startswith(("utf-16", "utf-32")):
        return _wide(data[mark:], encoding)
    try:
        return _normalised(data[mark:].decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        first = error.start
    encoding = _STATED.get(stated.strip().lower().replace("_", "-"), "")
    if mark or not encoding or encoding == "utf-8":
        return _legacy(data[mark:], first)
    text = data.decode(encoding, "replace")
    return _normalised(text, encoding, _lost(text, encoding))


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
