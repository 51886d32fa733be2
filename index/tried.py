"""By what files were tried: readers, libraries, limits. A file that could not be read, or not in whole, is
tried again when these have changed, not at every update."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import astuple

from ..corpus import formats
from ..corpus.digest import blake2b
from ..corpus.registry import registered_types
from .limits import Limits

__all__ = ["tried_by"]

_NAME = "policy-docsearch"
_EXTRA = re.compile(r"extra\s*==\s*['\"]formats['\"]")
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


def tried_by(limits: Limits) -> str:
    """A short fingerprint of all by which files are read now."""
    parts = [
        f"python {sys.version_info.major}.{sys.version_info.minor}",
        *sorted(_libraries()),
        *(f"{kind} {home}" for kind, home in sorted(formats.HOMES.items())),
        *sorted(registered_types()),
        f"tesseract {shutil.which('tesseract') is not None}",
        repr(astuple(limits)),
    ]
    return blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()


def _libraries() -> Iterator[str]:
    """This program and the libraries that readers stand on, with their versions; all that is installed,
    where this program is not and so does not say which these are."""
    from importlib import metadata  # here, since few updates ask, and it takes 20 ms

    try:
        own = metadata.distribution(_NAME)
    except metadata.PackageNotFoundError:
        yield from (f"{each.name} {each.version}" for each in metadata.distributions())
        return
    yield f"{_NAME} {own.version}"
    yield from _versions(line for line in own.requires or () if _EXTRA.search(line))


def _versions(requirements: Iterable[str]) -> Iterator[str]:
    from importlib import metadata

    for line in requirements:
        found = _REQUIREMENT.match(line)
        if found is None:
            continue
        try:
            yield f"{found[0]} {metadata.version(found[0])}"
        except metadata.PackageNotFoundError:
            yield f"{found[0]} missing"
