"""From a query to its tree: lexemes, facts taken out, what is no grammar put right, recursive descent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import QuerySyntax, QueryTooCostly
from ..index.analysis.tokens import tokenize
from ..index.query import FieldName, Unit
from .gathering import gathered
from .grammar import MAX_CHARACTERS, MAX_DEPTH, MAX_NOTICES, MAX_WORDS
from .lexer import FIELDS, UNITS, Kind, Lexeme, Notify, column, lex
from .nearness import joined, near, scoped
from .patterns import is_pattern
from .syntax import (
    Chunk,
    Except,
    Facts,
    Narrowed,
    Preferring,
    Quoted,
    Syntax,
    all_of,
    any_of,
    boosted,
    but_not,
)
from .tidying import PREFIXES, STARTS, named, tidy

__all__ = ["parsed"]

_WORDS = (Kind.CHUNK, Kind.QUOTED)
_OPERATORS = (Kind.AND, Kind.OR, Kind.NOT, Kind.NEAR)


def parsed(query: str) -> tuple[Syntax, tuple[str, ...]]:
    """The tree and the notices of any query; errors as for `grammar.parse`."""
    if len(query) > MAX_CHARACTERS:
        raise QueryTooCostly(
            f"the query is {len(query):,} characters long; the limit is {MAX_CHARACTERS:,}",
            hint="Search for its most telling words",
            position=MAX_CHARACTERS,
        )
    notices: list[str] = []
    lexemes = list(lex(query, notices.append))
    if not any(lexeme.kind in (*_WORDS, Kind.FACTS) or named(lexeme) for lexeme in lexemes):
        notices = ["Read the operators as words, since the query holds no others"]
        lexemes = [
            each._replace(kind=Kind.CHUNK, text=_as_word(query[each.start : each.end]), number=0)
            for each in lexemes
            if each.kind in _OPERATORS
        ]
    _check_words(query, lexemes)
    words, facts = gathered(lexemes, notices.append)
    words = tidy(words, notices.append)
    tree = _Parser(words, notices.append).whole() if words else None
    return _narrowed(tree, facts), _few(notices)


def _as_word(operator: str) -> str:
    """An operator as the word that it also is: `not`, `near-5`."""
    return operator.lower().strip("/").replace("/", "-")


def _narrowed(tree: Syntax | None, facts: tuple[Facts, ...]) -> Syntax:
    if facts or tree is None:
        return Narrowed(tree, facts)
    return tree


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

    def __init__(self, lexemes: Sequence[Lexeme], notify: Notify) -> None:
        self._lexemes = lexemes
        self._notify = notify
        self._at = 0

    def whole(self) -> Syntax:
        return self._query(_How(), 0)

    def _peek(self) -> Kind | None:
        return self._lexemes[self._at].kind if self._at < len(self._lexemes) else None

    def _take(self) -> Lexeme:
        self._at += 1
        return self._lexemes[self._at - 1]

    def _query(self, how: _How, depth: int) -> Syntax:
        excluded: list[Syntax] = []
        choices = [self._both(how, depth, excluded)]
        while self._peek() is Kind.OR:
            self._take()
            choices.append(self._both(how, depth, excluded))
        return all_of([any_of(choices), *map(Except, excluded)])

    def _both(self, how: _How, depth: int, excluded: list[Syntax]) -> Syntax:
        groups = [self._group(how, depth, excluded)]
        while self._peek() is Kind.AND:
            self._take()
            groups.append(self._group(how, depth, excluded))
        return all_of(groups)

    def _group(self, how: _How, depth: int, excluded: list[Syntax]) -> Syntax:
        required: list[Syntax] = []
        optional: list[Syntax] = []
        rejected: list[Syntax] = []
        while self._peek() in STARTS:
            must, node = self._item(how, depth)
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

    def _item(self, how: _How, depth: int) -> tuple[bool, Syntax]:
        """An operand, and whether it is required."""
        required = negated = False
        while self._peek() in PREFIXES:
            prefix = self._take()
            if prefix.kind is Kind.PLUS:
                required = True
            elif prefix.kind in (Kind.NOT, Kind.MINUS):
                negated = not negated
            else:
                how = how.told(prefix)
        node = self._operand(how, depth)
        if self._peek() is Kind.NEAR:
            node = self._nearness(node, how, depth)
        return required, but_not(node) if negated else node

    def _nearness(self, node: Syntax, how: _How, depth: int) -> Syntax:
        """What stands near the node, and near that, and so on: each near the one before it."""
        pieces: list[tuple[Lexeme, Syntax, Syntax]] = []
        while self._peek() is Kind.NEAR:
            sign = self._take()
            negated, own = False, _How(how.field)
            while self._peek() in PREFIXES:
                prefix = self._take()
                negated ^= prefix.kind in (Kind.NOT, Kind.MINUS)
                own = own.told(prefix)
            right = self._operand(own, depth)
            right = but_not(right) if negated else right
            pieces.append((sign, node, right))
            node = right
        return joined([near(*piece, self._notify) for piece in pieces])

    def _operand(self, how: _How, depth: int) -> Syntax:
        lexeme = self._take()
        span = (lexeme.start, lexeme.end)
        if lexeme.kind is Kind.CHUNK:
            exact = self._exact(how, lexeme)
            return boosted(Chunk(lexeme.text, how.field, span, exact, lexeme.number), lexeme.weight)
        if lexeme.kind is Kind.QUOTED:
            exact = self._exact(how, lexeme)
            return boosted(Quoted(lexeme.text, how.field, span, exact, lexeme.number), lexeme.weight)
        if depth == MAX_DEPTH:
            raise QueryTooCostly(
                f"the parentheses nest deeper than {MAX_DEPTH} at {column(lexeme.start)}",
                hint="Write the query with fewer parentheses inside each other",
                position=lexeme.start,
            )
        inner = self._query(_How(how.field, how.exact), depth + 1)
        closing = self._take()  # the closing parenthesis: tidy has matched them
        if how.unit is not None:
            inner = scoped(inner, how.unit, ("sentence:", "paragraph:"), lexeme.start, self._notify)
        return boosted(inner, closing.weight)

    def _exact(self, how: _How, lexeme: Lexeme) -> str:
        if how.exact and ((lexeme.kind is Kind.CHUNK and lexeme.number) or is_pattern(lexeme.text)):
            self._notify(f"Ignored “{how.exact}” for {column(lexeme.start)}, which stands for several words")
            return ""
        return how.exact


@dataclass(frozen=True, slots=True)
class _How:
    """How words are looked for: in which field, in which spelling; of which unit a parenthesis is asked."""

    field: FieldName = FieldName.ANY
    exact: str = ""
    unit: Unit | None = None

    def told(self, prefix: Lexeme) -> _How:
        """The same with what a prefix says."""
        match prefix.kind:
            case Kind.FIELD:
                return _How(FIELDS[prefix.text], self.exact, self.unit)
            case Kind.EXACT:
                return _How(self.field, prefix.text, self.unit)
            case Kind.UNIT:
                return _How(self.field, self.exact, UNITS[prefix.text])
        return self
