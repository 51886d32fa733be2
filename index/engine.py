"""The local engine: answers query trees over one snapshot. Implements `docsearch.search.engine.Engine`.

Every answer is exhaustive: all matching units are found and scored, so totals are exact and order does
not depend on how the documents are spread over segments.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from ..corpus.located import locate
from ..corpus.model import Document, Gap
from .acronyms import Acronyms, acronyms_of
from .analysis.normal import fold
from .analysis.respelt import respelt
from .analysis.stems import query_term
from .arrays import I64, Bool, distinct
from .catalog import SourceRow, read_catalog, read_renames
from .container import Container
from .damage import tells_damage
from .evaluate import Evaluation
from .field import Field, WordList
from .folding import fold as fold_hits
from .manifest import Manifest
from .query import FieldName, Request, Scope, Term, Word
from .records import Answer, Counts, Passage, Ref, Share, Spoken, Statistics
from .segment import UNITS
from .snapshot import Snapshot, View
from .staleness import Staleness
from .storage import Storage
from .tables import Recorded
from .turns import Turn

if TYPE_CHECKING:
    from .grouping import Grouping
    from .versions import Version
    from .where import Filter

__all__ = ["LocalEngine"]


_REMEMBERED = (
    16  # filters whose documents are known at once: a mask of these each, and what was found of words
)
_ANALYSED = 4096  # words whose terms are known at once, as an analyser keeps the stems of some


class LocalEngine:
    """A snapshot that answers. Safe to share between threads: nothing changes but caches, and those who want
    an answer take turns."""

    def __init__(self, storage: Storage) -> None:
        """Opens the current generation; IndexMissing, IndexIncompatible or IndexCorrupt when it cannot."""
        self.snapshot = Snapshot.open(storage)
        self._fields_of: dict[str, tuple[Field, ...]] = {}
        self._analysed: dict[tuple[str, str], tuple[Term, ...]] = {}
        self._visible: dict[str, LocalEngine] = {}
        self.turn = Turn()

    @property
    def manifest(self) -> Manifest:
        return self.snapshot.manifest

    @property
    def views(self) -> tuple[View, ...]:
        return self.snapshot.views

    @property
    def where(self) -> str:
        """The index, for messages."""
        return str(self.snapshot.storage.path or "the index in memory")

    def files(self) -> list[Container]:
        """The files that answers are read from."""
        return [view.segment.container for view in self.views]

    def close(self) -> None:
        """Lets go of the files: the maps end with the last view of them, and nothing can be asked again."""
        self._fields_of.clear()
        self._analysed.clear()
        self._visible.clear()
        del self.snapshot

    def restricted(self, where: Filter) -> LocalEngine:
        """An engine that sees only the documents that a filter lets through (see `visible`)."""
        from .visible import VisibleEngine  # most searches see all

        name = repr(where)  # of equal filters some differ: 1 and True
        with self.turn.lock:
            found = self._visible.pop(name, None)
            if found is None:
                found = VisibleEngine(self, where)
                while len(self._visible) >= _REMEMBERED:
                    del self._visible[next(iter(self._visible))]
            self._visible[name] = found  # the last one asked for is the last to go
        return found

    # Statistics

    def statistics(self) -> Statistics:
        return self._statistics

    @cached_property
    def _statistics(self) -> Statistics:
        manifest = self.manifest
        return Statistics(
            documents=manifest.documents,
            sections=manifest.sections,
            paragraphs=manifest.paragraphs,
            gaps=manifest.gaps,
            languages=manifest.languages,
            generation=manifest.generation,
            incomplete=not manifest.complete,
        )

    def analyser_versions(self) -> dict[str, str]:
        return dict(self.manifest.analysers)

    # Words

    def analyse(self, surface: str, language: str) -> tuple[Term, ...]:
        """The word's stem, folded; for a word without accents also the terms of all that fold to it, and of a
        German one that of its other spelling, where it stands anywhere."""
        found = self._analysed.get((surface, language))
        if found is None:
            found = self._analyse(surface, language)
            if len(self._analysed) >= _ANALYSED:
                self._analysed.clear()
            self._analysed[surface, language] = found
        return found

    @tells_damage
    def _analyse(self, surface: str, language: str) -> tuple[Term, ...]:
        word = surface.encode("utf-8", "surrogatepass")
        terms: set[bytes] = set()
        known = False
        for field in self._all_fields(language):
            # A word has the same term wherever it stands; words that fold to it may be others in each field.
            if not known and (at := field.surfaces.find(word)) >= 0:
                terms.add(field.terms.tell(int(field.surface_terms[at])))
                known = True
            for at in field.folds.equal(word) if field.folds else ():
                number = field.fold_surfaces[at : at + 1].astype(np.int64)
                if len(self._standing(field, number)):
                    terms.add(field.terms[int(field.surface_terms[int(number[0])])])
        if not known:
            terms.add(query_term(language)(surface).encode("utf-8", "surrogatepass"))
        if (other := respelt(surface, language)) is not None:
            term = query_term(language)(other).encode("utf-8", "surrogatepass")
            if any(field.terms.find(term) >= 0 for field in self._all_fields(language)):
                terms.add(term)
        if len(terms) == 1:
            return (Term(language, terms.pop().decode("utf-8", "replace")),)
        return tuple(sorted(Term(language, term.decode("utf-8", "replace")) for term in terms))

    @tells_damage
    def prefix(self, prefix: str, language: str, limit: int) -> tuple[tuple[Term, ...], int]:
        start = fold(prefix).encode("utf-8", "surrogatepass")
        return self._expanded(language, limit, lambda words: np.array(words.prefixed(start), np.int64))

    @tells_damage
    def words(self, prefix: str, language: str, limit: int) -> tuple[tuple[str, int], ...]:
        from .completion import spellings  # as below

        terms, _ = self.prefix(prefix, language, limit)
        found = spellings(terms, prefix, self._all_fields(language), self._standing)
        counted = [(word, self.frequency(Word(word, (term,)))) for term, word in found]
        return tuple(sorted(counted, key=lambda each: (-each[1], each[0])))

    @tells_damage
    def wildcard(self, pattern: str, language: str, limit: int) -> tuple[tuple[Term, ...], int]:
        from .lookup.wildcard import matching  # here, since few queries need it, and all would load it

        folded = fold(pattern)
        return self._expanded(language, limit, lambda words: matching(words, folded))

    @tells_damage
    def fuzzy(
        self, surface: str, language: str, distance: int, limit: int, prefix: int = 0
    ) -> tuple[tuple[Term, ...], int]:
        from .lookup.alike import alike  # here, for the same reason

        folded = fold(surface)
        return self._expanded(language, limit, lambda words: alike(words, folded, distance, prefix=prefix)[0])

    def _expanded(
        self, language: str, limit: int, find: Callable[[WordList], I64]
    ) -> tuple[tuple[Term, ...], int]:
        """The terms of those words that `find` gives (as numbers) when they are written without accents: the
        most frequent in the text first, at most `limit`, and how many there are. Of live documents only."""
        names = {
            name
            for field in self._all_fields(language)
            for name in field.terms.take(self._terms_of(field, find))
        }
        counts = self._counts("text", language, names)
        elsewhere = names - counts.keys()
        for kind in ("heading", "title"):
            counts |= dict.fromkeys(self._counts(kind, language, elsewhere), 0)
        best = heapq.nsmallest(limit, counts, key=lambda name: (-counts[name], name))
        return tuple(Term(language, name.decode()) for name in best), len(counts)

    def _counts(self, kind: str, language: str, names: set[bytes]) -> dict[bytes, int]:
        """In how many live units of a kind each of the terms stands; without those that stand in none."""
        found: dict[bytes, int] = {}
        for view in self.views:
            field = view.segment.field(kind, language)
            if field is None or not names:
                continue
            live = {"text": view.live_paragraphs, "heading": view.live_sections}.get(
                kind, view.live_documents
            )
            numbers = field.terms.find_all(names)
            counts = field.counts(numbers, live)
            for name, count in zip(field.terms.take(numbers), counts.tolist(), strict=True):
                if count:
                    found[name] = found.get(name, 0) + count
        return found

    @tells_damage
    def frequency(self, word: Word) -> int:
        request = Request(word, Scope.PARAGRAPH, ())
        return Evaluation(self.views, request).scoring.frequency(word, word.field)

    @tells_damage
    def holds(self, word: Word, more_than: int = 0) -> bool:
        """Nearly every word stands in the text of live paragraphs, which is found without going over them."""
        if word.field in (FieldName.ANY, FieldName.TEXT):
            for term in word.terms:
                name = term.text.encode("utf-8", "surrogatepass")
                for view in self.views:
                    field = view.segment.field("text", term.language)
                    if field is not None and (number := field.terms.find(name)) >= 0:
                        live = view.live_paragraphs
                        if live is None:
                            count = field.count(number)
                        else:
                            count = int(np.count_nonzero(live[field.postings(number).units]))
                        if count > more_than:
                            return True
        return self.frequency(word) > more_than

    @tells_damage
    def surfaces(self, terms: Sequence[Term]) -> frozenset[str]:
        found: set[str] = set()
        for term in terms:
            for kind in ("text", "heading", "title"):
                for field in self._fields(kind, term.language):
                    number = field.terms.find(term.text.encode("utf-8", "surrogatepass"))
                    if number >= 0:
                        which = np.flatnonzero(field.surface_terms == number)
                        found.update(field.surfaces[int(at)].decode() for at in which)
        return frozenset(found)

    @tells_damage
    def near_words(self, surface: str, language: str, limit: int) -> tuple[tuple[str, int], ...]:
        from .near import near_words  # here, for the same reason

        spellings: dict[str, int] = {}
        for field in self._all_fields(language):
            for word, distance in near_words(surface, field.surfaces, partial(self._standing, field)):
                spellings[word] = min(distance, spellings.get(word, distance))
        terms = {word: self.analyse(word, language) for word in spellings}
        counts = {word: self.frequency(Word(word, terms[word])) for word in spellings}
        ranked = sorted(spellings, key=lambda word: (spellings[word], -counts[word], word))
        return tuple((word, counts[word]) for word in ranked if counts[word])[:limit]

    def _terms_of(self, field: Field, find: Callable[[WordList], I64]) -> I64:
        """Distinct terms of the words that are found when they are written without accents."""
        plain = np.zeros(len(field.surfaces), np.bool_)
        plain[find(field.surfaces)] = True
        plain[field.fold_surfaces] = False
        plain[field.fold_surfaces[find(field.folds)]] = True
        return distinct(np.sort(field.surface_terms[self._among(field, plain)].astype(np.int64)))

    def _among(self, field: Field, surfaces: Bool) -> I64:
        """Numbers of surfaces of which one stands somewhere for each term that does: all of them."""
        return surfaces.nonzero()[0]

    def _standing(self, field: Field, surfaces: I64) -> I64:
        """Those of some surfaces that stand somewhere: all that a segment lists."""
        return surfaces

    def _fields(self, kind: str, language: str) -> list[Field]:
        fields = (view.segment.field(kind, language) for view in self.views)
        return [field for field in fields if field is not None]

    def _all_fields(self, language: str) -> Sequence[Field]:
        found = self._fields_of.get(language)
        if found is None:
            every = tuple(field for kind in UNITS for field in self._fields(kind, language))
            found = self._fields_of[language] = every
        return found

    # Answers

    @tells_damage
    def answer(self, request: Request) -> Answer:
        with self.turn.lock:
            if not request.fold or request.limit <= 0:
                return Evaluation(self.views, request).answer()
            evaluation = Evaluation(self.views, request)
            answer = fold_hits(request, evaluation.first, self._text)
            evaluation.close()
            return answer

    @tells_damage
    def counts(self, request: Request, field: str) -> Counts:
        with self.turn.lock:
            return Evaluation(self.views, request).counts(field)

    @tells_damage
    def grouped(self, request: Request, groupings: Sequence[Grouping]) -> tuple[Counts, ...]:
        with self.turn.lock:
            return Evaluation(self.views, request).grouped(groupings)

    @tells_damage
    def explain(self, request: Request, refs: Sequence[Ref]) -> tuple[tuple[Share, ...], ...]:
        from .explaining import shares_of  # most searches explain nothing

        with self.turn.lock:
            evaluation = Evaluation(self.views, request)
            scoring, leaves = evaluation.scoring, evaluation.leaves
            found = tuple(shares_of(scoring, leaves[at], number) for at, number in map(self._place, refs))
            evaluation.close()
            return found

    @tells_damage
    def nearness(self, text: str, refs: Sequence[Ref]) -> tuple[float, ...]:
        from .semantic.nearness import nearness  # most searches compare no meanings

        with self.turn.lock:
            return nearness(self.views, text, [self._place(ref) for ref in refs])

    @tells_damage
    def fields(self) -> frozenset[str]:
        from .columns import BUILT_IN  # most searches ask for none

        listed = (name for view in self.views for name, _ in view.segment.columns.listed)
        return frozenset((*BUILT_IN, *listed))

    def acronyms(self) -> Acronyms:
        return self._acronyms

    @cached_property
    def _acronyms(self) -> Acronyms:
        return acronyms_of(self.views, self.statistics().languages)

    @tells_damage
    def passages(self, refs: Sequence[Ref]) -> tuple[Passage, ...]:
        # In the order of the documents on disk, so that a block of text is unpacked once for all its hits.
        places = [self._place(ref) for ref in refs]
        order = sorted(range(len(refs)), key=places.__getitem__)
        passages = {}
        of: tuple[int, int] | None = None
        for at in order:
            view, number = places[at]
            segment = self.views[view].segment
            document = int(segment.document_of[number])
            if of != (view, document):
                # Once for all its hits: that of a table of a million rows lists as many cells.
                of, record = (view, document), segment.record(document)
            passages[at] = self._passage(refs[at], view, number, record)
        return tuple(passages[at] for at in range(len(refs)))

    @tells_damage
    def spoken(self, refs: Sequence[Ref]) -> tuple[Spoken, ...]:
        places = [self._place(ref) for ref in refs]
        found: dict[tuple[int, int], Spoken] = {}
        for place in sorted(places):  # as above
            segment = self.views[place[0]].segment
            language = segment.languages[int(segment.language_of[segment.document_of[place[1]]])]
            found[place] = Spoken(segment.paragraph_text(place[1]), language)
        return tuple(map(found.__getitem__, places))

    @tells_damage
    def document(self, key: str) -> Document | None:
        found = self._find(key)
        return None if found is None else found[0].segment.document(found[1])

    @tells_damage
    def versions(self, key: str) -> tuple[Version, ...]:
        from .versions import versions_of  # here: a search asks for none

        return versions_of(self.snapshot, key)

    @tells_damage
    def keys(self, prefix: str = "") -> tuple[str, ...]:
        keys = (
            key
            for view in self.views
            for key, document in view.segment.prefixed(prefix)
            if view.is_live(document)
        )
        return tuple(sorted(keys))

    @tells_damage
    def current_key(self, key: str) -> str | None:
        """The key of the document that once had this one; None when no rename led away from it."""
        return read_renames(self.snapshot.catalog).get(key)

    @tells_damage
    def gaps(self) -> tuple[Gap, ...]:
        gaps = (gap for row in self.gap_rows for gap in row.gaps)
        return tuple(sorted(gaps, key=lambda gap: gap.key))

    @cached_property
    def gap_rows(self) -> tuple[SourceRow, ...]:
        """The sources with gaps."""
        return tuple(row for row in self.rows.values() if row.gaps) if self.manifest.gaps else ()

    @cached_property
    def rows(self) -> dict[str, SourceRow]:
        """Every source that this generation knows, by key."""
        return dict(read_catalog(self.snapshot.catalog))

    def _find(self, key: str) -> tuple[View, int] | None:
        for view in self.views:
            document = view.find(key)
            if document is not None:
                return view, document
        return None

    def _place(self, ref: Ref) -> tuple[int, int]:
        """Where a paragraph stands: the view's number, and the paragraph's in its segment."""
        for at, view in enumerate(self.views):
            document = view.find(ref.key)
            if document is not None:
                begin, end = view.segment.first_paragraphs[document : document + 2].tolist()
                if 0 <= ref.paragraph < end - begin:
                    return at, begin + ref.paragraph
        raise KeyError(ref)

    def _text(self, ref: Ref) -> str:
        view, number = self._place(ref)
        return self.views[view].segment.paragraph_text(number)

    def _passage(self, ref: Ref, view: int, number: int, record: Recorded) -> Passage:
        segment = self.views[view].segment
        document = int(segment.document_of[number])
        paragraph = segment.paragraph(number)
        meta, root, path, anchors, bytes_then = record
        section, chain = segment.section_path(document, paragraph.section)
        titles = segment.titles(document)
        place = locate(anchors, paragraph.start)
        return Passage(
            ref=ref,
            meta=meta,
            headings=tuple(titles[at] for at in chain if titles[at]),
            section=section,
            paragraph=paragraph,
            text=segment.paragraph_text(number),
            page=place.page,
            page_label=place.page_label,
            root=root,
            path=path,
            sheet=place.sheet,
            cell=place.cell,
            stale=self._staleness.of(root, path, bytes_then) if root else "",
        )

    @cached_property
    def _staleness(self) -> Staleness:
        return Staleness(self.manifest.roots, self.manifest.updated)
