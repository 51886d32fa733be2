"""OpenDocument texts, workbooks and presentations."""

from __future__ import annotations

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.model import Document
from made import Made
from made.odf import documents, ods, odt, workbooks
from made.zipped import zipped


def read(content: bytes, name: str = "notes.odt") -> Document:
    reading = read_bytes("key", name, content)
    assert not reading.gaps
    (only,) = reading.documents
    return only


def words(content: bytes) -> list[str]:
    document = read(content)
    return [document.text[one.start : one.end] for one in document.paragraphs]


@pytest.mark.parametrize("made", [*documents(), *workbooks()], ids=lambda made: made.name)
def test_headings_lists_tables_and_notes(made: Made) -> None:
    document = read(made.content, made.name)
    assert [(one.level, one.title) for one in document.sections[1:]] == list(made.headings)
    assert words(made.content) == [paragraph for paragraph, _ in made.paragraphs]
    if made.title:
        assert document.meta.title == made.title
        assert document.meta.extra["author"]


def item(words: str, inner: str = "", start: str = "") -> str:
    return (
        f"<text:list-item{start}>" + f"<text:p>{words}</text:p>" * bool(words) + f"{inner}</text:list-item>"
    )


def test_numbers_as_shown() -> None:
    deep = f"<text:list>{item('c')}</text:list>"
    inner = f"<text:list>{item('a')}{item('b', deep)}</text:list>"
    body = f'<text:list text:style-name="L1" xml:id="one">{item("one", inner)}{item("two")}</text:list>'
    body += f'<text:list text:style-name="L2">{item("bullet")}</text:list>'
    start = ' text:start-value="7"'
    body += f'<text:list text:continue-list="one" text:style-name="L1">{item("three")}'
    inner = f"<text:list>{item('d')}</text:list>"
    body += f"{item('', inner)}{item('seven', start=start)}</text:list>"
    assert words(odt(body)) == [
        *("1. one", "(a) a", "(b) b", "1.b.I c", "2. two", "bullet", "3. three", "(a) d", "7. seven")
    ]


def test_numbers_of_lists_in_cells() -> None:
    listed = f'<text:list text:style-name="L1">{item("one")}{item("two")}</text:list>'
    other = "<table:table-cell><text:p>x</text:p></table:table-cell>"
    row = f"<table:table-cell>{listed}</table:table-cell>{other}"
    table = f"<table:table><table:table-row>{row}</table:table-row></table:table>"
    assert words(odt(table)) == ["1. one 2. two | x"]


@pytest.mark.parametrize(("sync", "shown"), [("true", "bb."), ("false", "ab.")])
def test_letters_beyond_z(sync: str, shown: str) -> None:
    level = f'text:level="1" style:num-format="a" style:num-suffix="." style:num-letter-sync="{sync}"'
    styles = f'<text:list-style style:name="L"><text:list-level-style-number {level}/></text:list-style>'
    start = ' text:start-value="28"'
    body = f'<text:list text:style-name="L">{item("words", start=start)}</text:list>'
    assert words(odt(body, styles=styles)) == [f"{shown} words"]


def test_numbered_headings() -> None:
    styles = '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" '
    styles += 'style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format="1" '
    styles += 'text:display-levels="2"/></text:outline-style>'
    headings = [(1, "Scope"), (2, "Persons"), (2, "Places"), (1, "Fees")]
    body = "".join(f'<text:h text:outline-level="{level}">{words}</text:h>' for level, words in headings)
    document = read(odt(body, styles=styles))
    assert [one.title for one in document.sections[1:]] == [
        "I. Scope",
        "I.1 Persons",
        "I.2 Places",
        "II. Fees",
    ]


def test_what_is_left_out() -> None:
    body = "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
    body += "<text:table-of-content><text:index-body><text:p>Scope 4</text:p></text:index-body>"
    body += '</text:table-of-content><text:p text:style-name="P1">Fees 5</text:p>'
    body += '<text:section text:display="none"><text:p>unseen</text:p></text:section>'
    body += "<text:section><text:p>seen<office:annotation><text:p>remark</text:p></office:annotation>"
    body += '<text:span text:style-name="T2"> hidden</text:span>, too</text:p></text:section>'
    assert words(odt(body)) == ["seen, too"]


def test_boxes_breaks_and_endnotes() -> None:
    box = "<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>"
    note = "<text:note-body><text:p>late</text:p></text:note-body>"
    note = f'<text:note text:note-class="endnote">{note}</text:note>'
    body = f"<text:p>one{box}{note}<text:line-break/>two<text:tab/>three</text:p><text:p>four</text:p>"
    assert words(odt(body)) == ["one\ntwo three", "boxed", "four", "late"]


def test_bold_lines_are_headings_where_there_are_none() -> None:
    bold = '<text:p><text:span text:style-name="T1">{}</text:span></text:p>'
    body = bold.format("Powers of the Board") + "<text:p>The board may inspect farms.</text:p>"
    assert [one.title for one in read(odt(body)).sections[1:]] == ["Powers of the Board"]


def test_encrypted_and_mislabelled_files_are_told() -> None:
    uri = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = f'<m:manifest xmlns:m="{uri}"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    media_type = "application/vnd.oasis.opendocument.text"
    parts: dict[str, str | bytes] = {"mimetype": media_type, "content.xml": b"\x99" * 99}
    parts["META-INF/manifest.xml"] = manifest
    assert "without a password" in read_bytes("key", "a.odt", zipped(parts)).gaps[0].reason
    (gap,) = read_bytes(
        "key", "a", odt("<text:p>x</text:p>"), media_type=f"{media_type[:-4]}presentation"
    ).gaps
    assert "mislabelled" in gap.reason


def test_repeated_rows_and_cells() -> None:
    cell = '<table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="3">{cell}</table:table-row>'
    rows += '<table:table-row table:number-rows-repeated="999999999"><table:table-cell/></table:table-row>'
    assert words(ods(f'<table:table table:name="s">{rows}</table:table>')) == ["x; x"] * 3
