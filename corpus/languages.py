"""The languages that can be stemmed, their function words, and which of them a text is written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from .function_words import FUNCTION_WORDS

__all__ = ["LANGUAGES", "LanguageGuess", "guess_language", "language_code", "stop_words"]

LANGUAGES = MappingProxyType(
    {
        "en": "English",
        "es": "Spanish",
        "de": "German",
        "fr": "French",
        "pt": "Portuguese",
        "it": "Italian",
        "nl": "Dutch",
        "ru": "Russian",
        "ar": "Arabic",
        "sv": "Swedish",
        "da": "Danish",
        "no": "Norwegian",
        "fi": "Finnish",
        "hu": "Hungarian",
        "ro": "Romanian",
    }
)
"""ISO 639-1 code -> English name, for every language that Snowball stems."""

_OTHER_NAMES = {
    "ar": "ara العربية",
    "da": "dan dansk",
    "de": "deu ger deutsch",
    "en": "eng",
    "es": "spa español castellano",
    "fi": "fin suomi",
    "fr": "fra fre français",
    "hu": "hun magyar",
    "it": "ita italiano",
    "nl": "nld dut nederlands",
    "no": "nor nob nno nb nn norsk",
    "pt": "por português",
    "ro": "ron rum română",
    "ru": "rus русский",
    "sv": "swe svenska",
}
_CODES = {
    name: code for code in LANGUAGES for name in (code, LANGUAGES[code].lower(), *_OTHER_NAMES[code].split())
}

_REACH = 20_000  # characters: preambles may be in another tongue, so look further than the first page
_FIRST = 1_200
_SLICE = 400
_ENOUGH = 4.0  # function words, shared ones counted by their share
_LITTLE = 1.0
_SHARE = 0.1  # of all words; running text has 0.3 and more, another language by chance 0.05
_LEAD = 1.5  # times the second best

_TELLTALES = {
    "en": "act law code section chapter -ing -ings -ness -ity -ship -ed -ly -tions -ment",
    "es": "ley decreto artículo -ción -ciones -dad -dades -miento",
    "de": "-gesetz -gesetzes -vertrag -abkommen -ordnung -stelle -ung -ungen -keit -heit -schaft -isches",
    "fr": "loi décret -eur -eurs -eux -ité -ités -ique -iques",
    "pt": "lei decreto artigo -ção -ções -dade -dades -ário",
    "it": "legge decreto articolo -zione -zioni -ità",
    "nl": "wet besluit artikel -heid -lijk -lijke -atie",
    "sv": "lag -ning -ningar -ningen -het",
    "da": "lov -else -elsen -hed",
    "no": "lov -else -elsen -het -asjon",
    "fi": "laki -nen -inen -sta -ssa -lla",
    "hu": "törvény -ság -ség -ban -ben -nak -nek",
    "ro": "lege legea -ție -ții -ului -ilor",
}
"""What else tells, in texts of a line or two: words of the trade, and endings (with a hyphen)."""
_WEIGHT_OF_TELLTALE = 0.5
_TELLING = 4.0  # so much of them, and so many times the second best, spares loading what knows more
_LEAD_OF_TELLTALES = 1.5

_RUNNING = 80  # letters


class LanguageGuess(NamedTuple):
    """An ISO 639-1 code; `certain` when the text's function words leave little doubt."""

    code: str
    certain: bool


def stop_words(language: str) -> frozenset[str]:
    """The function words of a language, in lower case; none for a language that is not in `LANGUAGES`."""
    return FUNCTION_WORDS.get(language, frozenset())


def language_code(name: str) -> str | None:
    """The ISO 639-1 code that a field states: `en`, `en-GB`, `de_AT.UTF-8`, `deu`, `German`, `Deutsch`.

    A two-letter code is believed even when it is not in `LANGUAGES` (`pl`); None for what is not a language.

    >>> language_code("en-GB"), language_code("Deutsch"), language_code("various")
    ('en', 'de', None)
    """
    word = name.strip().lower()
    primary = re.split(r"[-_.]", word, maxsplit=1)[0]
    known = _CODES.get(word) or _CODES.get(primary)
    if known is not None:
        return known
    return primary if len(primary) == 2 and primary.isascii() and primary.isalpha() else None


def guess_language(text: str) -> LanguageGuess:
    """Tell the language of a text by its function words, from a few slices of its first 20,000 characters.

    Where these tell too little, not certain: by script, by what groups of letters are frequent, else English.
    The code may then be of a language without a stemmer (`pl`, `ja`).

    >>> guess_language("Der Rat hat die Verordnung über die Ausfuhr von Waffen mit der Mehrheit angenommen.")
    LanguageGuess(code='de', certain=True)
    """
    sample = _sample(text)
    parts = sample.lower().split()
    scores = _tally(parts, _function_words())
    best, score, second = _best(scores)
    is_first = score >= max(_ENOUGH, _LEAD * second)
    # The words are counted only where there are so many other parts that it can matter.
    if is_first and (score >= _SHARE * len(parts) or score >= _SHARE * sum(map(str.isalpha, parts))):
        return LanguageGuess(best, True)
    # Here, since a search loads this module, for its stop words, and tells no language.
    from .identify import identify
    from .scripts import by_script

    by_letters = by_script(sample)
    if by_letters is not None:
        return LanguageGuess(by_letters, False)
    words = [part for part in parts if part.isalpha()]
    told = [*words, *(f"-{word[-length:]}" for word in words for length in range(2, min(len(word), 9)))]
    for code, weight in _tally(told, _telltales()).items():
        scores[code] += _WEIGHT_OF_TELLTALE * weight
    best, score, second = _best(scores)
    if score >= max(_TELLING, _LEAD_OF_TELLTALES * second):
        return LanguageGuess(best, False)
    # Of a line of plain letters these words and endings know more, of others the groups of letters.
    long = sum(map(len, set(words))) >= _RUNNING or not all(map(str.isascii, words))
    if long and (identified := identify(sample)):
        return LanguageGuess(identified, False)
    if score >= _LITTLE:
        return LanguageGuess(best, False)
    return LanguageGuess(identify(sample) or "en", False)


def _tally(words: list[str], owners: Mapping[str, str]) -> dict[str, float]:
    """How many of the words each language owns; a word of several languages is shared among them."""
    scores = dict.fromkeys(LANGUAGES, 0.0)
    for shared, count in Counter(filter(None, map(owners.get, words))).items():
        codes = shared.split()
        for code in codes:
            scores[code] += count / len(codes)
    return scores


def _best(scores: dict[str, float]) -> tuple[str, float, float]:
    """The best language (of equals the first in `LANGUAGES`: English), its score, and the next score."""
    best, next_best = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    return best, scores[best], scores[next_best]


def _sample(text: str) -> str:
    if len(text) <= 2 * _FIRST:
        return text
    reach = min(len(text), _REACH)
    later = range(_FIRST, reach - _SLICE, (reach - _FIRST) // 3)
    return " ".join([text[:_FIRST], *(text[start : start + _SLICE] for start in later)])


@cache
def _function_words() -> dict[str, str]:
    return _owners(FUNCTION_WORDS)


@cache
def _telltales() -> dict[str, str]:
    return _owners({code: words.split() for code, words in _TELLTALES.items()})


def _owners(words_by_language: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Word -> the codes of the languages that have it, with spaces between: text is counted faster than
    tuples, whose hashes are not kept."""
    owners: dict[str, str] = {}
    for code, words in words_by_language.items():
        for word in words:
            owners[word] = f"{owners[word]} {code}" if word in owners else code
    return owners
