"""Which requests the planner knows."""

from __future__ import annotations

from ..query import FieldName, Or, Phrase, Request, Scope, Word

__all__ = ["any_of"]

_TEXT = (FieldName.ANY, FieldName.TEXT)


def any_of(request: Request) -> tuple[Word | Phrase, ...] | None:
    """The leaves of a request for paragraphs that hold any of some words or phrases; None for another.

    Whatever the text clauses score must be found by the match: what scores there must also match.
    """
    if request.group or request.limit <= 0 or request.scope is Scope.SECTION or not _is_plain(request):
        return None
    leaves = request.match.children if isinstance(request.match, Or) else (request.match,)
    found = tuple(leaf for leaf in leaves if isinstance(leaf, Word | Phrase))
    if len(found) < len(leaves) or not found or any(leaf.field not in _TEXT for leaf in found):
        return None
    known = {leaf.terms for leaf in found if isinstance(leaf, Word)}
    phrases = {
        (tuple(word.terms for word in leaf.words), leaf.slop) for leaf in found if isinstance(leaf, Phrase)
    }
    for clause in request.scoring:
        node = clause.node
        if node.field in (FieldName.HEADING, FieldName.TITLE):
            continue
        if isinstance(node, Word):
            if node.terms not in known:
                return None
        elif (tuple(word.terms for word in node.words), node.slop) not in phrases and not any(
            word.terms in known for word in node.words
        ):
            return None
    return found


def _is_plain(request: Request) -> bool:
    return (
        bool(request.scoring)
        and request.k1 > 0
        and 0 <= request.b < 1
        and all(clause.weight > 0 and clause.first >= 0 for clause in request.scoring)
    )
