"""The words and signs of a query. What is not in order is passed over or mended, and a notice says how."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import IntEnum, auto
from typing import NamedTuple

from ..index.analysis.tokens import asked, tokenize
from ..index.query import FieldName, Unit
from .patterns import is_pattern, parts, without_strays
from .syntax import Facts

__all__ = ["EXACT", "FIELDS", "UNITS", "Kind", "Lexeme", "Notify", "column", "has_words", "lex"]

FIELDS = {name.value: name for name in (FieldName.TITLE, FieldName.HEADING, FieldName.TEXT)}
"""The fields that a query can name."""

UNITS = {unit.value: unit for unit in Unit}
"""The units that a parenthesis can be asked of: `section:(…)`."""

EXACT = {"exact": "="}
"""Names that stand for a sign of exactness."""

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
    UNIT = auto()
    EXACT = auto()
    NEAR = auto()
    FACTS = auto()


class Lexeme(NamedTuple):
    """text: of words what they say, of the others as typed; `[start, end)`: columns of the query, from 0.

    number: of words how many letters may differ, of quotations how many words may stand between two, of signs
    of nearness the distance. weight: of words, quotations and closing parentheses.
    """

    kind: Kind
    text: str
    start: int
    end: int
    number: int = 0
    weight: float = 1.0
    facts: Facts | None = None


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
_STAR = "it stands for letters of a word, directly beside others"
_MOST_EDITS = 2
_FARTHEST = 9_999  # words apart
_FOREIGN = {"&&": "AND", "||": "OR", "!": "NOT"}

_START = r"[^\W_]"  # a letter or digit
# Nearly every query consists of nothing else, and all that is below would find the same.
_SIMPLE = re.compile(r"[0-9A-Za-z]+(?=\s|\Z)")
_SIMPLE_QUOTED = re.compile(r'"([0-9A-Za-z]+(?: [0-9A-Za-z]+)*)"(?![~^])')
_PUBLIC_LAW = re.compile(r"pub|p\.", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_OPERATOR = re.compile(rf"(?:AND|OR|NOT)(?=[\s(){_MARKS}]|\Z)")
_FIELD = re.compile(rf"({'|'.join(FIELDS)}):(?!//)", re.IGNORECASE)
_UNKNOWN_FIELD = re.compile(rf"([^\W\d_]\w*):(?={_START}|[({_MARKS}])")
# A chunk may hold parentheses that open within it and close before any white space: `4(a)(2)`.
_CHUNK = re.compile(rf"(?:[^\s(){_MARKS}]|(?<=[^\W_])\([^\s(){_MARKS}]*\)|(?<=\))\([^\s(){_MARKS}]*\))+")
_COLON_AHEAD = re.compile(r"[^\W\d_][\w.-]*:")
_KNOWN = (
    "title, heading, text; type, lang, source, place, path, meta.NAME; "
    "date, since, before, after, until, effective, ended"
)
_SIGN_RUN = re.compile(r"[-+]+")
_SIGNED = re.compile(rf"(?:={{1,2}})?(?:\*{{0,9}}{_START}|[({_MARKS}])")
_STARRED = re.compile(rf"\*+{_START}")
_EXACT = re.compile(rf"={{1,2}}(?=\*{{0,9}}{_START}|[({_MARKS}])")
_EXACTLY = re.compile(rf"exact:(?=={{0,2}}(?:\*{{0,9}}{_START}|[({_MARKS}]))", re.IGNORECASE)
_UNIT = re.compile(rf"({'|'.join(UNITS)}):(?=\()", re.IGNORECASE)
_NEAR = re.compile(rf"(?:(w|within|near|pre)/(\d{{1,9}})|/([sp]))(?=[\s({_MARKS}]|\Z)", re.IGNORECASE)
_SLOP = re.compile(r"~(\d{1,9})(?![^\W_])")
_WEIGHT = re.compile(r"\^(\d{1,6}(?:\.\d{1,6})?)(?![^\W_])")
_LIKE_END = re.compile(r"(?<=[^\W_])~(\d?)(?:\^(\d{1,6}(?:\.\d{1,6})?))?[^\w*^~]*\Z")
_WEIGHT_END = re.compile(r"(?<=[^\W\d_]|[*)\]])\^(\d{1,6}(?:\.\d{1,6})?)[^\w*^~]*\Z")
_JUNK = re.compile(rf"(?:(?!{_START})[^\s(){_MARKS}])+")
_BEFORE_SIGN = re.compile(rf"[\s(:{_MARKS}]")


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


def _cited(query: str, at: int) -> _Step | None:
    from .cited import citation_at  # most queries cite nothing

    found = citation_at(query, at)
    if found is None:
        return None
    return (Lexeme(Kind.QUOTED if " " in found.text else Kind.CHUNK, found.text, at, found.end),), found.end


def _next(query: str, at: int, notify: Notify) -> _Step:
    char = query[at]
    if (char == "§" or char.isdecimal() or _PUBLIC_LAW.match(query, at)) and (cited := _cited(query, at)):
        return cited
    if simple := _SIMPLE.match(query, at):
        text, end = simple[0], simple.end()
        return (Lexeme(_OPERATORS.get(text, Kind.CHUNK), text, at, end),), end
    if space := _SPACE.match(query, at):
        return (), space.end()
    if simple := _SIMPLE_QUOTED.match(query, at):
        return (Lexeme(Kind.QUOTED, simple[1], at, simple.end()),), simple.end()
    if char in _QUOTES:
        return _quotation(query, at, notify)
    if char == "(":
        return (Lexeme(Kind.OPEN, char, at, at + 1),), at + 1
    if char == ")":
        weight, end = _weight(query, at + 1)
        return (Lexeme(Kind.CLOSE, char, at, end, weight=weight),), end
    if char in _SIGNS and (at == 0 or _BEFORE_SIGN.match(query[at - 1])):
        return _sign(query, at, notify)
    if at == 0 or _BEFORE_SIGN.match(query[at - 1]) or query[at - 1] in "-+)":
        if exact := _EXACT.match(query, at):
            return (Lexeme(Kind.EXACT, exact[0], at, exact.end()),), exact.end()
        if near := _NEAR.match(query, at):
            return (_nearness(near),), near.end()
    if _STARRED.match(query, at):
        return _word(query, at, notify)
    if junk := _JUNK.match(query, at):
        _mention_junk(junk[0], at, notify)
        return (), junk.end()
    return _word(query, at, notify)


def _nearness(near: re.Match[str]) -> Lexeme:
    """`w/5`, `pre/5`, `/s` or `/p`."""
    if near[3]:
        return Lexeme(Kind.NEAR, f"/{near[3].lower()}", near.start(), near.end())
    distance = min(max(int(near[2]), 1), _FARTHEST)
    sign = "pre" if near[1].lower() == "pre" else "w"
    return Lexeme(Kind.NEAR, f"{sign}/{distance}", near.start(), near.end(), distance)


def _weight(query: str, at: int) -> tuple[float, int]:
    """The weight that stands at a place, and where it ends; 1 where none does."""
    found = _WEIGHT.match(query, at)
    return (float(found[1]), found.end()) if found else (1.0, at)


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
    number = 0
    if slop := _SLOP.match(query, after):
        number, after = min(int(slop[1]), _FARTHEST), slop.end()
    weight, after = _weight(query, after)
    text = without_strays(text, parts(text))
    return (Lexeme(Kind.QUOTED, text, at, after, number, weight),), after


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
        notify(f"Ignored the colon at {column(at)}: it follows the name of a field ({_KNOWN})")


def _word(query: str, at: int, notify: Notify) -> _Step:
    if operator := _OPERATOR.match(query, at):
        return (Lexeme(_OPERATORS[operator[0]], operator[0], at, operator.end()),), operator.end()
    if named := _named(query, at):
        return (named,), named.end
    if told := _facts(query, at, notify):
        return told
    if unknown := _UNKNOWN_FIELD.match(query, at):
        notify(f"Read “{unknown[0]}” at {column(at)} as a word: the fields are {_KNOWN}")
        return _chunk(unknown[1], at, notify), unknown.end()
    chunk = _CHUNK.match(query, at)
    text = chunk[0] if chunk else query[at]
    return _chunk(text, at, notify), at + len(text)


def _named(query: str, at: int) -> Lexeme | None:
    """The name before a colon that says where or how a word is looked for."""
    if field := _FIELD.match(query, at):
        return Lexeme(Kind.FIELD, field[1].lower(), at, field.end())
    if unit := _UNIT.match(query, at):
        return Lexeme(Kind.UNIT, unit[1].lower(), at, unit.end())
    if exactly := _EXACTLY.match(query, at):
        return Lexeme(Kind.EXACT, "=", at, exactly.end())
    return None


def _facts(query: str, at: int, notify: Notify) -> _Step | None:
    """What is said of documents by their fields; a date that is none becomes words."""
    if not _COLON_AHEAD.match(query, at):
        return None
    from .facts import facts_at  # most queries name no field

    found = facts_at(query, at)
    if found is None:
        return None
    if found.facts is None:
        notify(
            f"Read “{found.name}:” at {column(at)} as a word, since no date follows it, "
            'such as 2023, 2023-03..2024 or "last year"'
        )
        return _chunk(found.name, at, notify), at + query[at:].index(":") + 1
    return (Lexeme(Kind.FACTS, query[at : found.end], at, found.end, facts=found.facts),), found.end


def _chunk(text: str, at: int, notify: Notify) -> tuple[Lexeme, ...]:
    """A chunk without the punctuation around it; nothing when it holds no word."""
    found = parts(text)
    if not found:
        return ()
    edits, weight, body = _likened(text, at, notify)
    if body != text:  # what is like a second suffix before the first one says nothing
        text = re.sub(r"[~^]", "-", body)
        found = parts(text)
    first, end = found[0].start, found[-1].end
    if "*" in text[:first] + text[end:]:
        notify(f"Ignored the star at {column(at + text.index('*'))}: {_STAR}")
    kept = without_strays(text, found)[first:end]
    if _LIKE_END.search(kept) or _WEIGHT_END.search(
        kept
    ):  # such as `a^2^`: what followed kept it from being one
        kept = re.sub(r"[~^]", "-", kept)
    if kept in _OPERATORS:  # such as `AND,`: punctuation made it a word
        kept = kept.lower()
    if _NEAR.fullmatch(kept):  # likewise
        kept = kept.replace("/", "-")
    if kept.rfind("(") > kept.rfind(")"):
        kept += ")"
    return (Lexeme(Kind.CHUNK, kept, at + first, at + end, edits, weight),)


def _likened(text: str, at: int, notify: Notify) -> tuple[int, float, str]:
    """How many letters may differ, the weight, and the chunk without what says so (`chemcal~1^2`)."""
    like = _LIKE_END.search(text)
    weighed = None if like else _WEIGHT_END.search(text)
    if like is None:
        return (0, float(weighed[1]), text[: weighed.start()]) if weighed else (0, 1.0, text)
    body = text[: like.start()]
    edits = int(like[1]) if like[1] else _usual_edits(body)
    if edits and (is_pattern(body) or len(asked(body)) != 1):
        notify(f"Ignored the “~” at {column(at + len(body))}: it follows a single word, directly")
        edits = 0
    if edits > _MOST_EDITS:
        notify(f"Read the “~{edits}” at {column(at + len(body))} as ~{_MOST_EDITS}, the most that is sought")
    return min(edits, _MOST_EDITS), float(like[2] or 1), body


def _usual_edits(word: str) -> int:
    return 1 if len(word) < 6 else 2
