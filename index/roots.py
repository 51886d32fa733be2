"""Which roots an update is about: those that were named, or all that the index was made from.

Roots never overlap, so that no file is read under two keys. A path inside a root stands for that root;
a folder around a root is refused, because taking it in would change the keys (and citations) of what is
there. What a root does not see, such as a hidden folder, may be a root of its own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..corpus.ignore import Rules
from ..corpus.languages import language_code
from ..corpus.walk import is_within, root_name, walk
from ..errors import CorpusError, IndexProblem, SourceMissing
from .arguments import listed_paths, listed_patterns
from .root import Root

__all__ = ["Paths", "add_roots", "check_paths", "rules_of", "with_patterns"]

Paths = Sequence[str | os.PathLike[str]]


def check_paths(paths: Paths, index: Path | None) -> list[str]:
    """The paths, absolute, when each can be looked into and holds anything at all.

    index: the folder of the index, which is no source. SourceMissing for a path that is not there or
    holds nothing, Unreadable for one that cannot be opened, IndexProblem for one in the index itself.
    """
    checked = []
    for path in listed_paths(paths):
        if not path:
            raise SourceMissing("a path is empty", hint="Name a folder or a file; `.` is the current one")
        first = next(walk(path, None if index is None else str(index)), None)
        if index is not None and is_within(os.path.realpath(path), os.path.realpath(index)):
            raise IndexProblem(
                "this is the index itself", path=path, hint="Name the folder that holds the documents"
            )
        if first is None:
            raise SourceMissing(
                "the folder holds no files (hidden ones do not count)",
                path=path,
                hint="Put documents there, or name another folder",
            )
        checked.append(os.path.abspath(path))
    return checked


def add_roots(known: Sequence[Root], paths: Sequence[str]) -> tuple[tuple[Root, ...], tuple[Root, ...]]:
    """All roots when `paths`, absolute and checked, are added to the known ones; and those that the paths
    stand for, in the order of all.

    IndexProblem for a folder that holds a known root.
    """
    roots = list(known)
    meant: set[str] = set()
    for path in paths:
        outermost = min((other for other in paths if _sees(other, path)), key=len)
        root = next((root for root in roots if _sees(root.path, outermost)), None)
        if root is None:
            _refuse_enclosing(outermost, roots)
            root = Root(root_name(outermost, {root.name for root in roots}), outermost)
            roots.append(root)
        meant.add(root.name)
    return tuple(roots), tuple(root for root in roots if root.name in meant)


def with_patterns(
    roots: Sequence[Root],
    meant: Sequence[Root],
    known: Sequence[Root],
    include: Sequence[str] | None,
    exclude: Sequence[str] | None,
    language: str | None = None,
) -> tuple[tuple[Root, ...], tuple[Root, ...]]:
    """All roots, and those of them that are meant, with their patterns and language: what is given for the
    meant ones, else what they had before.

    IndexProblem for what is no pattern, or no language.
    """
    spoken = None if language is None else _language(language)
    before = {root.path: root for root in known}
    names = {root.name for root in meant}
    included = None if include is None else listed_patterns("include", include)
    excluded = None if exclude is None else listed_patterns("exclude", exclude)

    def settled(root: Root) -> Root:
        was = before.get(root.path, root)
        kept = replace(root, include=was.include, exclude=was.exclude, language=was.language)
        if root.name not in names:
            return kept
        return replace(
            kept,
            include=kept.include if included is None else included,
            exclude=kept.exclude if excluded is None else excluded,
            language=kept.language if spoken is None else spoken,
        )

    settled_roots = tuple(map(settled, roots))
    for root in settled_roots:
        rules_of(root)
    return settled_roots, tuple(root for root in settled_roots if root.name in names)


def _language(given: str) -> str:
    """The code of a language; "" for none."""
    if not given:
        return ""
    code = language_code(given)
    if code is None:
        raise IndexProblem(
            f"{given!r} is no language", hint="Give its code, such as en, de or es, or its name in English"
        )
    return code


def rules_of(root: Root) -> Rules:
    """The patterns of a root, ready to be asked. IndexProblem for what is none."""
    try:
        return Rules.given(root.include, root.exclude)
    except CorpusError as error:
        raise IndexProblem(error.message, hint=error.hint) from error


def _refuse_enclosing(path: str, roots: Sequence[Root]) -> None:
    for root in roots:
        if _sees(path, root.path):
            raise IndexProblem(
                f"it holds {root.path}, which the index has as the root {root.name}: "
                "its documents would be found twice",
                path=path,
                hint="Give it an index of its own with --index, or make this one anew from the paths "
                "that it shall have, with --rebuild",
            )


def _sees(root: str, path: str) -> bool:
    """Whether a walk over the root meets the path: it is the root, or in it and not hidden."""
    inner, outer = os.path.realpath(path), os.path.realpath(root)
    if not is_within(inner, outer):
        return False
    return not any(part.startswith(".") for part in inner[len(outer) :].split(os.sep))
