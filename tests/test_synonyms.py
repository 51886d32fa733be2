"""Synonyms: what a file says, what is searched for, what is marked."""

from __future__ import annotations

from pathlib import Path

import docsearch
import pytest
from docsearch.errors import QueryError
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index
from docsearch.search.grammar import parse
from docsearch.search.synonyms import Synonyms
from docsearch.search.syntax import render
from hypothesis import given
from hypothesis import strategies as st

LINES = """\
# means of transport
car, automobile, motor vehicle
FATF, GAFI => Financial Action Task Force
money laundering, laundering of proceeds
tonne\\, metric, ton
""".splitlines()
SYNONYMS = Synonyms.parse(LINES)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("car", 'car OR automobile^0.5 OR "motor vehicle"^0.5'),
        ("Cars", "Cars"),
        ('"Motor Vehicle"', '"Motor Vehicle" OR car^0.5 OR automobile^0.5'),
        ("motor vehicle", "motor OR vehicle OR car^0.5 OR automobile^0.5"),
        ("gafi rules", '"Financial Action Task Force" OR rules'),
        ("car AND road", '(car OR automobile^0.5 OR "motor vehicle"^0.5) AND road'),
        ("road -car", "road AND NOT car"),
        ("=car ca*", "=car OR ca*"),
        ("road w/5 car", 'road w/5 (car OR automobile OR "motor vehicle")'),
        ("title:car", 'title:car OR title:automobile^0.5 OR title:"motor vehicle"^0.5'),
        ("money laundering", 'money OR laundering OR "laundering of proceeds"^0.5'),
        ("ton", 'ton OR "tonne metric"^0.5'),
        ("road", "road"),
    ],
)
def test_what_means_the_same_stands_beside_what_was_typed(query: str, expected: str) -> None:
    tree, notices = SYNONYMS.applied(parse(query).tree)
    assert render(tree) == expected
    assert parse(expected).tree == tree
    assert bool(notices) == (tree != parse(query).tree)


def test_synonyms_find_at_a_lower_weight_and_are_marked() -> None:
    index = Index(MemoryStorage(), create=True)
    index.add(
        docsearch.Record(key, text, language="en")
        for key, text in (
            ("a", "An automobile stands."),
            ("b", "A car stands."),
            ("c", "A motor vehicle stands."),
        )
    )
    found = index.search("car", synonyms=SYNONYMS)
    assert found[0].key == "b"
    marked = {hit.key: hit.text[slice(*hit.snippets[0].highlights[0])] for hit in found}
    assert marked == {"a": "automobile", "b": "car", "c": "motor vehicle"}
    assert found.reading.notices == ("Searched for synonyms of “car”",)
    again = index.search(found.reading.tree)
    assert again.totals == found.totals


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text("\n".join(LINES), encoding="utf-8-sig")
    assert Synonyms.load(path) == SYNONYMS


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"car\n", "line 1"),
        (b"a, b\n=> c\n", "line 2"),
        (b"a =>\n", "line 1"),
        (b"a, b\n\xff\n", "line 2"),
        (b"a => b => c\n", "two things"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_bytes(content)
    with pytest.raises(QueryError, match=told) as caught:
        Synonyms.load(path)
    assert caught.value.path == str(path)


def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="cannot be read"):
        Synonyms.load(tmp_path / "none")


@given(
    st.lists(
        st.sampled_from(["car", "ton", "gafi", "money", "laundering", "road", " AND ", " -", "(", ")", " "])
    )
)
def test_any_tree_with_synonyms_can_be_written(parts: list[str]) -> None:
    query = "".join(parts) + " x"
    tree, _ = SYNONYMS.applied(parse(query).tree)
    assert parse(render(tree)).tree == tree
