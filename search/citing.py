"""From a citation back to the paragraph, after edits too."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..corpus.citation import Citation, words_hash
from ..corpus.model import Document, Paragraph
from ..errors import CitationUnresolved
from .engine import Engine

__all__ = ["Resolved", "context", "resolve"]

_COMPARED = 2_000  # keys compared with one that is not there
_NAMED = 3
_CHANGED = (
    "The cited words no longer stand in this document; what stands at their place now may be another "
    "paragraph: search for the words you remember"
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The paragraph that a citation names: `document.paragraphs[index]`.

    status: "exact": it stands where it stood, in the same words.
        "moved": the same words stand elsewhere in the document.
        "changed": the cited words stand nowhere in the document; what stands at the cited place may be the
        paragraph in new words, or another one.
    note: sentences about it, without the final stop; empty when exact and under the same name.
    """

    citation: Citation
    document: Document
    index: int
    status: Literal["exact", "moved", "changed"]
    note: str

    @property
    def paragraph(self) -> Paragraph:
        return self.document.paragraphs[self.index]

    @property
    def text(self) -> str:
        """The paragraph's words, verbatim."""
        return self.document.text[self.paragraph.start : self.paragraph.end]


def resolve(engine: Engine, citation: str | Citation) -> Resolved:
    """Find the cited paragraph.

    Of several paragraphs with the cited words, the one at the cited place, else the nearest to it. A
    document that was renamed since is followed, and the note says so. Raises
    CitationUnresolved when the text is no citation, when the index does not hold the document, or when
    neither the place nor the words are in it.
    """
    if isinstance(citation, str):
        citation = Citation.parse(citation)
    if not isinstance(citation, Citation):
        raise CitationUnresolved(
            f"not a citation: {ascii(citation)[:40]} ({type(citation).__name__})",
            hint="Give the citation of a hit, as text or as a docsearch Citation",
        )
    document = engine.document(citation.key)
    if document is None and (current := engine.current_key(citation.key)) is not None:
        there = resolve(engine, replace(citation, key=current))
        renamed = f"The document is now called {current}"
        return replace(there, note=f"{renamed}. {there.note}" if there.note else renamed)
    if document is None:
        raise CitationUnresolved(
            "the index holds no such document", hint=_hint(engine, citation.key), path=citation.key
        )
    places = [(document.sections[each.section].path, each.ordinal) for each in document.paragraphs]
    wanted = (citation.section, citation.paragraph)
    near = bisect_left(places, wanted)
    at_place = near if near < len(places) and places[near] == wanted else None
    if at_place is not None and _hash(document, at_place) == citation.hash:
        return Resolved(citation, document, at_place, "exact", "")
    same = [index for index in range(len(places)) if _hash(document, index) == citation.hash]
    if same:
        found = min(same, key=lambda index: (abs(index - near), index))
        note = f"The cited words now stand in {_place(*places[found])}, no longer in {_place(*wanted)}"
        return Resolved(citation, document, found, "moved", note)
    if at_place is not None:
        return Resolved(citation, document, at_place, "changed", _CHANGED)
    raise CitationUnresolved(
        f"the document holds neither the cited words nor {_place(*wanted)}: {_extent(document, wanted[0])}",
        hint="Search the document for words that you remember from it",
        path=citation.key,
    )


def context(resolved: Resolved, before: int = 1, after: int = 1) -> tuple[Paragraph, ...]:
    """The cited paragraph with its neighbours, in order: as many as there are, up to the numbers given."""
    first = max(resolved.index - max(before, 0), 0)
    return resolved.document.paragraphs[first : resolved.index + max(after, 0) + 1]


def _hash(document: Document, index: int) -> str:
    paragraph = document.paragraphs[index]
    return words_hash(document.text[paragraph.start : paragraph.end])


def _place(section: Sequence[int], ordinal: int) -> str:
    path = ".".join(map(str, section))
    return f"paragraph {ordinal} of " + ("the lead" if path == "0" else f"section {path}")


def _extent(document: Document, path: Sequence[int]) -> str:
    """How much there is where something is missing: in the section, or, if that is gone too, in all."""
    for index, section in enumerate(document.sections):
        if section.path == path:
            inside = sum(each.section == index for each in document.paragraphs)
            return f"it has {_counted(inside, 'paragraph')} there"
    sections = len(document.sections) - 1  # the lead is none to a reader
    return f"it has {_counted(sections, 'section')} and {_counted(len(document.paragraphs), 'paragraph')}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _hint(engine: Engine, key: str) -> str:
    """The keys most like this one: of the same file name elsewhere, or spelt alike in the same folder."""
    folder, slash, name = key.rpartition("/")
    moved = [other for other in engine.keys("") if other.rpartition("/")[2] == name]
    beside = engine.keys(f"{folder}{slash}")[:_COMPARED]
    near = dict.fromkeys([*moved[:_NAMED], *difflib.get_close_matches(key, beside, _NAMED)])
    if not near:
        return "Its file may have been removed or renamed since; search for words of the paragraph"
    return f"Similar documents are: {', '.join(list(near)[:_NAMED])}"
