"""Workbooks and delimited files: rows with the names of their columns."""

from __future__ import annotations

import pytest
from docsearch.corpus import draft, read_bytes
from docsearch.corpus.formats.delimited import delimiter_of
from docsearch.corpus.model import Document
from hypothesis import given
from hypothesis import strategies as st
from made import Made, delimited, xlsx
from made.xlsx import cell, workbook
from made.zipped import zipped


def read(content: bytes, name: str = "fees.xlsx") -> Document:
    reading = read_bytes("key", name, content)
    assert not reading.gaps
    (only,) = reading.documents
    return only


def words(document: Document) -> list[str]:
    return [document.text[one.start : one.end] for one in document.paragraphs]


def csv(text: str) -> list[str]:
    return words(read(text.encode(), "fees.csv"))


@pytest.mark.parametrize("made", [*xlsx.documents(), *delimited.documents()], ids=lambda made: made.name)
def test_sheets_and_rows(made: Made) -> None:
    document = read(made.content, made.name)
    assert [(one.level, one.title) for one in document.sections[1:]] == list(made.headings)
    assert words(document) == [paragraph for paragraph, _ in made.paragraphs]


def test_sheets_and_cells_are_anchors() -> None:
    document = read(xlsx.documents()[0].content)
    sheets = [one for one in document.anchors if one.kind == "sheet"]
    assert [(one.index, one.label) for one in sheets] == [(0, "Awards"), (1, "Notes")]
    assert document.text[sheets[1].start : sheets[1].end].startswith("Notes\n\nAwards under")
    cells = [one for one in document.anchors if one.kind == "cell"]
    assert [one.label for one in cells] == ["A1", "A4", "A5", "A6", "A1"]
    assert [document.text[one.start : one.end].strip() for one in cells] == words(document)
    assert document.meta.title == "Fees"


def test_numbers_as_people_read_them() -> None:
    row = [
        *(cell("A1", "43890.5", style=1), cell("B1", ".125", style=2), cell("C1", "0.30000000000000004")),
        *(cell("D1", "2.5", style=3), cell("E1", "59", style=1), cell("F1", "61", style=1)),
        *(cell("G1", "0.75", style=5), cell("H1", "1", "b"), cell("I1", "#N/A", "e"), cell("J1", "1e300")),
        *(
            cell("K1", "1250000"),
            cell("L1", "1.25", style=6),
            cell("M1", "-1", style=1),
            cell("N1", "ok", "str"),
        ),
    ]
    shown = "2020-02-29 12:00; 12.5%; 0.3; 2.5; 1900-02-28; 1900-03-01; 18:00; TRUE; 1e+300; 1250000; 30:00"
    assert words(read(workbook([("s", "visible", f"<row>{''.join(row)}</row>")]))) == [f"{shown}; -1; ok"]
    since_1904 = '<workbookPr date1904="1"/>'
    content = workbook([("s", "visible", f"<row>{cell('A1', '0', style=1)}</row>")], properties=since_1904)
    assert words(read(content)) == ["1904-01-01"]


def test_strings_with_runs_and_guides_to_pronunciation() -> None:
    strings = ["<r><t>Water </t></r><r><t>Act</t></r><rPh><t>gone</t></rPh>"]
    inline = '<c r="B1" t="inlineStr"><is><t>inline</t></is></c>'
    rows = f"<row>{cell('A1', '0', 's')}{inline}{cell('C1', '7', 's')}</row>"
    assert words(read(workbook([("s", "visible", rows)], strings))) == ["Water Act; inline"]


def test_formulas_without_values_are_told() -> None:
    rows = "<row>" + cell("A1", "7", formula="B1+1") + cell("B1", "", formula="1+1") + "</row>"
    reading = read_bytes("key", "a.xlsx", workbook([("Sums", "visible", rows)]))
    assert words(reading.documents[0]) == ["7"]
    assert "1 formula has no stored value" in reading.gaps[0].reason
    assert reading.gaps[0].part == "sheet Sums"


def test_a_damaged_sheet_spares_the_others() -> None:
    sheets = [("Bad", "visible", "<row>"), ("Good", "visible", f"<row>{cell('A1', 'x', 'str')}</row>")]
    reading = read_bytes("key", "a.xlsx", workbook(sheets))
    assert words(reading.documents[0]) == ["x"]
    assert [(gap.part, "damaged" in gap.reason) for gap in reading.gaps] == [("sheet Bad", True)]


def test_a_string_shown_very_often_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "LONGEST", 1_050)
    rows = "".join(f"<row>{cell('A1', '0', 's')}</row>" for _ in range(20))
    reading = read_bytes("key", "a.xlsx", workbook([("s", "visible", rows)], [f"<t>{'long ' * 20}</t>"]))
    assert "1,050 characters" in reading.gaps[0].reason
    assert len(reading.documents[0].paragraphs) == 10


def test_a_workbook_that_is_none() -> None:
    content = zipped({"[Content_Types].xml": "", "xl/workbook.xml": "<a/>"})
    assert "no workbook" in read_bytes("key", "a.xlsx", content).gaps[0].reason


def test_heads() -> None:
    assert csv("Port,Depth\nNorth,7\nSouth,9\n") == ["Port: North; Depth: 7", "Port: South; Depth: 9"]
    assert csv("North,7\nSouth,9\n") == ["North; 7", "South; 9"]
    assert csv("Year,2019,2020\nRain,7,9\n") == ["Year: Rain; 2019: 7; 2020: 9"]
    named = ["Fees of 2020", "Port: North; Depth: 7; Fee: 3", "Port: South; Fee: 4"]
    assert csv("Fees of 2020,,\n,,\nPort,Depth,Fee\nNorth,7,3\nSouth,,4\n") == named
    assert csv("Port,Depth,Fee\nNorth,,3\n") == ["Port; Depth; Fee", "Port: North; Fee: 3"]
    blocks = "Port,Depth\nNorth,7\n,\nShip,Length\nHeron,12\n,\nStork,9\n"
    assert csv(blocks) == ["Port: North; Depth: 7", "Ship: Heron; Length: 12", "Ship: Stork; Length: 9"]
    text = "yes,no\nno,yes\nyes,no\n"
    assert csv(text) == ["yes; no", "no; yes", "yes; no"]


def test_delimiters_and_quotation_marks() -> None:
    assert csv("sep=;\nPort;Depth\nNorth;7,5\n") == ["Port: North; Depth: 7,5"]
    assert csv('Port,Note\nNorth,"deep, and\nwide"\n') == ["Port: North; Note: deep, and wide"]
    assert csv("Only one column\nof words\n") == ["Only one column", "of words"]
    assert delimiter_of("a;1,5\nb;2,5\n") == ";"
    assert delimiter_of("words\n") == ""
    broken = 'Port,Depth\nNorth,7\n"South,9\n' + "West,3\n" * 30_000
    rows = csv(broken)
    assert rows[0] == "Port: North; Depth: 7"
    assert len(rows) == 30_002


def test_tables_of_text_that_are_called_workbooks() -> None:
    assert words(read(b"Port\tDepth\nNorth\t7\n", "a.xls")) == ["Port: North; Depth: 7"]


def test_rows_keep_their_numbers() -> None:
    document = read(b"Port,Depth\nNorth,7\n\nSouth,9\n", "a.csv")
    assert [(one.kind, one.index, one.label) for one in document.anchors] == [
        ("cell", 1, "row 2"),
        ("cell", 3, "row 4"),
    ]


cells = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"'), max_size=8)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=50))
def test_no_word_of_a_cell_is_lost(rows: list[list[str]]) -> None:
    text = "sep=;\n" + "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)
    reading = read_bytes("key", "a.csv", text.encode())
    found = "".join("".join(one.text.split()) for one in reading.documents)
    kept = [row for row in rows if any(any(map(str.isalnum, cell)) for cell in row)]
    for row in kept:
        for each in filter(str.isalnum, row):
            assert "".join(each.split()) in found
