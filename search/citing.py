"""From a citation back to the paragraph, after edits too."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..corpus.citation import Citation, words_hash
from ..corpus.model import Document, Paragraph
from ..errors import CitationUnresolved
from .engine import Engine

__all__ = ["Resolved", "context", "resolve"]

_COMPARED = 2_000  # keys compared with one that is not there
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Resolved:
    """The paragraph that a citation names: `document.paragraphs[index]`.

    status: "exact": it stands where it stood, in the same words.
        "moved": the same words stand elsewhere in the document.
        "changed": other words stand at the cited place, and the cited ones nowhere in the document.
    note: a sentence about it, without its final stop; empty when exact.
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

    Of several paragraphs with the cited words, the one at the cited place, else the nearest to it. Raises
    CitationUnresolved when the text is no citation, when the index does not hold the document, or when
    neither the place nor the words are in it.
    """
    if isinstance(citation, str):
        citation = Citation.parse(citation)
    document = engine.document(citation.key)
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
        note = "The words at this place have changed since it was cited"
        return Resolved(citation, document, at_place, "changed", note)
    raise CitationUnresolved(
        f"the document holds neither the cited words nor {_place(*wanted)}",
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


def _hint(engine: Engine, key: str) -> str:
    """The keys most like this one: of the same file name elsewhere, or spelt alike in the same folder."""
    folder, slash, name = key.rpartition("/")
    moved = [other for other in engine.keys("") if other.rpartition("/")[2] == name]
    beside = engine.keys(f"{folder}{slash}")[:_COMPARED]
    near = dict.fromkeys([*moved[:_NAMED], *difflib.get_close_matches(key, beside, _NAMED)])
    if not near:
        return "Its file may have been removed or renamed since; search for words of the paragraph"
    return f"Similar documents are: {', '.join(list(near)[:_NAMED])}"
