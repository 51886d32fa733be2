"""Where the file of a document lies now, from its key and the roots of the index."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..corpus.walk import spell, spellings
from ..errors import SourceMissing
from ..index.root import Root
from ..index.staleness import last_moment

__all__ = ["Located", "found_below", "key_of", "locate"]

_AGAIN = "To look again at what is there: docsearch index"


@dataclass(frozen=True, slots=True)
class Located:
    """A file. member: the path within it where it is an archive or a mail, else "". changed: since the index
    was last brought up to date."""

    path: str
    member: str
    changed: bool


def locate(key: str, roots: Sequence[Root], updated: dt.datetime) -> Located:
    """The file that a document was read from.

    SourceMissing when it did not come from a file, when the file has gone, or when its folder has.
    """
    root = next((root for root in roots if f"{key}/".startswith((f"{root.name}/", f"{root.name}!/"))), None)
    if root is None:
        raise SourceMissing(
            "this document did not come from a file: a program handed it over, or it is a sample",
            path=key,
            hint="docsearch show prints its text",
        )
    if not os.path.lexists(root.path):
        raise SourceMissing(
            f"{root.path} is not there",
            path=key,
            hint="Is its disk connected? docsearch show prints what the index holds",
        )
    path, member = _file_and_member(root, key)
    if path is None:
        raise SourceMissing("the file has gone since it was read", path=key, hint=_AGAIN)
    changed = os.stat(path).st_mtime > last_moment(updated)
    return Located(os.path.abspath(path), member, changed)


def key_of(path: str, roots: Sequence[Root]) -> str:
    """The key that a file's document has, or would have; "" for a file in none of the roots."""
    real = os.path.realpath(path)
    for root in roots:
        below = os.path.relpath(real, os.path.realpath(root.path))
        if below == os.curdir:
            return root.name
        if below.partition(os.sep)[0] != os.pardir:
            return "/".join((root.name, *_spelt(os.path.realpath(root.path), below.split(os.sep))))
    return ""


def _spelt(folder: str, names: Sequence[str]) -> Iterator[str]:
    """Names from a folder downward as keys spell them, which depends on what stands beside each."""
    for name in names:
        if name.isascii() and name.isprintable():
            yield name
        else:
            try:
                beside = {entry: spelling for spelling, entry in spellings(os.listdir(folder)).items()}
            except OSError:
                beside = {}
            yield beside.get(name) or spell(name)
        folder = os.path.join(folder, name)


def _file_and_member(root: Root, key: str) -> tuple[str | None, str]:
    """The file that a key leads to, None when there is none, and what within it.

    The longest path that is a file: the names of folders may end in `!`, too.
    """
    pieces = key.split("!/")
    for count in range(len(pieces), 0, -1):
        outer = "!/".join(pieces[:count])
        path = found_below(root.path, outer.removeprefix(root.name).lstrip("/"))
        if path is not None and os.path.isfile(path):
            return path, "!/".join(pieces[count:])
    return None, ""


def found_below(folder: str, rest: str) -> str | None:
    """The path below a folder whose names are spelt so in keys; None when there is none."""
    path = folder
    for name in filter(None, rest.split("/")):
        below = os.path.join(path, name)
        if not (name.isascii() and os.path.lexists(below)):
            try:
                entry = spellings(os.listdir(path)).get(name)
            except OSError:
                return None
            if entry is None:
                return None
            below = os.path.join(path, entry)
        path = below
    return path
