"""What programs hand over, checked before it is used: a wrong type is told with the argument's name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import CorpusError, IndexProblem

if TYPE_CHECKING:
    from .limits import Limits

__all__ = [
    "check_limits",
    "check_progress",
    "check_seconds",
    "check_text",
    "check_workers",
    "folder_of",
    "listed_keys",
    "listed_paths",
    "listed_patterns",
    "pair_of",
]


def check_seconds(wait: float) -> None:
    """IndexProblem unless it is a number of seconds."""
    if not isinstance(wait, int | float) or wait != wait:
        raise _wrong("wait", wait, "a number of seconds")


def check_workers(workers: int | None) -> None:
    """IndexProblem unless it is None or a number of processes."""
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise _wrong("workers", workers, "a number of processes from 1, or None")


def check_progress(progress: object) -> None:
    """IndexProblem unless it is None or can be called."""
    if progress is not None and not callable(progress):
        raise _wrong("progress", progress, "something to call, or None")


def check_text(name: str, value: str) -> None:
    """IndexProblem unless it is text."""
    if not isinstance(value, str):
        raise _wrong(name, value, "text")


def folder_of(path: str | os.PathLike[str]) -> Path:
    """The folder that a path names; IndexProblem for what names none."""
    text = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(text, str) or "\0" in text:
        raise _wrong("the path of an index", path, "a path")
    return Path(text)


def pair_of(passage: tuple[str, str]) -> tuple[str, str]:
    """Key and text of a passage; CorpusError for anything else."""
    try:
        key, text = passage
    except (TypeError, ValueError):
        key = text = None  # type: ignore[assignment]
    if not isinstance(text, str):
        raise CorpusError(
            f"{ascii(passage)[:40]} ({type(passage).__name__}) is no passage",
            hint="Nothing was changed. Hand over pairs of a key and a text",
        )
    return key, text


def check_limits(limits: Limits) -> None:
    """IndexProblem unless they are limits."""
    from .limits import Limits  # here, since a search, which checks other arguments, has none

    if not isinstance(limits, Limits):
        raise _wrong("limits", limits, "a docsearch.Limits")


def listed_paths(paths: Sequence[str | os.PathLike[str]] | str | os.PathLike[str]) -> list[str]:
    """The paths as text; one that stands alone counts as a list of one. IndexProblem for anything else."""
    given = _listed("paths", paths, (str, os.PathLike), "a list of paths")
    return [os.fsdecode(path) for path in given]


def listed_keys(keys: Iterable[str] | str) -> list[str]:
    """The keys; one that stands alone counts as a list of one. IndexProblem for anything else."""
    return _listed("keys", keys, (str,), "a list of keys")


def listed_patterns(name: str, patterns: Sequence[str] | str) -> tuple[str, ...]:
    """The patterns; one that stands alone counts as a list of one: its letters, as patterns, would leave
    out everything. IndexProblem for anything else."""
    return tuple(_listed(name, patterns, (str,), "a list of patterns"))


def _listed(name: str, value: object, kinds: tuple[type, ...], wanted: str) -> list[str]:
    if isinstance(value, kinds):
        value = [value]
    if not isinstance(value, Iterable) or isinstance(value, bytes | bytearray):
        raise _wrong(name, value, wanted)
    items = list(value)
    for item in items:
        if not isinstance(item, kinds):
            raise _wrong(f"an item of {name}", item, f"what {wanted} holds")
    return items


def _wrong(name: str, value: object, wanted: str) -> IndexProblem:
    return IndexProblem(
        f"{name} is {ascii(value)[:40]} ({type(value).__name__}), not {wanted}",
        hint=f"Give {name.removeprefix('an item of ')} as {wanted}",
    )
