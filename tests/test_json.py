"""JSON: which objects are records, what of them is text, and what becomes of all other data."""

from __future__ import annotations

import json

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.formats.records.names import Names
from docsearch.corpus.formats.records.reader import JsonReader
from docsearch.corpus.members import within_limits
from docsearch.corpus.model import Reading
from hypothesis import given
from hypothesis import strategies as st
from made import Made
from made.json import documents


def read(value: object, name: str = "a.json") -> Reading:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    with within_limits():
        return read_bytes("a.json", name, content)


def words(reading: Reading) -> list[tuple[str, str]]:
    """Keys and paragraphs."""
    return [(one.key, one.text[p.start : p.end]) for one in reading.documents for p in one.paragraphs]


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_files_of_many_registers(made: Made) -> None:
    reading = read(made.content, made.name)
    document = reading.documents[0]
    found = [document.text[one.start : one.end] for one in document.paragraphs]
    assert [paragraph for paragraph, _ in made.paragraphs if paragraph not in found] == []
    assert [one for one in made.headings if one not in [(s.level, s.title) for s in document.sections]] == []
    assert (document.meta.title, str(document.meta.published)) == (made.title, "2021-05-04")
    assert not reading.gaps


def test_keys_are_what_records_call_themselves() -> None:
    records = [{"id": 7, "text": "a"}, {"id": 7, "text": "b"}, {"text": "c"}, {"_id": "x/../y", "text": "d"}]
    assert words(read(records)) == [
        ("a.json!/7", "a"),
        ("a.json!/2", "b"),
        ("a.json!/3", "c"),
        ("a.json!/x/y", "d"),
    ]


def test_lines_that_cannot_be_read_are_gaps() -> None:
    reading = read(b'{"text": "a"}\n{"text": \n\n{"text": "b"}\n"c"\n[1]\n', "a.jsonl")
    assert words(reading) == [
        ("a.json!/1", "a"),
        ("a.json!/2", "b"),
        ("a.json!/3", "c"),
        ("a.json!/4", "[1]"),
    ]
    assert [(gap.part, gap.reason) for gap in reading.gaps] == [
        ("line 2", "it is no valid JSON at column 10 (Expecting value)")
    ]


def test_long_values_are_text_and_short_ones_fields() -> None:
    summary = "The dues are set anew. " * 10
    record = {
        "text": "Body.",
        "summary": summary,
        "tags": ["a", "b"],
        "by": {"name": "Ann"},
        "open": True,
        "n": 2,
    }
    (document,) = read([record]).documents
    assert [one.title for one in document.sections] == ["", "summary"]
    assert document.meta.extra == {"tags": ("a", "b"), "by.name": "Ann", "open": True, "n": 2}


def test_records_without_a_text_are_read_as_they_are() -> None:
    assert words(read([{"title": "North", "depth": 7}, {"title": "South", "quays": [1, 2]}])) == [
        ("a.json!/1", "title: North\ndepth: 7"),
        ("a.json!/2", "title: South\nquays: 1, 2"),
    ]


def test_other_data_is_one_document() -> None:
    value = {"port": "North", "rates": {"small": 12, "rows": [{"a": 1, "b": None}, [1, 2], ["x" * 300]]}}
    (document,) = read(value).documents
    assert [(one.level, one.title) for one in document.sections] == [(0, ""), (1, "rates"), (2, "rows")]
    assert [document.text[one.start : one.end] for one in document.paragraphs] == [
        *("port: North", "small: 12", "a: 1", "1 | 2", "x" * 300)
    ]


def test_names_can_be_chosen() -> None:
    reader = JsonReader(Names(text=("wording",), identity=("no",), aliases=(("bill", "title"),)))
    content = b'[{"no": 4, "bill": "Water bill", "wording": "All water.", "text": "no"}]'
    (document,) = reader(content, key="k", name="a.json", media_type="application/json").documents
    assert (document.key, document.meta.title, document.text) == ("k!/4", "Water bill", "All water.")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a": 1,\n b}', "it is no valid JSON at line 2, column 2 "),
        (b"[" * 100_000, "its values nest too deep"),
        (b"", "it is empty"),
        (b"[]", "it is empty"),
        (b"{}", "it is empty"),
    ],
)
def test_what_cannot_be_read(content: bytes, reason: str) -> None:
    (gap,) = read(content).gaps
    assert gap.reason.startswith(reason)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_any_value_is_read(value: object) -> None:
    reading = read(value)
    assert reading.documents or reading.gaps
    for document in reading.documents:
        document.text.encode()
        json.dumps(dict(document.meta.extra), allow_nan=False)
