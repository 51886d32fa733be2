"""The language of texts that their function words do not tell: short ones, and those in many more languages.

py3langid, a small classifier over groups of letters, whose model comes in its wheel. It is loaded (half a
second) when the first such text is met; no search loads it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Protocol

__all__ = ["identify"]

_FEW: Final = 20  # letters; below, rather one of the languages with a stemmer than a rare one
_LEAST: Final = 12  # letters; below, nothing is told
_COMMON: Final = frozenset(
    ["en", "es", "de", "fr", "pt", "it", "nl", "ru", "ar", "sv", "da", "no", "fi", "hu", "ro"]
)
_KNOWN: Final = _COMMON | frozenset(
    [
        "pl",
        "cs",
        "sk",
        "sl",
        "hr",
        "bs",
        "bg",
        "mk",
        "uk",
        "be",
        "et",
        "lv",
        "lt",
        "sq",
        "tr",
        "az",
        "id",
        "vi",
        "sw",
        "ca",
        "gl",
        "eu",
        "ga",
        "cy",
        "mt",
        "is",
        "af",
        "el",
        "he",
        "fa",
        "ur",
        "hi",
    ]
)
_WORD: Final = re.compile(r"\b(?![IVXLC]+\b)[^\W\d_]{3,}")  # others are numbering and initials in many a law


class _Identifier(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]: ...


def identify(text: str) -> str | None:
    """The likeliest language (ISO 639-1) of a text; None where it has hardly a letter.

    Deterministic. Very short texts are taken to be in one of the fifteen languages with a stemmer.
    """
    words = list(dict.fromkeys(_WORD.findall(text)))  # each once, however often a form repeats it
    letters = sum(map(len, words))
    if letters < _LEAST:
        return None
    among = _COMMON if letters < _FEW else _KNOWN
    # Shouted headings look like no language: the model learnt from running text.
    plain = " ".join(words)
    ranked = _identifier().rank(plain.lower() if plain.isupper() else plain)
    return next((_CODES.get(code, code) for code, _ in ranked if _CODES.get(code, code) in among), None)


_CODES: Final = {"nb": "no", "nn": "no", "ms": "id"}


@cache
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # here: see the module's docstring

    found: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    return found
