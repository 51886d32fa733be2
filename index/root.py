"""Where the documents of an index come from. Apart from the reports, since every search reads it."""

from __future__ import annotations

import os
from dataclasses import dataclass

__all__ = ["Root", "file_of"]


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or file that an index was made from. name: first part of its documents' keys;
    path: absolute, in the platform's form. include, exclude: patterns as in `.gitignore` of what to read and
    of what to leave out. language: of the documents that state none; "" where it is to be told from each."""

    name: str
    path: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    language: str = ""


def file_of(folder: str, path: str) -> str:
    """The file of a source: the path of its root, and its own in that; empty where the root is the file."""
    return os.path.join(folder, *path.split("/")) if path else folder
