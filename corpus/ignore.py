"""What of a folder is left out on purpose: by `.docsearchignore` files, and by patterns given with the root.

Patterns are those of `.gitignore`. A `.docsearchignore` counts for its folder and all beneath; of several
that speak about a path, the deepest decides, and in each the last line that does. Patterns to leave out
(`--exclude`) cannot be taken back by a file; where there are patterns to keep (`--include`), files must match
one of them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import CorpusError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["FILES", "FOLDER", "LEFT_OUT", "NAME", "Rules", "is_on_purpose"]

NAME = ".docsearchignore"
LEFT_OUT = "left out by "
"""How every reason of this module begins."""
FOLDER = f"the folder is {LEFT_OUT}"
FILES = "files here are left out: "
_LARGEST = 1 << 20


def is_on_purpose(reason: str) -> bool:
    """Whether a gap is what somebody asked for."""
    return reason.startswith((FOLDER, FILES))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Lines of patterns. base: the folder that they are about, as paths begin with it (`sub/`, or empty)."""

    lines: tuple[str, ...]
    spec: GitIgnoreSpec
    source: str
    base: str = ""

    @classmethod
    def of(cls, lines: Sequence[str], source: str, base: str = "") -> _Patterns:
        """CorpusError for a line that is no pattern."""
        from pathspec import GitIgnoreSpec  # here, since most roots have no patterns

        for number, line in enumerate(lines, 1):
            try:
                GitIgnoreSpec.from_lines([line])
            except ValueError as error:
                raise CorpusError(
                    f"{source}: `{line.strip()}` (line {number}) is no pattern",
                    hint="Write it as in a .gitignore file",
                ) from error
        return cls(tuple(lines), GitIgnoreSpec.from_lines(lines), source, base)

    def says(self, path: str) -> bool | None:
        """Whether it leaves a path out (True), keeps it (False), or says nothing of it."""
        at = self._deciding(path)
        return None if at is None else self.spec.patterns[at].include

    def holds(self, path: str) -> bool:
        """Whether a path, or a folder that it lies in, is named."""
        return self.spec.match_file(path[len(self.base) :])

    def reason(self, path: str) -> str:
        at = self._deciding(path)
        line = self.lines[at].strip() if at is not None and at < len(self.lines) else ""
        return f"{LEFT_OUT}`{line}` ({self.source})"

    def _deciding(self, path: str) -> int | None:
        """The last line that speaks about a path itself. Folders are judged before what is in them, as git
        does it: so `!drafts/` speaks about the folder alone, and `drafts/**` about what is in it alone."""
        name = path[len(self.base) :]
        for at in reversed(range(len(self.spec.patterns))):
            pattern = self.spec.patterns[at]
            if pattern.include is not None and (found := pattern.match_file(name)) is not None:
                if "ps_d" in found.match.re.groupindex:  # where a folder's name ended
                    speaks = found.match.end("ps_d") in (-1, len(name))
                else:
                    speaks = not (name.endswith("/") and found.match.end() == len(name))
                if speaks:
                    return at
        return None


@dataclass(frozen=True, slots=True)
class Rules:
    """All that is left out in a folder of a root."""

    include: _Patterns | None = None
    exclude: _Patterns | None = None
    files: tuple[_Patterns, ...] = ()

    @classmethod
    def given(cls, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Rules:
        """The patterns of a root. CorpusError for what is no pattern."""
        return cls(
            _Patterns.of(include, "--include") if include else None,
            _Patterns.of(exclude, "--exclude") if exclude else None,
        )

    def within(self, folder: str, base: str) -> Rules:
        """The rules in a folder, which may have a file of its own. base: as in `_Patterns`.

        OSError when its file cannot be read, CorpusError when a line of it is no pattern.
        """
        lines = _lines(os.path.join(folder, NAME))
        if lines is None:
            return self
        return replace(self, files=(*self.files, _Patterns.of(lines, base + NAME, base)))

    def reason(self, path: str, *, folder: bool = False) -> str:
        """Why a path is left out; "" when it is not. path: relative to the root."""
        if not (self.include or self.exclude or self.files):
            return ""
        name = f"{path}/" if folder else path
        if self.exclude is not None and self.exclude.says(name):
            return self.exclude.reason(name)
        for patterns in reversed(self.files):
            said = patterns.says(name)
            if said:
                return patterns.reason(name)
            if said is not None:
                break
        if self.include is not None and not folder and not self.include.holds(name):
            return f"{LEFT_OUT}--include, which no pattern of it matches"
        return ""


def _lines(file: str) -> list[str] | None:
    """The lines of an ignore file; None when there is none."""
    try:
        status = os.stat(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        raise CorpusError(f"{NAME} is no file of at most {_LARGEST >> 20} MB")
    with open(file, encoding="utf-8", errors="replace") as stream:
        return stream.read().removeprefix("\ufeff").splitlines()
