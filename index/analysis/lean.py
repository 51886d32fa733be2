"""NLTK's stemmers without the rest of NLTK.

`import nltk.stem.snowball` loads all of NLTK first, and what that finds (SciPy, for one): .2 to .8 seconds of
every process that stems. Its stemmers need five small modules. They are loaded here under their own names,
from NLTK's own files, but not into `sys.modules`: a program that imports NLTK gets the whole of it.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

__all__ = ["snowball"]

_NAME = "nltk.stem.snowball"


def snowball() -> Any:
    """The module `nltk.stem.snowball`; ModuleNotFoundError without NLTK."""
    if _NAME in sys.modules:
        return importlib.import_module(_NAME)  # waits, should another thread be importing it
    try:
        return _Lean(_folder()).module(_NAME)
    except ModuleNotFoundError:
        raise
    except Exception:  # noqa: BLE001 - another NLTK may stand otherwise: then all of it is imported
        return importlib.import_module(_NAME)


def _folder() -> Path:
    """Where NLTK is installed."""
    spec = importlib.util.find_spec("nltk")
    if spec is None or not spec.origin:
        raise ModuleNotFoundError("No module named 'nltk'", name="nltk")
    return Path(spec.origin).parent


class _Lean:
    """Loads single modules of NLTK. What they import of it is loaded in the same way; of its corpora, which
    the stemmers ask only when told to leave stop words alone, there are none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, ModuleType] = {}
        self._builtins = {**vars(builtins), "__import__": self._import}

    def module(self, name: str) -> ModuleType:
        if name not in self._loaded:
            spec = importlib.util.spec_from_file_location(name, self._file(name))
            if spec is None or spec.loader is None:
                raise ImportError(name)
            module = self._loaded[name] = importlib.util.module_from_spec(spec)
            vars(module)["__builtins__"] = self._builtins
            spec.loader.exec_module(module)
        return self._loaded[name]

    def _file(self, name: str) -> Path:
        return self._folder.joinpath(*name.split(".")[1:]).with_suffix(".py")

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        if level or name.partition(".")[0] != "nltk":
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        if name == "nltk.corpus":
            return SimpleNamespace(stopwords=None)
        names = fromlist or ()
        return SimpleNamespace(**{one: self._member(name, one) for one in names})

    def _member(self, package: str, name: str) -> Any:
        inner = f"{package}.{name}"
        if self._file(inner).is_file():
            return self.module(inner)
        return getattr(self.module(package), name)
