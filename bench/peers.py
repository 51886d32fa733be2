"""The peers' own virtual environment, so that measuring adds nothing to that of docsearch."""

from __future__ import annotations

import subprocess
import sys
import venv

from .engines import PEERS
from .places import BenchError, Places

__all__ = ["install"]

_OPTIONAL = frozenset({"xapian-bindings-binary"})
"""Built for some platforms and Pythons only."""


def install(places: Places) -> list[str]:
    """Make the environment and install every peer into it; a note for each that cannot be had."""
    places.work.mkdir(parents=True, exist_ok=True)
    if not places.peers_python.exists():
        venv.create(places.peers, with_pip=True)
    notes = []
    for package in sorted({package for peer in PEERS if peer.apart for package in peer.packages}):
        pip = [str(places.peers_python), "-m", "pip", "install", "--quiet", "--upgrade"]
        wheels = ["--only-binary", ":all:"] if package in _OPTIONAL else []
        done = subprocess.run([*pip, *wheels, package], stdout=sys.stderr, check=False)
        if done.returncode and package not in _OPTIONAL:
            raise BenchError(f"{package} could not be installed")
        if done.returncode:
            notes.append(f"{package} is not to be had here; it will be left out")
    return notes
