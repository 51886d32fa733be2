"""Phrases that several printers share: counts, dates, places, and what an answer says of itself."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from ...corpus.located import has_slides
from ...corpus.model import Metadata, ParagraphKind, PartialDate
from ...index.query import Scope
from ...search.results import Hit, NearWord, Results, Snippet
from .page import Page
from .rich import Rich, join, row, size, span
from .safe import one_line
from .style import Style
from .width import filled

if TYPE_CHECKING:
    from ...search.offers import Offer

__all__ = [
    "counted",
    "dates",
    "duration",
    "elsewhere",
    "facts",
    "gaps",
    "hit_whereabouts",
    "joined_snippets",
    "marked_trail",
    "more",
    "nothing_found",
    "remarks",
    "seam",
    "shown_headings",
    "stale",
    "summary",
    "total",
    "trail",
    "whereabouts",
]


Named = TypeVar("Named")

_SHORTEST_NAME = 6
_NAMED = 3  # documents with the same words
_NOT_SEARCHED = "Values of front matter (author, tags, place, source) are not searched as text."
_INCOMPLETE = "the index is incomplete: its first build has not ended"


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "gap"), counted(25653, "document")
    ('1 gap', '25,653 documents')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def duration(seconds: float) -> str:
    """
    >>> duration(0.0123), duration(2.5), duration(100), duration(4000)
    ('12 ms', '2.5 s', '1 min 40 s', '1 h 6 min')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def dates(meta: Metadata) -> str:
    """The date to show, "?" after a guessed one; one that is not the publication's says what it is."""
    shown = []
    if meta.published:
        shown.append(_date(meta.published))
    elif meta.effective:
        shown.append(f"effective {_date(meta.effective)}")
    if meta.ended:
        shown.append(f"ended {_date(meta.ended)}")
    return " · ".join(shown)


def _date(date: PartialDate) -> str:
    return f"{date}?" if date.guessed else str(date)


def facts(meta: Metadata) -> str:
    """Date, place and source, as far as they are known."""
    return " · ".join(one_line(fact) for fact in (dates(meta), meta.place, meta.source) if fact.strip())


def whereabouts(
    paragraph: int,
    page: str = "",
    line: int | None = None,
    *,
    media_type: str = "",
    sheet: str = "",
    cell: str = "",
) -> str:
    """
    >>> whereabouts(4, "xii"), whereabouts(4, line=7), whereabouts(4, sheet="Fees", cell="A12")
    ('¶ 4 · p. xii', '¶ 4 · line 7', '¶ 4 · sheet Fees · A12')
    """
    leaf = "slide" if has_slides(media_type) else "p."
    places = (
        page and f"{leaf} {one_line(page)}",
        sheet and f"sheet {one_line(sheet)}",
        one_line(cell),
        f"line {line}" if line else "",
    )
    return " · ".join(filter(None, (f"¶ {paragraph}", *places)))


def hit_whereabouts(hit: Hit) -> str:
    """`whereabouts` of a hit."""
    return whereabouts(
        hit.paragraph, hit.page, hit.line, media_type=hit.meta.type, sheet=hit.sheet, cell=hit.cell
    )


def trail(title: str, headings: tuple[str, ...], end: str, width: int) -> str:
    """`marked_trail` of plain text."""
    return marked_trail(_plain(title), list(map(_plain, headings)), end, width, Style(colour=True)).text


def marked_trail(title: Rich, headings: Sequence[Rich], end: str, width: int, style: Style) -> Rich:
    """The headings from the outermost to the innermost, then `end`, within `width` columns.

    A first heading that repeats the document's title is left out, unless a match is seen in it alone. Where
    the room is short, outer headings give way to "…", those without a match first; `end` is never cut.
    """
    names: list[Rich | None] = list(headings)
    if headings and headings[0].text == title.text and (_matches(title) or not _matches(headings[0])):
        del names[0]
    outer = sorted(range(len(names) - 1), key=lambda at: (_matches(names[at]), at))
    for at in outer:
        if size(_joined(names, end), style) <= width:
            break
        names[at] = None
    if names and names[-1] is not None and size(_joined(names, end), style) > width:
        room = width - size(_joined([*names[:-1], _plain("…")], end), style) + 1
        names[-1] = row(names[-1], room, style) if room >= _SHORTEST_NAME else None
    return _joined(names, end)


def _plain(text: str) -> Rich:
    return span(one_line(text))


def _matches(rich: Rich | None) -> bool:
    return rich is not None and any(role == "match" for _, _, role in rich.runs)


def _joined(names: Sequence[Rich | None], end: str) -> Rich:
    """The names and the end, one "…" for names next to each other that are left out."""
    shown = [
        name or span("…") for at, name in enumerate(names) if name is not None or not at or names[at - 1]
    ]
    return join([*shown, span(end)], span(" › "))


def shown_headings(names: Sequence[Named], kind: ParagraphKind) -> Sequence[Named]:
    """The headings to show above a paragraph: one that stands for itself is not above itself."""
    return names[:-1] if kind == "heading" else names


def joined_snippets(hit: Hit) -> str:
    """The snippets on one line, unmarked."""
    parts = [" ".join(snippet.text.split()) for snippet in hit.snippets]
    seams = ["", *(seam(hit, left, right) for left, right in pairwise(hit.snippets))]
    return "".join(part for pair in zip(seams, parts, strict=True) for part in pair)


def seam(hit: Hit, left: Snippet, right: Snippet) -> str:
    """What joins two snippets: " … ", but a space where nothing was left out between them."""
    between = hit.text[left.end - hit.start : right.start - hit.start]
    return " … " if between.strip() else " "


def total(results: Results, group: bool = False) -> str:
    """Which hits these are, of how many, and of what the question was asked."""
    totals = results.totals
    paragraphs, documents = counted(totals.paragraphs, "paragraph"), counted(totals.documents, "document")
    of = f"{documents}, {paragraphs}" if group else f"{paragraphs} in {documents}"
    if results.reading.scope is Scope.SECTION:
        of += f", {counted(totals.units, 'section')}"
    first = results.hits[0].rank if results.hits else 0
    whole = len(results) + results.folded == (totals.documents if group else totals.paragraphs)
    shown = "" if whole or not results else f"{first:,}–{first + len(results) - 1:,} of "
    folded = f" · {counted(results.folded, 'duplicate')} folded (--duplicates show)" if results.folded else ""
    if results.partial:
        shown += "at least "
    return f"{shown}{of} (scope: {results.reading.scope}){folded} · {duration(results.seconds)}"


def more(page: Page, group: bool) -> str:
    """How to see the hits behind these; "" where there are none, or where cursors lead on."""
    totals, last = page.results.totals, page.results[-1].rank
    seen = last + page.results.folded
    there = seen < (totals.documents if group else totals.paragraphs)
    return f"more: --offset {last}" if there and not page.cursors else ""


def summary(page: Page, width: int, group: bool) -> Iterator[str]:
    """The lines beneath the hits: which they are, what was not read, how to see more."""
    return filled([*total(page.results, group).split(" · "), gaps(page), more(page, group)], width)


def elsewhere(key: str, duplicates: Sequence[str]) -> str:
    """Where nearly the same words stand too.

    >>> elsewhere("a", ["b", "a", "b", "c", "d", "e"])
    'also, in nearly the same words: b, c, d and 1 more document; 1 more in this document'
    """
    others = [name for name in dict.fromkeys(duplicates) if name != key]
    named = [one_line(name) for name in others[:_NAMED]]
    if len(others) > _NAMED:
        named[-1] += f" and {counted(len(others) - _NAMED, 'more document')}"
    here = duplicates.count(key)
    parts = [", ".join(named), f"{here:,} more in this document" if here else ""]
    return f"also, in nearly the same words: {'; '.join(filter(None, parts))}"


def remarks(page: Page) -> Iterator[str]:
    """What has to be known to judge the answer, a sentence each; nothing when there is nothing to say."""
    results = page.results
    if results.reading.notices:
        yield from (one_line(notice) for notice in results.reading.notices)
        yield f"read as: {one_line(results.reading.tree)}"
    yield from (f"no {_missing(near)}" for near in results.near_words)
    yield from (f"did you mean: {_offer(offer, page)}" for offer in results.offers)
    if results.incomplete:
        yield f"{_INCOMPLETE} (docsearch index{page.options} goes on)"


def gaps(page: Page) -> str:
    """How much was not read and how to see it; "" when all was."""
    if not page.results.gaps:
        return ""
    return f"{counted(page.results.gaps, 'gap')}: docsearch status --gaps{page.options}"


def nothing_found(page: Page) -> Iterator[str]:
    """Lines for an answer without hits: in what was searched, how the query was read, what is near it."""
    results = page.results
    if results.totals.paragraphs:
        yield f"Nothing from here on: there are {total(results)}."
        return
    asked = "that were read" if results.reading.where is None else "that the filter lets through"
    if results.partial:
        yield f"Nothing found before time was up, in {counted(results.documents, 'document')} to search."
    else:
        yield f"Nothing found in the {counted(results.documents, 'document')} {asked}."
    yield f"Read as: {one_line(results.reading.tree)} (scope: {results.reading.scope})"
    yield from (f"Note: {one_line(notice)}" for notice in results.reading.notices)
    yield from (f"No {_missing(near)}" for near in results.near_words)
    yield from (f"Try: {_offer(offer, page)}" for offer in results.offers)
    if not results.offers and not results.near_words and results.reading.scope is not Scope.DOCUMENT:
        yield f"Asked of each {results.reading.scope} by itself; --scope document asks more widely."
    if results.near_words and not results.offers:
        yield _NOT_SEARCHED
    if results.gaps:
        yield f"Not everything was read: {gaps(page)}"
    if results.incomplete:
        yield f"Note: {_INCOMPLETE} (docsearch index{page.options} goes on)"


def _offer(offer: Offer, page: Page) -> str:
    """What to type, what it finds, and in what it differs."""
    scope = "" if offer.scope is page.results.reading.scope else f" --scope {offer.scope}"
    query = shlex.quote(one_line(offer.query))
    found = counted(offer.documents, "document")
    return f"docsearch{page.options}{scope} {query}  ({found}; {one_line(offer.why)})"


def _missing(near: NearWord) -> str:
    known = ", ".join(f"{one_line(word)} ({count:,})" for word, count in near.suggestions)
    return f"paragraph has “{one_line(near.word)}”{f'; near it: {known}' * bool(known)}"


def stale(how: str) -> str:
    """What a hit says of a file that is no longer what was indexed."""
    return (
        "the file is gone since it was indexed"
        if how == "gone"
        else "the file has changed since it was indexed"
    )
