"""Asking: the query language, the order of hits, snippets, citations, and the library's front door."""
