"""Word documents: what is read of them, and what is not."""

from __future__ import annotations

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.model import Document
from made import Made
from made.docx import documents, package, para, run
from made.zipped import zipped


def read(content: bytes, name: str = "notes.docx") -> Document:
    reading = read_bytes("key", name, content)
    assert not reading.gaps
    (only,) = reading.documents
    return only


def words(content: bytes) -> list[str]:
    document = read(content)
    return [document.text[one.start : one.end] for one in document.paragraphs]


def headings(content: bytes) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in read(content).sections[1:]]


def gap(content: bytes) -> str:
    reading = read_bytes("key", "notes.docx", content)
    assert not reading.documents
    return reading.gaps[0].reason


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_headings_lists_tables_and_notes(made: Made) -> None:
    document = read(made.content, made.name)
    assert headings(made.content) == list(made.headings)
    assert words(made.content) == [paragraph for paragraph, _ in made.paragraphs]
    assert document.meta.title == made.title
    assert document.meta.extra["author"]


def numbered(text: str, list_id: int, level: int = 0) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return para(text, properties=properties)


def test_numbers_as_shown() -> None:
    body = [
        *(numbered("a", 1), numbered("b", 1, 1), numbered("c", 1, 1), numbered("d", 1, 2), numbered("e", 1)),
        *(numbered("f", 1, 1), numbered("g", 2), numbered("h", 3), numbered("i", 3), numbered("j", 99)),
    ]
    shown = ["1. a", "(a) b", "(b) c", "1.b.I d", "2. e", "(a) f", "g", "5. h", "6. i", "j"]
    assert words(package("".join(body))) == shown
    assert [one.kind for one in read(package("".join(body))).paragraphs] == ["item"] * 9 + ["text"]


def test_numbered_headings_and_levels() -> None:
    outline = '<w:outlineLvl w:val="3"/>'
    body = numbered("One", 1).replace("<w:pPr>", '<w:pPr><w:pStyle w:val="Titre1"/>') + para("Two", "Kapitel")
    body += para("Three", properties=outline) + para("text", "Titre1", '<w:outlineLvl w:val="9"/>')
    assert headings(package(body)) == [(1, "1. One"), (1, "Two"), (4, "Three")]


@pytest.mark.parametrize(
    ("name", "level"),
    [("Überschrift 2", 2), ("Titre 3", 3), ("Título 1", 1), ("heading 4", 4), ("Kop 2", 2), ("Title", 1)],
)
def test_headings_by_the_name_of_their_style(name: str, level: int) -> None:
    style = f'<w:style w:type="paragraph" w:styleId="x"><w:name w:val="{name}"/></w:style>'
    assert headings(package(para("Scope", "x") + para("text"), styles=style)) == [(level, "Scope")]


def test_bold_lines_are_headings_where_no_style_is_used() -> None:
    bold = "<w:p>" + run("{}", "<w:b/>") + "</w:p>"
    body = bold.format("PART I") + bold.format("Powers of the board") + para("The board may inspect farms.")
    body += bold.format("This sentence is bold.") + para("And this is not, for all that it says.")
    assert headings(package(body)) == [(1, "PART I"), (2, "Powers of the board")]
    assert headings(package(body + para("Styled", "Titre1"))) == [(1, "Styled")]


def test_lines_in_the_form_of_headings_where_no_style_is_used() -> None:
    body = para("PART I") + para("The board may inspect farms.") + para("Article 2 Fees")
    body += para("Fees are due in May.") + para("ANN") + para("BOB") + para("They signed it.")
    assert headings(package(body)) == [(1, "PART I"), (2, "Article 2 Fees")]


def test_inserted_files_are_told() -> None:
    reading = read_bytes("key", "a.docx", package('<w:altChunk r:id="rId9"/>'))
    assert "inserted" in reading.gaps[0].reason


def test_tracked_changes_are_as_accepted() -> None:
    body = f"<w:p>{run('The fee is ')}<w:del><w:r><w:delText>ten</w:delText></w:r></w:del>"
    body += f"<w:ins>{run('twelve')}</w:ins><w:moveFrom>{run('gone')}</w:moveFrom>{run(' crowns.')}</w:p>"
    joined = para("First half", properties="<w:rPr><w:del/></w:rPr>") + para(" and second half.")
    assert words(package(body + joined)) == ["The fee is twelve crowns.", "First half and second half."]


def test_what_is_left_out() -> None:
    body = para("Contents", "Sommaire") + para("Scope ..... 4", "TM1")
    body += "<w:p>" + run("seen") + run(" hidden", "<w:vanish/>") + "</w:p>"
    body += '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>REF x</w:instrText></w:r>'
    body += run("code") + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("see section 4")
    body += '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:commentReference w:id="1"/></w:p>'
    body += '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    body += f"</w:sdtPr><w:sdtContent>{para('Scope 4')}</w:sdtContent></w:sdt>"
    body += f"<w:sdt><w:sdtContent>{para('controlled')}</w:sdtContent></w:sdt>"
    assert words(package(body)) == ["seen", "see section 4", "controlled"]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{para('in the box')}</w:txbxContent>"
    body = '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">' + run("before")
    body += f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
    body += f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    assert words(package(body + run(" and after") + "</w:p>")) == ["before and after", "in the box"]


def test_tables_that_arrange_text_are_read_as_text() -> None:
    cell = f"<w:tc>{para('Scope', 'Titre1')}{para('The act applies.')}</w:tc><w:tc>{para('Aside')}</w:tc>"
    content = package(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")
    assert headings(content) == [(1, "Scope")]
    assert words(content) == ["The act applies.", "Aside"]


def test_notes_in_tables_follow_them() -> None:
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    row = f"<w:tr><w:tc>{para('a', more=mark)}</w:tc><w:tc>{para('b')}</w:tc></w:tr>"
    content = package(f"<w:tbl>{row}</w:tbl>", footnotes=["Of a."])
    assert words(content) == ["a | b", "Of a."]


def test_strict_documents_and_other_prefixes() -> None:
    uri = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<x:document xmlns:x="{uri}"><x:body><x:p><x:r><x:t>words</x:t></x:r></x:p></x:body></x:document>'
    assert words(zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": body})) == ["words"]


def test_bad_documents_are_told() -> None:
    good = package(para("words"))
    assert "damaged or cut short" in gap(good[: len(good) // 2])
    bomb = '<!DOCTYPE a [<!ENTITY e "ha">]><a>&e;</a>'
    assert "entities" in gap(zipped({"[Content_Types].xml": "", "word/document.xml": bomb}))
    assert "zip bomb" in gap(zipped({"[Content_Types].xml": "", "word/document.xml": " " * (40 << 20)}))
    assert "deep" in gap(package("<w:p>" * 1_000 + "</w:p>" * 1_000))
    assert "line 2" in gap(package("<w:p>"))
    assert "empty" in gap(package(para("")))
    assert "word/document.xml" in gap(zipped({"[Content_Types].xml": "", "word/other.xml": ""}))
