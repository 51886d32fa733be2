"""Media types choose readers; whatever cannot be read becomes a gap with its reason, never an exception."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator

import pytest
from docsearch.corpus import (
    Record,
    magic,
    media_type_of,
    metadata,
    read_bytes,
    read_record,
    register,
    registry,
)
from docsearch.corpus.languages import LanguageGuess, guess_language
from docsearch.corpus.model import Document, Gap, Metadata, PartialDate, Reading
from docsearch.errors import Unreadable, Unsupported
from hypothesis import given
from hypothesis import strategies as st

MARKDOWN = b"# Water Act\n\nThe Minister may make rules.\n"


@pytest.fixture
def _restored() -> Iterator[None]:
    register("text/x-none", lambda content, *, key, name, media_type: Reading(()))
    before = dict(registry._registered)
    yield
    registry._registered.clear()
    registry._registered.update(before)


def document(reading: Reading) -> Document:
    (only,) = reading.documents
    return only


def test_the_name_tells_markdown_from_plain_text() -> None:
    for name in ("act.md", "act.MARKDOWN", "a.b.mkd"):
        assert media_type_of(name, MARKDOWN) == "text/markdown"
    for name in ("act.txt", "act.text", "act", "act.rst", "act.log", "md", "act.pdf", "", "."):
        assert media_type_of(name, MARKDOWN) == "text/plain"


def test_the_content_comes_before_the_name() -> None:
    assert media_type_of("act.md", b"%PDF-1.7") == "application/pdf"
    assert media_type_of("act.txt", b"<!doctype html><p>") == "text/html"
    assert media_type_of("act.md", "# Ä".encode("utf-16")) == "text/markdown"
    with pytest.raises(Unsupported, match="binary data"):
        media_type_of("act.txt", bytes(range(32)) * 9)


def test_the_media_type_chooses_the_reader() -> None:
    assert [s.title for s in document(read_bytes("k", "act.md", MARKDOWN)).sections] == ["", "Water Act"]
    plain = document(read_bytes("k", "act.md", MARKDOWN, media_type="text/plain; charset=utf-8"))
    assert plain.meta.type == "text/plain"
    assert [s.title for s in plain.sections] == [""]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "it is empty: it holds no words"),
        ("a.md", b"---\n\n***\n", "it is empty: it holds no words"),
        ("a.md", b"---\ntitle: Only front matter\n---\n", "it is empty: it holds no words"),
        (
            "a.txt",
            b"%!PS-Adobe-3.0",
            "it looks like a PostScript document, which cannot be read yet: "
            "convert it to text first, for example with ps2ascii",
        ),
        (
            "a.md",
            b"7z\xbc\xaf\x27\x1c",
            "it looks like a 7-Zip archive, which cannot be read yet: unpack it first",
        ),
        (
            "a",
            b"\x89PNG\r\n",
            "it looks like a PNG image, which cannot be read yet: if it holds words, save them as plain text",
        ),
        (
            "a",
            b"\0\1\2\3\4\5\6\7",
            "it looks like binary data of an unknown format: too many control bytes for text",
        ),
    ],
)
def test_what_cannot_be_read_is_a_gap(name: str, data: bytes, reason: str) -> None:
    assert read_bytes("root/a", name, data) == Reading((), (Gap("root/a", reason),))


def test_a_media_type_without_a_reader_is_named() -> None:
    (gap,) = read_bytes("k", "a", b"words", media_type="application/x-odd").gaps
    assert gap.reason == "no reader for application/x-odd is installed"


def test_damage_leaves_the_document_and_a_gap() -> None:
    reading = read_bytes("k", "a.txt", b"Words with a NUL\0 and more words.")
    assert document(reading).text == "Words with a NUL  and more words."
    assert reading.gaps == (Gap("k", "1 NUL byte in the text, read as a space", "encoding"),)


def test_broken_front_matter_leaves_the_document_and_a_gap() -> None:
    reading = read_bytes("k", "a.md", b"---\ntitle: Water\n\nThe block never ends.\n")
    assert "never ends" in document(reading).text
    assert [gap.part for gap in reading.gaps] == ["front matter"]


def test_front_matter_is_metadata_and_no_paragraph() -> None:
    data = b"---\ntitle: Water Act\ndate: 2023-03-15\nregion: North\n---\n\nThe Minister may make rules.\n"
    found = document(read_bytes("k", "a.md", data))
    assert (found.meta.title, found.meta.published) == ("Water Act", PartialDate(2023, 3, 15))
    assert found.meta.extra == {"region": "North"}
    assert [found.text[p.start : p.end] for p in found.paragraphs] == ["The Minister may make rules."]
    assert found.paragraphs[0].line == 7
    assert found.text.encode() == data


def test_a_heading_before_all_paragraphs_is_the_title() -> None:
    assert document(read_bytes("k", "x9.md", MARKDOWN)).meta.title == "Water Act"
    later = document(read_bytes("k", "x9.md", b"Some words first.\n\n# Water Act\n\nRules.\n"))
    assert later.meta.title != "Water Act"


def test_form_feeds_make_pages() -> None:
    found = document(read_bytes("k", "a.txt", b"Page one here.\n\f\n\fPage three here.\n"))
    assert [(a.kind, a.index, found.text[a.start : a.end].strip()) for a in found.anchors] == [
        ("page", 0, "Page one here."),
        ("page", 2, "Page three here."),
    ]
    assert document(read_bytes("k", "a.txt", b"One page only.\n\f")).anchors == ()


@pytest.mark.usefixtures("_restored")
def test_another_format_plugs_in() -> None:
    def read_html(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
        if not content:
            raise Unreadable("nothing there", path=key)
        return Reading((Document(key, "x", (), (), Metadata(name, type=media_type)),))

    register("text/html", read_html)
    assert document(read_bytes("k", "a.html", b"<html>")).meta == Metadata("a.html", type="text/html")
    assert read_bytes("k", "a", b"", media_type="text/html").gaps == (Gap("k", "nothing there"),)


def test_a_record_states_what_wins_over_its_text() -> None:
    text = "VIENNA, 18 March 2022 (UN): The Commission ended its session with a vote on three substances."
    found = document(read_record(Record("k", text)))
    assert (found.meta.place, found.meta.source) == ("Vienna", "UN")
    record = Record(
        "k",
        text,
        title="Session ends",
        language="en-GB",
        source="Our desk",
        published=dt.date(2022, 3, 19),
        effective="2022-04",
        ended=PartialDate(2030),
        extra={"Desk": "North", "pages": 2},
    )
    meta = document(read_record(record)).meta
    assert (meta.title, meta.title_guessed) == ("Session ends", False)
    assert (meta.language, meta.language_guessed) == ("en", False)
    assert (meta.source, meta.place) == ("Our desk", "Vienna")
    assert (meta.published, meta.effective, meta.ended) == (
        PartialDate(2022, 3, 19),
        PartialDate(2022, 4),
        PartialDate(2030),
    )
    assert meta.extra == {"desk": "North", "pages": 2}


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown"])
def test_a_language_that_is_stated_is_not_guessed(media_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    guessed: list[str] = []

    def guess(text: str) -> LanguageGuess:
        guessed.append(text)
        return guess_language(text)

    monkeypatch.setattr(metadata, "guess_language", guess)
    text = "Der Rat hat die Verordnung angenommen."
    for language, found in (("da", ("da", False)), ("", ("de", True)), ("noise", ("de", True))):
        (document,) = read_record(Record("k", text, media_type, language=language)).documents
        assert (document.meta.language, document.meta.language_guessed) == found
    assert len(guessed) == 2


def test_a_record_with_a_date_that_is_none_is_read_with_a_gap() -> None:
    reading = read_record(Record("k", "Some words.", published="soon", language="noise"))
    assert document(reading).meta.published is None
    assert reading.gaps == (
        Gap("k", "the language 'noise' cannot be read", "language"),
        Gap("k", "the published 'soon' cannot be read", "published"),
    )


def test_a_record_picks_its_reader_and_can_be_empty() -> None:
    assert len(document(read_record(Record("k", "# A title\n\nWords.", type="text/markdown"))).sections) == 2
    assert read_record(Record("k", " \n")).gaps == (Gap("k", "it is empty: it holds no words"),)
    (gap,) = read_record(Record("k", "words", type="image/png")).gaps
    assert gap.reason == "no reader for image/png is installed"
    surrogate = read_record(Record("k", "a\ud800 word"))
    assert document(surrogate).text == "a\ufffd word"
    assert [gap.part for gap in surrogate.gaps] == ["encoding"]


def test_every_remedy_is_for_a_format_that_is_recognised() -> None:
    known = {one.media_type for _, _, one in magic._SIGNATURES}
    known |= {one.media_type for _, one in (*magic._ZIPPED, *magic._OLE)}
    assert magic._REMEDIES.keys() <= known | {"text/html"}


@given(st.binary(max_size=300), st.sampled_from(["a.md", "a.txt", "a", "a.png"]))
def test_any_bytes_give_a_document_or_a_gap(data: bytes, name: str) -> None:
    reading = read_bytes("k", name, data)
    assert reading.documents or reading.gaps
    assert all(found.paragraphs for found in reading.documents)
    assert read_bytes("k", name, data) == reading


@given(st.text(max_size=200), st.sampled_from(["text/plain", "text/markdown"]))
def test_any_text_of_a_record_gives_a_document_or_a_gap(text: str, media_type: str) -> None:
    reading = read_record(Record("k", text, type=media_type))
    assert reading.documents or reading.gaps


def test_importing_the_layer_loads_no_reader() -> None:
    program = (
        "import sys, docsearch.corpus as c\n"
        "heavy = ('yaml', 'charset_normalizer', 'docsearch.corpus.reading', 'docsearch.corpus.markdown')\n"
        "print([module for module in heavy if module in sys.modules])\n"
        "print(c.read_bytes('k', 'a.md', b'# A\\n\\nb').documents[0].key)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\nk\n"
