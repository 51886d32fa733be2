"""Words that begin as typed: of each term the one spelling to offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from .analysis.normal import fold
from .arrays import I64
from .field import Field
from .query import Term

__all__ = ["spellings"]


def spellings(
    terms: Sequence[Term], prefix: str, fields: Sequence[Field], standing: Callable[[Field, I64], I64]
) -> Iterator[tuple[Term, str]]:
    """Of each term with such a word the one to offer: spelt as typed rather than with other accents, then the
    shortest. standing: which of a field's words, by number, stand somewhere."""
    for term in terms:
        found = min(
            _of_term(term, prefix, fields, standing), key=lambda word: _order(word, prefix), default=""
        )
        if found:
            yield term, found


def _order(word: str, prefix: str) -> tuple[bool, int, str]:
    return not word.startswith(prefix), len(word), word


def _of_term(
    term: Term, prefix: str, fields: Sequence[Field], standing: Callable[[Field, I64], I64]
) -> Iterator[str]:
    folded = fold(prefix)
    for field in fields:
        number = field.terms.find(term.text.encode("utf-8", "surrogatepass"))
        if number < 0:
            continue
        for at in np.flatnonzero(field.surface_terms == number):
            word = field.surfaces[int(at)].decode("utf-8", "replace")
            if fold(word).startswith(folded) and len(standing(field, np.array([at], np.int64))):
                yield word
