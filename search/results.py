"""What a search returns: frozen values that printers and programs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from ..corpus.model import Metadata, ParagraphKind, PartialDate
from ..index.query import Scope, Sort
from ..index.records import Share, Totals
from .duplicates import Duplicates
from .ranking import Ranking

if TYPE_CHECKING:
    from ..index.where import Filter
    from .facets import Facet
    from .offers import Offer

__all__ = ["Hit", "NearWord", "QueryReading", "Results", "Snippet", "late_hit"]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of the paragraph: `text` is the verbatim range `[start, end)` of the document's canonical
    text; `highlights` are half-open ranges of the same text (not of the snippet), sorted and disjoint."""

    start: int
    end: int
    text: str
    highlights: tuple[tuple[int, int], ...]


Fetch = Callable[[], Mapping[str, Any]]
"""Gives the fields of a hit that are not known from the beginning, by name."""


class _Late:
    """Lets a value's fields be fetched when the first of those that are missing is asked for.

    Whatever reads the fields (equality, `repr`, `replace`, pickling) sees a whole value. Two threads may
    fetch at once: both get the same.
    """

    __slots__ = ("_fetch",)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Slots that are not filled yet end here, as do names that no hit has.
            if name in _FETCHED:
                _fill(self)
            return object.__getattribute__(self, name)


def _fill(hit: object) -> None:
    try:
        fetch: Fetch = object.__getattribute__(hit, "_fetch")
    except AttributeError:
        return  # another thread has just done it
    for name, value in fetch().items():
        object.__setattr__(hit, name, value)
    try:
        object.__delattr__(hit, "_fetch")  # and with it the hold on the index
    except AttributeError:
        return


@dataclass(frozen=True, slots=True)
class Hit(_Late):
    """A paragraph that answers.

    Hits of a search without snippets fetch their text and all that goes with it when it is first asked for;
    rank, score, key and group size are there at once. They can do so when the Index was closed meanwhile:
    until then they keep its files open.

    rank: from 1, counted over all hits (an offset of 10 begins at 11).
    headings: titles of the sections around it, outermost first; empty in the lead.
    title_highlights: half-open ranges of `title` that the query asks for, sorted and disjoint.
    heading_highlights: the same of each of `headings`, in their order.
    section, paragraph: the section's path and the paragraph's ordinal in it, as cited.
    line: first source line, from 1; None where the source has no lines, as a PDF has none.
    page: printed label, else number from 1, else "". sheet, cell: a workbook's sheet and row; else "".
    text: the whole paragraph, verbatim `[start, end)`; snippets are ranges within it.
    group_size: how many paragraphs of this document answer (when grouped by document, or of documents with
        the same value when collapsed).
    duplicates: keys of the documents whose paragraphs were folded into this hit, the best first; a document
        with several of them is named as often. Empty where nothing was folded.
    stale: "changed" or "gone" where its file is no longer what was indexed (told by size and time when the
        hit is made); else "", also where its folder is not at hand.
    kind: what the paragraph looks like: text, item, table, code, quote, or a heading that stands alone.
    """

    rank: int
    score: float
    key: str
    root: str
    path: str
    title: str
    meta: Metadata
    headings: tuple[str, ...]
    section: tuple[int, ...]
    paragraph: int
    line: int | None
    page: str
    start: int
    end: int
    text: str
    snippets: tuple[Snippet, ...]
    citation: str
    group_size: int = 1
    kind: ParagraphKind = "text"
    title_highlights: tuple[tuple[int, int], ...] = ()
    heading_highlights: tuple[tuple[tuple[int, int], ...], ...] = ()
    sheet: str = ""
    cell: str = ""
    duplicates: tuple[str, ...] = ()
    stale: str = ""

    @property
    def date(self) -> PartialDate | None:
        """The date to show: published, else effective."""
        return self.meta.published or self.meta.effective


_AT_ONCE = frozenset({"rank", "score", "key", "group_size", "duplicates"})
_FETCHED = frozenset(Hit.__dataclass_fields__) - _AT_ONCE
_set = object.__setattr__  # a frozen value is filled behind its own back


def late_hit(
    rank: int, score: float, key: str, group_size: int, fetch: Fetch, duplicates: tuple[str, ...] = ()
) -> Hit:
    """A hit whose other fields are those of `fetch()`, which is called when the first is asked for."""
    hit = object.__new__(Hit)
    _set(hit, "rank", rank)
    _set(hit, "score", score)
    _set(hit, "key", key)
    _set(hit, "group_size", group_size)
    _set(hit, "duplicates", duplicates)
    _set(hit, "_fetch", fetch)
    return hit


@dataclass(frozen=True, slots=True)
class NearWord:
    """A query word that the index does not hold, and the nearest that it does, with paragraph counts; none
    where nothing is spelt alike."""

    word: str
    suggestions: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class QueryReading:
    """How a query was read, completely enough to be read so again.

    query: as typed. tree: the reading in the query language itself, all operators explicit.
    ranking: by what the hits are ordered.
    notices: what was forgiven or cut short, in sentences; empty when the query was read as it stands.
    where: the filter that documents had to pass; None: all were asked.
    sort, collapse: the fields by which hits were ordered (None: by score) and collapsed (empty: not).
    duplicates: whether hits with nearly the same words were folded into the best.
    semantic: whether the first hits were ordered anew by what they mean, too.
    """

    query: str
    tree: str
    notices: tuple[str, ...]
    scope: Scope
    grammar: int
    analysers: tuple[tuple[str, str], ...]
    generation: int
    ranking: Ranking = Ranking.DEFAULT
    where: Filter | None = None
    sort: Sort | None = None
    collapse: str = ""
    duplicates: Duplicates = Duplicates.SHOW
    semantic: bool = False


@dataclass(frozen=True, slots=True)
class Results(Sequence[Hit]):
    """Hits in order, with what they were found in.

    totals: exact (unless `partial`), in the reading's scope. seconds: time taken inside the engine and
        snippets.
    documents, gaps: live documents searched and things known not to have been read.
    incomplete: the index was still being built.
    near_words: words that the query asks for and the index does not hold (the first few, in their order),
        also when others were found; empty when it holds all.
    offers: of a search with snippets, other questions that find something: another spelling that finds more,
        and, where nothing was found, the nearest readings.
    facets: those that were asked for, in their order.
    explanations: of each hit, what its score is made up of, where that was asked for: added up in this order,
        from 0.0 on, the values of the shares are the score to the last bit.
    folded: how many paragraphs were folded, as duplicates, into the hits up to the end of this page.
    partial: time was up (`Index.search(timeout=)`) before all was looked at: the hits are real ones, with
        scores by what was reached, but there may be others and better ones; totals are lower bounds; what
        stands beside the hits (near words, offers, facets, explanations, cursor) is left out. How much was
        reached differs from run to run.
    cursor: where the next page begins (`Index.search(after=)`), in this generation; "" when this is the last.
    """

    hits: tuple[Hit, ...]
    totals: Totals
    seconds: float
    reading: QueryReading
    documents: int
    gaps: int
    incomplete: bool
    near_words: tuple[NearWord, ...] = ()
    facets: tuple[Facet, ...] = ()
    explanations: tuple[tuple[Share, ...], ...] = ()
    offers: tuple[Offer, ...] = ()
    folded: int = 0
    cursor: str = ""
    partial: bool = False

    def __len__(self) -> int:
        """How many hits this page holds (`totals` says how many there are)."""
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)
