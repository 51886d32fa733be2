"""Outlook messages, property by property."""

from __future__ import annotations

import datetime as dt
import struct

from . import Made
from .html import written
from .ole import container
from .plans import PLANS, Plan

__all__ = ["Streams", "documents", "message"]

Streams = dict[tuple[str, ...], bytes]
_SENT = dt.datetime(2021, 5, 4, 8, tzinfo=dt.UTC)


def message(plan: Plan, *, form: str = "unicode", above: tuple[str, ...] = ()) -> Streams:
    """The streams of a message about a plan. form: `unicode`, `ansi` or `html`, as the text is kept."""
    ticks = (_SENT - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1) * 10
    fixed = bytes(24 if above else 32) + struct.pack("<IIQ", 0x0039_0040, 6, ticks)
    fixed += struct.pack("<IIQ", 0x3FFD_0003, 6, 1252)
    streams = {
        (*above, "__properties_version1.0"): fixed,
        (*above, "__substg1.0_0037001F"): plan.title.encode("utf-16-le"),
        (*above, "__substg1.0_0C1A001F"): plan.author.encode("utf-16-le"),
        (*above, "__substg1.0_5D01001F"): "office@x.example".encode("utf-16-le"),
        (*above, "__substg1.0_0E04001F"): "Ann Lee".encode("utf-16-le"),
    }
    text = "\r\n\r\n".join(words(plan))
    if form == "html":
        streams[(*above, "__substg1.0_10130102")] = written(plan).encode()
    elif form == "ansi":
        streams[(*above, "__substg1.0_1000001E")] = text.encode("cp1252")
    else:
        streams[(*above, "__substg1.0_1000001F")] = text.encode("utf-16-le")
    return streams


def words(plan: Plan) -> list[str]:
    return [f"{one.label} {one.words}".strip() for one in plan.parts if one.kind in ("p", "li", "n")]


def documents() -> list[Made]:
    """A message for each plan."""
    forms = ("unicode", "ansi", "html", "unicode", "ansi", "html")
    return [_made(plan, form) for plan, form in zip(PLANS, forms, strict=True)]


def _made(plan: Plan, form: str) -> Made:
    headings = (
        tuple((one.level, one.words) for one in plan.parts if one.kind == "h") if form == "html" else ()
    )
    paragraphs = tuple((paragraph, None) for paragraph in words(plan))
    content = container(message(plan, form=form))
    return Made(f"{plan.name}.msg", content, headings, paragraphs, plan.middle, plan.title)
