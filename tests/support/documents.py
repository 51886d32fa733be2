"""Documents for tests, from text in a plain notation: `#` lines are headings, blank lines part paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace

from docsearch.corpus.model import Document, Metadata, Paragraph, Section

_BLOCK = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")


def make_document(key: str, text: str, *, title: str = "", language: str = "en") -> Document:
    """A document in the shape that `docsearch.corpus.model` describes."""
    sections = [Section("", 0, None, (0,), (0, 0), 0, len(text), 0, 0)]
    paragraphs: list[Paragraph] = []
    for block in _BLOCK.finditer(text):
        start = block.end() - len(block[0].lstrip())
        end = block.start() + len(block[0].rstrip())
        if text[start] == "#":
            sections.append(_section(sections, text[start:end], start, len(text), len(paragraphs)))
        else:
            section = len(sections) - 1
            ordinal = 1 + sum(each.section == section for each in paragraphs)
            line = text.count("\n", 0, start) + 1
            paragraphs.append(Paragraph(start, end, section, ordinal, line))
    return Document(
        key=key,
        text=text,
        sections=_closed(sections, len(paragraphs)),
        paragraphs=tuple(paragraphs),
        meta=Metadata(title=title, language=language),
    )


def _section(sections: list[Section], line: str, start: int, end: int, first: int) -> Section:
    words = line.lstrip("#").strip()
    level = len(line) - len(line.lstrip("#"))
    parent = next((at for at in range(len(sections) - 1, 0, -1) if sections[at].level < level), None)
    siblings = sum(each.parent == parent for each in sections[1:])
    path = (*(sections[parent].path if parent is not None else ()), siblings + 1)
    heading = start + line.index(words)
    return Section(words, level, parent, path, (heading, heading + len(words)), start, end, first, first)


def _closed(sections: list[Section], paragraphs: int) -> tuple[Section, ...]:
    """The sections with the ends of their spans."""
    closed = []
    for at, section in enumerate(sections):
        after = (each for each in sections[at + 1 :] if at == 0 or each.level <= section.level)
        following = next(after, None)
        if following is None:
            closed.append(replace(section, last=paragraphs))
        else:
            closed.append(replace(section, end=following.start, last=following.first))
    return tuple(closed)
