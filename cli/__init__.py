"""The command line: arguments in, one call to the library, text out.

It holds no knowledge of indexes or queries of its own; `docs/cli.md` is generated from it.
"""

from .app import main

__all__ = ["main"]
