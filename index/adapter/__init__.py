"""Whoosh's view of an index: what programs written against Whoosh's reading side need.

Nothing of the product imports this; it is loaded when `Index.whoosh` is asked for. Writing goes by
docsearch's own `update`, `add` and `delete`.
"""

from __future__ import annotations

from .index import WhooshIndex
from .schema import schema_from_json, schema_to_json

__all__ = ["WhooshIndex", "schema_from_json", "schema_to_json"]
