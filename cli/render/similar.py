"""What is like a text, for a person: the words that it was found by, and what it shares with each."""

from __future__ import annotations

from collections.abc import Iterator

from ...search.similar import Similar, SimilarHit
from . import words
from .rich import Rich, lines, span
from .safe import one_line
from .style import Style
from .text import heading, snippets
from .width import columns

__all__ = ["render"]


def render(similar: Similar, style: Style, width: int) -> str:
    """The words, a block for each hit, an empty line between two. Ends with a newline."""
    blocks = ["\n".join(_words(similar, style, width))]
    ranks = len(str(len(similar.hits)))
    blocks += ["\n".join(_block(each, style, width, ranks)) for each in similar.hits]
    totals = similar.totals
    if similar.hits:
        documents, paragraphs = words.counted(totals.documents, "other document"), totals.paragraphs
        shared = f"{documents} with {words.counted(paragraphs, 'paragraph')} that share one word or more"
        blocks.append("\n".join(lines(span(shared, "dim"), width, style)))
    return "\n\n".join(blocks) + "\n"


def _words(similar: Similar, style: Style, width: int) -> Iterator[str]:
    if not similar.words:
        yield "No word of it is told from others: all are common, or the index has none of them."
        return
    said = ", ".join(f"{one_line(each.word)} ({each.paragraphs:,})" for each in similar.words)
    yield from lines(span("distinctive words: ", "dim") + span(said), width, style)
    if not similar.hits:
        yield "No other document has any of them."


def _block(near: SimilarHit, style: Style, width: int, ranks: int) -> Iterator[str]:
    hit = near.hit
    indent = " " * (ranks + 2)
    number = style.paint(f"{hit.rank:>{ranks}}", "dim") + "  "
    yield from heading(span(hit.title, "title"), hit.meta, width, style, indent, number)
    place = words.hit_whereabouts(hit)
    trail = words.trail(
        hit.title, tuple(words.shown_headings(hit.headings, hit.kind)), place, width - columns(indent)
    )
    yield from lines(Rich(trail), width, style, indent)
    shared = ", ".join(one_line(word) for word in near.shared)
    yield from lines(span("shares: ", "dim") + span(shared, "match"), width, style, indent)
    yield from lines(snippets(hit), width, style, indent)
    if hit.duplicates:
        yield from lines(span(words.elsewhere(hit.key, hit.duplicates), "dim"), width, style, indent)
    if hit.stale:
        yield indent + style.paint(words.stale(hit.stale), "warning")
    yield indent + style.paint(one_line(hit.citation), "dim")
