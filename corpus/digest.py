"""BLAKE2b, as `hashlib` has it.

`hashlib` loads OpenSSL (2 ms of a question's process) for hash functions that Python has itself.
"""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # an implementation of Python that has only the public name
    from hashlib import blake2b

__all__ = ["blake2b"]
