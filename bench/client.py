"""The measuring side of an engine's process."""

from __future__ import annotations

import contextlib
import json
import subprocess
from typing import Any

from .engines import Peer
from .peers import python_of
from .places import ROOT, BenchError, Places

__all__ = ["Client"]


class Client:
    """A process of an engine; a context manager that ends it. It works only while it is asked something."""

    def __init__(self, peer: Peer, places: Places) -> None:
        self.peer = peer
        self._process = subprocess.Popen(
            [python_of(peer, places), "-m", "bench.serve", peer.name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(BrokenPipeError), self._process:
            pass  # closes the pipes, at which the process ends, and waits for it

    def do(self, what: str, **arguments: object) -> Any:
        """The answer of one of the methods of `bench.serve`; BenchError when the process has ended."""
        if self._process.stdin is None or self._process.stdout is None:
            raise BenchError("the process has no pipes")
        try:
            print(json.dumps({"do": what, **arguments}), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise BenchError(f"{self.peer.title}: its process has ended; why stands above")
        return json.loads(line)
