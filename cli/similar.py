"""`docsearch similar`: what is like a paragraph, a document, a file or a text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ..errors import CitationUnresolved, Unreadable
from . import narrowing, options, session, terminal
from .render.style import ColourChoice
from .source import key_of

if TYPE_CHECKING:
    from ..index.where import Filter
    from ..search.facade import Index
    from ..search.similar import Similar

__all__ = ["command"]

_FOUND, _NOTHING = 0, 1
_STDIN = "-"

_EPILOG = """\b
Examples:
  docsearch similar 'articles/water-act.md@1:s2.1:p4:x0123abcd'
  docsearch similar draft.md --paragraphs
  docsearch similar draft.md --where type:law --since 2020
  pbpaste | docsearch similar -

\b
Exit status: 0 something is like it, 1 nothing is, 2 an error.
"""


@click.command(
    name="similar", epilog=_EPILOG, short_help="Find what is like a paragraph, a document or a text."
)
@click.argument("source", metavar="CITATION|FILE|-")
@click.option(
    "-n",
    "--limit",
    metavar="N",
    type=options.AtLeast(1),
    default=10,
    show_default=True,
    help="Show at most N.",
)
@click.option(
    "--paragraphs", is_flag=True, help="All near paragraphs, not only the nearest of each document."
)
@narrowing.filter_options
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to search")
@options.pager_option
@options.color_option
def command(
    source: str,
    limit: int,
    paragraphs: bool,
    documents: narrowing.Documents,
    form: Literal["text", "json"],
    index_path: str | None,
    no_pager: bool,
    color: ColourChoice,
) -> int:
    """Find the documents, or paragraphs, that share the distinctive words of a text: of the paragraph that
    CITATION names, of a document (by its key), of a FILE, or of what comes in (-).

    The words are shown: those the text says often and few paragraphs have. The document that is asked about
    is left out.
    """
    style = terminal.style_for(color)
    index, _ = session.open_for_reading(index_path)
    with index:
        filter = documents.as_filter(index)
        found = _similar(index, source, limit, group=not paragraphs, where=filter)
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_similar(found))
    else:
        from .render import similar  # as above

        text = similar.render(found, style, terminal.width())
        terminal.write(text, colour=style.colour, pager=not no_pager)
    return _FOUND if found.hits else _NOTHING


def _similar(index: Index, source: str, limit: int, *, group: bool, where: Filter | None) -> Similar:
    if source == _STDIN:
        return index.similar(
            text=_decoded(source, sys.stdin.buffer.read()), limit=limit, group=group, where=where
        )
    path = Path(source)
    if "@" not in source and index.document(source) is None and path.is_file():
        where = _but(key_of(str(path), index.status().roots), where)
        return index.similar(text=_text_of(path), limit=limit, group=group, where=where)
    try:
        return index.similar(source, limit=limit, group=group, where=where)
    except CitationUnresolved:
        if where is None or ("@" not in source and index.document(source) is None):
            raise
    # It is not among the documents that are asked: its text is compared with theirs.
    return index.similar(text=_cited(index, source), limit=limit, group=group, where=where)


def _but(key: str, where: Filter | None) -> Filter | None:
    """All but a file that is in the index itself, and what it holds: it is like nothing as much as itself."""
    if not key:
        return where
    from ..index.where import All, Eq, Negate, Prefix  # few ask for what is like a file

    others = (Negate(Eq("key", key)), Negate(Prefix("key", f"{key}!/")))
    return All(others if where is None else (where, *others))


def _cited(index: Index, source: str) -> str:
    """The words of a document, by its key, or of the paragraph that is cited."""
    document = index.document(source)
    if document is None:
        return index.resolve(source).text
    return "\n".join(document.text[each.start : each.end] for each in document.paragraphs)


def _text_of(path: Path) -> str:
    """What a file says; Unreadable where it says nothing."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}", path=str(path)) from error
    return _decoded(str(path), content)


def _decoded(name: str, content: bytes) -> str:
    from ..corpus.registry import read_bytes  # readers are not loaded by a search

    reading = read_bytes(name, Path(name).name, content)
    text = "\n\n".join(document.text for document in reading.documents)
    if not text.strip():
        reason = next((gap.reason for gap in reading.gaps), "it holds no words")
        raise Unreadable(f"nothing to compare with: {reason}", path=name, hint="Give a text with words")
    return text
