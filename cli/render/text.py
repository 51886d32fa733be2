"""Results for a person: title, place, the passage with its matches, the citation to find it again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ...corpus.model import Metadata
from ...search.results import Hit, Snippet
from . import words
from .markup import readable
from .page import BAR, NO_BAR, Around, Neighbour, Page
from .rich import Rich, join, lines, span
from .safe import one_line
from .style import Style
from .width import clip, columns

__all__ = ["heading", "render"]

_LONGEST_TITLE = 160


def render(page: Page, style: Style, width: int, *, group: bool = False) -> str:
    """Every hit in its block, an empty line between two, then what the answer says of itself.

    width: columns that a line may take. Ends with a newline; no hits: "".
    """
    if not page.results:
        return ""
    ranks = len(str(page.results[-1].rank))
    blocks = [
        "\n".join(_block(hit, page.around.get(hit.citation), style, width, ranks)) for hit in page.results
    ]
    return "\n\n".join([*blocks, "\n".join(_footer(page, style, width, group))]) + "\n"


def heading(
    title: str, meta: Metadata, width: int, style: Style, indent: str = "", first: str | None = None
) -> list[str]:
    """The title, and date, place and source behind it, or beneath it where they do not fit."""
    shown = span(clip(one_line(title), _LONGEST_TITLE), "title")
    facts = span(words.facts(meta), "dim")
    together = join([shown, facts], span("  "))
    if columns(indent + together.text) <= width:
        return lines(together, width, style, indent, first)
    return [*lines(shown, width, style, indent, first), *lines(facts, width, style, indent)]


def _block(hit: Hit, near: Around | None, style: Style, width: int, ranks: int) -> Iterator[str]:
    indent = " " * (ranks + 2)
    number = style.paint(f"{hit.rank:>{ranks}}", "dim") + "  "
    yield from heading(hit.title, hit.meta, width, style, indent, number)
    place = words.whereabouts(hit.paragraph, hit.page, hit.line)
    yield from lines(
        span(words.trail(hit.title, hit.headings, place, width - len(indent))), width, style, indent
    )
    if near is None:
        yield from lines(_snippets(hit), width, style, indent)
    else:
        yield from _in_context(hit, near, style, width, indent)
    if hit.group_size > 1:
        more = f"+ {words.counted(hit.group_size - 1, 'more paragraph')} of this document"
        yield indent + style.paint(more, "dim")
    yield indent + style.paint(one_line(hit.citation), "dim")


def _snippets(hit: Hit) -> Rich:
    """The snippets in a row; "…" where something was left out, before and after them too."""
    if not hit.snippets:
        return Rich("")
    shown = span("… " if hit.snippets[0].start > hit.start else "") + _stretch(hit, hit.snippets[0])
    for left, right in pairwise(hit.snippets):
        shown = shown + span(words.seam(hit, left, right)) + _stretch(hit, right)
    return shown + span(" …" if hit.snippets[-1].end < hit.end else "")


def _stretch(hit: Hit, snippet: Snippet) -> Rich:
    marks = [(start - hit.start, end - hit.start) for start, end in snippet.highlights]
    stretch = (snippet.start - hit.start, snippet.end - hit.start)
    return readable(hit.text, stretch, marks, markdown=_is_markdown(hit))


def _in_context(hit: Hit, near: Around, style: Style, width: int, indent: str) -> Iterator[str]:
    """The whole paragraph behind a bar, between its neighbours, which are dim."""
    marks = sorted(
        (start - hit.start, end - hit.start) for snippet in hit.snippets for start, end in snippet.highlights
    )
    whole = readable(hit.text, (0, len(hit.text)), marks, markdown=_is_markdown(hit))
    for neighbour in near.before:
        yield from lines(_neighbour(neighbour, hit), width, style, indent + NO_BAR)
    yield from lines(whole, width, style, indent + BAR)
    for neighbour in near.after:
        yield from lines(_neighbour(neighbour, hit), width, style, indent + NO_BAR)


def _neighbour(neighbour: Neighbour, hit: Hit) -> Rich:
    text = readable(neighbour.text, (0, len(neighbour.text)), markdown=_is_markdown(hit), ground="dim")
    return join([span(one_line(neighbour.heading), "title"), text], span(" › "))


def _is_markdown(hit: Hit) -> bool:
    return hit.meta.type == "text/markdown"


def _footer(page: Page, style: Style, width: int, group: bool) -> Iterator[str]:
    facts = [words.total(page.results, group), words.gaps(page), _more(page, group)]
    yield from lines(span(" · ".join(filter(None, facts)), "dim"), width, style)
    for remark in words.remarks(page):
        yield from lines(span(f"note: {remark}", "warning"), width, style)


def _more(page: Page, group: bool) -> str:
    totals = page.results.totals
    last = page.results[-1].rank
    return f"more: --offset {last}" if last < (totals.documents if group else totals.paragraphs) else ""
