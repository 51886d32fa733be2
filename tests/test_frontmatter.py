"""Front matter is split off whole, typed as its author meant it, and never costs the document."""

from __future__ import annotations

import datetime as dt
import os
import string
from pathlib import Path

import pytest
import yaml
from docsearch.corpus.frontmatter import FrontMatter, _read_simple, split_front_matter, typed_value
from docsearch.corpus.yaml_block import read_yaml_block
from hypothesis import given
from hypothesis import strategies as st

BODY = "# Heading\n\nWords.\n"


def fields_of(block: str) -> dict[str, object]:
    return dict(split_front_matter(f"---\n{block}\n---\n{BODY}").fields)


def problem_of(block: str) -> str:
    return split_front_matter(f"---\n{block}\n---\n{BODY}").problem


def test_fields_are_typed() -> None:
    assert fields_of(
        'Title: "Water: a plan"\ndate: 2023-03-15\nstamp: 2023-03-15T08:00:00Z\npages: 12\nshare: 0.25\n'
        "draft: true\nnothing: null\nempty:\ntags: [water, 2023-01-01, 7]\n"
        "author:\n  name: A. Writer\n  born: 1970\n"
        "notes:\n  - one\n  - - two\n    - three\n  - by: B\n    of: [C, D]\nlong: >\n  folded\n  text\n"
    ) == {
        "title": "Water: a plan",
        "date": dt.date(2023, 3, 15),
        "stamp": dt.date(2023, 3, 15),
        "pages": 12,
        "share": 0.25,
        "draft": True,
        "tags": ("water", "2023-01-01", "7"),
        "author.name": "A. Writer",
        "author.born": 1970,
        "notes": ("one", "two", "three", "by: B, of: C, D"),
        "long": "folded text",
    }


@pytest.mark.parametrize(
    "text",
    ["NO", "12:30", "007", "1_000", ".inf", "-.inf", ".nan", "2023-02-30", "0x1F", "9" * 5000, "1e400"],
)
def test_what_is_no_plain_number_stays_text(text: str) -> None:
    assert typed_value(text) == text
    assert fields_of(f"a: {text}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("---\na: 1\n---\nBody", 13),
        ("---\na: 1\n...\nBody", 13),
        ("\ufeff---\na: 1\n---\nBody", 14),
        ("\n \n---\na: 1\n---\nBody", 16),
        ("---  \r\na: 1\r\n---\r\nBody", 18),
        ("---\na: 1\n---", 12),
        ("---\n---\nBody", 8),
        ("---\n# a comment\n\na: 1\n---\nBody", 26),
    ],
)
def test_where_the_body_begins(text: str, end: int) -> None:
    found = split_front_matter(text)
    assert (found.end, found.problem) == (end, "")
    assert text[end:] in ("Body", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "----\na: 1\n---\n",
        "Words\n---\na: 1\n---\n",
        "--- a: 1\n---\n",
        "---\n\nNo fields at all\n\n---\n",
        "---\n- a\n- b\n---\n",
        "---\nNote: this is prose between\ntwo rules, and it\nhas no fields.\n---\n",
    ],
)
def test_what_is_no_front_matter_is_left_in_the_text(text: str) -> None:
    assert split_front_matter(text) == FrontMatter()


def test_a_block_that_does_not_end_is_left_in_the_text() -> None:
    found = split_front_matter("\n---\ntitle: Open\n\nBody\n")
    assert (found.fields, found.end) == ({}, 0)
    assert found.problem.startswith("the front matter that opens in line 2 does not end")
    assert split_front_matter("---\na: " + "x" * 70_000 + "\n---\n").end == 0


def test_a_colon_in_a_title_loses_nothing() -> None:
    block = "title: Water: a plan\nauthor: 'A: B'\ndate: 2023-03-15\ntags:\n- one\n- two"
    assert fields_of(block) == {
        "title": "Water: a plan",
        "author": "A: B",
        "date": dt.date(2023, 3, 15),
        "tags": ("one", "two"),
    }
    assert problem_of(block) == ""


def test_a_problem_names_line_and_cause() -> None:
    problem = problem_of("title: Water: a plan\n# a comment\ndate: 2023-03-15\nprose\nmore prose")
    assert problem == "front matter, line 5: not of the form `key: value`; 2 of 4 lines were lost"


def test_of_fields_given_twice_the_last_counts() -> None:
    assert fields_of("a: 1\nb: 2\nA: 3") == {"b": 2, "a": 3}
    assert problem_of("a: 1\nb: 2\nA: 3") == "front matter, line 4: 'a' is given again; the last value counts"


@pytest.mark.parametrize(
    ("block", "cause"),
    [
        ("a: &x [1, 2]\nb: [*x, *x]", "line 3: aliases"),
        ("a: 1\nb:\n" + "".join(" " * depth + "c:\n" for depth in range(1, 40)), "nested more than 16 deep"),
        ("a: 1\nb: " + "[" * 9000 + "]" * 9000, "nested more than 16 deep"),
        ("a: 1\nb: 2\n? " + "k" * 5000 + "\n: 2", "longer than 200"),
        ("a: 1\nb: 2\n? [b]\n: 2", "must be plain text"),
    ],
)
def test_what_could_blow_up_is_refused(block: str, cause: str) -> None:
    assert cause in problem_of(block)


@pytest.mark.parametrize(
    "block", ["a: b\n\tc: d", "a: \x00", "a: \ud800", "a: 'b", "a: @b", "a: {b: c", "a: !!python/x 1"]
)
def test_bad_yaml_keeps_what_can_be_read(block: str) -> None:
    assert "a" in fields_of(block)


def test_yaml_is_not_imported_without_a_block() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from docsearch.corpus.frontmatter import split_front_matter as split; split('# Title');"
        "sys.exit('yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text())
def test_any_text_is_split(text: str) -> None:
    found = split_front_matter(text)
    assert 0 <= found.end <= len(text)


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%#?, \n\t\r\x00\x85\u2028\ud800\ufeff~@`1."))
def test_any_block_is_read(block: str) -> None:
    text = f"---\na: 1\n{block}\n---\n{BODY}"
    found = split_front_matter(text)
    assert 0 <= found.end <= len(text)
    assert all(
        isinstance(value, str | int | float | bool | dt.date | tuple) for value in found.fields.values()
    )


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=8)
WORDS = st.text("abc äß–'\"#&*!|>%@:-,[]{}?.0123", max_size=30).map(str.strip)
VALUES = st.one_of(
    WORDS,
    st.integers(-(10**17), 10**17),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.lists(WORDS, max_size=3),
)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_what_yaml_writes_is_read_back(fields: dict[str, object]) -> None:
    block = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    # Compared with the loader, since the writer's YAML 1.1 is not what it was given: `1e-05` is text in it.
    expected = {
        name: tuple(map(str, value)) if isinstance(value, list) else value
        for name, value in yaml.safe_load(block).items()
    }
    found = dict(split_front_matter(f"---\n{block}---\n").fields)
    for name, value in expected.items():
        if isinstance(value, float) and isinstance(found[name], str):
            assert float(str(found[name])) == value
        else:
            assert found[name] == (tuple(filter(None, value)) if isinstance(value, tuple) else value)


@given(
    st.lists(
        st.tuples(
            st.text("aAkN_1", min_size=1, max_size=4),
            st.sampled_from([": ", ":", " : ", ":  ", ": \t"]),
            st.one_of(
                st.text("a1 .-/_()+:#,'\"&", max_size=8),
                st.text(max_size=8).map(lambda text: f'"{text}"'),
                st.sampled_from(
                    ["null", "true", "1e5", "0x1F", "2020-01-02", "2020-13-01", "007", "No", "1_0"]
                ),
            ),
        ),
        max_size=4,
    )
)
def test_what_is_read_without_yaml_is_what_yaml_reads(lines: list[tuple[str, str, str]]) -> None:
    block = "".join(f"{name}{colon}{value}\n" for name, colon, value in lines)
    simple = _read_simple(block)
    assert simple is None or (simple, []) == read_yaml_block(block, typed_value)


def test_simple_blocks_are_read_without_yaml() -> None:
    block = 'title: "Water: a \u2014 plan"\ndate: 2023-03-15\nsource: Ministry of Water (North)\nkind: null\n'
    assert _read_simple(block) == {
        "title": "Water: a \u2014 plan",
        "date": dt.date(2023, 3, 15),
        "source": "Ministry of Water (North)",
    }


@pytest.mark.corpus
def test_the_corpora_are_read_as_yaml_reads_them() -> None:
    if not os.environ.get("DOCSEARCH_CORPORA"):
        pytest.skip("DOCSEARCH_CORPORA is not set")
    files = sorted(Path(os.environ["DOCSEARCH_CORPORA"]).glob("*/**/*.md"))[::20]
    differing = []
    for file in files:
        text = file.read_text("utf-8", "replace")
        found = split_front_matter(text)
        try:
            loaded = yaml.safe_load(text[4 : found.end - 4]) if found.end else {}
        except yaml.YAMLError:
            continue
        plain = {
            name.lower(): value.strip() if isinstance(value, str) else value for name, value in loaded.items()
        }
        if plain != found.fields:
            differing.append(file)
    assert len(files) > 1000
    assert differing == []
