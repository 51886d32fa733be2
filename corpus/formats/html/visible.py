"""What of a page is shown, and how much text it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .names import named
from .tree import Element

__all__ = ["Measure", "Measures", "is_shown"]

_UNSEEN = named(
    "area audio base basefont bgsound button canvas datalist embed frame frameset head "
    "iframe input link map meta noembed noframes noscript object optgroup option param rp "
    "script select source style svg template textarea title track video"
)
_HIDING = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_LITTLE = 300  # characters; hidden elements that hold more are folded texts rather than dialogues
_WORD = re.compile(r"[^\W_]")


def is_shown(element: Element) -> bool:
    """Whether an element's words are for reading: no script, control, or hidden trifle."""
    if element.name in _UNSEEN:
        return False
    if not element.written:
        return True
    if element.name == "dialog" and not element.has("open"):
        return False
    if element.name == "a" and element.get("href").startswith("#"):
        return _WORD.search(element.words()) is not None  # the mark behind a heading that links to itself
    if not (
        element.has("hidden") or element.get("aria-hidden") == "true" or _HIDING.search(element.get("style"))
    ):
        return True
    return len(element.words()) > _LITTLE


@dataclass(frozen=True, slots=True)
class Measure:
    """Characters without white space: all, and those in links. links: how many there are."""

    all: int = 0
    linked: int = 0
    links: int = 0

    @property
    def plain(self) -> int:
        """Characters outside of links."""
        return self.all - self.linked


class Measures:
    """How much text each element of a tree shows, worked out once."""

    def __init__(self, root: Element) -> None:
        self._known: dict[int, Measure] = {}
        self._measure(root, in_link=False)

    def __getitem__(self, element: Element) -> Measure:
        return self._known.get(id(element), _NOTHING)

    def _measure(self, element: Element, *, in_link: bool) -> Measure:
        if not is_shown(element):
            return _NOTHING
        opens = element.name == "a" and not in_link and element.has("href")
        in_link = in_link or opens
        size, linked, links = 0, 0, int(opens)
        for child in element.children:
            if isinstance(child, str):
                count = len("".join(child.split()))
                size += count
                linked += count if in_link else 0
            else:
                inner = self._measure(child, in_link=in_link)
                size, linked, links = size + inner.all, linked + inner.linked, links + inner.links
        measure = Measure(size, linked, links)
        self._known[id(element)] = measure
        return measure


_NOTHING = Measure()
