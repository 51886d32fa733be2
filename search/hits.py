"""From what an engine scored to hits: their passages fetched, marked and cited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any

from ..corpus.citation import Citation, words_hash
from ..corpus.located import has_lines
from ..index.records import Answer, Passage, Scored
from .engine import Engine
from .reading import Leaf
from .results import Hit, late_hit
from .snippets import Marking, Surfaces, snippets_of

__all__ = ["hits_of"]


def hits_of(
    engine: Engine, answer: Answer, leaves: Sequence[Leaf], *, offset: int, snippets: int
) -> tuple[Hit, ...]:
    """The hits of an answer, ranked from `offset` + 1. Without snippets their passages are fetched when they
    are asked for, all of the page together."""
    page = _Page(engine, answer.hits, leaves, snippets)
    if snippets:
        return tuple(page.whole(offset))
    return tuple(
        late_hit(
            offset + at + 1,
            scored.score,
            scored.ref.key,
            scored.group_size,
            partial(page.fields, at),
            _keys(scored),
        )
        for at, scored in enumerate(answer.hits)
    )


def _keys(scored: Scored) -> tuple[str, ...]:
    return tuple(ref.key for ref in scored.others) if scored.others else ()


class _Page:
    """The hits that are shown together."""

    def __init__(self, engine: Engine, scored: Sequence[Scored], leaves: Sequence[Leaf], most: int) -> None:
        self._engine = engine
        self._scored = scored
        self._leaves = leaves
        self._most = most
        self._markings: dict[str, Marking] = {}

    def whole(self, offset: int) -> Iterator[Hit]:
        for at, scored in enumerate(self._scored):
            yield Hit(
                rank=offset + at + 1,
                score=scored.score,
                key=scored.ref.key,
                group_size=scored.group_size,
                duplicates=_keys(scored),
                **self.fields(at),
            )

    def fields(self, at: int) -> Mapping[str, Any]:
        """What a hit tells of its passage, by the names of `Hit`'s fields."""
        passage = self._passages[at]
        marking = self._marking_in(passage.meta.language)
        paragraph = passage.paragraph
        page = None if passage.page is None else passage.page + 1
        cited = Citation(passage.ref.key, passage.section, paragraph.ordinal, words_hash(passage.text), page)
        return {
            "root": passage.root,
            "path": passage.path,
            "title": passage.meta.title,
            "meta": passage.meta,
            "headings": passage.headings,
            "section": passage.section,
            "paragraph": paragraph.ordinal,
            "line": paragraph.line if has_lines(passage.meta.type) else None,
            "page": passage.page_label or ("" if page is None else str(page)),
            "sheet": passage.sheet,
            "cell": passage.cell,
            "start": paragraph.start,
            "end": paragraph.end,
            "text": passage.text,
            "snippets": snippets_of(passage, marking.text, self._most) if self._most else (),
            "citation": str(cited),
            "kind": paragraph.kind,
            "stale": passage.stale,
            "title_highlights": marking.in_title(passage.meta.title),
            "heading_highlights": tuple(map(marking.in_heading, passage.headings)),
        }

    @cached_property
    def _passages(self) -> tuple[Passage, ...]:
        return self._engine.passages([scored.ref for scored in self._scored])

    def _marking_in(self, language: str) -> Marking:
        """What is marked in documents of a language: what another's stemming would find is no match."""
        found = self._markings.get(language)
        if found is None:
            surfaces = self._surfaces
            found = self._markings[language] = Marking(
                lambda terms: surfaces(tuple(term for term in terms if term.language == language)),
                self._leaves,
            )
        return found

    @cached_property
    def _surfaces(self) -> Surfaces:
        return cache(self._engine.surfaces)
