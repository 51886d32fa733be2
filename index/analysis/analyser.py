"""The token law as a Whoosh analyser: the only module of the analysis that imports `whoosh.analysis`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.analysis.acore import Token as WhooshToken
from whoosh.analysis.analyzers import CompositeAnalyzer
from whoosh.analysis.filters import Filter
from whoosh.analysis.tokenizers import Tokenizer

from .normal import normalise
from .stems import Stem, query_term, term
from .tokens import tokenize

__all__ = ["PolicyAnalyzer", "PolicyTokenizer", "TermFilter"]


class PolicyTokenizer(Tokenizer):
    """Yields the surfaces of `tokenize`, by Whoosh's custom in one token object that changes."""

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[WhooshToken]:
        token: Any = WhooshToken(positions, chars, removestops=removestops, mode=mode, **kwargs)
        for position, (raw, start, end) in enumerate(_ranges(value, tokenize)):
            token.text = normalise(raw)
            token.boost = 1.0
            token.stopped = False
            if keeporiginal:
                token.original = raw
            if positions:
                token.pos = start_pos + position
            if chars:
                token.startchar = start_char + start
                token.endchar = start_char + end
            yield token


class TermFilter(Filter):
    """Puts the term in the place of the surface, which moves to `token.surface`. In Whoosh's query mode it
    does without NLTK as `query_term` does."""

    is_morph = True

    def __init__(self, language: str) -> None:
        self.language = language

    # Whoosh's filters part from the signature of its Composable.
    def __call__(self, tokens: Iterable[WhooshToken]) -> Iterator[WhooshToken]:  # type: ignore[override]
        find: Stem | None = None
        token: Any
        for token in tokens:
            if find is None:
                find = (query_term if token.mode == "query" else term)(self.language)
            token.surface = token.text
            token.text = find(token.text)
            yield token


class PolicyAnalyzer(CompositeAnalyzer):
    """The analysis of one language, described wholly by its code.

    Its (term, position) sequence is that of the bulk inverter, on any text.
    """

    def __init__(self, language: str) -> None:
        super().__init__(PolicyTokenizer(), TermFilter(language))
        self.language = language

    def __repr__(self) -> str:
        return f"PolicyAnalyzer({self.language!r})"


def _ranges(value: str, cut: bool) -> Iterator[tuple[str, int, int]]:
    if cut:
        return ((token.raw, token.start, token.end) for token in tokenize(value))
    return iter([(value, 0, len(value))])
