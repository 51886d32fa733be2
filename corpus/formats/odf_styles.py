"""What the styles of an OpenDocument file mean, and the numbers that its lists show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from .docx_styles import heading_level, number_of
from .numerals import columns, letters, roman
from .xmltree import Element

__all__ = ["Counter", "ListStyle", "Styles"]

_LONGEST_CHAIN = 30
_LEVELS = 10
_FORMS: Mapping[str, Callable[[int], str]] = {
    "i": roman,
    "I": lambda number: roman(number).upper(),
    "a": columns,
    "A": lambda number: columns(number).upper(),
    "aa": letters,
    "AA": lambda number: letters(number).upper(),
}
_ESCAPED = re.compile(r"_([0-9a-f]{1,4})_")


@dataclass(slots=True)
class _Style:
    name: str
    parent: str
    level: int | None
    list_style: str | None
    bold: bool | None
    hidden: bool


@dataclass(slots=True)
class _Level:
    """form: `1`, `a`, `I`; "" for no number; None for a bullet. shown: how many levels the number has."""

    form: str | None = None
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1


@dataclass(slots=True)
class ListStyle:
    """levels: by number from 1."""

    levels: dict[int, _Level] = field(default_factory=dict)


@dataclass(slots=True)
class Counter:
    """Where a list has come to, by level from 1."""

    counts: dict[int, int] = field(default_factory=dict)

    def label(self, style: ListStyle | None, level: int, start: int | None = None) -> str | None:
        """Count an item, and what is shown before it: `2.1`; "" for a bullet; None for a list unknown.

        start: the number that the item states of itself.
        """
        level = min(max(level, 1), _LEVELS)
        own = style.levels.get(level) if style else None
        if style is None or own is None:
            return None
        for deeper in [number for number in self.counts if number > level]:
            del self.counts[deeper]
        if start is None:
            start = self.counts[level] + 1 if level in self.counts else own.start
        self.counts[level] = start
        if own.form is None:
            return ""
        if not own.form:
            return f"{own.prefix}{own.suffix}".strip()
        parts = []
        for number in range(max(1, level - own.shown + 1), level + 1):
            of = style.levels.get(number, own)
            if of.form:
                parts.append(_FORMS.get(of.form, str)(self.counts.get(number, of.start)))
        return f"{own.prefix}{'.'.join(parts)}{own.suffix}".strip()


class Styles:
    """The styles of a file. trees: of its parts, those of the content last."""

    def __init__(self, *trees: Element | None) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self.lists: dict[str, ListStyle] = {}
        self.outline = ListStyle()
        for tree in trees:
            for element in tree.iter() if tree is not None else ():
                self._read(element)

    def level(self, name: str) -> int:
        """The level of a heading that a paragraph of a style is; 0 for none."""
        for style in self._chain("paragraph", name):
            if style.level:
                return style.level
            if (level := heading_level(style.name)) is not None:
                return level
            if style.level == 0:  # it opts out of what it is based on
                return 0
        return 0

    def is_bold(self, family: str, name: str) -> bool | None:
        """Whether letters of a style are bold; None when it does not say."""
        found = (style.bold for style in self._chain(family, name) if style.bold is not None)
        return next(found, None)

    def is_hidden(self, family: str, name: str) -> bool:
        """Whether what has a style is not shown."""
        return any(style.hidden for style in self._chain(family, name))

    def list_of(self, name: str) -> str | None:
        """The list style that a paragraph's style names."""
        found = (style.list_style for style in self._chain("paragraph", name) if style.list_style)
        return next(found, None)

    def names(self, name: str) -> list[str]:
        """A paragraph style's name and those of the styles above it, as people read them."""
        chain = list(self._chain("paragraph", name))
        return [style.name for style in chain] + [_shown(style.parent) for style in chain[-1:]]

    def _chain(self, family: str, name: str) -> Iterator[_Style]:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get((family, name))
            if style is None:
                return
            yield style
            name = style.parent

    def _read(self, element: Element) -> None:
        if element.tag == "style:style":
            name = element.get("style:name", "")
            self._styles[element.get("style:family", ""), name] = _style(element, name)
        elif element.tag == "text:list-style":
            self.lists[element.get("style:name", "")] = _list(element)
        elif element.tag == "text:outline-style":
            self.outline = _list(element)


def _style(element: Element, name: str) -> _Style:
    text = element.find("style:text-properties")
    shape = [element.find("style:table-properties"), element.find("style:section-properties"), text]
    weight = text.get("fo:font-weight") if text is not None else None
    level = element.get("style:default-outline-level")
    return _Style(
        name=element.get("style:display-name") or _shown(name),
        parent=element.get("style:parent-style-name", ""),
        level=None if level is None else number_of(level, 0),
        list_style=element.get("style:list-style-name"),
        bold=None if weight is None else weight in ("bold", "600", "700", "800", "900"),
        hidden=any(
            one is not None and (one.get("table:display") == "false" or one.get("text:display") == "none")
            for one in shape
        ),
    )


def _shown(name: str) -> str:
    """A style's name as people read it: `Heading_20_1` is `Heading 1`."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), name)


def _list(element: Element) -> ListStyle:
    found = ListStyle()
    for level in element:
        number = number_of(level.get("text:level"), 0) or 0
        numbered = level.tag in ("text:list-level-style-number", "text:outline-level-style")
        start = number_of(level.get("text:start-value"), 1)
        form = level.get("style:num-format", "")
        if form in ("a", "A") and level.get("style:num-letter-sync") == "true":
            form *= 2  # z, aa, bb, not z, aa, ab
        found.levels[number] = _Level(
            form=form if numbered else None,
            prefix=level.get("style:num-prefix", "")[:20],
            suffix=level.get("style:num-suffix", "")[:20],
            start=1 if start is None else start,
            shown=number_of(level.get("text:display-levels"), 1) or 1,
        )
    return found
