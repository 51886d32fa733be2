"""An index whose documents are rows of a caller's own Whoosh schema, stored in docsearch's formats."""

from __future__ import annotations

from .index import RowIndex, create_in, create_in_memory, exists_in, open_dir
from .writer import RowWriter

__all__ = ["RowIndex", "RowWriter", "create_in", "create_in_memory", "exists_in", "open_dir"]
