"""Acronyms that a text explains: `Financial Action Task Force (FATF)`, `FATF (Financial Action Task Force)`.

A form in capitals stands for words when its letters are, in their order, the first letters of these; small
words (*of*, *für*) may be passed over, and a longer word may give letters from within (*Kreditwesengesetz*
(KWG), *Extensible* does not give XML). After Schwartz and Hearst (PSB 2003), who are content with letters
anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

__all__ = ["LONGEST", "acronyms_in", "may_explain"]

LONGEST = 160
"""Characters of the longest words that an acronym stands for."""

_SMALL = 5  # letters of a word in lower case that may be passed over
_MOST_LETTERS = 10
_REACH = 24  # characters before a bracket in which an acronym stands
_MARKS = "\"'“”„‟‘’‚«»‹›*_`"

# In UTF-8: something in capitals in brackets, or brackets after something in capitals. The bracket comes
# first in the pattern, so that text without brackets is passed over at the speed of memory.
_CANDIDATE = re.compile(
    rb"\((?:(?:(?<=[A-Z\x80-\xbf]\s\()|(?<=[A-Z\x80-\xbf][\"'*_s\x80-\xbf]\s\())[^()]{5}"
    rb"|(?:[a-z]{2,12},? ){0,3}[\"'*_\x80-\xbf\xc2\xe2]{0,9}[A-Z\xc3-\xdf][^\s()]{0,9}[A-Z\xc3-\xdf]"
    rb"(?=[^\s()]{0,60}?[),;\"'*_\x80-\xbf]))"  # so `(D.C. Law 1)` is none
)
_SHORT = r"(?P<short>[^\W\d_][^\s()\[\],;\"“”„«»*_`]{1,14}?)"
_INSIDE = re.compile(rf"\((?:[^\W\d_]{{2,12}},? ){{0,3}}[{_MARKS}]*{_SHORT}[{_MARKS}]*[),;]")
_BEFORE = re.compile(rf"(?<![^\s({_MARKS}]){_SHORT}[{_MARKS}]*\s\Z")
_AFTER = re.compile(rf"\(([^()]{{5,{LONGEST}}})\)")
_SENTENCE = re.compile(r"[.:;!?]+\s|\n\s*\n|[()\[\]|]")
_COMMA = re.compile(r"[;,:]\s")
_ROMAN = re.compile(r"[IVXLC]+")
_PART = re.compile(r"[^\W_]+")


def may_explain(text: bytes) -> Iterator[int]:
    """Where in a text in UTF-8 an acronym may be explained (offsets in bytes, ascending). A paragraph of it
    in which there is no such place explains none."""
    return (found.start() for found in _CANDIDATE.finditer(text))


def acronyms_in(text: str) -> Iterator[tuple[str, str]]:
    """The acronyms that a paragraph explains, each with its words as they stand there, white space folded.

    >>> list(acronyms_in("The Financial Action Task Force (FATF) and customer due diligence (“CDD”)."))
    [('FATF', 'Financial Action Task Force'), ('CDD', 'customer due diligence')]
    >>> list(acronyms_in("The FATF (Financial Action Task Force), see Part (II)."))
    [('FATF', 'Financial Action Task Force')]
    """
    encoded = text.encode("utf-8", "surrogatepass")
    places = list(may_explain(encoded))
    if not text.isascii():
        places = [len(encoded[:place].decode("utf-8", "surrogatepass")) for place in places]
    for place in places:
        inside = _INSIDE.match(text, place)
        if inside and (short := _short(inside["short"])):
            yield from _before(short, text[max(0, place - LONGEST - 2) : place])
        after = _AFTER.match(text, place)
        before = _BEFORE.search(text[max(0, place - _REACH) : place]) if after else None
        if after and before and (short := _short(before["short"])):
            yield from _inside(short, after[1])


@lru_cache(1024)
def _short(text: str) -> str:
    """An acronym as it is kept, without stops and the ending of its plural; "" for what is none."""
    short = text.replace(".", "").replace("\u2019", "'").removesuffix("'s").strip("'-/&")
    if short[-1:] == "s" and short[:-1].isupper():
        short = short[:-1]
    letters = _letters(short)
    capitals = sum(char.isupper() for char in short)
    fine = 2 <= len(letters) <= _MOST_LETTERS and capitals >= 2 and 2 * capitals >= len(letters)
    return short if fine and not _ROMAN.fullmatch(short) else ""


@lru_cache(1024)
def _letters(text: str) -> str:
    """Letters and digits without accents, in lower case."""
    return "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if c.isalnum())


def _words(text: str) -> list[str]:
    return [word for word in (word.strip(_MARKS) for word in text.split()) if word]


def _before(short: str, text: str) -> Iterator[tuple[str, str]]:
    """The acronym with the fewest words at the end of a text that it stands for."""
    letters = _letters(short)
    words = _words(_SENTENCE.split(text)[-1])[-min(len(letters) + 5, 2 * len(letters)) :]
    firsts = [at for at in reversed(range(len(words))) if _begins(letters, words, at)]
    for within in (False, True):
        for first in firsts:
            if _stands_for(letters, words[first:], within):
                yield from _pair(short, words[first:])
                return


def _begins(letters: str, words: Sequence[str], first: int) -> bool:
    """Whether the words for the letters can begin there: not with the *of* of `Office of Tax`."""
    word = words[first]
    if _letters(word)[:1] != letters[0]:
        return False
    return not (word.islower() and len(word) <= _SMALL and any(w[:1].isupper() for w in words[first + 1 :]))


def _inside(short: str, text: str) -> Iterator[tuple[str, str]]:
    """The acronym with the words of a text up to its first comma, if it stands for them."""
    words = _words(_COMMA.split(text)[0])
    letters = _letters(short)
    if any(_stands_for(letters, words, within) for within in (False, True)):
        yield from _pair(short, words)


def _pair(short: str, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    long = " ".join(words).strip(_MARKS + ",;:.")
    if len(long) <= LONGEST and _letters(long) != _letters(short):
        yield short, long


def _stands_for(letters: str, words: Sequence[str], within: bool) -> bool:
    """Whether letters are those of words. within: may words give more than their first letter?"""
    parts = [(at, part) for word in words for at, part in enumerate(_PART.findall(word))]
    if not parts or len(parts) > 2 * len(letters) + 5:
        return False
    folded = [_letters(part) for _, part in parts]
    if len(parts) == 1 and (len(letters) < 3 or folded[0].startswith(letters)):
        return False  # of a single word only what cannot be a mere beginning
    small = [part.islower() and (len(part) <= _SMALL or at > 0) for at, part in parts]
    places = {0}  # in the letters, that can be reached with the parts so far
    for number, word in enumerate(folded):
        reached: set[int] = set()
        for place in places:
            if 0 < number < len(folded) - 1 and small[number]:
                reached.add(place)
            if place < len(letters) and word[:1] == letters[place]:
                reached.update(_taken(letters, place, word) if within else (place + 1,))
        places = reached
    return len(letters) in places


def _taken(letters: str, place: int, word: str) -> Iterator[int]:
    """How far in the letters a word can lead, its first letter being the next one."""
    yield place + 1
    at = 1
    for end in range(place + 1, len(letters)):
        at = word.find(letters[end], at) + 1
        if not at:
            return
        yield end + 1
