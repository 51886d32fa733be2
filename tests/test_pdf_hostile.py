"""PDFs that loop, lie or bomb end in a document or a gap."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from docsearch.corpus.model import Reading
from docsearch.corpus.registry import read_bytes
from docsearch.index.limits import Limits
from docsearch.search.facade import open_index
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = "A good sentence of the page."
TEXT = f"BT /F 12 Tf 72 700 Td ({WORDS}) Tj ET"
CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf(*objects: str | bytes) -> bytes:
    """A PDF of objects; the first is the catalog, then come the pages, a page, its content, a font."""
    content, places = b"%PDF-1.7\n", []
    for number, written in enumerate(objects, 1):
        places.append(len(content))
        body = written.encode("latin-1") if isinstance(written, str) else written
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(content))
    )


def stream(data: str | bytes, more: str = "") -> bytes:
    body = data.encode("latin-1") if isinstance(data, str) else data
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), more.encode(), body)


def page(*, box: str = "0 0 600 800", resources: str = "", more: str = "") -> str:
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R {more} "
        f"/Resources << /Font << /F 5 0 R >> {resources} >> >>"
    )


def read(content: bytes) -> Reading:
    return read_bytes("k", "k.pdf", content)


@pytest.mark.parametrize(
    "pages",
    [
        PAGES,
        "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 1000000 >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 99999999 >>",
        "<< /Type /Pages /Kids [3 0 R] /Count -5 >>",
        "<< /Type /Pages /Kids [3 0 R 9 0 R 5 0 R] /Count 3 >>",
    ],
)
def test_trees_of_pages_that_lie(pages: str) -> None:
    reading = read(pdf(CATALOG, pages, page(), stream(TEXT), FONT))
    assert [document.text for document in reading.documents] == [WORDS]
    assert len(reading.gaps) < 3


@pytest.mark.parametrize(
    "entries",
    [
        (f"<< /Title ({WORDS}) /Next 7 0 R /First 7 0 R /Dest [3 0 R /Fit] >>",),
        (
            "<< /Title (A) /Next 8 0 R /First 8 0 R /Dest [3 0 R /Fit] >>",
            "<< /Title (B) /Next 7 0 R /First 7 0 R /Dest [3 0 R /Fit] >>",
        ),
        ("<< /Title (A) /Next 99 0 R /First 6 0 R /Dest (nowhere) >>",),
    ],
)
def test_outlines_that_loop(entries: tuple[str, ...]) -> None:
    catalog = "<< /Type /Catalog /Pages 2 0 R /Outlines 6 0 R >>"
    reading = read(
        pdf(catalog, PAGES, page(), stream(TEXT), FONT, "<< /First 7 0 R /Last 7 0 R >>", *entries)
    )
    assert WORDS in reading.documents[0].text


@pytest.mark.parametrize(
    ("layout", "content"),
    [
        (page(box="0 0 1e30 1e30", more="/Rotate 90"), TEXT),
        (page(box="0 0 0 0"), TEXT),
        (page(box="600 800 0 0", more="/Rotate 77"), TEXT),
        (page(), TEXT + " BT /F 1e38 Tf 1e38 1e38 1e38 1e38 1e38 1e38 Tm (endless) Tj ET"),
        (page(), TEXT + " BT /F 0 Tf 72 600 Td (nothing) Tj ET BT /F 12 Tf 0 0 0 0 72 500 Tm (flat) Tj ET"),
        (page(), TEXT + " BT /F -12 Tf 1 0 0 1 72 99999999999999999999 Tm (far) Tj ET"),
        (page(), TEXT + " q" * 50_000),
    ],
)
def test_measures_that_make_no_sense(layout: str, content: str) -> None:
    reading = read(pdf(CATALOG, PAGES, layout, stream(content), FONT))
    assert WORDS in reading.documents[0].text


def test_content_that_unpacks_to_very_much() -> None:
    bomb = zlib.compress(zlib.compress(b" " * 50_000_000, 9), 9)
    reading = read(pdf(CATALOG, PAGES, page(), stream(bomb, "/Filter [/FlateDecode /FlateDecode]"), FONT))
    assert reading.gaps


def test_a_drawing_that_draws_itself_is_ended(tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    folder.mkdir()
    draws = "/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X 6 0 R >> >>"
    looping = pdf(
        CATALOG, PAGES, page(resources="/XObject << /X 6 0 R >>"), stream(f"{TEXT} /X Do"), FONT,
        stream("/X Do /X Do", draws),
    )  # fmt: skip
    (folder / "looping.pdf").write_bytes(looping)
    (folder / "good.pdf").write_bytes(pdf(CATALOG, PAGES, page(), stream(TEXT), FONT))
    with open_index(tmp_path / "index", create=True) as index:
        report = index.update([folder], limits=Limits(seconds=2.0))
        assert [key for key, _ in report.gaps] == ["laws/looping.pdf"]
        assert index.keys() == ("laws/good.pdf",)


_PARTS = st.sampled_from(
    "BT ET Tj Td Tf Tm Do q Q /F /X6 0 1 -1 1e9 (words) <0041> [ ] ' \" T* TJ cm 72 700 12".split()  # noqa: SIM905
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_PARTS, max_size=60), st.integers(0, 359), st.text(st.characters(max_codepoint=255), max_size=40)
)
def test_any_content_is_read_or_told(parts: list[str], turn: int, noise: str) -> None:
    reading = read(
        pdf(CATALOG, PAGES, page(more=f"/Rotate {turn}"), stream(f"{TEXT} {' '.join(parts)} {noise}"), FONT)
    )
    assert reading.documents or reading.gaps
