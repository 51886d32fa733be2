"""Headings of plain text, recognised by their form, and the levels that the forms of a document imply.

A line can look like a heading in seven ways, the surest first:

- designated: `PART II`, `Chapter 3 - Permits`, `Article 5`, `Section 4. Notice`, `§ 3 Scope`
- numbered: `3.2 Scope`, `IV. FINDINGS`, `B. Costs`
- underlined: by a line of `===` or `---` beneath it
- caps: `GENERAL PROVISIONS`
- title: `Background of the Framework`
- sentence: `Background and purpose`, where the lines around it bear that out
- question: `Who needs a licence?`, likewise, in a text with several
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

__all__ = [
    "ALONE_LONGEST",
    "OPENING_LONGEST",
    "Form",
    "Rank",
    "designated",
    "heading_form",
    "is_label",
    "is_subtitle",
    "is_title",
    "levels",
    "numbered",
]

ALONE_LONGEST = 120
"""Characters. A longer line is no heading in plain text, unless it is designated."""

OPENING_LONGEST = 200
"""Characters. The same for the line that opens the text, and for designated ones."""


class Rank(IntEnum):
    """Which heading holds which: a smaller rank is further out. NUMBER + n: a number with n + 1 parts."""

    DOCUMENT = 0
    BOOK = 10
    TITLE_OF_ACT = 11
    PART = 12
    CHAPTER = 20
    SUBCHAPTER = 22
    DIVISION = 24
    SECTION = 30
    ARTICLE = 40
    ROMAN = 50
    LETTER = 55
    NUMBER = 60
    UNDERLINED = 80
    CAPS = 85
    WORDS = 90
    QUESTION = 95


class Form(NamedTuple):
    """How a line looks like a heading.

    bare: a designator without a title, which may stand on the next line. caps: its words are capitals.
    """

    rank: int
    bare: bool = False
    caps: bool = False

    @property
    def numbered(self) -> bool:
        return Rank.ROMAN <= self.rank < Rank.UNDERLINED


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_RANKS = {
    word: rank
    for rank, words in (
        (Rank.BOOK, "book buch libro livre"),
        (Rank.TITLE_OF_ACT, "title titel título titulo titre"),
        (Rank.PART, "part teil parte partie annex annexe appendix schedule anlage anhang anexo"),
        (Rank.CHAPTER, "chapter kapitel capítulo capitulo chapitre"),
        (Rank.SUBCHAPTER, "subchapter subpart subtitle unterkapitel untertitel"),
        (Rank.DIVISION, "division abschnitt"),
        (Rank.SECTION, "section sec sección seccion unterabschnitt"),
        (Rank.ARTICLE, "article art artikel artículo articulo rule regulation § §§"),
    )
    for word in words.split()
}
_UNNUMBERED = _set("annex annexe appendix schedule anlage anhang anexo")
_WORDS = "|".join(sorted((word for word in _RANKS if "§" not in word), key=len, reverse=True))
_COUNTS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_DESIGNATED = re.compile(
    rf"(?:(?P<word>{_WORDS})\.?\s+|(?P<sign>§§?)\s*)"
    rf"(?P<number>\d+[a-z]?(?:[.:–-]\d+[a-z]?)*|[ivxlcdm]+|[a-z]|{_COUNTS})\b"
    r"(?P<mark>[.:)]?)(?:\s*[-–—:]\s*|\s+|\Z)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_ORDINAL = re.compile(
    rf"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|(?:erst|zweit|dritt|viert|fünft|sechst"
    rf"|siebe?nt|acht|neunt|zehnt)e[rs]?)\s+(?P<word>{_WORDS})(?:\s*[-–—:]\s*(?P<rest>.+)|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(
    r"(?:(?P<number>(?:[A-Z]\.?(?=\d+\.\d))?\d{1,3}(?:\.\d{1,3}){0,5}[A-Z]?)(?P<mark>[.)]?)"
    r"|(?P<roman>[IVXL]{1,6})[.)]|(?P<letter>[A-Z])[.)])"
    r"\s+(?P<rest>[^\W\d_].*)",
    re.DOTALL,
)

_MONTHS = (
    "jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez"
    "|ene|abr|ago|dic|fév|avr|juin|juil|aoû|déc"
)
_DATE = re.compile(
    r"(?:[^\d\n]{1,40}[,:]\s+|[^\W\d_]+\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?(?:{_MONTHS})[^\W\d_]*\.?,?\s+(?:del?\s+)?\d{{4}}"
    rf"|(?:{_MONTHS})[^\W\d_]*\.?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}"
    r"|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})\.?\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:date|published|updated|source|author|by|from|to|cc|subject|re|place|tel|fax|phone|e-?mail|datum|quelle|von"
    r"|an|betreff|fecha|fuente|autor|asunto|lugar)\.?\s*:|(?:(?-i:By|Von|Por|Par)\s+(?-i:[A-Z])|dear\b)"
    r"|(?:page|seite|página)\s+\d",
    re.IGNORECASE,
)
# A column gap, a leader, an address: layout, not words.
_LAYOUT = re.compile(r"\t|\S {3,}\S|\.{4}|https?:|@|\|")
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{4}[.!?;]\s")
_STOP_INSIDE = re.compile(r"[^\W\d_]{4}[.!?]\s")
_PREDICATE = re.compile(
    r"\b(?:shall|may|must|will|is|are|was|were|has|have|means|applies|apply|takes?|ist|sind|wird)\b"
)
_STOPS = (".", ",", ";", ":", "…", "-", "–", "—")
_SMALL = _set(
    "a an and as at but by for from if in into its nor of on or over per the to under up via vs with within"
    " am auf aus bei bis das dem den der des die durch ein eine einer für im mit nach oder sowie über um und"
    " von vom vor zu zum zur al con de del e el en la las lo los o para por sin sobre u un una y au aux avec"
    " dans du et le les ou par pour sous sur"
)
_JOINTS = _set("AND OR BETWEEN WHEREAS UND ODER ENTRE Y ET OU")

# Opening and closing sections stand beside the numbered ones, not inside the last of these.
_MATTER = _set(
    "abbreviations acknowledgements annexes appendices bibliography conclusion conclusions contents foreword"
    " glossary introduction preamble preface references summary"
)


def heading_form(line: str) -> Form | None:
    """The surest form in which the line, on its own between blank ones, looks like a heading; None when it
    looks like text. Where the form is `sentence` or `question` (Rank.WORDS and up, and `is_title` fails) the
    lines around it must bear it out."""
    if len(line) < 2 or not (line[0].isalnum() or line[0] in "§\"“„«'‘¿"):
        return None
    return designated(line) or numbered(line) or _by_letters(line)


def designated(line: str) -> Form | None:
    """The form of `PART II`, `Article 5 Scope`, `§ 3`; None for running text (`Article 5 of the Act`)."""
    if line.lower() in _UNNUMBERED and line[0].isupper():
        return Form(Rank.PART, bare=True, caps=line.isupper())
    ordinal = _ORDINAL.match(line)
    if ordinal and line[0].isupper():
        rest = ordinal["rest"] or ""
        return Form(_RANKS[ordinal["word"].lower()], not rest, line.isupper()) if _may_end(line) else None
    found = _DESIGNATED.match(line)
    if found is None or not (line[0].isupper() or found["sign"]):
        return None
    rank = _RANKS[(found["word"] or found["sign"]).lower()]
    rest = found["rest"].strip()
    if not rest:
        return Form(rank, bare=True, caps=line.isupper())
    # Acts of some countries end these headings, and these only, with a stop: `SEC. 3. DEFINITIONS.`
    if found["mark"] == "." and rest.endswith("."):
        section = (rank == Rank.SECTION or found["sign"]) and not _PREDICATE.search(rest)
        rest = rest[:-1].rstrip() if section or is_title(rest[:-1]) else rest
    if not rest:
        return Form(rank, bare=True, caps=line.isupper())
    if not (rest[0].isupper() or rest[0] in '"“„«([') or not _may_end(rest) or _LAYOUT.search(line):
        return None
    return Form(rank, caps=rest.isupper()) if not _STOP_INSIDE.search(rest) else None


def numbered(line: str) -> Form | None:
    """The form of `3.2 Scope`, `IV. FINDINGS`, `B. Costs`; None for dates, items and sentences."""
    found = _NUMBERED.match(line)
    if found is None:
        return None
    rest = found["rest"].rstrip()
    if (
        not rest[0].isupper()
        or not _may_end(rest)
        or len(rest.split()) > 14
        or _LAYOUT.search(line)
        or _SENTENCE_INSIDE.search(rest)
        or _DATE.match(line)
    ):
        return None
    number = found["number"]
    if number and "." not in number and found["mark"] != "." and not is_title(rest):
        return None
    rank = Rank.NUMBER + number.count(".") if number else Rank.ROMAN if found["roman"] else Rank.LETTER
    return Form(rank, caps=rest.isupper())


def _by_letters(line: str) -> Form | None:
    if not _may_end(line) or _LAYOUT.search(line) or is_label(line):
        return None
    if _SENTENCE_INSIDE.search(line) or sum(map(str.isalpha, line)) < len(line) / 2:
        return None
    if line.endswith("?"):
        return Form(Rank.QUESTION)
    if line.isupper():
        return Form(Rank.CAPS, caps=True) if line not in _JOINTS and len(line) > 2 else None
    return Form(Rank.WORDS) if line[0].isupper() or line[0] in "\"“„«'‘¿" else None


def _may_end(line: str) -> bool:
    """Whether a heading can end so: without a stop, and not in the middle of a phrase."""
    return not line.endswith((*_STOPS, "!")) and line.rsplit(None, 1)[-1] not in _SMALL


def is_title(line: str) -> bool:
    """Whether every word but the small ones begins with a capital or a digit: `Background of the Act`."""
    words = line.split()
    if not words or len(words) > 12 or words[-1] in _SMALL:
        return False
    bare = [word.strip("\"“”„«»'‘’()[],:;&/–—-") for word in words]
    if not any(len(word) > 2 and word[0].isupper() for word in bare if word):
        return False
    if bare[0] and bare[0][0].islower():
        return False
    return all(not word or not word[0].islower() or word in _SMALL for word in bare)


def is_subtitle(line: str) -> bool:
    """Whether a line beneath a bare designator reads as its title (`Right of access` under `Article 15`)."""
    return (
        2 <= len(line) <= ALONE_LONGEST
        and line[0].isupper()
        and _may_end(line)
        and not _SENTENCE_INSIDE.search(line)
        and not _LAYOUT.search(line)
        and designated(line) is None
        and numbered(line) is None
    )


def is_label(line: str) -> bool:
    """Whether a line tells a date, an author or an addressee, as those beneath a title do."""
    return bool(_LABEL.match(line) or _DATE.match(line))


def levels(
    forms: Sequence[Form], titles: Sequence[str], *, opens: bool, adjacent: Sequence[bool]
) -> list[int]:
    """The levels (from 1, dense) of a document's headings in order.

    opens: the first heading precedes every paragraph. adjacent[i]: the next heading directly follows it.
    """
    ranks: list[int] = [form.rank for form in forms]
    _put_sections_under_articles(ranks, adjacent)
    outermost = min((form.rank for form in forms if form.numbered), default=None)
    if outermost is not None:
        caps = any(form.caps for form in forms if form.rank == outermost)
        for index, form in enumerate(forms):
            if form.rank >= Rank.UNDERLINED and ((form.caps and caps) or titles[index].lower() in _MATTER):
                ranks[index] = outermost
    if opens and forms[0].rank >= Rank.UNDERLINED:
        within = any(form.rank < Rank.UNDERLINED for form in forms)
        if within or adjacent[0]:
            ranks[0] = Rank.DOCUMENT
    order = {rank: level for level, rank in enumerate(sorted(set(ranks)), 1)}
    return [order[rank] for rank in ranks]


def _put_sections_under_articles(ranks: list[int], adjacent: Sequence[bool]) -> None:
    """Where a section directly follows an article's heading, articles are the larger unit."""
    pairs = zip(ranks, ranks[1:], adjacent, strict=False)
    if any(pair == (Rank.ARTICLE, Rank.SECTION, True) for pair in pairs):
        swap = {Rank.ARTICLE: Rank.SECTION, Rank.SECTION: Rank.ARTICLE}
        ranks[:] = [
            swap.get(Rank(rank), rank) if rank in (Rank.ARTICLE, Rank.SECTION) else rank for rank in ranks
        ]
