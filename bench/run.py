"""The benchmarks' command: `python bench/run.py --help`, from anywhere, with docsearch installed."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)  # `bench` is a package of the repository's root
    runpy.run_module("bench.commands", run_name="__main__")
