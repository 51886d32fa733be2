"""Scores for a person: a block for each hit, a line for each addend, that add up to the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...index.records import Share
from ...search.results import Hit, Results
from .safe import one_line
from .style import Style
from .width import clip, columns

__all__ = ["render"]

_LABEL = 40
_GAP = "  "
_NUMBER = 10
_WHERE = 8


def render(results: Results, style: Style) -> str:
    """How each hit came to its score; "" where that was not asked for."""
    pairs = zip(results, results.explanations, strict=True)
    return "".join("\n" + "\n".join(_block(hit, shares, style)) + "\n" for hit, shares in pairs)


def _block(hit: Hit, shares: Sequence[Share], style: Style) -> Iterator[str]:
    head = style.paint(f"{hit.rank}", "dim") + _GAP + style.paint(f"score {hit.score:.4f}", "title")
    yield head + _GAP + style.paint(one_line(hit.citation), "dim")
    labels = [clip(one_line(share.what), _LABEL) for share in shares]
    wide = max(map(columns, labels), default=0)
    for share, label in zip(shares, labels, strict=True):
        padding = " " * (wide - columns(label))
        detail = f"{share.where:<{_WHERE}}{_GAP}{_detail(share)}"
        yield f"{share.value:>{_NUMBER}.4f}{_GAP}{label}{padding}{_GAP}{style.paint(detail, 'dim')}"
        if share.begins:
            indent = " " * (_NUMBER + wide + _WHERE + 3 * len(_GAP))
            yield indent + style.paint(f"{share.begins:.4f} of it as it begins here", "dim")


def _detail(share: Share) -> str:
    if share.where == "meaning":
        return f"weight {share.weight:g}, best score {share.idf:.2f}, cosine {share.count:.2f}"
    return f"weight {share.weight:g}, idf {share.idf:.2f}, {_times(share.count)}"


def _times(count: float) -> str:
    return "once" if count == 1 else f"{count:g} times"
