"""Which index a command is about, when it may be one of several.

In this order: `--index`; the environment variable DOCSEARCH_INDEX; the nearest folder `.docsearch` in the
current folder or above it, as git looks for its own; the user's own index in the platform's data folder.
Where none of these stands, a question is answered from the sample articles, and `docsearch index PATH`
makes the user's own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from ..index.manifest import NAME as MANIFEST

__all__ = ["FOLDER", "VARIABLE", "Located", "Origin", "locate", "locate_for_writing", "own_index"]

FOLDER = ".docsearch"
VARIABLE = "DOCSEARCH_INDEX"


class Origin(Enum):
    """How an index was found."""

    OPTION = "--index"
    VARIABLE = VARIABLE
    HERE = "current folder"
    ABOVE = "found above the current folder"
    OWN = "your own"
    SAMPLES = "sample articles"


@dataclass(frozen=True, slots=True)
class Located:
    """An index and how it was found. `path` is None for the sample articles, and only for them."""

    path: Path | None
    origin: Origin

    @property
    def options(self) -> str:
        """What a further command needs to reach the same index from here: `" --index PATH"` or ""."""
        return self.naming if self.origin is Origin.OPTION else ""

    @property
    def naming(self) -> str:
        """The same where the environment may be another one, too: what a hint has to say in full."""
        if self.origin in (Origin.OPTION, Origin.VARIABLE):
            import shlex  # only where one must be named

            return f" --index {shlex.quote(str(self.path))}"
        return ""

    @property
    def description(self) -> str:
        """The path, and how it was found where that is not plain."""
        aside = f" ({self.origin.value})" if self.origin in (Origin.ABOVE, Origin.OWN) else ""
        return f"{self.path}{aside}"

    @property
    def announcement(self) -> str:
        """Which index answers, where nobody who looks at the command would see it; else ""."""
        if self.origin is Origin.SAMPLES:
            return "no index yet, so the sample articles answer; index your own: docsearch index FOLDER"
        if self.origin in (Origin.ABOVE, Origin.OWN):
            return f"index: {self.description}"
        return ""


def locate(option: str | None, environ: Mapping[str, str], folder: Path) -> Located:
    """The index to ask. `option`: the value of `--index`; `folder`: the current one, absolute."""
    found = _named(option, environ) or _nearest(folder)
    if found is not None:
        return found
    own = own_index()
    return Located(own, Origin.OWN) if (own / MANIFEST).exists() else Located(None, Origin.SAMPLES)


def locate_for_writing(
    option: str | None, environ: Mapping[str, str], folder: Path, *, here: bool
) -> Located:
    """The index to make or update; with `here` the one in the current folder, whatever else there is."""
    if here:
        return Located(folder / FOLDER, Origin.HERE)
    return _named(option, environ) or _nearest(folder) or Located(own_index(), Origin.OWN)


def own_index() -> Path:
    """Where the user's own index stands on this platform, or will."""
    # Needed only where nothing nearer was found.
    from platformdirs import user_data_path

    return user_data_path("docsearch", appauthor=False) / "index"


def _named(option: str | None, environ: Mapping[str, str]) -> Located | None:
    if option:
        return Located(Path(option), Origin.OPTION)
    if environ.get(VARIABLE):
        return Located(Path(environ[VARIABLE]), Origin.VARIABLE)
    return None


def _nearest(folder: Path) -> Located | None:
    for place in (folder, *folder.parents):
        if os.path.isdir(place / FOLDER):
            return Located(place / FOLDER, Origin.HERE if place == folder else Origin.ABOVE)
    return None
