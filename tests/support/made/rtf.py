"""RTF documents as word processors write them: styles, lists with their shown numbers, notes, tables."""

from __future__ import annotations

from . import Made
from .plans import PLANS, Part, Plan

__all__ = ["documents", "rtf"]

_HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fswiss\fcharset204 Arial;}"
    r"{\f2\fmodern\fcharset128 Mincho;}}{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\s0\snext0 Normal;}{\s1\outlinelevel0\b Titel 1;}{\s2\sbasedon0\snext0 heading 2;}"
    r"{\s3\sbasedon2\outlinelevel2 Drei;}{\s4 toc 1;}{\*\cs9\b Strong;}}"
    r"{\*\generator Some Writer;}{\info{\title %s}{\author %s}{\creatim\yr2020\mo2\dy29\hr1}{\operator x}}"
    "\n"
)


def rtf(body: str, title: str = "", author: str = "") -> bytes:
    """A document of a body (RTF)."""
    return (_HEAD % (spelt(title), spelt(author)) + body + "}").encode("ascii")


def spelt(words: str) -> str:
    """Words in ASCII: some letters as bytes of the code page, others by their number."""
    return "".join(map(_letter, words))


def _letter(char: str) -> str:
    if char in "\\{}":
        return "\\" + char
    if char.isascii():
        return char
    if ord(char) < 256:
        return f"\\'{ord(char):02x}"
    return f"\\u{ord(char) - (65_536 if ord(char) > 32_767 else 0)}?"


def documents() -> list[Made]:
    """An RTF document for each plan."""
    return list(map(_document, PLANS))


def _document(plan: Plan) -> Made:
    parts = list(plan.parts)
    body = []
    truth: list[tuple[str, int | None]] = []
    for part, after in zip(parts, [*parts[1:], Part("p")], strict=True):
        if part.kind == "n":
            truth.append((part.words, None))
            continue
        mark = r"{\super\chftn}"
        note = rf"{mark}{{\footnote\pard\plain {mark} {spelt(after.words)}}}" if after.kind == "n" else ""
        body.append(_block(part, note))
        if part.kind == "t":
            truth.append(("\n".join(" | ".join(row) for row in part.rows), None))
        elif part.kind != "h":
            truth.append((f"{part.label} {part.words}".strip(), None))
    return Made(
        f"{plan.name}.rtf",
        rtf("".join(body), plan.title, plan.author),
        tuple((part.level, part.words) for part in parts if part.kind == "h"),
        tuple(truth),
        plan.middle,
        plan.title,
    )


def _block(part: Part, note: str) -> str:
    words = spelt(part.words) + note
    if part.kind == "h":
        return rf"\pard\plain\s{part.level}\b {words}\par" + "\n"
    if part.kind == "li":
        return rf"\pard\plain\ls1{{\listtext\pard\plain {part.label}\tab}}{words}\par" + "\n"
    if part.kind == "t":
        rows = [[spelt(cell) for cell in row] for row in part.rows]
        rows[-1][-1] += note
        return "".join(
            r"\trowd\cellx1000\cellx2000" + "".join(rf"\pard\intbl {cell}\cell" for cell in row) + "\\row\n"
            for row in rows
        )
    half = len(part.words) // 2
    return rf"\pard\plain {spelt(part.words[:half])}{{\lang1033 {spelt(part.words[half:])}}}{note}\par" + "\n"
