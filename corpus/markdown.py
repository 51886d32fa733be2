"""Markdown: headings, paragraphs, list items, tables, quotations and code, by CommonMark's block rules.

Read for searching, not for printing, so with these differences: indented text is text (never code), a
setext underline makes a heading only of a single line that is no sentence, a list table (an outer bullet for
each row, an inner one for each cell) is a table, `term` and `:   definition` lines belong together, and no
markup that is left open hides the rest of a document.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache

from .blocks import HEADING_LONGEST, Block, Heading
from .clauses import LISTS, as_block, past_bullets, split_items
from .cutting import ROWS, row_groups

__all__ = ["markdown_blocks", "plain_title"]

_NON_SPACE = re.compile(r"\S")
_WORD = re.compile(r"[^\W_]")

# Groups that may fail behind their beginning are `(?>(?:…)*)`, and not `(?:…)*+`: that goes wrong before
# Python 3.11.5.

# One paragraph: a line and all that follow it, up to a blank one or one that begins something else.
_PROSE = re.compile(
    r"[^\n]*+(?>(?:\n(?![^\S\n]*+(?:\n|\Z|#{1,6}[^\S\n]|`{3}|~{3}|\||<!--|\[\^[^\]\n]*\]:|\+[-=+]{3}"
    r"|>[^\S\n]*(?:[^\W\d]|[\"“„«‘(\[>]|\n|\Z)|(?:={3,}|-{3,}|_{3,}|\*{3,})[^\S\n]*(?:\n|\Z)))[^\n]*+)*)"
)
_ATX = re.compile(r"(#{1,6})(?:[^\S\n]+([^\n]*))?(?:\n|\Z)")
_CLOSING_MARKS = re.compile(r"(?:^|\s+)#+\s*$")
_SETEXT = re.compile(r"\n[^\S\n]{0,3}(?:={3,}|(-{3,}))[^\S\n]*(?=\n|\Z)")
_THEMATIC = re.compile(r"([-*_])(?:[^\S\n]*\1){2,}+[^\S\n]*(?=\n|\Z)")
_FENCE = re.compile(r"(?:(`{3,})[^`\n]*|(~{3,})[^\n]*)(?:\n|\Z)")
_FENCE_END = re.compile(r"^[^\S\n]*(`{3,}|~{3,})[^\S\n]*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\n]*\]:")
_DEFINITION = re.compile(r"\n[^\S\n]{0,3}:[^\S\n]")
_QUOTE = re.compile(r">[^\n]*+(?>(?:\n[^\S\n]*+>[^\n]*+)*)")
_QUOTE_MARKS = re.compile(r"\s*+>[\s>]*+")
_QUOTE_GAP = re.compile(r"\n(?:[^\S\n]*>)++[^\S\n]*(?=\n|\Z)")
_QUOTED = re.compile(r"[^\W\d]|[\"“„«‘(\[*_`#\n]|\d+[.)]\s|\Z")
_TABLE = re.compile(r"[|+][^\n]*+(?>(?:\n[^\S\n]*+[|+][^\n]*+)*)")
_GRID_RULE = re.compile(r"\+[-=+]{3}")
_RULE_ROW = re.compile(r"\n[^\S\n]*\|?(?:[^\S\n]*:?-+:?[^\S\n]*\|)++(?:[^\S\n]*:?-+:?)?[^\S\n]*(?=\n|\Z)")

# A row of a list table, as in `*    *   cell`; its first cell may be empty.
_ROW_MARK = r"[*+-](?:[^\S\n]+|[^\S\n]*\n[^\S\n]+)[*+-](?=\s|\Z)"
_ROW_START = re.compile(_ROW_MARK)

_Taken = tuple[list[Block | Heading], int]  # what was found, and where to read on


def markdown_blocks(text: str, start: int = 0) -> Iterator[Block | Heading]:
    """The headings and paragraphs of Markdown from `start` on (behind front matter), in text order.

    Any text is Markdown; never raises. Linear in the length, also for crafted text.
    """
    scan = _Scanner(text)
    position = start
    while found := _NON_SPACE.search(text, position):
        at = found.start()
        special = _SPECIALS.get(text[at])
        taken = special(scan, position, at) if special else None
        if taken is None:
            taken = scan.prose(at)
        yield from taken[0]
        position = taken[1]


class _Scanner:
    """Reads one block of the text at a time. Each method returns None where its block does not stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._comments_end = True  # until a search for an end has failed
        self._fence_ends: dict[str, _FenceEnds] = {}

    def prose(self, at: int) -> _Taken:
        """A paragraph, the items of a list, a definition, or a heading that is underlined."""
        text = self.text
        end = _PROSE.match(text, at).end()  # type: ignore[union-attr]
        if text.find("\n", at, end) < 0:
            underline = _SETEXT.match(text, end) if text[end + 1 : end + 4].strip(" =-") == "" else None
            if underline and self._is_setext(at, end, underline):
                heading = _heading(text, at, end, 2 if underline[1] else 1, at)
                return [heading] if heading else [], underline.end()
            return [as_block(text, at, end)], end
        if text.find("|", at, end) >= 0:
            second = text.index("\n", at)
            if _RULE_ROW.match(text, second, end):
                return [Block(*rows, "table") for rows in row_groups(text, at, end)], end
        if _DEFINITION.search(text, at, end):
            return list(_definitions(text, at, end)), end
        return list(split_items(text, at, end, LISTS)), end

    def _is_setext(self, at: int, end: int, underline: re.Match[str]) -> bool:
        # After a sentence, or an item, dashes are a rule between paragraphs.
        if underline[1] and self.text[end - 1] in ".;:,":
            return False
        return end - at <= HEADING_LONGEST and as_block(self.text, at, end).start == at

    def atx(self, position: int, at: int) -> _Taken | None:
        text = self.text
        if self._indent(position, at) > 3:
            return None
        found = _ATX.match(text, at)
        if found is None or found.end() - at > HEADING_LONGEST:
            return None
        start, end = found.span(2) if found[2] is not None else (at, at)
        closing = _CLOSING_MARKS.search(text[start:end])
        if closing:
            end = start + closing.start()
        heading = _heading(text, start, end, len(found[1]), at)
        return [heading] if heading else [], found.end()

    def fence(self, position: int, at: int) -> _Taken | None:
        found = _FENCE.match(self.text, at)
        if found is None:
            return None
        fence = found[1] or found[2]
        if fence[0] not in self._fence_ends:
            self._fence_ends[fence[0]] = _FenceEnds(self.text, fence[0])
        end = self._fence_ends[fence[0]].find(found.end(), len(fence))
        return None if end is None else ([Block(found.end(), end[0], "code")], end[1])

    def comment(self, position: int, at: int) -> _Taken | None:
        if not (self._comments_end and self.text.startswith("<!--", at)):
            return None
        end = self.text.find("-->", at + 4)
        self._comments_end = end >= 0
        return ([], end + 3) if end >= 0 else None

    def quote(self, position: int, at: int) -> _Taken | None:
        text = self.text
        first = _QUOTE_MARKS.match(text, at).end()  # type: ignore[union-attr]
        # `> 5 years` is a comparison.
        if not _QUOTED.match(text, first):
            return None
        end = _PROSE.match(text, _QUOTE.match(text, at).end()).end()  # type: ignore[union-attr]
        gaps = [gap.span() for gap in _QUOTE_GAP.finditer(text, at, end)]
        starts = [at, *(gap[1] for gap in gaps)]
        ends = [*(gap[0] for gap in gaps), end]
        blocks: list[Block | Heading] = []
        for start, stop in zip(starts, ends, strict=True):
            marks = _QUOTE_MARKS.match(text, start, stop)
            blocks.append(Block(marks.end() if marks else start, stop, "quote"))
        return blocks, end

    def table(self, position: int, at: int) -> _Taken | None:
        text = self.text
        end = _TABLE.match(text, at).end()  # type: ignore[union-attr]
        return [Block(*rows, "table") for rows in row_groups(text, at, end)], end

    def list_or_rule(self, position: int, at: int) -> _Taken | None:
        text = self.text
        rule = _THEMATIC.match(text, at)
        if rule:
            return [], rule.end()
        if _ROW_START.match(text, at):
            return self._list_table(at, self._indent(position, at))
        return self.table(position, at) if _GRID_RULE.match(text, at) else None

    def _list_table(self, at: int, indent: int) -> _Taken | None:
        text = self.text
        row, next_row = _row_patterns(indent)
        groups: list[tuple[int, int]] = []
        # A longer row is no row of words and figures but a layout of whole texts: read as nested lists.
        while (end := row.match(text, at, at + ROWS + 1).end()) - at <= ROWS:  # type: ignore[union-attr]
            if groups and end - groups[-1][0] <= ROWS:
                groups[-1] = groups[-1][0], end
            else:
                groups.append((at, end))
            following = next_row.match(text, end)
            if following is None:
                break
            at = following.end()
        if not groups:
            return None
        return [Block(past_bullets(text, *rows), rows[1], "table") for rows in groups], groups[-1][1]

    def definition(self, position: int, at: int) -> _Taken | None:
        return ([], at + 1) if self.text[at + 1 : at + 2].isspace() else None

    def footnote(self, position: int, at: int) -> _Taken | None:
        label = _FOOTNOTE.match(self.text, at) if self.text.startswith("[^", at) else None
        return ([], label.end()) if label else None

    def _indent(self, position: int, at: int) -> int:
        return at - (self.text.rfind("\n", position, at) + 1 or position)


_SPECIALS: dict[str, Callable[[_Scanner, int, int], _Taken | None]] = {
    "#": _Scanner.atx,
    "`": _Scanner.fence,
    "~": _Scanner.fence,
    "<": _Scanner.comment,
    ">": _Scanner.quote,
    "|": _Scanner.table,
    **dict.fromkeys("*-+_", _Scanner.list_or_rule),
    ":": _Scanner.definition,
    "[": _Scanner.footnote,
}


class _FenceEnds:
    """The closing fences of one character. Finding the next that is long enough takes constant time
    amortised: where none is, the longest one still to come says so."""

    def __init__(self, text: str, char: str) -> None:
        found = [end for end in _FENCE_END.finditer(text) if end[1][0] == char]
        self._starts = [end.start() for end in found]
        self._ends = [end.end() for end in found]
        self._lengths = [len(end[1]) for end in found]
        self._longest_from = [0] * (len(found) + 1)
        for index in range(len(found) - 1, -1, -1):
            self._longest_from[index] = max(self._lengths[index], self._longest_from[index + 1])

    def find(self, after: int, length: int) -> tuple[int, int] | None:
        """The range of the first closing fence that begins at `after` or later and is long enough."""
        index = bisect_left(self._starts, after)
        if self._longest_from[index] < length:
            return None
        while self._lengths[index] < length:
            index += 1
        return self._starts[index], self._ends[index]


@lru_cache(maxsize=64)
def _row_patterns(indent: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A row (its line and all that are blank or indented deeper), and the way to the next one."""
    blank = r"\n(?>(?:\s*\n)?)"
    return (
        re.compile(rf"[^\n]*+(?>(?:{blank}[^\S\n]{{{indent + 1},}}+(?=\S)[^\n]*+)*)"),
        re.compile(rf"{blank}[^\S\n]{{{indent}}}(?={_ROW_MARK})"),
    )


def _definitions(text: str, start: int, end: int) -> Iterator[Block]:
    """Terms with their definitions (`: ` lines), each pair an item, and the lines before them."""
    begin = start
    for found in _DEFINITION.finditer(text, start, end):
        term = text.rfind("\n", start, found.start()) + 1 or start
        if term > begin and not text[term].isspace() and text[term] != ":":
            yield from _defined(text, begin, term)
            begin = term
    yield from _defined(text, begin, end)


def _defined(text: str, start: int, end: int) -> Iterator[Block]:
    if _DEFINITION.search(text, start, end):
        yield Block(start, end, "item")
    else:
        yield from split_items(text, start, end, LISTS)


def _heading(text: str, start: int, end: int, level: int, opens: int) -> Heading | None:
    """The heading whose words are in `[start, end)`; None when it holds no word."""
    raw = text[start:end]
    words = raw.strip()
    if not _WORD.search(words):
        return None
    start += len(raw) - len(raw.lstrip())
    return Heading(start, start + len(words), level, plain_title(words), opens)


_MARKUP = re.compile(r"[*_`\[<&\\]")
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[\^[^\]]*\]"), ""),
    (re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])"), r"\1"),
    (re.compile(r"(`+)(.+?)\1"), r"\2"),
    (re.compile(r"(?<![\\*])(\*{1,3})(?=\S)(.+?)(?<=[^\s\\])\1"), r"\2"),
    (re.compile(r"(?<![\\\w])(_{1,3})(?=\S)(.+?)(?<=[^\s\\])\1(?!\w)"), r"\2"),
    (re.compile(r"</?(?:a|b|br|code|del|em|i|ins|mark|small|span|strong|sub|sup|u)\b[^<>]*>", re.I), ""),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def plain_title(words: str) -> str:
    r"""A heading's words as shown: inline markup, escapes and footnote marks removed, white space folded.

    Where nothing would be left, the words stay as they are.

    >>> plain_title(r"**Article 5** [Scope](#scope) of `rules`[^1] \(new\)")
    'Article 5 Scope of rules (new)'
    """
    plain = words
    if _MARKUP.search(words):
        for markup, kept in _INLINE:
            plain = markup.sub(kept, plain)
        plain = html.unescape(plain)
    return " ".join(plain.split()) or " ".join(words.split())
