"""The command line: arguments in, one call to the library, text out.

It holds no knowledge of indexes or queries of its own; `docs/cli.md` is generated from it.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main", "run"]

_FEW_COLLECTIONS = 100_000  # objects between two; a question makes fewer, and Python's 700 cost it 15 ms


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line (`sys.argv` by default); the exit code. Never raises."""
    from . import app  # after `run` has made ready

    return app.main(args)


def run() -> int:
    """The program `docsearch`: `main` in a process of its own, which is prepared for it and ends with it."""
    import gc
    import os

    gc.set_threshold(_FEW_COLLECTIONS)
    # numpy's linear algebra starts a thread for each core, and is never used here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = main()
    _leave(code)
    return code


def _leave(code: int) -> None:
    """End the process at once: taking all modules apart would cost a question a tenth of its time. Comes back
    where threads are still at work."""
    import atexit
    import contextlib
    import os
    import sys
    import threading

    if threading.active_count() > 1:
        return
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # `main` has flushed, and told of, what matters.
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
