"""Web pages, read with nothing but the standard library.

`tokens` cuts a page into tags and words, `tree` makes elements of them, `content` finds what is not menu or
banner, `flow` writes headings and paragraphs, `meta` reads what the page states of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...decode import Decoded, canonical, decode_stated
from ...draft import Draft
from ...model import Gap, Reading
from ...reading import EMPTY
from .content import Content, content_of
from .flow import write
from .meta import fields_of
from .tree import Element, parse

__all__ = ["decode_page", "read_html", "write_element", "write_page"]

_HEAD = 8_192  # bytes in which a page states its encoding
_STATED = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([-\w:.]+)|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([-\w:.]+)",
    re.IGNORECASE,
)


def read_html(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a web page. A reader, as `registry.Reader` says."""
    decoded = canonical(content) if isinstance(content, str) else decode_page(content)
    root = parse(decoded.text)
    draft = Draft()
    write(content_of(root), draft)
    if not draft:
        write(Content((root,)), draft)
    document = draft.document(key=key, name=name, media_type=media_type, fields=fields_of(root))
    gaps = tuple(_gaps(key, decoded))
    if document is None:
        return Reading((), (*gaps, Gap(key, EMPTY)))
    return Reading((document,), gaps)


def write_page(text: str, draft: Draft, *, whole: bool = True) -> None:
    """Write the headings and paragraphs of HTML to a draft. whole: nothing in it is menu or banner."""
    root = parse(text)
    write(Content((root,)) if whole else content_of(root), draft)


def write_element(element: Element, draft: Draft) -> None:
    """Write an element of HTML that was read from XML."""
    write(Content((element,)), draft)


def decode_page(data: bytes) -> Decoded:
    """Decode a page by what its first bytes state, as far as the rest does not belie it."""
    stated = _STATED.search(data[:_HEAD])
    encoding = (stated[1] or stated[2]).decode("ascii", "replace") if stated else ""
    return decode_stated(data, encoding)


def _gaps(key: str, decoded: Decoded) -> Iterator[Gap]:
    for problem in decoded.problems:
        yield Gap(key, problem, part="encoding")
