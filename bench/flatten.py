"""One line a block, `path#n<TAB>text`: the same text for every engine of a comparison.

A block is what stands between blank lines, its white space folded; front matter is left out. So plain a
reading of a folder (`python -m bench.flatten FOLDER`) is also what the time of `docsearch index` is held
against.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["Block", "blocks_of", "flatten", "read_flat", "write_flat"]

Block = tuple[str, str]
"""Its id and its text."""

_FENCE = "\n---"
_READ = 1 << 20  # bytes
_BLANK_LINES = re.compile(r"\n\s*\n")
_SPACE = re.compile(r"\s+")


def blocks_of(text: str) -> Iterator[str]:
    """The blocks of a Markdown document."""
    if text.startswith("---\n"):
        text = text[text.find(_FENCE, 4) + len(_FENCE) :]
    for part in _BLANK_LINES.split(text):
        block = _SPACE.sub(" ", part).strip()
        if block:
            yield block


def flatten(folder: Path, prefix: str = "") -> Iterator[Block]:
    """The blocks of all `.md` files beneath, files sorted by path; prefix: put in front of every id."""
    for file in sorted(folder.rglob("*.md")):
        name = f"{prefix}{file.relative_to(folder)}"
        text = file.read_text(encoding="utf-8", errors="replace")
        for number, block in enumerate(blocks_of(text)):
            yield f"{name}#{number}", block


def write_flat(path: Path, blocks: Iterable[Block]) -> None:
    beside = path.with_name(f"{path.name}.part")
    with open(beside, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{name}\t{text}\n" for name, text in blocks)
    beside.replace(path)  # what has its name is whole


def read_flat(path: Path, limit: int | None = None) -> Iterator[Block]:
    """The blocks of a flattened file, at most `limit`. It is read by the megabyte, since with an engine that
    uses threads of Python each small read can wait for one of them."""
    left = sys.maxsize if limit is None else limit
    with open(path, "rb") as file:
        rest = b""
        while left > 0 and (read := file.read(_READ)):
            whole, _, rest = (rest + read).rpartition(b"\n")
            lines = whole.decode().split("\n")[:left] if whole else []
            left -= len(lines)
            for line in lines:
                name, _, text = line.partition("\t")
                yield name, text


if __name__ == "__main__":
    sys.stdout.writelines(f"{name}\t{text}\n" for name, text in flatten(Path(sys.argv[1])))
