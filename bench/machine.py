"""What the figures were measured on."""

from __future__ import annotations

import contextlib
import os
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypedDict

from .places import ROOT

__all__ = ["Machine", "commit", "describe", "versions"]


class Machine(TypedDict):
    """load: of the last minute when the measuring began. packages: of docsearch's environment."""

    cpu: str
    cores: int
    memory_gb: int
    system: str
    python: str
    load: float
    packages: dict[str, str]


def describe() -> Machine:
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        load=round(os.getloadavg()[0], 2),
        packages=versions(("numpy", "click", "nltk", "whoosh3")),
    )


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Those of the packages that are installed; `sqlite` is the library behind `sqlite3`."""
    found = {}
    for package in packages:
        if package == "sqlite":
            found[package] = sqlite3.sqlite_version
            continue
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def commit() -> str:
    """The commit that was measured, with a mark when the tree held changes; "" outside a checkout."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    with contextlib.suppress(OSError):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()
    return ""


def _cpu() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or sys.platform
