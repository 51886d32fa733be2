"""Lines made one text: hyphens at their ends, and the words that tell which of these belong to the word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .shapes import Line

__all__ = ["Vocabulary", "joined"]

_WORDS = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_LAST = re.compile(r"[^\W\d_]+\Z")
_FIRST = re.compile(r"[^\W\d_]+")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\Z")


class Vocabulary:
    """The words of a document, to tell `inter-national` from `well-known`. They are gathered when first
    asked for."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self._words: set[str] | None = None

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether two halves of a word that a line end divides have a hyphen between them anyway.

        before, after: texts that end and begin with the halves.
        """
        first, second = _LAST.search(before), _FIRST.match(after)
        if first is None or second is None or not second[0][0].islower():
            return True
        words = self._gathered()
        left, right = first[0].lower(), second[0].lower()
        if left + right in words:
            return False
        return f"{left}-{right}" in words or (len(left) > 2 and {left, right} <= words)

    def _gathered(self) -> set[str]:
        if self._words is None:
            self._words = set()
            divided = False
            for line in self._lines:
                words = _WORDS.findall(line.text.lower())
                self._words.update(words[divided : len(words) - 1])
                divided = line.hyphen or _HYPHEN.search(line.text.rstrip()) is not None
                if not divided:
                    self._words.update(words[-1:])
        return self._words


def joined(lines: Sequence[Line], vocabulary: Vocabulary) -> list[str]:
    """What each line adds to the text, so that they can be written one behind the other."""
    parts: list[str] = []
    for place, line in enumerate(lines):
        text = line.text.strip()
        if place + 1 == len(lines):
            parts.append(f"{text}-" if line.hyphen else text)
            continue
        after = lines[place + 1].text.lstrip()
        ended = _HYPHEN.search(text)
        if line.hyphen or (ended and _FIRST.match(after)):
            bare = text[: ended.start()] if ended else text
            parts.append(f"{bare}-" if vocabulary.keeps_hyphen(bare, after) else bare)
        else:
            parts.append(f"{text} ")
    return parts
