"""What a filter hides stays hidden: every answer under `where=` is that of an index which holds only what the
filter lets through, to the last bit of every score, and nothing of the rest is in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from docsearch import CitationUnresolved, Eq, Gap, Index, Negate, Prefix, Range, Record, Results
from docsearch.corpus.model import Document, Reading, Source
from docsearch.index.engine import LocalEngine
from docsearch.index.planner import stored
from docsearch.index.segment import build_segment
from docsearch.index.storage import MemoryStorage
from docsearch.index.where import All, AnyOf, Exists, Filter, In
from docsearch.index.writer import IndexWriter
from docsearch.search.timeline import Timeline
from hypothesis import given, settings
from hypothesis import strategies as st

OPEN = {"level": "open"}

# Families of one stem, words that fold to each other, and near spellings: what one half says of a word may
# depend on a relative of it in the other.
WORDS = [
    *("universe", "university", "universal", "universities"),
    *("permit", "permits", "permitted", "permitting", "permet"),
    *("resume", "résumé", "resumé", "résumés"),
    *("water", "waters", "watery", "wader", "trade", "trades", "tirade"),
    *("the", "of", "die", "und", "1373", "S/RES/1373", "FATF", "Financial", "Action", "Task", "Force"),
    *(
        "Financial Action Task Force (FATF)",
        "Fishing and Trade Forum (FATF)",
        "FATF (Financial Action Task Force)",
    ),
]
SECRET = [
    "Zarquon Task Force (ZTF)",
    "First Zarquon Task Force (FZTF)",
    "zarquon",
    "zarquons",
    "warter",
    "universitas",
    "permitz",
]
QUERIES = [
    *("FATF water", "financial action task force", "ztf", "ZTF"),
    *("water", "universi*", "universe", "resume", "résumé", "permit permits", "permittet", "watr", "zarquon"),
    *('"water trade"', "water AND trade", "water AND NOT permit", "NOT water", "the water", "die und water"),
    *("title:water", "heading:universe", "per*", "S/RES/1373", "FATF", "zarq*", "warter trade", "1373"),
    *(
        "water source:Senate",
        "water date:2020",
        "universi* meta.topic:a",
        "watr~1",
        "*ater",
        "univ*y",
        "perm?t",
    ),
    *(
        "water w/3 trade",
        "=resume",
        "==FATF",
        "water /p permit",
        "water^3 trade",
        "lang:es water",
        "path:a/ the",
    ),
]
FACETS = ["source", "year", "month", "folder", "heading", "lang", "type", "meta.topic", "meta.code", "root"]


@pytest.fixture(scope="module", autouse=True)
def _small() -> object:
    """Thresholds so low that few documents reach every branch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "LEAST", 2)
        yield


def text(words: list[str]) -> st.SearchStrategy[str]:
    line = st.lists(st.sampled_from(words), min_size=1, max_size=8).map(" ".join)
    block = st.one_of(line, line, line.map("# {}".format))
    return st.tuples(st.lists(block, max_size=4), line).map(lambda each: "\n\n".join([*each[0], each[1]]))


def records(level: str, words: list[str]) -> st.SearchStrategy[list[Record]]:
    extra = st.fixed_dictionaries(
        {"level": st.just(level)},
        optional={"topic": st.sampled_from(["a", "b", f"only-{level}"]), "code": st.integers(0, 3)},
    )
    one = st.builds(
        Record,
        key=st.sampled_from(["k", "a/k", "a/b/k"]),
        text=text(words),
        title=st.sampled_from(["", "Water trade", "Universe", words[-1]]),
        language=st.sampled_from(["en", "en", "es"]),
        type=st.just("text/markdown"),
        source=st.sampled_from(["", "Senate", f"Source of {level}"]),
        published=st.sampled_from(
            ["", "2020", "2020-05", "2021-06-07", "1999" if level == "open" else "1850"]
        ),
        extra=extra,
    )
    return st.lists(one, min_size=1, max_size=8)


def made(*batches: list[Record]) -> Index:
    index = Index(MemoryStorage(), create=True)
    for batch in batches:
        if batch:
            index.add(batch)
    return index


@st.composite
def halves(draw: st.DrawFn) -> tuple[list[list[Record]], list[Record]]:
    """Batches of both halves, mixed, and the visible half."""
    visible, hidden = draw(records("open", WORDS)), draw(records("secret", WORDS + SECRET))
    visible = [replace(each, key=f"{each.key}{at}") for at, each in enumerate(visible)]
    hidden = [replace(each, key=f"{each.key}{at}-secret") for at, each in enumerate(hidden)]
    everything = visible + hidden
    random.Random(draw(st.integers(0, 99))).shuffle(everything)
    cut = draw(st.integers(0, len(everything)))
    return [everything[:cut], everything[cut:]], visible


def compared(value: Any) -> Any:
    """An answer without what two indexes may differ in."""
    if isinstance(value, Results):
        reading = replace(value.reading, where=None, generation=0)
        page = value.cursor.partition("-")[2].partition("-")[0]  # it names generation and filter, too
        return replace(value, seconds=0.0, reading=reading, cursor=page)
    return value


def differences(found: Any, expected: Any) -> dict[str, Any]:
    """By name the parts in which two answers differ."""
    if isinstance(found, tuple):
        return {} if found == expected else {"found": found, "expected": expected}
    names = [field.name for field in fields(found)]
    pairs = {name: (getattr(found, name), getattr(expected, name)) for name in names}
    if isinstance(found, Results) and len(found) == len(expected):
        pairs |= {f"hit {at}": pair for at, pair in enumerate(zip(found, expected, strict=True))}
        del pairs["hits"]
        return {
            f"{at} {name}": pair
            for at, each in pairs.items()
            for name, pair in (differences(*each).items() if at.startswith("hit ") else [("", each)])
            if pair[0] != pair[1]
        }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


CALLS: dict[str, Callable[..., Any]] = {
    "search": lambda index, query, **where: index.search(query, **where),
    "totals": lambda index, query, **where: index.search(query, limit=0, scope="paragraph", **where),
    "plain": lambda index, query, **where: index.search(query, ranking="plain", scope="section", **where),
    "sorted": lambda index, query, **where: index.search(query, sort="-published", collapse="topic", **where),
    "grouped": lambda index, query, **where: index.search(query, group=True, sort="code", **where),
    "explained": lambda index, query, **where: index.search(query, explain=True, limit=3, **where),
    "facets": lambda index, query, **where: index.search(query, limit=1, facets=FACETS, **where),
    "suggest": lambda index, query, **where: index.suggest(query, **where),
    "suggest next": lambda index, query, **where: index.suggest(f"{query} ", **where),
    "suggest begun": lambda index, query, **where: index.suggest(query[:-2] or query, limit=3, **where),
    "similar": lambda index, query, **where: index.similar(
        text=f"{query} universities permit water", **where
    ),
    "acronyms": lambda index, query, **where: index.acronyms(query[:1], **where),
    "timeline": lambda index, query, **where: index.timeline(query, **where),
}


@settings(max_examples=40)
@given(halves(), st.sampled_from(QUERIES))
def test_answers_are_those_of_the_visible_half(
    corpus: tuple[list[list[Record]], list[Record]], query: str
) -> None:
    batches, visible = corpus
    with made(*batches) as whole, made(visible) as alone:
        for name, call in CALLS.items():
            found = compared(call(whole, query, where=OPEN))
            assert differences(found, compared(call(alone, query))) == {}, name
            said = repr(found).replace(repr(query), "").casefold()
            assert "secret" not in said
            if not any(word in query for word in SECRET):
                assert not any(word in said for word in SECRET)


@settings(max_examples=40)
@given(halves(), st.sampled_from([word[:3] for word in WORDS + SECRET] + WORDS + SECRET))
def test_the_engine_knows_no_other_words(corpus: tuple[list[list[Record]], list[Record]], word: str) -> None:
    batches, visible = corpus
    with made(*batches) as whole, made(visible) as alone:
        seen, other = whole.engine.restricted(Eq("level", "open")), alone.engine
        assert replace(seen.statistics(), generation=0) == replace(other.statistics(), generation=0)
        assert seen.fields() == other.fields()
        assert seen.keys() == other.keys()
        assert seen.analyser_versions() == other.analyser_versions()
        for language in ("en", "es"):
            for call in ("prefix", "wildcard", "words"):
                pattern = f"{word}*" if call == "wildcard" else word
                assert getattr(seen, call)(pattern, language, 3) == getattr(other, call)(pattern, language, 3)
            assert seen.fuzzy(word, language, 2, 5) == other.fuzzy(word, language, 2, 5)
            assert seen.near_words(word, language, 5) == other.near_words(word, language, 5)
            assert seen.analyse(word, language) == other.analyse(word, language)


def test_nothing_is_like_what_is_hidden() -> None:
    air = [Record(f"air-{at}", "Air.", extra=OPEN) for at in range(30)]
    with made([*air, Record("a", "Water.", extra=OPEN), Record("b-secret", "Zarquon water.")]) as index:
        cited = index.search("zarquon")[0].citation
        for source in (cited, "b-secret"):
            with pytest.raises(CitationUnresolved) as told:
                index.similar(source, where=OPEN)
            assert "secret" not in told.value.hint
        assert [near.hit.key for near in index.similar("a").hits] == ["b-secret"]
        assert index.similar("a", where=OPEN).hits == ()


def test_what_is_hidden_can_be_asked_for_in_vain() -> None:
    with made([Record("a", "Water.", extra=OPEN), Record("b-secret", "Zarquon water.")]) as index:
        engine = index.engine.restricted(Eq("level", "open"))
        assert engine.document("b-secret") is None
        assert engine.keys() == ("a",)
        assert engine.versions("b-secret") == ()
        results = index.search("zarquon", where=OPEN)
        assert (results.totals.documents, results.documents, results.near_words[0].suggestions) == (0, 1, ())


def test_filters_that_are_equal_and_differ_are_told_apart() -> None:
    with made([Record("a", "Water.", extra={"x": 1}), Record("b", "Water.", extra={"x": True})]) as index:
        for value, key in ((1, "a"), (True, "b"), (1, "a")):
            assert [hit.key for hit in index.search("water", where={"x": value})] == [key]


def test_an_index_that_has_changed_forgets_what_was_visible() -> None:
    with made([Record("a", "Water.", extra=OPEN)]) as index:
        assert index.search("water", where=OPEN).totals.documents == 1
        index.add([Record("b", "Water.", extra=OPEN)])
        assert index.search("water", where=OPEN).totals.documents == 2
        index.delete(["a"])
        assert index.search("water", where=OPEN).documents == 1


# Gaps


@pytest.fixture
def with_gaps(make_document: Callable[..., Document]) -> LocalEngine:
    """Roots `laws` and `notes`, each with a file that could not be read; `laws/a` has an unreadable page."""
    storage = MemoryStorage()
    page = Gap("laws/a", "page 2 has no text", "page 2")
    with IndexWriter.open(storage) as writer:
        readings = [
            (source("laws/a"), Reading((make_document("laws/a", "Water."),), (page,))),
            (source("laws/b"), Reading((), (Gap("laws/b", "encrypted"),))),
            (source("notes/c"), Reading((make_document("notes/c", "Water."),))),
            (source("notes/d"), Reading((), (Gap("notes/d", "empty"),))),
        ]
        writer.add(build_segment(storage, readings))
        writer.commit()
    return LocalEngine(storage)


def source(key: str) -> Source:
    root, _, path = key.partition("/")
    return Source(key, root, path, 1, 0, bytes(32))


@pytest.mark.parametrize(
    ("where", "gaps"),
    [
        (Prefix("key", "laws/"), ["laws/a", "laws/b"]),
        (Eq("root", "notes"), ["notes/d"]),
        (In("root", ("laws", "notes")), ["laws/a", "laws/b", "notes/d"]),
        (Negate(Eq("root", "notes")), ["laws/a", "laws/b"]),
        (All((Eq("root", "laws"), Negate(Exists("published")))), ["laws/a"]),  # nobody knows of the others
        (AnyOf((Eq("root", "laws"), Exists("published"))), ["laws/a", "laws/b"]),
        (Exists("published"), []),
        (Range("key", "laws/a", "laws/a"), ["laws/a"]),
        (All(()), ["laws/a", "laws/b", "notes/d"]),
    ],
)
def test_gaps_are_those_that_surely_belong(with_gaps: LocalEngine, where: Filter, gaps: list[str]) -> None:
    seen = with_gaps.restricted(where)
    assert sorted(gap.key for gap in seen.gaps()) == gaps
    assert seen.statistics().gaps == len(gaps)


def test_a_timeline_is_a_value() -> None:
    with made([Record("a", "Water.", published="2020")]) as index:
        assert isinstance(index.timeline("water"), Timeline)
