"""The citation of a paragraph: one shell-safe word that finds it again.

Grammar, version 1 (fixed; a later version changes the digit after `@`):

    citation  = key "@1:s" path ":p" ordinal [ ":g" page ] ":x" hash
    key       = the document's key, every character outside letters, digits and ._-/+,= percent-encoded
    path      = section ordinals from the top, joined by "." ("0" is the lead)
    ordinal   = the paragraph's place in its section, from 1
    page      = the page's index in the document, from 1 (only where the source has pages)
    hash      = 8 hex digits of BLAKE2b over the paragraph's words, case folded, joined by single spaces

The hash ignores white space, punctuation and case, so a re-wrapped paragraph keeps its citation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from ..errors import CitationUnresolved
from .digest import blake2b

__all__ = ["Citation", "words_hash"]

_WORDS = re.compile(r"\w+")
_GRAMMAR = re.compile(
    r"(?P<key>[^@\s]+)@(?P<version>\d+):s(?P<path>\d+(?:\.\d+)*):p(?P<ordinal>\d+)(?::g(?P<page>\d+))?:x(?P<hash>[0-9a-f]{8})"
)
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._\-/+,=]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HINT = "A citation looks like folder/file.txt@1:s2.1:p4:x0123abcd; copy it from a search result"


def words_hash(text: str) -> str:
    """8 hex digits over the words of `text`: case folded, NFC, joined by one space. Any text, also empty."""
    words = " ".join(_WORDS.findall(unicodedata.normalize("NFC", text).casefold()))
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


@dataclass(frozen=True, slots=True)
class Citation:
    """A parsed citation. `str()` gives the grammar above; `parse` reads it back.

    >>> c = Citation("acts/water act.txt", (2, 1), 4, "0123abcd")
    >>> str(c)
    'acts/water%20act.txt@1:s2.1:p4:x0123abcd'
    >>> Citation.parse(str(c)) == c
    True
    """

    key: str
    section: tuple[int, ...]
    paragraph: int
    hash: str
    page: int | None = None

    def __str__(self) -> str:
        page = f":g{self.page}" if self.page is not None else ""
        path = ".".join(map(str, self.section))
        return f"{_quote(self.key)}@1:s{path}:p{self.paragraph}{page}:x{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Citation:
        """Read a citation; `CitationUnresolved` when it does not follow the grammar or is of a later one."""
        found = _GRAMMAR.fullmatch(text.strip())
        if found is None or _SURROGATE.search(text):
            raise CitationUnresolved(f"not a citation: {text[:200]!r}", hint=_HINT)
        if found["version"] != "1":
            raise CitationUnresolved(
                f"this citation follows version {found['version'][:20]} of the grammar, not version 1",
                hint="Update docsearch to read it",
            )
        numbers = [*found["path"].split("."), found["ordinal"], found["page"] or "0"]
        if any(len(number) > 9 for number in numbers):
            raise CitationUnresolved(f"not a citation: {text[:200]!r}", hint=_HINT)
        return cls(
            key=unquote_to_bytes(found["key"]).decode("utf-8", "surrogateescape"),
            section=tuple(int(part) for part in found["path"].split(".")),
            paragraph=int(found["ordinal"]),
            hash=found["hash"],
            page=int(found["page"]) if found["page"] else None,
        )


def _quote(key: str) -> str:
    return _NOT_PLAIN.sub(_quoted, key)  # few characters of few keys; a list of hits asks for thousands


def _quoted(found: re.Match[str]) -> str:
    char = found[0]
    if char.isalnum() and unicodedata.is_normalized("NFC", char):
        return char
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
