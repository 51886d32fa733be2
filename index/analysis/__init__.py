"""Words: which stretches of a text are tokens, and the terms that an index holds for them.

Light to import: neither NLTK nor Whoosh. `analysis.analyser` offers the same to a Whoosh schema.
"""

from __future__ import annotations

from .normal import LONGEST, clip, fold, normalise
from .stems import LANGUAGES, analyser_fingerprint, query_stemmer, query_term, stemmer, term
from .tokens import Token, char_class, tokenize

__all__ = [
    "LANGUAGES",
    "LONGEST",
    "Token",
    "analyser_fingerprint",
    "char_class",
    "clip",
    "fold",
    "normalise",
    "query_stemmer",
    "query_term",
    "stemmer",
    "term",
    "tokenize",
]
