"""RTF documents."""

from __future__ import annotations

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.model import Document
from made import Made
from made.rtf import documents, rtf


def read(content: bytes) -> Document:
    reading = read_bytes("key", "notes.rtf", content)
    assert not reading.gaps
    (only,) = reading.documents
    return only


def words(body: str) -> list[str]:
    document = read(rtf(body))
    return [document.text[one.start : one.end] for one in document.paragraphs]


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_headings_lists_tables_and_notes(made: Made) -> None:
    document = read(made.content)
    assert [(one.level, one.title) for one in document.sections[1:]] == list(made.headings)
    found = [document.text[one.start : one.end] for one in document.paragraphs]
    assert found == [paragraph for paragraph, _ in made.paragraphs]
    assert document.meta.title == made.title
    assert document.meta.extra["author"]
    assert document.meta.extra["file_created"] == "2020-02-29"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (r"caf\'e9 \u8364?5 \u8364\'80 {\uc0\u8212}x", "café €5 € —x"),
        (r"{\f1\'cf\'f0\'e0\'e2\'ee}", "Право"),
        (r"{\f2\'96\'40\'97\'a5}", "法律"),
        (r"\u-10179?\u-9029? law", "💻 law"),
        (r"\ldblquote so\rquote\rdblquote\emdash a\~b\_c\-d\tab e", "“so’”—a b-cd e"),
        (r"a \{b\} \\ c", "a {b} \\ c"),
        (r"seen{\v hidden}{\deleted gone} words", "seen words"),
        (r"{\field{\*\fldinst PAGE}{\fldrslt seven}}", "seven"),
        (r"a{\*\bkmkstart x}b{\annotation c}{\pict\bin3 }}}d}e", "abe"),
        (r"one\line two", "one\ntwo"),
    ],
)
def test_letters_and_what_is_left_out(body: str, said: str) -> None:
    assert words(rf"\pard {body}\par") == [said]


def test_headings_by_outline_level_style_and_look() -> None:
    body = r"\pard\outlinelevel1 Scope\par\pard\s3 Persons\par\pard\s4 Scope 4\par\pard Words.\par"
    assert [(one.level, one.title) for one in read(rtf(body)).sections[1:]] == [(2, "Scope"), (3, "Persons")]
    assert words(body) == ["Words."]
    bold = r"\pard{\b Powers of the Board}\par\pard The board may inspect farms.\par"
    assert [one.title for one in read(rtf(bold)).sections[1:]] == ["Powers of the Board"]


def test_bullets_are_no_words() -> None:
    body = r"\pard{\listtext\'b7\tab}one\par\pard \bullet\tab two\par"
    assert words(body) == ["one", "two"]
    assert {one.kind for one in read(rtf(body)).paragraphs} == {"item"}


def test_what_is_cut_short_is_read_as_far_as_it_goes() -> None:
    reading = read_bytes("key", "a.rtf", rtf(r"\pard First words\par Second")[:-1])
    assert reading.documents[0].text == "First words\n\nSecond"
    assert "cut short" in reading.gaps[0].reason


def test_bad_files_are_told() -> None:
    assert "deep" in read_bytes("key", "a.rtf", rtf("{" * 10_000)).gaps[0].reason
    (gap,) = read_bytes("key", "a.rtf", b"words", media_type="application/rtf").gaps
    assert "mislabelled" in gap.reason
