"""The page on reading says what the readers do: each of its tables is tried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from docsearch.corpus import media_type_of, metadata, read_bytes, registry
from docsearch.corpus.cutting import LONGEST, ROWS
from docsearch.corpus.dates import parse_date
from docsearch.corpus.frontmatter import _LIMIT
from docsearch.corpus.headings import ALONE_LONGEST, OPENING_LONGEST
from docsearch.corpus.languages import _REACH, LANGUAGES
from docsearch.corpus.magic import _REFUSED
from docsearch.corpus.model import Document, Paragraph
from docsearch.corpus.plaintext import _LONG_LINE
from docsearch.corpus.walk import Found, Unread, walk
from docsearch.index.limits import Limits
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index

PAGE = (Path(__file__).parent.parent / "docs" / "reading.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())
SENTENCE = "Whoever discharges waste water needs a permit, and it is the ministry that grants permits."


def table(first: str) -> list[tuple[str, str]]:
    """The rows of the table of two columns whose head begins with `first`."""
    found = re.search(rf"^\| {re.escape(first)} \|.*\n\| --- .*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found is not None, first
    cells = [re.split(r"(?<!\\)\|", line.strip().strip("|"), maxsplit=1) for line in found[1].splitlines()]
    return [(left.strip(), right.strip()) for left, right in cells]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def document(text: str, name: str = "notes.txt") -> Document:
    (only,) = read_bytes("key", name, text.encode()).documents
    return only


def paragraphs(text: str, name: str) -> list[tuple[str, str]]:
    found = document(text, name)
    return [(one.kind, found.text[one.start : one.end]) for one in found.paragraphs]


def test_the_ends_of_names() -> None:
    *named, _ = table("name ends in")
    told = {name.lstrip("."): kind for cell, kind in named for name in code(cell)}
    assert told.keys() == registry._BY_NAME.keys()
    assert {name for name, kind in told.items() if kind == "Markdown"} == registry._MARKDOWN
    assert media_type_of("act.rst", b"words") == media_type_of("act", b"words") == "text/plain"
    refused = {suffix: kind for kind, cell in table("taken for") for suffix in code(cell)}
    assert refused.keys() == _REFUSED.keys()
    assert all(_REFUSED[suffix].startswith(f"it is {kind} by") for suffix, kind in refused.items())


def test_what_a_walk_meets(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    (root / ".hidden").mkdir(parents=True)
    (root / "within").mkdir()
    elsewhere.mkdir()
    for file in (root / ".hidden" / "a", root / ".b", root / "within" / "c", elsewhere / "d"):
        file.write_text("words")
    (root / "file").symlink_to(elsewhere / "d")
    (root / "again").symlink_to(root / "within")
    (root / "outside").symlink_to(elsewhere)
    (root / "nowhere").symlink_to(root / "gone")
    met = list(walk(str(root)))
    assert {one.path for one in met if isinstance(one, Found)} == {"file", "within/c"}
    assert {one.path for one in met if isinstance(one, Unread)} == {"outside", "nowhere"}
    assert [one.path for one in walk(str(root / ".hidden"))] == ["a"]
    assert f"more than {Limits().size >> 20} MB" in PAGE


def test_the_numbers() -> None:
    assert f"more than {LONGEST:,} characters is cut" in WORDS
    assert f"up to {ROWS:,} characters" in WORDS
    assert f"lines of more than {_LONG_LINE} characters" in WORDS
    assert f"at most {ALONE_LONGEST} characters ({OPENING_LONGEST} where it opens the text)" in WORDS
    assert f"at most {_LIMIT >> 10} KB" in WORDS
    assert f"the first {_REACH:,} characters" in WORDS
    assert metadata._LEADING_PARAGRAPHS == 3
    assert "first three paragraphs" in WORDS


@pytest.mark.parametrize(("line", "verdict"), table("line"))
def test_headings_of_plain_text(line: str, verdict: str) -> None:
    text = f"{SENTENCE}\n\n{line.strip('`')}\n\n{SENTENCE}\n"
    if "several questions" in verdict:
        assert len(document(text).sections) == 1
        text += f"\n{line.strip('`')}\n\n{SENTENCE}\n"
    titles = [section.title for section in document(text).sections[1:]]
    assert set(titles) == ({line.strip("`")} if verdict.startswith("yes") else set())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("# Title\n\nwords", [("text", "words")]),
        ("Title\n===\n\nwords", [("text", "words")]),
        ("- one\n- two", [("item", "one"), ("item", "two")]),
        ("1. one\n2. two", [("item", "1. one"), ("item", "2. two")]),
        ("They:\n(a) make;\n(b) hear.", [("text", "They:\n(a) make;\n(b) hear.")]),
        ("| a | b |\n|---|---|\n| c | d |", [("table", "| a | b |\n|---|---|\n| c | d |")]),
        ("```\ncode\n```", [("code", "code")]),
        ("> words", [("quote", "words")]),
        ("    words", [("text", "words")]),
        ("<!-- gone -->\n\n<b>words</b>", [("text", "<b>words</b>")]),
        ("# Only a heading", [("heading", "Only a heading")]),
    ],
)
def test_markdown(text: str, read: list[tuple[str, str]]) -> None:
    assert paragraphs(text, "a.md") == read


def test_plain_text() -> None:
    assert paragraphs(f"{SENTENCE}\n{SENTENCE}", "a.txt") == [("text", f"{SENTENCE}\n{SENTENCE}")]
    assert [kind for kind, _ in paragraphs("They:\n(a) make;\n(b) hear.", "a.txt")] == [
        "text",
        "item",
        "item",
    ]
    assert len(paragraphs(f"{SENTENCE * 2}\n{SENTENCE * 2}", "a.txt")) == 2
    assert document(f"{SENTENCE}\f{SENTENCE}").anchors[1].index == 1


def test_the_keys_of_front_matter() -> None:
    known: Mapping[str, Mapping[str, int]] = {
        "title": metadata._TITLE,
        "source": metadata._SOURCE,
        "place": metadata._PLACE,
        "language": metadata._LANGUAGE,
        "published": metadata._PUBLISHED,
        "effective": metadata._EFFECTIVE,
        "ended": metadata._ENDED,
    }
    told = {meaning: code(cell) for meaning, cell in table("meaning")}
    assert told == {meaning: list(names) for meaning, names in known.items()}


def test_all_other_fields_are_kept() -> None:
    front = "---\nTitle: A\nDate-Issued: 2020\ntags: [x, y]\na: {b: 1}\nflag: NO\nok: true\n---\nwords\n"
    meta = document(front).meta
    assert (meta.title, str(meta.published)) == ("A", "2020")
    assert meta.extra == {"tags": ("x", "y"), "a.b": 1, "flag": "NO", "ok": True}


@pytest.mark.parametrize(("written", "read"), table("written"))
def test_dates(written: str, read: str) -> None:
    date = parse_date(written.strip("`"))
    assert date is not None
    assert f"{date}{'?' * date.guessed}" == read.strip("`")


@pytest.mark.parametrize(
    "dateline", ["WASHINGTON, 15 March 2023 (Reuters) -", "Geneva, May 4, 2021 –", "(AP) —"]
)
def test_datelines(dateline: str) -> None:
    assert f"`{dateline}`" in WORDS
    meta = document(f"{dateline} {SENTENCE}\n").meta
    assert meta.place or meta.source


def test_where_title_and_date_come_from() -> None:
    assert document(SENTENCE, "report-2023-03.txt").meta.title == "Report 2023 03"
    assert str(document(SENTENCE, "report-2023-03.txt").meta.published) == "2023-03"
    assert str(document(f"Date: 1 May 2020\n\n{SENTENCE}").meta.published) == "2020-05-01"
    assert str(document(f"Effective: 1 May 2020\n\n{SENTENCE}", "a.md").meta.effective) == "2020-05-01"
    assert str(document(f"Effective: 1 May 2020\n\n{SENTENCE}").meta.effective) == "2020-05-01"
    assert str(document(f"No. 5\nEffective: 1 May 2020\n\n{SENTENCE}").meta.effective) == "2020-05-01"
    assert document(f"# A title\n\n{SENTENCE}", "a1.md").meta.title == "A title"
    assert document(SENTENCE, "1.txt").meta.title_guessed


def test_the_languages() -> None:
    told = re.search(r"Stems are known for (.*?);", WORDS)
    assert told is not None
    assert re.split(r", | and ", told[1]) == list(LANGUAGES.values())
    assert document("---\nlang: pl\n---\nwords").meta.language == "pl"
    assert document("1 2 3 x").meta.language == "en"


def test_what_is_not_searched(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: Heron\nauthor: Egret\nsource: Bittern\nplace: Stork\ntags: [crane]\n---\n"
        "The inter-\nnational birds.\n\n<!-- ibis -->\n"
    )
    index = Index(MemoryStorage(), create=True)
    index.update([tmp_path])
    found = {
        word: len(index.search(word))
        for word in ("heron", "birds", "egret", "bittern", "stork", "crane", "international", "ibis")
    }
    assert [word for word, hits in found.items() if hits] == ["heron", "birds"]


def test_the_lines_of_a_paragraph_are_its_own() -> None:
    first, second = document("# A\n\nOne.\n\nTwo.\n", "a.md").paragraphs
    assert isinstance(first, Paragraph)
    assert (first.line, second.line) == (3, 5)
