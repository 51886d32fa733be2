"""Scanned pages are read by tesseract where that is asked for, and whatever it does is told."""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docsearch.corpus import scans
from docsearch.corpus.model import Reading
from docsearch.corpus.registry import read_bytes
from docsearch.index.limits import Limits
from docsearch.search.facade import open_index
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

PROGRAM = """#!{python}
import sys
if "--list-langs" in sys.argv:
    print("List of available languages (2):\\neng\\ndeu\\nosd")
    sys.exit(0)
picture = sys.stdin.buffer.read()
open({log!r}, "a").write(" ".join(sys.argv[1:]) + " " + repr(picture[:3]) + "\\n")
{does}
"""
HEAD = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"


def table(*lines: tuple[int, str]) -> str:
    """What tesseract writes for lines of a paragraph; the words of a line follow one another."""
    rows = [HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t"]
    for number, (paragraph, text) in enumerate(lines, 1):
        left = 300
        for place, word in enumerate(text.split(), 1):
            top = 400 + 60 * number + 80 * paragraph
            rows.append(
                f"5\t1\t1\t{paragraph}\t{number}\t{place}\t{left}\t{top}\t{22 * len(word)}\t40\t91.5\t{word}"
            )
            left += 22 * len(word) + 15
    return "\n".join(rows) + "\n"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Put a tesseract on the PATH, and nothing else, that does as told; it notes its calls in the file."""

    def call(does: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        log = folder / "log"
        path = folder / "tesseract"
        path.write_text(PROGRAM.format(python=sys.executable, log=str(log), does=does))
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        scans._installed.cache_clear()
        return log

    yield call
    scans._installed.cache_clear()


def scan(*texts: str, language: str = "en", typed: str = "") -> bytes:
    """A PDF of a picture for each text, and at last a page with a text that is no picture."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, lang=language)
    for text in texts:
        picture = Image.new("L", (1240, 1754), 255)
        ImageDraw.Draw(picture).multiline_text((150, 200), text, 0, ImageFont.load_default(32), spacing=14)
        canvas.drawInlineImage(picture, 0, 0, *A4)
        canvas.showPage()
    if typed:
        canvas.drawString(72, 700, typed)
    canvas.save()
    return buffer.getvalue()


def read(content: bytes) -> Reading:
    with scans.wanted(True):
        return read_bytes("k", "k.pdf", content)


def test_the_words_become_paragraphs_of_their_page(install: Any) -> None:
    found = table((1, "Whoever discharges waste"), (1, "water needs a permit."), (2, "It may be withdrawn."))
    log = install(f"print({found!r})")
    reading = read(scan("one", "two", language="de-DE"))
    (document,) = reading.documents
    assert [document.text[p.start : p.end] for p in document.paragraphs] == [
        "Whoever discharges waste water needs a permit.",
        "It may be withdrawn.",
    ] * 2
    assert [anchor.index for anchor in document.anchors] == [0, 1]
    assert document.meta.extra["ocr_pages"] == ("1", "2")
    assert reading.gaps == ()
    assert log.read_text().splitlines() == ["stdin stdout -l deu --dpi 300 tsv b'P5 '"] * 2


def test_nothing_is_read_unasked(install: Any) -> None:
    log = install("sys.exit(1)")
    assert read_bytes("k", "k.pdf", scan("one")).gaps[0].reason.endswith("try --ocr")
    assert not log.exists()


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        (
            "sys.stderr.write('no such  language\\n'); sys.exit(3)",
            "tesseract ended with status 3: no such language",
        ),
        ("print('nonsense')", "scanned page in which tesseract finds no words"),
        ("sys.stdout.buffer.write(bytes(range(256)) * 50)", "scanned page in which tesseract finds no words"),
        ("import time; time.sleep(30)", "tesseract took more than 0 seconds"),
    ],
)
def test_what_goes_wrong_is_a_gap(
    does: str, reason: str, install: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(does)
    if "sleep" in does:
        monkeypatch.setattr(scans, "_SECONDS", 0.3)
    reading = read(scan("one"))
    assert reading.documents == ()
    (gap,) = reading.gaps
    assert gap.part == "page 1"
    assert reason in gap.reason


def test_without_the_program_the_gap_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    scans._installed.cache_clear()
    assert "tesseract is not installed" in read(scan("one")).gaps[0].reason


def test_an_index_reads_scans_when_it_is_told_to(install: Any, tmp_path: Path) -> None:
    install(f"print({table((1, 'Otters may not be fed.'))!r})")
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "otters.pdf").write_bytes(scan("one"))
    with open_index(tmp_path / "index", create=True) as index:
        assert len(index.update([folder]).gaps) == 1
        report = index.update(limits=Limits(ocr=True))
        assert (report.gaps, report.added, report.unchanged) == ((), ("scans/otters.pdf",), 0)
        (hit,) = index.search("otters")
        assert hit.text == "Otters may not be fed."
        assert hit.page == "1"


def test_a_document_of_which_more_is_read_has_changed(install: Any, tmp_path: Path) -> None:
    install(f"print({table((1, 'Otters may not be fed.'))!r})")
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "half.pdf").write_bytes(scan("one", typed="The fee for berths is twelve guilders a day."))
    with open_index(tmp_path / "index", create=True) as index:
        assert len(index.update([folder]).gaps) == 1
        report = index.update(limits=Limits(ocr=True))
        assert (report.changed, report.unchanged) == (("scans/half.pdf",), 0)
        assert index.search("otters").totals.documents == 1


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_with_the_program_itself() -> None:
    (document,) = read(scan("Whoever discharges waste water\nneeds a permit of the authority.")).documents
    assert document.text == "Whoever discharges waste water needs a permit of the authority."
