"""The query language, version 1: `parse` reads any text that holds a word.

    query    = both { "OR" both }
    both     = group { "AND" group }
    group    = item { item }                          side by side: any of them
    item     = { "NOT" | "-" | "+" | field ":" } ( word | word "*" | '"' phrase '"' | "(" query ")" )
    field    = "title" | "heading" | "text"

- Words side by side belong together more closely than any operator binds: `a b AND c` is `(a OR b) AND c`.
- An exclusion that merely stands beside something (`a OR b -c`, `a OR b NOT c`) holds for the whole query,
  or for the parentheses that it stands in: `(a OR b) AND NOT c`. As an operand of AND or OR it stays there.
- `+a b` requires a; b only raises the rank.
- Parentheses within a word belong to it when they open and close there: `4(a)(2)`.

docs/query-language.md explains it by examples, which the tests read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import QuerySyntax, QueryTooCostly
from ..index.analysis.tokens import tokenize
from ..index.query import FieldName
from .lexer import FIELDS, Kind, Lexeme, column, lex
from .syntax import Chunk, Except, Preferring, Quoted, Syntax, all_of, any_of, but_not
from .tidying import PREFIXES, STARTS, tidy

__all__ = [
    "GRAMMAR_VERSION",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_NOTICES",
    "MAX_WORDS",
    "Parsed",
    "parse",
]

GRAMMAR_VERSION = 1
MAX_CHARACTERS = 10_000
MAX_WORDS = 1_000
MAX_DEPTH = 50  # of parentheses
MAX_NOTICES = 12  # a query of a thousand stray operators need not be told of each

_WORDS = (Kind.CHUNK, Kind.QUOTED)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query's tree, and a sentence for everything that was forgiven."""

    tree: Syntax
    notices: tuple[str, ...]


def parse(query: str) -> Parsed:
    """Read a query as leniently as can be.

    Raises QuerySyntax when it holds no word at all, QueryTooCostly when it is longer than 10,000
    characters, holds more than 1,000 words or nests parentheses deeper than 50. Takes linear time.
    """
    if len(query) > MAX_CHARACTERS:
        raise QueryTooCostly(
            f"the query is {len(query):,} characters long; the limit is {MAX_CHARACTERS:,}",
            hint="Search for its most telling words",
            position=MAX_CHARACTERS,
        )
    notices: list[str] = []
    lexemes = list(lex(query, notices.append))
    if all(lexeme.kind not in (*_WORDS, Kind.FIELD) for lexeme in lexemes):
        notices = ["Read the operators as words, since the query holds no others"]
        lexemes = [
            each._replace(kind=Kind.CHUNK, text=each.text.lower())
            for each in lexemes
            if each.kind in (Kind.AND, Kind.OR, Kind.NOT)
        ]
    _check_words(query, lexemes)
    tree = _Parser(tidy(lexemes, notices.append)).whole()
    return Parsed(tree, _few(notices))


def _check_words(query: str, lexemes: Sequence[Lexeme]) -> None:
    if not lexemes:
        raise QuerySyntax(
            "the query holds no word" if query.strip() else "the query is empty",
            hint='Give at least one word, such as `docsearch "precursor chemicals"`',
            position=0,
        )
    if len(query) <= MAX_WORDS:
        return  # so many words find no room
    count = sum(1 for each in lexemes if each.kind in _WORDS for _ in tokenize(each.text))
    if count > MAX_WORDS:
        raise QueryTooCostly(
            f"the query holds {count:,} words; the limit is {MAX_WORDS:,}",
            hint="Search for its most telling words",
        )


def _few(notices: Sequence[str]) -> tuple[str, ...]:
    kept = list(dict.fromkeys(notices))
    if len(kept) > MAX_NOTICES:
        kept[MAX_NOTICES - 1 :] = [f"Forgave {len(kept) - MAX_NOTICES + 1:,} more things of the kind"]
    return tuple(kept)


class _Parser:
    """Recursive descent over lexemes that `tidy` has made grammatical; only parentheses recurse."""

    def __init__(self, lexemes: Sequence[Lexeme]) -> None:
        self._lexemes = lexemes
        self._at = 0

    def whole(self) -> Syntax:
        return self._query(FieldName.ANY, 0)

    def _peek(self) -> Kind | None:
        return self._lexemes[self._at].kind if self._at < len(self._lexemes) else None

    def _take(self) -> Lexeme:
        self._at += 1
        return self._lexemes[self._at - 1]

    def _query(self, field: FieldName, depth: int) -> Syntax:
        excluded: list[Syntax] = []
        choices = [self._both(field, depth, excluded)]
        while self._peek() is Kind.OR:
            self._take()
            choices.append(self._both(field, depth, excluded))
        return all_of([any_of(choices), *map(Except, excluded)])

    def _both(self, field: FieldName, depth: int, excluded: list[Syntax]) -> Syntax:
        groups = [self._group(field, depth, excluded)]
        while self._peek() is Kind.AND:
            self._take()
            groups.append(self._group(field, depth, excluded))
        return all_of(groups)

    def _group(self, field: FieldName, depth: int, excluded: list[Syntax]) -> Syntax:
        required: list[Syntax] = []
        optional: list[Syntax] = []
        rejected: list[Syntax] = []
        while self._peek() in STARTS:
            must, node = self._item(field, depth)
            if isinstance(node, Except):
                rejected.append(node.child)
            else:
                (required if must else optional).append(node)
        if not required and not optional:
            return all_of(map(Except, rejected))
        excluded += rejected
        if not required:
            return any_of(optional)
        return Preferring(tuple(required), tuple(optional)) if optional else all_of(required)

    def _item(self, field: FieldName, depth: int) -> tuple[bool, Syntax]:
        """An operand, and whether it is required."""
        required = negated = False
        while self._peek() in PREFIXES:
            prefix = self._take()
            if prefix.kind is Kind.FIELD:
                field = FIELDS[prefix.text]
            elif prefix.kind is Kind.PLUS:
                required = True
            else:
                negated = not negated
        node = self._operand(field, depth)
        return required, but_not(node) if negated else node

    def _operand(self, field: FieldName, depth: int) -> Syntax:
        lexeme = self._take()
        span = (lexeme.start, lexeme.end)
        if lexeme.kind is Kind.CHUNK:
            return Chunk(lexeme.text, field, span)
        if lexeme.kind is Kind.QUOTED:
            return Quoted(lexeme.text, field, span)
        if depth == MAX_DEPTH:
            raise QueryTooCostly(
                f"the parentheses nest deeper than {MAX_DEPTH} at {column(lexeme.start)}",
                hint="Write the query with fewer parentheses inside each other",
                position=lexeme.start,
            )
        inner = self._query(field, depth + 1)
        self._take()  # the closing parenthesis: tidy has matched them
        return inner
