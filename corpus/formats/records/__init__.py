"""JSON and JSON Lines: lists of records, each a document; all other data is one document with its paths as
headings.

`parse` reads JSON that nobody vouches for, `find` finds the records in it, `names` says which of their fields
are what, `write` makes documents of them, `reader` puts these together.
"""

from __future__ import annotations

from .names import Names
from .reader import JsonReader

__all__ = ["JsonReader", "Names"]
