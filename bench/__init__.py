"""Measuring docsearch beside its peers: `python bench/run.py` from the root of the repository.

Not a part of the installed package. docs/benchmarks.md tells how to run it and what came out.
"""
