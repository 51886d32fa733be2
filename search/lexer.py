"""The words and signs of a query. What is not in order is passed over or mended, and a notice says how."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum, auto
from typing import NamedTuple

from ..index.analysis.tokens import Token, asked, tokenize
from ..index.query import FieldName

__all__ = ["FIELDS", "Kind", "Lexeme", "Notify", "column", "has_words", "lex"]

FIELDS = {name.value: name for name in (FieldName.TITLE, FieldName.HEADING, FieldName.TEXT)}
"""The fields that a query can name."""

Notify = Callable[[str], object]
"""Takes a sentence, without its final stop, about something that was forgiven."""


class Kind(IntEnum):  # of integers, since sets of them are asked about every lexeme
    CHUNK = auto()
    QUOTED = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    MINUS = auto()
    PLUS = auto()
    FIELD = auto()


class Lexeme(NamedTuple):
    """text: of words what they say, of the others as typed; `[start, end)`: columns of the query, from 0."""

    kind: Kind
    text: str
    start: int
    end: int


# Each opening mark, with the marks that close it first of all; failing these, any mark does.
_QUOTES = {
    '"': '"',
    "“": "”",
    "”": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«",
    "＂": "＂",
}
_MARKS = "".join(_QUOTES)
_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}
_SIGNS = {"-": Kind.MINUS, "+": Kind.PLUS}
_STAR = "it stands for the rest of a word, directly at its end"
_FOREIGN = {"&&": "AND", "||": "OR", "!": "NOT"}

_START = r"[^\W_]"  # a letter or digit
# Nearly every query consists of nothing else, and all that is below would find the same.
_SIMPLE = re.compile(r"[0-9A-Za-z]+(?=\s|\Z)")
_SIMPLE_QUOTED = re.compile(r'"([0-9A-Za-z]+(?: [0-9A-Za-z]+)*)"')
_SPACE = re.compile(r"\s+")
_OPERATOR = re.compile(rf"(?:AND|OR|NOT)(?=[\s(){_MARKS}]|\Z)")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}):(?!//)", re.IGNORECASE)
_UNKNOWN_FIELD = re.compile(rf"([^\W\d_]\w*):(?={_START}|[({_MARKS}])")
# A chunk may hold parentheses that open within it and close before any white space: `4(a)(2)`.
_CHUNK = re.compile(rf"(?:[^\s(){_MARKS}]|(?<=[^\W_])\([^\s(){_MARKS}]*\)|(?<=\))\([^\s(){_MARKS}]*\))+")
_SIGN_RUN = re.compile(r"[-+]+")
_SIGNED = re.compile(rf"{_START}|[({_MARKS}]")
_JUNK = re.compile(rf"(?:(?!{_START})[^\s(){_MARKS}])+")
_BEFORE_SIGN = re.compile(rf"[\s(:{_MARKS}]")
_INNER_STAR = re.compile(r"(?<=[^\W_])\*+(?=[^\W_])\S*")
_INNER_QUESTION = re.compile(r"(?<=[^\W_])\?+(?=[^\W_])(?!\w*=)")  # but not that of an address: `a.org/?b=c`


def column(start: int) -> str:
    """A place in the query as people count."""
    return f"column {start + 1}"


def has_words(text: str) -> bool:
    return next(tokenize(text), None) is not None


def lex(query: str, notify: Notify) -> Iterator[Lexeme]:
    """The lexemes of a query, in order. Takes linear time; every chunk and quotation yielded holds a word."""
    at = 0
    while at < len(query):
        found, at = _next(query, at, notify)
        yield from found


_Step = tuple[tuple[Lexeme, ...], int]
"""What was found at a place, and where to go on."""


def _next(query: str, at: int, notify: Notify) -> _Step:
    char = query[at]
    if simple := _SIMPLE.match(query, at):
        text, end = simple[0], simple.end()
        return (Lexeme(_OPERATORS.get(text, Kind.CHUNK), text, at, end),), end
    if space := _SPACE.match(query, at):
        return (), space.end()
    if simple := _SIMPLE_QUOTED.match(query, at):
        return (Lexeme(Kind.QUOTED, simple[1], at, simple.end()),), simple.end()
    if char in _QUOTES:
        return _quotation(query, at, notify)
    if char in "()":
        return (Lexeme(Kind.OPEN if char == "(" else Kind.CLOSE, char, at, at + 1),), at + 1
    if char in _SIGNS and (at == 0 or _BEFORE_SIGN.match(query[at - 1])):
        return _sign(query, at, notify)
    if junk := _JUNK.match(query, at):
        _mention_junk(junk[0], at, notify)
        return (), junk.end()
    return _word(query, at, notify)


def _quotation(query: str, at: int, notify: Notify) -> _Step:
    end = _closing_mark(query, at)
    if end is None:
        if at and not _BEFORE_SIGN.match(query[at - 1]) and query[at - 1] not in _SIGNS:
            notify(f"Ignored the quotation mark at {column(at)}, which nothing closes")
            return (), at + 1
        end = len(query)
        notify(f"Read the unclosed quotation mark at {column(at)} as closed at the end of the query")
    text = " ".join(re.sub(f"[{_MARKS}]", " ", query[at + 1 : end]).split())
    after = min(end + 1, len(query))
    if not has_words(text):
        notify(f"Ignored the empty quotation marks at {column(at)}")
        return (), after
    whole = _INNER_STAR.sub("*", text)
    if whole != text:
        notify(f"Cut words in the quotation marks at {column(at)} at their star, which only ends a word")
    whole = _without_questions(whole, " ", f"in the quotation marks at {column(at)}", notify)
    return (Lexeme(Kind.QUOTED, whole, at, after),), after


def _closing_mark(query: str, at: int) -> int | None:
    for marks in (_QUOTES[query[at]], _MARKS):
        if found := re.compile(f"[{marks}]").search(query, at + 1):
            return found.start()
    return None


def _sign(query: str, at: int, notify: Notify) -> _Step:
    run = _SIGN_RUN.match(query, at)
    end = run.end() if run else at + 1
    if end == at + 1 and _SIGNED.match(query, end):
        return (Lexeme(_SIGNS[query[at]], query[at], at, end),), end
    signs = query[at:end][:20]
    notify(f"Ignored “{signs}” at {column(at)}: one sign, directly before a word, has a meaning")
    return (), end


def _mention_junk(junk: str, at: int, notify: Notify) -> None:
    """Punctuation is passed over silently, as in documents, unless somebody may have meant something."""
    if junk in _FOREIGN:
        notify(f"Ignored “{junk}” at {column(at)}, which is no operator here: write {_FOREIGN[junk]}")
    elif "*" in junk:
        notify(f"Ignored the star at {column(at + junk.index('*'))}: {_STAR}")
    elif junk == ":":
        notify(f"Ignored the colon at {column(at)}: it follows the name of a field ({', '.join(FIELDS)})")


def _word(query: str, at: int, notify: Notify) -> _Step:
    if operator := _OPERATOR.match(query, at):
        return (Lexeme(_OPERATORS[operator[0]], operator[0], at, operator.end()),), operator.end()
    if field := _FIELD.match(query, at):
        return (Lexeme(Kind.FIELD, field[1].lower(), at, field.end()),), field.end()
    if unknown := _UNKNOWN_FIELD.match(query, at):
        notify(f"Read “{unknown[0]}” at {column(at)} as a word: the fields are {', '.join(FIELDS)}")
        return _chunk(unknown[1], at, notify), unknown.end()
    chunk = _CHUNK.match(query, at)
    text = chunk[0] if chunk else query[at]
    return _chunk(text, at, notify), at + len(text)


def _chunk(text: str, at: int, notify: Notify) -> tuple[Lexeme, ...]:
    """A chunk without the punctuation around it, cut at a star within it; nothing when it holds no word."""
    tokens = asked(text)
    if not tokens:
        return ()
    last = _starred(tokens, text, at, notify)
    star = "" if last is None else "*"
    first, end = tokens[0].start, tokens[-1].end if last is None else last.end
    # Other stars part words, as in documents.
    kept = (
        _without_questions(text[first:end].replace("*", "-"), "-", f"at {column(at + first)}", notify) + star
    )
    if kept in _OPERATORS:  # such as `AND,`: punctuation made it a word
        kept = kept.lower()
    if kept.rfind("(") > kept.rfind(")"):
        kept += ")"
    return (Lexeme(Kind.CHUNK, kept, at + first, at + end + len(star)),)


def _without_questions(text: str, instead: str, where: str, notify: Notify) -> str:
    """Question marks between letters part words, as in documents; who means any letter is told so."""
    whole = _INNER_QUESTION.sub(instead, text)
    if whole != text:
        notify(
            f"Parted a word {where} at its question mark, which stands for no letter: a star does, at the end"
        )
    return whole


def _starred(tokens: Sequence[Token], text: str, at: int, notify: Notify) -> Token | None:
    """The first token that a star follows directly."""
    found = next((token for token in tokens if text.startswith("*", token.end)), None)
    if found is None:
        if "*" in text:
            notify(f"Ignored the star at {column(at + text.index('*'))}: {_STAR}")
    elif found is not tokens[-1]:
        notify(f"Read “{text[:40]}” as “{text[: found.end][:40]}*”: a star only ends a word")
    return found
