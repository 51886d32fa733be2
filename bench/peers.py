"""The peers' own virtual environment, so that measuring adds nothing to that of docsearch."""

from __future__ import annotations

import subprocess
import sys
import venv

from .engines import PEERS, Peer
from .places import ROOT, BenchError, Places

__all__ = ["available", "install", "python_of"]


def install(places: Places) -> list[str]:
    """Make the environment and install every peer into it; a note for each that cannot be had."""
    places.work.mkdir(parents=True, exist_ok=True)
    if not places.peers_python.exists():
        venv.create(places.peers, with_pip=True)
    notes = []
    for peer in PEERS:
        if peer.apart and not _installed(peer, places):
            if not peer.optional:
                raise BenchError(f"{peer.title} could not be installed")
            notes.append(f"{peer.title} is not to be had here; it will be left out")
    return notes


def _installed(peer: Peer, places: Places) -> bool:
    command = [str(places.peers_python), "-m", "pip", "install", "--quiet", "--upgrade"]
    # What is optional is not worth building a C++ library for.
    wheels = ["--only-binary", ":all:"] if peer.optional else []
    return not subprocess.run([*command, *wheels, *peer.packages], stdout=sys.stderr, check=False).returncode


def python_of(peer: Peer, places: Places) -> str:
    """The interpreter of the environment in which an engine is installed."""
    if peer.apart and not places.peers_python.exists():
        raise BenchError("the peers are not installed: python bench/run.py install")
    return str(places.peers_python) if peer.apart else sys.executable


def available(peer: Peer, places: Places) -> bool:
    """False for an optional engine that is not installed; BenchError for any other one."""
    attempt = f"from bench.engines import load; load({peer.name!r})"
    done = subprocess.run(
        [python_of(peer, places), "-c", attempt], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode and not peer.optional:
        why = done.stderr.strip().rpartition("\n")[2]
        raise BenchError(f"{peer.title} is not installed ({why}): python bench/run.py install")
    return not done.returncode
