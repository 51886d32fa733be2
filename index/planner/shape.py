"""Which requests the planner knows."""

from __future__ import annotations

from collections.abc import Sequence

from ..query import FieldName, Or, Phrase, Request, Scope, Word, meaning, words_of

__all__ = ["any_of", "extras"]

_TEXT = (FieldName.ANY, FieldName.TEXT)


def any_of(request: Request) -> tuple[Word | Phrase, ...] | None:
    """The leaves of a request for paragraphs that hold any of some words or phrases; None for another.

    Whatever matches must be scored: what is found by no score would be missed. What is scored and not asked
    for (see `extras`) counts for candidates only.
    """
    if not isinstance(request.match, Word | Phrase | Or):
        return None
    if request.group or request.limit <= 0 or request.scope is Scope.SECTION or not _is_plain(request):
        return None
    leaves = request.match.children if isinstance(request.match, Or) else (request.match,)
    found = tuple(leaf for leaf in leaves if isinstance(leaf, Word | Phrase))
    if len(found) < len(leaves) or not found or any(leaf.field not in _TEXT for leaf in found):
        return None
    scored = {meaning(clause.node) for clause in request.scoring if clause.node.field in _TEXT}
    return found if {meaning(leaf) for leaf in found} <= scored else None


def extras(request: Request, leaves: Sequence[Word | Phrase]) -> frozenset[object]:
    """Meanings of what the text clauses score and may stand where no leaf does: it adds to what is found
    otherwise, and finds nothing."""
    known = {meaning(leaf) for leaf in leaves}
    nodes = {meaning(clause.node): clause.node for clause in request.scoring if clause.node.field in _TEXT}
    if nodes.keys() <= known:
        return frozenset()  # nearly always
    return frozenset(
        told
        for told, node in nodes.items()
        if told not in known and not any(meaning(word) in known for word in words_of(node))
    )


def _is_plain(request: Request) -> bool:
    return (
        bool(request.scoring)
        and request.sort is None
        and not request.collapse
        and not request.constants
        and request.k1 > 0
        and 0 <= request.b < 1
        and all(clause.weight > 0 and clause.first >= 0 for clause in request.scoring)
    )
