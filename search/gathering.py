"""Takes what a query says of documents out of what it says of words: `a AND type:law` is `a`, of laws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .lexer import Kind, Lexeme, Notify, column
from .syntax import Facts

__all__ = ["gathered"]

_NEGATING = frozenset({Kind.NOT, Kind.MINUS})
_BEFORE = _NEGATING | {Kind.PLUS, Kind.FIELD, Kind.EXACT}
_BINARY = frozenset({Kind.AND, Kind.OR, Kind.NEAR})


def gathered(lexemes: Sequence[Lexeme], notify: Notify) -> tuple[list[Lexeme], tuple[Facts, ...]]:
    """The lexemes without facts and the operators that joined these to others; and the facts, which hold for
    the whole query wherever they stand."""
    if all(lexeme.kind is not Kind.FACTS for lexeme in lexemes):
        return list(lexemes), ()
    kept = _without_operators(_negated(_unwrapped(lexemes)), notify)
    facts = [lexeme.facts for lexeme in kept if lexeme.facts is not None]
    words = [lexeme for lexeme in kept if lexeme.kind is not Kind.FACTS]
    return words, tuple(dict.fromkeys(facts))


def _unwrapped(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """The lexemes without parentheses that hold nothing but facts; what negates these negates each."""
    kept: list[Lexeme] = []
    opened: list[int] = []
    for lexeme in lexemes:
        kept.append(lexeme)
        if lexeme.kind is Kind.OPEN:
            opened.append(len(kept) - 1)
        elif lexeme.kind is Kind.CLOSE and opened:
            at = opened.pop()
            inside = kept[at + 1 : -1]
            kinds = {each.kind for each in inside}
            if Kind.FACTS in kinds and kinds <= _BINARY | _BEFORE | {Kind.FACTS}:
                negative = _odd(kept, at)
                kept[at:] = [_turned(each) if negative else each for each in _negated(inside)]
    return kept


def _odd(kept: list[Lexeme], at: int) -> bool:
    """Takes the negations that end at a place off; whether their number is odd."""
    odd = False
    while at and kept[at - 1].kind in _NEGATING:
        kept.pop(at - 1)
        at -= 1
        odd = not odd
    return odd


def _turned(lexeme: Lexeme) -> Lexeme:
    if lexeme.facts is None:
        return lexeme
    return lexeme._replace(facts=replace(lexeme.facts, negated=not lexeme.facts.negated))


def _negated(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """The lexemes with the signs before facts taken into these."""
    kept: list[Lexeme] = []
    for lexeme in lexemes:
        if lexeme.kind is Kind.FACTS:
            while kept and kept[-1].kind in _BEFORE:
                if kept.pop().kind in _NEGATING:
                    lexeme = _turned(lexeme)
        kept.append(lexeme)
    return kept


def _without_operators(lexemes: Sequence[Lexeme], notify: Notify) -> list[Lexeme]:
    kept: list[Lexeme] = []
    for lexeme in lexemes:
        before = kept[-1].kind if kept else None
        if lexeme.kind is Kind.FACTS and before in _BINARY:
            _mention(kept.pop(), kept, lexeme, notify)
        elif lexeme.kind is Kind.AND and before is Kind.FACTS and not _follows_words(kept):
            continue  # and so it joins facts to words
        kept.append(lexeme)
    return kept


def _follows_words(kept: Sequence[Lexeme]) -> bool:
    """Does an operand stand before the facts at the end?"""
    last = next((each.kind for each in reversed(kept) if each.kind is not Kind.FACTS), None)
    return last in (Kind.CHUNK, Kind.QUOTED, Kind.CLOSE)


def _mention(operator: Lexeme, kept: Sequence[Lexeme], facts: Lexeme, notify: Notify) -> None:
    if operator.kind is Kind.OR and not (kept and kept[-1].kind is Kind.FACTS):
        notify(
            f"Took “{facts.text[:40]}” at {column(facts.start)} for the whole query: "
            "it says which documents answer"
        )
