"""Work that another thread does meanwhile, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["aside"]

Result = TypeVar("Result")


def aside(helper: Executor | None, task: Callable[[], Result]) -> Callable[[], Result]:
    """Begins a task in the helper's thread; what it gives waits for the result. Without a helper, that does
    the task."""
    return task if helper is None else helper.submit(task).result
