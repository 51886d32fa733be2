"""Which Whoosh stands behind the import name `whoosh`.

whoosh3, Whoosh-Reloaded and Whoosh all install a package of this name, each over the files of the other: with
two of them installed, what is imported is a mixture of both.
"""

from __future__ import annotations

from importlib.metadata import Distribution, PackageNotFoundError

from ...errors import IndexProblem

__all__ = ["check_whoosh"]

_NAMES = ("whoosh3", "Whoosh-Reloaded", "Whoosh")


def check_whoosh() -> None:
    """IndexProblem when more than one distribution of Whoosh is installed."""
    found = [f"{name} {version}" for name in _NAMES if (version := _version(name))]
    if len(found) > 1:
        raise IndexProblem(
            f"{' and '.join(found)} are installed together, and have overwritten each other's files",
            hint=f"Uninstall them all ({', '.join(_NAMES)}), then install whoosh3 alone",
        )


def _version(name: str) -> str | None:
    try:
        return Distribution.from_name(name).version
    except PackageNotFoundError:
        return None
