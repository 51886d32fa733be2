"""Colour: whether to use it, and which means what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TextIO

__all__ = ["COLOURS", "ColourChoice", "Role", "Style", "wants_colour"]

ColourChoice = Literal["auto", "always", "never"]
Role = Literal["plain", "title", "dim", "match", "warning", "error"]

COLOURS: Mapping[Role, str] = {
    "title": "1",
    "dim": "2",
    "match": "1;31",  # bold red, as grep marks: legible on a dark and on a light ground, which yellow is not
    "warning": "33",
    "error": "31",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How text is made to stand out.

    Without colour only matches are marked, by two asterisks on either side, as in a message or a note:
    plain enough for a pipe, visible to a reader, and rarer in documents than brackets or guillemets.
    """

    colour: bool

    def paint(self, text: str, role: Role) -> str:
        """Escaped text in its role's colour; as it is where the role has none, or the text is empty."""
        if not self.colour:
            return f"**{text}**" if role == "match" and text else text
        code = COLOURS.get(role)
        return f"\x1b[{code}m{text}\x1b[0m" if code and text else text


def wants_colour(choice: ColourChoice, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """`--color` decides; else NO_COLOR, FORCE_COLOR and TERM=dumb, in this order (each when not empty);
    else whether the stream is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return environ["FORCE_COLOR"] != "0"
    return environ.get("TERM") != "dumb" and stream.isatty()
