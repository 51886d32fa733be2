"""The token law of `analysis.tokens` over a whole batch at once: where the words of UTF-8 begin and end.

Each byte gets flags for the class of its character; the rules then look at neighbouring bytes. A test holds
this together with the plain reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ..analysis.normal import LONGEST
from ..analysis.tokens import char_class
from ..arrays import I64, U8, Bool

__all__ = ["FRAME", "PAD", "find_words", "framed", "joined"]

PAD: Final = bytes(16)
"""Ends every batch: NULs are in no word, and 8 bytes can be read from any byte before them."""

FRAME = 2
"""Newlines before the first text, so that the rules can look back."""

_WORD, _LETTER, _MARK, _STOP, _QUOTE, _SIGN, _UNKNOWN = 1, 2, 4, 8, 16, 32, 255
_FLAGS: Final = {
    "w": _WORD,
    "a": _WORD | _LETTER,
    "s": _WORD | _LETTER,
    "m": _WORD | _MARK,
    "c": _WORD | _SIGN,
    ".": _STOP,
    "'": _QUOTE,
    " ": 0,
}
# Bytes beyond ASCII count as words until their characters have been looked at: most of them are.
_BYTE_FLAGS: Final = bytes([_FLAGS[char_class(chr(byte))] for byte in range(0x80)] + [_WORD] * 0x80)
_CHAR_FLAGS: Final = np.full(0x110000, _UNKNOWN, np.uint8)  # by code point, filled when first met
_S: Final = ord("s")


def joined(texts: Sequence[bytes]) -> bytes:
    """The texts as `find_words` wants them, a newline between each two: no rule sees across it."""
    return framed(b"\n".join(texts))


def framed(text: bytes) -> bytes:
    """A text as `find_words` wants it: it begins at `FRAME`."""
    return b"".join((b"\n" * FRAME, text, b"\n", PAD))


def find_words(buffer: bytes) -> tuple[I64, I64]:
    """Starts and ends (int64, bytes, half-open) of the tokens of valid UTF-8 that begins with two newlines
    and ends with `PAD`.

    An end is drawn in to `LONGEST` bytes from the start, or to the character border before them, as
    `analysis.clip` does.
    """
    octets = np.frombuffer(buffer, np.uint8)
    flags = np.frombuffer(bytearray(buffer.translate(_BYTE_FLAGS)), np.uint8)
    curly, odd = _resolve(octets, flags)
    straight = np.flatnonzero(flags == _QUOTE)
    _join_stops(flags)
    _drop_possessives(
        octets, flags, np.concatenate((straight, curly)), np.concatenate((straight + 1, curly + 3))
    )
    words = (flags & _WORD).view(np.bool_)
    edges = np.flatnonzero(words[1:] != words[:-1]) + 1
    starts, ends = edges[0::2], edges[1::2]
    if odd & _SIGN:
        starts, ends = _cut_at_signs(octets, flags, starts, ends)
    if odd & _MARK:
        spelt = _hold_a_letter(flags, starts, ends)
        starts, ends = starts[spelt], ends[spelt]
    if odd & _SIGN:
        ends = _paired(flags, starts, ends)
    return starts, _clipped(octets, starts, ends)


def _resolve(octets: U8, flags: U8) -> tuple[I64, int]:
    """Give the bytes of each non-ASCII character its flags; return where curly apostrophes begin, and which
    flags there are beside those of plain letters."""
    lead = np.flatnonzero(octets >= 0xC0)
    if not len(lead):
        return lead, 0
    chars = _code_points(octets, lead)
    found = _CHAR_FLAGS[chars]
    for char in np.unique(chars[found == _UNKNOWN]).tolist():
        _CHAR_FLAGS[char] = _FLAGS[char_class(chr(char))]
    found = _CHAR_FLAGS[chars]
    curly = lead[found == _QUOTE]
    found[found == _QUOTE] = 0
    odd = found != _WORD
    lead, found = lead[odd], found[odd]
    size = octets[lead]
    for offset, smallest in enumerate((0xC0, 0xC0, 0xE0, 0xF0)):
        holds = size >= smallest
        flags[lead[holds] + offset] = found[holds]
    return curly, int(np.bitwise_or.reduce(found, initial=0))


def _code_points(octets: U8, lead: I64) -> I64:
    """The characters that begin at `lead`, all of them beyond ASCII."""
    first, second, third, fourth = (octets[lead + offset].astype(np.int64) for offset in range(4))
    chars: I64 = (first & 0x1F) << 6 | (second & 0x3F)
    three = first >= 0xE0
    chars[three] = ((chars[three] & 0x3FF) << 6) | (third[three] & 0x3F)
    four = first >= 0xF0
    chars[four] = ((chars[four] & 0x7FFF) << 6) | (fourth[four] & 0x3F)
    return chars


def _join_stops(flags: U8) -> None:
    """Rule 2: make words of the stops inside abbreviations."""
    stops = np.flatnonzero(flags == _STOP)
    letters = (flags[stops - 1] & flags[stops + 1] & _LETTER) != 0
    alone = ((flags[stops - 2] | flags[stops + 2]) & _WORD) == 0
    flags[stops[letters & alone]] = _WORD


def _drop_possessives(octets: U8, flags: U8, quotes: I64, after: I64) -> None:
    """Rule 3: unmake the words that are the `s` of a possessive; apostrophes are bytes `[quotes, after)`.

    All at once: in `s's's` the second apostrophe follows a word, although that is dropped as well.
    """
    possessive = (
        ((octets[after] | 0x20) == _S)
        & ((flags[quotes - 1] & _WORD) != 0)
        & ((flags[after + 1] & _WORD) == 0)
    )
    flags[after[possessive]] = 0


def _cut_at_signs(octets: U8, flags: U8, starts: I64, ends: I64) -> tuple[I64, I64]:
    """Rule 5, first half: runs are cut before each sign, and before what follows one without being a mark."""
    letters = ((octets & 0xC0) != 0x80) & ((flags & (_WORD | _MARK)) == _WORD)
    places = letters.nonzero()[0]  # where the letters begin
    signs = (flags.take(places) & _SIGN) != 0
    runs = starts.searchsorted(places, side="right") - 1
    cut = signs.copy()
    cut[1:] |= signs[:-1] & (runs[1:] == runs[:-1])
    cut &= places > starts.take(runs)
    all_starts = np.concatenate((starts, places[cut]))
    of_run = np.concatenate((np.arange(len(starts)), runs[cut]))
    order = all_starts.argsort(kind="stable")
    all_starts = all_starts.take(order)
    return all_starts, np.minimum(np.append(all_starts[1:], len(octets)), ends.take(of_run.take(order)))


def _paired(flags: U8, starts: I64, ends: I64) -> I64:
    """Rule 5, second half: the ends of signs, moved to that of the sign which follows directly."""
    signs = (flags.take(starts) & _SIGN) != 0
    joined = signs[:-1] & signs[1:] & (ends[:-1] == starts[1:])
    paired: I64 = ends.copy()
    paired[:-1][joined] = ends[1:][joined]
    return paired


def _hold_a_letter(flags: U8, starts: I64, ends: I64) -> Bool:
    """Which runs hold more than marks."""
    spelt: Bool = np.ones(len(starts), np.bool_)
    suspects = np.flatnonzero(flags[starts] & _MARK)
    letters = np.flatnonzero((flags & (_WORD | _MARK)) == _WORD)
    nearest = np.searchsorted(letters, starts[suspects])
    following = np.append(letters, len(flags))[nearest]
    spelt[suspects] = following < ends[suspects]
    return spelt


def _clipped(octets: U8, starts: I64, ends: I64) -> I64:
    long = np.flatnonzero(ends - starts > LONGEST)
    if not len(long):
        return ends
    cut = starts[long] + LONGEST
    for _ in range(3):  # a character continues for at most three bytes
        cut -= (octets[cut] & 0xC0) == 0x80
    clipped: I64 = ends.copy()
    clipped[long] = cut
    return clipped
