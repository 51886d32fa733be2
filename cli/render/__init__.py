"""Printers: results in, text out. They decide nothing and write nowhere; `docsearch.cli.terminal` writes.

Text of documents is escaped first (`safe`) and marked second (`style`), so that nothing that stands in a
document can move the cursor, change a colour or reorder a line.
"""
