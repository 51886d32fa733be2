"""Words that mean the same, from a file as Solr and Elasticsearch read it:

# a comment
car, automobile, motor vehicle       each finds the others
FATF, GAFI => Financial Action Task Force       on the left, what is typed; on the right, what is searched for
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import QueryError
from ..index.analysis.normal import normalise
from ..index.analysis.tokens import tokenize
from .patterns import is_pattern
from .syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Chunk,
    Nearby,
    Preferring,
    Quoted,
    Scoped,
    Syntax,
    all_of,
    any_of,
    boosted,
)

__all__ = ["WEIGHT", "Applied", "Synonyms", "key_of", "written"]

WEIGHT = 0.5
"""Weight of a word that was not typed, but means the same as one that was."""

_LARGEST = 4_000_000  # bytes of a file
_MOST_OTHERS = 20  # that one word stands for
_MOST_ADDED = 200  # to one query
_LONGEST = 5  # words in a row that are looked up together
_ESCAPED = re.compile(r"\\(.)")
_COMMA = re.compile(r"(?<!\\),")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What else to search for, by words as normalised: the others, and whether they take the word's place."""

    rules: Mapping[Key, tuple[tuple[str, ...], bool]]

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Synonyms:
        """Read a file (UTF-8). QueryError, with the line, when it cannot be read."""
        name = os.fspath(path)
        try:
            content = Path(path).read_bytes()[: _LARGEST + 1]
        except OSError as error:
            raise QueryError(f"the synonyms cannot be read: {error.strerror}", path=name) from None
        if len(content) > _LARGEST:
            raise QueryError(f"the synonyms take more than {_LARGEST:,} bytes", path=name)
        try:
            return cls.parse(content.decode("utf-8-sig").splitlines(), name)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise QueryError(f"line {line} is no UTF-8", hint="Save the file as UTF-8", path=name) from None

    @classmethod
    def parse(cls, lines: Iterable[str], name: str = "") -> Synonyms:
        """Read lines; several about one word add up. name: of the file, for errors."""
        rules: dict[Key, tuple[dict[str, None], bool]] = {}
        for number, line in enumerate(lines, start=1):
            told = line.strip()
            if told and not told.startswith("#"):
                for typed, others, instead in _rules(told, number, name):
                    known, before = rules.get(typed, ({}, instead))
                    rules[typed] = {**known, **dict.fromkeys(others)}, before and instead
        return cls({key: (tuple(others)[:_MOST_OTHERS], instead) for key, (others, instead) in rules.items()})

    def applied(self, tree: Syntax) -> tuple[Syntax, tuple[str, ...]]:
        """The tree with what means the same beside each word that is asked for, and what to tell of it.

        What is excluded, exact, a pattern, or asked for in one field only where it is not, stays as it is."""
        found: dict[str, None] = {}
        tree = _Synonymous(self, found).tree(tree, weight=WEIGHT)
        if not found:
            return tree, ()
        named = ", ".join(f"“{text}”" for text in list(found)[:8])
        return tree, (f"Searched for synonyms of {named}{' and others' * (len(found) > 8)}",)


def _rules(line: str, number: int, name: str) -> Iterator[tuple[Key, tuple[str, ...], bool]]:
    left, arrow, right = line.partition("=>")
    typed, others = _listed(left), _listed(right if arrow else left)
    if not typed or not others or (not arrow and len(typed) < 2) or "=>" in right:
        said = "two things" if "=>" in right else "nothing"
        raise QueryError(
            f"line {number} of the synonyms says {said}: {line[:60]!r}",
            hint="Lines look like `car, automobile` or `FATF => Financial Action Task Force`",
            path=name,
        )
    for each in typed:
        rest = tuple(other for other in others if arrow or key_of(other) != key_of(each))
        if rest:
            yield key_of(each), rest, bool(arrow)


def _listed(text: str) -> list[str]:
    parts = (" ".join(_ESCAPED.sub(r"\1", part).replace('"', " ").split()) for part in _COMMA.split(text))
    return [part for part in parts if key_of(part)]


def key_of(text: str) -> Key:
    """The words of a text as normalised."""
    return tuple(normalise(token.raw) for token in tokenize(text))


class Applied:
    """One pass over a tree, which puts other words beside those that are asked for. A subclass says which:
    `_leaf` gives a leaf with its others, `_rows` what several words side by side stand for together."""

    def tree(self, tree: Syntax, weight: float) -> Syntax:
        match tree:
            case Chunk() | Quoted():
                return any_of(self._leaf(tree, weight))
            case AnyOf(children):
                return any_of([*self._each(children, weight), *self._rows(children, weight)])
            case AllOf(children):
                return all_of(self._each(children, weight))
            case Preferring(required, optional):
                return Preferring(tuple(self._each(required, weight)), tuple(self._each(optional, weight)))
            case Scoped(child, unit):
                return Scoped(self.tree(child, weight), unit)
            case Boosted(child, own):
                return boosted(self.tree(child, weight), own)
            case Nearby(left, right):  # which holds words only, without weights
                return replace(tree, left=self.tree(left, 1.0), right=self.tree(right, 1.0))
        return tree

    def _each(self, children: Sequence[Syntax], weight: float) -> list[Syntax]:
        return [self.tree(child, weight) for child in children]

    def _leaf(self, leaf: Chunk | Quoted, weight: float) -> list[Syntax]:
        raise NotImplementedError

    def _rows(self, children: Sequence[Syntax], weight: float) -> Iterator[Syntax]:
        raise NotImplementedError


class _Synonymous(Applied):
    """`found` gathers the words that have synonyms."""

    def __init__(self, synonyms: Synonyms, found: dict[str, None]) -> None:
        self._rules = synonyms.rules
        self._found = found
        self._left = _MOST_ADDED

    def _leaf(self, leaf: Chunk | Quoted, weight: float) -> list[Syntax]:
        if leaf.exact or is_pattern(leaf.text) or (isinstance(leaf, Chunk) and leaf.edits):
            return [leaf]
        others, instead = self._others(key_of(leaf.text), leaf.text)
        told: list[Syntax] = [] if others and instead else [leaf]
        # In the place of what was typed, they count as much as it would.
        return told + [written(leaf, other, 1.0 if instead else weight) for other in others]

    def _rows(self, children: Sequence[Syntax], weight: float) -> Iterator[Syntax]:
        """What several words side by side stand for together."""
        for start, first in enumerate(children):
            keys: list[str] = []
            for child in children[start : start + _LONGEST]:
                if not isinstance(child, Chunk) or child.exact or child.edits or is_pattern(child.text):
                    break
                keys += key_of(child.text)
                if child is not first and isinstance(first, Chunk):
                    others, _ = self._others(tuple(keys), " ".join(keys))
                    yield from (written(first, other, weight) for other in others)

    def _others(self, key: Key, text: str) -> tuple[tuple[str, ...], bool]:
        others, instead = self._rules.get(key, ((), False))
        others = others[: self._left]
        self._left -= len(others)
        if others:
            self._found[text] = None
        return others, instead


def written(leaf: Chunk | Quoted, text: str, weight: float) -> Syntax:
    """Another text in the place of a leaf: a word, or a phrase."""
    tokens = [token.raw for token in tokenize(text)]
    if tokens == [text] and text not in ("AND", "OR", "NOT"):
        return boosted(Chunk(text, leaf.field, leaf.span), weight)
    return boosted(Quoted(" ".join(tokens), leaf.field, leaf.span), weight)
