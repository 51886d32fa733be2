"""Taking turns: threads that search at once get in each other's way.

numpy holds the interpreter for most of an evaluation. Twenty threads that fight over it answer half as many
queries a second as one; where each waits until the one before has done, they answer nearly as many.
"""

from __future__ import annotations

import os
import sys
import threading
from functools import cached_property
from weakref import WeakSet

__all__ = ["Turn"]


class Turn:
    """A lock to be used by `with turn.lock:`, also by who holds it already. In a forked child it is a new
    one: the thread that held the old one at the fork does not exist there."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        _TURNS.add(self)


_TURNS: WeakSet[Turn] = WeakSet()


def _renew() -> None:
    for turn in _TURNS:
        turn.lock = threading.RLock()
    if sys.version_info < (3, 12):
        _renew_properties()


def _renew_properties() -> None:
    """Before Python 3.12 each `cached_property` has a lock, one for all objects of its class: a thread that
    was making such a value at the fork, and does not exist in the child, would hold it for ever."""
    prefix = f"{__name__.partition('.')[0]}."
    modules = [module for name, module in list(sys.modules.items()) if name.startswith(prefix)]
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    for each in classes:
        for value in list(vars(each).values()):
            if isinstance(value, cached_property) and hasattr(value, "lock"):
                value.lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
