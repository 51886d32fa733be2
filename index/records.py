"""What an engine hands back: frozen values in the field's own nouns. Engine numbers never leave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..corpus.model import Metadata, Paragraph, PartialDate

__all__ = [
    "Answer",
    "Counts",
    "Explained",
    "Passage",
    "Ref",
    "Scored",
    "Share",
    "Spoken",
    "Statistics",
    "Totals",
]


class Ref(NamedTuple):
    """A paragraph's identity within one generation: the document's key and the index (from 0) of the
    paragraph in `Document.paragraphs`. Orders as ties are broken: by key, then paragraph."""

    key: str
    paragraph: int


class Scored(NamedTuple):
    """A hit (a named tuple, as `Ref`: there are some of them for each query).

    group_size: matching paragraphs of its document (1 where the request does not group).
    others: the hits that were folded into this one, in their order. sketch: what tells whether two paragraphs
        may be alike; 0 where the request does not fold.
    """

    ref: Ref
    score: float
    group_size: int = 1
    others: tuple[Ref, ...] = ()
    sketch: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What one clause adds to a paragraph's score; in the order in which they are added up, shares sum to it.

    what: the words as typed. where: "text", "heading", "title", "constant", or "meaning" (see below).
    language: of the text, else "". count: how often it stands there (in the headings above). weight: of the
    clause. idf: its inverse document frequency. value: what is added. begins: how much of that because a
    heading or title that holds the words begins here.

    Nearness in meaning: count is the cosine, idf the score of the best hit without it.
    """

    what: str
    where: str
    language: str
    count: float
    weight: float
    idf: float
    value: float
    begins: float = 0.0


class Spoken(NamedTuple):
    """The text of a paragraph, verbatim, and the language of its document."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Exact counts. `units`: what the scope counts (paragraphs, sections or documents that match);
    `paragraphs`: those that are shown for them; `documents`: the documents in which these lie."""

    units: int
    paragraphs: int
    documents: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits that were asked for, the best first, and how many there are in all.

    folded: how many hits were folded into those up to the end of the page.
    partial: time was up (`Request.deadline`) before all was looked at.
    """

    totals: Totals
    hits: tuple[Scored, ...]
    folded: int = 0
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Matching units by the values that their documents have in a field.

    values: those with at least one unit, the most frequent first, then by type and value. A unit whose
    document has several values counts for each. missing: units whose document has none.
    """

    values: tuple[tuple[str | int | float | bool | PartialDate, int], ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Explained:
    """An acronym and words that it stands for. paragraphs: how many explain it, once for each way of writing.
    first: finds one of them, the first by key."""

    short: str
    long: str
    paragraphs: int
    first: Callable[[], Ref] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph with all that is needed to show and cite it.

    headings: titles from the outermost section to the innermost, without the lead's empty one.
    section: the innermost section's path, as in `Section.path`.
    text: the paragraph's words, a verbatim slice `[paragraph.start, paragraph.end)` of the canonical text.
    page, page_label: index from 0 and printed label where the source has pages; else None and "".
    sheet, cell: name of the sheet, and row or cell, where the source has such; else "".
    root, path: the source's place; root is empty for records.
    stale: "changed" or "gone" where the file is no longer what was indexed; else "".
    """

    ref: Ref
    meta: Metadata
    headings: tuple[str, ...]
    section: tuple[int, ...]
    paragraph: Paragraph
    text: str
    page: int | None
    page_label: str
    root: str
    path: str
    sheet: str = ""
    cell: str = ""
    stale: str = ""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of what a snapshot holds: live documents only.

    languages: paragraphs by language code. incomplete: a first build has not come to its end.
    """

    documents: int
    sections: int
    paragraphs: int
    gaps: int
    languages: Mapping[str, int]
    generation: int
    incomplete: bool
