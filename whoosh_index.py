"""Whoosh's `create_in`, `open_dir` and `exists_in` over docsearch's storage (docs/whoosh.md).

    from docsearch import whoosh_index as index

    index.create_in("folder", schema)

Whoosh is imported with this module, and only with it.
"""

from __future__ import annotations

from .index.adapter.rows import RowIndex, RowWriter, create_in, create_in_memory, exists_in, open_dir

__all__ = ["RowIndex", "RowWriter", "create_in", "create_in_memory", "exists_in", "open_dir"]
