"""Results for a person: title, place, the passage with its matches, the citation to find it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from ...corpus.model import Metadata
from ...search.results import Hit, Snippet
from . import words
from .markup import LINED, displayed, readable
from .page import BAR, NO_BAR, Around, Neighbour, Page
from .rich import Rich, clipped, join, lines, row, size, span
from .safe import one_line
from .style import Role, Style

__all__ = ["heading", "render", "snippets"]

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
    title: Rich, meta: Metadata, width: int, style: Style, indent: str = "", first: str | None = None
) -> list[str]:
    """The title, and date, place and source behind it, or beneath it where they do not fit."""
    shown = clipped(title, _LONGEST_TITLE, style)
    facts = span(words.facts(meta), "dim")
    together = join([shown, facts], span("  "))
    if len(indent) + size(together, style) <= width:
        return lines(together, width, style, indent, first)
    return [*lines(shown, width, style, indent, first), *lines(facts, width, style, indent)]


def _block(hit: Hit, near: Around | None, style: Style, width: int, ranks: int) -> Iterator[str]:
    indent = " " * (ranks + 2)
    number = style.paint(f"{hit.rank:>{ranks}}", "dim") + "  "
    title = _marked(hit.title, hit.title_highlights, "title")
    yield from heading(title, hit.meta, width, style, indent, number)
    yield from lines(_trail(hit, title, width - len(indent), style), width, style, indent)
    if near is not None:
        yield from _in_context(hit, near, style, width, indent)
    elif hit.kind in LINED:
        yield from _rows(hit, style, width, indent)
    else:
        yield from lines(snippets(hit), width, style, indent)
    if hit.group_size > 1:
        more = f"+ {words.counted(hit.group_size - 1, 'more paragraph')} of this document"
        yield indent + style.paint(more, "dim")
    if hit.duplicates:
        yield from lines(span(words.elsewhere(hit.key, hit.duplicates), "dim"), width, style, indent)
    if hit.stale:
        yield indent + style.paint(words.stale(hit.stale), "warning")
    yield indent + style.paint(one_line(hit.citation), "dim")


def _trail(hit: Hit, title: Rich, width: int, style: Style) -> Rich:
    marks = hit.heading_highlights or ((),) * len(hit.headings)
    names = [_marked(name, found) for name, found in zip(hit.headings, marks, strict=True)]
    place = words.hit_whereabouts(hit)
    return words.marked_trail(title, words.shown_headings(names, hit.kind), place, width, style)


def _marked(name: str, highlights: Sequence[tuple[int, int]], ground: Role = "plain") -> Rich:
    return readable(name, (0, len(name)), highlights, markdown=False, ground=ground)


def _rows(hit: Hit, style: Style, width: int, indent: str) -> Iterator[str]:
    """The snippets of a table or of code, a line for each of its lines; "…" for what was left out."""
    end = hit.start
    for snippet in hit.snippets:
        if hit.text[end - hit.start : snippet.start - hit.start].strip():
            yield f"{indent}…"
        for each in _displayed(hit, (snippet.start, snippet.end), snippet.highlights):
            yield from lines(row(each, width - len(indent), style), width, style, indent)
        end = snippet.end
    if hit.snippets and end < hit.end:
        yield f"{indent}…"


def _displayed(hit: Hit, stretch: tuple[int, int], highlights: Iterable[tuple[int, int]]) -> list[Rich]:
    """A stretch of the paragraph; it and its highlights are ranges of the document."""
    start, end = stretch[0] - hit.start, stretch[1] - hit.start
    marks = [(low - hit.start, high - hit.start) for low, high in highlights]
    return displayed(hit.text, (start, end), marks, kind=hit.kind, markdown=_is_markdown(hit))


def snippets(hit: Hit) -> Rich:
    """The snippets in a row; "…" where something was left out, before and after them too."""
    if not hit.snippets:
        return Rich("")
    shown = span("… " if hit.snippets[0].start > hit.start else "") + _stretch(hit, hit.snippets[0])
    for left, right in pairwise(hit.snippets):
        shown = shown + span(words.seam(hit, left, right)) + _stretch(hit, right)
    return shown + span(" …" if hit.snippets[-1].end < hit.end else "")


def _stretch(hit: Hit, snippet: Snippet) -> Rich:
    return join(_displayed(hit, (snippet.start, snippet.end), snippet.highlights), span(" "))


def _in_context(hit: Hit, near: Around, style: Style, width: int, indent: str) -> Iterator[str]:
    """The whole paragraph behind a bar, between its neighbours, which are dim."""
    marks = sorted(pair for snippet in hit.snippets for pair in snippet.highlights)
    for neighbour in near.before:
        yield from _neighbour(neighbour, hit, style, width, indent + NO_BAR)
    for each in _displayed(hit, (hit.start, hit.end), marks):
        yield from lines(each, width, style, indent + BAR)
    for neighbour in near.after:
        yield from _neighbour(neighbour, hit, style, width, indent + NO_BAR)


def _neighbour(one: Neighbour, hit: Hit, style: Style, width: int, indent: str) -> Iterator[str]:
    """A paragraph behind its heading, if it has one to show."""
    shown = displayed(one.text, (0, len(one.text)), kind=one.kind, markdown=_is_markdown(hit), ground="dim")
    heading = span(one_line(one.heading_above), "title")
    for each in [join([heading, *shown[:1]], span(" › ")), *shown[1:]]:
        yield from lines(each, width, style, indent)


def _is_markdown(hit: Hit) -> bool:
    return hit.meta.type == "text/markdown"


def _footer(page: Page, style: Style, width: int, group: bool) -> Iterator[str]:
    for line in words.summary(page, width, group):
        yield from lines(span(line, "dim"), width, style)
    for remark in words.remarks(page):
        yield from lines(span(f"note: {remark}", "warning"), width, style)
