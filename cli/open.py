"""`docsearch open`: the file that a citation leads to, in the platform's viewer."""

from __future__ import annotations

import shlex

import click

from ..corpus.model import Anchor, Document
from ..errors import CitationUnresolved, SourceMissing
from . import options, session, terminal
from .render.safe import escape, one_line
from .source import Located, locate

__all__ = ["command"]

_AS_CITED, _CHANGED = 0, 1
_PDF = "application/pdf"

_EPILOG = """\b
Example:
  docsearch open 'laws/water.pdf@1:s2.1:p4:g12:x0123abcd'

\b
A PDF is opened at its page where the viewer can be told: Evince, Okular, Atril,
Xreader, Zathura, qpdfview, MuPDF, Xpdf, SumatraPDF, Firefox, Chromium, Chrome.
Of an archive or a mail, the whole is opened, and the part is named.

\b
Exit status: 0 opened, 1 opened, but the cited words are gone from the document,
2 there is no such file any more, or another error.
"""


@click.command(name="open", epilog=_EPILOG, short_help="Open the file that a citation leads to.")
@click.argument("citation")
@click.option("--print", "only_print", is_flag=True, help="Say what would be opened, and open nothing.")
@options.index_option("to look in")
def command(citation: str, only_print: bool, index_path: str | None) -> int:
    """Open the file that CITATION leads to in the viewer of this desktop, a PDF at its page."""
    from .viewer import command_for, start  # a help page starts no program

    if "@" not in citation:
        raise CitationUnresolved(
            f"not a citation: {citation[:200]!r}",
            hint=f"A citation is the last line of a hit. To search for the words: "
            f"docsearch search -- open {shlex.quote(citation)}",
        )
    index, _ = session.open_for_reading(index_path)
    with index:
        found = index.resolve(citation)
        status = index.status()
    file = locate(found.document.key, status.roots, status.updated)
    page = _page(found.document, found.paragraph.start)
    in_pdf = found.document.meta.type == _PDF and page is not None and not file.member
    called = command_for(file.path, page.index + 1 if in_pdf and page else None)
    for note in _notes(file, found.note):
        terminal.say(f"note: {note}")
    if only_print:
        terminal.write(_told(file, page, called))
    elif called:
        start(called)
        _say_page(called, page if in_pdf else None)
    else:
        raise SourceMissing(
            "no program is known here that opens files (xdg-open is not installed)", hint=f"Open {file.path}"
        )
    return _CHANGED if found.status == "changed" else _AS_CITED


def _page(document: Document, start: int) -> Anchor | None:
    """The page that a paragraph begins on."""
    pages = (anchor for anchor in document.anchors if anchor.kind == "page")
    return next((anchor for anchor in pages if anchor.start <= start < anchor.end), None)


def _notes(file: Located, moved: str) -> list[str]:
    notes = [one_line(moved)] if moved else []
    if file.changed:
        notes.append("the file has changed since the index was last brought up to date: docsearch index")
    if file.member:
        notes.append(f"the document is a part of this file: {one_line(file.member)}")
    return notes


def _told(file: Located, page: Anchor | None, called: list[str]) -> str:
    """What would be opened: the path, the page, the command."""
    lines = [file.path]
    if file.member:
        lines.append(f"part: {file.member}")
    if page is not None:
        lines.append(_named(page))
    lines.append(f"with: {shlex.join(called)}" if called else "with: no program is known here")
    return "".join(f"{escape(line)}\n" for line in lines)


def _named(page: Anchor) -> str:
    number = str(page.index + 1)
    printed = f', printed "{page.label}"' if page.label and page.label != number else ""
    return f"page {number}{printed}"


def _say_page(called: list[str], page: Anchor | None) -> None:
    """Say which page to turn to, where the program was not told."""
    if page is not None and called[0] in ("xdg-open", "open", "explorer"):
        terminal.say(f"opened; turn to {one_line(_named(page))}")
