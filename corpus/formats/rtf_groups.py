"""The groups of RTF: what is said in each, and how its letters look."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["NOTE", "SKIPPED", "Group"]

NOTE = "footnote"

# Destinations without words of the text. What stands behind `\*` and is not listed below is one, too.
SKIPPED = frozenset(
    (
        *("skipped", "colortbl", "pict", "header", "headerl", "headerr", "headerf", "footer", "footerl"),
        *("footerr", "footerf", "annotation", "atnid", "atnauthor", "fldinst", "xe", "tc", "txe", "objdata"),
        *("nonshppict", "filetbl", "revtbl", "ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn"),
        *(
            "pntxta",
            "pntxtb",
            "sp",
            "operator",
            "printim",
            "buptim",
            "listtable",
            "listoverridetable",
            "info",
        ),
        *("template", "bkmkstart", "bkmkend", "rsidtbl", "generator", "themedata", "datafield", "objclass"),
    )
)
_READ = frozenset(
    (
        *("fonttbl", "stylesheet", "listtext", "pntext", NOTE, "title", "author", "subject", "keywords"),
        *("category", "doccomm", "creatim", "revtim"),
    )
)
_OF_INFO = frozenset(
    ("title", "author", "subject", "keywords", "category", "doccomm", "creatim", "revtim", "operator")
)
_TRANSPARENT = frozenset(("shpinst", "shptxt", "ud", "result", "fldrslt"))


@dataclass(slots=True)
class Group:
    """destination: where its words go; "" is the body. begins: it began that destination itself.
    optional: `\\*` stands before its next word. unicode_skip: what follows `\\u` for other programs."""

    destination: str = ""
    begins: bool = False
    optional: bool = False
    within_info: bool = False
    unicode_skip: int = 1
    font: int = 0
    bold: bool = False
    hidden: bool = False
    deleted: bool = False

    def inner(self) -> Group:
        """A group within this one: it begins as this one is."""
        return replace(self, begins=False, optional=False)

    def begin(self, word: str) -> bool:
        """Whether a word begins a destination, or one that is passed over."""
        optional, self.optional = self.optional, False
        if self.destination in SKIPPED and not (self.within_info and word in _OF_INFO):
            return optional
        if word in _READ and (word not in _OF_INFO or self.within_info):
            self.destination, self.begins = word, True
            return True
        if word == "info":
            self.destination, self.within_info = "info", True
            return True
        if word in SKIPPED or (optional and word not in _TRANSPARENT and self.destination != "stylesheet"):
            self.destination = "skipped"
            return True
        return False

    def format(self, word: str, number: int | None) -> None:
        """Take a word for how letters look."""
        on = number != 0
        if word == "b":
            self.bold = on
        elif word == "v":
            self.hidden = on
        elif word == "deleted":
            self.deleted = on
        elif word == "plain":
            self.bold = self.hidden = self.deleted = False
