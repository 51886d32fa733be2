"""Where sentences end: a fast rule over end marks, abbreviations and numbering."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .abbreviations import BEFORE_NAMES, BEFORE_NUMBERS, OTHERS, STARTERS
from .languages import LANGUAGES, stop_words

__all__ = ["each_sentence", "sentences"]

_ITEM = r"\((?:[a-z]{1,2}|[A-Z]{1,2}|[ivxlc]{1,6}|[0-9]{1,2})\)"
_BORDER = re.compile(
    rf"""
    (?P<mark>[.!?…؟]++) [)\]}}"'”’»›*_]*+ (?P<gap>(?=\s))?
    | (?P<blank>\n[^\S\n]*\n)
    | [。！？｡]++ [」』）】〉》”’]*+  # of scripts without spaces: nothing else decides
    # A list within the paragraph: each item on its own line is a unit of reading.
    | (?:[;:—]|[;,][ \t]+(?:and|or|und|oder|sowie|y|e|o|u|et|ou|en|of))[ \t]*
      (?=\n[ \t]*(?:{_ITEM}|[-*•–—▪]|(?:[0-9]{{1,3}}|[a-z])[.)])[ \t]+\S)
    """,
    re.VERBOSE,
)
_NEXT = re.compile(rf"\s+(?:(?P<item>{_ITEM})|(?P<opening>[^\w\s]{{0,4}})(?P<word>[^\W_]{{0,24}}))")
_SPACE = re.compile(r"\s*")
_LAST_TOKEN = re.compile(r"[^\s(\[{\"'“„‘«/–—,;:-]*\Z")
_ACRONYM = re.compile(r"[^\W\d_]|(?:[^\W\d_]{1,4}\.)+[^\W\d_]{1,4}")
_CONTINUATION = re.compile(r"\s*[,;:]|[^\S\n]+[-–—]")
_ROMAN = re.compile(r"[IVXLC]+")
_NUMBERING = re.compile(
    r"""[\[("'“„«]*(?:
        (?:(?:§+|sec(?:tion)?\.?|art(?:icle|ikel|ículo|icolo|igo)?\.?|rule|chapter|part|title|schedule|annex
            |kapitel|teil|anlage|capítulo|chapitre)\s*)?
        \(?(?:[0-9][\w.()\\-]{0,15}|[a-z]|[ivxlc]{1,7})
        | (?=\S*[0-9])[\w()-]+(?:\.[\w()-]+)+       # APP2.A2.Guidance.3
    )\\?[).\]]*""",
    re.VERBOSE | re.IGNORECASE,
)
_LETTERED_LINE = re.compile(r"\n[^\S\n]*[a-z]\Z")
_LONGEST_TOKEN = 24
_LONGEST_NUMBERING = 32
_ORDINAL_LANGUAGES = frozenset({"de", "da", "no", "fi", "hu"})


def sentences(
    text: str, start: int = 0, end: int | None = None, language: str = "en"
) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]` as half-open ranges of `text`, in order and disjoint.

    Each begins and ends with a character that is not white space, and together they hold all such
    characters of the stretch. Line breaks count as white space, but a blank line always ends a sentence,
    and so does the end of an item in a list that is set line by line. Numbering (`4.2.1`, `§ 3.`, `(a)`)
    belongs to what follows. Time is linear; a language that is not in `LANGUAGES` is read as English.

    >>> text = "Dr. Elizabeth spoke in the U.S. The vote (No. 5) was at 3.15 p.m. on Friday."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Dr. Elizabeth spoke in the U.S.', 'The vote (No. 5) was at 3.15 p.m. on Friday.']
    """
    return list(each_sentence(text, start, end, language))


def each_sentence(
    text: str, start: int = 0, end: int | None = None, language: str = "en"
) -> Iterator[tuple[int, int]]:
    """The same one by one, as far as they are asked for."""
    start, end, _ = slice(start, end).indices(len(text))
    rules = _rules(language if language in LANGUAGES else "en")
    first = _after_space(text, start, end)
    for border in _BORDER.finditer(text, start, end):
        if border.start() < first or (border["mark"] and border["gap"] is None):
            continue
        if border["mark"] is None or _ends(text, first, border, end, rules):
            stop = first + len(text[first : border.end()].rstrip())
            yield first, stop
            first = _after_space(text, stop, end)
    if first < end:
        yield first, first + len(text[first:end].rstrip())


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a language knows of its abbreviations."""

    before_names: frozenset[str]
    before_numbers: frozenset[str]
    others: frozenset[str]
    starters: frozenset[str]
    ordinals: bool


@cache
def _rules(language: str) -> _Rules:
    return _Rules(
        before_names=BEFORE_NAMES[language],
        before_numbers=BEFORE_NUMBERS[language],
        others=OTHERS[language],
        # "No" is rather the number's abbreviation: `C.A. No. 75`.
        starters=(stop_words(language) | STARTERS.get(language, frozenset())) - {"no"},
        ordinals=language in _ORDINAL_LANGUAGES,
    )


def _after_space(text: str, start: int, end: int) -> int:
    space = _SPACE.match(text, start, end)
    return space.end() if space else start


def _ends(text: str, first: int, border: re.Match[str], end: int, rules: _Rules) -> bool:
    """Does the end mark end the sentence that began at `first`?"""
    following = _NEXT.match(text, border.end(), end)
    if following is None:
        return True
    word = following["word"] or ""
    if (word[:1].islower() and not following["item"]) or _CONTINUATION.match(following[0]):
        return False
    if border["mark"] != ".":
        return True
    if border.end() - first <= _LONGEST_NUMBERING and _NUMBERING.fullmatch(text, first, border.end()):
        return False
    if _LETTERED_LINE.search(text, max(first, border.start() - _LONGEST_TOKEN), border.start()):
        return False
    found = _LAST_TOKEN.search(text, max(first, border.start() - _LONGEST_TOKEN), border.start())
    token = found[0] if found else ""
    number = bool(following["item"]) or word[:1].isdigit() or (following["opening"] or "").startswith("§")
    return not _is_open(token, word, number, rules)


def _is_open(token: str, word: str, number: bool, rules: _Rules) -> bool:
    """Does the point belong to the token (`Dr`, `No`, `U.S`), so that the sentence goes on with the word?"""
    key = token.lower()
    if key in rules.before_names:
        return True
    if key in rules.before_numbers and (number or _ROMAN.fullmatch(word)):
        return True
    ordinal = rules.ordinals and len(token) <= 3 and (token.isdigit() or bool(_ROMAN.fullmatch(token)))
    if ordinal or key in rules.others or _ACRONYM.fullmatch(token):
        return word.lower() not in rules.starters
    return False
