"""PDF: from glyphs with places to headings, paragraphs, lists and tables.

`pdfium` is the edge to the library, and the only module that imports it. `layout` puts runs of words into
lines in reading order, `furniture` takes running heads, feet and page numbers away, `paragraphs` joins lines,
`headings` tells which of the paragraphs are headings, `legible` what is no language, and `reader` writes it
all into a draft.
"""
