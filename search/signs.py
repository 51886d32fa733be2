"""Queries in scripts without spaces: what stands together is asked for as a whole, else by pairs of signs.

Chinese, Japanese or Thai words cannot be told apart without a dictionary. A bare stretch such as `個人情報`
is a phrase, exact as any; where no document holds all of it so, its pairs of neighbouring signs are ranked
any-of, and those side by side come first, as words do.
"""

from __future__ import annotations

from dataclasses import replace

from ..index.analysis.normal import normalise
from ..index.analysis.tokens import asked, is_sign
from ..index.query import FieldName, Phrase, Request, Scope, Word
from .engine import Engine
from .patterns import is_pattern
from .syntax import AnyOf, Chunk, Preferring, Syntax, any_of

__all__ = ["has_signs", "parted"]


def has_signs(text: str) -> bool:
    """Does the text hold a letter of a script without spaces?"""
    return not text.isascii() and any(map(is_sign, text))


def parted(engine: Engine, tree: Syntax) -> tuple[Syntax, tuple[str, ...]]:
    """The tree with those bare stretches parted that stand nowhere as a whole, and what to tell of it."""
    notices: list[str] = []

    def part(node: Syntax) -> Syntax:
        match node:
            case Chunk() if _may_part(node) and not _stands(engine, node):
                notices.append(f"“{node.text}” stands nowhere as a whole: searched for its pairs of signs")
                return any_of(_pairs(node))
            case AnyOf():
                return any_of(map(part, node.children))
            case Preferring():
                return Preferring(node.required, tuple(map(part, node.optional)))
        return node

    return part(tree), tuple(notices)


def _may_part(chunk: Chunk) -> bool:
    if chunk.field is not FieldName.ANY or is_pattern(chunk.text) or chunk.exact or not has_signs(chunk.text):
        return False
    return len(asked(chunk.text)) > 1


def _pairs(chunk: Chunk) -> list[Chunk]:
    start = chunk.span[0]
    tokens = {normalise(token.raw): token for token in reversed(asked(chunk.text))}
    return [
        replace(chunk, text=token.raw, span=(start + token.start, start + token.end))
        for token in sorted(tokens.values(), key=lambda token: token.start)
    ]


def _stands(engine: Engine, chunk: Chunk) -> bool:
    """Whether a paragraph or heading holds the whole stretch."""
    languages = sorted(engine.statistics().languages)
    words = []
    for token in asked(chunk.text):
        surface = normalise(token.raw)
        terms = (term for code in languages for term in engine.analyse(surface, code))
        words.append(Word(token.raw, tuple(terms)))
    phrase = Phrase(chunk.text, tuple(words))
    return engine.answer(Request(phrase, Scope.PARAGRAPH, (), limit=0)).totals.units > 0
