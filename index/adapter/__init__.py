"""Whoosh's view of an index: what programs written against Whoosh's reading side need.

Nothing of the product imports this; it is loaded when `Index.whoosh` is asked for. Writing goes by
docsearch's own `update`, `add` and `delete`.
"""

from __future__ import annotations

from .installed import check_whoosh

check_whoosh()  # before anything is imported from a mixture of two

from .index import WhooshIndex  # noqa: E402
from .schema import schema_from_json, schema_to_json  # noqa: E402

__all__ = ["WhooshIndex", "schema_from_json", "schema_to_json"]
