"""Makes a grammatical sequence of lexemes of any sequence, saying what was mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .lexer import Kind, Lexeme, Notify, column

__all__ = ["PREFIXES", "STARTS", "named", "tidy"]

PREFIXES = frozenset({Kind.NOT, Kind.MINUS, Kind.PLUS, Kind.FIELD, Kind.UNIT, Kind.EXACT})
"""What stands before an operand."""

STARTS = PREFIXES | {Kind.CHUNK, Kind.QUOTED, Kind.OPEN}
"""What an operand can begin with."""

_ENDS = frozenset({Kind.CHUNK, Kind.QUOTED, Kind.CLOSE})
_BINARY = frozenset({Kind.AND, Kind.OR, Kind.NEAR})


def named(lexeme: Lexeme) -> str | None:
    """The name that a lexeme consists of but for its colon; None for others."""
    if lexeme.kind is Kind.EXACT:
        return "exact" if lexeme.end - lexeme.start > 2 else None  # else it is a sign
    return lexeme.text if lexeme.kind in (Kind.FIELD, Kind.UNIT) else None


def tidy(lexemes: Iterable[Lexeme], notify: Notify) -> list[Lexeme]:
    """The lexemes with every parenthesis matched and not empty, and every operator with its operands.

    The name of a field that nothing follows becomes a word.
    """
    lexemes = list(lexemes)
    if _is_plain(lexemes):
        return lexemes
    return _with_left_operands(_with_right_operands(_balanced(lexemes, notify), notify), notify)


def _is_plain(lexemes: Sequence[Lexeme]) -> bool:
    """Are they words and operators between words, with nothing to be mended?"""
    operand = False
    for lexeme in lexemes:
        kind = lexeme.kind
        if kind is Kind.CHUNK or kind is Kind.QUOTED:
            operand = True
        elif operand and (kind is Kind.AND or kind is Kind.OR):
            operand = False
        else:
            return False
    return operand


def _balanced(lexemes: Iterable[Lexeme], notify: Notify) -> list[Lexeme]:
    kept: list[Lexeme] = []
    opened: list[Lexeme] = []
    for lexeme in lexemes:
        if lexeme.kind is Kind.OPEN:
            opened.append(lexeme)
        elif lexeme.kind is Kind.CLOSE:
            if not opened:
                notify(f"Ignored the closing parenthesis at {column(lexeme.start)}, which nothing opens")
                continue
            opened.pop()
        kept.append(lexeme)
    for lexeme in opened:
        notify(f"Read the unclosed parenthesis at {column(lexeme.start)} as closed at the end of the query")
    end = kept[-1].end if kept else 0
    return kept + [Lexeme(Kind.CLOSE, ")", end, end)] * len(opened)


def _with_right_operands(lexemes: list[Lexeme], notify: Notify) -> list[Lexeme]:
    kept: list[Lexeme] = []  # from the end backwards
    for lexeme in reversed(lexemes):
        follows = kept[-1].kind if kept else None
        if lexeme.kind is Kind.OPEN and follows is Kind.CLOSE:
            kept.pop()
            notify(f"Ignored the empty parentheses at {column(lexeme.start)}")
        elif follows in STARTS or lexeme.kind not in PREFIXES | _BINARY:
            kept.append(lexeme)
        elif (name := named(lexeme)) is not None:
            kept.append(Lexeme(Kind.CHUNK, name, lexeme.start, lexeme.end - 1))
            notify(f"Read “{name}:” at {column(lexeme.start)} as a word, since nothing follows it")
        else:
            _drop(lexeme, notify)
    kept.reverse()
    return kept


def _with_left_operands(lexemes: list[Lexeme], notify: Notify) -> list[Lexeme]:
    kept: list[Lexeme] = []
    for lexeme in lexemes:
        if lexeme.kind in _BINARY and not (kept and kept[-1].kind in _ENDS):
            _drop(lexeme, notify)
        else:
            kept.append(lexeme)
    return kept


def _drop(lexeme: Lexeme, notify: Notify) -> None:
    lacks = "words on both sides" if lexeme.kind in _BINARY else "something after it"
    notify(f"Ignored {lexeme.text} at {column(lexeme.start)}: it needs {lacks}")
