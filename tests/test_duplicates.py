"""Paragraphs in nearly the same words are one hit: as a plain reference folds them, on any page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from docsearch import Index, QueryError, Record
from docsearch.index.folding import ALIKE, threes
from docsearch.index.inverter import Inverter
from docsearch.index.storage import MemoryStorage
from docsearch.search.results import Hit, Results
from hypothesis import given, settings
from hypothesis import strategies as st

RULE = (
    "The operator shall keep a record of every discharge and shall make that record available to the "
    "inspector on request, within ten days of the request and without any charge."
)
ACTS = {
    "a": f"# Act A\n\n{RULE}\n\nA fee of ten crowns is due for a record.",
    "b": f"# Act B\n\n{RULE}\n\nThe operator of a mill keeps no record.",
    "b-reprint": f"# Act B\n\n{RULE.upper()}\n\nThe operator of a mill keeps no record!",
    "c": f"# Act C\n\n{RULE.replace('ten', 'twenty')}",
    "d": "# D\n\nThe operator may keep pigs.\n\nNo discharge: a record of the inspector.",
}


def index_of(texts: dict[str, str], commits: int = 1) -> Index:
    index = Index(MemoryStorage(), create=True)
    records = [Record(key, text, language="en") for key, text in texts.items()]
    for first in range(commits):
        index.add(records[first::commits])
    return index


def shown(results: Results) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(hit.key, hit.start, hit.duplicates) for hit in results]


def test_copies_reprints_and_versions_are_folded() -> None:
    with index_of(ACTS) as index:
        results = index.search("operator discharge record", duplicates="fold")
        assert (results[0].rank, results[0].key) == (1, "a")
        assert results[0].duplicates == ("b", "b-reprint", "c")
        assert results.folded == 4  # with the reprint of the mill's
        assert results.totals == index.search("operator discharge record", duplicates="show").totals
        assert all(hit.score <= results[0].score for hit in results)


def test_they_are_folded_on_demand_only() -> None:
    with index_of(ACTS) as index:
        for results in (
            index.search("operator discharge record"),
            index.search("operator discharge record", duplicates="show"),
            index.search("operator discharge record", ranking="plain"),
        ):
            assert len(results) == results.totals.paragraphs == 9
            assert results.folded == 0
            assert not any(hit.duplicates for hit in results)
        assert len(index.search("operator discharge record", ranking="plain", duplicates="fold")) == 5
        with pytest.raises(QueryError):
            index.search("operator", duplicates="hide")


def test_hits_that_are_fetched_late_name_them_too() -> None:
    with index_of(ACTS) as index:
        late = index.search("operator discharge record", snippets=0, duplicates="fold")
        assert shown(late) == shown(index.search("operator discharge record", duplicates="fold"))


def test_documents_in_groups_and_in_order_are_folded() -> None:
    with index_of(ACTS) as index:
        grouped = index.search("operator discharge record", group=True, duplicates="fold")
        assert [hit.key for hit in grouped] == ["a", "d"]
        assert grouped[0].duplicates == ("b", "b-reprint", "c")
        ordered = index.search("operator discharge record", sort="-key", duplicates="fold")
        assert [hit.key for hit in ordered if hit.duplicates] == ["c", "b-reprint"]


def test_the_same_text_under_two_paths_is_one_hit_with_two_places() -> None:
    with index_of({"2024/act": ACTS["a"], "archive/act": ACTS["a"]}) as index:
        results = index.search("fee", duplicates="fold")
        assert shown(results) == [("2024/act", results[0].start, ("archive/act",))]


WORDS = st.sampled_from(["permit", "water", "record", "fee", "the", "of", "discharge", "mill"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=7).map(" ".join)


@st.composite
def texts(draw: st.DrawFn) -> dict[str, str]:
    """Documents of paragraphs drawn from few sentences, so that many are alike."""
    stock = draw(st.lists(SENTENCES, min_size=2, max_size=4))
    paragraphs = st.lists(st.sampled_from(stock), min_size=3, max_size=9).map(". ".join)
    bodies = draw(st.lists(st.lists(paragraphs, min_size=1, max_size=3), min_size=1, max_size=5))
    return {f"{at}": "\n\n".join(body) for at, body in enumerate(bodies)}


@given(texts(), SENTENCES, st.integers(1, 4), st.integers(0, 5), st.booleans())
@settings(max_examples=120, deadline=None)
def test_pages_are_those_of_a_plain_reference(
    texts: dict[str, str], query: str, limit: int, offset: int, group: bool
) -> None:
    with index_of(texts) as index, index_of(texts, commits=3) as parted:
        every = index.search(query, limit=1000, duplicates="show", group=group)
        kept = reference(every.hits, offset + limit)
        page = index.search(query, limit=limit, offset=offset, group=group, duplicates="fold")
        wanted = kept[: offset + limit]
        assert [(hit.key, hit.start) for hit in page] == [(hit.key, hit.start) for hit, _ in wanted[offset:]]
        assert [hit.duplicates for hit in page] == [
            tuple(other.key for other in others) for _, others in wanted[offset:]
        ]
        assert page.folded == sum(len(others) for _, others in wanted)
        assert page.totals == every.totals
        again = parted.search(query, limit=limit, offset=offset, group=group, duplicates="fold")
        assert shown(again) == shown(page)
        assert [hit.score for hit in again] == [hit.score for hit in page]


def reference(hits: Sequence[Hit], wanted: int) -> list[tuple[Hit, list[Hit]]]:
    """The hits that are kept, each with those that are folded into it, up to the first of the next page."""
    kept: list[tuple[Hit, list[Hit]]] = []
    sketches = sketched(hit.text for hit in hits)
    at = {id(hit): number for number, hit in enumerate(hits)}
    for number, hit in enumerate(hits):
        for other, others in kept:
            if agree(sketches[number], sketches[at[id(other)]]) and jaccard(hit.text, other.text) >= ALIKE:
                others.append(hit)
                break
        else:
            kept.append((hit, []))
            if len(kept) > wanted:
                return kept[:wanted]
    return kept


def sketched(texts: Iterable[str]) -> list[int]:
    inverter = Inverter("en", likeness=True)
    for text in texts:
        inverter.add(text)
    found: list[int] = inverter.finish().likeness.tolist()
    return found


def agree(one: int, other: int) -> bool:
    return sum((one >> shift) % 4096 == (other >> shift) % 4096 for shift in range(0, 60, 12)) >= 3


def jaccard(one: str, other: str) -> float:
    return len(threes(one) & threes(other)) / len(threes(one) | threes(other))


@given(st.lists(st.text("ab cé", max_size=12), max_size=8), st.integers(1, 50))
def test_sketches_depend_on_the_words_alone(texts: list[str], batch: int) -> None:
    inverter = Inverter("en", likeness=True, batch=batch)
    for text in texts:
        inverter.add(text)
    inverter.skip(2)
    found = inverter.finish()
    alone = [sketched([text])[0] for text in texts]
    assert found.likeness.tolist() == [*alone, 0, 0]
    assert ((found.likeness == 0) == (found.lengths == 0)).all()
    assert not len(Inverter("en").finish().likeness)


def test_sketches_agree_as_often_as_texts_resemble_each_other() -> None:
    """Five minima of nearly equal texts are nearly all the same, of different ones hardly any."""
    random = np.random.default_rng(7)
    words = np.array([f"w{number}" for number in range(500)])
    agreed = {0.03: 0, 1.0: 0}
    for share in agreed:
        for _ in range(200):
            text = random.choice(words, 100)
            changed = text.copy()
            places = random.random(100) < share
            changed[places] = random.choice(words, int(places.sum()))
            agreed[share] += agree(*sketched([" ".join(text), " ".join(changed)]))
    assert agreed[0.03] > 180
    assert agreed[1.0] == 0
