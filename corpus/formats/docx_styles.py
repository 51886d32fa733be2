"""What the paragraph styles of a Word document mean, and the numbers that its lists show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from ..model import ParagraphKind
from .numerals import letters, ordinal, roman
from .xmltree import Element, at

__all__ = ["Label", "Numbering", "Role", "Styles", "flag", "heading_level", "number_of"]

_HEADING = re.compile(
    r"(?:heading|überschrift|titre|t[ií]tulo|encabezado|titolo|intestazione|kop|rubrik|overskrift|otsikko|nagłówek"
    r"|nadpis|címsor|заголовок|标题|標題|見出し|제목|عنوان)[ _]*([1-9])\b",
    re.IGNORECASE,
)
_TITLE = frozenset(
    [
        "title",
        "titel",
        "titre",
        "título",
        "titulo",
        "titolo",
        "название",
        "заголовок",
        "标题",
        "標題",
        "表題",
        "제목",
    ]
)
_CONTENTS = re.compile(
    r"(?:toc|contents|verzeichnis|table of (?:figures|authorities)) ?(?:\d|heading|\Z)"
    r"|(?:table of contents|inhaltsverzeichnis)",
    re.I,
)
_CODE = re.compile(r"source ?code|code|html preformatted|preformatted text|macro text", re.I)
_QUOTE = re.compile(r"(?:intense |block )?(?:quote|quotation|text|zitat|cita|citation)", re.I)
_LEVELS = 9
_T = TypeVar("_T")
_LONGEST_CHAIN = 30  # styles based on styles


def number_of(text: str | None, default: int | None = None) -> int | None:
    """A whole number as an attribute has it; the default for anything else, and for absurd ones."""
    if text is None or not re.fullmatch(r"-?[0-9]{1,9}", text):
        return default
    return int(text)


def flag(parent: Element | None, name: str) -> bool | None:
    """Whether an on/off property is on; None when it is not there."""
    found = parent.find(name) if parent is not None else None
    return None if found is None else found.get("w:val", "1") not in ("0", "false", "off", "none")


class Role(NamedTuple):
    """What a paragraph is by its style.

    level: of a heading, from 1; 0 for none. numbered: list and its level, from 0. contents: a line of a table
    of contents.
    """

    kind: ParagraphKind = "text"
    level: int = 0
    numbered: tuple[str, int] | None = None
    contents: bool = False
    bold: bool = False


@dataclass(slots=True)
class _Style:
    name: str
    based_on: str | None
    outline: int | None
    list_id: str | None
    list_level: int | None
    bold: bool | None


def heading_level(name: str) -> int | None:
    """The level that a style's name states in one of many languages; None for names of no headings."""
    found = _HEADING.match(name)
    if found:
        return int(found[1])
    return 1 if name.strip().lower() in _TITLE else None


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, tree: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._roles: dict[str | None, Role] = {}
        self._default: str | None = None
        for element in tree.findall("w:style") if tree is not None else ():
            identity = element.get("w:styleId", "")
            self._styles[identity] = _style(element)
            if element.get("w:type") == "paragraph" and element.get("w:default") in ("1", "true", "on"):
                self._default = identity

    def role(self, identity: str | None) -> Role:
        """What a style (None: the default one) makes of a paragraph."""
        if identity is None:
            identity = self._default
        if identity not in self._roles:
            self._roles[identity] = self._read(identity)
        return self._roles[identity]

    def _read(self, identity: str | None) -> Role:
        chain = list(self._chain(identity))
        names = [style.name for style in chain] or [identity or ""]
        if any(_CONTENTS.match(name) for name in names[:2]):
            return Role(contents=True)
        list_id = _first(style.list_id for style in chain)
        list_level = _first(style.list_level for style in chain)
        return Role(
            kind=_kind(names),
            level=self._level(chain, names),
            numbered=(list_id, list_level or 0) if list_id not in (None, "0") else None,
            bold=bool(_first(style.bold for style in chain)),
        )

    def _level(self, chain: list[_Style], names: list[str]) -> int:
        for style in chain:
            if style.outline is not None:
                return style.outline + 1 if 0 <= style.outline < _LEVELS else 0
            if (level := heading_level(style.name)) is not None:
                return level
        return 0 if chain else heading_level(names[0]) or 0

    def _chain(self, identity: str | None) -> Iterator[_Style]:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(identity or "")
            if style is None:
                return
            yield style
            identity = style.based_on


def _first(values: Iterator[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)


def _kind(names: list[str]) -> ParagraphKind:
    for name in names[:2]:
        if _CODE.fullmatch(name):
            return "code"
        if _QUOTE.fullmatch(name):
            return "quote"
    return "text"


def _style(element: Element) -> _Style:
    def value(path: str) -> str | None:
        found = at(element, path)
        return None if found is None else found.get("w:val")

    return _Style(
        name=value("w:name") or element.get("w:styleId") or "",
        based_on=value("w:basedOn"),
        outline=number_of(value("w:pPr/w:outlineLvl")),
        list_id=value("w:pPr/w:numPr/w:numId"),
        list_level=number_of(value("w:pPr/w:numPr/w:ilvl")),
        bold=flag(element.find("w:rPr"), "w:b"),
    )


class Label(NamedTuple):
    """What a list shows before an item: `2.1`; "" for a bullet."""

    words: str


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    legal: bool = False
    restart: int | None = None


@dataclass(slots=True)
class _List:
    """levels: by their numbers from 0. counter: which lists count together. starts: where it begins anew."""

    levels: dict[int, _Level]
    counter: str
    starts: dict[int, int] = field(default_factory=dict)


_FORMS: Mapping[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "ordinal": ordinal,
    "none": lambda number: "",
}
_PLACE = re.compile(r"%([1-9])")


class Numbering:
    """Counts the lists of a document. Call `label` for each numbered paragraph in order."""

    def __init__(self, tree: Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if tree is not None:
            self._read(tree)

    def label(self, list_id: str, level: int) -> Label | None:
        """Count one more paragraph of a list (level: from 0); None when there is no such list."""
        known = self._lists.get(list_id)
        if known is None:
            return None
        level = min(max(level, 0), _LEVELS - 1)
        counts = self._counts.setdefault(known.counter, {})
        self._begin_anew(known, counts)
        own = known.levels.get(level, _Level())
        counts[level] = counts[level] + 1 if level in counts else own.start
        for deeper in [number for number in counts if number > level]:
            restart = known.levels.get(deeper, _Level()).restart
            # `restart` counts levels from 1: only that one and those above begin this one anew.
            if restart is None or level < restart:
                del counts[deeper]
        if own.form == "bullet":
            return Label("")
        return Label(
            _PLACE.sub(lambda place: self._shown(known, counts, int(place[1]) - 1, own), own.pattern)
        )

    def _begin_anew(self, known: _List, counts: dict[int, int]) -> None:
        for level, start in known.starts.items():
            for deeper in [number for number in counts if number >= level]:
                del counts[deeper]
            known.levels[level] = _copied(known.levels.get(level, _Level()), start)
        known.starts = {}

    def _shown(self, known: _List, counts: dict[int, int], level: int, own: _Level) -> str:
        of = known.levels.get(level, _Level())
        number = counts.get(level, of.start)
        if own.legal:
            return str(number)
        return _FORMS.get(of.form, str)(number)

    def _read(self, tree: Element) -> None:
        abstract = {one.get("w:abstractNumId", ""): one for one in tree.findall("w:abstractNum")}
        by_style = {
            link.get("w:val", ""): identity
            for identity, one in abstract.items()
            if (link := one.find("w:styleLink")) is not None
        }
        for element in tree.findall("w:num"):
            named = element.find("w:abstractNumId")
            counter = "" if named is None else named.get("w:val", "")
            linked = abstract[counter].find("w:numStyleLink") if counter in abstract else None
            if linked is not None:
                counter = by_style.get(linked.get("w:val", ""), counter)
            if counter in abstract:
                self._lists[element.get("w:numId", "")] = _list(element, abstract[counter], counter)


def _list(element: Element, abstract: Element, counter: str) -> _List:
    levels = dict(map(_level, abstract.findall("w:lvl")))
    starts: dict[int, int] = {}
    for override in element.findall("w:lvlOverride"):
        number = number_of(override.get("w:ilvl"), 0) or 0
        if (level := override.find("w:lvl")) is not None:
            levels[number] = _level(level)[1]
        if (start := override.find("w:startOverride")) is not None:
            starts[number] = number_of(start.get("w:val"), 1) or 0
    return _List(levels, counter, starts)


def _level(element: Element) -> tuple[int, _Level]:
    def value(name: str) -> str | None:
        found = element.find(name)
        return None if found is None else found.get("w:val")

    start = number_of(value("w:start"), 1)
    return number_of(element.get("w:ilvl"), 0) or 0, _Level(
        start=1 if start is None else start,
        form=value("w:numFmt") or "decimal",
        pattern=(value("w:lvlText") or "")[:100],
        legal=bool(flag(element, "w:isLgl")),
        restart=number_of(value("w:lvlRestart")),
    )


def _copied(level: _Level, start: int) -> _Level:
    return _Level(start, level.form, level.pattern, level.legal, level.restart)
