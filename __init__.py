"""docsearch: full-text search for policy documents."""
