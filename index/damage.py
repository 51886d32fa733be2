"""What forged or damaged files make of a program, told as damage.

Checksums are verified when bytes are read for the first time, and types and ranges where arrays are opened.
Still a file whose checksums were made anew after it was changed can hold any number anywhere, and some
of them end in an error of Python or numpy. At the borders of this package such an error becomes IndexCorrupt.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from types import TracebackType
from typing import ParamSpec, TypeVar

from ..errors import IndexCorrupt
from .container import Container

__all__ = ["NARROW", "SIGNS", "damage_told", "tells_damage"]

NARROW = (IndexError, UnicodeError, ArithmeticError, zlib.error, struct.error)
"""What only damage ends in, unless a caller's own function raises it: for Whoosh's interface, which has other
errors for what its caller asks."""

_READERS = {__name__.partition(".")[0], "whoosh", "numpy"}
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

SIGNS = (
    LookupError,
    ValueError,
    ArithmeticError,
    TypeError,
    AttributeError,
    RecursionError,
    zlib.error,
    struct.error,
)
"""What reading wrong values can end in: numbers that point nowhere, bytes that are no text."""


@contextmanager
def damage_told(
    where: str, files: Callable[[], Iterable[Container]] = tuple, signs: tuple[type[Exception], ...] = SIGNS
) -> Iterator[None]:
    """IndexCorrupt instead of an error that wrong values cause, which stays its cause.

    where: the index. files: that were read; when the checksums of one do not hold, it is named.
    signs: the errors that are told so. Memory may be short for other reasons: MemoryError stays what it is.
    """
    try:
        yield
    except MemoryError:
        _verify(files)
        raise
    except signs as error:
        if signs is NARROW and _is_callers(error):
            raise
        raise _told(error, where, files) from error


def _is_callers(error: Exception) -> bool:
    """Whether it was raised by code that is neither ours nor a library's that we read an index with: by a
    facet, a weighting or a collector of the program that asks."""
    roots = [module.partition(".")[0] for module in _modules(error.__traceback__)]
    deepest = [root for root in roots if root not in sys.stdlib_module_names][-1:]
    return not set(deepest) <= _READERS


def _modules(traceback: TracebackType | None) -> Iterator[str]:
    """The modules an error came through, the outermost first (the module `traceback`, which would tell too,
    is not worth its import to queries that never fail)."""
    while traceback:
        yield str(traceback.tb_frame.f_globals.get("__name__"))
        traceback = traceback.tb_next


def _told(error: Exception, where: str, files: Callable[[], Iterable[Container]]) -> IndexCorrupt:
    _verify(files)
    return IndexCorrupt(
        f"it holds values that cannot be ({type(error).__name__}: {str(error)[:80]})",
        path=where,
        hint="Run `docsearch check --deep`; should it find nothing, this is a fault of docsearch: "
        "please report it",
    )


def _verify(files: Callable[[], Iterable[Container]]) -> None:
    for container in files():
        container.check()


def tells_damage(call: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """A function of files of an index, or a method of what reads or writes one, with `damage_told` around it.

    The first argument (`self`, or a Storage) may have a `where` and `files` to name the index by.
    """

    @wraps(call)
    def told(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:  # not `with damage_told(…)`: a question passes here a dozen times
            return call(*args, **kwargs)
        except MemoryError:
            _verify(_reader(args)[1])
            raise
        except SIGNS as error:
            raise _told(error, *_reader(args)) from error

    return told


def _reader(args: Sequence[object]) -> tuple[str, Callable[[], Iterable[Container]]]:
    """Who was reading, and its files."""
    reader = args[0] if args else None
    where = getattr(reader, "where", None) or str(getattr(reader, "path", None) or "the index")
    return where, getattr(reader, "files", tuple)
