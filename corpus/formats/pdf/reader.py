"""The reader of PDF: pages to a document with headings, paragraphs and page anchors, and gaps by page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from ....errors import Unreadable
from ... import scans
from ...draft import Draft
from ...languages import guess_language, language_code
from ...model import Document, Gap, MetaValue, Reading
from ...reading import EMPTY
from . import furniture, headings, layout
from .joining import Vocabulary, joined
from .legible import is_nonsense
from .paragraphs import Measures, blocks_of
from .pdfium import Pdf, opened
from .shapes import Block, Entry, Line, Page, Run

__all__ = ["read_pdf"]

_MOST_PAGES = 20_000
_MOST_LETTERS = 200_000_000
_RESOLUTION = 300  # pixels to an inch, as tesseract likes it
_RUNNING = 60  # letters of a paragraph that is no letterhead, date or author
_LANGUAGE_SAMPLE = 20_000
_MOST_FAILURES = 200  # pages in a row that cannot be opened, until nothing more is tried
_SCANNED = "scanned page without text; try --ocr"
_NONSENSE = "its text decodes to nonsense (a font without a usable character map); try --ocr"
_DAMAGED = "the page is damaged and cannot be opened"
_BEYOND = f"it has more than {_MOST_PAGES:,} pages or {_MOST_LETTERS // 1_000_000} million letters"
_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d{2})?(\d{2})?")
_PROGRAM = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)|powerpoint presentation)\s*-?\s*", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"(?:untitled|unbenannt|document|dokument|title|slide|presentation)?\s*\d*|[^\s/\\]*\.(?:docx?|pdf|indd|qxd|pptx?|xlsx?|tex|dvi|odt|rtf|txt)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W_]")


def read_pdf(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a PDF. Pages without text, or with text that is none, are gaps with the page as their part.

    Unreadable when it is encrypted, too damaged to be opened, or was handed over as text.
    """
    if isinstance(content, str):
        raise Unreadable("a PDF was handed over as text", hint="Hand over the file's bytes")
    with opened(content) as pdf:
        gaps = _Gaps(key)
        pages = list(_pages(pdf, gaps))
        entries = pdf.outline()
        fields = _fields(pdf)
    if scanned := [str(page.index + 1) for page in pages if page.scanned]:
        fields["ocr_pages"] = tuple(scanned)
    if not pages and not gaps.found:
        raise Unreadable("it has no pages that can be opened")
    document = _document(pages, entries, fields, key=key, name=name, media_type=media_type)
    if document is None:
        return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
    return Reading((document,), tuple(gaps))


class _Gaps:
    """Gaps by page, those of pages in a row told together."""

    def __init__(self, key: str) -> None:
        self.found: list[tuple[str, int]] = []
        self._key = key

    def add(self, reason: str, page: int) -> None:
        self.found.append((reason, page))

    def __iter__(self) -> Iterator[Gap]:
        for _, run in groupby(enumerate(self.found), key=lambda at: (at[1][0], at[1][1] - at[0])):
            members = [page for _, (_, page) in run]
            reason = self.found[[page for _, page in self.found].index(members[0])][0]
            first, last = members[0] + 1, members[-1] + 1
            part = f"page {first}" if first == last else f"pages {first}-{last}"
            yield Gap(self._key, _many(reason) if last > first else reason, part)


def _many(reason: str) -> str:
    return (
        reason.replace("scanned page", "scanned pages")
        .replace("its text decodes", "their text decodes")
        .replace("the page is damaged and", "the pages are damaged and")
    )


def _pages(pdf: Pdf, gaps: _Gaps) -> Iterator[Page]:
    """The pages with text, in order, with gaps for the others."""
    letters = failures = 0
    for index in range(pdf.pages):
        if index >= _MOST_PAGES or letters > _MOST_LETTERS:
            gaps.add(_BEYOND, index)
            return
        page = pdf.page(index)
        if page is None:
            gaps.add(_DAMAGED, index)
            failures += 1
            if failures > _MOST_FAILURES:
                return
            continue
        failures = 0
        text = " ".join(run.text for run in page.runs)
        letters += len(text)
        reason = _SCANNED if page.images and not _LETTERS.search(text) else ""
        reason = reason or (_NONSENSE if is_nonsense(text) else "")
        if reason and scans.are_wanted():
            reason = _recognise(pdf, page)
        if reason:
            gaps.add(reason, index)
        else:
            page.label = pdf.label(index)
            yield page


def _recognise(pdf: Pdf, page: Page) -> str:
    """Read a scanned page into its runs; why that failed, or ""."""
    picture = pdf.picture(page.index, _RESOLUTION)
    if picture is None:
        return _DAMAGED
    width, height, rows = picture
    scale = page.width / width
    try:
        found = scans.recognise(width, height, rows, resolution=round(72 / scale), language=pdf.language[:2])
    except scans.Unrecognised as error:
        return f"scanned page without text; {error}"
    page.runs = [
        Run(
            line.text,
            line.left * scale,
            line.right * scale,
            line.base * scale,
            float(round(line.size * scale)),
            False,
            line.first * scale,
            False,
        )
        for line in found
    ]
    page.asides = []
    page.scanned = True
    return "" if found else f"scanned page in which {scans.PROGRAM} finds no words"


def _fields(pdf: Pdf) -> dict[str, MetaValue]:
    """What the document states of itself, by names of front matter; when the file was made is no date of
    publication."""
    fields: dict[str, MetaValue] = {}
    for field, name in (("title", "Title"), ("author", "Author"), ("subject", "Subject")):
        words = " ".join(pdf.stated(name).split())
        if field == "title":
            words = _PROGRAM.sub("", words)
            words = "" if _NO_TITLE.fullmatch(words) else words
        if words and words.lower().strip("()") not in ("anonymous", "unknown", "unspecified"):
            fields[field] = words
    keywords = tuple(word.strip() for word in re.split("[,;]", pdf.stated("Keywords")) if word.strip())
    if keywords:
        fields["keywords"] = keywords
    if language := pdf.language.strip():
        fields["language"] = language
    for field, name in (("file_created", "CreationDate"), ("file_modified", "ModDate")):
        if date := _date(pdf.stated(name)):
            fields[field] = date
    return fields


def _date(stated: str) -> dt.date | None:
    found = _DATE.match(stated)
    try:
        return dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1)) if found else None
    except ValueError:
        return None


def _document(
    pages: Sequence[Page],
    entries: Sequence[Entry],
    fields: dict[str, MetaValue],
    *,
    key: str,
    name: str,
    media_type: str,
) -> Document | None:
    labels = furniture.strip(pages)
    columns = layout.numbers()
    lines = [layout.lines_of(page.index, page.runs, columns) for page in pages]
    for page, found in zip(pages, lines, strict=True):
        found.extend(layout.lines_of(page.index, page.asides, columns))
    measures = Measures([line for found in lines for line in found])
    blocks = _with_headings(blocks_of(lines, measures), measures, entries, pages)
    if any(page.label for page in pages):
        labels = {page.index: page.label for page in pages}
    if "title" not in fields and (title := _largest(blocks, measures)):
        fields = {**fields, "title": title}
    fields = _without_wrong_language(fields, lines)
    draft = Draft()
    vocabulary = Vocabulary(line for found in lines for line in found)
    _Writing(draft, labels, vocabulary).write(blocks)
    return draft.document(key=key, name=name, media_type=media_type, fields=fields)


def _without_wrong_language(
    fields: dict[str, MetaValue], pages: Sequence[Sequence[Line]]
) -> dict[str, MetaValue]:
    """The fields without a language that the words belie: many programs state that of the program."""
    stated = language_code(str(fields.get("language", "")))
    if stated is None:
        return fields
    words: list[str] = []
    size = 0
    for line in (line for lines in pages for line in lines):
        words.append(line.text)
        size += len(line.text)
        if size > _LANGUAGE_SAMPLE:
            break
    guess = guess_language(" ".join(words))
    if guess.certain and guess.code != stated:
        return {name: value for name, value in fields.items() if name != "language"}
    return fields


def _with_headings(
    blocks: list[Block], measures: Measures, entries: Sequence[Entry], pages: Sequence[Page]
) -> list[Block]:
    """The blocks with headings, by the outline where most of it is found in the text, else by style."""
    heights = {page.index: page.height for page in pages}
    marked = headings.by_outline(blocks, entries, heights) if entries else blocks
    count = sum(1 for block in marked if block.level)
    if count >= max(2, len(entries) / 2, len(pages) / 12):
        headings.by_style(marked, measures, title_only=True)
        return marked
    headings.by_style(blocks, measures)
    return blocks


def _largest(blocks: Sequence[Block], measures: Measures) -> str:
    """The heading before all running text that is larger than every other; "" without one."""
    begins = next((at for at, block in enumerate(blocks) if _length(block) > _RUNNING), len(blocks))
    headings_by_size = sorted((block.lines[0].size, at) for at, block in enumerate(blocks) if block.level)
    if not headings_by_size:
        return ""
    size, at = headings_by_size[-1]
    others = headings_by_size[-2][0] if len(headings_by_size) > 1 else measures.size
    if at >= begins or size < 1.08 * others:
        return ""
    return " ".join(line.text.strip() for line in blocks[at].lines)


def _length(block: Block) -> int:
    return 0 if block.level else sum(len(line.text) for line in block.lines)


class _Writing:
    """Writes blocks into a draft, with the pages that they stand on."""

    def __init__(self, draft: Draft, labels: Mapping[int, str], vocabulary: Vocabulary) -> None:
        self._draft = draft
        self._labels = labels
        self._vocabulary = vocabulary
        self._page = -1

    def write(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            self._turn(block.lines[0])
            if block.level:
                self._draft.heading("".join(joined(block.lines, self._vocabulary)), block.level)
            elif block.kind == "table":
                self._table(block.lines)
            else:
                self._text(block)

    def _turn(self, line: Line) -> None:
        if line.page != self._page:
            self._page = line.page
            self._draft.page(self._labels.get(line.page, ""), line.page)

    def _text(self, block: Block) -> None:
        parts = joined(block.lines, self._vocabulary)
        written = False
        space = True
        for _, group in groupby(zip(block.lines, parts, strict=True), key=lambda pair: pair[0].page):
            members = list(group)
            words = "".join(part for _, part in members)
            self._turn(members[0][0])
            if written:
                self._draft.run_on(words, space=space)
            else:
                bare = _without_bullet(words) if block.kind == "item" else words
                self._draft.paragraph(bare, block.kind)  # type: ignore[arg-type]
                written = True
            space = words.endswith(" ")

    def _table(self, lines: Sequence[Line]) -> None:
        for _, group in groupby(lines, key=lambda line: line.page):
            rows = list(group)
            self._turn(rows[0])
            for text in _row_groups([" | ".join(cell.text.strip() for cell in row.cells) for row in rows]):
                self._draft.paragraph(text, "table")


_ROWS = 1_500  # characters of rows that stand together, as in `cutting.ROWS`
_BULLET = re.compile(r"(?:[•‣◦▪▫●○■□◆➢✓*]\s*|[–—-]\s+)+")


def _row_groups(rows: Iterable[str]) -> Iterator[str]:
    group: list[str] = []
    size = 0
    for row in rows:
        if group and size + len(row) > _ROWS:
            yield "\n".join(group)
            group, size = [], 0
        group.append(row)
        size += len(row) + 1
    if group:
        yield "\n".join(group)


def _without_bullet(words: str) -> str:
    found = _BULLET.match(words)
    return words[found.end() :] if found else words
