"""From `a w/5 b`, `a pre/5 b`, `a /s b` and `a /p b` to trees that an engine can be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..index.query import Unit
from .lexer import Lexeme, Notify, column
from .syntax import AllOf, AnyOf, Boosted, Chunk, Nearby, Quoted, Scoped, Syntax, all_of, boosted, children_of

__all__ = ["joined", "near", "scoped"]

_MOST_PAIRS = 64
"""Pairs that `(a AND b) w/5 (c AND d)` is read as, at most."""


def near(sign: Lexeme, left: Syntax, right: Syntax, notify: Notify) -> Syntax:
    """Left and right as near each other as a sign says.

    What stands at no place (an exclusion, another nearness) can only be asked of the same paragraph, which a
    notice says; of `(a AND b) w/5 c`, each of a and b must be near c.
    """
    if sign.text in ("/s", "/p"):
        return _in_unit(sign, left, right, notify)
    for side, other, turned in ((left, right, False), (right, left, True)):
        if isinstance(side, Boosted):
            pair = (other, side.child) if turned else (side.child, other)
            return boosted(near(sign, *pair, notify), side.weight)
        if isinstance(side, AllOf) and len(side.children) * len(_parts(other)) <= _MOST_PAIRS:
            pairs = [(other, each) if turned else (each, other) for each in side.children]
            return all_of(near(sign, *pair, notify) for pair in pairs)
    fields = {leaf.field for side in (left, right) for leaf in _placed(side)}
    if _stands(left) and _stands(right) and len(fields) == 1:
        return Nearby(left, right, sign.number, sign.text.startswith("pre"))
    notify(
        f"Read “{sign.text}” at {column(sign.start)} as “/p” (in one paragraph): it stands between words, "
        "phrases or (some OR others), of one field"
    )
    return Scoped(all_of((left, right)), Unit.PARAGRAPH)


def scoped(tree: Syntax, unit: Unit, shown: tuple[str, str], start: int, notify: Notify) -> Scoped:
    """The tree, asked of one unit; what no sentence holds is asked of the paragraph, with a notice.

    shown: how the query asks for the sentence, and how it would for the paragraph. start: where it does so.
    """
    if unit is Unit.SENTENCE and any(isinstance(node, Nearby | Scoped) for node in _walk(tree)):
        notify(f"Read “{shown[0]}” at {column(start)} as “{shown[1]}”: a sentence holds words and phrases")
        unit = Unit.PARAGRAPH
    return Scoped(tree, unit)


def joined(pieces: Sequence[Syntax]) -> Syntax:
    """Several nearnesses in a row (`a w/5 b w/3 c`), in one paragraph."""
    if len(pieces) == 1:
        return pieces[0]
    scoped = [piece for piece in pieces if isinstance(piece, Scoped)]
    if len(scoped) == len(pieces) and len({piece.unit for piece in scoped}) == 1:
        parts = [part for piece in scoped for part in _parts(piece.child)]
        return Scoped(all_of(dict.fromkeys(parts)), scoped[0].unit)
    return Scoped(all_of(pieces), Unit.PARAGRAPH)


def _in_unit(sign: Lexeme, left: Syntax, right: Syntax, notify: Notify) -> Syntax:
    unit = Unit.SENTENCE if sign.text == "/s" else Unit.PARAGRAPH
    return scoped(all_of((left, right)), unit, (sign.text, "/p"), sign.start, notify)


def _parts(tree: Syntax) -> tuple[Syntax, ...]:
    return tree.children if isinstance(tree, AllOf) else (tree,)


def _stands(tree: Syntax) -> bool:
    """Does it stand at places: a word, a phrase, or any of some?"""
    if isinstance(tree, AnyOf):
        return all(isinstance(child, Chunk | Quoted) for child in tree.children)
    return isinstance(tree, Chunk | Quoted)


def _placed(tree: Syntax) -> Iterator[Chunk | Quoted]:
    return (node for node in _walk(tree) if isinstance(node, Chunk | Quoted))


def _walk(tree: Syntax) -> Iterator[Syntax]:
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children_of(node))
