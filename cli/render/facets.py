"""Facets for a person: a block for each, with what to type for a value's documents only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...search.facets import Facet, FacetValue
from .safe import one_line
from .style import Style
from .width import clip, columns
from .words import counted

__all__ = ["render"]

_LABEL = 40
_GAP = "  "


def render(facets: Sequence[Facet], style: Style, width: int, most: int) -> str:
    """Each facet with at most so many values; "" without documents."""
    blocks = ("\n".join(_block(facet, style, width, most)) for facet in facets if facet.documents)
    return "".join(f"\n{block}\n" for block in blocks)


def _block(facet: Facet, style: Style, width: int, most: int) -> Iterator[str]:
    shown = facet.values[:most]
    said = f"of {counted(facet.documents, 'document')}{_without(facet, most)}"
    yield f"{style.paint(one_line(facet.field), 'title')}{_GAP}{style.paint(said, 'dim')}"
    labels = [clip(one_line(_label(facet.field, value)) or "(empty)", _LABEL) for value in shown]
    wide = max(map(columns, labels), default=0)
    digits = max((len(f"{value.documents:,}") for value in shown), default=0)
    for value, label in zip(shown, labels, strict=True):
        padding = " " * (wide - columns(label))
        line = f"{_GAP}{label}{padding}{_GAP}{value.documents:>{digits},}"
        yield line + _typed(value, style, width - columns(line))


def _label(field: str, value: FacetValue) -> str:
    """The value; a media type as it is typed, which is shorter."""
    return value.typed.removeprefix("type:") if field == "type" and value.typed else str(value.value)


def _typed(value: FacetValue, style: Style, room: int) -> str:
    """What can be typed, where it fits into the line: cut, it would ask for something else."""
    typed = one_line(value.typed)
    fits = typed and columns(typed) + len(_GAP) <= room
    return f"{_GAP}{style.paint(typed, 'dim')}" if fits else ""


def _without(facet: Facet, most: int) -> str:
    rest = len(facet.values) - most
    more = f"{counted(rest, 'more value')}, see --facet-values" if rest > 0 else ""
    none = f"{facet.missing:,} without" if facet.missing else ""
    return "".join(f" · {part}" for part in (none, more) if part)
