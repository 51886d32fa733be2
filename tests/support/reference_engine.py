"""An engine in the plainest Python that follows the contracts: what the real one is compared with.

Nothing is indexed: every question reads every word of every document.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, product

from docsearch.corpus.acronyms import acronyms_in
from docsearch.corpus.model import Document, Gap, PartialDate
from docsearch.corpus.sentences import sentences
from docsearch.index.acronyms import Acronyms, Row
from docsearch.index.analysis.normal import fold, normalise
from docsearch.index.analysis.respelt import respelt
from docsearch.index.analysis.stems import analyser_fingerprint, term
from docsearch.index.analysis.tokens import tokenize
from docsearch.index.grouping import ByDate, ByField, ByFolder, ByHeading, Grouping
from docsearch.index.query import (
    And,
    AndMaybe,
    Boost,
    Clause,
    Constant,
    Every,
    FieldName,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Placed,
    Request,
    Scope,
    Sort,
    Term,
    Unit,
    Within,
    Word,
    words_of,
)
from docsearch.index.records import Answer, Counts, Passage, Ref, Scored, Share, Spoken, Statistics, Totals
from docsearch.index.where import All, AnyOf, Eq, Exists, Filter, In, Negate, Prefix, Range


@dataclass(frozen=True)
class _Words:
    """The words of a paragraph, a heading or a title: as they stand, their surfaces, and their terms."""

    raws: tuple[str, ...]
    surfaces: tuple[str, ...]
    terms: tuple[Term, ...]

    @classmethod
    def of(cls, text: str, language: str) -> _Words:
        raws = tuple(unicodedata.normalize("NFC", token.raw) for token in tokenize(text))
        surfaces = tuple(normalise(token.raw) for token in tokenize(text))
        to_term = term(language)
        return cls(raws, surfaces, tuple(Term(language, to_term(surface)) for surface in surfaces))

    def count(self, node: Placed) -> int:
        """How often the node stands here: at how many places it ends."""
        return len({last for _, last in self.ranges(node)})

    def share(self, node: Placed) -> float:
        return min(self.count(node) * len(words_of(node)) / max(len(self.terms), 1), 1.0)

    def ranges(self, node: Node) -> set[tuple[int, int]]:
        """First and last places; of all with the same end the shortest."""
        if isinstance(node, Word):
            return {(place, place) for place in self._places(node)}
        if isinstance(node, Phrase):
            return self._phrase(node)
        if isinstance(node, Or):
            return {found for child in node.children for found in self.ranges(child)}
        assert isinstance(node, Near)
        return self._near(node)

    def within(self, node: Node, places: Sequence[int]) -> bool:
        """Whether a stretch of words (a sentence) matches."""
        if isinstance(node, Word | Phrase):
            return any(first in places and last in places for first, last in self.ranges(node))
        if isinstance(node, And):
            return all(self.within(child, places) for child in node.children)
        if isinstance(node, Or):
            return any(self.within(child, places) for child in node.children)
        if isinstance(node, Not):
            return not self.within(node.child, places)
        if isinstance(node, AndMaybe):
            return self.within(node.required, places)
        return isinstance(node, Every) or (
            isinstance(node, Boost | Constant) and self.within(node.child, places)
        )

    def _phrase(self, phrase: Phrase) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for chain in product(*(sorted(self._places(word)) for word in phrase.words)):
            if chain and all(0 < right - left <= 1 + phrase.slop for left, right in pairwise(chain)):
                found.add((chain[0], chain[-1]))
        latest = {end: begin for begin, end in sorted(found)}
        return {(begin, end) for end, begin in latest.items()}

    def _near(self, near: Near) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for choice in product(*(sorted(self.ranges(child)) for child in near.children)):
            placed = sorted(choice)
            if not placed or (near.ordered and list(choice) != placed):
                continue
            if any(right[0] <= left[1] for left, right in pairwise(placed)):
                continue
            if len(placed) == 1 or placed[-1][0] - placed[0][1] <= near.distance:
                found.add((placed[0][0], placed[-1][1]))
        return found

    def _places(self, word: Word) -> set[int]:
        places = {place for place, found in enumerate(self.terms) if found in word.terms}
        if word.spelling is None:
            return places
        if word.spelling.typed:
            composed = {unicodedata.normalize("NFC", surface) for surface in word.spelling.surfaces}
            return {place for place in places if self.raws[place] in composed}
        surfaces = set(map(normalise, word.spelling.surfaces))
        return {place for place in places if self.surfaces[place] in surfaces}


@dataclass(frozen=True)
class _Read:
    """A document with its words."""

    document: Document
    paragraphs: tuple[_Words, ...]
    headings: tuple[_Words, ...]
    title: _Words

    @classmethod
    def of(cls, document: Document) -> _Read:
        text, language = document.text, document.meta.language
        return cls(
            document,
            tuple(_Words.of(text[each.start : each.end], language) for each in document.paragraphs),
            tuple(_Words.of(each.title, language) for each in document.sections),
            _Words.of(document.meta.title, language),
        )

    def in_sentence(self, node: Node, paragraph: int) -> bool:
        """Whether a sentence of the paragraph matches."""
        words = self.paragraphs[paragraph]
        span = self.document.paragraphs[paragraph]
        text = self.document.text[span.start : span.end]
        starts = [token.start for token in tokenize(text)]
        return any(
            words.within(node, [at for at, start in enumerate(starts) if begin <= start < end])
            for begin, end in sentences(text, language=self.document.meta.language)
        )

    def everything(self) -> Iterator[_Words]:
        yield from self.paragraphs
        yield from self.headings
        yield self.title

    def places(self, node: Placed, where: FieldName) -> Iterator[int]:
        """Paragraphs at which the node stands, possibly repeated."""
        if where in (FieldName.ANY, FieldName.TEXT):
            yield from (at for at, words in enumerate(self.paragraphs) if words.count(node))
        if where in (FieldName.ANY, FieldName.HEADING):
            for section, words in zip(self.document.sections, self.headings, strict=True):
                if words.count(node) and section.first < section.last:
                    yield section.first
        if where in (FieldName.ANY, FieldName.TITLE) and self.title.count(node):
            yield 0

    def spread(self, node: Placed, paragraph: int) -> int:
        """How often the node stands in the headings (or title, as its field says) above a paragraph."""
        if node.field is FieldName.TITLE:
            return self.title.count(node)
        return sum(
            words.count(node)
            for section, words in zip(self.document.sections, self.headings, strict=True)
            if section.first <= paragraph < section.last
        )

    def begun(self, node: Placed, paragraph: int) -> float:
        """Which share of the words the node is, of headings (or the title) whose span begins at the
        paragraph."""
        if node.field is FieldName.TITLE:
            return self.title.share(node) if paragraph == 0 else 0.0
        return sum(
            words.share(node)
            for section, words in zip(self.document.sections, self.headings, strict=True)
            if section.first == paragraph < section.last
        )


_Unit = tuple[str, int]
"""A document's key, and the paragraph or section (0 for the whole document)."""


@dataclass(frozen=True)
class ReferenceEngine:
    """Answers over some documents (of one key each; those without paragraphs are passed over)."""

    documents: Sequence[Document]
    known_gaps: tuple[Gap, ...] = ()
    incomplete: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    _all: dict[str, _Read] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for document in sorted(self.documents, key=lambda each: each.key):
            if document.paragraphs:
                self._all[document.key] = _Read.of(document)

    def restricted(self, where: Filter) -> ReferenceEngine:
        seen = [document for document in self.documents if _lets_through(where, document)]
        return ReferenceEngine(seen, (), self.incomplete)

    def statistics(self) -> Statistics:
        languages: dict[str, int] = {}
        for each in self._all.values():
            language = each.document.meta.language
            languages[language] = languages.get(language, 0) + len(each.paragraphs)
        return Statistics(
            documents=len(self._all),
            sections=sum(len(each.headings) for each in self._all.values()),
            paragraphs=sum(languages.values()),
            gaps=len(self.known_gaps),
            languages=languages,
            generation=1,
            incomplete=self.incomplete,
        )

    def analyser_versions(self) -> dict[str, str]:
        return {language: analyser_fingerprint(language) for language in self.statistics().languages}

    # Words

    def analyse(self, surface: str, language: str) -> tuple[Term, ...]:
        folding = (word for word in self._vocabulary(language) if fold(word) == surface)
        terms = self._terms([surface, *folding], language)
        if (other := respelt(surface, language)) is not None:
            standing = self._terms(list(self._vocabulary(language)), language)
            terms = tuple(sorted({*terms, *(set(standing) & set(self._terms([other], language)))}))
        return terms

    def prefix(self, prefix: str, language: str, limit: int) -> tuple[tuple[Term, ...], int]:
        return self._expanded(lambda word: word.startswith(fold(prefix)), language, limit)

    def wildcard(self, pattern: str, language: str, limit: int) -> tuple[tuple[Term, ...], int]:
        parts = {"*": ".*", "?": "."}
        compiled = re.compile(
            "".join(parts.get(char) or re.escape(char) for char in fold(pattern)), re.DOTALL
        )
        return self._expanded(lambda word: compiled.fullmatch(word) is not None, language, limit)

    def fuzzy(
        self, surface: str, language: str, distance: int, limit: int, prefix: int = 0
    ) -> tuple[tuple[Term, ...], int]:
        wanted = fold(surface)
        return self._expanded(
            lambda word: word.startswith(wanted[:prefix]) and _distance(word, wanted) <= distance,
            language,
            limit,
        )

    def _expanded(
        self, matches: Callable[[str], bool], language: str, limit: int
    ) -> tuple[tuple[Term, ...], int]:
        found = self._terms([word for word in self._vocabulary(language) if matches(fold(word))], language)
        counts = {each: self.frequency(Word("", (each,), FieldName.TEXT)) for each in found}
        ranked = sorted(found, key=lambda each: (-counts[each], each))
        return tuple(ranked[:limit]), len(ranked)

    def frequency(self, word: Word) -> int:
        return len(self._standing(word, word.field))

    def holds(self, word: Word, more_than: int = 0) -> bool:
        return self.frequency(word) > more_than

    def surfaces(self, terms: Sequence[Term]) -> frozenset[str]:
        return frozenset(
            surface
            for each in self._all.values()
            for words in each.everything()
            for surface, found in zip(words.surfaces, words.terms, strict=True)
            if found in terms
        )

    def words(self, prefix: str, language: str, limit: int) -> tuple[tuple[str, int], ...]:
        found = []
        for each in self.prefix(prefix, language, limit)[0]:
            own = [word for word in self._vocabulary(language) if term(language)(word) == each.text]
            own = [word for word in own if fold(word).startswith(fold(prefix))]
            word = min(own, key=lambda word: (not word.startswith(prefix), len(word), word))
            found.append((word, self.frequency(Word(word, (each,)))))
        return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def near_words(self, surface: str, language: str, limit: int) -> tuple[tuple[str, int], ...]:
        most = 1 if len(surface) <= 4 else 2
        distances = {word: _distance(surface, word) for word in self._vocabulary(language) if word != surface}
        counts = {
            word: self.frequency(Word(word, self.analyse(word, language)))
            for word, distance in distances.items()
            if distance <= most
        }
        ranked = sorted(counts, key=lambda word: (distances[word], -counts[word], word))
        return tuple((word, counts[word]) for word in ranked[:limit])

    def _vocabulary(self, language: str) -> set[str]:
        return {
            surface
            for each in self._all.values()
            if each.document.meta.language == language
            for words in each.everything()
            for surface in words.surfaces
        }

    def _terms(self, surfaces: Sequence[str], language: str) -> tuple[Term, ...]:
        to_term = term(language)
        return tuple(sorted({Term(language, to_term(surface)) for surface in surfaces}))

    # Answers

    def answer(self, request: Request) -> Answer:
        units = self._through(request)
        matching = self._matching(request.match, request.scope, units)
        shown = self._shown(request.match, units, matching)
        totals = Totals(len(matching), len(shown), len({ref.key for ref in shown}))
        scored = [Scored(ref, self._score(request, ref)) for ref in shown]
        scored.sort(key=lambda hit: (-hit.score, hit.ref))
        if request.sort is not None:
            scored = self._sorted(scored, request.sort)
        if request.collapse or request.group:
            scored = self._collapsed(scored, request)
        return Answer(totals, tuple(scored[request.offset : request.offset + request.limit]))

    def _values(self, ref: Ref, field: str) -> list[tuple[int, object]]:
        """A document's values in the order of all values, with the type's place first."""
        values = _values_of(self._all[ref.key].document, field)
        return sorted(_comparable(value) for value in values)

    def _sorted(self, scored: list[Scored], sort: Sort) -> list[Scored]:
        scored = sorted(scored, key=lambda hit: hit.ref)
        some = [hit for hit in scored if self._values(hit.ref, sort.field)]
        at = -1 if sort.descending else 0
        some.sort(key=lambda hit: self._values(hit.ref, sort.field)[at], reverse=sort.descending)
        return some + [hit for hit in scored if hit not in some]

    def _collapsed(self, scored: list[Scored], request: Request) -> list[Scored]:
        """The first hit of each value (or else, with `group`, document), with how many hits have it."""
        found: dict[object, list[Scored]] = {}
        for hit in scored:
            values = self._values(hit.ref, request.collapse) if request.collapse else []
            found.setdefault(values[0] if values else hit.ref.key if request.group else hit.ref, []).append(
                hit
            )
        return [hits[0]._replace(group_size=len(hits)) for hits in found.values()]

    def counts(self, request: Request, field: str) -> Counts:
        units = self._through(request)
        found: dict[tuple[str, object], int] = {}
        missing = 0
        for key, _ in self._matching(request.match, request.scope, units):
            values = list(_values_of(self._all[key].document, field))
            missing += not values
            for value in values:
                found[_named(value)] = found.get(_named(value), 0) + 1
        ranked = sorted(found, key=lambda each: (-found[each], each[0], _comparable(each[1])))
        return Counts(tuple((value, found[name, value]) for name, value in ranked), missing)  # type: ignore[misc]

    def grouped(self, request: Request, groupings: Sequence[Grouping]) -> tuple[Counts, ...]:
        units = self._through(request)
        matching = self._matching(request.match, request.scope, units)
        shown = self._shown(request.match, units, matching)
        keys = sorted({key for key, _ in matching})
        return tuple(self._grouped(grouping, keys, shown) for grouping in groupings)

    def _grouped(self, grouping: Grouping, keys: Sequence[str], shown: Sequence[Ref]) -> Counts:
        found: dict[tuple[str, object], int] = {}
        missing = 0
        for key in keys:
            document = self._all[key].document
            values = {_named(value) for value in _labels(grouping, document, shown)}
            missing += not values
            for named in values:
                found[named] = found.get(named, 0) + 1
        ranked = sorted(found, key=lambda each: (-found[each], each[0], _comparable(each[1])))
        return Counts(tuple((value, found[name, value]) for name, value in ranked), missing)  # type: ignore[misc]

    def _through(self, request: Request) -> dict[_Unit, list[Ref]]:
        """The units whose document the filter lets through."""
        units = self._units(request.scope)
        if request.where is None:
            return units
        through = {key for key, each in self._all.items() if _lets_through(request.where, each.document)}
        return {unit: refs for unit, refs in units.items() if unit[0] in through}

    def _units(self, scope: Scope) -> dict[_Unit, list[Ref]]:
        """Every unit with its paragraphs; a section has only those that stand directly in it."""
        units: dict[_Unit, list[Ref]] = {}
        for key, each in self._all.items():
            for at, paragraph in enumerate(each.document.paragraphs):
                number = {Scope.PARAGRAPH: at, Scope.SECTION: paragraph.section, Scope.DOCUMENT: 0}[scope]
                units.setdefault((key, number), []).append(Ref(key, at))
        return units

    def _matching(self, node: Node, scope: Scope, units: dict[_Unit, list[Ref]]) -> set[_Unit]:
        if isinstance(node, Placed):
            if node.field in (FieldName.HEADING, FieldName.TITLE):
                beneath = {
                    Ref(key, at)
                    for key, each in self._all.items()
                    for at in range(len(each.paragraphs))
                    if each.spread(node, at)
                }
                return {unit for unit, refs in units.items() if beneath.intersection(refs)}
            standing = self._standing(node, node.field)
            return {unit for unit, refs in units.items() if standing.intersection(refs)}
        if isinstance(node, Within):
            within = self._within(node)
            return {unit for unit, refs in units.items() if within.intersection(refs)}
        if isinstance(node, Every):
            return set(units)
        if isinstance(node, Not):
            return set(units) - self._matching(node.child, scope, units)
        if isinstance(node, AndMaybe):
            return self._matching(node.required, scope, units)
        if isinstance(node, Boost | Constant):
            return self._matching(node.child, scope, units)
        parts = [self._matching(child, scope, units) for child in node.children]
        return set.intersection(*parts) if isinstance(node, And) else set.union(*parts)

    def _within(self, node: Within) -> set[Ref]:
        """Where a Within stands: what would be shown if its children were asked of its units."""
        if node.unit is Unit.SENTENCE:
            return {
                Ref(key, at)
                for key, each in self._all.items()
                for at in range(len(each.paragraphs))
                if each.in_sentence(And(node.children), at)
            }
        scope = Scope(node.unit.value)
        units = self._units(scope)
        both = And(node.children)
        return set(self._shown(both, units, self._matching(both, scope, units)))

    def _shown(self, asked: Node, units: dict[_Unit, list[Ref]], matching: set[_Unit]) -> list[Ref]:
        """Of the matching units the paragraphs at which something stands that was asked for; of a unit
        without any, which matches by what it lacks, the first paragraph."""
        standing: set[Ref] = set()
        for node in _positive(asked):
            standing |= self._within(node) if isinstance(node, Within) else self._standing(node, node.field)
        shown: list[Ref] = []
        for unit in matching:
            shown += [ref for ref in units[unit] if ref in standing] or units[unit][:1]
        return shown

    def _standing(self, node: Placed, where: FieldName) -> set[Ref]:
        return {Ref(key, at) for key, each in self._all.items() for at in each.places(node, where)}

    # Scores: BM25 (Robertson and Zaragoza 2009, section 3) with an idf that is never negative. Headings and
    # titles are scored without length normalisation.

    def _score(self, request: Request, ref: Ref) -> float:
        clauses = sum((self._addend(clause, ref, request.k1, request.b) for clause in request.scoring), 0.0)
        units = self._units(Scope.PARAGRAPH)
        return clauses + sum(
            constant.score
            for constant in request.constants
            if (ref.key, ref.paragraph) in self._matching(constant.child, Scope.PARAGRAPH, units)
        )

    def explain(self, request: Request, refs: Sequence[Ref]) -> tuple[tuple[Share, ...], ...]:
        return tuple(tuple(self._shares(request, ref)) for ref in refs)

    def _shares(self, request: Request, ref: Ref) -> Iterator[Share]:
        for clause in request.scoring:
            value = self._addend(clause, ref, request.k1, request.b)
            if value:
                node = clause.node
                idf = self._idf(node)
                yield Share(node.surface, str(node.field), "", 0.0, clause.weight, idf, value)

    def _addend(self, clause: Clause, ref: Ref, k1: float, b: float) -> float:
        node = clause.node
        each = self._all[ref.key]
        if node.field in (FieldName.HEADING, FieldName.TITLE):
            above, here = each.spread(node, ref.paragraph), each.begun(node, ref.paragraph)
            saturated = clause.weight * above / (above + k1) + clause.first * here / (here + k1)
        else:
            words = each.paragraphs[ref.paragraph]
            relative = len(words.terms) / self._average_length(each.document.meta.language)
            tf = words.count(node)
            saturated = clause.weight * tf / (tf + k1 * (1 - b + b * relative)) if tf else 0.0
        return self._idf(node) * (k1 + 1) * saturated if saturated else 0.0

    def _idf(self, node: Placed) -> float:
        fields = (FieldName.TEXT, FieldName.HEADING, FieldName.TITLE)
        df = next((df for field in fields if (df := len(self._standing(node, field)))), 0)
        total = self.statistics().paragraphs
        return math.log(1 + (total - df + 0.5) / (df + 0.5))

    def _average_length(self, language: str) -> float:
        lengths = [
            len(words.terms)
            for each in self._all.values()
            if each.document.meta.language == language
            for words in each.paragraphs
        ]
        return sum(lengths) / len(lengths) or 1.0

    # Documents

    def fields(self) -> frozenset[str]:
        built_in = ["effective", "ended", "key", "language", "place", "published", "root", "source", "type"]
        extra = (name for each in self._all.values() for name in each.document.meta.extra)
        return frozenset([*built_in, *(f"extra.{name}" if name in built_in else name for name in extra)])

    def acronyms(self) -> Acronyms:
        places: dict[tuple[str, str], list[Ref]] = {}
        for key, each in self._all.items():
            text = each.document.text
            for number, paragraph in enumerate(each.document.paragraphs):
                for pair in set(acronyms_in(text[paragraph.start : paragraph.end])):
                    places.setdefault(pair, []).append(Ref(key, number))
        rows = [
            Row(short, long, len(refs), partial(min, refs)) for (short, long), refs in sorted(places.items())
        ]
        return Acronyms(rows, self.statistics().languages)

    def passages(self, refs: Sequence[Ref]) -> tuple[Passage, ...]:
        return tuple(self._passage(ref) for ref in refs)

    def spoken(self, refs: Sequence[Ref]) -> tuple[Spoken, ...]:
        return tuple(Spoken(each.text, each.meta.language) for each in self.passages(refs))

    def _passage(self, ref: Ref) -> Passage:
        document = self._all[ref.key].document
        paragraph = document.paragraphs[ref.paragraph]
        section = document.sections[paragraph.section]
        headings: list[str] = []
        inner: int | None = paragraph.section
        while inner is not None:
            headings.insert(0, document.sections[inner].title)
            inner = document.sections[inner].parent
        sheets, cells = (
            [a.label for a in document.anchors if a.kind == kind and a.start <= paragraph.start < a.end]
            for kind in ("sheet", "cell")
        )
        pages = [a for a in document.anchors if a.kind == "page" and a.start <= paragraph.start < a.end]
        return Passage(
            ref=ref,
            meta=document.meta,
            headings=tuple(filter(None, headings)),
            section=section.path,
            paragraph=paragraph,
            text=document.text[paragraph.start : paragraph.end],
            page=pages[0].index if pages else None,
            page_label=pages[0].label if pages else "",
            root="",
            path=ref.key,
            sheet=sheets[0] if sheets else "",
            cell=cells[0] if cells else "",
        )

    def document(self, key: str) -> Document | None:
        return self._all[key].document if key in self._all else None

    def keys(self, prefix: str = "") -> tuple[str, ...]:
        return tuple(key for key in self._all if key.startswith(prefix))

    def current_key(self, key: str) -> str | None:
        return self.renamed.get(key)

    def gaps(self) -> tuple[Gap, ...]:
        return self.known_gaps

    def close(self) -> None:
        pass


def _labels(grouping: Grouping, document: Document, shown: Sequence[Ref]) -> Iterator[object]:
    """What a document counts for."""
    match grouping:
        case ByField(field):
            yield from _values_of(document, field)
        case ByDate(field, step):
            for value in _values_of(document, field):
                if isinstance(value, dt.date | PartialDate):
                    yield _cut(PartialDate.parse(str(value)), step)
        case ByFolder():
            parts = document.key.split("/")[:-1]
            yield from filter(None, ("/".join(parts[: at + 1]) for at in range(len(parts))))
        case ByHeading():
            for ref in shown:
                if ref.key == document.key:
                    section = document.sections[document.paragraphs[ref.paragraph].section]
                    yield from filter(None, [" ".join(section.title.split())])


def _cut(date: PartialDate, step: str) -> PartialDate:
    if step == "decade":
        return PartialDate(date.year // 10 * 10)
    if step == "year":
        return PartialDate(date.year)
    return PartialDate(date.year, date.month) if step == "month" else date


def _positive(node: Node) -> Iterator[Placed | Within]:
    if isinstance(node, Placed | Within):
        yield node
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from _positive(child)
    elif isinstance(node, AndMaybe):
        yield from _positive(node.required)
    elif isinstance(node, Boost | Constant):
        yield from _positive(node.child)


def _distance(left: str, right: str) -> int:
    """Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours."""
    table = [[max(i, j) if not (i and j) else 0 for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            costs = [
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
                table[i - 1][j - 1] + (left[i - 1] != right[j - 1]),
            ]
            if i > 1 and j > 1 and (left[i - 1], left[i - 2]) == (right[j - 2], right[j - 1]):
                costs.append(table[i - 2][j - 2] + 1)
            table[i][j] = min(costs)
    return table[-1][-1]


# Filters


def _lets_through(filter: Filter, document: Document) -> bool:
    """Whether the filter holds of a document (of no root)."""
    match filter:
        case All(filters):
            return all(_lets_through(each, document) for each in filters)
        case AnyOf(filters):
            return any(_lets_through(each, document) for each in filters)
        case Negate(inner):
            return not _lets_through(inner, document)
        case Exists(field):
            return any(True for _ in _values_of(document, field))
        case Prefix(field, prefix):
            values = _values_of(document, field)
            return any(isinstance(value, str) and value.startswith(prefix) for value in values)
        case Eq(field, value):
            return any(_lies(each, value, value) for each in _values_of(document, field))
        case In(field, values):
            return any(_lets_through(Eq(field, value), document) for value in values)
        case Range(field, low, high):
            return any(_lies(each, low, high) for each in _values_of(document, field))


def _values_of(document: Document, field: str) -> Iterator[object]:
    """The values that a field of the document has, in order."""
    meta = document.meta
    built_in = {
        "key": document.key,
        "root": "",
        "language": meta.language,
        "type": meta.type,
        "source": meta.source or None,
        "place": meta.place or None,
        "published": meta.published,
        "effective": meta.effective,
        "ended": meta.ended,
    }
    value = built_in[field] if field in built_in else meta.extra.get(field.removeprefix("extra."))
    if isinstance(value, tuple):
        yield from dict.fromkeys(value)
    elif value is not None:
        yield value


def _lies(value: object, low: object, high: object) -> bool:
    if isinstance(value, dt.date | PartialDate):
        if not all(bound is None or _days(bound) for bound in (low, high)):
            return False
        first, last = _days(value)
        return (low is None or last >= _days(low)[0]) and (high is None or first <= _days(high)[1])
    for bound in (low, high):
        if bound is not None and _type(bound) != _type(value):
            return False
    return (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]


def _days(value: object) -> tuple[dt.date, dt.date]:
    if isinstance(value, str):
        try:
            value = PartialDate.parse(value)
        except ValueError:
            return ()  # type: ignore[return-value]
    if isinstance(value, PartialDate):
        return value.first_day, value.last_day
    return (value, value) if isinstance(value, dt.date) else ()  # type: ignore[return-value]


def _type(value: object) -> type:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float
    return PartialDate if isinstance(value, dt.date) else type(value)


def _comparable(value: object) -> tuple[int, object]:
    """Such that True < 0 < 0.5 < any date < any text."""
    if isinstance(value, dt.date | PartialDate):
        return 2, _days(value)
    if isinstance(value, str):
        return 3, value
    return 0 if isinstance(value, bool) else 1, value


def _named(value: object) -> tuple[str, object]:
    """A value with the name of its type; dates as partial dates."""
    if isinstance(value, dt.date):
        return "date", PartialDate(value.year, value.month, value.day)
    names = {bool: "bool", int: "int", float: "float", str: "string", PartialDate: "date"}
    return names[type(value)], value
