"""Groupings: by what documents are counted. Values only, so that any engine can be handed them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["ByDate", "ByField", "ByFolder", "ByHeading", "Grouping", "Step"]

Step = Literal["decade", "year", "month", "day"]


@dataclass(frozen=True, slots=True)
class ByField:
    """The values of a field, as `where` names them: `source`, `language`, `extra.type`, `topics`."""

    field: str


@dataclass(frozen=True, slots=True)
class ByDate:
    """The dates of a field, cut to a step. A date less precise than the step stays as it is: by month, a
    document of 2023 counts for 2023. Decades are named by their first year."""

    field: str
    step: Step


@dataclass(frozen=True, slots=True)
class ByFolder:
    """The folders that a document's key names, outer ones too: `a/b/c.md` counts for `a` and `a/b`."""


@dataclass(frozen=True, slots=True)
class ByHeading:
    """The headings of the sections in which the answering paragraphs stand (the innermost ones), white space
    folded. A document counts once for each; paragraphs in a document's lead have no heading."""


Grouping = ByField | ByDate | ByFolder | ByHeading
