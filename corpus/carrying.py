"""Readers of an embedding program by name, so that reading processes can import them, too."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.machinery import PathFinder
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .registry import Reader

__all__ = ["home_of", "take_over"]


def home_of(reader: object) -> str | None:
    """`module:function` of a reader; None when another process could not import it by that."""
    module, name = getattr(reader, "__module__", None), getattr(reader, "__qualname__", "")
    if not isinstance(module, str) or module == "__main__" or not _can_be_found(module):
        return None
    try:
        found = attrgetter(name)(sys.modules[module])
    except (AttributeError, KeyError):  # a lambda, or a function within another
        return None
    return f"{module}:{name}" if found is reader else None


def _can_be_found(module: str) -> bool:
    """Whether an import in another process, which has our paths, finds the module that is loaded here."""
    top = module.partition(".")[0]
    spec, loaded = PathFinder.find_spec(top), sys.modules.get(top)
    if spec is None or loaded is None or spec.origin is None:
        return False
    file = getattr(loaded, "__file__", None)
    return file is not None and Path(spec.origin).absolute() == Path(file).absolute()


def take_over(homes: Mapping[str, str]) -> None:
    """Register the readers of another process. ImportError or AttributeError when one is not to be found."""
    from .registry import register

    for media_type, home in homes.items():
        module, _, name = home.partition(":")
        reader: Any = attrgetter(name)(import_module(module))
        kept: Reader = reader
        register(media_type, kept)
