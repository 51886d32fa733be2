"""Processes of our own: how they are started, and how one ended.

They are plain subprocesses that talk over pipes, so that a script without a main guard, a notebook and
a threaded service can all start them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import IO, Any

__all__ = ["command", "how_it_ended", "start"]

_END_SECONDS = 5.0
_LAST_WORDS = 200
# Ctrl-C on the terminal is for us alone; we end the children.
_OWN_GROUP: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"process_group": 0}
)


def command(module: str, *arguments: str) -> list[str]:
    """What runs one of our modules. -P: the current folder, which may hold anybody's documents, must not be a
    source of modules."""
    return [sys.executable, "-P", "-m", module, *arguments]


def start(command: Sequence[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """A new process, with pipes for its input and output. What it prints as errors goes to the file
    `errors`. OSError when it cannot be started."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        # The same modules as here are to be found, but none relative to the current folder.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))},
        **_OWN_GROUP,
    )


def how_it_ended(process: subprocess.Popen[bytes], errors: IO[bytes]) -> str:
    """By which signal, or with which status and last line of `errors`. A process that lives on, of no use
    any more, is ended after some seconds."""
    code = _exit_code(process)
    if code < 0:
        names = {member.value: member.name for member in signal.Signals}
        return f"its process was ended by {names.get(-code, f'signal {-code}')}"
    errors.seek(0)
    lines = errors.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    words = "".join(char if char.isprintable() else "?" for char in last[-_LAST_WORDS:])
    return f"its process ended with status {code}{': ' if words else ''}{words}"


def _exit_code(process: subprocess.Popen[bytes]) -> int:
    try:
        return process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
