"""The readers of plain text and Markdown: from content to a document and its gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from .blocks import Block, Heading
from .decode import Decoded, canonical, decode
from .frontmatter import FrontMatter, split_front_matter
from .markdown import markdown_blocks
from .metadata import describe
from .model import Document, Gap, Paragraph, Reading, Section
from .outline import outline
from .plaintext import page_anchors, plain_blocks

__all__ = ["EMPTY", "read_markdown", "read_plain_text"]

EMPTY = "it is empty: it holds no words"
"""The reason of a gap for a file in which there is nothing to find."""

_OPENING = 5  # paragraphs that may hold a dateline or a `Date:` line
_WORD = re.compile(r"[^\W_]")

_Structure = Callable[[str, int], Iterator[Block | Heading]]


def read_markdown(
    content: bytes | str, *, key: str, name: str, media_type: str, language: str = ""
) -> Reading:
    """Read Markdown, with YAML front matter or without. A reader, as `registry.Reader` says.

    language: the code, where it is known; so for `read_plain_text`."""
    return _read(content, key, name, media_type, markdown_blocks, language)


def read_plain_text(
    content: bytes | str, *, key: str, name: str, media_type: str, language: str = ""
) -> Reading:
    """Read plain text; form feeds divide it into pages. A reader, as `registry.Reader` says."""
    return _read(content, key, name, media_type, plain_blocks, language)


def _read(
    content: bytes | str, key: str, name: str, media_type: str, structure: _Structure, language: str
) -> Reading:
    decoded = canonical(content) if isinstance(content, str) else decode(content)
    text = decoded.text
    front = split_front_matter(text)
    sections, paragraphs = outline(text, structure(text, front.end))
    if not paragraphs:
        return Reading((), (Gap(key, EMPTY),))
    meta = describe(
        name=name,
        media_type=media_type,
        fields=front.fields,
        heading=_leading_heading(sections, paragraphs),
        opening=[text[paragraph.start : paragraph.end] for paragraph in paragraphs[:_OPENING]],
        body=text[front.end :],
        language=language,
    )
    anchors = page_anchors(text) if structure is plain_blocks else ()
    document = Document(key, text, sections, paragraphs, meta, anchors)
    return Reading((document,), tuple(_gaps(key, decoded, front)))


def _leading_heading(sections: Sequence[Section], paragraphs: Sequence[Paragraph]) -> str | None:
    """The first heading, if no paragraph stands before it."""
    if len(sections) < 2 or sections[0].last:
        return None
    return sections[1].title


def _gaps(key: str, decoded: Decoded, front: FrontMatter) -> Iterator[Gap]:
    for problem in decoded.problems:
        yield Gap(key, problem, part="encoding")
    if front.problem:
        yield Gap(key, front.problem, part="front matter")
