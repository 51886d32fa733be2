"""From a surface to its term: stem by language, then fold accents.

Indexing stems with NLTK's Snowball stemmers, the reference. A query must not wait for them to be imported,
and seldom has to: the index knows the terms of all surfaces it has seen. For the others
Whoosh's older copy of the same stemmers (imported in milliseconds) serves wherever it gives the same stem;
a test holds that. Where the two are known to part, `query_stemmer` asks NLTK after all.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

from .lean import snowball
from .normal import clip, fold

__all__ = ["LANGUAGES", "Stem", "analyser_fingerprint", "query_stemmer", "query_term", "stemmer", "term"]

Stem = Callable[[str], str]
"""Maps a surface, as `normalise` leaves it, to its stem or term."""

LANGUAGES: Final = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
}
"""Languages with a stemmer, by ISO 639-1 code. Words of any other language are their own stems."""

_LONGEST_STEMMED = 64  # characters; no inflected word is longer, and NLTK's time grows with the square
_REMEMBERED = 1 << 17  # surfaces of a language; some 30 MB, and three times those of a large corpus
_RULES = 2  # of tokens.py and normal.py: raise it with any change that moves, adds or respells a term
_STEMS: Final = {**dict.fromkeys(LANGUAGES, 1), "pt": 2}  # by language: raise with any change of a stem

# The stemmers index into words that they believe to be longer. None is known to do so today.
_STEMMER_BUGS = (LookupError, ValueError)

# Words for which Whoosh's stemmer is known to differ from NLTK's (see `_rv` for another difference, mended).
_ONLY_NLTK: Final = {
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]"),  # it has none; other scripts are unchanged
    "es": re.compile("(?:acion|ucion|uciones|ución|logías?|encias?)$"),
    "it": re.compile("enz[ae]$"),
    "pt": re.compile("[qg]ü|(?:anças?|logias?|logías?|ución|uciones|uções|ução|mente)$"),
}


def stemmer(language: str) -> Stem:
    """The stemmer that indexing uses; imports NLTK. Words with digits, and words of more than 64 characters,
    are their own stems, as are all words of a language without a stemmer. Never returns an empty string."""
    return _guarded(_mended(_nltk(language), language)) if language in LANGUAGES else _identity


def query_stemmer(language: str) -> Stem:
    """Gives the stems of `stemmer(language)`, but imports NLTK only when it meets a word that needs it."""
    if language not in LANGUAGES:
        return _identity
    light = _whoosh(language)
    differs = _ONLY_NLTK.get(language)
    if differs is None:
        return _guarded(light)

    def stem(surface: str) -> str:
        return _nltk(language)(surface) if differs.search(surface) else light(surface)

    return _guarded(_mended(stem, language))


def _mended(stem: Stem, language: str) -> Stem:
    """Portuguese plurals in -ões are stemmed as their singulars in -ão, which Snowball leaves apart unless it
    knows a longer ending: *inspeção* and *inspeções*, *região* and *regiões*."""
    if language != "pt":
        return stem
    return lambda surface: stem(f"{surface[:-3]}ão" if surface.endswith("ões") else surface)


@cache
def term(language: str) -> Stem:
    """Maps surfaces to the terms that the index holds for them: stemmed, then folded; imports NLTK.

    Remembers what it was asked, so that a process stems a word once for texts, headings and titles.
    """
    return lru_cache(_REMEMBERED)(_folded(stemmer(language)))


def query_term(language: str) -> Stem:
    """Gives the terms of `term(language)`, by `query_stemmer`."""
    return _folded(query_stemmer(language))


def analyser_fingerprint(language: str) -> str:
    """Names the behaviour of the whole analysis of a language; an index whose stored fingerprint differs was
    made with other terms. It is declared, not computed, so that it costs no import: a test pins the terms
    of sample words to each version, and fails when they change and it does not.

    >>> analyser_fingerprint("en"), analyser_fingerprint("zu")
    ('en/words-2/snowball-1', 'zu/words-2/unstemmed')
    """
    version = _STEMS.get(language)
    return f"{language}/words-{_RULES}/{f'snowball-{version}' if version else 'unstemmed'}"


def _identity(surface: str) -> str:
    return surface


def _guarded(stem: Stem) -> Stem:
    """`stem`, spared the words that it was not made for."""

    def guarded(surface: str) -> str:
        if len(surface) > _LONGEST_STEMMED or any(map(str.isdigit, surface)):
            return surface
        try:
            return stem(surface) or surface
        except _STEMMER_BUGS:
            return surface

    return guarded


def _folded(stem: Stem) -> Stem:
    def folded(surface: str) -> str:
        return clip(fold(stem(surface)))

    return folded


@cache
def _nltk(language: str) -> Stem:
    # Loaded here, since a query must not pay for it.
    kind = getattr(snowball(), f"{LANGUAGES[language]}Stemmer")
    if language != "ar":
        stem: Stem = kind().stem
        return stem

    def fresh(surface: str) -> str:
        # NLTK's Arabic stemmer does not reset all of its state: a used one stems by what it saw before.
        found: str = kind().stem(surface)
        return found

    return fresh


@cache
def _whoosh(language: str) -> Stem:
    if language == "ar":
        return _identity
    # Imported here because most queries hold only words that the index knows.
    module = importlib.import_module("whoosh.lang.snowball")
    kind: type = module.classes[language]
    if language in ("es", "it", "pt", "ro"):
        kind = type(kind.__name__, (kind,), {"_rv_standard": _rv})
    stem: Stem = kind().stem
    return stem


def _rv(_: object, word: str, vowels: str) -> str:
    """The region RV of the Romance stemmers (snowballstem.org). Whoosh's own asks whether the first *pair* of
    letters stands in the string of vowels, and so errs on words such as *auto*."""
    if len(word) < 2:
        return ""
    if word[1] in vowels and word[0] not in vowels:
        return word[3:]
    sought = word[1] not in vowels
    return next((word[at + 1 :] for at in range(2, len(word)) if (word[at] in vowels) is sought), "")
