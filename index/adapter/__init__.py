"""Whoosh's interface: `Index.whoosh` here, and in `rows` an index with a caller's own schema.

Nothing of the product imports this; it is loaded when `Index.whoosh` or `docsearch.whoosh_index` is asked
for.
"""

from __future__ import annotations

from .installed import check_whoosh

check_whoosh()  # before anything is imported from a mixture of two

from .index import WhooshIndex  # noqa: E402
from .schema import schema_from_json, schema_to_json  # noqa: E402

__all__ = ["WhooshIndex", "schema_from_json", "schema_to_json"]
