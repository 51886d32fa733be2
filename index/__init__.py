"""Indexing: from documents to segments on disk, and from query trees to ranked paragraphs."""
