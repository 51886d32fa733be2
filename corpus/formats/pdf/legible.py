"""Whether the text of a page is a language at all: fonts without a character map decode to nonsense."""

from __future__ import annotations

import re
from functools import cache

from ...function_words import FUNCTION_WORDS

__all__ = ["is_nonsense"]

_FEWEST = 40  # letters, and half as many tokens, that tell anything
_UNMAPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")
_LATIN = re.compile("[A-Za-zÀ-ÿ]")
_FREQUENT = re.compile(
    "[aeinorstà-æè-öù-ý]", re.IGNORECASE
)  # about two letters out of three in most languages
_LEAST_FREQUENT = 0.4
_SIGNS = re.compile(r"[^\w\s.,_–—…-]")
_MOST_SIGNS = 0.6
_MOST_FIGURES = 0.12  # code and lists of codes have more
_MOST_UNMAPPED = 0.2
_SAMPLE = 4_000


def is_nonsense(text: str) -> bool:
    """Whether a page's text is none: most signs are unmapped, or its Latin letters make no words of any
    language. Short texts, figures and other scripts are given the benefit of the doubt."""
    sample = text[:_SAMPLE]
    solid = "".join(sample.split())
    if len(solid) >= 8 and len(_UNMAPPED.findall(solid)) > _MOST_UNMAPPED * len(solid):
        return True
    if len(solid) >= _FEWEST and len(_SIGNS.findall(solid)) > _MOST_SIGNS * len(solid):
        return True
    letters = len(_LATIN.findall(solid))
    tokens = sample.split()
    figures = sum(map(str.isdigit, solid))
    if letters < max(_FEWEST, 0.5 * len(solid)) or len(tokens) < _FEWEST // 2:
        return False
    if figures > _MOST_FIGURES * len(solid):
        return False
    if any(token.strip(".,;:()[]\"'").lower() in _function_words() for token in tokens):
        return False
    return len(_FREQUENT.findall(solid)) < _LEAST_FREQUENT * letters


@cache
def _function_words() -> frozenset[str]:
    """Words of at least three letters, so that no chance hits one."""
    return frozenset(word for words in FUNCTION_WORDS.values() for word in words if len(word) > 2)
