"""What a run tells while it goes on, on standard error."""

from __future__ import annotations

import sys

__all__ = ["say"]


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
