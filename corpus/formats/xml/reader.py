"""The reader of XML."""

from __future__ import annotations

from dataclasses import replace

from ...decode import canonical
from ...draft import Draft
from ...model import Gap, Reading
from ...reading import EMPTY
from ..html import decode_page, read_html
from ..html.names import named
from ..html.tree import Element
from .feed import is_feed, read_feed
from .meta import fields_of
from .tree import parse
from .writer import write

__all__ = ["read_xml"]

_LAWS = named("akomantoso uscdoc lawdoc bill resolution plaw statutesatlarge cfrdoc rule amendment act")
_META = frozenset({"meta", "metadata", "identification"})
_INFO = frozenset({"articleinfo", "bookinfo", "teiheader", "journal-meta"})


def read_xml(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read XML: a page, a feed, a law, or anything else. A reader, as `registry.Reader` says."""
    decoded = canonical(content) if isinstance(content, str) else decode_page(content)
    root, damage = parse(decoded.text)
    if root.name == "html":
        return read_html(decoded.text, key=key, name=name, media_type="text/html")
    gaps = [Gap(key, problem, part="encoding") for problem in decoded.problems]
    if damage:
        gaps.append(
            Gap(key, f"it is no well-formed XML at {damage}: it was read by the tags that are there", "XML")
        )
    if is_feed(root):
        reading = read_feed(root, key=key, media_type=media_type)
        return replace(reading, gaps=(*gaps, *reading.gaps))
    document = _draft(root).document(key=key, name=name, media_type=media_type, fields=fields_of(root))
    if document is None:
        return Reading((), (*gaps, Gap(key, EMPTY)))
    return Reading((document,), tuple(gaps))


def _draft(root: Element) -> Draft:
    """The content of a document; where it holds nothing but metadata, these."""
    draft = Draft()
    write(root, draft, left_out=_META if root.name in _LAWS else _INFO)
    if not draft:
        draft = Draft()
        write(root, draft)
    return draft
