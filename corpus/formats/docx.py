"""Word documents: styles are headings, lists have their numbers, changes are as accepted."""

from __future__ import annotations

from ...errors import CorpusError, Unreadable
from ..draft import Draft
from ..model import Gap, Reading
from ..reading import EMPTY
from .docx_body import Body, Notes
from .docx_styles import Numbering, Styles
from .flow import Flow
from .ooxml import core_properties, embedded, main_part, part, relations
from .package import Package
from .xmltree import parse

__all__ = ["read_docx"]


def read_docx(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a Word document (`.docx`, `.docm`, `.dotx`). A reader, as `registry.Reader` says.

    Comments, deleted words, hidden words, running heads, feet and tables of contents are left out. A foot- or
    endnote is a paragraph: behind the paragraph that it belongs to, endnotes at the end.
    """
    package = Package(content, "a Word document")
    main = main_part(package, "word/document.xml")
    tree = parse(package.pieces(main), main)
    body = tree.find("w:body")
    if body is None:
        raise Unreadable("a Word document without a body: it is damaged, or made by a faulty program")
    gaps: list[Gap] = embedded(package, key)
    try:
        related = relations(package, main)
    except CorpusError as error:
        related = {}
        gaps.append(Gap(key, f"{error.message}; styles, lists and notes were not read", "styles"))
    flow = Flow()
    notes = Notes(part(package, related, "footnotes"), part(package, related, "endnotes"))
    numbering = Numbering(part(package, related, "numbering"))
    reader = Body(flow, Styles(part(package, related, "styles")), numbering, notes)
    reader.read(body)
    reader.finish()
    if reader.inserted:
        gaps.append(Gap(key, "files inserted in it were not read: open it in Word and save it", "insertions"))
    draft = Draft()
    flow.write(draft)
    fields = core_properties(package)
    document = draft.document(key=key, name=name, media_type=media_type, fields=fields)
    if document is None:
        return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
    return Reading((document,), tuple(gaps))
